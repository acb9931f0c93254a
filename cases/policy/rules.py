"""Which values a setting may take, and from when.  Pure.  Source: domain 4.4."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cases.access import YES, Actor, Answer, Grant, first_no, rule
from cases.calendar import add_months
from cases.policy.defaults import DEFAULTS, OUTSIDE, STALE_MONTHS

LARGEST = {
    **{"HOURS": 720, "DAYS": 90, "MONTHS": 120, "SCORE": 48, "ANSWERS": 16},
    **{"PEOPLE": 100, "CASES": 500, "TIMES": 50, "OCLOCK": 24, "PERCENT": 100},
}
NO_AIM = dict.fromkeys([key for key in DEFAULTS if key.startswith("AIM_")], 0)
"""What is aimed at may be nothing: only M08 has an aim of the policy's own (domain 5.3)."""
SMALLEST = {"REPORT_HIDE_UNDER_CASES": 5, "REPORT_ROUND_TO_CASES": 5, **NO_AIM}
"""The first two may be stricter than their default and never laxer (domain 5.4)."""


@rule("policy.change_setting")
def may_change_settings(actor: Actor) -> Answer:
    """Settings are the system administrator's (domain 11)."""
    return actor.may(Grant.CHANGE_SETTINGS)


def change(
    actor: Actor, *, key: str, value: Any, reason: str, begins_at: datetime, at: datetime
) -> Answer:
    """Whether the actor may give the setting this value from that moment."""
    return first_no(
        may_change_settings(actor),
        known(key),
        acceptable(key, value),
        YES if reason.strip() else Answer("Say why the setting changes."),
        YES if begins_at >= at else Answer("A setting cannot change in the past."),
    )


def known(key: str) -> Answer:
    """Whether there is such a setting: the perception rule and the priority are not."""
    return YES if key in DEFAULTS else Answer("There is no such setting.")


def acceptable(key: str, value: Any) -> Answer:
    """Whether the value is a whole number of what the key counts, in a sensible range.

    Nothing may be promised in no time, nor for ever.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        return Answer("Enter a whole number.")
    most = LARGEST[key.rsplit("_", 1)[-1]]
    least = SMALLEST.get(key, 1)
    if not least <= value <= most:
        return Answer(f"Enter a number from {least} to {most}.")
    return YES


def is_stale(checked_on: date, today: date) -> bool:
    """Whether words about the world outside were last checked too long ago."""
    return today >= add_months(checked_on, STALE_MONTHS)


def check_words(
    actor: Actor, *, key: str, words: str, source: str, checked_on: date, today: date
) -> Answer:
    """Whether these words may be said from now on: they say where and when they were checked."""
    return first_no(
        may_change_settings(actor),
        YES if key in OUTSIDE else Answer("There are no such words."),
        YES if words.strip() else Answer("Enter the words that are said."),
        Answer("Use {name} for who is on the line, and no other braces.")
        if set("{}") & set(words.replace("{name}", ""))
        else YES,
        YES if source.strip() else Answer("Say where they were checked."),
        YES if checked_on <= today else Answer("They cannot have been checked in the future."),
    )


FREQUENCIES = {"annual": 12, "biennial": 24, "triennial": 36}


def review_expected_on(approved_on: date, frequency: str) -> date | None:
    """When a review so often would fall, or None if the frequency is not one we know."""
    months = FREQUENCIES.get(frequency.lower())
    return add_months(approved_on, months) if months else None
