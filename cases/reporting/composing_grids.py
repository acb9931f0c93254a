"""The tables of a report before anything is hidden: one for each measure, and the first page's.

All of them are hidden together, so that what one table hides no other gives away.  Where two
figures that are both shown would tell a third by subtraction (a month out of its twelve), that
third stands in a table of its own, which nobody is shown: :func:`differences`.

Pure.  Source: domain 5.4, 5.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from cases.reporting.choices import Profile
from cases.reporting.composing_figures import ByCode, by_quarter
from cases.reporting.measure import BEFORE, CHOSEN, MONTH, TO_DATE, YEAR, Line, Measure
from cases.reporting.showing import Adds, Cell, Grid, Row
from cases.reporting.suppression import Limits
from cases.reporting.values import Absent, Count, Rate, Value

OPENED = ("M03", "opened")
"""The line that speaks for the report as a whole: hate crime cases opened."""
STRANDS = "M30"
REGULATOR = "M04"
TO_DATE_TOO = ("M04", "M05")
"""The regulator's measures are for its year, from 1 April (domain 5.1)."""
ALL = "*"
"""The key of a total that is only the sum of its lines."""

MORE = "A case can have more than one strand, so they add up to more than the cases."
_INSIDE = (
    (MONTH, "quarter8", YEAR),
    (f"{MONTH}/number", f"{TO_DATE}/number", f"{YEAR}/number"),
)
"""Windows that lie each inside the next."""

NOW, EARLIER, STRAND_TABLE = "quarters", "quarters-before", "strands"


def cell_id(code: str, key: str, window: str) -> str:
    """What a quantity is called wherever it stands: "M03/opened/year"."""
    return f"{code}/{key}/{window}"


def measure_grid(
    measure: Measure, lines: Mapping[str, Line], columns: Mapping[str, str], profile: Profile
) -> Grid:
    """A measure's lines, by the windows that this profile may see."""
    windows = [name for name in _windows(measure, profile) if name in columns]
    windows = [name for name in windows if any(name in line.values for line in lines.values())]
    rows = [_row(measure, line, windows) for line in lines.values()]
    if _sums(measure, lines):
        rows.append(_sum_row(measure.code, lines.values(), windows))
    return Grid(
        key=measure.code,
        title=measure.name,
        columns=tuple(columns[name] for name in windows),
        rows=tuple(rows),
        adds=Adds.DOWN if measure.adds_up else Adds.NOT,
        note=measure.part_waits,
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


def _sums(measure: Measure, lines: Mapping[str, Line]) -> bool:
    """Whether the lines are numbers that make one whole which no line gives itself."""
    values = [value for line in lines.values() for value in line.values.values()]
    return measure.adds_up and len(lines) > 1 and all(isinstance(one, Count) for one in values)


def _sum_row(code: str, lines: Iterable[Line], windows: list[str]) -> Row:
    lines = list(lines)
    cells = tuple(
        Cell(cell_id(code, ALL, name), _sum(line.values.get(name) for line in lines))
        for name in windows
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
    lines = [line for line in figures.get(STRANDS, {}).values() if YEAR in line.values]
    rows = tuple(
        Row(line.label, (Cell(cell_id(STRANDS, line.key, YEAR), line.values[YEAR]),))
        for line in lines
        if not isinstance(line.values[YEAR], Absent)
    )
    if not rows:
        return []
    return [Grid(STRAND_TABLE, "By strand, 12 months", ("Cases",), rows, first="Strand", note=MORE)]


def parts_grid(figures: ByCode) -> Grid:
    """What the regulator's rate is made of, for the sentence below it."""
    rows = tuple(
        # By the same label as the rate: hidden here, the rate is hidden too.
        Row(
            line.label,
            (Cell(cell_id(REGULATOR, line.key, f"{name}/number"), Count(value.number)),),
        )
        for line in figures.get(REGULATOR, {}).values()
        for name, value in line.values.items()
        if isinstance(value, Rate)
    )
    return Grid("parts", "", ("",), rows)


# --- what could be worked out ---


def differences(grids: Iterable[Grid], figures: ByCode, limits: Limits) -> list[Grid]:
    """A table for each pair, part and whole, whose difference is a number that is not shown.

    A month is part of its quarter and of its year.  31 in a year of which 30 were in October
    would say that one person, and no more, came in the other eleven months.
    """
    shown = {cell.id: cell.value for grid in grids for row in grid.rows for cell in row.cells}
    found = []
    for code, lines in figures.items():
        for key in lines:
            for chain in _INSIDE:
                names = [cell_id(code, key, name) for name in chain]
                present = [name for name in names if name in shown]
                found += [
                    _difference(part, whole, shown)
                    for part, whole in pairwise(present)
                    if _tells(shown[part], shown[whole], limits)
                ]
    return found


def _tells(part: Value, whole: Value, limits: Limits) -> bool:
    if not (isinstance(part, Count) and isinstance(whole, Count)):
        return False
    return part.number >= limits.under and 0 < whole.number - part.number < limits.under


def _difference(part: str, whole: str, shown: Mapping[str, Value]) -> Grid:
    first, both = shown[part], shown[whole]
    assert isinstance(first, Count)
    assert isinstance(both, Count)
    rest = Cell(f"{whole}/rest", Count(both.number - first.number))
    rows = (
        Row("", (Cell(part, first),)),
        Row("", (rest,)),
        Row("", (Cell(whole, both),), total=True),
    )
    return Grid(f"difference/{part}", "", ("",), rows, Adds.DOWN)
