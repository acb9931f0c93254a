"""A table as it is read: without what is nothing everywhere, and short where words repeat.

Pure.  Source: domain 5.6; screens 10.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cases.reporting.composing_figures import OF_REGULATOR, OPENED
from cases.reporting.composing_grids import ALL
from cases.reporting.composing_words import Told
from cases.reporting.figure_words import NO_COUNT
from cases.reporting.showing import Grid, Row, Shown, Table, Why

FIRST = "What is counted"
LONG = 8
"""A table of more lines leaves out those that are 0 in every column, and names them below."""
FEW = 5
"""So many lines that are 0 are named."""
NO_FIGURE = "no figure"
WITHOUT_HOMES = NO_COUNT.removesuffix(".")
ABOUT = (
    "“About”: the policy’s number is rounded in this table, because it is the sum of numbers of "
    "which some are hidden. The number itself stands under M03, hate crime cases opened."
)
TOO_FEW = "too few"

Read = tuple[str, tuple[Shown, ...], bool]


def table_of(grid: Grid, told: Told, measure: str) -> Table:
    """The table as everybody is shown it."""
    rows = [
        (row.label, tuple(told.cells[cell.id] for cell in row.cells), row.total)
        for row in grid.rows
        if not _is_needless(row, told)
    ]
    empty = [label for label, cells, total in rows if len(rows) > LONG and _nothing(cells, total)]
    notes = [grid.note, _rounded_words(grid, told), *_whys(rows), empty_words(empty)]
    return Table(
        key=grid.key,
        title=grid.title,
        columns=grid.columns,
        rows=tuple(_short(row) for row in rows if not _is_empty(row, empty)),
        first=grid.first or FIRST,
        note=" ".join(note for note in notes if note),
        measure=measure,
    )


def _whys(rows: Iterable[Read]) -> Iterable[str]:
    """Why there is no figure, once for each reason: of several lists of months, the last."""
    texts = [(label, one.text) for label, cells, _ in rows for one in cells if _is_absent(one)]
    whys = {text.partition(":")[0]: text for _, text in texts}
    if NO_COUNT in whys:
        whys[NO_COUNT] = _homes_words(label for label, text in texts if text == NO_COUNT)
    return whys.values()


def _homes_words(labels: Iterable[str]) -> str:
    """Of which places nobody has counted the homes."""
    places = list(dict.fromkeys(labels))
    more = f"; and {len(places) - FEW} more" if len(places) > FEW else ""
    return f"{WITHOUT_HOMES}, by the end of these days, for: {'; '.join(places[:FEW])}{more}."


def _rounded_words(grid: Grid, told: Told) -> str:
    """Why the policy's number is rounded here, where it stands exactly elsewhere."""
    code, key = OF_REGULATOR
    windows = [
        cell.id.rpartition("/")[2]
        for row in grid.rows
        for cell in row.cells
        if cell.id.startswith(f"{code}/{key}/") and told.cells[cell.id].why == Why.ROUNDED
    ]
    exact = any(told.of(*OPENED, window).why == Why.PLAIN for window in windows)
    return ABOUT if exact else ""


def empty_words(labels: list[str]) -> str:
    """Which lines are not listed because they are 0 in every column; "" if there is none."""
    if not labels:
        return ""
    if len(labels) > FEW:
        return f"Not listed: {len(labels)} lines that are 0 everywhere."
    return f"0 everywhere: {'; '.join(labels)}."


def _is_needless(row: Row, told: Told) -> bool:
    """A sum of our own that had to be rounded: the figure it repeats stands elsewhere, exact."""
    ours = any(f"{ALL}/" in cell.id for cell in row.cells)
    return ours and any(told.cells[cell.id].why != Why.PLAIN for cell in row.cells)


def _nothing(cells: Iterable[Shown], total: bool) -> bool:
    return not total and all(one.why == Why.PLAIN and one.number == 0 for one in cells)


def _is_empty(row: Read, empty: list[str]) -> bool:
    label, cells, total = row
    return label in empty and _nothing(cells, total)


def _is_absent(shown: Shown) -> bool:
    """Whether there is a reason to tell: of nothing to count there is none."""
    return shown.why == Why.ABSENT and shown.text.endswith(".")


def _short(row: Read) -> Read:
    label, cells, total = row
    return label, tuple(map(_in_table, cells)), total


def _in_table(shown: Shown) -> Shown:
    """Words that would stand in every second cell, in few; their reason is in the note."""
    if _is_absent(shown):
        return replace(shown, text=NO_FIGURE, short=NO_FIGURE)
    if shown.why == Why.TOO_FEW:
        return replace(shown, text=TOO_FEW)
    return shown
