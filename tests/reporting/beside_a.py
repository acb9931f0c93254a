"""M01 to M17 beside what is counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.values import Absent, Count, Middle, Rate, Share, Value
from tests.reporting.brute_a import Asking, Ground
from tests.reporting.brute_a_more import BY_HAND

NOTHING = {"share": (0, 0), "middle": (None, 0), "count": (0,), "rate": (0, 0)}


def plain(value: Value) -> tuple[Any, ...]:
    """A value as it is counted by hand."""
    match value:
        case Share() | Rate():
            return (value.kind, value.number, value.of)
        case Middle():
            middle = None if value.median is None else pytest.approx(value.median, abs=1e-6)
            return (value.kind, middle, value.of)
        case Count():
            return (value.kind, value.number)
    raise AssertionError(value)


def compare(asked: Asked, *codes: str) -> dict[str, int]:
    """Fail where a figure is not what is counted by hand; how many figures were not nothing.

    The months of a trend are compared as windows of their own.
    """
    ground = Ground()
    found: dict[str, int] = {}
    for code in codes or BY_HAND:
        lines = BY_CODE[code].lines(asked)
        for name, period in asked.windows.items():
            values = {line.key: line.values[name] for line in lines}
            hand = Asking(ground, period.first, period.last, asked.at, asked.entity)
            found[code] = found.get(code, 0) + _same(code, values, BY_HAND[code](hand), name)
    return found


def compare_months(asked: Asked, code: str, *numbers: int) -> None:
    """Fail where these months of a trend are not what is counted by hand."""
    ground, lines = Ground(), BY_CODE[code].lines(asked)
    for at in numbers:
        period = asked.months[at]
        values = {line.key: line.months[at] for line in lines if line.months}
        hand = Asking(ground, period.first, period.last, asked.at, asked.entity)
        _same(code, values, BY_HAND[code](hand), period.words)


def _same(code: str, values: dict[str, Value], by_hand: Any, where: str) -> int:
    some = 0
    for key, value in values.items():
        if isinstance(value, Absent):
            continue
        ours = plain(value)
        theirs = by_hand.get(key, (ours[0], *NOTHING[ours[0]]))
        assert theirs == ours, f"{code}/{key}, {where}"
        some += theirs[1:] not in NOTHING.values()
    return some
