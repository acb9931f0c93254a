"""What a finished assessment promises: when it is asked again, and what must happen at High.

Pure.  Source: domain 3.3, 3.4, 4.2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases import calendar
from cases.casework.clocks import ClockKind as K
from cases.casework.promises import Promise


def review_due(
    finished_at: datetime,
    level: str,
    *,
    provisional: bool,
    settings: Mapping[str, Any],
    holidays: Collection[date],
) -> datetime:
    """When it is asked again: by its level, and a provisional one within 2 working days."""
    days = settings[f"SLA_RISK_REVIEW_{level}_DAYS"]
    due = calendar.add_elapsed(finished_at, days * 24)
    if not provisional:
        return due
    soon = calendar.add_working_days(finished_at, settings["SLA_RISK_REDO_DAYS"], holidays)
    return min(due, soon)


def brought_forward(
    at: datetime, settings: Mapping[str, Any], holidays: Collection[date]
) -> datetime:
    """When it is asked again after something changed."""
    return calendar.add_working_days(at, settings["SLA_RISK_TRIGGER_DAYS"], holidays)


def worry_due(at: datetime, settings: Mapping[str, Any], holidays: Collection[date]) -> datetime:
    """When a manager has looked at a worry above the level."""
    return calendar.add_working_days(at, settings["SLA_RISK_WORRY_DAYS"], holidays)


@dataclass(frozen=True)
class HighFacts:
    """What decides which duties High brings beside those it always brings."""

    safeguarding: bool = False
    partner_or_family: bool = False
    fire: bool = False


def at_high(
    at: datetime, facts: HighFacts, settings: Mapping[str, Any], holidays: Collection[date]
) -> Iterator[Promise]:
    """The duties of High, from the moment it became High (domain 3.4: told, and done)."""
    today = calendar.end_of_day(at)
    yield Promise(K.SAFETY_TONIGHT, at, today)
    yield Promise(K.MANAGER_TOLD, at, calendar.add_elapsed(at, settings["SLA_RISK_TELL_HOURS"]))
    yield Promise(K.DIRECTOR_TOLD, at, today)
    yield Promise(K.POLICE_DECISION, at, today)
    visit = calendar.add_elapsed(at, settings["SLA_SECURITY_VISIT_HOURS"])
    yield Promise(K.SECURITY_VISIT, at, visit)
    if facts.safeguarding:
        yield Promise(K.SAFEGUARDING_TOLD, at, today)
    if facts.partner_or_family:
        yield Promise(K.DA_TOLD, at, today)
    if facts.fire:
        yield Promise(K.FIRE_SERVICE, at, today)
    meet = calendar.add_working_days(at, settings["SLA_AGENCIES_MEET_DAYS"], holidays)
    yield Promise(K.AGENCIES_MEET, at, meet)
