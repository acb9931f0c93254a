"""The tables of a report before anything is hidden: one for each measure, and the first page's.

All of them are hidden together, so that what one table hides no other gives away.  Where two
figures that are both shown would tell a third by subtraction (a month out of its twelve), that
third stands in a table of its own, which nobody is shown: :func:`differences`.

Pure.  Source: domain 5.4, 5.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from cases.reporting.choices import Profile
from cases.reporting.composing_figures import (
    OF_REGULATOR,
    OPENED,
    ByCode,
    Lines,
    by_quarter,
    cell_id,
)
from cases.reporting.measure import BEFORE, CHOSEN, MONTH, TO_DATE, YEAR, Line, Measure
from cases.reporting.measures import breakdown
from cases.reporting.showing import Adds, Cell, Grid, Row
from cases.reporting.suppression import Limits
from cases.reporting.values import Absent, Count, Rate, Share, Value

STRANDS = "M30"
REGULATOR = "M04"
TO_DATE_TOO = ("M04", "M05")
"""The regulator's measures are for its year, from 1 April (domain 5.1)."""
ALL, HOMES = "*", "homes"
"""The keys of a total that is only the sum of its lines, and of the homes of a rate."""

MORE = "A case can have more than one strand, so they add up to more than the cases."
_INSIDE = (
    *((MONTH, "quarter8"), ("quarter8", YEAR), (MONTH, YEAR)),
    *((MONTH, TO_DATE), (TO_DATE, YEAR)),
)
"""Windows of which the first lies in the second."""
_LONG_OPEN = (("M26", "over-180"), ("M26", "over-90"), ("M03", "live"))
"""Lines of which each counts some of the next."""

NOW, EARLIER, STRAND_TABLE = "quarters", "quarters-before", "strands"


def measure_grids(
    measure: Measure, lines: Mapping[str, Line], columns: Mapping[str, str], profile: Profile
) -> list[Grid]:
    """A measure's lines, by the windows that this profile may see; each whole a table."""
    windows = [name for name in _windows(measure, profile) if name in columns]
    heads = {
        name: columns[name]
        for name in windows
        if any(name in line.values for line in lines.values())
    }
    groups = {
        prefix: [line for key, line in lines.items() if key.startswith(prefix)]
        for prefix in measure.wholes
    }
    rest = [line for key, line in lines.items() if not key.startswith(tuple(measure.wholes))]
    grids = []
    if rest:
        grids.append(_grid(measure, ("", measure.name), rest, heads, measure.adds_up))
    for prefix, title in measure.wholes.items():
        grids.append(_grid(measure, (prefix, title), groups[prefix], heads, adds=True))
    return grids


def _grid(
    measure: Measure,
    called: tuple[str, str],
    lines: Sequence[Line],
    heads: Mapping[str, str],
    adds: bool,
) -> Grid:
    """Some lines of a measure; those that make a whole, with their sum."""
    prefix, title = called
    windows = list(heads)
    noted = measure.part_waits and not prefix
    rows = [_row(measure, line, windows) for line in lines]
    if adds and _are_counts(lines):
        rows.append(_sum_row(f"{measure.code}/{prefix}{ALL}", lines, windows))
    return Grid(
        key=f"{measure.code}/{prefix}" if prefix else measure.code,
        title=title,
        columns=tuple(heads.values()),
        rows=tuple(rows),
        adds=Adds.DOWN if adds else Adds.NOT,
        note=f"Not yet collected. {measure.part_waits}" if noted else "",
    )


def _windows(measure: Measure, profile: Profile) -> list[str]:
    """No month by strand or by place in what is published (domain 5.4)."""
    months = [] if measure.twelve_only and profile == Profile.PUBLISHED else [MONTH]
    to_date = [TO_DATE] if measure.code in TO_DATE_TOO else []
    return [*months, YEAR, BEFORE, *to_date, CHOSEN]


def _row(measure: Measure, line: Line, windows: list[str]) -> Row:
    nothing = Absent()
    return Row(
        line.label or measure.name,
        tuple(
            Cell(cell_id(measure.code, line.key, name), line.values.get(name, nothing))
            for name in windows
        ),
    )


def _are_counts(lines: Sequence[Line]) -> bool:
    """Whether there is a sum to speak of that no line gives itself."""
    values = [value for line in lines for value in line.values.values()]
    return len(lines) > 1 and all(isinstance(one, Count) for one in values)


def _sum_row(name: str, lines: Iterable[Line], windows: list[str]) -> Row:
    lines = list(lines)
    cells = tuple(
        Cell(f"{name}/{window}", _sum(line.values.get(window) for line in lines))
        for window in windows
    )
    return Row("All", cells, total=True)


