"""The tables of a report as a spreadsheet and as CSV: the same words and numbers, nothing more.

One visible sheet for each table and one that says what it is; nothing hidden, no author, no
formula.  A cell that is hidden carries its words and never a number.  Whatever begins like a
formula stays text.  Source: bar rows 51 and 52; domain 5.4, 5.6.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any
from unicodedata import category, normalize
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter

from cases.calendar import LONDON
from cases.reporting.composing_chapters import DEFINITIONS
from cases.reporting.showing import Report, Shown, Table, Why

LIVE = ("=", "+", "-", "@", "|", "%")
"""What a spreadsheet may take for the beginning of a formula, or of a command."""
NUMBER = re.compile(r"[+-]?[\d,]+(?:\.\d+)?%?")
LENGTH = re.compile(r"[\d,]+(?:\.(\d+))? (hours?|days?)")
"""A length of time in words: how many decimals, and the unit."""
PERCENT = re.compile(r"(\d+)%( \([\d,]+ of [\d,]+\))?")
"""A percentage, and in the full numbers what it is made of."""
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""No file says when it was made: the report says as at when it is."""
LONGEST_NAME, LONGEST_FILE = 31, 100
"""Letters in the name of a sheet, and of a CSV file."""
WIDE, NARROW = 46, 18
"""Widths of columns, in letters: of words, of numbers."""
CONTENTS = "Contents"


