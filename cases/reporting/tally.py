"""Counting items: by month and summed, as different people, or as the middle of some lengths.

Items are counted by London's months once; every window is a sum of months, so that they agree
with each other to the last case.  What cannot be summed (different people, medians) is asked for
each window.  Source: domain 5.2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, DateTimeField, F, FloatField, Func, IntegerField, Q
from django.db.models import Count as CountRows
from django.db.models import Value as Constant

from cases.reporting.keeping import Kept, all_of, kept_with
from cases.reporting.measure import Asked, Items, Line, Rows, tables
from cases.reporting.periods import Period, month_of
from cases.reporting.values import Count, Middle, Share, Value

Labels = Mapping[str, str]
"""The lines' keys in their order, with their words; a line nobody is in is still shown."""
ONE: Labels = {"": ""}


class Median(Aggregate):
    """PostgreSQL's middle value, between two if they are even in number."""

    function = "PERCENTILE_CONT"
    name = "median"
    output_field = FloatField()
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    allow_distinct = False


def within[Some: Items](items: Some, period: Period) -> Some:
    """The items whose moment lies in a period."""
    return items.filter(at__gte=period.begins, at__lt=period.ends)  # type: ignore[return-value]


def counts(asked: Asked, items: Items, labels: Labels = ONE) -> list[Line]:
    """How many there are on each line."""
    found, kept = _by_month(asked, items, {"number": CountRows("pk")})
    values = {key: Count(row["number"]) for key, row in found.items()}
    return _lines(asked, labels, values, Count(), kept)


def shares(asked: Asked, items: Items, labels: Labels = ONE) -> list[Line]:
    """How many of those on each line count (``counts``)."""
    wanted = {"of": CountRows("pk"), "number": CountRows("pk", filter=Q(counts=True))}
    found, kept = _by_month(asked, items, wanted)
    values = {key: Share(row["number"], row["of"]) for key, row in found.items()}
    return _lines(asked, labels, values, Share(), kept)


def counts_by_each(asked: Asked, items: Rows, codes: Mapping[str, Labels]) -> list[Line]:
    """How many there are on each line of several ways of dividing the same items, each an
    annotation of them (``codes``): one statement for all the ways.
    """
    months = _months(asked)
    rows = within(items, asked.whole).order_by().annotate(bucket=_bucket(months))
    wanted = {"number": CountRows("pk"), **kept_with(asked, items)}
    values: dict[str, dict[tuple[str, date], Count]] = {way: defaultdict(Count) for way in codes}
    kept = Kept(asked)
    for row in rows.values(*codes, "bucket").annotate(**wanted):
        month = months[row["bucket"] - 1].first
        for way in codes:
            values[way][row[way], month] += Count(row["number"])
            kept.take(row[way], items, row)
    return [line for way in codes for line in _lines(asked, codes[way], values[way], Count(), kept)]


def middles(asked: Asked, items: Items, labels: Labels = ONE, unit: str = "hours") -> list[Line]:
    """The median ``length`` on each line, of each window."""
    values: dict[tuple[str, str], Middle] = {}
    kept = Kept(asked)
    for name, period in asked.windows.items():
        for rows in tables(within(items, period).order_by()):
            wanted = {"median": Median("length"), "of": CountRows("pk")}
            if period == asked.kept_month:
                wanted |= all_of(rows)
            for row in rows.values("line").annotate(**wanted):
                values[row["line"], name] = Middle(row["median"], row["of"], unit)
                kept.take(row["line"], rows, row)
    return [
        Line(
            key,
            label,
            {name: values.get((key, name), Middle(unit=unit)) for name in asked.windows},
            rows=kept.of(key),
        )
        for key, label in labels.items()
    ]


def standing(asked: Asked, rows: Mapping[str, Mapping[str, int]], labels: Labels) -> list[Line]:
    """What stood at the end of each window: ``rows`` by window, then by line."""
    return [
        Line(key, label, {name: Count(rows[name].get(key, 0)) for name in asked.windows})
        for key, label in labels.items()
    ]


def _by_month(
    asked: Asked, items: Items, wanted: Mapping[str, Any]
) -> tuple[dict[tuple[str, date], dict[str, Any]], Kept]:
    """The wanted counts of each line and London month, and the rows of each line that are kept;
    two chosen dates are one "month".
    """
    found: dict[tuple[str, date], dict[str, Any]] = {}
    kept, months = Kept(asked), _months(asked)
    for rows in tables(within(items, asked.whole).order_by()):
        by_line = rows.annotate(bucket=_bucket(months)).values("line", "bucket")
        for row in by_line.annotate(**wanted, **kept_with(asked, rows)):
            found[row["line"], months[row["bucket"] - 1].first] = row
            kept.take(row["line"], rows, row)
    return found, kept


def _months(asked: Asked) -> list[Period]:
    """What items are counted by: London's months, or two chosen dates as one."""
    if not asked.months:
        return [asked.whole]
    months = [month_of(asked.whole.first)]
    while months[-1].last < asked.whole.last:
        months.append(month_of(months[-1].last + timedelta(days=1)))
    return months


def _bucket(months: Sequence[Period]) -> Func:
    """Which of the months a moment is in, the first being 1: looked up among their beginnings,
    which is much quicker than working out the London month of every moment.
    """
    begins = Constant([month.begins for month in months], ArrayField(DateTimeField()))
    return Func(F("at"), begins, function="width_bucket", output_field=IntegerField())


def _lines(
    asked: Asked,
    labels: Labels,
    values: Mapping[tuple[str, date], Any],
    nothing: Any,
    kept: Kept,
) -> list[Line]:
    """The months summed into windows; keys without a label come last, as they are."""
    by_line: dict[str, dict[date, Any]] = defaultdict(dict)
    for (key, month), value in values.items():
        by_line[key][month] = value
    order = [*labels, *sorted(set(by_line) - set(labels))]
    return [
        Line(
            key,
            labels.get(key, key),
            {
                name: _sum(_of_window(asked, by_line[key], period), nothing)
                for name, period in asked.windows.items()
            },
            [by_line[key].get(month.first, nothing) for month in asked.months],
            kept.of(key),
        )
        for key in order
    ]


def _of_window(asked: Asked, months: Mapping[date, Any], period: Period) -> Iterable[Any]:
    """The months that lie in a window, all of each: windows begin and end with months."""
    if not asked.months:
        return months.values()
    return (value for first, value in months.items() if _inside(month_of(first), period))


def _inside(month: Period, period: Period) -> bool:
    return period.first <= month.first and month.last <= period.last


def _sum(values: Iterable[Any], nothing: Any) -> Value:
    total = nothing
    for value in values:
        total = total + value
    return total  # type: ignore[no-any-return]
