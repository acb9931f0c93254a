"""The permission table: every address, verb and role really asked, and compared.

``WRITE_PERMISSIONS=1 pytest tests/consistency/test_permissions.py -n0`` measures again; the
difference is then read like any other change.  What is measured must besides lie within what the
view declares, so that a leak cannot become the table by being written down.
"""

from __future__ import annotations

import csv
import os
import re
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.access import ROLES, Role
from cases.audit.pages import PUBLIC, SIGNED_IN
from hatecrime.url_map import Route, routes
from tests.built import MakeBuilt
from tests.consistency.permission_world import OBJECTS, kept_apart

TABLE = Path(__file__).with_name("permissions.csv")
NOT_READY, PATIENCE, PAUSE = 503, 20, 1.5
VERBS = ("GET", "POST", "DELETE")
ANONYMOUS = "anonymous"
WHO = (ANONYMOUS, *(role.value for role in Role))
FIELDS = ("route", "verb", "object", *WHO)
Key = tuple[str, str, str]


def wanted_rows() -> Iterator[tuple[Key, Route]]:
    """Every row the table must have, from the address map."""
    for route in routes():
        if "(?P<" in route.address or not route.name:
            continue  # a library's old address or one that needs a key of its own making
        objects = OBJECTS if kept_apart(route.address) else ("-",)
        for verb in VERBS:
            for whose in objects if verb != "DELETE" else objects[:1]:
                yield (route.key, verb, whose), route


def table() -> dict[Key, dict[str, str]]:
    """The table as kept."""
    if not TABLE.exists():
        return {}
    with TABLE.open(newline="") as file:
        return {(row["route"], row["verb"], row["object"]): row for row in csv.DictReader(file)}


def parameters(address: str) -> tuple[str, ...]:
    return tuple(re.findall(r"<(?:\w+:)?(\w+)>", address))


def declared(route: Route, verb: str, whose: str, who: str) -> set[int]:
    """The answers a view's own declaration leaves possible."""
    if route.needs is None:  # a library's
        return {200, 302, 401, 403, 404, 405}
    if who == ANONYMOUS and route.needs is not PUBLIC:
        # What somebody typed before their session ended is kept, not sent to the sign-in page.
        return {302} if verb == "GET" else {302, 403}
    if verb not in (route.methods or ()):
        return {405}
    if route.needs not in (PUBLIC, SIGNED_IN):
        wanted = set(route.needs if isinstance(route.needs, tuple) else (route.needs,))
        if not ROLES[Role(who)] & wanted:
            return {403}
    if whose == "not theirs":
        return {404}
    return {200, 204, 302, 400, 403, 404}


class Undo(Exception):
    """Takes back whatever a request did."""


def ask(cookies: SimpleCookie, verb: str, address: str) -> int:
    """The answer's status, from a browser that has done nothing else; nothing of it stays."""
    status, client = 0, Client()
    client.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies.items()})
    try:
        with transaction.atomic():
            status = client.generic(verb, address).status_code
            raise Undo
    except Undo:
        return status


def measure(built: MakeBuilt, who: str) -> dict[Key, int]:
    """Every cell of one column, asked."""
    world, here = built(Role(who) if who != ANONYMOUS else Role.HOUSING_OFFICER)
    client = world.client(None if who == ANONYMOUS else here.user)
    found = {}
    for key, route in wanted_rows():
        arguments = here.arguments(route.name, parameters(route.address), key[2])
        address = reverse(route.name, kwargs=arguments)
        found[key] = ask(client.cookies, key[1], address)
        for _ in range(PATIENCE):
            if found[key] != NOT_READY:
                break
            time.sleep(PAUSE)  # /readyz gives a busy machine's database two seconds to answer
            found[key] = ask(client.cookies, key[1], address)
    return found


@pytest.fixture(scope="module")
def written() -> Iterator[dict[Key, dict[str, str]]]:
    rows: dict[Key, dict[str, str]] = {}
    yield rows
    if rows:
        with TABLE.open("w", newline="") as file:
            writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
            writer.writeheader()
            for key, _ in wanted_rows():
                names = dict(zip(FIELDS, key, strict=False))
                writer.writerow({**names, **rows[key]})


@pytest.mark.parametrize("who", WHO)
def test_every_cell_answers_as_the_table_says(
    built: MakeBuilt, who: str, written: dict[Key, dict[str, str]]
) -> None:
    kept, wrong = table(), []
    measured = measure(built, who)
    for key, route in wanted_rows():
        if measured[key] not in declared(route, key[1], key[2], who):
            wrong.append(f"{key} as {who}: {measured[key]} is not what the view declares")
        elif os.environ.get("WRITE_PERMISSIONS"):
            written.setdefault(key, {})[who] = str(measured[key])
        elif str(measured[key]) != kept.get(key, {}).get(who):
            wrong.append(f"{key} as {who}: {measured[key]}, the table says {kept.get(key)}")
    assert wrong == []


def test_every_address_has_its_rows_and_no_row_is_left_over() -> None:
    assert set(table()) == {key for key, _ in wanted_rows()}


def test_an_address_without_a_row_is_missed() -> None:
    rows = dict(table())
    rows.pop(next(iter(rows)))
    assert set(rows) != {key for key, _ in wanted_rows()}


def test_the_page_of_the_docs_is_current() -> None:
    call_command("permission_table", check=True)


def test_an_object_kept_from_somebody_is_not_there(built: MakeBuilt) -> None:
    """The same answer as for one that does not exist, to the letter."""
    world, here = built(Role.HOUSING_OFFICER)
    client = world.client(here.user)

    def body(reference: str) -> bytes:
        page: Any = client.get(f"/cases/{reference}/")
        assert page.status_code == 404
        said = page.content.replace(reference.encode(), b"")
        return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", said)

    assert body(here.hidden.case.reference) == body("HC-2026-2222")
