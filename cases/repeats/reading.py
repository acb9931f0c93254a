"""The facts the repeat rules look at, read from the database: of some people, or of everybody.

Each question is asked once for any number of people.  Merged-away records are resolved on the
way: everybody is their survivor, and accounts of one incident carry the first of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Set
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from cases.casework.models import IncidentPair
from cases.people.models import HouseholdMembership
from cases.people.queries import Tie, ties_around
from cases.prepared import planning_cursor
from cases.repeats.facts import Account, Facts, Stay, clock_time

# Who was harmed is told of the case: everybody with that part in it, and whom it is about.
_TOLD = """
told(id, first) AS (
    SELECT i.id, i.id FROM casework_incident i
        WHERE i.same_as_id IS NULL AND i.id IN (SELECT id FROM up)
    UNION
    SELECT i.id, told.first FROM casework_incident i JOIN told ON i.same_as_id = told.id
)
SELECT i.id, told.first, i.reported_at, i.occurred_on,
    CASE WHEN i.when_known = 'EXACT' THEN i.occurred_time ELSE '' END,
    i.going_on AND coalesce(i.episodes, 2) > 1,
    c.stage = 'VOID',
    EXISTS (SELECT 1 FROM casework_perception v WHERE v.incident_id = i.id
        AND v.retracted_at IS NULL AND v.holds IN ('YES', 'NOT_SURE')),
    EXISTS (SELECT 1 FROM repeats_madeup m WHERE m.incident_id = i.id),
    ARRAY(
        SELECT coalesce(p.merged_into_id, p.id) FROM people_person p WHERE p.id = c.victim_id
        UNION
        SELECT coalesce(p.merged_into_id, p.id) FROM casework_involvement v
            JOIN people_person p ON p.id = v.person_id
            WHERE v.case_id = c.id AND v.part = 'VICTIM' AND v.ended_at IS NULL)
