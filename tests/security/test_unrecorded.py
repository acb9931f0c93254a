"""What cannot be recorded is not shown and not done: every address that answers with anything,
asked while the ledger takes nothing in (bar row 32; house rule "no log, no object").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cases.access import Role
from cases.audit.pages import PUBLIC
from cases.casework.models import Case
from hatecrime.url_map import Route
from tests import databases
from tests.built import MakeBuilt
from tests.consistency.permission_world import PermissionWorld
from tests.consistency.test_permissions import table
from tests.security.walking_routes import address_of, ours

SHUT: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "reads": (
        databases.as_owner,
        "REVOKE INSERT ON audit_access FROM hatecrime_app",
        "GRANT INSERT ON audit_access TO hatecrime_app",
    ),
    "the seal": (
        databases.as_owner,
        "SET ROLE hatecrime_ledger; REVOKE INSERT ON ledger.link FROM hatecrime_ledger",
        "SET ROLE hatecrime_ledger; GRANT INSERT ON ledger.link TO hatecrime_ledger",
    ),
}
# A role that sees much of each kind of page.
WHO = (Role.CASE_MANAGER, Role.CALL_HANDLER, Role.DPO, Role.AUDITOR, Role.SYSADMIN)


@contextmanager
def shut(what: str) -> Iterator[None]:
    """The ledger takes nothing in for as long as the block lasts."""
    connect, close, reopen = SHUT[what]
    name = connection.settings_dict["NAME"]
    with connect(name) as server:
        server.execute(close)
    try:
        yield
    finally:
        with connect(name) as server:
            server.execute(reopen)


def showing(role: Role) -> list[Route]:
    """The addresses the permission table says show this role something of their own."""
    answers = table()
    return [
        route
        for route in ours()
        if route.needs is not PUBLIC
        and any(
            row.get(role.value) == "200"
            for (key, verb, _), row in answers.items()
            if key == route.key and verb == "GET"
        )
    ]


def secrets(here: PermissionWorld) -> list[str]:
    """Words of the pages that no page may give away unrecorded."""
    references = [here.theirs.case.reference, here.theirs.report.reference]
    return [*references, here.theirs.person.full_name, here.theirs.person.reference]


@pytest.mark.parametrize("role", WHO, ids=[role.value for role in WHO])
@pytest.mark.parametrize("what", SHUT)
def test_a_page_that_cannot_be_recorded_is_not_shown(
    built: MakeBuilt, role: Role, what: str
) -> None:
    world, here = built(role)
    client = world.client(here.user)
    routes, wrong = showing(role), []
    with shut(what):
        for route in routes:
            response: Any = client.get(address_of(route, here))
            said = response.content.decode(errors="replace")
            if response.status_code != 503 or any(secret in said for secret in secrets(here)):
                wrong.append((route.name, response.status_code))
    assert wrong == []
    assert len(routes) > 4
    address = address_of(next(route for route in routes if route.name == "audit:own-log"), here)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("what", SHUT)
def test_a_refusal_that_cannot_be_recorded_says_no_more(built: MakeBuilt, what: str) -> None:
    world, here = built(Role.HOUSING_OFFICER)
    client = world.client(here.user)
    with shut(what):
        hidden = client.get(f"/cases/{here.hidden.case.reference}/")
        nothing = client.get("/cases/HC-2026-2222/")
    assert (hidden.status_code, nothing.status_code) == (503, 503)


@pytest.mark.parametrize("what", SHUT)
def test_what_is_sent_is_not_done_and_given_back(built: MakeBuilt, what: str) -> None:
    world, here = built(Role.CASE_MANAGER)
    client: Client = world.client(here.user)
    case = Case.objects.get(pk=here.theirs.case.pk)
    words = "She rang again at four and is frightened."
    with shut(what):
        bad: Any = client.post(f"/cases/{case.reference}/notes/new/", {"kind": "?", "text": words})
        good: Any = client.post(
            f"/cases/{case.reference}/notes/new/", {"kind": "CASE", "text": words}
        )
    assert bad.status_code == 503
    assert words in bad.content.decode()
    # A note that is kept is recorded by its event; nothing is read that would need more.
    recorded = what == "reads"
    assert good.status_code == (302 if recorded else 503)
    assert recorded or words in good.content.decode()
    assert case.notes.filter(text=words).exists() is recorded
