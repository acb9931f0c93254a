"""A measure's figures beside those counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.values import Absent, Count, Days, Middle, Rate, Ratio, Share, Tasks, Value
from tests.reporting.brute_b import Hand
from tests.reporting.brute_b_more import BY_HAND

ZERO = {
    "share": ("share", 0, 0),
    "middle": ("middle", None, 0),
    "count": ("count", 0),
    "harmed": ("harmed", 0),
}


def plain(value: Value) -> tuple[Any, ...]:
    """A value as it is counted by hand."""
    match value:
        case Share():
            return ("share", value.number, value.of)
        case Middle():
            middle = None if value.median is None else pytest.approx(value.median, abs=1e-6)
            return ("middle", middle, value.of)
        case Ratio():
            return ("harmed", value.harmed)
        case Count() | Rate() | Days() | Tasks():
            return ("count", value.number)
    return ()


def compare(asked: Asked, codes: list[str] | None = None) -> dict[str, int]:
    """Fail where a figure is not what is counted by hand; how many figures were not nothing."""
    found: dict[str, int] = {}
    for period in set(asked.windows.values()):
        hand = Hand(period.first, period.last, asked.at, asked.entity)
        names = [name for name, each in asked.windows.items() if each == period]
        for code in codes or BY_HAND:
            by_hand = BY_HAND[code](hand)
            lines = BY_CODE[code].lines(asked)
            assert set(by_hand) <= {line.key for line in lines}, code
            for line in lines:
                value = line.values[names[0]]
                if isinstance(value, Absent):
                    continue
                ours = plain(value)
                theirs = by_hand.get(line.key, ZERO[ours[0]])
                assert ours == theirs, f"{code}/{line.key}, {period.words}"
                found[code] = found.get(code, 0) + (theirs != ZERO[ours[0]])
    return found