def _sum(values: Iterable[Value | None]) -> Count:
    return Count(sum(value.number for value in values if isinstance(value, Count)))


# --- the first page ---


def quarter_grids(figures: ByCode, words: Sequence[str]) -> list[Grid]:
    """Cases opened by quarter: the four of the year, and the four before; each adds up."""
    code, key = OPENED
    line = figures.get(code, {}).get(key)
    quarters = by_quarter(line) if line else ()
    if not line or not quarters:
        return []
    rows = [
        Row(label, (Cell(cell_id(code, key, f"quarter{number}"), value),))
        for number, (label, value) in enumerate(zip(words, quarters, strict=True), 1)
    ]
    half = len(rows) // 2
    return [
        _with_total(EARLIER, rows[:half], line, BEFORE, "The 12 months before"),
        _with_total(NOW, rows[half:], line, YEAR, "The last 12 months"),
    ]


def _with_total(key: str, rows: list[Row], line: Line, window: str, label: str) -> Grid:
    total = Row(label, (Cell(cell_id(*OPENED, window), line.values[window]),), total=True)
    return Grid(key, "Cases opened, by quarter", ("Cases",), (*rows, total), Adds.DOWN)


def strand_grid(figures: ByCode) -> list[Grid]:
    """Cases by strand over twelve months; nothing if nobody counts them yet."""
    rows = tuple(
        # By the same label as the percentage: hidden here, the percentage is hidden too.
        Row(line.label, (Cell(cell_id(STRANDS, key, f"{YEAR}/cases"), Count(value.number)),))
        for key, line in figures.get(STRANDS, {}).items()
        if key in breakdown.STRANDS and isinstance(value := line.values.get(YEAR), Share)
    )
    if not rows:
        return []
    return [Grid(STRAND_TABLE, "By strand, 12 months", ("Cases",), rows, first="Strand", note=MORE)]


# --- what nobody is shown, so that nothing can be worked out ---


def sums(figures: ByCode) -> list[Grid]:
    """How the regulator's numbers follow from each other, and which number each rate is of."""
    found = [_strand_sum(grid.rows) for grid in strand_grid(figures)]
    for code, (rate, counted, whole, parts) in _REGULATOR.items():
        lines = figures.get(code, {})
        if not {rate, counted, whole, *parts} <= lines.keys():
            continue
        for window, value in lines[rate].values.items():
            if isinstance(value, Rate):
                found.append(_rate_grid(code, lines, rate, counted, window))
            found.append(_sum_grid(code, lines, window, whole, parts))
    return [*found, *_both_parts(figures), *_same_cases(figures)]


def _same_cases(figures: ByCode) -> Iterable[Grid]:
    """The policy's number of part 2 is that of the cases opened."""
    ours, theirs = (figures.get(code, {}).get(key) for code, key in (OPENED, OF_REGULATOR))
    for window, policy in theirs.values.items() if ours and theirs else ():
        if ours and window in ours.values:
            opened = Cell(cell_id(*OPENED, window), ours.values[window])
            same = Cell(cell_id(*OF_REGULATOR, window), policy)
            yield _sum_of(f"same/{window}", [opened], same)


def _both_parts(figures: ByCode) -> Iterable[Grid]:
    """Part 1 divides the cases of part 2 in a way of its own, and leaves the same homes out."""
    one, two = figures.get("M05", {}), figures.get(REGULATOR, {})
    if not ({*_OURS} <= one.keys() and {"policy", "outside"} <= two.keys()):
        return
    for window, value in two["policy"].values.items():
        parts = {key: one[key].values.get(window) for key in _OURS}
        cells = [Cell(cell_id("M05", key, window), part) for key, part in parts.items() if part]
        if len(cells) < len(_OURS):
            continue
        outside = Cell(cell_id(REGULATOR, "outside", window), two["outside"].values[window])
        same = next(cell for cell in cells if cell.id == cell_id("M05", "outside", window))
        yield _sum_of(f"cases/{window}", cells, Cell(cell_id(REGULATOR, "policy", window), value))
        yield _sum_of(f"outside/{window}", [same], outside)


_OURS = ("theirs", "added", "outside", "same")
"""The lines of part 1 that every hate crime case is on one of."""


def _sum_of(key: str, parts: Iterable[Cell], whole: Cell) -> Grid:
    rows = (*(Row("", (part,)) for part in parts), Row("", (whole,), total=True))
    return Grid(key, "", ("",), rows, Adds.DOWN)


