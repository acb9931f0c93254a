"""Which days and moments a figure covers: London's months, at every edge they have."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.access import Refused
from cases.calendar import LONDON
from cases.reporting.periods import (
    Period,
    between,
    month_before,
    month_of,
    months_to,
    reporting_year,
    twelve_before,
    twelve_months,
    year_to_date,
)

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def london(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


@pytest.mark.parametrize(
    ("at", "month"),
    [
        # 31 March 23:30 in summer time is 22:30 of the same day in UTC
        (london("2026-03-31T23:30"), "March 2026"),
        (datetime(2026, 3, 31, 22, 59, 59, 999999, UTC), "March 2026"),
        (datetime(2026, 3, 31, 23, 0, tzinfo=UTC), "April 2026"),
        (london("2026-04-01T00:00"), "April 2026"),
        # the end of a month in summer time, read in UTC, is an hour early
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "July 2026"),
        # the clocks go forward on 29 March 2026 at 1, and back on 25 October at 2
        (london("2026-03-29T00:59"), "March 2026"),
        (london("2026-03-29T02:00"), "March 2026"),
        (london("2026-10-25T01:30", fold=0), "October 2026"),
        (london("2026-10-25T01:30", fold=1), "October 2026"),
        (datetime(2026, 10, 31, 23, 59, tzinfo=UTC), "October 2026"),
        (datetime(2026, 11, 1, 0, 0, tzinfo=UTC), "November 2026"),
        # leap day, and the end of a February without one
        (london("2028-02-29T23:59"), "February 2028"),
        (london("2028-03-01T00:00"), "March 2028"),
        (london("2026-02-28T23:59"), "February 2026"),
        # the end of a year
        (london("2026-12-31T23:59:59"), "December 2026"),
        (london("2027-01-01T00:00"), "January 2027"),
        # a year in which the last day of March is the day the clocks change (2024)
        (london("2024-03-31T00:30"), "March 2024"),
        (datetime(2024, 3, 31, 23, 30, tzinfo=UTC), "April 2024"),
    ],
)
def test_a_moment_is_in_one_month(at: datetime, month: str) -> None:
    here = month_of(at.astimezone(LONDON).date())
    assert here.words == month
    assert here.holds(at)
    assert not month_of(here.first - timedelta(days=1)).holds(at)
    assert not month_of(here.last + timedelta(days=1)).holds(at)


@pytest.mark.parametrize(
    ("month", "begins", "ends", "hours"),
    [
        (date(2026, 3, 1), "2026-03-01T00:00Z", "2026-03-31T23:00Z", 31 * 24 - 1),
        (date(2026, 10, 1), "2026-09-30T23:00Z", "2026-11-01T00:00Z", 31 * 24 + 1),
        (date(2026, 7, 1), "2026-06-30T23:00Z", "2026-07-31T23:00Z", 31 * 24),
        (date(2028, 2, 1), "2028-02-01T00:00Z", "2028-03-01T00:00Z", 29 * 24),
    ],
)
def test_moments_in_utc(month: date, begins: str, ends: str, hours: int) -> None:
    period = month_of(month)
    assert period.begins == datetime.fromisoformat(begins)
    assert period.ends == datetime.fromisoformat(ends)
    assert period.ends - period.begins == timedelta(hours=hours)


@given(days, days)
def test_months_follow_each_other_without_gap(day: date, other: date) -> None:
    month = month_of(day)
    assert month.is_month
    assert month.first <= day <= month.last
    assert (month_of(other) == month) == ((other.year, other.month) == (day.year, day.month))
    after = month_of(month.last + timedelta(days=1))
    assert month.ends == after.begins
    assert month_before(after.first) == month


@given(days)
def test_twelve_months(day: date) -> None:
    last = month_of(day).last
    year = twelve_months(last)
    months = months_to(last, 24)
    assert [*months[12:]] == [one for one in months if year.first <= one.first]
    assert (year.first, year.last) == (months[12].first, months[23].last)
    before = twelve_before(year)
    assert (before.first, before.last) == (months[0].first, months[11].last)
    assert all(one.ends == two.begins for one, two in pairwise(months))
    assert not year.is_month


@given(days)
def test_the_regulators_year(day: date) -> None:
    year = reporting_year(day)
    assert (year.first.month, year.first.day, year.last.month, year.last.day) == (4, 1, 3, 31)
    assert year.first <= day <= year.last
    assert year_to_date(day) == Period(year.first, day)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 3, 31), date(2025, 4, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 1), date(2027, 3, 31)),
        (date(2028, 2, 29), date(2027, 4, 1), date(2028, 3, 31)),
    ],
)
def test_years_at_their_edges(day: date, first: date, last: date) -> None:
    assert reporting_year(day) == Period(first, last)


def test_twelve_months_over_a_leap_day() -> None:
    assert twelve_months(date(2028, 2, 29)) == Period(date(2027, 3, 1), date(2028, 2, 29))
    assert twelve_before(twelve_months(date(2029, 2, 28))) == Period(
        date(2027, 3, 1), date(2028, 2, 29)
    )


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (month_of(date(2026, 10, 9)), "October 2026"),
        (Period(date(2025, 11, 1), date(2026, 10, 31)), "1 November 2025 to 31 October 2026"),
        (Period(date(2026, 10, 1), date(2026, 10, 30)), "1 October 2026 to 30 October 2026"),
    ],
)
def test_words(period: Period, words: str) -> None:
    assert period.words == words


def test_any_two_dates() -> None:
    day = date(2028, 2, 29)
    assert between(day, day) == Period(day, day)
    assert between(day, date(2038, 2, 28)).last == date(2038, 2, 28)
    with pytest.raises(Refused, match="before the first"):
        between(day, date(2028, 2, 28))
    with pytest.raises(Refused, match="not more than 10 years"):
        between(day, date(2038, 3, 1))
