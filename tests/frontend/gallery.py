"""The gallery's pages in a browser, under the site's own content policy.

They are served in DEBUG only, so the browser is given them, and what static/build holds, here:
no server and no database.
"""

import mimetypes
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.test import RequestFactory
from django.utils.csp import build_policy

from hatecrime import gallery

BUILD = Path(__file__).resolve().parents[2] / "static" / "build"
SCREENS = ("", "queue", "case", "triage", "sheet")
ORIGIN = "http://gallery.test"


def html(screen: str) -> str:
    """One screen of the gallery as it is sent."""
    request = RequestFactory().get("/components/", {"screen": screen})
    return gallery.show(request).content.decode()


def open_screen(context: Any, screen: str, fragment: str = "") -> Any:
    """A tab showing the screen, with the site's real styles and scripts."""
    return show_page(context, html(screen), f"/components/?screen={screen}{fragment}")


def show_page(context: Any, body: str, address: str = "/") -> Any:
    """A tab showing HTML as the site would send it."""
    policy = {
        "Content-Security-Policy": build_policy(cast(dict[str, list[str]], settings.SECURE_CSP))
    }

    def answer(route: Any) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = BUILD / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0])
        else:
            route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=policy)

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{ORIGIN}{address}")
    return page
