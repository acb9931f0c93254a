"""A restricted case explains nothing to whoever may not open it, and changes nothing they see.

Domain 7.1: not that it exists.  Domain 6.4: whoever is named on it decides who must know (ADR 19).
"""

from __future__ import annotations

import pytest

from cases.access import Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as casework
from cases.casework.choices import Access
from cases.casework.clocks import ClockKind
from cases.casework.models import Case
from cases.people import operations as people
from cases.repeats.queries import repeat_of
from cases.staff.models import User
from tests.repeats.telling import Telling, level, moment
from tests.repeats.test_pages import sisters, text

NOW = moment("2026-11-19")
TELLS = ("3 March 2026", "3 March 2027", "Efua", "sister", "Second incident", "Counted as")


def restrict(telling: Telling, case: Case, day: str = "2026-03-04") -> None:
    casework.restrict_case(
        by=telling.boss,
        at=moment(day),
        case=case,
        reason="Somebody is looking for her.",
        named=[telling.manager],
    )


def a_restricted_sister(telling: Telling) -> tuple[Case, Case, User]:
    """Efua's case, restricted before Amara's was told; and somebody who works Amara's only."""
    amara = telling.person("Amara Osei", known_as="Amara", pronouns="she/her")
    efua = telling.person("Efua Osei", pronouns="she/her")
    telling.family(amara, efua, "SIBLING")
    first = telling.incident(efua, "2026-03-03", "2026-02-28").case
    assert first is not None
    restrict(telling, first)
    second = telling.incident(amara, "2026-11-18").case
    assert second is not None
    reader = telling.world.user(Role.HOUSING_OFFICER, name="Tom Ellery")
    casework.give_access(by=telling.boss, at=NOW, case=second, user=reader, why=Access.COVER)
    return first, second, reader


def test_no_page_of_the_later_case_tells_of_it(telling: Telling) -> None:
    first, second, reader = a_restricted_sister(telling)
    here = f"/cases/{second.reference}/"
    for address in (here, f"{here}repeat/", f"{here}risk/", "/", "/?view=all"):
        said = text(telling, reader, address)
        for tell in (*TELLS, first.reference):
            assert tell not in said, (address, tell)
    assert "Not a repeat" in text(telling, reader, here)
    assert "Why this is not a repeat" in text(telling, reader, f"{here}repeat/")
    assert "Yes, through family" in text(telling, telling.manager, "/?view=team")


def test_whoever_may_open_it_reads_why(telling: Telling) -> None:
    first, second, _ = a_restricted_sister(telling)
    said = text(telling, telling.manager, f"/cases/{second.reference}/repeat/")
    assert "Why this is a repeat" in said
    assert first.reference in said
    assert "Became a repeat." in said


def test_the_flag_is_kept_and_nothing_follows_on_the_later_case(telling: Telling) -> None:
    first, second, _ = a_restricted_sister(telling)
    incident = second.incidents.get()
    assert level(incident) == "REPEAT"  # what is counted stays true
    kinds = set(second.clocks.values_list("kind", flat=True))
    assert not kinds & {ClockKind.REPEAT_TOLD, ClockKind.REPEAT_HISTORY}
    assert str(repeat_of(second, at=NOW).level) == "NONE"  # question 15 and the floor
    told = Event.objects.filter(verb=Verb.REPEAT_CHANGED, subject_id=incident.repeat.pk)
    assert [event.case_reference for event in told] == [""]
    assert first.clocks.filter(kind=ClockKind.REPEAT_APART).count() == 1


def test_the_restricted_case_asks_who_must_know(telling: Telling) -> None:
    first, second, _ = a_restricted_sister(telling)
    said = text(telling, telling.manager, f"/cases/{first.reference}/")
    assert "Decide who there must know of this one" in said
    assert second.reference in said


def test_what_else_is_known_still_counts(telling: Telling) -> None:
    """A restricted first and an ordinary second: to the reader the third is the second."""
    kay = telling.person("Kay Lindqvist", known_as="Kay")
    first = telling.incident(kay, "2026-01-05").case
    assert first is not None
    restrict(telling, first)
    second = telling.incident(kay, "2026-04-06").case
    third = telling.incident(kay, "2026-11-18").case
    assert second is not None
    assert third is not None
    reader = telling.world.user(Role.HOUSING_OFFICER, name="Tom Ellery")
    for case in (second, third):
        casework.give_access(by=telling.boss, at=NOW, case=case, user=reader, why=Access.COVER)
    said = text(telling, reader, f"/cases/{third.reference}/repeat/")
    assert "Second incident" in said
    assert "6 April 2026" in said
    assert "5 January" not in said
    assert "earlier incident" not in said
    assert "Third incident" in text(telling, telling.manager, f"/cases/{third.reference}/")
    assert "Repeat: more than this incident" in text(telling, reader, f"/cases/{second.reference}/")
    person = text(telling, reader, f"/people/{kay.reference}/")
    assert "5 January" not in person
    assert "First reported 6 April 2026" in person


def test_a_restricted_later_case_is_not_told_on_the_first(telling: Telling) -> None:
    first, second = sisters(telling)
    restrict(telling, second, "2026-11-19")
    reader = telling.world.user(Role.HOUSING_OFFICER, name="Tom Ellery")
    casework.give_access(by=telling.boss, at=NOW, case=first, user=reader, why=Access.COVER)
    said = text(telling, reader, f"/cases/{first.reference}/")
    assert "Another one" not in said
    assert "Not a repeat" in said


@pytest.mark.parametrize("joined", [True, False])
def test_a_conflict_of_interest_hides_the_earlier_case_too(telling: Telling, joined: bool) -> None:
    first, second = sisters(telling)
    reader = telling.world.user(Role.HOUSING_OFFICER, name="Tom Ellery")
    casework.give_access(by=telling.boss, at=NOW, case=second, user=reader, why=Access.COVER)
    if joined:
        casework.give_access(by=telling.boss, at=NOW, case=first, user=reader, why=Access.COVER)
        casework.declare(by=telling.world.actor(reader), at=NOW, case=first, knows_somebody=True)
    said = text(telling, reader, f"/cases/{second.reference}/")
    assert ("3 March 2026" in said) is not joined


def test_a_fact_put_right_leaves_no_line_that_tells_of_it(telling: Telling) -> None:
    first, second, reader = a_restricted_sister(telling)
    link = first.victim.family_of.get()
    people.remove_family_link(by=telling.by, at=NOW, link=link)
    assert level(second.incidents.get()) == "NONE"
    assert "Counted as" not in text(telling, reader, f"/cases/{second.reference}/")
