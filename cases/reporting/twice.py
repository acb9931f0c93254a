"""Numbers that would be counted twice: a total beside the parts it is made of.

Figures from outside are added up, by company and by area.  A number of no one company stands for
all that no other number is of; beside a number of one company it is as good as always the total of
them all, from a report that gives both.  Pure.  Source: domain 5.1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, groupby, islice

Key = tuple[tuple[str, ...], tuple[str, ...]]
MOST = 3
"""So many of the numbers beside another are named."""
WAY_OUT = (
    "Numbers are added up: enter the total or its parts. To take back one that is kept, enter 0 "
    "in its place."
)


@dataclass(frozen=True)
class Number:
    """A number as it is added up.

    ``places`` narrow it down, "" where they do not (company, then area); ``about`` is what is the
    same for all that is added up (the class of homes, the month, the group).  From ``day`` on it
    takes the place of an earlier one.  ``line`` is its line in a file; 0 if it is kept already,
    -1 if it is being entered by hand.
    """

    places: tuple[str, ...]
    about: tuple[str, ...]
    number: int
    day: date
    says: str
    line: int = 0

    @property
    def key(self) -> Key:
        """What a later one has to agree in to take its place."""
        return self.places, self.about


def counted_twice(numbers: Iterable[Number]) -> list[tuple[Number, list[Number]]]:
    """Each new number that is counted twice, and those it would be counted twice with.

    ``numbers`` are in the order of their entering.  Of a new total and new parts the total is
    named.  One that is 0, or that a later one has replaced by then, counts nothing.
    """
    found: dict[Number, dict[Number, None]] = defaultdict(dict)
    standing: dict[Key, Number] = {}
    parts: dict[Key, dict[Key, None]] = defaultdict(dict)
    for _, day in groupby(sorted(numbers, key=lambda one: one.day), key=lambda one: one.day):
        changed = {one.key: one for one in day}
        standing |= changed
        for key, one in changed.items():
            for total in _wholes(key):
                if one.number:
                    parts[total][key] = None
                else:
                    parts[total].pop(key, None)
        for one in changed.values():
            for whole, part in _pairs(one, standing, parts):
                if whole.line or part.line:
                    first, other = (whole, part) if whole.line else (part, whole)
                    found[first][other] = None
    return sorted(((one, [*others]) for one, others in found.items()), key=lambda one: one[0].line)


def _pairs(
    one: Number, standing: dict[Key, Number], parts: dict[Key, dict[Key, None]]
) -> Iterator[tuple[Number, Number]]:
    """The totals this number is part of, and the parts it is the total of."""
    if not one.number:
        return
    for key in _wholes(one.key):
        if key in standing and standing[key].number:
            yield standing[key], one
    told = (standing[key] for key in parts[one.key] if one.line or standing[key].line)
    for part in islice(told, MOST + 1 if one.line else None):
        yield one, part


def _wholes(key: Key) -> Iterator[Key]:
    """What would be the total of a number: of fewer places, in every way."""
    places, about = key
    narrowed = [at for at, place in enumerate(places) if place]
    for many in range(1, len(narrowed) + 1):
        for left_out in combinations(narrowed, many):
            yield tuple("" if at in left_out else one for at, one in enumerate(places)), about


def words(one: Number, others: Sequence[Number]) -> str:
    """What is wrong, and the way out of it."""
    is_total = sum(map(bool, one.places)) < sum(map(bool, others[0].places))
    how = "these are part of it:" if is_total else "it is part of"
    beside = "; ".join(_named(other) for other in others[:MOST])
    more = "; and others" if len(others) > MOST else ""
    what = "This number" if one.line < 0 else one.says
    return f"{what} would be counted twice: {how} {beside}{more}. {WAY_OUT}"


def _named(other: Number) -> str:
    where = f"line {other.line}, " if other.line > 0 else ""
    return f"{where}{other.says}"
