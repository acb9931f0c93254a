"""Somebody who reads a published report and tries every number that could stand behind it.

Written apart from the code it tests.  It knows what adds up to what, what the wordings mean, and
more than a reader should: every rounded total exactly (from elsewhere), and of every "hidden"
whether it is 5 or more.  It narrows each number by each sum, then tries what is left one by one.
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.reporting.showing import Adds, Grid, Shown, Why
from cases.reporting.values import Count

FAR = 60
"""No number in these worlds is near it."""
Equation = tuple[str, list[str]]
Bounds = dict[str, tuple[int, int]]


def equations(grids: Iterable[Grid]) -> list[Equation]:
    """Totals and their parts, read off the tables."""
    found: list[Equation] = []
    for grid in grids:
        table = [[cell.id for cell in row.cells] for row in grid.rows]
        if grid.adds in (Adds.DOWN, Adds.BOTH) and grid.rows[-1].total:
            found += [(column[-1], column[:-1]) for column in map(list, zip(*table, strict=True))]
        if grid.adds in (Adds.ACROSS, Adds.BOTH) and grid.total_column:
            found += [(row[-1], row[:-1]) for row in table]
    return found


def read(shown: Shown, truth: int, under: int = 5) -> tuple[int, int]:
    """The numbers that may stand behind what is shown."""
    if shown.why in (Why.PLAIN, Why.ROUNDED):
        return truth, truth
    if shown.why == Why.FEWER:
        return 1, under - 1
    return (under if truth >= under else 0), FAR


def narrowed(bounds: Bounds, equations: list[Equation]) -> Bounds | None:
    """The bounds after every sum was used as often as it helps; None if they contradict it."""
    bounds = dict(bounds)
    while True:
        before = dict(bounds)
        for total, parts in equations:
            low = sum(bounds[one][0] for one in parts)
            high = sum(bounds[one][1] for one in parts)
            bounds[total] = max(bounds[total][0], low), min(bounds[total][1], high)
            for one in parts:
                least = bounds[total][0] - (high - bounds[one][1])
                most = bounds[total][1] - (low - bounds[one][0])
                bounds[one] = max(bounds[one][0], least), min(bounds[one][1], most)
        if any(low > high for low, high in bounds.values()):
            return None
        if bounds == before:
            return bounds


def possible(bounds: Bounds, equations: list[Equation]) -> bool:
    """Whether any numbers at all fit."""
    left = narrowed(bounds, equations)
    if left is None:
        return False
    open_ = [key for key, (low, high) in left.items() if low < high]
    if not open_:
        return True
    key = min(open_, key=lambda one: left[one][1] - left[one][0])
    return any(
        possible({**left, key: (number, number)}, equations)
        for number in range(left[key][0], left[key][1] + 1)
    )


def only_one(key: str, truth: int, bounds: Bounds, equations: list[Equation]) -> bool:
    """Whether nothing but the truth can stand behind one number."""
    low, high = bounds[key]
    others = (number for number in range(low, high + 1) if number != truth)
    return not any(possible({**bounds, key: (one, one)}, equations) for one in others)


def worked_out(grids: list[Grid], shown: dict[str, Shown]) -> list[str]:
    """The hidden counts of which the attacker knows the number after all."""
    truth = {
        cell.id: cell.value.number
        for grid in grids
        for row in grid.rows
        for cell in row.cells
        if isinstance(cell.value, Count)
    }
    bounds = {key: read(shown[key], number) for key, number in truth.items()}
    sums = equations(grids)
    return [
        key
        for key, number in truth.items()
        if shown[key].hidden and only_one(key, number, bounds, sums)
    ]
