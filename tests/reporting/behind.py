"""A figure must be what anybody counts in the rows behind it, line by line and window by window."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest

from cases.reporting.measure import Asked, Measure, tables
from cases.reporting.values import Absent, Count, Days, Middle, Rate, Ratio, Share, Value


def rows_behind(measure: Measure, asked: Asked, window: str) -> dict[str, list[Any]]:
    """The rows behind every line of one window, read one by one."""
    items = measure.rows(asked, asked.windows[window])
    assert items is not None
    found: dict[str, list[Any]] = {}
    for rows in tables(items):
        for row in rows:
            assert asked.windows[window].holds(row.at)
            found.setdefault(row.line, []).append(row)
    return found


def same_as_behind(measure: Measure, asked: Asked) -> None:
    """Fail unless every figure is the number of rows behind it, those that count in a share."""
    lines = measure.lines(asked)
    assert len({line.key for line in lines}) == len(lines)
    for line in lines:
        assert set(line.values) == set(asked.windows)
        assert not line.months or len(line.months) == len(asked.months)
    if measure.behind is None:
        return
    for window in asked.windows:
        found = rows_behind(measure, asked, window)
        assert set(found) <= {line.key for line in lines}, "rows on a line nobody shows"
        for line in lines:
            _same(line.values[window], found.get(line.key, []), f"{measure.code}/{line.key}")


def _same(value: Value, rows: list[Any], where: str) -> None:
    assert len({row.pk for row in rows}) == len(rows), where
    counting = [row for row in rows if getattr(row, "counts", True)]
    match value:
        case Share():
            assert (value.number, value.of) == (len(counting), len(rows)), where
        case Middle():
            assert value.of == len(rows), where
            lengths = [row.length for row in rows]
            assert value.median == (pytest.approx(median(lengths)) if lengths else None), where
        case Count() | Rate():
            assert value.number == len(counting) == len(rows), where
        case Ratio():
            assert value.harmed == len(rows), where
        case Absent() | Days():
            pass
