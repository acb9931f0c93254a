"""Who sees which request, phone word and 999 call: the only place that says so.

The people who work a case see what is asked on it.  Whoever decides sees what was asked, not
what is still being written: the Director all of it; whoever acts for the Director what waits,
and what they decided or said; the policy sponsor what no Director can decide, and exceptions.
Nobody with a conflict of interest sees anything (domain 7.1, 7.5, 11).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from cases.access import Actor, Grant, Role
from cases.audit.context import saw
from cases.casework.models import Case, Conflict
from cases.disclosures.choices import AlertKind, PhoneState, RequestState
from cases.disclosures.models import Alert, Emergency, PhoneApproval, Request
from cases.staff.models import RoleHolding

LIVE = (RequestState.APPROVED, RequestState.REDUCED)


def _unconflicted(actor: Actor) -> Q:
    kept_from = Conflict.objects.filter(user_id=actor.id or 0, lifted_at__isnull=True)
    return ~Q(case__in=kept_from.values("case"))


def _worked(actor: Actor) -> Q:
    if not actor.may(Grant.WORK_CASES):
        return Q(pk__in=[])
    return Q(case__in=Case.objects.visible_to(actor).order_by().values("pk"))


def _cannot(user: str, asker: str) -> Q:
    """Whether the holder of a role asked for, leads or has a conflict in the row outside."""
    conflicted = Conflict.objects.filter(
        case=OuterRef(OuterRef("case")), user=OuterRef(user), lifted_at__isnull=True
    )
    # Nobody is number 0: a case that nobody leads yet is led by no Director.
    leads = Coalesce(OuterRef("case__lead"), Value(0))
    return Q(**{user: OuterRef(asker)}) | Q(**{user: leads}) | Q(Exists(conflicted))


def _director_free(at: datetime, asker: str) -> Exists:
    """Whether some Director can decide the row outside."""
    held = RoleHolding.objects.filter(
        role=Role.DIRECTOR_CO, period__contains=at, user__is_active=True
    )
    return Exists(held.exclude(_cannot("user", asker)))


def _acts_for_one_who_can(actor: Actor, at: datetime, asker: str) -> Exists:
    """Whether the actor acts for a Director who could decide the row outside."""
    held = RoleHolding.objects.filter(
        role=Role.ACTING_DIRECTOR, period__contains=at, user_id=actor.id or 0
    )
    return Exists(held.exclude(_cannot("granted_by", asker)))


def requests_for(actor: Actor, at: datetime) -> QuerySet[Request]:
    """Every request the actor may see at that moment, and no other."""
    scope = _worked(actor)
    asked = Q(asked_at__isnull=False)
    own = Q(decision__decided_by_id=actor.id or 0) | Q(phone__director_id=actor.id or 0)
    waits = Q(state=RequestState.WAITING)
    if actor.holds(Role.DIRECTOR_CO):
        scope |= asked
    if actor.holds(Role.ACTING_DIRECTOR):
        scope |= asked & (own | waits & Q(_acts_for_one_who_can(actor, at, "begun_by")))
    if actor.holds(Role.POLICY_SPONSOR):
        exception = Q(phone__sponsor_told_at__isnull=False) | Q(phone__state=PhoneState.REPUDIATED)
        scope |= asked & (own | exception | waits & ~Q(_director_free(at, "begun_by")))
    # What they said on the phone is theirs to confirm, whatever they hold now.
    scope |= Q(phone__director_id=actor.id or 0)
    found = Request.objects.filter(scope & _unconflicted(actor))
    return found.select_related("case", "pack__agency", "pack__contact", "begun_by", "decision")


def load_request(actor: Actor, pk: int, at: datetime) -> Request:
    """One request, declared as read.  Raises Http404 exactly as for one that is not there."""
    found = requests_for(actor, at).filter(pk=pk).first()
    if found is None:
        raise Http404
    saw("disclosures.request", found.pk, case=found.case.reference)
    return found


def waiting_for(actor: Actor, at: datetime) -> QuerySet[Request]:
    """What waits for a decision, the least time left first; for a case's people, theirs."""
    waits = requests_for(actor, at).filter(state=RequestState.WAITING)
    return waits.order_by(F("due_at").asc(nulls_last=True), "pk")


def phones_for(actor: Actor, at: datetime) -> QuerySet[PhoneApproval]:
    """What the actor is said to have said on the phone, to be confirmed or denied."""
    rows = PhoneApproval.objects.filter(director_id=actor.id or 0, state=PhoneState.WAITING)
    return rows.select_related("request__case", "recorded_by").order_by("due_at", "pk")


def emergencies_for(actor: Actor, at: datetime) -> QuerySet[Emergency]:
    """Every 999 call the actor may see: as with requests, once somebody rang."""
    scope = _worked(actor)
    own = Q(review__by_id=actor.id or 0)
    to_do = Q(review__isnull=True)
    if actor.holds(Role.DIRECTOR_CO):
        scope |= Q(pk__isnull=False)
    if actor.holds(Role.ACTING_DIRECTOR):
        scope |= own | to_do & Q(_acts_for_one_who_can(actor, at, "recorded_by"))
    if actor.holds(Role.POLICY_SPONSOR):
        scope |= own | to_do & ~Q(_director_free(at, "recorded_by"))
    found = Emergency.objects.filter(scope & _unconflicted(actor))
    return found.select_related("case", "recorded_by", "review")


def load_emergency(actor: Actor, pk: int, at: datetime) -> Emergency:
    """One 999 call, declared as read.  Raises Http404."""
    found = emergencies_for(actor, at).filter(pk=pk).first()
    if found is None:
        raise Http404
    saw("disclosures.emergency", found.pk, case=found.case.reference)
    return found


def calls_for(actor: Actor, at: datetime) -> QuerySet[Emergency]:
    """999 calls nobody has looked back at, the oldest due first."""
    return emergencies_for(actor, at).filter(review__isnull=True).order_by("review_due_at", "pk")


def alerts_for(actor: Actor) -> QuerySet[Alert]:
    """The lines on somebody's desk that still ask something of them, newest first.

    What was decided, reviewed or confirmed since is no line any more; an exception stays.
    """
    decided = Q(kind__in=[AlertKind.ASKED, AlertKind.LATE]) & ~Q(
        request__state=RequestState.WAITING
    )
    looked = Q(kind__in=[AlertKind.EMERGENCY, AlertKind.REVIEW_LATE]) & Q(
        emergency__review__isnull=False
    )
    confirmed = Q(kind=AlertKind.UNCONFIRMED) & ~Q(request__phone__state=PhoneState.WAITING)
    kept_from = Conflict.objects.filter(user_id=actor.id or 0, lifted_at__isnull=True).values(
        "case"
    )
    rows = Alert.objects.filter(user_id=actor.id or 0).exclude(decided | looked | confirmed)
    rows = rows.exclude(request__case__in=kept_from).exclude(emergency__case__in=kept_from)
    return rows.select_related("request__case", "emergency__case").order_by("-at", "-pk")


def exceptions(at: datetime) -> QuerySet[PhoneApproval]:
    """Words on the phone that were denied, or not confirmed in time (domain 7.5): counted."""
    late = Q(state=PhoneState.WAITING, due_at__lt=at) | Q(answered_at__gt=F("due_at"))
    rows = PhoneApproval.objects.filter(late | Q(state=PhoneState.REPUDIATED))
    return rows.select_related("request__case", "director").order_by("-called_at", "-pk")
