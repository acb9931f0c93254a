"""A small OpenID Connect provider on this machine, which says what a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt


class Provider:
    """``claims`` are what its next token says beside what every token must."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.codes: list[dict[str, list[str]]] = []
        self.url = ""

    def token(self) -> str:
        """An id token: who it is, for whom, until when."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": "hate-crime-casework",
            "iat": now,
            "exp": now + 300,
            **self.claims,
        }
        claims = {key: value for key, value in claims.items() if value is not None}
        return jwt.encode(claims, "not-looked-at-" + "x" * 32, algorithm="HS256")

    def answer(self, path: str) -> dict[str, Any]:
        """What each address says."""
        if path.endswith("/.well-known/openid-configuration"):
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.token()}


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, answering for as long as the block lasts."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = json.dumps(provider.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            provider.codes.append(parse_qs(self.rfile.read(length).decode()))
            self._answer()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
