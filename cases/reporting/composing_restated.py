"""What differs from the earlier report of the same month, as each of the two may show it.

A number is only said here if the report it is from says it too, so that "restated" tells nothing
that both together do not; how few rows are behind it is for the full numbers alone.

Pure.  Source: domain 5.2 ("restated from x"), 5.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cases.reporting.choices import Profile
from cases.reporting.composing_words import NOTHING, NOTHING_CHANGED, Told, capital, cell_words
from cases.reporting.measure import Measure
from cases.reporting.restating import Reason, Restated
from cases.reporting.showing import Table

RESTATED = "restated"
COLUMNS = ("Figure", "In the earlier report", "Now", "Why")
OF_THE_MONTH = (
    "Why is kept for the month. Of a longer time it is said where nothing but the month changed."
)
ON_FIRST_PAGE = 3


class Restating:
    """The restated figures of a report; ``then`` and ``now`` say what each report shows."""

    def __init__(
        self,
        kept: Sequence[Any],
        then: Told,
        now: Told,
        measures: Mapping[str, Measure],
        windows: Mapping[str, str],
        profile: Profile,
    ) -> None:
        self._all = [Restated.from_json(one) for one in kept]
        self._all = [one for one in self._all if one.measure in measures]
        self._then, self._now, self._measures = then, now, measures
        self._all = [one for one in self._all if self._is_given(one)]
        self._windows, self._profile = windows, profile

    def _is_given(self, one: Restated) -> bool:
        """Whether this version gives the figure of that time at all (no month by strand)."""
        where = one.measure, one.line, one.window
        return (self._then.of(*where), self._now.of(*where)) != (NOTHING, NOTHING)

    def sentences(self) -> tuple[str, ...]:
        """For the first page: the headlines, and how much more there is."""
        if not self._all:
            return ()
        heads = [one for one in self._first() if one.line == self._measures[one.measure].headline]
        said = [self._sentence(one) for one in heads[:ON_FIRST_PAGE]]
        more = len(self._all) - len(said)
        if more:
            figures = "1 more figure is" if more == 1 else f"{more} more figures are"
            said.append(f"{figures} restated: see “How good the records are”.")
        return tuple(said)

    def _first(self) -> Iterable[Restated]:
        """Of each line the first window, which is the month if that is restated."""
        lines: dict[tuple[str, str], Restated] = {}
        for one in self._all:
            lines.setdefault((one.measure, one.line), one)
        return lines.values()

    def words(self) -> tuple[str, ...]:
        """For the chapter on records, where there is nothing to tell."""
        return () if self._all else (NOTHING_CHANGED,)

    def tables(self) -> tuple[Table, ...]:
        """All of them."""
        if not self._all:
            return ()
        rows = tuple(
            (
                self._measures[one.measure].name,
                (
                    cell_words(self._label(one)),
                    self._then.of(one.measure, one.line, one.window),
                    self._now.of(one.measure, one.line, one.window),
                    cell_words(capital(self._why(one))),
                ),
                False,
            )
            for one in self._all
        )
        title = "Restated since the earlier report of the same month"
        return (Table(RESTATED, title, COLUMNS, rows, first="Measure", note=OF_THE_MONTH),)

    def _sentence(self, one: Restated) -> str:
        then = self._then.of(one.measure, one.line, one.window).text
        now = self._now.of(one.measure, one.line, one.window).text
        name = self._measures[one.measure].name
        said = f"restated from {then} to {now}" if then != now else f"restated, and still {now}"
        return f"{name}, {self._label(one)}: {said}. Why: {self._why(one)}."

    def _label(self, one: Restated) -> str:
        window = self._windows.get(one.window, one.window)
        return f"{one.label}, {window}" if one.label else window

    def _why(self, one: Restated) -> str:
        if self._profile == Profile.PUBLISHED:
            return ", ".join(Reason(reason).label for reason, _ in one.reasons)
        return ", ".join(
            f"{rows} {Reason(reason).label}" if rows else Reason(reason).label
            for reason, rows in one.reasons
        )
