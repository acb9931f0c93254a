"""Everybody's work, counted: each number is that of a list, and both are read by one condition.

Only what the reader may see is counted, so that a number never tells of a case kept from them
(domain 7.1, bar 2 I).  A fixed number of queries, whatever there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncMonth

from cases.access import Actor
from cases.calendar import LONDON, london_date
from cases.casework.case_models import CaseQuerySet
from cases.casework.choices import RiskLevel
from cases.casework.models import Case, Clock, Incident
from cases.disclosures.choices import RequestState
from cases.disclosures.models import Request
from cases.referrals.queries import late_for
from cases.repeats.facts import Level
from cases.repeats.knowing import kept_from
from cases.repeats.models import RepeatEvidence
from cases.reporting.measures.base import GONE, on_time
from cases.reporting.periods import Period, months_to
from cases.workflow.queue_asks import Due, due_condition, midnight_after

SOON = timedelta(days=3)
"""What falls due within so many days after today is due soon."""
MONTHS = 12


class Heap(StrEnum):
    """A list of cases that somebody should look at; the value stands in its address."""

    OPEN = "open"
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    UNALLOCATED = "not-allocated"
    REPEAT = "repeat"
    HIGH = "high"
    DIRECTOR = "director"
    OPENED = "opened"
    DUE = "due"
    KEPT = "kept"


WORDS: dict[Heap, str] = {
    Heap.OPEN: "Open cases",
    Heap.LATE: "Late now",
    Heap.TODAY: "Due today",
    Heap.SOON: "Due in the next 3 days",
    Heap.UNALLOCATED: "Nobody leads it yet",
    Heap.REPEAT: "Repeat victims",
    Heap.HIGH: "High risk",
    Heap.DIRECTOR: "Waiting for the Director",
    Heap.OPENED: "Cases opened",
    Heap.DUE: "Cases with something that fell due",
    Heap.KEPT: "Cases in which everything that fell due was done in time",
}
NOW = (
    *(Heap.LATE, Heap.TODAY, Heap.SOON, Heap.UNALLOCATED),
    *(Heap.REPEAT, Heap.HIGH, Heap.DIRECTOR),
)
"""What is counted of the present day, in the order it is shown."""
BY_OFFICER = (Heap.OPEN, Heap.LATE, Heap.HIGH)
BY_MONTH = (Heap.OPENED, Heap.DUE, Heap.KEPT)


@dataclass(frozen=True)
class Officer:
    """One person's work; without an id, what nobody leads yet."""

    id: int | None
    name: str
    numbers: dict[Heap, int]


@dataclass(frozen=True)
class Month:
    """What happened in a month, by the cases the reader may see now."""

    period: Period
    numbers: dict[Heap, int]


@dataclass(frozen=True)
class Work:
    """The dashboard."""

    now: dict[Heap, int]
    referrals: int
    officers: list[Officer]
    months: list[Month]


def read_work(actor: Actor, now: datetime) -> Work:
    """Everything the dashboard counts, in six queries."""
    return Work(
        now=_now(actor, now),
        referrals=late_for(actor, london_date(now)).count(),
        officers=_officers(actor, now),
        months=_months(actor, now),
    )


def cases_of(
    actor: Actor, heap: Heap, now: datetime, *, lead: int | None = None, month: Period | None = None
) -> CaseQuerySet:
    """The cases of one number, least time left first: those the reader may see, and no other.

    ``month`` is needed for what is counted by month (``BY_MONTH``) and means nothing else.
    """
    if heap in BY_MONTH:
        assert month is not None, heap
        rows = _of_month(actor, heap, month, now)
    else:
        rows = Case.objects.visible_to(actor).open().filter(_condition(heap, actor, now))
    if lead is not None:
        rows = rows.filter(lead_id=lead)
    return rows.least_time_left_first()


def _condition(heap: Heap, actor: Actor, now: datetime) -> Q:
    midnight = midnight_after(now)
    if heap in (Heap.LATE, Heap.TODAY):
        return due_condition(Due(heap.value), now, midnight)
    if heap is Heap.SOON:
        return Q(next_due_at__gte=midnight, next_due_at__lt=midnight + SOON)
    if heap is Heap.UNALLOCATED:
        return Q(lead__isnull=True)
    if heap is Heap.HIGH:
        return Q(risk=RiskLevel.HIGH)
    if heap is Heap.REPEAT:
        return Q(_repeats(actor))
    if heap is Heap.DIRECTOR:
        waiting = Request.objects.filter(case=OuterRef("pk"), state=RequestState.WAITING)
        return Q(Exists(waiting))
    return Q()


