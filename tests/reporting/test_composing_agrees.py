"""PDF, spreadsheet, CSV and the report itself agree in every figure, in both versions."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from cases.reporting import exports, pdf
from cases.reporting.catalogue import ALL
from cases.reporting.choices import Profile
from cases.reporting.collecting import Figures, collect
from cases.reporting.composing import Numbers, compose
from cases.reporting.composing_chapters import DEFINITIONS
from cases.reporting.measure import Asked
from cases.reporting.measures.improving import LABELS
from cases.reporting.models import Run, Snapshot
from cases.reporting.periods import month_of
from cases.reporting.showing import Adds, Report, Table
from cases.reporting.suppression import Limits
from cases.reporting.values import Count
from tests.casework.story import tell
from tests.disclosures.packs import read
from tests.reporting.made import everything
from tests.rules.attacker import FAR, worked_out
from tests.world import NOW, World

LIMITS = Limits()
NOBODYS = set(LABELS.values())
"""Lines of what we have to do, which is about nobody: never hidden."""
BOTH = pytest.mark.parametrize("profile", list(Profile))
SEEDS = pytest.mark.parametrize("seed", [1])


def lines_of(table: Table) -> list[list[str]]:
    """What is read of a table, line by line."""
    return [[label, *(cell.text for cell in cells)] for label, cells, _ in table.rows]


def as_seen(cell: Any) -> str:
    """What a spreadsheet shows of a cell."""
    if not isinstance(cell.value, int | float):
        return str(cell.value)
    pattern, value = cell.number_format, Decimal(str(cell.value))
    if pattern.startswith("0%"):
        return f"{100 * value:.0f}%{pattern[2:].replace('"', '')}"
    before, pattern, after = re.fullmatch(r'(?:"(.*?)")?([#,0.]+)(?:"(.*?)")?', pattern).groups()
    places = len(pattern.partition(".")[2])
    return f"{before or ''}{value:,.{places}f}{after or ''}"


def books(report: Report) -> list[list[list[str]]]:
    """The sheets after the contents, as they are seen."""
    book = openpyxl.load_workbook(BytesIO(exports.xlsx(report)))
    return [
        [[as_seen(cell) for cell in row if cell.value is not None] for row in sheet.iter_rows()]
        for sheet in book.worksheets[1:]
    ]


def csvs(report: Report) -> list[list[list[str]]]:
    """The CSV files after the contents."""
    with ZipFile(BytesIO(exports.csv_zip(report))) as packed:
        texts = [packed.read(name).decode("utf-8-sig") for name in packed.namelist()[1:]]
    return [list(csv.reader(StringIO(text, newline=""))) for text in texts]


def assert_agree(report: Report) -> None:
    tables = [table for table in report.tables if table.rows]
    for table, sheet, file in zip(tables, books(report), csvs(report), strict=True):
        expected = [[table.first, *table.columns], *lines_of(table)]
        assert sheet[: len(expected)] == expected, table.title
        assert file[: len(expected)] == expected, table.title
    words = read(pdf.render(report).content)
    at = 0
    for line in (line for table in tables if table.key != DEFINITIONS for line in lines_of(table)):
        assert " ".join(line) in words, line
        at += 1
    assert at > 10
    for card in report.chapters[0].cards:
        figure = " ".join(part for part in (card.label, card.figure.short, card.unit) if part)
        assert figure in words
        assert card.line in words


@pytest.mark.django_db
@BOTH
@SEEDS
def test_every_form_says_the_same_of_every_measure(profile: Profile, seed: int) -> None:
    report = compose(everything(seed), profile, LIMITS)
    assert {one.measure for one in report.tables} >= {one.code for one in ALL if one.collected}
    assert_agree(report)


@BOTH
def test_every_form_says_the_same_of_what_was_done(world: World, profile: Profile) -> None:
    """A case, taken down and worked on through the operations."""
    tell(world)
    figures = collect(Asked.of_month(month_of(NOW.date()), NOW))
    run = Run(first=figures.windows["month"].first, last=figures.windows["month"].last)
    snapshot = Snapshot(
        run=run, as_at=NOW, queries="1", policy="Policy.", figures=figures.as_json(), stamp="X-1"
    )
    report = compose(snapshot, profile, LIMITS)
    card = report.chapters[0].cards[0]
    assert card.figure.text == ("1" if profile == Profile.INTERNAL else "fewer than 5")
    assert_agree(report)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3, 9))
def test_what_is_hidden_is_a_number_in_no_file(seed: int) -> None:
    """A count from 1 to 4 of the full numbers is words in the version to share."""
    snapshot = everything(seed)
    full = figures_of(compose(snapshot, Profile.INTERNAL, LIMITS))
    shared = compose(snapshot, Profile.PUBLISHED, LIMITS)
    few = {place for place, text in full.items() if text in ("1", "2", "3", "4")}
    small = {place for place in few if place[1] not in NOBODYS}
    told = figures_of(shared)
    assert len(small & told.keys()) > 20
    assert {told[place] for place in small & told.keys()} <= {"fewer than 5", "hidden"}
    for sheet in books(shared):
        for line in filter(None, sheet):
            assert line[0] in NOBODYS or not {"1", "2", "3", "4"} & set(line[1:])


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(20, 24))
def test_no_line_of_a_whole_report_tells_what_it_hides(seed: int) -> None:
    figures = Figures.from_json(everything(seed).figures)
    numbers = Numbers(figures, Profile.PUBLISHED, LIMITS)
    tried = 0
    for grid in (one for one in numbers.grids if one.adds is Adds.DOWN and one.rows):
        cells = [cell for row in grid.rows if not row.total for cell in row.cells]
        if all(isinstance(one.value, Count) and one.value.number < FAR for one in cells):
            tried += 1
            assert worked_out([grid], dict(numbers.told.cells)) == [], grid.title
    assert tried > 10


def figures_of(report: Report) -> dict[tuple[str, str, str], str]:
    """What is read of each figure, by its table, line and column."""
    return {
        (table.key, label, column): cell.text
        for table in report.tables
        for label, cells, _ in table.rows
        for column, cell in zip(table.columns, cells, strict=True)
    }
