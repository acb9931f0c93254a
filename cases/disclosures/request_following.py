"""What follows when a page has gone without permission, and when permission is given (ADR 12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cases import calendar
from cases.access import Actor
from cases.audit.ledger import operation, unchanged
from cases.casework.clock_operations import meet_clocks, start_clocks
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, Involvement
from cases.casework.promises import Promise
from cases.consent.answers import live_scopes
from cases.disclosures.choices import Door, PackState, TellThem
from cases.disclosures.models import Request, Send
from cases.disclosures.pack_making import reread, stop
from cases.partners.choices import AgencyKind
from cases.partners.models import Agency
from cases.policy.queries import holidays, settings_at
from cases.risk.choices import Trigger
from cases.risk.review_operations import follow_cases

TELL_HOURS = 24
"""Hours until they hear of it, if they are told afterwards."""


def packs_changed(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """These packs became ready, went, were changed or stopped."""
    follow_packs(by=by, at=at, ids=ids)


def permission_changed(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """What may be told about these parts changed."""
    follow_permission(by=by, at=at, ids=ids)


@operation
def follow_packs(*, by: Actor, at: datetime, ids: Iterable[int]) -> None:
    """A page that went without permission asks more of us, once (domain 7.5, 3.4)."""
    unchanged()
    sends = Send.objects.filter(pack__in=list(ids), door=Door.DIRECTOR)
    for send in sends.select_related("case", "pack__about", "pack__request").order_by("pk"):
        case = lock(send.case)
        if not case.clocks.filter(kind=ClockKind.SHARED_SAFETY, started_at=send.sent_at).exists():
            about = _whose(case, send.pack.about)
            promised = _afterwards(send.pack.request, about, send.sent_at)
            start_clocks(by=by, at=at, case=case, promises=promised)
            follow_cases(by=by, at=at, cases=[case], why=Trigger.DISCLOSURE)


def _whose(case: Case, about: Involvement | None) -> int | None:
    return None if about is None or about.person_id == case.victim_id else about.pk


def _afterwards(request: Request, about: int | None, at: datetime) -> list[Promise]:
    days = settings_at(at)["REFERRAL_CHASE_DAYS"]
    tell = {
        TellThem.BEFORE: calendar.end_of_day(at),
        TellThem.AFTER: calendar.add_elapsed(at, TELL_HOURS),
    }.get(TellThem(request.told))
    return [
        Promise(
            ClockKind.SHARED_TOLD,
            at,
            tell,
            not_applicable="" if tell else "Not told, for now: the request says why.",
            about_id=about,
        ),
        Promise(
            ClockKind.SHARED_SAFETY,
            at,
            calendar.end_of_day(calendar.add_elapsed(at, 24)),
            about_id=about,
        ),
        Promise(ClockKind.SHARED_OUTCOME, at, calendar.add_working_days(at, days, holidays())),
    ]


def put_away(by: Actor, at: datetime, request: Request, why: str) -> None:
    """Stop the page of a request that is over, inside the caller's operation: it never goes."""
    reread(request.pack)
    if request.pack.state in (PackState.DRAFT, PackState.READY):
        stop(by, at, request.pack, why)


@operation
def follow_permission(*, by: Actor, at: datetime, ids: Iterable[int]) -> None:
    """Permission to tell the police meets the High risk duty to decide about them (HC-44)."""
    unchanged()
    running = Involvement.objects.filter(
        pk__in=list(ids),
        case__clocks__kind=ClockKind.POLICE_DECISION,
        case__clocks__state__in=["RUNNING", "PAUSED"],
    )
    parts = list(running.select_related("case").distinct())
    if not parts:
        return
    police = Agency.objects.in_use().filter(kind=AgencyKind.POLICE).order_by("pk")
    for agency in police.values_list("pk", flat=True):
        may = live_scopes([part.pk for part in parts], agency, at)
        for part in [part for part in parts if may.get(part.pk)]:
            meet_clocks(
                by=by,
                at=at,
                case=part.case,
                kinds=[ClockKind.POLICE_DECISION],
                about=part,
                only=_whose(part.case, part) is not None,
                outcome="We may tell the police",
            )
