"""What may stand on the list of what is to be done better, as tables."""

from __future__ import annotations

from datetime import date

import pytest

from cases.access import Actor, Role, job
from cases.improving import rules

TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("role", "sees", "keeps", "owns"),
    [
        (Role.CASE_MANAGER, True, True, True),
        (Role.DIRECTOR_CO, True, True, True),
        (Role.AUDITOR, True, False, True),
        (Role.DPO, True, False, True),
        (Role.POLICY_SPONSOR, True, False, True),
        (Role.HOUSING_OFFICER, False, False, True),
        (Role.CALL_HANDLER, False, False, False),
        (Role.REPORT_VIEWER, False, False, False),
        (Role.SYSADMIN, False, False, False),
        (Role.ACTING_DIRECTOR, False, False, False),
    ],
)
def test_who_sees_keeps_and_owns(role: Role, sees: bool, keeps: bool, owns: bool) -> None:
    actor = Actor(id=1, name="Somebody", roles=frozenset({role}))
    assert bool(rules.may_see(actor)) is sees
    assert bool(rules.may_keep(actor)) is keeps
    assert bool(rules.may_own(actor, working=True)) is owns
    assert not rules.may_own(actor, working=False)
    assert not rules.may_suggest(actor)


def test_only_the_application_suggests() -> None:
    assert rules.may_suggest(job("make_reports"))


@pytest.mark.parametrize(
    ("due_on", "was", "reason"),
    [
        (date(2026, 11, 19), None, ""),
        (date(2026, 11, 18), None, "The day it is due cannot be in the past."),
        (date(2026, 11, 18), date(2026, 11, 18), ""),
        (date(2026, 11, 17), date(2026, 11, 18), "The day it is due cannot be in the past."),
        (date(2031, 11, 19), None, ""),
        (date(2031, 11, 20), None, "Choose a day within five years."),
    ],
)
def test_when_something_may_be_due(due_on: date, was: date | None, reason: str) -> None:
    assert rules.is_due(due_on, TODAY, was=was).reason == reason


@pytest.mark.parametrize(
    ("state", "due_on", "late", "words"),
    [
        ("OPEN", date(2026, 11, 18), True, "1 day late"),
        ("OPEN", date(2026, 11, 16), True, "3 days late"),
        ("OPEN", date(2026, 11, 19), False, "Due today"),
        ("OPEN", date(2026, 11, 20), False, "Due in 1 day"),
        ("OPEN", date(2026, 12, 1), False, "Due in 12 days"),
        ("DONE", date(2026, 11, 16), False, ""),
        ("NOT_NEEDED", date(2026, 11, 16), False, ""),
    ],
)
def test_what_is_late(state: str, due_on: date, late: bool, words: str) -> None:
    assert rules.is_late(state, due_on, TODAY) is late
    assert rules.due_words(state, due_on, TODAY) == words


@pytest.mark.parametrize(
    ("state", "to", "evidence", "reason"),
    [
        ("OPEN", "DONE", "The script asks it.", ""),
        ("OPEN", "NOT_NEEDED", "No such homes.", ""),
        ("OPEN", "OPEN", "Why?", "Choose what became of it."),
        ("OPEN", "", "Why?", "Choose what became of it."),
        ("OPEN", "DONE", "  ", "Say what was done, or why it is not needed."),
        ("DONE", "NOT_NEEDED", "After all.", "It was ended already."),
        ("OPEN", "DONE", "x" * 1001, "Use 1000 characters or fewer."),
        ("OPEN", "DONE", "a\0b", "Leave out characters that cannot be read."),
    ],
)
def test_how_something_ends(state: str, to: str, evidence: str, reason: str) -> None:
    assert rules.may_end(state, to, evidence).reason == reason


