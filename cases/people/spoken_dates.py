"""Dates as people write them.  Pure; a two-digit year is read in both centuries."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH = r"(?P<word>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:ST|ND|RD|TH)?"
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_GAP = r"[\s/.,\-]*"
_SHAPES = tuple(
    re.compile(rf"(?<![\w/]){shape}(?![\w/])")
    for shape in (
        r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}})\s*[-/. ]\s*(?P<month>\d{{1,2}})\s*[-/. ]\s*{_YEAR}",
        rf"{_DAY}{_GAP}(?:OF\s+)?{_MONTH}{_GAP}{_YEAR}",
        rf"{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{2})",
    )
)


def take_dates(text: str) -> tuple[str, list[date]]:
    """The text (in capitals) without its dates, and every day they may mean."""
    found: list[date] = []
    for shape in _SHAPES:
        for match in list(shape.finditer(text)):
            if days := _days(match.groupdict()):
                found.extend(day for day in days if day not in found)
                start, end = match.span()
                text = text[:start] + " " * (end - start) + text[end:]
    return text, found


def _days(parts: dict[str, str | None]) -> list[date]:
    year, day = (parts["year"] or "").strip("'"), int(parts["day"] or 0)
    word = parts.get("word")
    month = _MONTHS.index(word) + 1 if word else int(parts["month"] or 0)
    if month > 12 >= day and not word:
        day, month = month, day  # month first, as some calendars write it
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    return [made for each in years if (made := _date(each, month, day))]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= 1900 else None
    except ValueError:
        return None
