"""The tables of the partner directory's rules."""

from __future__ import annotations

from datetime import date

import pytest

from cases.access import Actor, Grant, Role
from cases.casework.choices import Strand
from cases.partners import rules
from cases.partners.rules import Terms

TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("verified_on", "today", "months", "words"),
    [
        (None, TODAY, 6, "Not checked yet: ring and check before you rely on it."),
        (TODAY, TODAY, 6, ""),
        (date(2026, 5, 19), TODAY, 6, ""),  # six months to the day
        (
            *(date(2026, 5, 18), TODAY, 6),
            "Checked 6 months ago: ring and check before you rely on it.",
        ),
        (
            *(date(2026, 3, 19), TODAY, 6),
            "Checked 8 months ago: ring and check before you rely on it.",
        ),
        (
            *(date(2026, 3, 20), TODAY, 6),
            "Checked 7 months ago: ring and check before you rely on it.",
        ),
        (
            *(date(2026, 10, 18), TODAY, 1),
            "Checked 1 month ago: ring and check before you rely on it.",
        ),
        (date(2026, 8, 31), date(2027, 2, 28), 6, ""),  # no 31 February
        (
            *(date(2026, 8, 27), date(2027, 2, 28), 6),
            "Checked 6 months ago: ring and check before you rely on it.",
        ),
    ],
)
def test_what_was_checked_too_long_ago_says_so(
    verified_on: date | None, today: date, months: int, words: str
) -> None:
    answer = rules.is_checked(verified_on, today, months)
    assert answer.reason == words
    assert bool(answer) is (words == "")


@pytest.mark.parametrize(
    ("day", "today", "words"),
    [
        (TODAY, TODAY, "today"),
        (date(2026, 11, 18), TODAY, "yesterday"),
        (date(2026, 11, 1), TODAY, "18 days ago"),
        (date(2026, 10, 20), TODAY, "30 days ago"),
        (date(2026, 10, 19), TODAY, "1 month ago"),
        (date(2025, 11, 19), TODAY, "12 months ago"),
        (date(2025, 11, 20), TODAY, "11 months ago"),
        (date(2026, 11, 20), TODAY, "today"),  # a clock that was wrong says nothing odd
    ],
)
def test_how_long_ago(day: date, today: date, words: str) -> None:
    assert rules.ago(day, today) == words


@pytest.mark.parametrize(
    ("strands", "areas", "wanted", "area", "serves"),
    [
        ((), (), (), "", True),
        ((), (), ("RACE",), "Wellby", True),  # for all, everywhere
        (("RACE",), (), ("RACE", "AGE"), "", True),
        (("RACE",), (), ("AGE",), "", False),
        (("RACE",), (), (), "", True),  # nobody asked for whom
        (("RACE",), (), (Strand.UNKNOWN_HATE,), "", True),  # nobody knows yet
        (("RACE",), (), (Strand.UNKNOWN_HATE, "AGE"), "", False),
        ((), ("Wellby",), (), "Wellby", True),
        ((), ("Wellby",), (), " wellby ", True),
        ((), ("Wellby",), (), "Fenmoor", False),
        ((), ("Wellby",), (), "", True),
        (("RACE",), ("Wellby",), ("RACE",), "Fenmoor", False),
    ],
)
def test_whom_an_entry_serves(
    strands: tuple[str, ...],
    areas: tuple[str, ...],
    wanted: tuple[str, ...],
    area: str,
    serves: bool,
) -> None:
    assert rules.serves(strands=strands, areas=areas, wanted=wanted, area=area) is serves


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_and_who_keeps(role: Role) -> None:
    """Domain 11: case managers and the DPO keep it; whoever works cases sees it."""
    actor = Actor(id=1, name="Tess", roles=frozenset({role}))
    keeps = role in (Role.CASE_MANAGER, Role.DPO)
    sees = keeps or role in (
        *(Role.CALL_HANDLER, Role.HOUSING_OFFICER, Role.DIRECTOR_CO),
        *(Role.SAFEGUARDING_LEAD, Role.DA_LEAD),
    )
    assert bool(rules.may_see(actor)) is sees
    assert bool(rules.may_keep(actor)) is keeps
    if not keeps:
        assert rules.may_keep(actor).reason == Grant.KEEP_PARTNERS.value


