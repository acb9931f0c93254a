"""How much of a figure is given, by itself: all of it, rounded, that it is few, or nothing.

Pure.  Source: domain 5.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from cases.reporting.equality import gap
from cases.reporting.showing import Why
from cases.reporting.values import Count, Difference, Middle, Rate, Ratio, Share, Value


@dataclass(frozen=True)
class Limits:
    """Under which number a count is hidden, to which totals are rounded, what percentages and
    rates need behind them, and how many homes a rate needs (domain 5.4; M06).
    """

    under: int = 5
    round_to: int = 5
    percent_from: int = 10
    rate_from: int = 5
    area_homes: int = 200


class Level(IntEnum):
    """How much of a number is given, from all to nothing."""

    EXACT = 0
    ROUNDED = 1
    FEW = 2
    HIDDEN = 3


LEVELS = {
    Why.PLAIN: Level.EXACT,
    Why.ABSENT: Level.EXACT,
    Why.ROUNDED: Level.ROUNDED,
    Why.FEWER: Level.FEW,
    Why.TOO_FEW: Level.FEW,
    Why.BESIDE: Level.HIDDEN,
}


def level_of(value: Value, limits: Limits) -> Level:
    """What a figure gives on its own."""
    match value:
        case Count():
            few = 0 < value.number < limits.under
        case Share():
            few = 0 < value.of < limits.percent_from or 0 < value.number < limits.under
        case Rate():
            few = 0 < value.of < limits.area_homes or 0 < value.number < limits.rate_from
            few = few and not without_homes(value)
        case Middle():
            few = 0 < value.of < limits.percent_from
        case Difference():
            return Level.HIDDEN if is_compared(value) else Level.FEW
        case Ratio():
            few = min(value.harmed, value.others_harmed) < limits.under
        case _:
            few = False
    return Level.FEW if few else Level.EXACT


def without_homes(value: Value) -> bool:
    """Whether there is no rate to give or to hide: nobody counted the homes."""
    return isinstance(value, Rate) and not value.of


def is_compared(value: Difference) -> bool:
    """Whether there are enough on both sides."""
    own, others = Share(value.number, value.of), Share(value.others_number, value.others_of)
    return gap(own, others) is not None
