"""The figures of a snapshot by measure and line, by quarter, and the words for their windows.

Pure.  Source: domain 5.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cases.calendar import add_months
from cases.reporting.collecting import Figures
from cases.reporting.measure import BEFORE, CHOSEN, MONTH, TO_DATE, YEAR, Line
from cases.reporting.periods import TREND, Period, month_of, reporting_year
from cases.reporting.values import Count, Value

QUARTER = 3
"""Months in a quarter; the newest ends with the month of the report."""

Lines = Mapping[str, Line]
ByCode = Mapping[str, Lines]
"""The lines of every measure, by its code and then by the line's key, in their order."""


OPENED = ("M03", "opened")
"""The line that speaks for the report as a whole: hate crime cases opened."""
OF_REGULATOR = ("M04", "policy")
"""The same number, where the regulator's is worked out from it."""


def cell_id(code: str, key: str, window: str) -> str:
    """What a quantity is called wherever it stands: "M03/opened/year"."""
    return f"{code}/{key}/{window}"


def by_code(figures: Figures) -> ByCode:
    """Every line of every measure."""
    return {
        code: {line.key: line for line in lines} for code, lines in sorted(figures.lines.items())
    }


def period_of(figures: Figures) -> Period:
    """The month a report is of, else the days that were chosen."""
    return figures.windows.get(MONTH) or figures.windows[CHOSEN]


def window_words(period: Period) -> dict[str, str]:
    """What stands over the column of each window."""
    return {
        MONTH: f"{period.last:%B %Y}",
        YEAR: f"12 months to {period.last:%B %Y}",
        BEFORE: "The 12 months before",
        TO_DATE: f"Since 1 April {reporting_year(period.last).first.year}",
        CHOSEN: period.words[:1].upper() + period.words[1:],
    }


def quarters_to(last: date) -> tuple[Period, ...]:
    """The eight quarters of the trend, oldest first, of which the newest ends with ``last``."""
    end = month_of(last).first
    firsts = [add_months(end, 1 - QUARTER * back) for back in range(1, TREND // QUARTER + 1)]
    return tuple(
        Period(first, month_of(add_months(first, QUARTER - 1)).last) for first in reversed(firsts)
    )


def by_quarter(line: Line) -> tuple[Value, ...]:
    """A line's months, three and three together; nothing, if it has no trend of numbers."""
    months = [value for value in line.months if isinstance(value, Count)]
    if len(months) != TREND:
        return ()
    return tuple(
        Count(sum(value.number for value in months[at : at + QUARTER]))
        for at in range(0, TREND, QUARTER)
    )


def quarter_words(quarter: Period) -> tuple[str, str]:
    """ "Nov to Jan", and the year below it: "2024 to 25"."""
    first, last = quarter.first, quarter.last
    years = f"{first:%Y}" if first.year == last.year else f"{first:%Y} to {last:%y}"
    return f"{first:%b} to {last:%b}", years
