"""How each age was served beside everybody else: the percentage points between the two (M33).

Worked out from the percentages that are counted already, so that it can be said of a report that
was kept before anybody asked.  Those of unknown age are in neither.  Pure.
Source: domain 5.3 M33; HC-46.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cases.reporting.choices import AgeBand
from cases.reporting.composing_figures import cell_id
from cases.reporting.equality import GAP_FROM, SHARES_FROM
from cases.reporting.figure_words import LOOK
from cases.reporting.measure import BEFORE, CHOSEN, YEAR, Line
from cases.reporting.showing import Adds, Cell, Grid, Row, Shown, Why
from cases.reporting.values import Difference, Share, Value

SERVED = "M33"
WINDOWS = (YEAR, BEFORE, CHOSEN)
"""By age there is no month in what is shared (domain 5.4)."""
TITLE = "Beside everybody else, in percentage points"
NOTE = (
    f"A difference is given where at least {SHARES_FROM} stand behind both percentages; below that "
    f"it is “too few”. From {GAP_FROM} points, either way, it is to be looked into. Those of "
    "unknown age are on neither side."
)
NOTHING_FOUND = (
    f"In the last 12 months no age was served {GAP_FROM} points or more otherwise than everybody "
    "else, where there are enough to compare."
)
NOT_SHOWN = (
    "How each age was served beside everybody else is not shown for the last 12 months: it would "
    "tell of too few people."
)
TOO_FEW = "In the last 12 months there were too few of every age to compare how each was served."


class Compared(NamedTuple):
    """The key of a group's line, its label, and the keys of all the others it is compared with."""

    key: str
    label: str
    others: tuple[str, ...]


def compared(lines: Iterable[Line]) -> list[Compared]:
    """Every group, with those of the same promise it is compared with."""
    known = [one for one in lines if not one.key.endswith(AgeBand.UNKNOWN)]
    promises: dict[str, list[Line]] = {}
    for line in known:
        promises.setdefault(line.key.partition("-")[0], []).append(line)
    return [
        Compared(line.key, line.label, tuple(one.key for one in group if one is not line))
        for group in promises.values()
        for line in group
    ]


def differences(lines: Iterable[Line]) -> list[Line]:
    """A line for each group, with its difference in every window."""
    keyed = {line.key: line for line in lines}
    return [
        Line(
            f"{one.key}-difference",
            one.label,
            {
                window: difference(value, [keyed[key].values.get(window) for key in one.others])
                for window, value in keyed[one.key].values.items()
            },
        )
        for one in compared(keyed.values())
    ]


def difference(own: Value, others: Iterable[Value | None]) -> Difference:
    """A percentage beside that of all the others together."""
    mine = own if isinstance(own, Share) else Share()
    rest = sum((one for one in others if isinstance(one, Share)), Share())
    return Difference(mine.number, mine.of, rest.number, rest.of)


def difference_grid(grid: Grid, lines: Mapping[str, Line]) -> Grid:
    """The table of the differences between the groups of the table of M33."""
    cells = {cell.id: cell for row in grid.rows for cell in row.cells}
    windows = [cell.id.rpartition("/")[2] for row in grid.rows[:1] for cell in row.cells]
    rows = tuple(
        Row(one.label, tuple(_cell(one, window, cells) for window in windows))
        for one in compared(lines.values())
    )
    return Grid(
        f"{SERVED}/differences", TITLE, grid.columns, rows, first="Whose percentage", note=NOTE
    )


def _cell(one: Compared, window: str, cells: Mapping[str, Cell]) -> Cell:
    own, *others = (cells[cell_id(SERVED, key, window)] for key in (one.key, *one.others))
    value = difference(own.value, [other.value for other in others])
    ids = (own.id, *(other.id for other in others))
    return Cell(cell_id(SERVED, f"{one.key}-difference", window), value, made_of=ids)


def looked_into(grid: Grid, cells: Mapping[str, Shown]) -> tuple[str, ...]:
    """What the chapter says of the last 12 months: what is to be looked into, or that nothing
    is.  No sentence says what is hidden.
    """
    shown = [
        (row.label, cells[cell.id])
        for row in grid.rows
        for cell in row.cells
        if cell.id.endswith(f"/{YEAR}")
    ]
    if not shown:
        return ()
    if all(one.why != Why.PLAIN for _, one in shown):
        return (NOT_SHOWN if any(one.why == Why.BESIDE for _, one in shown) else TOO_FEW,)
    found = [(label, one) for label, one in shown if one.text.endswith(LOOK)]
    if not found:
        return (NOTHING_FOUND,)
    return tuple(
        f"To be looked into: {label}, {one.text.removesuffix(LOOK).rstrip(', ')} than for "
        "everybody else in the last 12 months."
        for label, one in found
    )


def served_sums(figures: Mapping[str, Mapping[str, Line]]) -> list[Grid]:
    """Every promise stands on the line of one age, and all of them in the measure of it (M10,
    M13): what no line of an age says must not follow from the others.
    """
    lines = figures.get(SERVED, {})
    found = []
    for prefix, code in (("contact", "M10"), ("plan", "M13")):
        whole = figures.get(code, {}).get("")
        parts = [line for key, line in lines.items() if key.partition("-")[0] == prefix]
        for window in WINDOWS if whole and parts else ():
            lines_of = [*parts, whole] if whole else parts
            if all(window in line.values for line in lines_of):
                found.append(_down(f"served/{prefix}/{window}", code, lines_of, window))
    return found


def _down(name: str, code: str, lines: list[Line], window: str) -> Grid:
    """The ages, and last their whole, as a table that nobody is shown."""
    *parts, whole = lines
    rows = [Row("", (Cell(cell_id(SERVED, one.key, window), one.values[window]),)) for one in parts]
    total = Row("", (Cell(cell_id(code, whole.key, window), whole.values[window]),), total=True)
    return Grid(name, "", ("",), (*rows, total), Adds.DOWN)