def _strand_sum(rows: Sequence[Row]) -> Grid:
    """The strands with their sum, which whoever sees that no case is about two can work out."""
    total = Cell(cell_id(STRANDS, ALL, YEAR), _sum(row.cells[0].value for row in rows))
    whole = Row("", (total,), total=True)
    return Grid("sum/strands", "", ("",), (*rows, whole), Adds.DOWN)


_REGULATOR = {
    REGULATOR: ("rate", "counted", "policy", ("outside", "strands", "same", "counted")),
    "M05": ("rate", "total", "total", ("asb", "added")),
}
"""The lines of a rate, of its numerator, and of a whole with its parts."""


def _rate_grid(code: str, lines: Lines, rate: str, counted: str, window: str) -> Grid:
    """The numerator in a row called as the rate is: hidden here, the rate is hidden too."""
    value = lines[rate].values[window]
    assert isinstance(value, Rate)
    homes = Cell(cell_id(code, HOMES, window), Count(value.of))
    rows = (
        Row(
            lines[rate].label,
            (Cell(cell_id(code, counted, window), lines[counted].values[window]),),
        ),
        Row("", (homes,)),
    )
    return Grid(f"rate/{code}/{window}", "", ("",), rows)


def _sum_grid(code: str, lines: Lines, window: str, whole: str, parts: Sequence[str]) -> Grid:
    rows = [
        Row("", (Cell(cell_id(code, key, window), lines[key].values[window]),), total=key == whole)
        for key in (*(part for part in parts if part != whole), whole)
    ]
    return Grid(f"sum/{code}/{window}", "", ("",), tuple(rows), Adds.DOWN)


def differences(grids: Iterable[Grid], figures: ByCode, limits: Limits) -> list[Grid]:
    """A table for each pair, part and whole, whose difference is a number that is not shown.

    A month is part of its quarter and of its year.  31 in a year of which 30 were in October
    would say that one person, and no more, came in the other eleven months.
    """
    shown = {cell.id: cell.value for grid in grids for row in grid.rows for cell in row.cells}
    found = [
        _difference(part, whole, shown)
        for part, whole in _nested(figures)
        if part in shown and whole in shown and _tells(shown[part], shown[whole], limits)
    ]
    return [*found, *_beside_quarters(shown, limits)]


def _beside_quarters(shown: Mapping[str, Value], limits: Limits) -> Iterator[Grid]:
    """What came since 1 April beside the newest quarters, which end on the same day: 44 since
    April, and 21 in each of two quarters, would say that 2 came in April.
    """
    april = cell_id(*OF_REGULATOR, TO_DATE)
    since = shown.get(april)
    quarters: list[Cell] = []
    for number in (8, 7, 6):
        name = cell_id(*OPENED, f"quarter{number}")
        if name not in shown or not isinstance(since, Count):
            return
        quarters.append(Cell(name, shown[name]))
        both = _sum(cell.value for cell in quarters)
        rest = Count(abs(both.number - since.number))
        if not 0 < rest.number < limits.under:
            continue
        left, all_ = Cell(f"{april} beside {name}", rest), Cell(april, since)
        if both.number < since.number:
            yield _sum_of(left.id, [*quarters, left], all_)
        else:
            whole = Cell(f"quarters from {name}", both)
            yield _sum_of(whole.id, quarters, whole)
            yield _sum_of(left.id, [all_, left], whole)


def _nested(figures: ByCode) -> Iterator[tuple[str, str]]:
    """The cells of which one is part of the other: by time, and by what they count."""
    for code, lines in figures.items():
        # Only what is a sum of months: different people of a month and of a year are not.
        for key in (key for key, line in lines.items() if line.months):
            for inner, outer in _INSIDE:
                yield cell_id(code, key, inner), cell_id(code, key, outer)
    for (inner_code, inner_key), (outer_code, outer_key) in pairwise(_LONG_OPEN):
        for window in (MONTH, YEAR, BEFORE, TO_DATE, CHOSEN):
            yield (
                cell_id(inner_code, inner_key, window),
                cell_id(outer_code, outer_key, window),
            )


def _tells(part: Value, whole: Value, limits: Limits) -> bool:
    if not (isinstance(part, Count) and isinstance(whole, Count)):
        return False
    return part.number >= limits.under and 0 < whole.number - part.number < limits.under


def _difference(part: str, whole: str, shown: Mapping[str, Value]) -> Grid:
    first, both = shown[part], shown[whole]
    assert isinstance(first, Count)
    assert isinstance(both, Count)
    rest = Cell(f"{whole} without {part}", Count(both.number - first.number))
    rows = (
        Row("", (Cell(part, first),)),
        Row("", (rest,)),
        Row("", (Cell(whole, both),), total=True),
    )
    return Grid(f"difference/{part}", "", ("",), rows, Adds.DOWN)
