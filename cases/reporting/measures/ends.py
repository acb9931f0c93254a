"""What is no sum of months: how things stood at the end of a window, and different people in it.

Such rows are worked out for each window, and their moment is the window's last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import DateTimeField, Q, Value

from cases.calendar import london_date
from cases.reporting.keeping import Kept, all_of
from cases.reporting.measure import MONTH, Asked, Items, Line, Rows, Together, tables
from cases.reporting.periods import Period
from cases.reporting.tally import Labels
from cases.reporting.values import Count, Share

OfWindow = Callable[[Asked, Period], Items]
"""The rows of one window, with their lines and, for shares, whether each ``counts``."""


@dataclass(frozen=True)
class Numbers:
    """How many rows are on each line of each window, and how many of them count; and the rows of
    each line that are kept.
    """

    windows: Mapping[str, Mapping[str, tuple[int, int]]]
    rows: Kept

    def of(self, key: str, name: str) -> tuple[int, int]:
        """How many count, and of how many, on a line in a window."""
        return self.windows[name].get(key, (0, 0))


def last_moment(period: Period) -> datetime:
    """The last moment of a period."""
    return period.ends - timedelta(microseconds=1)


def last_day(asked: Asked, period: Period) -> date:
    """The last day of a period that has begun when it is asked."""
    return min(period.last, london_date(asked.at))


def of_whole(asked: Asked, rows_of: OfWindow) -> Items:
    """The rows of all that is asked, at its last moment: what is behind one window asked."""
    at = Value(last_moment(asked.whole), output_field=DateTimeField())
    parts = [part.annotate(at=at) for part in tables(rows_of(asked, asked.whole))]
    return parts[0] if len(parts) == 1 else Together(*parts)


def numbers(
    asked: Asked, rows_of: OfWindow, *, counting: bool = False, at_end: bool = False
) -> Numbers:
    """How many rows there are, and (if ``counting``) how many of them count.

    Windows that are the same days are counted once; if the rows are as things stand
    ``at_end``, those that end on the same day.
    """
    found: dict[date | Period, dict[str, tuple[int, int]]] = {}
    kept = Kept(asked)
    keys = {name: period.last if at_end else period for name, period in asked.windows.items()}
    of_month = keys[MONTH] if asked.kept_month else None
    for name, key in keys.items():
        if key in found:
            continue
        found[key] = {}
        for part in tables(rows_of(asked, asked.windows[name]).order_by()):
            for row in part.values("line").annotate(**_wanted(part, counting, key == of_month)):
                found[key][row["line"]] = row["number"], row["of"]
                kept.take(row["line"], part, row)
    return Numbers({name: found[key] for name, key in keys.items()}, kept)


def _wanted(rows: Rows, counting: bool, keeps: bool) -> dict[str, Any]:
    number = CountRows("pk", filter=Q(counts=True)) if counting else CountRows("pk")
    return {"of": CountRows("pk"), "number": number, **(all_of(rows) if keeps else {})}


def counted(asked: Asked, rows_of: OfWindow, labels: Labels, *, at_end: bool = False) -> list[Line]:
    """How many rows are on each line in each window."""
    found = numbers(asked, rows_of, at_end=at_end)
    return [
        Line(
            key,
            label,
            {name: Count(found.of(key, name)[1]) for name in asked.windows},
            rows=found.rows.of(key),
        )
        for key, label in labels.items()
    ]


def shared_at_end(asked: Asked, rows_of: OfWindow, labels: Labels) -> list[Line]:
    """How many of the rows on each line at the end of each window count."""
    found = numbers(asked, rows_of, counting=True, at_end=True)
    return [
        Line(
            key,
            label,
            {name: Share(*found.of(key, name)) for name in asked.windows},
            rows=found.rows.of(key),
        )
        for key, label in labels.items()
    ]
