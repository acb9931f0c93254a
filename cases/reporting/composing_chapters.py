"""The chapters of a report after its first page, in the order of domain 5.6.

Pure.  Source: domain 5.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.reporting.composing_words import cell_words
from cases.reporting.glossary import TERMS, said_source
from cases.reporting.measure import Chapter as Place
from cases.reporting.measure import Measure
from cases.reporting.showing import Chapter, Table

DEFINITIONS, HIDDEN, WORDS = "definitions", "hidden", "terms"
COLUMNS = ("What it is", "Counted", "Of", "In which month", "Left out", "Where it is from")
"""The words of a definition, in the columns of the table of all of them."""


@dataclass(frozen=True)
class More:
    """What a chapter says besides its measures: restatements, the policy's review."""

    words: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


def measure_chapters(
    measures: Iterable[Measure], tables: Mapping[str, Sequence[Table]], more: Mapping[Place, More]
) -> tuple[Chapter, ...]:
    """A chapter for each place there is, with a table for each measure that has figures."""
    by_place: dict[Place, list[Measure]] = {place: [] for place in Place}
    for measure in measures:
        by_place[measure.chapter].append(measure)
    return tuple(
        _chapter(place, own, tables, more.get(place, More()))
        for place, own in by_place.items()
        if place != Place.SUMMARY
    )


def _chapter(
    place: Place, measures: Sequence[Measure], tables: Mapping[str, Sequence[Table]], more: More
) -> Chapter:
    here = [table for one in measures for table in tables.get(one.code, ())]
    waiting = [_waiting(one) for one in measures if not one.collected]
    if not here and not waiting and not more.words:
        waiting = ["Not yet collected."]
    return Chapter(
        place.name.lower(),
        place.value,
        words=(*more.words, *waiting),
        tables=(*here, *more.tables),
    )


def _waiting(measure: Measure) -> str:
    name = measure.name if measure.name.endswith("?") else f"{measure.name}."
    return f"Not yet collected: {name} {measure.waits_for}"


def closing_chapters(measures: Iterable[Measure], hidden: Sequence[str]) -> tuple[Chapter, ...]:
    """What is hidden and why, what the words mean, and what each figure counts."""
    rows = tuple(
        (f"{one.code} {one.name}", tuple(cell_words(text) for text in _definition(one)), False)
        for one in measures
        if one.collected
    )
    table = Table(DEFINITIONS, "What each figure counts", COLUMNS, rows, first="Measure")
    return (
        Chapter(HIDDEN, "What is hidden, and why", words=tuple(hidden)),
        Chapter(
            WORDS, "What the words mean", words=tuple(f"{term}: {said}" for term, said in TERMS)
        ),
        Chapter(DEFINITIONS, "What each figure counts", tables=(table,)),
    )


def _definition(measure: Measure) -> tuple[str, ...]:
    return (
        measure.definition,
        measure.numerator,
        measure.denominator,
        measure.cohort,
        measure.exclusions,
        said_source(measure.source),
    )
