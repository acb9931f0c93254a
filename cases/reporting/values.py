"""What a figure is: so many; so many of so many; a rate; the middle of some; or why there is none.

A value holds the numbers it is made of and never a rounded one, so that it can be added up,
suppressed and counted by hand.  Pure.  Source: domain 5.3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar


@dataclass(frozen=True)
class Count:
    """So many."""

    kind: ClassVar[str] = "count"
    number: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.number + other.number)


@dataclass(frozen=True)
class Days:
    """So many days of something that is about nobody, such as until a review: never hidden.

    How long something took for people is a :class:`Middle`.
    """

    kind: ClassVar[str] = "days"
    number: int = 0


@dataclass(frozen=True)
class Tasks:
    """So many things that we have to do, such as actions: about nobody, so never hidden."""

    kind: ClassVar[str] = "tasks"
    number: int = 0


@dataclass(frozen=True)
class Share:
    """``number`` of ``of``, shown as a percentage."""

    kind: ClassVar[str] = "share"
    number: int = 0
    of: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.number + other.number, self.of + other.of)

    @property
    def percent(self) -> Decimal | None:
        """The percentage, whole; None of nothing."""
        return rounded(Decimal(100 * self.number) / self.of, 0) if self.of else None


@dataclass(frozen=True)
class Rate:
    """``number`` for each thousand of ``of`` (homes, or people who live in them)."""

    kind: ClassVar[str] = "rate"
    number: int = 0
    of: int = 0

    @property
    def per_thousand(self) -> Decimal | None:
        """To one decimal, as the regulator asks (domain 5.1); None of nothing."""
        return rounded(Decimal(1000 * self.number) / self.of, 1) if self.of else None


@dataclass(frozen=True)
class Middle:
    """The median of ``of`` lengths, in ``unit`` ("hours" or "days"); None of nothing."""

    kind: ClassVar[str] = "middle"
    median: float | None = None
    of: int = 0
    unit: str = "hours"


@dataclass(frozen=True)
class Ratio:
    """How much likelier one group is than everybody else: ``harmed`` of ``residents`` of it,
    against ``others_harmed`` of ``others`` (domain 5.3, M32).
    """

    kind: ClassVar[str] = "ratio"
    harmed: int = 0
    residents: int = 0
    others_harmed: int = 0
    others: int = 0

    @property
    def ratio(self) -> float | None:
        """The ratio of the two rates; None where it has no meaning."""
        if not (self.harmed and self.residents and self.others_harmed and self.others):
            return None
        return (self.harmed / self.residents) / (self.others_harmed / self.others)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 95 % interval; None where the ratio has no meaning."""
        ratio = self.ratio
        if ratio is None:
            return None
        spread = 1.96 * math.sqrt(
            1 / self.harmed - 1 / self.residents + 1 / self.others_harmed - 1 / self.others
        )
        return ratio * math.exp(-spread), ratio * math.exp(spread)


@dataclass(frozen=True)
class Difference:
    """``number`` of ``of`` in a group, beside ``others_number`` of ``others_of`` outside it: how
    many percentage points lie between them (domain 5.3, M33).
    """

    kind: ClassVar[str] = "difference"
    number: int = 0
    of: int = 0
    others_number: int = 0
    others_of: int = 0


@dataclass(frozen=True)
class Absent:
    """There is no figure, and why: not collected yet, not supplied, too little known."""

    kind: ClassVar[str] = "absent"
    why: str = ""


Value = Count | Days | Tasks | Share | Rate | Middle | Ratio | Difference | Absent
_KINDS: dict[str, type[Value]] = {
    one.kind: one for one in (Count, Days, Tasks, Share, Rate, Middle, Ratio, Difference, Absent)
}


def as_json(value: Value) -> dict[str, Any]:
    """The value as it is kept."""
    return {"kind": value.kind, **asdict(value)}


def from_json(kept: Mapping[str, Any]) -> Value:
    """The value that was kept.  Raises KeyError for one of no known kind."""
    return _KINDS[kept["kind"]](**{name: kept[name] for name in kept if name != "kind"})


def rounded(number: Decimal, places: int) -> Decimal:
    """To so many decimals, halves up, as people round."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