@pytest.mark.parametrize(
    ("decided", "decision", "why", "review_by", "reason"),
    [
        (False, "FORWARD", "The law.", date(2027, 1, 4), ""),
        (False, "NOT_NOW", "No change for us.", None, ""),
        (True, "NOT_NOW", "No change for us.", None, "This was decided already."),
        (False, "", "Why", None, "Choose what is decided."),
        (False, "NOT_NOW", " ", None, "Say why."),
        (False, "FORWARD", "The law.", None, "Say by which day the policy is reviewed."),
        (
            False,
            "NOT_NOW",
            "No.",
            date(2027, 1, 4),
            "A day is given only if the policy is reviewed.",
        ),
        (
            False,
            "FORWARD",
            "The law.",
            date(2026, 11, 18),
            "The day it is due cannot be in the past.",
        ),
    ],
)
def test_how_a_reason_is_decided(
    decided: bool, decision: str, why: str, review_by: date | None, reason: str
) -> None:
    answer = rules.may_decide(
        decided=decided, decision=decision, why=why, review_by=review_by, today=TODAY
    )
    assert answer.reason == reason


@pytest.mark.parametrize(
    ("months", "aim", "missed"),
    [
        ([(9, 10), (9, 10), (9, 10)], 100, True),
        ([(9, 10), (9, 10), (9, 10)], 90, False),  # exactly the aim is reached
        ([(9, 10), (9, 10), (89, 99)], 90, False),
        ([(8, 10), (8, 10), (89, 99)], 90, True),  # 89.9 is not 90
        ([(9, 10), (10, 10), (9, 10)], 100, False),
        ([(9, 10), (0, 0), (9, 10)], 100, False),  # nothing was due: nothing is missed
        ([(9, 10), (9, 10)], 100, False),
        ([(10, 10), (9, 10), (9, 10), (9, 10)], 100, True),
        ([(9, 10), (9, 10), (9, 10), (10, 10)], 100, False),
        ([(0, 10), (0, 10), (0, 10)], 0, False),  # no aim is set
        ([], 100, False),
    ],
)
def test_an_aim_missed_three_months_running(
    months: list[tuple[int, int]], aim: int, missed: bool
) -> None:
    assert rules.missed_running(months, aim) is missed


@pytest.mark.parametrize(
    ("newest", "month", "again"),
    [
        (None, date(2026, 10, 1), True),
        (date(2026, 10, 1), date(2026, 10, 1), False),
        (date(2026, 10, 1), date(2026, 12, 1), False),
        (date(2026, 10, 1), date(2027, 1, 1), True),
        (date(2026, 10, 1), date(2026, 9, 1), False),
    ],
)
def test_a_run_is_told_once(newest: date | None, month: date, again: bool) -> None:
    assert rules.suggests_again(newest, month) is again


@pytest.mark.parametrize(
    ("because", "recommended", "reviewed", "yes"),
    [
        ("GAP", False, False, True),
        ("RECOMMENDATION", True, False, True),
        ("REVIEW", False, True, True),
        ("GAP", True, False, False),
        ("GAP", False, True, False),
        ("NONSENSE", False, False, False),
    ],
)
def test_why_something_is_done(because: str, recommended: bool, reviewed: bool, yes: bool) -> None:
    answer = rules.is_because(because, recommended=recommended, reviewed=reviewed)
    assert bool(answer) is yes


@pytest.mark.parametrize(
    ("kind", "words", "noticed_on", "yes"),
    [
        ("LEGISLATION", "A new Act.", TODAY, True),
        ("REVIEW_DATE", "It came.", TODAY, False),  # the application sees that itself
        ("LEGISLATION", " ", TODAY, False),
        ("LEGISLATION", "A new Act.", date(2026, 11, 20), False),
    ],
)
def test_what_is_a_reason(kind: str, words: str, noticed_on: date, yes: bool) -> None:
    assert bool(rules.is_reason(kind, words, noticed_on, TODAY)) is yes


@pytest.mark.parametrize(
    ("source", "month", "yes"),
    [
        ("OMBUDSMAN", date(2026, 11, 1), True),
        ("OMBUDSMAN", date(2026, 12, 1), False),
        ("OMBUDSMAN", date(2026, 10, 2), False),
        ("SOMEBODY", date(2026, 10, 1), False),
    ],
)
def test_what_can_have_been_published(source: str, month: date, yes: bool) -> None:
    assert bool(rules.is_source(source, month, TODAY)) is yes
