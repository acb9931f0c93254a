"""Which promises a new hate case carries, and by when.  Pure.

Times are promised once, from the moment Amplius received the report (or, for a record that
became hate later, the moment the view reached us), and stored.  Source: domain 4.2, 4.3, 9.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases import calendar
from cases.casework.clocks import ClockKind as K


@dataclass(frozen=True)
class CaseFacts:
    """What triage knows that decides which clocks run.

    ``counts_from`` is where the clocks start: ``received_at`` unless hate came up later (S22).
    """

    received_at: datetime
    triaged_at: datetime
    counts_from: datetime | None = None
    third_party: bool = False
    third_party_unreachable: bool = False
    victim_identified: bool = True
    children: bool = False
    safe_tonight: bool = True
    graffiti: bool = False
    home_insecure: bool = False
    domestic_abuse: bool = False
    colleague_victim: bool = False
    care_and_support: bool = False
    provisional: bool = False


@dataclass(frozen=True)
class Promise:
    """One clock to start: ``met_at`` if already done, ``not_applicable`` says why not.

    ``about_id`` is the part of whoever it is about, if not the person the case is about.
    """

    kind: K
    started_at: datetime
    due_at: datetime | None
    met_at: datetime | None = None
    not_applicable: str = ""
    about_id: int | None = None


def triage_due(received_at: datetime, settings: Mapping[str, Any]) -> datetime:
    """When a report must be triaged: elapsed hours from receipt (SLA_TRIAGE)."""
    return calendar.add_elapsed(received_at, settings["SLA_TRIAGE_HOURS"])


def promises(
    facts: CaseFacts, settings: Mapping[str, Any], holidays: Collection[date]
) -> list[Promise]:
    """Every clock the case starts with, in the order of the work."""
    return [
        Promise(
            K.TRIAGE,
            facts.received_at,
            triage_due(facts.received_at, settings),
            met_at=facts.triaged_at,
        ),
        *_contact(facts, settings),
        *_allocation(facts, settings, holidays),
        *_safety(facts, settings),
        *_assessment(facts, settings, holidays),
    ]


def _contact(facts: CaseFacts, settings: Mapping[str, Any]) -> Iterator[Promise]:
    start = facts.counts_from or facts.received_at
    due = calendar.add_elapsed(start, settings["SLA_FIRST_CONTACT_HOURS"])
    nobody = not facts.victim_identified and facts.third_party_unreachable
    yield Promise(
        K.FIRST_CONTACT,
        start,
        due,
        not_applicable="Nobody can be reached yet: no name and no number." if nobody else "",
    )
    if not facts.victim_identified:
        yield Promise(K.IDENTIFY_VICTIM, start, due)
    if facts.third_party:
        yield Promise(
            K.THIRD_PARTY_CONTACT,
            start,
            calendar.add_elapsed(start, settings["SLA_THIRD_PARTY_CONTACT_HOURS"]),
            not_applicable="They gave no name and no number."
            if facts.third_party_unreachable
            else "",
        )
        if not facts.third_party_unreachable:
            yield Promise(K.SUPPORT_THIRD_PARTY, start, None)
    if facts.provisional:
        yield Promise(K.SETTLE_VIEW, start, due)


def _allocation(
    facts: CaseFacts, settings: Mapping[str, Any], holidays: Collection[date]
) -> Iterator[Promise]:
    start = facts.counts_from or facts.received_at
    hours, days = settings["SLA_ALLOCATE_HOURS"], settings["SLA_MANAGER_REVIEW_DAYS"]
    yield Promise(K.ALLOCATE, start, calendar.add_working_hours(start, hours, holidays))
    yield Promise(K.MANAGER_REVIEW, start, calendar.add_working_days(start, days, holidays))
    if not calendar.in_hours(start, holidays):
        soon = calendar.add_elapsed(facts.triaged_at, settings["SLA_DUTY_MANAGER_HOURS"])
        yield Promise(K.DUTY_MANAGER, facts.triaged_at, soon)


def _safety(facts: CaseFacts, settings: Mapping[str, Any]) -> Iterator[Promise]:
    start = facts.counts_from or facts.received_at
    if not facts.safe_tonight:
        yield Promise(K.SAFETY_TONIGHT, start, calendar.end_of_day(start))
    if facts.graffiti:
        due = calendar.add_elapsed(start, settings["SLA_GRAFFITI_HOURS"])
        yield Promise(K.GRAFFITI_PHOTO, start, due)
        yield Promise(K.GRAFFITI_REMOVE, start, due)
    if facts.home_insecure:
        due = calendar.add_elapsed(start, settings["SLA_SECURE_HOME_HOURS"])
        yield Promise(K.SECURE_HOME, start, due)
    if facts.children:
        yield Promise(
            K.CHILDREN, start, calendar.add_elapsed(start, settings["SLA_FIRST_CONTACT_HOURS"])
        )


def _assessment(
    facts: CaseFacts, settings: Mapping[str, Any], holidays: Collection[date]
) -> Iterator[Promise]:
    start = facts.counts_from or facts.received_at
    due = calendar.add_elapsed(start, settings["SLA_RISK_HOURS"])
    if facts.domestic_abuse:
        yield Promise(K.DASH, start, due)
    yield Promise(K.RISK, start, due)
    first_contact = calendar.add_elapsed(start, settings["SLA_FIRST_CONTACT_HOURS"])
    yield Promise(K.POLICE, start, first_contact)
    for kind in (K.SUPPORT_OWN, K.SUPPORT_SPECIALIST, K.PERMISSION):
        yield Promise(kind, start, None)
    if facts.colleague_victim:
        yield Promise(K.WORKPLACE_PLAN, start, None)
    if facts.care_and_support:
        yield Promise(K.CARE_SUPPORT, start, first_contact)
    days = settings["SLA_ACTION_PLAN_DAYS"]
    yield Promise(K.ACTION_PLAN, start, calendar.add_working_days(start, days, holidays))


def next_contact(spoken_at: datetime, risk: str, settings: Mapping[str, Any]) -> Promise:
    """The promise to keep in touch, from the last two-way contact (SLA_UPDATE, domain 4.2).

    ``risk`` is the recorded level, or "" before it is assessed: then as often as at High.
    """
    days = settings[f"SLA_UPDATE_{risk.upper() or 'HIGH'}_DAYS"]
    return Promise(K.UPDATE, spoken_at, calendar.add_elapsed(spoken_at, days * 24))