def neutral(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what begins like a formula.

    What is only a number keeps its sign.  Letters that nobody sees (zero-width, tabs, line
    ends) and full-width signs are no way round it.
    """
    seen = "".join(one for one in text if category(one) not in ("Cf", "Cc", "Zl", "Zp"))
    plain = normalize("NFKC", seen).lstrip()
    if NUMBER.fullmatch(plain):
        return text
    begins = plain.startswith(LIVE) or text[:1] in ("\t", "\r", "\n")
    return f"'{text}" if begins else text


# --- CSV ---


def csv_zip(report: Report) -> bytes:
    """Every table as a CSV file (UTF-8 with its mark, CRLF), in one ZIP file."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as files:
        for name, rows in _files(report):
            info = ZipInfo(f"{name}.csv", BEGINNING.timetuple()[:6])
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
            files.writestr(info, _csv(rows))
    return packed.getvalue()


def _files(report: Report) -> Iterator[tuple[str, Iterable[Sequence[str]]]]:
    about = [(label, _in_words(said)) for label, said in _about(report)]
    named = _named(report, LONGEST_FILE)
    yield "00 contents", [*about, *((name.lower(), table.title) for name, table in named)]
    for name, table in named:
        yield name.lower(), _csv_rows(report, table)


def _csv_rows(report: Report, table: Table) -> Iterator[Sequence[str]]:
    """The heads, the lines, and below them what the table is."""
    yield [table.first, *table.columns]
    for label, cells, _ in table.rows:
        yield [label, *(one.text for one in cells)]
    yield []
    for words in _under(report, table):
        yield [words]


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([neutral(one) for one in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


# --- spreadsheet ---


def xlsx(report: Report) -> bytes:
    """Every table as a sheet, after one that says what they are."""
    made = BytesIO()
    # Nothing that is written as text is looked at for a formula, a link or a number.
    book = xlsxwriter.Workbook(
        made,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": f"{report.title}: {report.classification}", "created": BEGINNING})
    looks = _Looks(book)
    names = _named(report, LONGEST_NAME)
    _contents_sheet(book.add_worksheet(CONTENTS), report, names, looks)
    for name, table in names:
        _sheet(book.add_worksheet(name), report, table, looks)
    book.close()
    return made.getvalue()


class _Looks:
    """How cells look: words wrapped, heads bold, numbers as they are read."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[tuple[str, bool], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "valign": "vcenter"}
        )
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self.total = book.add_format({"bold": True, "top": 1, "text_wrap": True})
        self.dates = {
            timed: book.add_format(
                {"num_format": "d mmmm yyyy" + " hh:mm" * timed, "align": "left", "valign": "top"}
            )
            for timed in (False, True)
        }
        self.right = {
            total: book.add_format({"align": "right", "bold": total, "top": int(total)})
            for total in (False, True)
        }

    def number(self, pattern: str, total: bool) -> Any:
        """A number by its pattern, made once."""
        key = (pattern, total)
        if key not in self._numbers:
            self._numbers[key] = self._book.add_format(
                {"num_format": pattern, "bold": total, "top": int(total), "align": "right"}
            )
        return self._numbers[key]


def _sheet(sheet: Any, report: Report, table: Table, looks: _Looks) -> None:
    """One table: its heads, its lines, and under them what it is and its notes."""
    _page(sheet, report)
    words = table.key == DEFINITIONS
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, len(table.columns), WIDE if words else NARROW)
    for at, head in enumerate((table.first, *table.columns)):
        sheet.write_string(0, at, head, looks.head)
    row = 1
    for label, cells, total in table.rows:
        sheet.write_string(row, 0, label, looks.total if total else looks.words)
        for at, shown in enumerate(cells, 1):
            _cell(sheet, row, at, shown, total, looks, words)
        row += 1
    sheet.freeze_panes(1, 1)
    for said in _under(report, table):
        row += 1
        sheet.write_string(row, 0, said)


def _cell(
    sheet: Any, row: int, column: int, shown: Shown, total: bool, looks: _Looks, words: bool
) -> None:
    """A number as a number where it is one; else the words that stand for it."""
    pattern = number_pattern(shown)
    if pattern and shown.number is not None:
        number = shown.number / 100 if pattern.startswith("0%") else shown.number
        sheet.write_number(row, column, float(number), looks.number(pattern, total))
    else:
        sheet.write_string(row, column, shown.text, looks.words if words else looks.right[total])


def number_pattern(shown: Shown) -> str:
    """How a spreadsheet writes the number just as the report does; "" if it is words.

    Rounded ones keep their "about", so that nobody adds them up as if they were exact.
    """
    if shown.hidden or shown.number is None:
        return ""
    places = max(0, -int(shown.number.as_tuple().exponent))
    plain = "#,##0" + ("." + "0" * places if places else "")
    if shown.why == Why.ROUNDED:
        return f'"about "{plain}'
    percent = PERCENT.fullmatch(shown.text)
    if percent and percent[1] == str(shown.number):
        return f'0%"{percent[2]}"' if percent[2] else "0%"
    length = LENGTH.fullmatch(shown.text)
    if length:
        return f'#,##0{"." + "0" * len(length[1]) if length[1] else ""}" {length[2]}"'
    return plain if shown.text == f"{shown.number:,}" else ""


def _contents_sheet(
    sheet: Any, report: Report, names: Sequence[tuple[str, Table]], looks: _Looks
) -> None:
    _page(sheet, report)
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, 1, 2 * WIDE)
    row = 0
    for label, said in _about(report):
        sheet.write_string(row, 0, label, looks.title if row == 0 else looks.words)
        if isinstance(said, str):
            sheet.write_string(row, 1, said, looks.title if row == 0 else looks.words)
        else:
            sheet.write_datetime(row, 1, said, looks.dates[isinstance(said, datetime)])
        row += 1
    row += 1
    sheet.write_string(row, 0, "Sheet", looks.head)
    sheet.write_string(row, 1, "What it holds", looks.head)
    for name, table in names:
        row += 1
        sheet.write_string(row, 0, name, looks.words)
        sheet.write_string(row, 1, table.title, looks.words)


def _page(sheet: Any, report: Report) -> None:
    """On paper: wide, with the classification and the ledger's stamp on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    foot = f"&L{_no_codes(report.classification)}&RLedger {_no_codes(report.stamp)}"
    sheet.set_footer(foot)


def _no_codes(text: str) -> str:
    return text.replace("&", "&&")


# --- both ---


def _about(report: Report) -> list[tuple[str, str | date]]:
    """What the file is, as at when, and for whom; moments as London's clocks show them."""
    period, moment = report.period, report.moment
    days = [("First day", period.first), ("Last day", period.last)] if period else []
    at = moment.astimezone(LONDON).replace(tzinfo=None) if moment else report.as_at
    return [
        ("Monthly monitoring report", report.title),
        ("Of", report.whose),
        *days,
        ("As it stood on", at),
        ("Version", report.classification),
        ("Policy", report.policy),
        ("Counted by version", report.queries),
        ("Ledger", report.stamp),
        *(("What is hidden", words) for words in report.hidden_words),
        *(("Restated", words) for words in report.restated),
    ]


def _under(report: Report, table: Table) -> list[str]:
    """What stands below a table."""
    said = [table.note] if table.note else []
    return [*said, f"{report.classification}. As at {report.as_at}. Ledger {report.stamp}."]


def _in_words(said: str | date) -> str:
    if isinstance(said, datetime):
        return f"{said:%Y-%m-%d %H:%M}"
    return said if isinstance(said, str) else said.isoformat()


def _named(report: Report, longest: int) -> list[tuple[str, Table]]:
    """A name for each table, like no other and short enough: "03 M03 Cases opened".

    It ends with a whole word if it has to end before the title does.
    """
    return [
        (_name(number, table, longest), table)
        for number, table in enumerate((one for one in report.tables if one.rows), 1)
    ]


def _name(number: int, table: Table, longest: int) -> str:
    code = f"{table.measure} " if table.measure == table.key else ""
    words = re.sub(r"[^\w ,-]", "", table.title)
    name = f"{number:02} {code}{words}".strip()
    whole, _, _ = name[: longest + 1].rpartition(" ")
    kept = name if len(name) <= longest else whole if " " in whole else name[:longest]
    return kept.rstrip(" ,")
