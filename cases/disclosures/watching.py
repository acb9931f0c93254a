"""What nobody has to remember about decisions: run every minute by ``manage.py clockwork``.

An approval that was not used lapses; a decision or a look back that is late is told; a word on
the phone that nobody confirmed becomes the policy sponsor's.  Each may run twice without harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cases.access import Actor
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.locking import lock
from cases.disclosures.alerting import alert, deciders_of
from cases.disclosures.choices import AlertKind, PhoneState, RequestState
from cases.disclosures.deciders import asked_of, rung_of
from cases.disclosures.models import Emergency, EmergencyReview, PhoneApproval, Request
from cases.disclosures.phone_operations import WATCH, alarm_unconfirmed
from cases.disclosures.request_following import put_away
from cases.disclosures.request_locking import locked
from cases.rows import keep

LIVE = (RequestState.APPROVED, RequestState.REDUCED)


@dataclass(frozen=True)
class Watched:
    """How many approvals lapsed, words on the phone were alarmed, and late things were told."""

    lapsed: int
    unconfirmed: int
    late: int


def watch(at: datetime) -> Watched:
    """Do everything that is due, each in a transaction of its own."""
    return Watched(
        lapsed=lapse_approvals(by=WATCH, at=at),
        unconfirmed=alarm_all_unconfirmed(by=WATCH, at=at),
        late=tell_of_late(by=WATCH, at=at),
    )


def lapse_approvals(*, by: Actor, at: datetime) -> int:
    """Lapse every approval past its time; the last moment still counts."""
    due = Request.objects.filter(state__in=LIVE, valid_until__lt=at).order_by("pk")
    return sum(lapse(by=by, at=at, request=request) for request in due.select_related("case"))


@operation
def lapse(*, by: Actor, at: datetime, request: Request) -> bool:
    """An approval that was not used in time counts no more, and its page never goes."""
    request = locked(request)
    if request.state not in LIVE or request.valid_until is None or request.valid_until >= at:
        unchanged()
        return False
    request.state, request.ended_at = RequestState.LAPSED, at
    keep(request)
    record(
        Verb.REQUEST_LAPSED,
        by=by,
        at=at,
        subject=request,
        case=request.case.reference,
        changes={"until": request.valid_until.isoformat()},
    )
    put_away(by, at, request, "The approval lapsed: it was not sent in time.")
    return True


def alarm_all_unconfirmed(*, by: Actor, at: datetime) -> int:
    """Alarm the policy sponsor of every word on the phone not confirmed in time, once each."""
    due = PhoneApproval.objects.filter(
        state=PhoneState.WAITING, due_at__lt=at, sponsor_told_at__isnull=True
    )
    found = due.select_related("request__case").order_by("pk")
    return sum(alarm_unconfirmed(by=by, at=at, phone=phone) for phone in found)


def tell_of_late(*, by: Actor, at: datetime) -> int:
    """Tell whoever decides of each decision, and each look back, that is late: once each."""
    waiting = Request.objects.filter(state=RequestState.WAITING, due_at__lt=at)
    phoned = PhoneApproval.objects.filter(state=PhoneState.WAITING)
    waiting = waiting.exclude(pk__in=phoned.values("request"))
    calls = Emergency.objects.filter(review__isnull=True, review_due_at__lt=at)
    told = 0
    for request in waiting.select_related("case").order_by("pk"):
        told += tell_late_decision(by=by, at=at, request=request)
    for call in calls.select_related("case").order_by("pk"):
        told += tell_late_review(by=by, at=at, emergency=call)
    return told


@operation
def tell_late_decision(*, by: Actor, at: datetime, request: Request) -> int:
    """Alert whoever may decide it now; how many are alerted who were not before."""
    unchanged()
    request = locked(request)
    if request.state != RequestState.WAITING:
        return 0
    return len(alert(by, at, AlertKind.LATE, request, deciders_of(asked_of(request, at))))


@operation
def tell_late_review(*, by: Actor, at: datetime, emergency: Emergency) -> int:
    """Alert whoever may look back at it now; how many are alerted who were not before."""
    unchanged()
    lock(emergency.case)
    if EmergencyReview.objects.filter(emergency=emergency).exists():
        return 0
    users = deciders_of(rung_of(emergency, at))
    return len(alert(by, at, AlertKind.REVIEW_LATE, emergency, users))
