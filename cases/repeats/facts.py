"""What the repeat rules look at and what they say: plain values, no database, no clock.

The rules themselves are in ``cases.repeats.rules``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from cases.calendar import add_months, london_date
from cases.people.ties import Tie

RULE = "RV-1"
MONTHS = 12

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})\s*(am|pm)?", re.IGNORECASE)


class Level(StrEnum):
    """What an incident, a person or a household is."""

    NONE = "NONE"
    PATTERN = "PATTERN"
    REPEAT = "REPEAT"


GRAVITY = {Level.NONE: 0, Level.PATTERN: 1, Level.REPEAT: 2}


class Basis(StrEnum):
    """Through what two incidents are linked; the closest is told first."""

    PERSON = "PERSON"
    FAMILY = "FAMILY"
    HOUSEHOLD = "HOUSEHOLD"


CLOSENESS = {Basis.PERSON: 0, Basis.FAMILY: 1, Basis.HOUSEHOLD: 2}


@dataclass(frozen=True, slots=True)
class Account:
    """One account of something that happened.  People are ids of survivors of merges.

    ``of`` is the incident it was found to be an account of, itself if it is the first.
    """

    id: int
    of: int
    reported_at: datetime
    occurred_on: date | None
    victims: frozenset[int]
    perceived: bool = True
    void: bool = False
    fabricated: bool = False
    going_on: bool = False
    occurred_time: time | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody's days in a household; ``until`` is the first day they are not in it."""

    household: int
    person: int
    since: date | None
    until: date | None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened, out of every account of it."""

    id: int
    reported_at: datetime
    occurred_on: date | None
    occurred_time: time | None
    victims: frozenset[int]
    counts: bool
    going_on: bool

    @property
    def reported_on(self) -> date:
        return london_date(self.reported_at)

    @property
    def effective_on(self) -> date:
        """When it counts as having happened (rule 2)."""
        return self.occurred_on or self.reported_on

    @property
    def last_day(self) -> date:
        """The last day of the twelve months it starts (rule 5)."""
        return add_months(self.reported_on, MONTHS)

    @property
    def place(self) -> tuple[date, date, datetime, int]:
        """Its place in the order (rule 3)."""
        return (self.reported_on, self.effective_on, self.reported_at, self.id)


@dataclass(frozen=True, slots=True)
class Link:
    """Why two incidents are linked: the closest tie between somebody harmed in each."""

    basis: Basis
    person: int
    """Harmed in the later one."""
    through: int
    """Harmed in the earlier one; the same person when ``basis`` is PERSON."""
    kind: str = ""
    """What ``through`` is to ``person`` ("SIBLING"), empty when they are the same."""

    @property
    def nearness(self) -> tuple[int, int, int, str]:
        return (CLOSENESS[self.basis], self.person, self.through, self.kind)


@dataclass(frozen=True, slots=True)
class Evidence:
    """An earlier incident that explains a flag; ``counts`` if within its twelve months."""

    earlier: int
    link: Link
    starts: date
    ends: date
    counts: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """What an incident is, and what explains it.  ``number`` is its place among those linked."""

    level: Level = Level.NONE
    evidence: tuple[Evidence, ...] = ()
    number: int = 1

    @property
    def basis(self) -> str:
        """The basis of what explains it best; empty for one incident that goes on."""
        return self.evidence[0].link.basis if self.evidence else ""

    @property
    def said(self) -> Said:
        return Said(self.level, self.basis)


@dataclass(frozen=True, slots=True)
class Said:
    """What an incident is, in short: as much of a flag as a status needs."""

    level: Level
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What a person or household is: because of which incident, and current until when.

    ``basis`` is PERSON if it happened to themselves, else what ties them to who it happened to.
    """

    level: Level = Level.NONE
    basis: str = ""
    because: int | None = None
    current_until: date | None = None


NO_FLAG = Flag()
NOT_SAID = Said(Level.NONE)
NO_STATUS = Status()


@dataclass(frozen=True)
class Result:
    """What every incident, person and household of some facts is, by id."""

    flags: Mapping[int, Flag]
    people: Mapping[int, Status]
    households: Mapping[int, Status]


@dataclass(frozen=True)
class Facts:
    """Everything the rule set looks at.  ``undecided`` are pairs of accounts' ids."""

    accounts: tuple[Account, ...] = ()
    ties: tuple[Tie, ...] = ()
    stays: tuple[Stay, ...] = ()
    undecided: frozenset[tuple[int, int]] = frozenset()


def clock_time(words: str) -> time | None:
    """The time of day somebody gave, if it is one: "14:30", "9:10am".  "Evening" is none."""
    found = _TIME.fullmatch(words.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def is_current(until: date | None, today: date) -> bool:
    """Whether a status is shown as current (rule 9), its last day included."""
    return until is not None and today <= until
