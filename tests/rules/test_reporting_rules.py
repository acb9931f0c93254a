"""The tables of the reports' rules: who, which month, when, and which numbers can be."""

from __future__ import annotations

from datetime import date

import pytest

from cases.access import Actor, Grant, Role, job
from cases.reporting import rules
from cases.reporting.choices import Profile
from cases.reporting.periods import Period, month_of

OCTOBER = month_of(date(2026, 10, 1))
HOLIDAYS = {date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25)}
ASKERS = {Role.CASE_MANAGER, Role.DIRECTOR_CO}
READERS = ASKERS | {
    Role.HOUSING_OFFICER,
    Role.AUDITOR,
    Role.DPO,
    Role.REPORT_VIEWER,
    Role.POLICY_SPONSOR,
}


def actor(*roles: Role, entities: tuple[str, ...] = ()) -> Actor:
    return Actor(1, "Tess Marlow", frozenset(roles), entities=entities)


@pytest.mark.parametrize("role", Role)
def test_who_asks_and_who_reads(role: Role) -> None:
    who = actor(role)
    assert bool(rules.may_ask(who)) is (role in ASKERS)
    assert bool(rules.may_see(who)) is (role in READERS)
    assert bool(rules.may_see(who, profile=Profile.INTERNAL)) is (role in ASKERS)
    assert bool(rules.may_enter(who)) is (role is Role.CASE_MANAGER)


def test_the_sentences_of_who_may_not() -> None:
    viewer = actor(Role.REPORT_VIEWER)
    assert rules.may_ask(viewer).reason == Grant.MAKE_REPORTS
    assert rules.may_see(viewer, profile=Profile.INTERNAL).reason == Grant.SEE_FULL_NUMBERS
    assert rules.may_see(actor(Role.CALL_HANDLER)).reason == Grant.SEE_MONITORING
    assert rules.may_enter(actor(Role.DIRECTOR_CO)).reason == Grant.KEEP_FIGURES


def test_a_job_asks_and_reads_but_enters_no_figures() -> None:
    named = job("monthly_report")
    assert rules.may_ask(named)
    assert rules.may_ask(named, entity="KHN")
    assert rules.may_see(named, profile=Profile.INTERNAL)
    assert not rules.may_enter(named)


@pytest.mark.parametrize(
    ("own", "entity", "may"),
    [
        ((), "", True),
        ((), "KHN", True),
        (("KHN",), "KHN", True),
        (("KHN",), "", False),
        (("KHN",), "OTHER", False),
        (("KHN", "OTHER"), "OTHER", True),
        (("KHN", "OTHER"), "", False),
    ],
)
def test_who_sees_some_companies_asks_for_and_reads_theirs(
    own: tuple[str, ...], entity: str, may: bool
) -> None:
    manager = actor(Role.CASE_MANAGER, entities=own)
    for answer in (
        rules.may_ask(manager, entity=entity),
        rules.may_see(manager, entity=entity),
        rules.may_see(manager, profile=Profile.INTERNAL, entity=entity),
        rules.may_enter(manager, entity=entity),
    ):
        assert bool(answer) is may
        assert answer.reason == ("" if may else rules.OWN_ONLY)


@pytest.mark.parametrize(
    ("period", "today", "sentence"),
    [
        (OCTOBER, date(2026, 11, 1), ""),
        (OCTOBER, date(2026, 10, 31), "October 2026 is not over: ask from 1 November 2026."),
        (OCTOBER, date(2026, 1, 1), "October 2026 is not over: ask from 1 November 2026."),
        (month_of(date(2026, 12, 9)), date(2026, 12, 31), "December 2026 is not over: ask from 1 "
         "January 2027."),
        (month_of(date(2024, 2, 29)), date(2024, 3, 1), ""),
        (Period(date(2026, 10, 1), date(2026, 10, 30)), date(2026, 12, 1), "A report is of one "
         "calendar month."),
        (Period(date(2026, 9, 1), date(2026, 10, 31)), date(2026, 12, 1), "A report is of one "
         "calendar month."),
        (month_of(date(2009, 12, 1)), date(2026, 12, 1), "There is nothing to report before "
         "January 2010."),
        (month_of(date(2010, 1, 1)), date(2026, 12, 1), ""),
    ],
)  # fmt: skip
def test_which_months_there_are_reports_of(period: Period, today: date, sentence: str) -> None:
    assert rules.is_reported(period, today).reason == sentence


@pytest.mark.parametrize(
    ("today", "days", "due"),
    [
        (date(2026, 11, 1), 3, None),  # a Sunday
        (date(2026, 11, 3), 3, None),  # the second working day
        (date(2026, 11, 4), 3, "October 2026"),
        (date(2026, 11, 30), 3, "October 2026"),
        (date(2026, 11, 2), 1, "October 2026"),
        (date(2026, 1, 5), 3, None),  # New Year's Day is none; Friday the 2nd, Monday the 5th
        (date(2026, 1, 6), 3, "December 2025"),
        (date(2026, 4, 2), 3, None),
        (date(2026, 4, 6), 3, None),  # Good Friday and Easter Monday
        (date(2026, 4, 7), 3, "March 2026"),
        (date(2026, 8, 1), 1, None),  # a Saturday
        (date(2026, 8, 3), 1, "July 2026"),
        (date(2026, 11, 30), 22, None),  # there are 21 in all
        (date(2026, 11, 1), 0, "October 2026"),  # none to wait for
    ],
)
def test_when_last_months_report_is_due(today: date, days: int, due: str | None) -> None:
    period = rules.due_month(today, days, HOLIDAYS)
    assert (period.words if period else None) == due


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (0, ""),
        (1_000_000, ""),
        (-1, "The number of homes cannot be below 0."),
        (1_000_001, "1,000,001 homes is more than there can be: check the number."),
    ],
)
def test_which_numbers_can_be(number: int, sentence: str) -> None:
    assert rules.is_number(number, rules.MOST_HOMES, "homes").reason == sentence


TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (TODAY, ""),
        (date(2026, 11, 20), "The day they were counted is in the future."),
        (date(2009, 12, 31), "The day they were counted is before January 2010."),
    ],
)
def test_which_days_something_was_counted_on(day: date, sentence: str) -> None:
    assert rules.is_counted_by(day, TODAY).reason == sentence


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        (date(2026, 11, 1), ""),
        (date(2026, 11, 2), "Give the month by its first day."),
        (date(2026, 12, 1), "That month has not begun."),
        (date(2009, 12, 1), "There is nothing to report before January 2010."),
    ],
)
def test_which_months_a_total_is_of(month: date, sentence: str) -> None:
    assert rules.is_counted_month(month, TODAY).reason == sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("The housing system", ""),
        ("  ", "Say where the number is from."),
        ("x" * 200, ""),
        ("x" * 201, "Say where the number is from in 200 letters or fewer."),
        ("a\0b", "Leave out characters that cannot be read."),
    ],
)
def test_where_a_number_is_from(words: str, sentence: str) -> None:
    assert rules.is_said(words, "where the number is from").reason == sentence
