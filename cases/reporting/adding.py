"""What adds up to what in the tables of a report, and what gives what away.

Pure.  Source: domain 5.4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from cases.reporting.deriving import Sum
from cases.reporting.showing import Adds, Cell, Grid
from cases.reporting.values import Absent, Count, Rate, Ratio, Share, Value


@dataclass(frozen=True)
class Line:
    """Cells of one kind that are parts of a whole, and the whole if it is in the table."""

    parts: tuple[str, ...]
    total: str | None


def values_of(grids: Sequence[Grid]) -> dict[str, Value]:
    """The figure of every ``Cell.id``.  Raises ValueError if it is not the same everywhere."""
    values: dict[str, Value] = {}
    for grid in grids:
        for row in grid.rows:
            for cell in row.cells:
                if values.setdefault(cell.id, cell.value) != cell.value:
                    raise ValueError(f"{cell.id} in {grid.key} is another number elsewhere")
    return values


def lines_of(grids: Sequence[Grid]) -> Iterator[Line]:
    """Every row and column of which the cells are parts of a whole, kind by kind; and every
    run of percentages that are parts of one whole, whether or not their table says so.
    """
    for grid in grids:
        yield from _wholes(grid)
        if grid.adds in (Adds.DOWN, Adds.BOTH):
            parts = [row.cells for row in grid.rows if not row.total]
            totals = [row.cells for row in grid.rows if row.total]
            for at in range(len(grid.columns)):
                whole = [cells[at] for cells in totals[-1:] if at < len(cells)]
                yield from _by_kind([cells[at] for cells in parts if at < len(cells)], whole)
        if grid.adds in (Adds.ACROSS, Adds.BOTH):
            for row in grid.rows:
                cut = len(row.cells) - 1 if grid.total_column else len(row.cells)
                yield from _by_kind(row.cells[:cut], row.cells[cut:])


def _by_kind(parts: Sequence[Cell], whole: Sequence[Cell]) -> Iterator[Line]:
    for kind in (Count, Share, Rate):
        keys = tuple(cell.id for cell in parts if isinstance(cell.value, kind))
        total = next((cell.id for cell in whole if isinstance(cell.value, kind)), None)
        if keys:
            yield Line(keys, total)


def twins_of(
    grids: Sequence[Grid], values: Mapping[str, Value], lines: Iterable[Line]
) -> Iterator[tuple[str, str]]:
    """Counts, each with a figure that would give it away: one of the same number in a row of the
    same label; that part of the same whole, or all but that part, as a percentage; or the whole
    that it is all of.

    Two by chance alike cost one percentage; the leak would cost more.
    """
    yield from _by_label(grids)
    shares: dict[tuple[int, int], list[str]] = defaultdict(list)
    for key, value in values.items():
        if isinstance(value, Share):
            for number in {value.number, value.of - value.number}:
                shares[number, value.of].append(key)
    for line in lines:
        whole = values[line.total] if line.total else None
        if isinstance(whole, Count):
            if line.total and len(line.parts) == 1:
                yield from permutations((line.total, *line.parts))
            for part in line.parts:
                yield from ((part, one) for one in shares[number_of(values[part]), whole.number])


def _by_label(grids: Sequence[Grid]) -> Iterator[tuple[str, str]]:
    counts: dict[tuple[str, int], set[str]] = defaultdict(set)
    cells = [(row.label, cell) for grid in grids for row in grid.rows for cell in row.cells]
    for label, cell in cells:
        if isinstance(cell.value, Count) and label:
            counts[label, cell.value.number].add(cell.id)
    for label, cell in cells:
        for number in _made_of(cell.value):
            for count in sorted(counts.get((label, number), ())):
                yield count, cell.id


def _made_of(value: Value) -> tuple[int, ...]:
    match value:
        case Share() | Rate():
            return value.number, value.of
        case Ratio():
            return value.harmed, value.others_harmed
    return ()


def _wholes(grid: Grid) -> Iterator[Line]:
    """Percentages below each other, of one number, that together are all of it."""
    if grid.adds in (Adds.DOWN, Adds.BOTH):
        return
    for at in range(len(grid.columns)):
        column = [row.cells[at] for row in grid.rows if at < len(row.cells)]
        while column:
            run = _run(column)
            if len(run) > 1:
                yield Line(tuple(run), None)
            column = column[max(len(run), 1) :]


def _run(column: Sequence[Cell]) -> list[str]:
    """The cells from the first on that make a whole; none if they do not."""
    keys: list[str] = []
    of = left = 0
    for cell in column:
        value = cell.value
        if not isinstance(value, Share):
            break
        if not keys:
            of = left = value.of
        if not of or value.of != of or value.number > left:
            break
        left -= value.number
        keys.append(cell.id)
    return [] if left else keys


@dataclass(frozen=True)
class Compared:
    """Groups that are each compared with all the others, in one column: together ``known``
    victims.  Each ratio tells its group's number, so what is left tells that of ``without``,
    the groups that have none.
    """

    ratios: tuple[tuple[str, int], ...]
    without: int
    known: int


def compared_in(grids: Sequence[Grid]) -> Iterator[Compared]:
    """The groups of every column of ratios, with how many of each were harmed."""
    for grid in grids:
        for at in range(len(grid.columns)):
            cells = [row.cells[at] for row in grid.rows if at < len(row.cells)]
            found: dict[int, list[tuple[str, int]]] = defaultdict(list)
            for cell in cells:
                if isinstance(cell.value, Ratio):
                    known = cell.value.harmed + cell.value.others_harmed
                    found[known].append((cell.id, cell.value.harmed))
            without = sum(isinstance(cell.value, Absent) for cell in cells)
            for known, ratios in found.items():
                yield Compared(tuple(ratios), without, known)


def number_of(value: Value) -> int:
    """The count, or the numerator; 0 of what has none."""
    return value.number if isinstance(value, (Count, Share, Rate)) else 0


def size_of(value: Value) -> tuple[int, int]:
    """For choosing the smallest: of percentages of different wholes, that of the smallest whole."""
    if isinstance(value, Share):
        return value.of, value.number
    return number_of(value), 0


def denominator_of(key: str) -> str:
    """The key of a percentage's denominator; its numerator has that of the percentage."""
    return f"{key} of"


