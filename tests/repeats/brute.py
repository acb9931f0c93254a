"""An independent reading of domain 6.2, as slow and as plain as its sentences.

It shares nothing with the engine but the facts' own shape: no indexes, no shortcuts, every
incident against every other, every person against everybody.  It is what the engine is held to.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations
from zoneinfo import ZoneInfo

from cases.people.ties import Tie
from cases.repeats.facts import Account, Facts, Stay

LONDON = ZoneInfo("Europe/London")
PERMANENT_BASES = ("FAMILY",)


def a_year_on(day: date) -> date:
    """The same day of the same month a year later; 28 February for a leap day (6.1 (5))."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


class Read:
    """One incident, read from all its accounts."""

    def __init__(self, first: int, accounts: list[Account]) -> None:
        self.id = first
        good = [one for one in accounts if not one.void]
        said = good or accounts
        self.moment = min(one.reported_at for one in said)
        self.reported = self.moment.astimezone(LONDON).date()
        of_first = [one for one in said if one.id == first and one.occurred_on is not None]
        of_others = [one for one in said if one.id != first and one.occurred_on is not None]
        of_others.sort(key=lambda one: (one.occurred_on, one.id))
        source = next(iter(of_first + of_others), None)
        self.occurred = source.occurred_on if source else None
        self.hour = source.occurred_time if source else None
        self.effective = self.occurred or self.reported
        self.victims = {person for one in said for person in one.victims}
        hateful = [one for one in good if one.perceived and not one.fabricated]
        self.countable = len(hateful) > 0
        self.course = any(one.going_on for one in hateful)

    def comes_before(self, other: Read) -> bool:
        mine = [self.reported, self.effective, self.moment, self.id]
        theirs = [other.reported, other.effective, other.moment, other.id]
        return mine < theirs


def valid(tie: Tie, day: date) -> bool:
    if tie.permanent:
        return True
    return not (tie.since and day < tie.since) and not (tie.until and day >= tie.until)


def lived(stay: Stay, day: date) -> bool:
    return not (stay.since and day < stay.since) and not (stay.until and day >= stay.until)


class Brute:
    """Every question of 6.2, asked of everything."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        firsts = {one.of for one in facts.accounts}
        self.all = [Read(i, [a for a in facts.accounts if a.of == i]) for i in sorted(firsts)]
        of = {one.id: one.of for one in facts.accounts}
        self.undecided = [
            {of.get(one, one), of.get(other, other)} for one, other in facts.undecided
        ]

    def tied(self, one: int, other: int, day: date) -> set[str]:
        return {
            str(tie.basis)
            for tie in self.facts.ties
            if {tie.person, tie.relative} == {one, other} and valid(tie, day)
        }

    def bases(self, earlier: Read, later: Read) -> set[str]:
        found = set()
        for one in later.victims:
            for other in earlier.victims:
                if one == other:
                    found.add("PERSON")
                found |= self.tied(one, other, later.effective)
        return found

    def linked(self, earlier: Read, later: Read) -> bool:
        return (
            earlier.countable
            and later.countable
            and {earlier.id, later.id} not in self.undecided
            and bool(self.bases(earlier, later))
        )

    def qualifies(self, earlier: Read, later: Read) -> bool:
        if not earlier.comes_before(later) or not self.linked(earlier, later):
            return False
        if not earlier.reported <= later.effective <= a_year_on(earlier.reported):
            return False
        return not (
            later.effective == earlier.reported and self.known_before_report(earlier, later)
        )

    def known_before_report(self, earlier: Read, later: Read) -> bool:
        if later.moment <= earlier.moment:
            return True
        told = earlier.moment.astimezone(LONDON).time()
        return later.occurred is not None and later.hour is not None and later.hour < told

    def level(self, later: Read) -> str:
        if any(self.qualifies(earlier, later) for earlier in self.all):
            return "REPEAT"
        before = any(e.comes_before(later) and self.linked(e, later) for e in self.all)
        if before or (later.countable and later.course):
            return "PATTERN"
        return "NONE"

    def basis(self, later: Read) -> str:
        wanted = self.level(later)
        if wanted == "NONE":
            return ""
        explaining = [
            earlier
            for earlier in self.all
            if (
                self.qualifies(earlier, later)
                if wanted == "REPEAT"
                else earlier.comes_before(later) and self.linked(earlier, later)
            )
        ]
        found = set().union(*(self.bases(earlier, later) for earlier in explaining))
        return next((one for one in ("PERSON", "FAMILY", "HOUSEHOLD") if one in found), "")

    def number(self, later: Read) -> int:
        if not later.countable:
            return 1
        return 1 + sum(e.comes_before(later) and self.linked(e, later) for e in self.all)

    def levels(self) -> dict[int, str]:
        return {one.id: self.level(one) for one in self.all}

    def status(self, unit: list[Read]) -> tuple[str, date | None]:
        found = {self.level(one) for one in unit}
        level = next((one for one in ("REPEAT", "PATTERN") if one in found), "NONE")
        if level == "NONE":
            return "NONE", None
        return level, a_year_on(max(one.reported for one in unit))

    def person(self, person: int) -> tuple[str, date | None]:
        unit = [
            one
            for one in self.all
            if one.countable
            and any(
                victim == person or self.tied(victim, person, one.effective)
                for victim in one.victims
            )
        ]
        return self.status(unit)

    def household(self, household: int) -> tuple[str, date | None]:
        stays = [stay for stay in self.facts.stays if stay.household == household]
        unit = [
            one
            for one in self.all
            if one.countable
            and any(s.person in one.victims and lived(s, one.effective) for s in stays)
        ]
        return self.status(unit)

    def pairs_linked(self) -> int:
        """How many pairs are linked: that a test says something at all."""
        return sum(self.linked(one, other) for one, other in combinations(self.all, 2))
