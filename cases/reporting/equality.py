"""Whether one group is harmed more, served worse or acted against more than everybody else.

Comparisons of few people say nothing true and point at somebody, so each has floors, and below
them there is a sentence instead of a figure.  Pure.  Source: domain 5.3 (M32-M35), HC-46.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cases.reporting.values import Absent, Ratio, Share, rounded

FEWEST = 5
"""Victims there must be in the group, and outside it."""
FEWEST_RESIDENTS = 100
"""Residents there must be in the group."""
KNOWN_PERCENT = 60
"""Of so many in a hundred the answer must be known, or those who answered speak for the rest."""
GAP_FROM = 10
"""Percentage points from which a difference in service is looked into."""
SHARES_FROM = 10
"""How many must stand behind each of two percentages that are compared."""


@dataclass(frozen=True)
class Gap:
    """The percentage of a group less that of everybody else, in percentage points to one
    decimal, and whether that is so much that it is looked into.
    """

    points: Decimal
    flagged: bool

    @property
    def words(self) -> str:
        """ "12 points lower than for everybody else"."""
        return f"{self.short} {'than' if self.points else 'as'} for everybody else"

    @property
    def short(self) -> str:
        """ "12 points lower"."""
        if not self.points:
            return "the same"
        number = f"{abs(self.points)}".removesuffix(".0")
        way = "higher" if self.points > 0 else "lower"
        return f"{number} {'point' if number == '1' else 'points'} {way}"


def disproportionality(
    harmed: int, residents: int, others_harmed: int, others: int, known: int, all_victims: int
) -> Ratio | Absent:
    """How much likelier residents of one group are to be victims than all the others (M32).

    ``harmed`` of ``residents`` are in the group, ``others_harmed`` of ``others`` are not; of
    ``all_victims`` it is known of ``known`` whether they are.
    """
    why = (
        _known(known, all_victims, "victims")
        or _few(harmed, others_harmed, "victims")
        or _residents(harmed, residents, others_harmed, others)
    )
    return Absent(why) if why else Ratio(harmed, residents, others_harmed, others)


def gap(group: Share, others: Share) -> Gap | None:
    """How a group was served beside everybody else (M33).

    Flagged from ten points, either way.  None if fewer than ten stand behind either.
    """
    if min(group.of, others.of) < SHARES_FROM:
        return None
    points = Fraction(100 * group.number, group.of) - Fraction(100 * others.number, others.of)
    number = rounded(Decimal(points.numerator) / Decimal(points.denominator), 1)
    return Gap(number, abs(number) >= GAP_FROM)


def enforcement(group: Share, others: Share, known: int, all_respondents: int) -> Gap | Absent:
    """Legal action against respondents of a group beside all others (M35).

    Each share is those acted against of those there were.  The floors of M32, of respondents.
    """
    why = _known(known, all_respondents, "respondents") or _few(
        group.number, others.number, "respondents we took legal action against"
    )
    if why:
        return Absent(why)
    found = gap(group, others)
    return found or Absent(f"Fewer than {SHARES_FROM} respondents to compare.")


def _known(known: int, everybody: int, who: str) -> str:
    if not everybody:
        return f"There were no {who}."
    if 100 * known < KNOWN_PERCENT * everybody:
        return f"This is known for fewer than {KNOWN_PERCENT} in 100 of the {who}."
    return ""


def _few(inside: int, outside: int, who: str) -> str:
    if inside < FEWEST:
        return f"Fewer than {FEWEST} {who} in this group."
    if outside < FEWEST:
        return f"Fewer than {FEWEST} {who} outside this group."
    return ""


def _residents(harmed: int, residents: int, others_harmed: int, others: int) -> str:
    if residents < FEWEST_RESIDENTS:
        return f"Fewer than {FEWEST_RESIDENTS} residents in this group."
    if not others:
        return "There are no residents outside this group."
    if harmed > residents or others_harmed > others:
        return "There are more victims than residents: the number of residents is too old."
    return ""
