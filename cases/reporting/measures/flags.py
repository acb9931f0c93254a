"""Items of which several things can be so at once: counted together, in one statement.

Each thing is a flag, an annotation that is true or false; a line asks for some of them.  The
items are counted by which flags they have, and the lines are added up from that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case as Choose
from django.db.models import CharField, Q, Value, When
from django.db.models.functions import Concat

from cases.reporting.measure import Asked, Counted, Line, Rows, Together
from cases.reporting.tally import Labels, counts
from cases.reporting.values import Count, Share


@dataclass(frozen=True)
class Which:
    """Items with every flag of ``every``, at least one of ``some``, and none of ``none``."""

    every: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @property
    def asked(self) -> Q:
        """What it asks of rows annotated with the flags."""
        found = Q(**dict.fromkeys(self.every, True), **dict.fromkeys(self.none, False))
        return found & Q(*((flag, True) for flag in self.some), _connector=Q.OR)

    def holds(self, flags: Collection[str]) -> bool:
        """Whether it is so of an item that has these flags."""
        return (
            all(flag in flags for flag in self.every)
            and (not self.some or any(flag in flags for flag in self.some))
            and not any(flag in flags for flag in self.none)
        )


@dataclass(frozen=True)
class Part:
    """A line: how many of the items ``of`` are so too."""

    label: str
    so: Which
    of: Which = Which()


def several_shares(
    asked: Asked, items: Rows, conditions: Mapping[str, Q], labels: Labels
) -> list[Line]:
    """How many of all the items fulfil each condition (a line's key and what it asks)."""
    flags = {f"so{number}": asks for number, asks in enumerate(conditions.values())}
    lines = {
        key: Part(labels[key], Which((flag,))) for key, flag in zip(conditions, flags, strict=True)
    }
    return _parts(asked, items, flags, lines)


def parts(asked: Asked, items: Rows, flags: Iterable[str], lines: Mapping[str, Part]) -> list[Line]:
    """The lines, each a share; one statement for all of them."""
    return _parts(asked, items, {flag: Q(**{flag: True}) for flag in flags}, lines)


def _parts(
    asked: Asked, items: Rows, flags: Mapping[str, Q], lines: Mapping[str, Part]
) -> list[Line]:
    letters = (
        Choose(When(asks, then=Value(f"{flag} ")), default=Value(""))
        for flag, asks in flags.items()
    )
    coded = items.annotate(line=Concat(*letters, output_field=CharField()))
    found = [(frozenset(line.key.split()), line) for line in counts(asked, coded, {})]

    def share(part: Part, numbers: Iterable[tuple[frozenset[str], object]]) -> Share:
        sums = [
            (value.number, part.so.holds(flags))
            for flags, value in numbers
            if isinstance(value, Count) and part.of.holds(flags)
        ]
        return Share(sum(n for n, so in sums if so), sum(n for n, _ in sums))

    return [
        Line(
            key,
            part.label,
            {
                name: share(part, ((flags, line.values[name]) for flags, line in found))
                for name in asked.windows
            },
            [
                share(part, ((flags, line.months[at]) for flags, line in found))
                for at in range(len(asked.months))
            ],
            _rows(part, found) if asked.kept_month else None,
        )
        for key, part in lines.items()
    ]


def _rows(part: Part, found: Iterable[tuple[frozenset[str], Line]]) -> Counted:
    """The rows of a line that are kept: of the items with each set of flags all, or none."""
    kept = Counted()
    for flags, line in found:
        if part.of.holds(flags) and line.rows is not None:
            ids = line.rows.ids
            so = ids if part.so.holds(flags) else frozenset()
            kept |= Counted(ids, so, line.rows.table)
    return kept


def behind(items: Rows, lines: Mapping[str, Part]) -> Together:
    """The items of each line; ``counts`` if it is so of the item."""
    return Together(
        *(
            items.filter(part.of.asked).annotate(line=Value(key), counts=part.so.asked)
            for key, part in lines.items()
        )
    )
