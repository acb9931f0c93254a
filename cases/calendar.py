"""Counting time: elapsed hours, working hours and days, calendar months.

All moments are aware datetimes.  Elapsed time is counted in UTC, so that the two clock
changes of the year add and remove nothing; days and opening hours are those of
Europe/London.  Pure.  Source: domain 4.3, 6.1.
"""

from __future__ import annotations

import calendar as _calendar
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
OPENS = time(9, 0)
CLOSES = time(17, 0)
SATURDAY = 5


def london_date(at: datetime) -> date:
    """The calendar day in London at that moment."""
    return at.astimezone(LONDON).date()


def add_elapsed(start: datetime, hours: float) -> datetime:
    """``start`` plus so many hours that really pass (weekends, holidays and nights count)."""
    return start.astimezone(UTC) + timedelta(hours=hours)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Monday to Friday and not a bank holiday in England."""
    return day.weekday() < SATURDAY and day not in holidays


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """The first working day after ``day``."""
    day += timedelta(days=1)
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def add_working_days(start: datetime, days: int, holidays: Collection[date]) -> datetime:
    """The end of the working day, so many working days after the day of ``start``."""
    day = london_date(start)
    for _ in range(days):
        day = next_working_day(day, holidays)
    return datetime.combine(day, CLOSES, LONDON).astimezone(UTC)


def add_working_hours(start: datetime, hours: float, holidays: Collection[date]) -> datetime:
    """``start`` plus so many hours of Monday to Friday, 9am to 5pm in London."""
    left = timedelta(hours=hours)
    local = start.astimezone(LONDON)
    day = local.date()
    begin = local.timetz().replace(tzinfo=None)
    while True:
        if is_working_day(day, holidays):
            opens = datetime.combine(day, max(begin, OPENS), LONDON)
            closes = datetime.combine(day, CLOSES, LONDON)
            if opens < closes:
                if opens + left <= closes:
                    return (opens + left).astimezone(UTC)
                left -= closes - opens
        day += timedelta(days=1)
        begin = OPENS


def end_of_day(at: datetime) -> datetime:
    """5pm of the same London day, or midnight when 5pm has passed: "same day"."""
    day = london_date(at)
    closes = datetime.combine(day, CLOSES, LONDON).astimezone(UTC)
    if at <= closes:
        return closes
    return datetime.combine(day + timedelta(days=1), time(0, 0), LONDON).astimezone(UTC)


def in_hours(at: datetime, holidays: Collection[date]) -> bool:
    """Whether the office is open at that moment."""
    local = at.astimezone(LONDON)
    return is_working_day(local.date(), holidays) and OPENS <= local.time() < CLOSES


def add_months(day: date, months: int) -> date:
    """The corresponding day of a later month, or its last day if it has no such day."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, _calendar.monthrange(year, month)[1]))
