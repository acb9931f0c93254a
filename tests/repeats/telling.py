"""People harmed again, told of by the real operations, as far apart as a test needs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from cases.access import Actor, Role
from cases.casework import operations as casework
from cases.casework.choices import Capacity, Holds, Part, When
from cases.casework.models import Case, Incident, Perception
from cases.people import operations as people
from cases.people.choices import MemberRelation
from cases.people.models import Household, Person, Property
from cases.policy.queries import policy_version_at
from cases.repeats.models import RepeatFlag
from cases.staff.models import User
from tests.world import LONDON, LONG_AGO, World

NOON = time(12, 0)


def moment(day: str | date, at: time = NOON) -> datetime:
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(on, at, LONDON)


class Telling:
    """Opens cases with an incident each; by default whoever is harmed thinks it was hate."""

    def __init__(
        self, world: World, officer: User | None = None, manager: User | None = None
    ) -> None:
        self.world = world
        if officer is None or manager is None:
            world.policy()
            team = world.team("North")
            officer = world.user(Role.HOUSING_OFFICER, team=team, name="Dawn Mistry")
            manager = world.user(Role.CASE_MANAGER, team=team, name="Sunita Bhatt")
        self.officer, self.manager, self.team = officer, manager, officer.team

    @property
    def by(self) -> Actor:
        return self.world.actor(self.officer)

    @property
    def boss(self) -> Actor:
        return self.world.actor(self.manager)

    def doing(self, day: str | datetime = LONG_AGO) -> dict[str, Any]:
        return {"by": self.by, "at": moment(day) if isinstance(day, str) else day}

    def person(self, name: str, **details: Any) -> Person:
        return people.add_person(**self.doing(), full_name=name, **details)

    def home(self, address: str = "14 Larkfield Court") -> Property:
        return people.add_property(**self.doing(), address=address, town="Wellby", team=self.team)

    def lives(
        self,
        person: Person,
        household: Household,
        since: str = "2020-01-01",
        until: str = "",
        relation: str = MemberRelation.OTHER_OCCUPANT,
    ) -> Any:
        return people.add_household_member(
            **self.doing(),
            household=household,
            person=person,
            moved_in=date.fromisoformat(since),
            moved_out=date.fromisoformat(until) if until else None,
            relation=relation,
        )

    def household(self, home: Property | None = None) -> Household:
        return people.add_household(**self.doing(), home=home or self.home())

    def family(self, person: Person, relative: Person, kind: str, **more: Any) -> Any:
        return people.add_family_link(
            **self.doing(), person=person, relative=relative, kind=kind, **more
        )

    def case(self, victim: Person, reported: str, at: time = NOON, **values: Any) -> Case:
        when = moment(reported, at)
        case = casework.open_case(
            by=self.by,
            at=when + timedelta(minutes=30),
            received_at=when,
            victim=victim,
            team=self.team,
            policy_version=policy_version_at(when),
            **values,
        )
        casework.add_involvement(
            by=self.by,
            at=when + timedelta(minutes=30),
            case=case,
            part=Part.VICTIM,
            person=victim,
        )
        return case

    def incident(
        self,
        victim: Person,
        reported: str,
        occurred: str | None = "",
        *,
        case: Case | None = None,
        at: time = NOON,
        also: tuple[Person, ...] = (),
        holds: str = Holds.YES,
        **values: Any,
    ) -> Incident:
        """One incident, on a case of its own unless given; it happened the day it was reported
        unless said otherwise, None for not known.
        """
        when = moment(reported, at)
        on = None if occurred is None else date.fromisoformat(occurred or reported)
        case = case or self.case(victim, reported, at)
        for person in also:
            casework.add_involvement(
                by=self.by, at=when + timedelta(minutes=30), case=case, part="VICTIM", person=person
            )
        facts = {"location": "COMMUNAL_OUTSIDE", "types": ["VERBAL"], **values}
        incident = casework.add_incident(
            by=self.by,
            at=when + timedelta(minutes=30),
            case=case,
            received_at=when,
            when_known=When.EXACT if on else When.UNKNOWN,
            occurred_on=on,
            **facts,
        )
        self.view(incident, victim, holds)
        return incident

    def view(self, incident: Incident, person: Person, holds: str = Holds.YES) -> Perception:
        return casework.add_perception(
            by=self.by,
            at=incident.recorded_at,
            incident=incident,
            person=person,
            capacity=Capacity.VICTIM,
            holds=holds,
            words="It is because of my race.",
            strands={"RACE": "ACTUAL"},
        )


def level(row: Incident | Person | Household) -> str:
    """What the kept flag says now."""
    kind = row._meta.model_name or ""
    found = RepeatFlag.objects.filter(**{kind: row.pk}).first()
    return found.level if found else "NONE"
