"""Reading the figures from outside: homes, and the antisocial behaviour team's totals.

Both tables are small and only added to, so each is read whole, once, and asked in memory.
Whatever was entered after the moment of asking is not there yet.  Source: domain 5.1, 5.3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases.calendar import add_months
from cases.people.choices import StockClass
from cases.reporting.models import AsbTotal, HomesCount
from cases.reporting.periods import Period, month_of

REGULATED = (StockClass.LCRA, StockClass.LCHO)
"""The regulator's stock: low cost rental and low cost home ownership together (domain 5.1)."""
NO_HOMES = "The number of homes is not supplied."
WHOLE_MONTHS = "The antisocial behaviour team counts by month: choose whole months."


@dataclass(frozen=True)
class _Homes:
    entity: str
    area: str
    stock_class: str
    homes: int
    counted_on: date


@dataclass(frozen=True)
class Homes:
    """Every count of homes there is, oldest first.

    A row is the homes of one company in one area of one class.  Without an area, or a company,
    it is those in none: rows are added up, so no row may be the sum of others.
    """

    rows: tuple[_Homes, ...]

    def on(self, day: date, classes: Collection[str] = StockClass.values) -> int | None:
        """How many homes there were on a day; None if nobody had counted any by then."""
        newest = [row for row in self._newest(day) if row.stock_class in classes]
        return sum(row.homes for row in newest) if newest else None

    def by_area(self, day: date) -> dict[str, int]:
        """Homes of every class, by area."""
        return _summed((row.area, row.homes) for row in self._newest(day))

    def by_entity(self, day: date) -> dict[str, int]:
        """Homes of every class, by the company's code."""
        return _summed((row.entity, row.homes) for row in self._newest(day))

    def _newest(self, day: date) -> Iterable[_Homes]:
        """The newest row of each company, area and class, counted on or before the day."""
        found: dict[tuple[str, str, str], _Homes] = {}
        for row in self.rows:
            if row.counted_on <= day:
                found[row.entity, row.area, row.stock_class] = row
        return found.values()


def _summed(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for key, homes in rows:
        found[key] += homes
    return dict(found)


def homes(at: datetime, entity: str = "") -> Homes:
    """The counts of homes entered by ``at``, of one company or of all: one query."""
    rows = HomesCount.objects.filter(at__lte=at)
    if entity:
        rows = rows.filter(entity__code=entity)
    fields = ("entity__code", "area", "stock_class", "homes", "counted_on")
    return Homes(
        tuple(
            _Homes(code or "", *rest)
            for code, *rest in rows.order_by("counted_on", "id").values_list(*fields)
        )
    )


@dataclass(frozen=True)
class Total:
    """What the antisocial behaviour team said of one month."""

    opened: int
    with_hate: bool


@dataclass(frozen=True)
class AsbTotals:
    """The newest total of each company ("": of none in particular) and month."""

    totals: Mapping[tuple[str, date], Total]

    def missing(self, period: Period) -> str:
        """What is not there for a period, in a sentence; "" if everything is.

        A company that told us of any month of it is asked for every month.
        """
        months = whole_months(period)
        if not months:
            return WHOLE_MONTHS
        wanted = {code for code, month in self.totals if month in months} or {""}
        gaps = [
            f"{_in_words(gap)}{f' ({code})' if code else ''}"
            for code in sorted(wanted)
            if (gap := [month for month in months if (code, month) not in self.totals])
        ]
        if not gaps:
            return ""
        return f"Not supplied by the antisocial behaviour team: {'; '.join(gaps)}."

    def opened(self, period: Period) -> int:
        """The cases they opened in the months of a period, as far as they told us."""
        months = whole_months(period)
        return sum(total.opened for (_, month), total in self.totals.items() if month in months)

    def holding_hate(self) -> Iterable[tuple[str, date, frozenset[str]]]:
        """The company and month of each total that has our hate cases in it already, and the
        companies that have a total of their own for that month.
        """
        for (code, month), total in self.totals.items():
            if total.with_hate:
                own = frozenset(one for one, when in self.totals if one and when == month)
                yield code, month, own


def whole_months(period: Period) -> list[date]:
    """The first days of the months a period is made of; none if it is not made of whole ones."""
    if period.first.day != 1 or month_of(period.last).last != period.last:
        return []
    months, month = [], period.first
    while month <= period.last:
        months.append(month)
        month = add_months(month, 1)
    return months


def _in_words(months: Sequence[date]) -> str:
    """Months in words, those after each other as one: "April 2026 to June 2026"."""
    runs: list[list[date]] = []
    for month in months:
        if runs and add_months(runs[-1][-1], 1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(
        f"{run[0]:%B %Y}" if len(run) == 1 else f"{run[0]:%B %Y} to {run[-1]:%B %Y}" for run in runs
    )


def asb_totals(at: datetime, entity: str = "") -> AsbTotals:
    """The totals entered by ``at``, of one company or of all: one query."""
    rows = AsbTotal.objects.filter(at__lte=at)
    if entity:
        rows = rows.filter(entity__code=entity)
    fields = ("entity__code", "month", "opened", "with_hate")
    # In the order of entering: a later row of the same month takes the place of an earlier.
    found = {
        (code or "", month): Total(opened, with_hate)
        for code, month, opened, with_hate in rows.order_by("id").values_list(*fields)
    }
    return AsbTotals(found)
