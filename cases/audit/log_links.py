"""Onward, back and filtered: the links of a log, each of which keeps what else was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

BEFORE = "before"
MOST_DIGITS = 18


def number(text: str) -> int | None:
    """An id as an address carries it, or None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def link(query: Mapping[str, Any], **changes: object) -> str:
    """The address with these changed and the rest kept; a page of it begins again at the newest.

    ``None`` or "" takes a name off.
    """
    kept = {name: str(value) for name, value in query.items() if value and name != BEFORE}
    kept |= {name: str(value) for name, value in changes.items() if value}
    gone = {name for name, value in changes.items() if not value}
    return "?" + urlencode([(name, value) for name, value in kept.items() if name not in gone])


@dataclass(frozen=True)
class Onward:
    """The two ways on: older entries ("" at the end), and back to the newest ("" when there)."""

    older: str
    newest: str


def further(query: Mapping[str, Any], older: int | None) -> Onward:
    """The links below a page of a log; ``older`` is the id it ended with."""
    return Onward(
        older=link(query, before=older) if older is not None else "",
        newest=link(query) if query.get(BEFORE) else "",
    )


def filters_on(
    query: Mapping[str, Any], given: Mapping[str, Any], says: Mapping[str, str]
) -> list[dict[str, str]]:
    """The filters that are on, each with the address that takes it off.

    ``given`` are the form's cleaned values, ``says`` what each is called: "From {}".
    """
    return [
        {"text": words.format(given[name]), "remove": link(query, **{name: ""})}
        for name, words in says.items()
        if given.get(name)
    ]