def rest_of(key: str) -> str:
    """The key of what lies between a percentage's numerator and its denominator."""
    return f"{key} rest"


def atoms_of(values: dict[str, Value]) -> dict[str, tuple[str, int]]:
    """The whole numbers figures are made of: by a key, whose they are and how many."""
    atoms: dict[str, tuple[str, int]] = {}
    for key, value in values.items():
        if isinstance(value, (Count, Share, Rate)):
            atoms[key] = key, value.number
        if isinstance(value, Share):
            atoms[denominator_of(key)] = key, value.of
            atoms[rest_of(key)] = key, value.of - value.number
    return atoms


def sums_of(values: dict[str, Value], lines: Iterable[Line]) -> Iterator[Sum]:
    """All that a reader knows to add up."""
    for key, value in values.items():
        if isinstance(value, Share):
            yield denominator_of(key), (key, rest_of(key))
    for line in lines:
        parts = [values[key] for key in line.parts]
        if line.total is None:
            yield from _of_one(line.parts, parts)
            continue
        yield line.total, line.parts
        whole = values[line.total]
        if isinstance(whole, Share):
            yield from _of_shares(line.total, whole, line.parts, parts)


def _of_one(keys: Sequence[str], parts: Sequence[Value]) -> Iterator[Sum]:
    """Percentages that together are all of one number."""
    shares = [part for part in parts if isinstance(part, Share)]
    if {part.of for part in shares} == {sum(part.number for part in shares)}:
        yield denominator_of(keys[0]), tuple(keys)
        yield from ((denominator_of(keys[0]), (denominator_of(key),)) for key in keys[1:])


def _of_shares(
    total: str, whole: Share, keys: Sequence[str], parts: Sequence[Value]
) -> Iterator[Sum]:
    """Percentages of parts of the whole: their denominators add up.  Of the same whole: all of
    them have the one denominator.
    """
    if sum(part.of for part in parts if isinstance(part, Share)) == whole.of:
        yield denominator_of(total), tuple(map(denominator_of, keys))
    else:
        yield from ((denominator_of(total), (denominator_of(key),)) for key in keys)
