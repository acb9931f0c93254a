"""Asking every address there is, each from a browser that has done nothing else.

The addresses come from the address map and their objects from ``permission_world``, which
raises for a route nobody has given an object: a new route cannot escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.audit.pages import PUBLIC, SIGNED_IN
from hatecrime.url_map import Route, routes
from tests.consistency.permission_world import PermissionWorld

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
# Numbers, and the minute a page was made at, which passes while the next is asked for.
NUMBERED = re.compile(rb"HC-\d{4}-\w+|/\d+/|\b\d{1,2}:\d\d[ap]m\b|\bmid(?:day|night)\b")


@dataclass(frozen=True)
class Said:
    """What came back, without what differs each time."""

    status: int
    body: bytes
    to: str = ""
    response: Any = None


class Undo(Exception):
    """Takes back whatever a request did."""


def parameters(route: Route) -> tuple[str, ...]:
    return tuple(re.findall(r"<(?:\w+:)?(\w+)>", route.address))


def ours() -> list[Route]:
    """Every address of ours, but for the two a machine asks."""
    return [
        route
        for route in routes()
        if route.needs is not None and route.name not in ("healthz", "readyz")
    ]


def with_children() -> list[Route]:
    """Every address that names something within something else, not two of one kind."""
    return [
        route for route in ours() if len(parameters(route)) > 1 and parameters(route)[-1] != "other"
    ]


def asked(route: Route) -> Iterator[str]:
    """The verbs to ask a route with."""
    yield from ("GET", "POST")


def address_of(route: Route, here: PermissionWorld, whose: str = "theirs", **other: Any) -> str:
    arguments = {**here.arguments(route.name, parameters(route), whose), **other}
    return reverse(route.name, kwargs=arguments)


def ask(client: Client, verb: str, address: str, data: dict[str, str] | None = None) -> Said:
    """Ask as this client would just now; nothing the request does stays."""
    other, said = Client(), Said(0, b"")
    other.cookies = SimpleCookie({name: morsel.value for name, morsel in client.cookies.items()})
    try:
        with transaction.atomic():
            send = other.post if verb == "POST" else other.get
            response: Any = send(address, data or {})
            body = NUMBERED.sub(b"", TOKEN.sub(b"", response.content))
            said = Said(response.status_code, body, response.headers.get("Location", ""), response)
            raise Undo
    except Undo:
        return said


def open_to_anybody(route: Route) -> bool:
    return route.needs is PUBLIC


def needs_a_grant(route: Route) -> bool:
    return route.needs not in (PUBLIC, SIGNED_IN)
