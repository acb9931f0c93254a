"""RV-1: who suffers hate again, worked out from facts alone.  Pure: no database, no clock.

"Where a person or immediate family member suffers more than one hate incident in a 12-month
period following the date the first crime was reported" (policy line 113).  Our reading of it,
rule by rule (domain 6.2):

1.  An incident is **reported** on the earliest day any account of it reached us, whoever gave it.
2.  It **happened** on the day given (the first day, if it went on), or on the day it was reported
    if that is not known.
3.  Incidents are in the **order** they were reported, then happened; those of one day in the
    order their reports came in.
4.  An incident **counts** while somebody still thinks hate was part of it.  It does not when every
    such view was taken back, when it was entered in error, when whoever reported it said
    themselves that it was made up, or when it is another account of an incident that counts.
    Withdrawn support, a closed case, no action by the police, no name: all still count.
5.  An earlier incident **starts twelve months** on the day it was reported.  A later one that
    happened from that day to the same day of the twelfth month, both included, is a **repeat**.
    On that first day itself it is one unless it is known to have happened before the report.
    Each reported incident starts its own twelve months.  Two incidents that may be one and the
    same count as neither until somebody has decided.
6.  Two incidents are **linked** when somebody harmed in the later is somebody harmed in the
    earlier, or is their immediate family or household on the day the later one happened.  Only
    directly: the family of family is not linked.  Ties of blood do not end.
7.  Linked, counting, and not within the twelve months is a **pattern**, and so is one incident
    recorded as going on, more than one time.
8.  A **person**, and a **household**, is what the gravest incident is that they, their family or
    their household suffered, on the days those ties held.
9.  That is **current** until twelve months after the latest of those incidents was reported.

The order in which facts reach us changes nothing: everything is worked out from all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from cases.calendar import LONDON, add_months
from cases.people.ties import Basis as TieBasis
from cases.people.ties import Tie, kind_from_other_end
from cases.repeats.facts import (
    CLOSENESS,
    GRAVITY,
    MONTHS,
    NO_FLAG,
    NO_STATUS,
    NOT_SAID,
    Account,
    Basis,
    Evidence,
    Facts,
    Flag,
    Incident,
    Level,
    Link,
    Result,
    Said,
    Status,
    Stay,
)


def work_out(facts: Facts) -> Result:
    """What every incident, person and household is: the whole rule set, from all the facts."""
    engine = Engine(facts)
    flags = {incident: engine.flag(incident) for incident in engine.incidents}
    said = {incident: flag.said for incident, flag in flags.items()}
    return Result(
        flags=flags,
        people={one: engine.person(one, said) for one in engine.people},
        households={one: engine.household(one, said) for one in engine.households},
    )


def join_accounts(accounts: Iterable[Account]) -> list[Incident]:
    """Each incident out of its accounts (rules 1, 2 and 4); one entered in error says nothing."""
    told: dict[int, list[Account]] = defaultdict(list)
    for account in accounts:
        told[account.of].append(account)
    return [_incident(of, sorted(each, key=lambda one: one.id)) for of, each in told.items()]


def _incident(of: int, accounts: list[Account]) -> Incident:
    standing = [one for one in accounts if not one.void] or accounts
    dated = sorted(
        (one for one in standing if one.occurred_on),
        key=lambda one: (one.id != of, one.occurred_on or date.min, one.id),
    )
    counted = [one for one in standing if one.perceived and not one.fabricated and not one.void]
    return Incident(
        id=of,
        reported_at=min(one.reported_at for one in standing),
        occurred_on=dated[0].occurred_on if dated else None,
        occurred_time=dated[0].occurred_time if dated else None,
        victims=frozenset().union(*(one.victims for one in standing)),
        counts=bool(counted),
        going_on=any(one.going_on for one in counted),
    )


def before_the_report(earlier: Incident, later: Incident) -> bool:
    """Whether the later one is known to have happened before the earlier was reported, on the
    day it was reported (rule 5): it was told of no later, or the time it happened is known.
    """
    if later.effective_on != earlier.reported_on:
        return later.effective_on < earlier.reported_on
    if later.reported_at <= earlier.reported_at:
        return True
    if later.occurred_on is None or later.occurred_time is None:
        return False
    reported = earlier.reported_at.astimezone(LONDON)
    return later.occurred_time < reported.time()


def within(earlier: Incident, later: Incident) -> bool:
    """Whether the later one happened in the twelve months the earlier one starts (rule 5)."""
    return not before_the_report(earlier, later) and later.effective_on <= earlier.last_day


class Engine:
    """The facts, arranged so that each question looks only at what can matter to it."""

    def __init__(self, facts: Facts) -> None:
        incidents = join_accounts(facts.accounts)
        of = {account.id: account.of for account in facts.accounts}
        self.incidents: Mapping[int, Incident] = {one.id: one for one in incidents}
        self._of_person: dict[int, list[Incident]] = defaultdict(list)
        for one in incidents:
            for person in one.victims if one.counts else ():
                self._of_person[person].append(one)
        self._ties: dict[int, set[tuple[int, Tie]]] = defaultdict(set)
        for tie in facts.ties:
            self._ties[tie.person].add((tie.relative, tie))
            self._ties[tie.relative].add((tie.person, tie))
        self._stays: dict[int, list[Stay]] = defaultdict(list)
        for stay in facts.stays:
            self._stays[stay.household].append(stay)
        self._undecided = {
            frozenset((of.get(one, one), of.get(other, other))) for one, other in facts.undecided
        }

    def flag(self, incident: int) -> Flag:
        """What one incident is, and why (rules 5 to 7)."""
        later = self.incidents.get(incident)
        if later is None or not later.counts:
            return NO_FLAG
        linked = list(self._linked_before(later))
        evidence = _telling(later, linked)
        if evidence and evidence[0].counts:
            level = Level.REPEAT
        elif evidence or later.going_on:
            level = Level.PATTERN
        else:
            level = Level.NONE
        return Flag(level, evidence, number=len(linked) + 1)

    def _linked_before(self, later: Incident) -> Iterator[tuple[Incident, Link]]:
        found: dict[int, Link] = {}
        for link in self._links_of(later):
            for one in self._of_person[link.through]:
                best = found.get(one.id)
                if best is None or link.nearness < best.nearness:
                    found[one.id] = link
        for earlier_id, link in sorted(found.items()):
            earlier = self.incidents[earlier_id]
            if earlier.place < later.place and not self._may_be_one(earlier, later):
                yield earlier, link

    def _links_of(self, later: Incident) -> Iterator[Link]:
        """Everybody whose earlier incidents matter to this one (rule 6)."""
        for person in sorted(later.victims):
            yield Link(Basis.PERSON, person, person)
            for other, tie in self._ties[person]:
                if tie.holds_on(later.effective_on):
                    yield Link(Basis(tie.basis), person, other, kind_seen(tie, other))

    def _may_be_one(self, one: Incident, other: Incident) -> bool:
        return frozenset((one.id, other.id)) in self._undecided

    def person(self, person: int, said: Mapping[int, Said]) -> Status:
        """What somebody is, by what they, their family and household suffered (rule 8)."""
        found: dict[int, str] = {}
        for other, tie in self._ties[person]:
            for one in self._of_person[other]:
                if tie.holds_on(one.effective_on):
                    closest = (found.get(one.id, tie.basis), tie.basis)
                    found[one.id] = min(closest, key=lambda basis: CLOSENESS[Basis(basis)])
        found |= {one.id: "" for one in self._of_person[person]}
        return status(((self.incidents[one], basis) for one, basis in found.items()), said)

    def household(self, household: int, said: Mapping[int, Said]) -> Status:
        """What a household is, by what whoever lived there suffered while they did (rule 8)."""
        found = {
            one.id
            for stay in self._stays[household]
            for one in self._of_person[stay.person]
            if stay.holds_on(one.effective_on)
        }
        return status(((self.incidents[one], "") for one in sorted(found)), said)

    @property
    def people(self) -> set[int]:
        """Everybody who suffered something that counts, and everybody tied to them."""
        harmed = {person for person, suffered in self._of_person.items() if suffered}
        return harmed | {other for person in harmed for other, _ in self._ties[person]}

    @property
    def households(self) -> set[int]:
        return set(self._stays)


def kind_seen(tie: Tie, other: int) -> str:
    """What the other one is to the first, from whichever end the tie was recorded.

    A household tie says how one end belongs to the household, so nothing from the other end.
    """
    if tie.relative == other:
        return tie.kind
    return kind_from_other_end(tie.kind) if tie.basis == TieBasis.FAMILY else ""


def _telling(later: Incident, linked: Collection[tuple[Incident, Link]]) -> tuple[Evidence, ...]:
    """What explains the flag, best first: of each basis the first that counts, and the one that
    came nearest to counting.  The rest is only counted: somebody harmed every week for years
    would otherwise carry thousands of rows that say the same.
    """
    best: dict[tuple[bool, Basis], Incident] = {}
    links: dict[tuple[bool, Basis], Link] = {}
    for earlier, link in sorted(linked, key=lambda each: each[0].place):
        key = (within(earlier, later), link.basis)
        if not key[0] or key not in best:  # the first that counts, else the last before it
            best[key], links[key] = earlier, link
    order = sorted(best, key=lambda key: (not key[0], CLOSENESS[key[1]]))
    return tuple(
        Evidence(best[key].id, links[key], best[key].reported_on, best[key].last_day, key[0])
        for key in order
    )


def status(unit: Iterable[tuple[Incident, str]], said: Mapping[int, Said]) -> Status:
    """What a unit is (rules 8 and 9): what the gravest of its incidents is, the latest of those.

    ``unit`` holds each incident with the basis it belongs to the unit by, empty for its own.
    """
    suffered = list(unit)
    if not suffered:
        return NO_STATUS
    gravest, basis = max(
        suffered,
        key=lambda one: (GRAVITY[said.get(one[0].id, NOT_SAID).level], one[0].place),
    )
    found = said.get(gravest.id, NOT_SAID)
    if found.level == Level.NONE:
        return NO_STATUS
    latest = max(one.reported_on for one, _ in suffered)
    until = add_months(latest, MONTHS)
    return Status(found.level, basis or found.basis, gravest.id, until)
