"""Spreadsheet and CSV: text stays text, nothing is hidden, nobody is named as their maker."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from cases.reporting.choices import Profile
from cases.reporting.composing import compose
from cases.reporting.exports import csv_zip, neutral, number_pattern, xlsx
from cases.reporting.figure_words import about
from cases.reporting.showing import Report, Shown, Table
from cases.reporting.suppression import Limits
from tests.reporting.made import BESIDE, FEWER, number, picture, with_tables

BEGINNINGS = ("=", "+", "-", "@")
FORMULAS = (
    "{}1+1",
    "{}cmd|' /C calc'!A0",
    '{}HYPERLINK("http://127.0.0.1:9/?"&A1,"Click")',
    "\t{}1+1",
    "\r{}1+1",
    "\n{}1+1",
    "\u200b{}1+1",
    "\ufeff{}1+1",
    " {}1+1",
)
CORPUS = [
    *(formula.format(sign) for formula in FORMULAS for sign in BEGINNINGS),
    *("＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "|calc", "%0A=1+1", "\u2060\t=1", "=\n1"),
]
"""44 ways to begin a formula, and around it."""


def report(profile: Profile = Profile.PUBLISHED) -> Report:
    return compose(picture(), profile, Limits())


def cells(text: str) -> Shown:
    """A cell of words."""
    return Shown(text, text)


def attacked() -> Report:
    rows = tuple((text, (cells(text),), False) for text in CORPUS)
    return with_tables(report(), Table("x", "=Title", ("=Column",), rows, "=First", "=Note"))


def book(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def files(content: bytes) -> dict[str, list[list[str]]]:
    """The CSV files by name, read as a spreadsheet reads them."""
    with ZipFile(BytesIO(content)) as packed:
        texts = {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}
    return {name: list(csv.reader(StringIO(text, newline=""))) for name, text in texts.items()}


def test_the_corpus_is_as_long_as_the_bar_asks() -> None:
    assert len(set(CORPUS)) >= 40


def test_no_formula_lives_in_the_spreadsheet() -> None:
    """Every payload is there, word for word, as text."""
    found = book(xlsx(attacked()))
    types = {cell.data_type for sheet in found for row in sheet.iter_rows() for cell in row}
    assert types <= {"s", "n", "d"}
    texts = {cell.value for sheet in found for row in sheet.iter_rows() for cell in row}
    for text in CORPUS:
        assert text.replace("\r", "_x000D_") in texts or text in texts
    with ZipFile(BytesIO(xlsx(attacked()))) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "sheets/" in name]
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)


def test_no_formula_lives_in_the_csv() -> None:
    for rows in files(csv_zip(attacked())).values():
        for cell in (cell for row in rows for cell in row if cell):
            assert not re.match(r"[=+\-@|%＝＋－＠\s]", cell), repr(cell)
            assert cell[0].isprintable(), repr(cell)


@pytest.mark.parametrize("text", ["12", "-3", "+4", "1,204", "-1.5", "94%", "fewer than 5", "a=b"])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


def test_each_table_is_one_visible_sheet_and_nothing_else() -> None:
    found = book(xlsx(report()))
    tables = [table for table in report().tables if table.rows]
    assert len(found.worksheets) == 1 + len(tables)
    assert found.sheetnames[0] == "Contents"
    assert {sheet.sheet_state for sheet in found} == {"visible"}
    assert not list(found.defined_names)
    for sheet in found:
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        assert not any(column.hidden for column in sheet.column_dimensions.values())
        assert "Version to share" in sheet.oddFooter.left.text
        assert "KTRM-4482" in sheet.oddFooter.right.text


def test_no_name_is_cut_within_a_word() -> None:
    """A sheet's name is short, so it ends early; a file's says the whole title."""
    title = "Reports received, by who told us: and by nobody else in 12 months"
    table = Table("x", title, ("a",), (("b", (cells("c"),), False),))
    one = with_tables(report(), table)
    assert book(xlsx(one)).sheetnames[1] == "01 Reports received, by who"
    assert f"01 {title.lower().replace(':', '')}.csv" in files(csv_zip(one))
    unbroken = with_tables(report(), Table("x", "y" * 200, table.columns, table.rows))
    assert book(xlsx(unbroken)).sheetnames[1] == f"01 {'y' * 28}"


def test_nobody_is_named_as_its_maker() -> None:
    properties = book(xlsx(report())).properties
    assert not properties.creator
    assert not properties.lastModifiedBy
    assert properties.title == "October 2026: Version to share"
    assert xlsx(report()) == xlsx(report())
    assert csv_zip(report()) == csv_zip(report())


def test_days_are_days_and_numbers_are_numbers() -> None:
    contents = {row[0].value: row[1] for row in book(xlsx(report()))["Contents"].iter_rows()}
    assert contents["First day"].value == datetime(2026, 10, 1)
    assert contents["Last day"].is_date
    assert contents["As it stood on"].value == datetime(2026, 11, 4, 6)
    quarters = book(xlsx(report())).worksheets[1]
    values = [row[1].value for row in quarters.iter_rows(min_row=2, max_row=11)]
    assert values == ["fewer than 5"] * 2 + [9, 7, 25, 8, 7, 10, 6, 31]


@pytest.mark.parametrize(
    ("shown", "pattern"),
    [
        (number("1204"), ""),  # "1204" is not how the report writes it
        (Shown("1,204", "1,204", number("1204").number), "#,##0"),
        (Shown("0.6", "0.6", number("0.6").number), "#,##0.0"),
        (Shown("94%", "94%", number("94").number), "0%"),
        (Shown("94% (29 of 31)", "94%", number("94").number), '0%" (29 of 31)"'),
        (Shown("0% (0 of 1,204)", "0%", number("0").number), '0%" (0 of 1,204)"'),
        (Shown("more than 99%", ">99%", number("100").number), ""),
        (Shown("more than 99% (999 of 1,000)", ">99%", number("100").number), ""),
        (Shown("19.5 hours", "19.5 hours", number("19.5").number), '#,##0.0" hours"'),
        (Shown("1 day", "1 day", number("1.0").number), '#,##0" day"'),
        (Shown("1.4 times as likely", "1.4", number("1.4").number), ""),
        (about(25), '"about "#,##0'),
        (FEWER, ""),
        (BESIDE, ""),
    ],
)
def test_a_number_looks_as_it_does_in_the_report(shown: Shown, pattern: str) -> None:
    assert number_pattern(shown) == pattern


def test_csv_is_what_a_spreadsheet_opens_rightly() -> None:
    with ZipFile(BytesIO(csv_zip(report()))) as packed:
        raw = packed.read(packed.namelist()[1])
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\n") == raw.count(b"\r\n")


def test_it_says_what_it_is_and_for_whom() -> None:
    for profile, words in (
        (Profile.PUBLISHED, "Version to share"),
        (Profile.INTERNAL, "Contains small numbers: do not forward"),
    ):
        rows = files(csv_zip(report(profile)))["00 contents.csv"]
        assert ["Version", words] in rows
        assert ["Ledger", "KTRM-4482 (line 51,203)"] in rows
        for name, table in files(csv_zip(report(profile))).items():
            assert name == "00 contents.csv" or words in table[-1][0]
