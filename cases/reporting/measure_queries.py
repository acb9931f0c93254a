"""The rows behind one live figure, as far as a reader may open them.

Where a figure counts cases the reader may not see, they are told how many, and never which.
Source: domain 5.2, 5.3; bar 2 I.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cases.access import Actor
from cases.casework.models import Case
from cases.paging import PageOf, page_of
from cases.people.models import Entity
from cases.reporting.measure import Asked, Line, Measure, tables
from cases.reporting.periods import Period

ALL_TOGETHER = ("", "All of Amplius")


def companies_for(actor: Actor) -> list[tuple[str, str]]:
    """The companies whose figures the actor may read, as codes and names.

    All together stand first, for whoever is scoped to none (HC-20).
    """
    rows = Entity.objects.order_by("name").values_list("code", "name")
    if actor.entities:
        return list(rows.filter(code__in=actor.entities))
    return [ALL_TOGETHER, *rows]


def by_month(measure: Measure, lines: Iterable[Line], asked: Asked) -> Line | None:
    """The line that speaks for a measure, with its value in each month of what is asked; None if
    there is none.

    What is no sum of months, as what stands at an end or the middle of some lengths, is asked
    for each month by itself.
    """
    line = next((one for one in lines if one.key == measure.headline), None)
    if line is None or line.months:
        return line
    each = {month.first.isoformat(): month for month in asked.months}
    alone = next(
        one for one in measure.lines(replace(asked, windows=each)) if one.key == measure.headline
    )
    return replace(line, months=[alone.values[name] for name in each])


@dataclass(frozen=True)
class Item:
    """One row behind a figure, in a case the reader may open.

    ``counts`` is whether it is in the numerator of a share, None where all count alike;
    ``length`` how long it took, in the measure's unit.
    """

    case: Any
    at: datetime
    counts: bool | None = None
    length: float | None = None


@dataclass(frozen=True)
class Behind:
    """One page of the rows behind a figure; the rest is numbers alone."""

    line: Line
    total: int
    shown: int
    no_case: int
    items: list[Item]
    page: PageOf

    @property
    def closed(self) -> int:
        """How many are in cases the reader may not open."""
        return self.total - self.shown - self.no_case


def line_of(measure: Measure, key: str, period: Period, at: datetime, entity: str) -> Line | None:
    """A line of a measure over some days; None if there is none of that key."""
    lines = measure.lines(Asked.of_dates(period, at, entity))
    return next((line for line in lines if line.key == key), None)


def behind(
    actor: Actor,
    measure: Measure,
    line: Line,
    *,
    period: Period,
    at: datetime,
    entity: str,
    page: str,
    query: dict[str, list[str]],
) -> Behind | None:
    """The rows behind one line over some days, newest first; None if the measure names none."""
    rows = measure.rows(Asked.of_dates(period, at, entity), period)
    if rows is None:
        return None
    parts = [part.filter(line=line.key) for part in tables(rows)]
    visible = Case.objects.visible_to(actor).values("pk")
    open_to = [part.filter(case_ref__in=visible) for part in parts]
    shown = [part.order_by().count() for part in open_to]
    total = sum(part.order_by().count() for part in parts)
    no_case = sum(part.filter(case_ref__isnull=True).order_by().count() for part in parts)
    pages = page_of(page, sum(shown), query=query)
    return Behind(line, total, sum(shown), no_case, _items(actor, open_to, shown, pages), pages)


def _items(
    actor: Actor, parts: list[QuerySet[Any, Any]], counts: list[int], pages: PageOf
) -> list[Item]:
    """The rows of the page; parts stand one after the other, though almost always it is one."""
    found: list[dict[str, Any]] = []
    start, stop = pages.rows.start, pages.rows.stop
    for part, count in zip(parts, counts, strict=True):
        if start < count and stop > 0:
            found += _values(part)[max(0, start) : stop]
        start, stop = start - count, stop - count
    ids = {row["case_ref"] for row in found}
    cases = Case.objects.visible_to(actor).filter(pk__in=ids)
    by_id = {case.pk: case for case in cases.select_related("victim__merged_into", "lead")}
    return [
        Item(by_id[row["case_ref"]], row["at"], row.get("counts"), row.get("length"))
        for row in found
        if row["case_ref"] in by_id
    ]


def _values(part: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    names = [name for name in ("counts", "length") if name in part.query.annotations]
    return part.order_by("-at", "-pk").values("case_ref", "at", *names)
