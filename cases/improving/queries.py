"""What is to be done better, as its pages and the report read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.urls import reverse

from cases.access import ROLES, Actor, Grant
from cases.audit import context, naming
from cases.audit.models import Event
from cases.audit.presenters import Entry, entry_of_event
from cases.calendar import london_date
from cases.improving import rules
from cases.improving.choices import State
from cases.improving.models import Improvement, Recommendation, ReviewReason
from cases.staff.models import RoleHolding, User

LATEST = 50
OPEN, LATE, ENDED, ALL = "", "late", "ended", "all"

Owned = Improvement | Recommendation


@dataclass(frozen=True)
class Wanted:
    """What a list is filtered by: how things stand, and a code (why, or who recommended it)."""

    state: str = OPEN
    code: str = ""


@dataclass(frozen=True)
class OwnedRow:
    """An action or a recommendation as a list shows it."""

    row: Any
    due: str
    late: bool


def improvements(actor: Actor, wanted: Wanted, at: datetime) -> models.QuerySet[Improvement]:
    """Actions the actor sees, what is due first in front; what was ended, the latest."""
    found = _standing(Improvement.objects.visible_to(actor), wanted.state, at)
    if wanted.code:
        found = found.filter(because=wanted.code)
    listed: models.QuerySet[Improvement] = found.select_related("owner")
    return listed


def recommendations(actor: Actor, wanted: Wanted, at: datetime) -> models.QuerySet[Recommendation]:
    """The same of the register."""
    found = _standing(Recommendation.objects.visible_to(actor), wanted.state, at)
    if wanted.code:
        found = found.filter(source=wanted.code)
    listed: models.QuerySet[Recommendation] = found.select_related("owner")
    return listed


def _standing(rows: Any, state: str, at: datetime) -> Any:
    if state == ENDED:
        return rows.exclude(state=State.OPEN).order_by("-ended_at", "-pk")
    if state == ALL:
        return rows.order_by("due_on", "pk")
    rows = rows.filter(state=State.OPEN).order_by("due_on", "pk")
    return rows.filter(due_on__lt=london_date(at)) if state == LATE else rows


def reasons() -> models.QuerySet[ReviewReason]:
    """Reasons to review the policy: those nobody decided about first, then the latest."""
    waiting = models.Case(models.When(decision="", then=0), default=1)
    found = ReviewReason.objects.select_related("found_by", "decided_by", "policy")
    return found.order_by(waiting, "-found_at", "-pk")


def drawn(rows: Iterable[Owned], at: datetime) -> list[OwnedRow]:
    """Rows with how each stands, declared as read."""
    today = london_date(at)
    found = [
        OwnedRow(
            row,
            rules.due_words(row.state, row.due_on, today),
            rules.is_late(row.state, row.due_on, today),
        )
        for row in rows
    ]
    for each in found:
        context.saw(each.row._meta.label_lower, each.row.pk)
    return found


def load_improvement(actor: Actor, pk: int) -> Improvement:
    """One action the actor sees, declared as read.  Raises Http404."""
    rows = Improvement.objects.visible_to(actor)
    rows = rows.select_related("owner", "ended_by", "added_by", "recommendation", "review")
    found: Improvement = _load(rows, pk)
    return found


def load_recommendation(actor: Actor, pk: int) -> Recommendation:
    """One recommendation the actor sees, declared as read.  Raises Http404."""
    rows = Recommendation.objects.visible_to(actor)
    found: Recommendation = _load(rows.select_related("owner", "ended_by", "added_by"), pk)
    return found


def load_reason(pk: int) -> ReviewReason:
    """One reason to review the policy, declared as read.  Raises Http404."""
    rows = ReviewReason.objects.select_related("found_by", "decided_by", "policy")
    found: ReviewReason = _load(rows, pk)
    return found


def _load(rows: Any, pk: int) -> Any:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    context.saw(row._meta.label_lower, row.pk)
    return row


def made_from(actor: Actor, row: Recommendation | ReviewReason, at: datetime) -> list[OwnedRow]:
    """The actions made from a recommendation or a reason, that the actor sees."""
    found: Any = row.improvements
    return drawn(found.all().visible_to(actor).select_related("owner").order_by("due_on", "pk"), at)


def entries_of(row: models.Model, at: datetime) -> list[Entry]:
    """What was done to a row, newest first (bar row 37)."""
    events = list(
        Event.objects.filter(subject_kind=row._meta.label_lower, subject_id=row.pk).order_by(
            "-at", "-pk"
        )[:LATEST]
    )
    names = naming.names_of(events)
    return [entry_of_event(event, at, names) for event in events]


OWNING = [
    role.value
    for role, grants in ROLES.items()
    if grants & {Grant.SEE_IMPROVEMENTS, Grant.WORK_CASES}
]
"""The roles that can open what is theirs here."""


def owners(at: datetime) -> models.QuerySet[User]:
    """Whom something may be given to, by name."""
    held = RoleHolding.objects.filter(user=OuterRef("pk"), role__in=OWNING, period__contains=at)
    return User.objects.working().filter(Exists(held)).order_by("full_name", "pk")


# --- the ways between the pages ---

PLACES: tuple[tuple[str, str, tuple[Grant, ...]], ...] = (
    ("improvements", "To do better", (Grant.SEE_IMPROVEMENTS, Grant.WORK_CASES)),
    ("recommendations", "Recommendations", (Grant.SEE_IMPROVEMENTS, Grant.WORK_CASES)),
    ("reasons", "Reviewing the policy", (Grant.SEE_IMPROVEMENTS,)),
    ("duties", "Duties and evidence", (Grant.SEE_MONITORING,)),
)


def places(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The parts the actor may go to, as ``components/sub_navigation.html`` takes them."""
    return [
        {"text": words, "href": reverse(f"improving:{name}"), "active": name == here, "count": None}
        for name, words, grants in PLACES
        if actor.grants.intersection(grants)
    ]


# --- for the report ---


def open_at(moment: datetime) -> Q:
    """What was on a list at a moment and still to be done then."""
    return Q(added_at__lte=moment) & (Q(ended_at__isnull=True) | Q(ended_at__gt=moment))


def late_on(day: date) -> Q:
    """What should have been done before a day."""
    return Q(due_on__lt=day)