FROM told JOIN casework_incident i ON i.id = told.id JOIN casework_case c ON c.id = i.case_id
"""
_UP = """
up(id) AS (
    SELECT i.id FROM casework_incident i WHERE {where}
    UNION
    SELECT i.same_as_id FROM casework_incident i JOIN up ON i.id = up.id
        WHERE i.same_as_id IS NOT NULL
),
"""
_OF_PEOPLE = f"""
WITH RECURSIVE records AS (
    SELECT id FROM people_person WHERE id = ANY(%(ids)s)
    UNION SELECT id FROM people_person WHERE merged_into_id = ANY(%(ids)s)
),
theirs AS (
    SELECT id FROM casework_case WHERE victim_id IN (SELECT id FROM records)
    UNION SELECT case_id FROM casework_involvement
        WHERE person_id IN (SELECT id FROM records) AND part = 'VICTIM' AND ended_at IS NULL
),
{_UP.format(where="i.case_id IN (SELECT id FROM theirs)")}
{_TOLD}"""  # noqa: S608 -- pieces of our own
_OF_INCIDENTS = f"WITH RECURSIVE {_UP.format(where='i.id = ANY(%(ids)s)')} {_TOLD}"
_OF_ALL = f"WITH RECURSIVE {_UP.format(where='i.case_id IS NOT NULL')} {_TOLD}"
CHUNK = 2000


def accounts_of_people(people: Collection[int]) -> list[Account]:
    """Every account of what these people (ids of survivors) suffered."""
    return _accounts(_OF_PEOPLE, people) if people else []


def accounts_of_incidents(incidents: Collection[int]) -> list[Account]:
    """Every account of these incidents, whichever of them is named."""
    return _accounts(_OF_INCIDENTS, incidents) if incidents else []


def _accounts(sql: str, ids: Collection[int]) -> list[Account]:
    with planning_cursor() as cursor:
        cursor.execute(sql, {"ids": list(ids)})
        return [_account(row) for row in cursor.fetchall()]


def _account(row: tuple[Any, ...]) -> Account:
    pk, first, reported_at, occurred_on, spoken, going_on, void, perceived, made_up, victims = row
    return Account(
        id=pk,
        of=first,
        reported_at=reported_at,
        occurred_on=occurred_on,
        victims=frozenset(victims),
        perceived=perceived,
        void=void,
        fabricated=made_up,
        going_on=going_on,
        occurred_time=clock_time(spoken),
    )


@dataclass
class Around:
    """Facts read outward from some people, each person once."""

    accounts: dict[int, Account] = field(default_factory=dict)
    ties: set[Tie] = field(default_factory=set)
    stays: set[Stay] = field(default_factory=set)
    _tied: set[int] = field(default_factory=set)
    _told: set[int] = field(default_factory=set)

    def tied_to(self, people: Set[int]) -> set[int]:
        """These people and everybody directly tied to them."""
        new = people - self._tied
        if new:
            self.ties.update(ties_around(new))
            self._tied |= new
        return set(people) | {tie.relative for tie in self.ties if tie.person in people}

    def suffered_by(self, people: Set[int]) -> None:
        """Read what these people suffered."""
        new = people - self._told
        self.add(accounts_of_people(new))
        self._told |= new

    def spread(self, near: Set[int], affected: Set[int]) -> tuple[set[int], set[int]]:
        """Read all that decides what these people and incidents are, and whoever is tied to them;
        gives back whose standing they can change: people, and households.
        """
        harmed = self.victims(affected)
        people = self.tied_to(near | harmed)
        self.suffered_by(people)
        households = self.households_of(near | harmed)
        self.suffered_by(self.tied_to(people) | {stay.person for stay in self.stays})
        return people, households

    def add(self, accounts: Iterable[Account]) -> None:
        self.accounts.update((one.id, one) for one in accounts)

    def households_of(self, people: Set[int]) -> set[int]:
        """Read the households these people were ever in, with everybody's days in them."""
        theirs = HouseholdMembership.objects.filter(_of(people)).values("household")
        stays = _stays(HouseholdMembership.objects.filter(household__in=theirs))
        self.stays |= stays
        return {stay.household for stay in stays}

    def victims(self, incidents: Set[int]) -> set[int]:
        """Everybody harmed in these incidents."""
        told = (one for one in self.accounts.values() if one.of in incidents)
        return {person for one in told for person in one.victims}

    def facts(self) -> Facts:
        """What was read, with the pairs nobody has decided (one query)."""
        return Facts(
            accounts=tuple(self.accounts.values()),
            ties=tuple(self.ties),
            stays=tuple(self.stays),
            undecided=_undecided(self.accounts),
        )


def _of(people: Collection[int]) -> Q:
    return Q(person__in=people) | Q(person__merged_into__in=people)


def _stays(rows: Any) -> set[Stay]:
    found = rows.filter(period__isempty=False).annotate(
        who=Coalesce("person__merged_into", "person")
    )
    return {
        Stay(household, who, period.lower, period.upper)
        for household, who, period in found.values_list("household", "who", "period")
    }


def _undecided(accounts: Collection[int] | None = None) -> frozenset[tuple[int, int]]:
    pairs = IncidentPair.objects.filter(decision="")
    if accounts is not None:
        pairs = pairs.filter(first__in=accounts, second__in=accounts)
    return frozenset(pairs.values_list("first_id", "second_id"))


def everything(tick: Callable[[float], None] = lambda _: None) -> Facts:
    """All the facts there are, a few thousand people at a time; ``tick`` is told how far it is."""
    accounts = _accounts(_OF_ALL, [])
    people = sorted({person for one in accounts for person in one.victims})
    ties: set[Tie] = set()
    for start in range(0, len(people), CHUNK):
        ties.update(ties_around(people[start : start + CHUNK]))
        tick(start / len(people))
    harmed = HouseholdMembership.objects.filter(_of(people)) if people else None
    stays = (
        _stays(HouseholdMembership.objects.filter(household__in=harmed.values("household")))
        if harmed is not None
        else set()
    )
    return Facts(tuple(accounts), tuple(ties), tuple(stays), _undecided())
