"""Which values a setting may take, and when: rules as tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cases.access import Actor, Role
from cases.policy import rules
from cases.policy.defaults import DEFAULTS

AT = datetime(2026, 11, 19, 10, 41, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def actor(*roles: Role) -> Actor:
    return Actor(id=1, name="T", roles=frozenset(roles))


@pytest.mark.parametrize("role", list(Role))
def test_only_the_administrator_changes_settings(role: Role) -> None:
    answer = rules.may_change_settings(actor(role))
    assert bool(answer) is (role is Role.SYSADMIN)
    assert answer or answer.reason == "Only a system administrator changes the settings."


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("SLA_TRIAGE_HOURS", 1, ""),
        ("SLA_TRIAGE_HOURS", 720, ""),
        ("SLA_TRIAGE_HOURS", 0, "Enter a number from 1 to 720."),
        ("SLA_TRIAGE_HOURS", 721, "Enter a number from 1 to 720."),
        ("SLA_TRIAGE_HOURS", -4, "Enter a number from 1 to 720."),
        ("SLA_ACTION_PLAN_DAYS", 90, ""),
        ("SLA_ACTION_PLAN_DAYS", 91, "Enter a number from 1 to 90."),
        ("TRAINING_MONTHS", 120, ""),
        ("TRAINING_MONTHS", 121, "Enter a number from 1 to 120."),
        ("TRAINING_MONTHS", 4.5, "Enter a whole number."),
        ("TRAINING_MONTHS", "24", "Enter a whole number."),
        ("TRAINING_MONTHS", True, "Enter a whole number."),
        ("TRAINING_MONTHS", None, "Enter a whole number."),
    ],
)
def test_values(key: str, value: Any, reason: str) -> None:
    assert rules.acceptable(key, value).reason == reason


@pytest.mark.parametrize("key", sorted(DEFAULTS))
def test_every_default_is_a_value_it_may_take(key: str) -> None:
    assert rules.acceptable(key, DEFAULTS[key][0])


@pytest.mark.parametrize(
    "key", ["PERCEPTION_RULE", "PRIORITY", "APPROVER", "SAME_INCIDENT", "", "sla_triage_hours"]
)
def test_what_is_no_setting(key: str) -> None:
    assert rules.known(key).reason == "There is no such setting."


@pytest.mark.parametrize(
    ("begins_at", "reason"),
    [
        (AT - SECOND, "A setting cannot change in the past."),
        (AT, ""),
        (AT + SECOND, ""),
    ],
)
def test_never_in_the_past(begins_at: datetime, reason: str) -> None:
    answer = rules.change(
        actor(Role.SYSADMIN),
        key="SLA_TRIAGE_HOURS",
        value=3,
        reason="Because",
        begins_at=begins_at,
        at=AT,
    )
    assert answer.reason == reason


def test_never_without_a_reason() -> None:
    answer = rules.change(
        actor(Role.SYSADMIN), key="SLA_TRIAGE_HOURS", value=3, reason="  ", begins_at=AT, at=AT
    )
    assert answer.reason == "Say why the setting changes."


@pytest.mark.parametrize(
    ("approved_on", "frequency", "expected"),
    [
        (date(2024, 12, 4), "Triennial", date(2027, 12, 4)),
        (date(2024, 12, 4), "annual", date(2025, 12, 4)),
        (date(2024, 2, 29), "Biennial", date(2026, 2, 28)),
        (date(2024, 2, 29), "When needed", None),
    ],
)
def test_when_a_review_would_fall(approved_on: date, frequency: str, expected: date | None) -> None:
    assert rules.review_expected_on(approved_on, frequency) == expected
