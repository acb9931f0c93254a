"""One signed-in person on one kept-alive connection, timing each answer."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from cases.staff.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KEPT = 3.0  # seconds: less than the server keeps an idle connection
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """How long an answer took (milliseconds), how many statements, and what it was."""

    took: float
    queries: int
    status: int
    body: str


class Browser:
    """Keeps its session, its form token and its connection."""

    def __init__(self, port: int, user: User) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["began"] = timezone.now().timestamp()
        session.create()
        self.cookies = {"session": str(session.session_key)}
        self.token = ""
        self.asked = 0.0

    def get_quietly(self) -> None:
        """Open the connection, so that the next answer is not timed with it."""
        self.connection.request("GET", "/healthz")
        self.connection.getresponse().read()

    def get(self, address: str) -> Answer:
        return self._ask("GET", address)

    def post(self, address: str, fields: dict[str, object], accept: str = "text/html") -> Answer:
        """Post a form with the token of a page this browser has seen."""
        if not self.token:
            self.token = TOKEN.findall(self.get("/").body)[0]
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token}, doseq=True)
        return self._ask("POST", address, body, accept)

    def _ask(self, method: str, address: str, body: str = "", accept: str = "text/html") -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": accept,
        }
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self.asked > KEPT:
            self.connection.close()  # the server has let go of it by now: begin afresh
            self.get_quietly()
        begun = time.perf_counter()
        self.connection.request(method, address, body or None, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        took = (time.perf_counter() - begun) * 1000
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        self.asked = time.monotonic()
        return Answer(took, int(response.headers.get("X-Queries", 0)), response.status, text)
