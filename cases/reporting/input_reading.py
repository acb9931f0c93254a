"""A CSV file of figures from outside, read line by line; each fault is a sentence."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from io import StringIO
from typing import Any

from django.core.exceptions import ValidationError

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
NUMBER = re.compile(r"\d{1,3}(,\d{3})+|-?\d{1,12}", re.ASCII)
MONTH = re.compile(r"(\d{4})-(\d{2})(-01)?|(\d{2})/(\d{4})", re.ASCII)
NOT_CSV = "This is no CSV file we can read. In a spreadsheet, save it as “CSV UTF-8”."
TOO_LARGE = f"The file is too large: at most {MOST_ROWS:,} lines."
EMPTY = "The file has no lines below its first one."


class Kind(StrEnum):
    """Which figures a file holds."""

    HOMES = "homes"
    ASB = "asb"
    RESIDENTS = "residents"


class _Wrong(Exception):
    """What was written cannot be read; the message is a sentence."""


def _words(said: str) -> str:
    return said


def _code(said: str) -> str:
    return said.upper()


def _number(said: str) -> int:
    if not NUMBER.fullmatch(said):
        raise _Wrong(f"“{said[:40]}” is no whole number." if said else "A number is missing.")
    return int(said.replace(",", ""))


def _day(said: str) -> date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(said, pattern).date()  # noqa: DTZ007 (a day, no moment)
        except ValueError:
            continue
    raise _Wrong(f"“{said[:40]}” is no day: write 2026-03-31." if said else "A day is missing.")


def _month(said: str) -> date:
    found = MONTH.fullmatch(said)
    try:
        if found:
            return date(int(found[1] or found[5]), int(found[2] or found[4]), 1)
    except ValueError:
        pass
    raise _Wrong(f"“{said[:40]}” is no month: write 2026-10." if said else "A month is missing.")


def _yes(said: str) -> bool:
    answers = {"yes": True, "y": True, "true": True, "1": True}
    answers |= {"no": False, "n": False, "false": False, "0": False}
    if said.lower() not in answers:
        raise _Wrong("Write yes or no under with_hate.")
    return answers[said.lower()]


_READ: Mapping[Kind, Mapping[str, Callable[[str], Any]]] = {
    Kind.HOMES: {
        "area": _words,
        "stock_class": _code,
        "homes": _number,
        "counted_on": _day,
        "source": _words,
    },
    Kind.ASB: {"month": _month, "opened": _number, "with_hate": _yes, "source": _words},
    Kind.RESIDENTS: {
        "characteristic": _code,
        "group": _code,
        "residents": _number,
        "counted_on": _day,
        "source": _words,
    },
}
COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    kind: ("company", *columns) for kind, columns in _READ.items()
}
"""The columns of each kind of file, in the order we write them."""


def read_rows(
    kind: Kind, content: bytes, companies: Mapping[str, Any]
) -> Iterator[tuple[int, dict[str, Any], list[str]]]:
    """Each line's number, its values and what is wrong with it.

    Raises ValidationError for what is no such file at all.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError(TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
        if "\0" in text:
            raise ValidationError(NOT_CSV)
        lines = list(csv.reader(StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise ValidationError(NOT_CSV) from fault
    names = [name.strip().lower() for name in lines[0]] if lines else []
    if sorted(names) != sorted(COLUMNS[kind]):
        raise ValidationError(f"The first line names the columns: {', '.join(COLUMNS[kind])}.")
    written = [(number, line) for number, line in enumerate(lines[1:], 2) if any(line)]
    if not written or len(written) > MOST_ROWS:
        raise ValidationError(TOO_LARGE if written else EMPTY)
    for number, line in written:
        yield number, *_values(kind, names, [one.strip() for one in line], companies)


def _values(
    kind: Kind, names: list[str], line: list[str], companies: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    if len(line) != len(names):
        return {}, [f"There are {len(line)} values for {len(names)} columns."]
    said = dict(zip(names, line, strict=True))
    values: dict[str, Any] = {"entity": None}
    faults = []
    if code := said["company"].upper():
        values["entity"] = companies.get(code)
        if values["entity"] is None:
            faults.append(f"There is no company with the code {said['company'][:40]}.")
    for name, read in _READ[kind].items():
        try:
            values[name] = read(said[name])
        except _Wrong as wrong:
            faults.append(str(wrong))
    return values, faults
