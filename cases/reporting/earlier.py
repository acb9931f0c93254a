"""What is shared already of the same days: a restated report must not tell, together with it, what
either of them hides.

A number that has not changed is one number in both.  One that has is two, of which the earlier is
read as it was shared and can no longer be hidden.  Pure.  Source: domain 5.2, 5.4 (differencing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cases.reporting.adding import Line, lines_of, sums_of, values_of
from cases.reporting.deriving import Sum
from cases.reporting.showing import Cell, Grid, Shown, Why
from cases.reporting.values import Count, Difference, Value

TOLD = (Why.PLAIN, Why.ABSENT, Why.ROUNDED, Why.FEWER, Why.TOO_FEW, Why.BESIDE)
"""Why a number reads as it does, from what tells most to what tells least."""


@dataclass(frozen=True)
class Earlier:
    """The tables of a version to share, and how each quantity of it reads, by ``Cell.id``."""

    grids: Sequence[Grid] = ()
    shown: Mapping[str, Shown] = field(default_factory=dict)

    def after(self, before: Earlier) -> Earlier:
        """The same, of whoever has read the one before it too: a number that has not changed
        since is read as the one that tells more of it.
        """
        now, then = values_of(self.grids), values_of(before.grids)
        more = {
            key: shown
            for key, shown in before.shown.items()
            if key in now and now[key] == then[key]
            if TOLD.index(shown.why) < TOLD.index(self.shown[key].why)
        }
        return replace(self, shown={**self.shown, **more})


class Then:
    """An earlier version beside the values of a later one: every number that has changed has a
    name of its own.
    """

    def __init__(self, earlier: Earlier, now: Mapping[str, Value]) -> None:
        was = values_of(earlier.grids)
        self._names = {
            key: key if key in now and now[key] == value else f"earlier {key}"
            for key, value in was.items()
        }
        self._grids = [self._renamed(grid) for grid in earlier.grids]
        self.values = values_of(self._grids)
        self.shown = {self._names[key]: shown for key, shown in earlier.shown.items()}
        self.changed = {key for key, name in self._names.items() if key != name and key in now}
        self.gone = {name for key, name in self._names.items() if key != name}
        self._was = was

    def _renamed(self, grid: Grid) -> Grid:
        return replace(
            grid,
            rows=tuple(
                replace(row, cells=tuple(self._cell(cell) for cell in row.cells))
                for row in grid.rows
            ),
        )

    def _cell(self, cell: Cell) -> Cell:
        made_of = tuple(self._names[key] for key in cell.made_of)
        return replace(cell, id=self._names[cell.id], made_of=made_of)

    def sums(self) -> Iterator[Sum]:
        """What is known to add up in it."""
        lines: list[Line] = list(lines_of(self._grids))
        return sums_of(self.values, lines)

    def compared(self) -> Iterator[tuple[str, ...]]:
        """The percentages that its differences tell the sum of."""
        for grid in self._grids:
            for row in grid.rows:
                for cell in row.cells:
                    is_told = isinstance(cell.value, Difference)
                    if is_told and self.shown[cell.id].why == Why.PLAIN:
                        yield cell.made_of[1:]

    def few_more(self, key: str, now: Value, under: int) -> bool:
        """Whether a number that was given has changed by so few that they could be recognised."""
        was = self._was.get(key)
        if not (isinstance(was, Count) and isinstance(now, Count)):
            return False
        given = self.shown[self._names[key]].why in (Why.PLAIN, Why.ROUNDED)
        return given and 0 < abs(now.number - was.number) < under
