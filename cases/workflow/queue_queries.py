"""The queue: which cases, in which order, how many, and what else waits for somebody.

The same few queries whatever the number of rows: the counts, which cases, everything the rows
say, what waits beside them, and the restricted records one has business knowing of.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from cases.access import Actor, Grant
from cases.audit.context import saw
from cases.casework.models import Case
from cases.intake.choices import ReportState, RouteState, SheetState
from cases.intake.models import CallSheet, Report, RouteRecord
from cases.paging import PageOf, page_of
from cases.people.models import Entity
from cases.prepared import planned
from cases.staff.models import Team, User
from cases.workflow.queue_asks import (
    NO_COMPANY,
    Ask,
    Due,
    View,
    due_condition,
    filter_condition,
    midnight_after,
    view_condition,
    views_for,
)
from cases.workflow.queue_own import count_own
from cases.workflow.queue_sql import QueueCase, read_rows
from cases.workflow.restricted_queries import Restricted, beside

MOST_WAITING = 10
WAITED_FOR = (
    Grant.TAKE_REPORT,
    Grant.SEE_TEAM_CASES,
    Grant.RECEIVE_ASB,
    Grant.RECEIVE_SAFEGUARDING,
    Grant.RECEIVE_DA,
)


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
    cases: list[QueueCase]
    waiting: Waiting
    restricted: list[Restricted]


def read_queue(actor: Actor, ask: Ask, now: datetime) -> Queue:
    """The page asked for; past the last page, the last."""
    if ask.view is View.MINE:
        counts, chosen = _own(actor, ask, now)
    else:
        counts, chosen = _counts(actor, ask, now), []
    page = page_of(ask.page, counts.shown, query=ask.query)
    if counts.shown and not chosen:
        chosen = _ids(actor, ask, now, page.rows)
    cases = read_rows(chosen, actor) if chosen else []
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
    found = _counted(actor, ask.bare_of_page, now=now, midnight=midnight_after(now))
    return _said(actor, ask, found[0] if found else [0] * (3 + len(views_for(actor))))


def _own(actor: Actor, ask: Ask, now: datetime) -> tuple[Counts, list[int]]:
    """The counts and, unless it is past the last page, the ids of the page asked for."""
    rows = page_of(ask.page, sys.maxsize, query={}).rows
    counted, ids = count_own(actor, ask, rows, now=now, midnight=midnight_after(now))
    return _said(actor, ask, counted), ids


def _said(actor: Actor, ask: Ask, counted: Sequence[int]) -> Counts:
    late, today, shown, *views = counted
    by_view = dict(zip(views_for(actor), views, strict=True))
    return Counts(views=by_view, here=by_view[ask.view], late=late, today=today, shown=shown)


@planned
def _counted(
    actor: Actor, ask: Ask, *, now: datetime, midnight: datetime
) -> QuerySet[Case, tuple[int, ...]]:
    here = view_condition(ask.view, actor, now)
    wanted = {
        "late": here & due_condition(Due.LATE, now, midnight),
        "today": here & due_condition(Due.TODAY, now, midnight),
        "shown": here & filter_condition(ask, now, midnight),
        **{f"view_{view}": view_condition(view, actor, now) for view in views_for(actor)},
    }
    return (
        Case.objects.visible_to(actor)
        .open()
        .order_by()
        .values(all=Value(1))
        .annotate(**{name: Count("pk", filter=_or_all(when)) for name, when in wanted.items()})
        .values_list(*wanted)
    )


def _or_all(condition: Q) -> Q | None:
    return condition or None


def _ids(actor: Actor, ask: Ask, now: datetime, rows: slice) -> list[int]:
    where = (actor, ask.bare_of_page, rows.start, rows.stop)
    return _chosen(*where, now=now, midnight=midnight_after(now))


@planned
def _chosen(
    actor: Actor, ask: Ask, start: int, stop: int, *, now: datetime, midnight: datetime
) -> QuerySet[Case, int]:
    here = view_condition(ask.view, actor, now) & filter_condition(ask, now, midnight)
    rows = Case.objects.visible_to(actor).open().filter(here).least_time_left_first()
    return rows.values_list("pk", flat=True)[start:stop]


def waiting_for(actor: Actor) -> Waiting:
    """Unfinished call sheets, reports that wait for triage, referrals to answer.

    One query, and one more when any report waits at all, which is rare; none for somebody who
    takes no reports, manages no team and receives no referrals.
    """
    if not any(actor.may(grant) for grant in WAITED_FOR):
        return Waiting()
    found = next(iter(_waits_for(actor, actor.id or 0)), None)
    if found is None:
        return Waiting()
    return Waiting(
        sheets=tuple(map(_sheet, found[0] or [])),
        routes=found[1] or 0,
        reports=_reports_waiting(actor) if found[2] else (),
    )


@planned
def _waits_for(
    actor: Actor, user: int
) -> QuerySet[User, tuple[list[Any] | None, int | None, bool]]:
    sheets = (
        CallSheet.objects.visible_to(actor)
        .unfinished()
        .values(found=JSONObject(key="key", started_at="started_at", state="state"))
    )
    routes = RouteRecord.objects.filter(owner_id=actor.id, state=RouteState.OFFERED)
    waits = Report.objects.filter(state=ReportState.WAITING)
    return (
        User.objects.filter(pk=user)
        .annotate(
            sheets=ArraySubquery(sheets[:MOST_WAITING]),
            routes=_total(routes),
            waits=Exists(waits),
        )
        .values_list("sheets", "routes", "waits")
    )


def _reports_waiting(actor: Actor) -> tuple[WaitingReport, ...]:
    reports = Report.objects.visible_to(actor).filter(state=ReportState.WAITING)
    rows = reports.order_by("triage_due_at", "pk").values_list("reference", "triage_due_at")
    return tuple(WaitingReport(*row) for row in rows[:MOST_WAITING])


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


def companies() -> list[tuple[str, str]]:
    """Every company, and none known, for the filter of somebody who sees more than their own."""
    return [*_companies(), (NO_COMPANY, "Not known yet")]


@planned
def _companies() -> QuerySet[Entity, tuple[str, str]]:
    return Entity.objects.values_list("code", "name")


def teams() -> list[tuple[str, str]]:
    """Every team, for the filter of somebody who sees them all."""
    return [(str(pk), name) for pk, name in _teams()]


@planned
def _teams() -> QuerySet[Team, tuple[int, str]]:
    return Team.objects.values_list("pk", "name")
