"""The queue: which cases, in which order, how many, and what else waits for somebody.

Four queries whatever the number of rows: the counts, one page of cases with everything a row
says, what waits beside the cases, and the restricted records one has business knowing of.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.dateparse import parse_datetime

from cases.access import Actor
from cases.audit.context import saw
from cases.casework.choices import ClockState, ContactKind, Part
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Clock, ContactEntry
from cases.intake.choices import ReportState, RouteState, SheetState
from cases.intake.models import CallSheet, Report, RouteRecord
from cases.paging import PageOf, page_of
from cases.people.choices import AdjustmentKind
from cases.people.models import Adjustment
from cases.staff.models import Team, User
from cases.workflow.queue_asks import (
    Ask,
    Due,
    View,
    due_condition,
    filter_condition,
    view_condition,
    views_for,
)
from cases.workflow.restricted_queries import Restricted, beside, conflicted

MOST_WAITING = 10


@dataclass(frozen=True)
class Counts:
    """How many cases: in each view, and in this one late, due today and left by the filters."""

    views: Mapping[View, int]
    here: int
    late: int
    today: int
    shown: int


@dataclass(frozen=True)
class Sheet:
    """A call sheet that is not finished; never whose voice it was."""

    key: uuid.UUID
    started_at: datetime
    cut_off: bool


@dataclass(frozen=True)
class WaitingReport:
    """A report that waits until somebody says why it happened."""

    reference: str
    due_at: datetime


@dataclass(frozen=True)
class Waiting:
    """What waits for the actor beside the cases."""

    sheets: tuple[Sheet, ...] = ()
    reports: tuple[WaitingReport, ...] = ()
    routes: int = 0

    def __bool__(self) -> bool:
        return bool(self.sheets or self.reports or self.routes)


@dataclass(frozen=True)
class Queue:
    """One page of one view."""

    ask: Ask
    counts: Counts
    page: PageOf
    cases: list[Any]
    waiting: Waiting
    restricted: list[Restricted]


def read_queue(actor: Actor, ask: Ask, now: datetime) -> Queue:
    """The page asked for; past the last page, the last."""
    counts = _counts(actor, ask, now)
    page = page_of(ask.page, counts.shown, query=ask.query)
    cases = _rows(actor, ask, now, page.rows) if counts.shown else []
    ids = [case.pk for case in cases]
    saw("casework.case", *ids, count=counts.shown, purpose=f"view {ask.view}")
    ends = page.number == page.pages and not ask.filters
    return Queue(
        ask=ask,
        counts=counts,
        page=page,
        cases=cases,
        waiting=waiting_for(actor),
        restricted=beside(actor) if ends else [],
    )


def _counts(actor: Actor, ask: Ask, now: datetime) -> Counts:
    here = view_condition(ask.view, actor, now)
    wanted = {f"view_{view}": view_condition(view, actor, now) for view in views_for(actor)}
    wanted["late"] = here & due_condition(Due.LATE, now)
    wanted["today"] = here & due_condition(Due.TODAY, now)
    wanted["shown"] = here & filter_condition(ask, now)
    found = (
        Case.objects.visible_to(actor)
        .open()
        .aggregate(**{name: Count("pk", filter=_or_all(when)) for name, when in wanted.items()})
    )
    views = {view: found[f"view_{view}"] for view in views_for(actor)}
    return Counts(
        views=views,
        here=views[ask.view],
        late=found["late"],
        today=found["today"],
        shown=found["shown"],
    )


def _or_all(condition: Q) -> Q | None:
    return condition or None


def _rows(actor: Actor, ask: Ask, now: datetime, rows: slice) -> list[Any]:
    place = (
        Case.objects.visible_to(actor)
        .open()
        .filter(view_condition(ask.view, actor, now) & filter_condition(ask, now))
        .least_time_left_first()
        .values("pk")[rows]
    )
    return list(
        Case.objects.filter(pk__in=place)
        .select_related("victim__safe_contact", "lead")
        .annotate(
            clock_started=_running("started_at"),
            risk_said=_assessed(),
            attempts=_attempts(),
            adjustments=_adjustments(),
            earlier=_earlier(actor),
        )
        .least_time_left_first()
    )


def _running(field: str) -> Subquery:
    running = Clock.objects.filter(
        case=OuterRef("pk"), kind=OuterRef("next_clock"), state=ClockState.RUNNING
    )
    return Subquery(running.order_by("due_at").values(field)[:1])


def _assessed() -> Subquery:
    assessed = Clock.objects.filter(case=OuterRef("pk"), kind=ClockKind.RISK, state=ClockState.MET)
    return Subquery(assessed.order_by("-met_at").values("outcome")[:1])


def _attempts() -> Coalesce:
    tried = ContactEntry.objects.filter(
        case=OuterRef("pk"), kind=ContactKind.ATTEMPT, involvement__part=Part.VICTIM
    )
    return Coalesce(_count(tried, "case"), 0)


def _adjustments() -> ArraySubquery:
    needed = Adjustment.objects.filter(person=OuterRef("victim"), ended_at__isnull=True).exclude(
        kind=AdjustmentKind.NONE
    )
    return ArraySubquery(needed.values("need"))


def _earlier(actor: Actor) -> Coalesce:
    """Earlier cases of the same person, restricted ones and conflicts left out: a number that
    would tell of a record the actor may not know of is not shown."""
    before = Case.objects.filter(
        ~conflicted(actor),
        victim=OuterRef("victim"),
        received_at__lt=OuterRef("received_at"),
        restricted=False,
        merged_into__isnull=True,
    )
    return Coalesce(_count(before, "victim"), 0)


def _count(rows: Any, group: str) -> Subquery:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=IntegerField())


def waiting_for(actor: Actor) -> Waiting:
    """Unfinished call sheets, reports that wait for triage, referrals to answer: one query."""
    sheets = (
        CallSheet.objects.visible_to(actor)
        .unfinished()
        .values(found=JSONObject(key="key", started_at="started_at", state="state"))
    )
    reports = (
        Report.objects.visible_to(actor)
        .filter(state=ReportState.WAITING)
        .order_by("triage_due_at", "pk")
        .values(found=JSONObject(reference="reference", due_at="triage_due_at"))
    )
    routes = RouteRecord.objects.filter(owner_id=actor.id, state=RouteState.OFFERED)
    found = (
        User.objects.filter(pk=actor.id or 0)
        .annotate(
            sheets=ArraySubquery(sheets[:MOST_WAITING]),
            reports=ArraySubquery(reports[:MOST_WAITING]),
            routes=Coalesce(_total(routes), 0),
        )
        .values_list("sheets", "reports", "routes")
        .first()
    )
    if found is None:
        return Waiting()
    return Waiting(
        sheets=tuple(map(_sheet, found[0] or [])),
        reports=tuple(
            WaitingReport(report["reference"], _moment(report["due_at"]))
            for report in found[1] or []
        ),
        routes=found[2],
    )


def _total(rows: Any) -> Subquery:
    """How many rows there are, as a column."""
    counted = rows.order_by().annotate(all=Value(1)).values("all")
    return Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField())


def _sheet(found: dict[str, Any]) -> Sheet:
    cut_off = found["state"] == SheetState.CUT_OFF
    return Sheet(uuid.UUID(found["key"]), _moment(found["started_at"]), cut_off)


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    assert moment is not None
    return moment


def teams() -> list[tuple[str, str]]:
    """Every team, for the filter of somebody who sees them all."""
    return [(str(pk), name) for pk, name in Team.objects.values_list("pk", "name")]
