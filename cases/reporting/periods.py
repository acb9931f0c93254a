"""The days a figure covers: a month, twelve of them, the reporting year, or any two dates.

All days are London's; a period holds both its ends.  Pure.  Source: domain 5.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cases.access import Answer, Refused
from cases.calendar import LONDON, add_months

YEAR_BEGINS = 4
"""The regulator's year begins on 1 April (domain 5.1)."""
TREND = 24
"""Months a trend looks back: the twelve of the year, and the twelve before."""
LONGEST = 10
"""Years that two dates may lie apart."""


@dataclass(frozen=True, order=True)
class Period:
    """From the first moment of ``first`` to the last of ``last``, in London."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The moment it begins, in UTC."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in UTC."""
        return _midnight(self.last + timedelta(days=1))

    def holds(self, at: datetime) -> bool:
        """Whether that moment lies in it."""
        return self.begins <= at < self.ends

    @property
    def is_month(self) -> bool:
        """Whether it is one calendar month."""
        return self == month_of(self.first)

    @property
    def words(self) -> str:
        """In words: "October 2026", else "1 November 2025 to 31 October 2026"."""
        if self.is_month:
            return f"{self.first:%B %Y}"
        return f"{_day(self.first)} to {_day(self.last)}"


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    first = day.replace(day=1)
    return Period(first, add_months(first, 1) - timedelta(days=1))


def month_before(day: date) -> Period:
    """The last whole month before a day: what is reported on it."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def twelve_months(last: date) -> Period:
    """The twelve months that end on ``last``: "rolling 12"."""
    return Period(add_months(last + timedelta(days=1), -12), last)


def twelve_before(year: Period) -> Period:
    """The twelve months before those."""
    return twelve_months(year.first - timedelta(days=1))


def reporting_year(day: date) -> Period:
    """The regulator's year of a day: 1 April to 31 March."""
    year = day.year if day.month >= YEAR_BEGINS else day.year - 1
    return Period(date(year, YEAR_BEGINS, 1), date(year + 1, YEAR_BEGINS, 1) - timedelta(days=1))


def year_to_date(last: date) -> Period:
    """The reporting year as far as ``last``."""
    return Period(reporting_year(last).first, last)


def months_to(last: date, count: int = TREND) -> tuple[Period, ...]:
    """So many whole months, oldest first, of which the newest is that of ``last``."""
    newest = month_of(last).first
    return tuple(month_of(add_months(newest, -back)) for back in reversed(range(count)))


def between(first: date, last: date) -> Period:
    """Any two dates.  Raises Refused for an end before the beginning, or ten years apart."""
    if last < first:
        raise Refused(Answer("The last day is before the first."))
    if last > add_months(first, 12 * LONGEST):
        raise Refused(Answer(f"Choose days not more than {LONGEST} years apart."))
    return Period(first, last)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0, 0), LONDON).astimezone(UTC)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
