"""A figure must be what anybody counts in the rows behind it, line by line and window by window."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import Any

import pytest

from cases.reporting.measure import MONTH, Asked, Counted, Line, Measure, tables
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
    lines = measure.lines(replace(asked, keeps_rows=True))
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
        if window == MONTH and any(line.rows for line in lines):
            assert _kept(lines) == {key: _as_kept(rows) for key, rows in found.items() if rows}


def _kept(lines: list[Line]) -> dict[str, Counted]:
    """The rows that came with the numbers of the month, where there are any."""
    return {line.key: line.rows for line in lines if line.rows and line.rows.ids}


def _as_kept(rows: list[Any]) -> Counted:
    counting = frozenset(row.pk for row in rows if getattr(row, "counts", False))
    return Counted(frozenset(row.pk for row in rows), counting, rows[0]._meta.label_lower)


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
