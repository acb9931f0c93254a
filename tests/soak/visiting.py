"""Somebody at a browser without a browser: what a page offers, and asking for more."""

from __future__ import annotations

import contextlib
import http.client
import re
import select
import time
import urllib.parse
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie

NOT_FOLLOWED = re.compile(r"^/(static|account/logout)")
# Several people share an account here: one would end the sessions of the others.
NOT_SENT = re.compile(r"^/account/(?!login)")
PATIENCE = 60  # seconds

Typed = list[tuple[str, str]]


@dataclass
class Form:
    """A form that posts: where, what it holds already, and what may be filled in."""

    action: str
    held: Typed = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    boxes: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """What stands in the boxes that have something in them."""

    @property
    def names(self) -> list[str]:
        return [*dict.fromkeys([*(name for name, _ in self.held), *self.choices, *self.boxes])]

    def as_drawn(self) -> Typed:
        """What sending it untouched would send, every group with its first choice."""
        first = [(name, of[0]) for name, of in self.choices.items() if of]
        return [*self.held, *first, *((name, self.texts.get(name, "")) for name in self.boxes)]


class Page(HTMLParser):
    """What a page offers: links, and forms that post."""

    def __init__(self, text: str, address: str, *, accounts: bool = False) -> None:
        super().__init__()
        self.address, self.links, self.forms = address, list[str](), list[Form]()
        self.accounts = accounts
        self.open: Form | None = None
        self.select = self.area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            if not NOT_FOLLOWED.match(given["href"]):
                self.links.append(given["href"].partition("#")[0])
        elif tag == "form":
            posts = given.get("method", "get").lower() == "post"
            action = given.get("action") or self.address
            wanted = posts and (self.accounts or not NOT_SENT.match(action))
            self.open = Form(action.partition("#")[0]) if wanted else None
            self.forms += [self.open] if self.open else []
        elif self.open:
            self.take(self.open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.open and self.area:
            said = self.open.texts.get(self.area, "") + data
            self.open.texts[self.area] = said.removeprefix("\n")

    def take(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option":
            form.choices.setdefault(self.select, []).append(given.get("value", ""))
        elif not name:
            return
        elif kind == "hidden":
            form.held.append((name, given.get("value", "")))
        elif kind in ("radio", "checkbox") or tag == "button":
            chosen, of = "checked" in given, form.choices.setdefault(name, [])
            of.insert(0 if chosen else len(of), given.get("value", "on"))
        elif tag in ("input", "textarea"):
            form.boxes.append(name)
            form.texts[name] = given.get("value", "")
            self.area = name if tag == "textarea" else ""


@dataclass(frozen=True)
class Answer:
    """What came back; ``status`` 0 is no answer at all, and ``text`` then says why."""

    status: int
    address: str
    text: str = ""
    kind: str = ""
    to: str = ""
    """Where a redirect leads."""

    def page(self, *, accounts: bool = False) -> Page:
        return Page(self.text if self.kind == "text/html" else "", self.address, accounts=accounts)


class Visitor:
    """Cookies, one connection kept open, and no redirect followed unasked."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port, self.cookies = port, dict(cookies or {})
        self.connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """The page, redirects followed."""
        answer = self.send("GET", path)
        for _ in range(5):
            if not answer.to:
                break
            answer = self.send("GET", answer.to)
        return answer

    def post(self, path: str, typed: Typed, **headers: str) -> Answer:
        """What the server says to a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.send("POST", path, encoded(typed), kind)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        said = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items()), **(headers or {})}
        why = ""
        for fresh in (False, True):
            try:
                return self._ask(method, path, body, said)
            except (OSError, http.client.HTTPException) as error:
                why = repr(error)
                reused = self.connection is not None and not fresh and method == "GET"
                self.close()
                if not reused:
                    break
        return Answer(0, path, why)

    def _ask(self, method: str, path: str, body: bytes | None, said: dict[str, str]) -> Answer:
        self._forget_if_closed()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.connection.request(method, path, body, said)
        answer = self.connection.getresponse()
        text = answer.read().decode(errors="replace")
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        to = urllib.parse.urlsplit(answer.headers.get("Location") or "")
        return Answer(
            answer.status,
            path.partition("?")[0],
            text,
            answer.headers.get_content_type(),
            to.path + (f"?{to.query}" if to.query else ""),
        )

    def _forget_if_closed(self) -> None:
        """Left idle for long enough, a connection is closed by the server; browsers look first."""
        line = self.connection.sock if self.connection else None
        if line and select.select([line], [], [], 0)[0]:
            self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            if self.connection:
                self.connection.close()
        self.connection = None

    def sign_in(self, email: str, password: str) -> Answer:
        page = self.get("/account/login/").page()
        form = next(form for form in page.forms if "password" in form.boxes)
        return self.post(form.action, [*form.held, ("login", email), ("password", password)])


def encoded(typed: Typed) -> bytes:
    """As a browser would send it, but lone surrogates too."""
    return urllib.parse.urlencode(typed, errors="surrogatepass").encode()


def shape(address: str) -> str:
    """An address without the ids in it: two of one shape are drawn by one view."""
    path = address.partition("?")[0]
    path = re.sub(r"/(HC|R|P)-[^/]+", r"/\1", path)
    path = re.sub(r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "/key", path)
    return re.sub(r"/\d+", "/0", path)


def crawl(visitor: Visitor, *, each: int, pages: int, until: float) -> dict[str, list[Page]]:
    """What is reached from the first page: at most ``each`` pages of a shape, by shape."""
    found: dict[str, list[Page]] = {}
    queue, seen = ["/"], {"/"}
    while queue and pages and time.monotonic() < until:
        address = queue.pop(0)
        kept = found.setdefault(shape(address), [])
        if len(kept) >= each:
            continue
        pages -= 1
        page = visitor.get(address).page()
        kept.append(page)
        fresh = [link for link in dict.fromkeys(page.links) if link not in seen]
        seen.update(fresh)
        queue += fresh
    return found
