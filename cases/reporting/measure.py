"""What a measure is: its definition as data, and the rows that it counts.

A measure names the *items* it is about: a query of rows, each with the case it belongs to, the
moment that decides its period, the line it stands in, and whether it counts (the numerator).
Its figures, its trend and the cases behind it are all read from those same rows, so that any
figure can be counted by hand (issue 6; domain 5.3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from cases.reporting.periods import (
    Period,
    month_of,
    months_to,
    twelve_before,
    twelve_months,
    year_to_date,
)
from cases.reporting.values import Absent, Value

MONTH, YEAR, BEFORE, TO_DATE = "month", "year", "before", "to_date"
CHOSEN = "chosen"
"""The names of the windows a figure is given for; ``CHOSEN`` alone where two dates were chosen."""

Rows = QuerySet[Any, Any]
"""Rows annotated with ``case_ref`` (the case's id or None), ``at``, ``line`` (a key, "" if there
is one line) and, for a share, ``counts``; for lengths of time also ``length`` (hours or days)."""


class Together:
    """Rows of several tables as the items of one measure; each part has lines of its own."""

    def __init__(self, *parts: Rows) -> None:
        self.parts = parts

    def filter(self, *conditions: Any, **values: Any) -> Together:
        """The rows of every part that fulfil the conditions."""
        return Together(*(part.filter(*conditions, **values) for part in self.parts))

    def order_by(self, *fields: str) -> Together:
        """Every part in that order."""
        return Together(*(part.order_by(*fields) for part in self.parts))

    def count(self) -> int:
        """How many rows there are in all parts."""
        return sum(part.count() for part in self.parts)


Items = Rows | Together
"""What a measure counts; :func:`tables` gives it as one query for each table."""


def tables(items: Items) -> tuple[Rows, ...]:
    """The queries that the items are: one, or the parts of several together."""
    return items.parts if isinstance(items, Together) else (items,)


class Chapter(StrEnum):
    """The chapters of the report, in its order (domain 5.6)."""

    SUMMARY = "Summary"
    INTAKE = "Intake and triage"
    TIME = "On time"
    RISK = "Risk and repeat victims"
    POLICE = "Third parties and the police"
    SUPPORT = "Support and permission"
    ACTION = "Action and outcomes"
    PATTERNS = "Respondents and places"
    BREAKDOWN = "What it was about, and where"
    EQUALITY = "Equality"
    DISCLOSURE = "Told without permission"
    AUDIT = "Audit and training"
    COMPLAINTS = "Complaints and reviews"
    QUALITY = "How good the records are"
    POLICY = "To do better, and the policy"


@dataclass(frozen=True)
class Asked:
    """What figures are wanted of: windows, the months of a trend, which company, as at when.

    ``entity`` is a company's code, "" for all.  ``at`` is the moment of asking: what has
    happened since is not in it, because it has not happened.  ``keeps_rows`` asks each line for
    the rows it counts in the month, too.
    """

    windows: Mapping[str, Period]
    at: datetime
    entity: str = ""
    months: tuple[Period, ...] = ()
    keeps_rows: bool = False

    @staticmethod
    def of_month(period: Period, at: datetime, entity: str = "") -> Asked:
        """The windows of a month's report."""
        year = twelve_months(period.last)
        windows = {
            MONTH: month_of(period.last),
            YEAR: year,
            BEFORE: twelve_before(year),
            TO_DATE: year_to_date(period.last),
        }
        return Asked(windows, at, entity, months_to(period.last))

    @staticmethod
    def of_dates(period: Period, at: datetime, entity: str = "") -> Asked:
        """Any two dates: one window, no trend."""
        return Asked({CHOSEN: period}, at, entity)

    @property
    def kept_month(self) -> Period | None:
        """The month of which the lines keep their rows; None if they need not."""
        return self.windows.get(MONTH) if self.keeps_rows else None

    @property
    def whole(self) -> Period:
        """From the first day any window or month needs to the last."""
        every = [*self.windows.values(), *self.months]
        return Period(min(one.first for one in every), max(one.last for one in every))


@dataclass(frozen=True)
class Counted:
    """The rows a line counted in the month: their ids, those of the numerator of a share, and
    which table they are of ("casework.case").
    """

    ids: frozenset[int] = frozenset()
    counting: frozenset[int] = frozenset()
    table: str = ""

    def __or__(self, other: Counted) -> Counted:
        """The rows of both, which are of one table."""
        return Counted(
            self.ids | other.ids, self.counting | other.counting, self.table or other.table
        )


@dataclass
class Line:
    """One line of a measure: its words, its value in each window, and month by month.

    ``rows`` are those it counted in the month, where they were asked for and come with its
    numbers; None where they do not.
    """

    key: str
    label: str
    values: dict[str, Value] = field(default_factory=dict)
    months: list[Value] = field(default_factory=list)
    rows: Counted | None = field(default=None, compare=False)


Counter = Callable[[Asked], list[Line]]
"""Works out a measure's lines, each with a value for every window (and month, if asked)."""
Behind = Callable[[Asked], Items]
"""The rows a measure's figures count, not yet limited to a window.

What is no sum of months (what stands at an end, different people) is of the whole of what is
asked, and its moment is the last of it: ask :meth:`Measure.rows` for those of one window.
"""


@dataclass(frozen=True)
class Measure:
    """One of M01 to M40.  ``headline`` is the key of the line that speaks for it.

    ``adds_up`` says that its lines are parts of one whole, so that one hidden line could be
    worked out from the others (domain 5.4); ``wholes`` that they are parts of several, each a
    table of its own: what the keys of its lines begin with, and what it is called.
    ``twelve_only`` keeps it to twelve months in what is published: by strand, by area.
    ``waits_for`` says, instead of ``count``, what has to be collected first.
    """

    code: str
    name: str
    chapter: Chapter
    definition: str
    numerator: str
    denominator: str
    cohort: str
    exclusions: str
    source: str
    count: Counter | None = None
    behind: Behind | None = None
    headline: str = ""
    unit: str = ""
    adds_up: bool = False
    wholes: Mapping[str, str] = field(default_factory=dict)
    twelve_only: bool = False
    waits_for: str = ""
    part_waits: str = ""

    @property
    def collected(self) -> bool:
        """Whether there are figures."""
        return self.count is not None

    def lines(self, asked: Asked) -> list[Line]:
        """Its lines; of one not collected, a single line that says so."""
        if self.count is None:
            none = dict.fromkeys(asked.windows, Absent(self.waits_for))
            return [Line("", self.name, {**none})]
        return self.count(asked)

    def rows(self, asked: Asked, period: Period) -> Items | None:
        """The rows behind its figures of one period; None if it names none."""
        if self.behind is None:
            return None
        items = self.behind(Asked.of_dates(period, asked.at, asked.entity))
        return items.filter(at__gte=period.begins, at__lt=period.ends)
