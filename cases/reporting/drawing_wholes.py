"""The live figures of a measure as its page lays them out: a table for each whole.

A measure of many lines (who told us, and by which way) is several tables, as it is in the report,
and where a table is long its lines that are 0 everywhere are named below it instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cases.reporting.composing_tables import LONG, empty_words
from cases.reporting.differences import NOTE, SERVED, TITLE, differences
from cases.reporting.drawing_measures import figures
from cases.reporting.figure_words import NO_COUNT
from cases.reporting.inputs_queries import NO_HOMES
from cases.reporting.measure import Asked, Line, Measure
from cases.reporting.periods import Period
from cases.reporting.values import Count


def figure_tables(
    measure: Measure, lines: Sequence[Line], asked: Asked, *, words: Period
) -> list[dict[str, Any]]:
    """Each whole's table, with its title ("" for the measure's own) and what it leaves out."""
    tables = [
        {"title": title, **figures(measure, shown, asked, words=words), "note": empty_words(left)}
        for title, own in _wholes(measure, lines)
        for shown, left in [_without_nothing(own)]
        if own
    ]
    if measure.code == SERVED:
        beside = figures(measure, differences(lines), asked, words=words)
        tables.append({"title": TITLE, **beside, "note": NOTE})
    return tables


def lacks_homes(tables: Sequence[dict[str, Any]]) -> bool:
    """Whether a rate has no figure because nobody entered how many homes there are."""
    cells = (cell for table in tables for row in table["rows"] for cell in row["cells"])
    return any(cell["text"] in (NO_COUNT, NO_HOMES) for cell in cells)


def _wholes(measure: Measure, lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The lines of no whole, then those of each."""
    rest = [line for line in lines if not line.key.startswith(tuple(measure.wholes))]
    each = [
        (title, [line for line in lines if line.key.startswith(prefix)])
        for prefix, title in measure.wholes.items()
    ]
    return [("", rest), *each]


def _without_nothing(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """The lines to show, and the labels of those that are 0 everywhere in a long table."""
    if len(lines) <= LONG:
        return lines, []
    nothing = [line for line in lines if set(line.values.values()) <= {Count(0)}]
    return [line for line in lines if line not in nothing], [line.label for line in nothing]
