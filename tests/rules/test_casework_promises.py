"""Which promises a case carries, and by when: every boundary of domain 4.2 and 4.3."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays as holiday_calendar
import pytest

from cases import calendar
from cases.casework.clocks import ClockKind as K
from cases.casework.promises import CaseFacts, Promise, next_contact, promises, triage_due
from cases.policy.defaults import DEFAULTS

LONDON = ZoneInfo("Europe/London")
SETTINGS = {key: value for key, (value, _) in DEFAULTS.items()}
HOLIDAYS = frozenset(holiday_calendar.country_holidays("GB", subdiv="ENG", years=range(2024, 2030)))


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type, misc]


def made(received: datetime, **facts: object) -> dict[K, Promise]:
    facts = {"received_at": received, "triaged_at": received + timedelta(minutes=15), **facts}
    kept = promises(CaseFacts(**facts), SETTINGS, HOLIDAYS)  # type: ignore[arg-type]
    by_kind = {promise.kind: promise for promise in kept}
    assert len(by_kind) == len(kept), "a clock is promised twice"
    return by_kind


# When a report was received, and when first contact is due: 24 hours that really pass.
FIRST_CONTACT = [
    ("a Thursday morning", london(2026, 11, 19, 10, 41), london(2026, 11, 20, 10, 41)),
    ("Saturday 23:00", london(2026, 11, 21, 23, 0), london(2026, 11, 22, 23, 0)),
    ("a bank holiday weekend", london(2026, 12, 25, 3, 0), london(2026, 12, 26, 3, 0)),
    ("the clocks go back", london(2026, 10, 24, 12, 0), london(2026, 10, 25, 11, 0)),
    ("within the hour twice over", london(2026, 10, 25, 0, 30), london(2026, 10, 25, 23, 30)),
    ("the clocks go forward", london(2027, 3, 27, 12, 0), london(2027, 3, 28, 13, 0)),
    ("into the hour that is not", london(2027, 3, 27, 1, 30), london(2027, 3, 28, 2, 30)),
    ("the day before 29 February", london(2028, 2, 28, 9, 0), london(2028, 2, 29, 9, 0)),
    ("29 February", london(2028, 2, 29, 9, 0), london(2028, 3, 1, 9, 0)),
    ("no 29 February", london(2027, 2, 28, 9, 0), london(2027, 3, 1, 9, 0)),
    ("the turn of the year", london(2026, 12, 31, 23, 59), london(2027, 1, 1, 23, 59)),
]


@pytest.mark.parametrize(
    ("received", "due"), [row[1:] for row in FIRST_CONTACT], ids=[row[0] for row in FIRST_CONTACT]
)
def test_first_contact_is_due_after_24_elapsed_hours(received: datetime, due: datetime) -> None:
    promise = made(received)[K.FIRST_CONTACT]
    assert promise.started_at == received
    assert promise.due_at == due
    assert promise.due_at - received.astimezone(UTC) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("received", "due"), [row[1:] for row in FIRST_CONTACT], ids=[row[0] for row in FIRST_CONTACT]
)
def test_risk_and_the_police_are_due_with_first_contact(received: datetime, due: datetime) -> None:
    kept = made(received)
    assert kept[K.RISK].due_at == kept[K.POLICE].due_at == due


def test_triage_is_due_four_elapsed_hours_after_receipt_whatever_the_day() -> None:
    received = london(2026, 11, 21, 23, 0)
    assert triage_due(received, SETTINGS) == london(2026, 11, 22, 3, 0)
    assert made(received)[K.TRIAGE].due_at == london(2026, 11, 22, 3, 0)


def test_triage_is_met_when_it_was_done() -> None:
    promise = made(london(2026, 11, 19, 10, 41))[K.TRIAGE]
    assert promise.met_at == london(2026, 11, 19, 10, 56)


# Four working hours, Monday to Friday from 9 to 5: naming a lead officer.
ALLOCATE = [
    ("in the morning", london(2026, 11, 19, 10, 0), london(2026, 11, 19, 14, 0)),
    ("ending at closing time", london(2026, 11, 19, 13, 0), london(2026, 11, 19, 17, 0)),
    ("a second later", london(2026, 11, 19, 13, 0, 1), london(2026, 11, 20, 9, 0, 1)),
    ("before we open", london(2026, 11, 19, 7, 0), london(2026, 11, 19, 13, 0)),
    ("Friday 16:59", london(2026, 11, 20, 16, 59), london(2026, 11, 23, 12, 59)),
    ("Friday 17:01", london(2026, 11, 20, 17, 1), london(2026, 11, 23, 13, 0)),
    ("Saturday 23:00", london(2026, 11, 21, 23, 0), london(2026, 11, 23, 13, 0)),
    ("Christmas", london(2026, 12, 24, 16, 0), london(2026, 12, 29, 12, 0)),
    ("Good Friday", london(2027, 3, 25, 16, 0), london(2027, 3, 30, 12, 0)),
    ("over the clocks going back", london(2026, 10, 23, 16, 0), london(2026, 10, 26, 12, 0)),
    ("29 February, a Tuesday", london(2028, 2, 29, 15, 0), london(2028, 3, 1, 11, 0)),
]


@pytest.mark.parametrize(
    ("received", "due"), [row[1:] for row in ALLOCATE], ids=[row[0] for row in ALLOCATE]
)
def test_a_lead_is_named_within_four_working_hours(received: datetime, due: datetime) -> None:
    assert made(received)[K.ALLOCATE].due_at == due


# Five working days, to the end of the last one: the action plan.
PLAN = [
    ("a plain week", london(2026, 11, 19, 10, 41), london(2026, 11, 26, 17, 0)),
    ("a Saturday", london(2026, 11, 21, 23, 0), london(2026, 11, 27, 17, 0)),
    ("Christmas and New Year", london(2026, 12, 23, 9, 0), london(2027, 1, 4, 17, 0)),
    ("the clocks go forward at Easter", london(2027, 3, 24, 9, 0), london(2027, 4, 2, 17, 0)),
    ("29 February", london(2028, 2, 24, 9, 0), london(2028, 3, 2, 17, 0)),
]


@pytest.mark.parametrize(("received", "due"), [row[1:] for row in PLAN], ids=[r[0] for r in PLAN])
def test_the_plan_is_due_after_five_working_days(received: datetime, due: datetime) -> None:
    assert made(received)[K.ACTION_PLAN].due_at == due


def test_a_manager_looks_by_the_end_of_the_next_working_day() -> None:
    assert made(london(2026, 11, 20, 10, 0))[K.MANAGER_REVIEW].due_at == london(2026, 11, 23, 17, 0)


@pytest.mark.parametrize(
    ("received", "told"),
    [
        (london(2026, 11, 19, 8, 59, 59), True),
        (london(2026, 11, 19, 9, 0), False),
        (london(2026, 11, 19, 16, 59, 59), False),
        (london(2026, 11, 19, 17, 0), True),
        (london(2026, 11, 21, 12, 0), True),
        (london(2026, 12, 25, 12, 0), True),
        (london(2026, 12, 28, 12, 0), True),  # Boxing Day is kept on the Monday
        (london(2026, 12, 29, 12, 0), False),
    ],
)
def test_out_of_hours_the_duty_manager_is_told(received: datetime, told: bool) -> None:
    kept = made(received)
    assert (K.DUTY_MANAGER in kept) is told
    if told:
        triaged = received + timedelta(minutes=15)
        assert kept[K.DUTY_MANAGER].due_at == calendar.add_elapsed(triaged, 1)


ALWAYS = {
    *(K.TRIAGE, K.FIRST_CONTACT, K.ALLOCATE, K.MANAGER_REVIEW, K.RISK, K.POLICE),
    *(K.SUPPORT_OWN, K.SUPPORT_SPECIALIST, K.PERMISSION, K.ACTION_PLAN),
}
MORE: list[tuple[dict[str, object], set[K]]] = [
    ({}, set()),
    ({"third_party": True}, {K.THIRD_PARTY_CONTACT, K.SUPPORT_THIRD_PARTY}),
    ({"third_party": True, "third_party_unreachable": True}, {K.THIRD_PARTY_CONTACT}),
    ({"victim_identified": False}, {K.IDENTIFY_VICTIM}),
    ({"children": True}, {K.CHILDREN}),
    ({"safe_tonight": False}, {K.SAFETY_TONIGHT}),
    ({"graffiti": True}, {K.GRAFFITI_PHOTO, K.GRAFFITI_REMOVE}),
    ({"home_insecure": True}, {K.SECURE_HOME}),
    ({"domestic_abuse": True}, {K.DASH}),
    ({"colleague_victim": True}, {K.WORKPLACE_PLAN}),
    ({"provisional": True}, {K.SETTLE_VIEW}),
]


@pytest.mark.parametrize(
    ("facts", "more"), MORE, ids=[", ".join(facts) or "plain" for facts, _ in MORE]
)
def test_what_is_known_decides_which_clocks_run(facts: dict[str, object], more: set[K]) -> None:
    assert set(made(london(2026, 11, 19, 10, 41), **facts)) == ALWAYS | more


def test_nobody_who_can_be_reached_is_said_and_not_counted_late() -> None:
    received = london(2026, 11, 19, 10, 41)
    facts = {"third_party": True, "third_party_unreachable": True}
    known = made(received, **facts)
    assert known[K.THIRD_PARTY_CONTACT].not_applicable == "They gave no name and no number."
    assert known[K.FIRST_CONTACT].not_applicable == ""
    unknown = made(received, victim_identified=False, **facts)
    assert unknown[K.FIRST_CONTACT].not_applicable.startswith("Nobody can be reached yet")


def test_a_record_that_becomes_hate_counts_from_when_the_view_came() -> None:
    """S22: the first received date stays, the clocks start with the view."""
    received, later = london(2026, 2, 1, 9, 0), london(2026, 2, 20, 14, 0)
    kept = made(received, counts_from=later, triaged_at=later)
    assert kept[K.TRIAGE].started_at == received
    assert kept[K.FIRST_CONTACT].due_at == london(2026, 2, 21, 14, 0)
    assert kept[K.RISK].started_at == later


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (london(2026, 11, 19, 10, 41), london(2026, 11, 19, 17, 0)),
        (london(2026, 11, 19, 17, 0), london(2026, 11, 19, 17, 0)),
        (london(2026, 11, 19, 17, 0, 1), london(2026, 11, 20, 0, 0)),
        (london(2026, 10, 24, 22, 0), london(2026, 10, 25, 0, 0)),
    ],
)
def test_tonight_is_the_same_day(received: datetime, due: datetime) -> None:
    assert made(received, safe_tonight=False)[K.SAFETY_TONIGHT].due_at == due


def test_a_changed_setting_changes_what_is_promised_from_then_on() -> None:
    received = london(2026, 11, 19, 10, 41)
    shorter = {**SETTINGS, "SLA_FIRST_CONTACT_HOURS": 12}
    facts = CaseFacts(received_at=received, triaged_at=received)
    kept = {promise.kind: promise for promise in promises(facts, shorter, HOLIDAYS)}
    assert kept[K.FIRST_CONTACT].due_at == london(2026, 11, 19, 22, 41)


def test_working_days_skip_every_bank_holiday_of_the_year() -> None:
    christmas = [date(2026, 12, 25), date(2026, 12, 28)]
    assert [calendar.is_working_day(day, HOLIDAYS) for day in christmas] == [False, False]
    assert calendar.next_working_day(date(2026, 12, 24), HOLIDAYS) == date(2026, 12, 29)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 3), 12, date(2027, 3, 3)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_on_a_day_that_exists(day: date, months: int, expected: date) -> None:
    assert calendar.add_months(day, months) == expected


@pytest.mark.parametrize(
    ("level", "days"),
    [("High", 7), ("Medium", 14), ("Standard", 28), ("", 7)],
)
def test_the_next_contact_is_as_soon_as_the_risk_asks(level: str, days: int) -> None:
    """SLA_UPDATE: elapsed days, so that a clock change neither gives nor takes an hour."""
    spoken = london(2026, 10, 20, 12, 0)
    promise = next_contact(spoken, level, SETTINGS)
    assert (promise.kind, promise.started_at) == (K.UPDATE, spoken)
    assert promise.due_at == spoken.astimezone(UTC) + timedelta(days=days)
