"""Reading a CSV file row by row, however broken: one bad row spoils no other.  No database."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from cases.people.import_columns import KINDS, Kind, Refusal, Row, kind_of, read_row

LONGEST_ROW = 10
"""Lines a row may run over inside quotation marks."""
LONGEST_LINE = 100_000
"""Letters of a line that are read; the rest of a longer one is passed over."""
TOO_LONG = "The line is longer than any row can be."
QUOTES = "A quotation mark is opened and not closed, or stands in the middle of a value."
_COLUMNS = frozenset(column.name for kind in KINDS for column in kind.columns)


class UnreadableFile(Exception):
    """The file as a whole cannot be read; says the line and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"Line {line}: {reason}")
        self.line, self.reason = line, reason


class SourceFile:
    """A file of one kind.  Raises :class:`UnreadableFile` before anything is read from it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.read = 0
        _check_text(path)
        with self._open() as lines:
            first = lines.readline(LONGEST_LINE)
        self.delimiter = _delimiter(first)
        try:
            self.header = [name.strip().lower() for name in _split(first, self.delimiter)]
            self.kind: Kind = kind_of(self.header)
        except (ValueError, csv.Error) as why:
            raise UnreadableFile(1, str(why)) from None

    def _open(self) -> IO[str]:
        return self.path.open(encoding="utf-8-sig", newline="")

    def rows(self) -> Iterator[Row | Refusal]:
        """Every row below the header, or why it was not taken."""
        with self._open() as lines:
            numbered = _Lines(lines)
            numbered.take()
            while (start := numbered.take()) is not None:
                number, text = start
                self.read = numbered.bytes
                if not text.strip():
                    continue
                if len(text) >= LONGEST_LINE:
                    yield Refusal(number, self.kind.key, TOO_LONG, self._key(text))
                    continue
                yield self._row(number, text, numbered)
        self.read = self.size

    def _row(self, number: int, text: str, lines: _Lines) -> Row | Refusal:
        more: list[tuple[int, str]] = []
        whole = text
        while whole.count('"') % 2 and len(more) < LONGEST_ROW - 1:
            following = lines.take()
            if following is None:
                break
            more.append(following)
            whole += following[1]
        try:
            fields = _split(whole, self.delimiter)
        except csv.Error:
            fields = None
        if fields is None or whole.count('"') % 2 or (more and len(fields) != len(self.header)):
            # The rows below are read for themselves: they may be whole.
            lines.give_back(more)
            return Refusal(number, self._column_at_quote(text), QUOTES, self._key(text))
        return read_row(self.kind, self.header, number, fields)

    def _column_at_quote(self, text: str) -> str:
        place = text[: text.index('"')].count(self.delimiter)
        return self.header[min(place, len(self.header) - 1)]

    def _key(self, text: str) -> str:
        place = self.header.index(self.kind.key)
        parts = text.split(self.delimiter)
        return parts[place].strip(' "\r\n')[:60] if place < len(parts) else ""


class _Lines:
    """Lines with their numbers, some of which may be given back."""

    def __init__(self, lines: IO[str]) -> None:
        self._lines = lines
        self._back: deque[tuple[int, str]] = deque()
        self._number = 0
        self.bytes = 0

    def take(self) -> tuple[int, str] | None:
        if self._back:
            return self._back.popleft()
        text = self._lines.readline(LONGEST_LINE)
        if not text:
            return None
        self._number += 1
        self.bytes += len(text.encode())
        rest = text
        while len(rest) == LONGEST_LINE and not rest.endswith("\n"):
            # No row of its own, whatever it looks like.
            rest = self._lines.readline(LONGEST_LINE)
            self.bytes += len(rest.encode())
        return self._number, text

    def give_back(self, lines: Sequence[tuple[int, str]]) -> None:
        self._back.extendleft(reversed(lines))


def _split(text: str, delimiter: str) -> list[str]:
    rows = list(csv.reader([text.rstrip("\r\n")], delimiter=delimiter, strict=True))
    return rows[0] if rows else []


def _delimiter(first: str) -> str:
    """The one of , ; tab | that divides the first line into columns we know."""

    def known(mark: str) -> int:
        return len({part.strip(' "\r\n').lower() for part in first.split(mark)} & _COLUMNS)

    return max((",", ";", "\t", "|"), key=known)


_WIDE = {
    codecs.BOM_UTF16_LE: "Unicode (UTF-16)",
    codecs.BOM_UTF16_BE: "Unicode (UTF-16)",
    b"PK\x03\x04": "a spreadsheet",
}


def _check_text(path: Path) -> None:
    """Raise unless the whole file is UTF-8; it is read a piece at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as data:
        start = data.read(4)
        for mark, called in _WIDE.items():
            if start.startswith(mark):
                raise UnreadableFile(1, f"This is {called}. Save it as “CSV UTF-8”.")
        if not start:
            raise UnreadableFile(1, "The file is empty.")
        data.seek(0)
        while piece := data.read(1 << 16):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as fault:
                line += fault.object[: fault.start].count(b"\n")
                raise UnreadableFile(line, _not_utf8(fault.object[fault.start])) from None
            pending = decoder.getstate()[0]
            line += piece.count(b"\n") - pending.count(b"\n")


def _not_utf8(byte: int) -> str:
    windows = byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    looks = " It looks like Windows text (cp1252)." if windows else ""
    return f"This is not UTF-8 text.{looks} Save the file as “CSV UTF-8”."
