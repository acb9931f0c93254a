"""docs/reference/measures.md: what each measure of the monthly report counts."""

from __future__ import annotations

from collections.abc import Iterator

from cases.reporting.catalogue import ALL, VERSION
from cases.reporting.measure import Chapter, Measure
from hatecrime.documents.tables import Pages, page, table

INTRO = f"""\
Version {VERSION} of the definitions. A measure is counted in a calendar month of London, in twelve
months, in the reporting year from 1 April, or between any two dates; how to have a report made is
[a page of its own](../how-to/make-the-monthly-report.md). The version goes up whenever a definition
or a query changes, so that two reports that differ can say why."""
HEADS = ("", "Measure", "What it counts", "Of what", "In the period by", "Left out", "From")
WAITING = "Not collected yet: {}"


def measure_pages() -> Pages:
    made = {"command": "reference_pages", "source": "cases/reporting/catalogue.py"}
    return {"reference/measures.md": page("Measures", INTRO, *_chapters(), **made)}


def _chapters() -> Iterator[str]:
    for chapter in Chapter:
        mine = [one for one in ALL if one.chapter is chapter]
        if mine:
            yield f"## {chapter.value}"
            yield table(HEADS, map(_row, mine))


def _row(one: Measure) -> tuple[str, ...]:
    waits = one.waits_for or one.part_waits
    counts = f"{one.definition} {one.numerator}"
    if waits:
        counts += " " + WAITING.format(waits)
    return one.code, one.name, counts, one.denominator, one.cohort, one.exclusions, one.source
