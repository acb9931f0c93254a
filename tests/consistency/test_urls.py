"""What is said of every address holds of every address."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from cases.access import Grant
from cases.audit.pages import Anyone
from hatecrime.navigation import PLACES
from hatecrime.url_map import Route, routes

LIBRARIES = ("allauth.", "django.")
# Our own few that stand before or beside the gate, each for a reason.
UNGATED = {
    "account_email_closed": "answers that there is no such page, for everybody",
}
VERBS = {"GET", "POST"}
OURS = [route for route in routes() if not route.view.__module__.startswith(LIBRARIES)]


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.key)
def test_every_view_of_ours_declares_what_it_needs_and_answers(route: Route) -> None:
    if route.name in UNGATED:
        return
    assert route.needs is not None, f"{route.address} is not behind @page"
    wanted = route.needs if isinstance(route.needs, tuple) else (route.needs,)
    assert all(isinstance(need, Grant | Anyone) for need in wanted)
    assert route.methods
    assert set(route.methods) <= VERBS


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.key)
def test_names_and_addresses_are_formed_alike(route: Route) -> None:
    assert route.name, f"{route.address} has no name"
    if ":" in route.name:
        assert re.fullmatch(r"[a-z]+:[a-z]+(-[a-z0-9]+)*", route.name)
        assert route.address == "" or route.address.endswith(("/", ".csv"))
    assert re.fullmatch(r"[a-z0-9/<>:_-]*(\.csv)?", route.address)


def test_no_address_takes_a_persons_words() -> None:
    """References, keys and codes only: what somebody said or is called is never in an address."""
    parts = {part for route in OURS for part in re.findall(r"<(?:(\w+):)?(\w+)>", route.address)}
    # "slug" is what an agency of the partner directory is called: an organisation, nobody's words.
    assert {name for _, name in parts} <= {
        *("reference", "other", "pk", "key", "holding_pk"),
        "slug",
        *("child", "agency", "action", "message"),  # numbers
        *("period", "version", "chapter", "code"),  # of a report and a measure: codes of ours
        *("field", "group"),  # codes of ours: which thing on a page, which part of a request
    }


def test_every_place_in_the_menu_is_there() -> None:
    for name, words, grants in PLACES:
        assert words
        assert grants
        reverse(name)