@pytest.mark.parametrize(
    ("name", "kind", "service", "words"),
    [
        ("Northshire Police", "POLICE", "", ""),
        ("Wellby Council", "LOCAL_AUTHORITY", "ADULT_CARE", ""),
        (" ", "POLICE", "", "Enter the name of the agency."),
        ("Northshire Police", "KINGS", "", "Choose what kind of agency it is."),
        ("Northshire Police", "POLICE", "ADULT_CARE", "Only a council has a service."),
    ],
)
def test_what_makes_an_entry(name: str, kind: str, service: str, words: str) -> None:
    assert rules.entry(name=name, kind=kind, service=service).reason == words


@pytest.mark.parametrize(
    ("agency", "unit", "words"),
    [
        (False, False, ""),
        (False, True, "This unit was ended."),
        (True, False, "This entry was ended. Add the agency again if you work with it."),
        (True, True, "This entry was ended. Add the agency again if you work with it."),
    ],
)
def test_what_was_ended_stays_as_it_was(agency: bool, unit: bool, words: str) -> None:
    assert rules.in_use(agency_ended=agency, unit_ended=unit).reason == words


@pytest.mark.parametrize(
    ("how", "day", "words"),
    [
        ("Rang them.", TODAY, ""),
        ("  ", TODAY, "Say how you checked it."),
        ("Rang them.", date(2026, 11, 20), "It cannot have been checked in the future."),
    ],
)
def test_a_check_says_how_and_when(how: str, day: date, words: str) -> None:
    assert rules.checking(how=how, checked_on=day, today=TODAY).reason == words


def test_a_unit_is_reached_somehow() -> None:
    assert rules.reachable("", "", "01632 960 001", "")
    refused = "Give at least one way to reach them: email, portal, phone or post."
    assert rules.reachable("", " ", "", "").reason == refused


@pytest.mark.parametrize(
    ("title", "purposes", "last", "words"),
    [
        ("Sharing", "Safety", None, ""),
        ("Sharing", "Safety", TODAY, ""),
        ("", "Safety", None, "Enter what the agreement is called."),
        ("Sharing", " ", None, "Say what may be shared, and what for."),
        (
            *("Sharing", "Safety", date(2026, 11, 18)),
            "The last day cannot be before the agreement begins.",
        ),
    ],
)
def test_what_makes_an_agreement(title: str, purposes: str, last: date | None, words: str) -> None:
    answer = rules.agreed(title=title, purposes=purposes, begins_on=TODAY, last_day=last)
    assert answer.reason == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 1, 1), None, "has no end"),
        (date(2026, 11, 20), None, "not begun yet"),
        (date(2026, 1, 1), TODAY, "runs out today"),
        (date(2026, 1, 1), date(2026, 11, 20), "runs out in 1 day"),
        (date(2026, 1, 1), date(2026, 12, 18), "runs out in 29 days"),
        (date(2026, 1, 1), date(2026, 12, 19), "runs out in 1 month"),
        (date(2026, 1, 1), date(2027, 11, 19), "runs out in 12 months"),
        (date(2026, 1, 1), date(2026, 11, 18), "ran out yesterday"),
        (date(2026, 1, 1), date(2026, 9, 10), "ran out 2 months ago"),
    ],
)
def test_how_an_agreement_stands(first: date, last: date | None, words: str) -> None:
    assert rules.agreement_words(first, last, TODAY) == words


def test_an_agreement_does_not_end_before_it_began() -> None:
    assert rules.ending(first=TODAY, last_day=TODAY)
    refused = rules.ending(first=TODAY, last_day=date(2026, 11, 18))
    assert refused.reason == "The last day cannot be before the agreement began."


RANGE = "Enter numbers from 1 to 60."
FEWER = "Where hate was part of it, no more reports can be needed than elsewhere."


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Terms(3, None, 1, 6), ""),
        (Terms(3, 1, 1, 6), ""),
        (Terms(1, 1, 60, 60), ""),
        (Terms(0, None, 1, 6), RANGE),
        (Terms(3, 0, 1, 6), RANGE),
        (Terms(3, None, 0, 6), RANGE),
        (Terms(3, None, 1, 61), RANGE),
        (Terms(2, 3, 1, 6), FEWER),
    ],
)
def test_a_councils_terms(terms: Terms, words: str) -> None:
    assert rules.sensible_terms(terms).reason == words