def _repeats(actor: Actor) -> Exists:
    """Whether an incident of the case is a repeat, by something the reader may know of.

    What only a case kept from them explains is not counted: the number would tell that there is
    one (ADR 19).
    """
    told = Incident.objects.filter(case=OuterRef(OuterRef("pk"))).order_by()
    known = RepeatEvidence.objects.filter(
        flag__level=Level.REPEAT,
        flag__incident__in=told.values(of=Coalesce("same_as", "pk")),
        ended_at__isnull=True,
        counts=True,
    )
    hidden = kept_from(actor).filter(pk=OuterRef("earlier__case")).order_by()
    return Exists(known.exclude(Exists(hidden)))


def _now(actor: Actor, now: datetime) -> dict[Heap, int]:
    wanted = {heap.name: Count("pk", filter=_condition(heap, actor, now)) for heap in NOW}
    found = Case.objects.visible_to(actor).open().order_by().aggregate(**wanted)
    return {heap: found[heap.name] for heap in NOW}


def _officers(actor: Actor, now: datetime) -> list[Officer]:
    """Whoever leads an open case the reader may see, the most late first; then nobody's."""
    wanted = {
        heap.name: Count("pk", filter=_condition(heap, actor, now) or None) for heap in BY_OFFICER
    }
    rows: Any = (
        Case.objects.visible_to(actor)
        .open()
        .order_by()
        .values("lead_id", "lead__full_name")
        .annotate(**wanted)
    )
    found = [
        Officer(
            row["lead_id"],
            row["lead__full_name"] or "",
            {heap: row[heap.name] for heap in BY_OFFICER},
        )
        for row in rows
    ]
    return sorted(
        found,
        key=lambda one: (
            one.id is None,
            -one.numbers[Heap.LATE],
            -one.numbers[Heap.OPEN],
            one.name,
        ),
    )


def _of_month(actor: Actor, heap: Heap, month: Period, now: datetime) -> CaseQuerySet:
    rows = Case.objects.visible_to(actor).exclude(stage__in=GONE)
    if heap is Heap.OPENED:
        return rows.filter(opened_at__gte=month.begins, opened_at__lt=month.ends)
    due = _due(now).filter(case=OuterRef("pk"), due_at__gte=month.begins, due_at__lt=month.ends)
    rows = rows.filter(Exists(due))
    return rows if heap is Heap.DUE else rows.exclude(Exists(due.exclude(on_time())))


def _due(now: datetime) -> QuerySet[Clock]:
    """Promises that fell due by now, but for those that do not apply or are on hold."""
    return Clock.objects.filter(due_at__lte=now).exclude(state__in=["NOT_APPLICABLE", "PAUSED"])


def _months(actor: Actor, now: datetime) -> list[Month]:
    """The last months, newest first: what opened, what fell due, and what was done in time."""
    periods = months_to(london_date(now), MONTHS)
    seen = Case.objects.visible_to(actor).exclude(stage__in=GONE).order_by()
    begins = periods[0].begins
    opened = (
        seen.filter(opened_at__gte=begins)
        .values(month=TruncMonth("opened_at", tzinfo=LONDON))
        .annotate(opened=Count("pk"))
    )
    promises = (
        _due(now)
        .filter(due_at__gte=begins, case__in=seen.values("pk"))
        .order_by()
        .values(month=TruncMonth("due_at", tzinfo=LONDON))
        .annotate(
            due=Count("case", distinct=True),
            late=Count("case", distinct=True, filter=~on_time()),
        )
    )
    began = {row["month"].date(): row["opened"] for row in opened}
    fell = {row["month"].date(): (row["due"], row["due"] - row["late"]) for row in promises}
    found = []
    for period in reversed(periods):
        due, kept = fell.get(period.first, (0, 0))
        numbers = {Heap.OPENED: began.get(period.first, 0), Heap.DUE: due, Heap.KEPT: kept}
        found.append(Month(period, numbers))
    return found
