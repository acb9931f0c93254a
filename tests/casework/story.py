"""Amara Osei's case, made by the operations, for tests to begin from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cases.access import Actor, Role
from cases.casework import operations
from cases.casework.choices import Access, Capacity, Holds, Part, VictimRole, When
from cases.casework.models import Case, Clock, Incident, Involvement, Perception
from cases.casework.promises import CaseFacts, promises
from cases.people.models import Person, Property
from cases.people.operations import add_person, add_property, set_safe_contact
from cases.policy.models import PolicyVersion
from cases.policy.queries import holidays, settings_at
from cases.staff.models import User
from tests.world import World

WORDS = "He shouts about my skin every time I go out. Yesterday he spat at the pram."
BECAUSE = "It is because I am Black."


@dataclass
class Story:
    """One case at Contact, with its people, incident, views and clocks."""

    world: World
    handler: User
    officer: User
    manager: User
    case: Case
    home: Property
    amara: Person
    victim: Involvement
    respondent: Involvement
    third: Involvement
    incident: Incident
    view: Perception

    @property
    def received(self) -> datetime:
        return self.case.received_at

    def by(self, user: User) -> Actor:
        return self.world.actor(user)

    @property
    def lead(self) -> Actor:
        return self.by(self.officer)

    @property
    def boss(self) -> Actor:
        return self.by(self.manager)

    def at(self, **later: float) -> datetime:
        """A moment so much after the case was opened."""
        return self.world.now + timedelta(**later)

    def clock(self, kind: str) -> Clock:
        return self.case.clocks.get(kind=kind)

    def allocated(self) -> Story:
        """Give the case to the officer, by the manager."""
        operations.allocate(
            by=self.boss,
            at=self.at(minutes=30),
            case=self.case,
            lead=self.officer,
            reason="Nobody else is trained yet this week.",
        )
        return self

    def add_incident(self, **values: Any) -> Incident:
        facts: dict[str, Any] = {
            "when_known": When.ABOUT,
            "occurred_on": date(2026, 11, 18),
            "occurred_time": "4pm",
            "location": "COMMUNAL_OUTSIDE",
            "types": ["VERBAL", "SPITTING"],
        }
        return operations.add_incident(
            by=self.by(self.handler), at=self.at(), case=self.case, **{**facts, **values}
        )


def make_case(world: World, by: Actor, policy: PolicyVersion, **values: Any) -> Case:
    """A case received a quarter of an hour before the world's moment."""
    received = world.now - timedelta(minutes=15)
    victim = values.pop("victim", None) or add_person(
        by=by, at=received, full_name="Amara Osei", known_as="Amara", phone="07700 900412"
    )
    return operations.open_case(
        by=by,
        at=world.now,
        received_at=received,
        victim=victim,
        policy_version=policy,
        **values,
    )


def tell(world: World, *, team: str = "North", password: str = "", **facts: Any) -> Story:
    """The story so far: reported, triaged, opened; nobody leads it yet.

    With a password the three of the team sign in by form, as "joanne@east.amplius.example".
    """
    policy = world.policy()
    north = world.team(team)

    def user(role: Role, name: str) -> User:
        email = f"{name.split()[0]}@{team}.amplius.example".lower() if password else ""
        return world.user(role, team=north, name=name, email=email, password=password or None)

    handler = user(Role.CALL_HANDLER, "Joanne Pike")
    officer = user(Role.HOUSING_OFFICER, "Dawn Mistry")
    manager = user(Role.CASE_MANAGER, "Sunita Bhatt")
    by, at = world.actor(handler), world.now
    home = add_property(by=by, at=at, address="14 Larkfield Court", town="Wellby")
    amara = add_person(
        by=by, at=at, full_name="Amara Osei", known_as="Amara", phone="07700 900412", home=home
    )
    set_safe_contact(
        by=by,
        at=at,
        person=amara,
        text="SAFE",
        ring="SAFE",
        post="NOT_SAFE",
        voicemail="NOT_SAFE",
        first_choice="text",
        say_we_are="Sam",
    )
    case = make_case(world, by, policy, victim=amara, home=home, team=north)
    operations.start_clocks(
        by=by,
        at=at,
        case=case,
        promises=promises(
            CaseFacts(received_at=case.received_at, triaged_at=at, third_party=True, **facts),
            settings_at(at),
            holidays(),
        ),
    )
    victim = operations.add_involvement(
        by=by,
        at=at,
        case=case,
        part=Part.VICTIM,
        person=amara,
        victim_role=VictimRole.TENANT,
        gave_report=True,
    )
    respondent = operations.add_involvement(
        by=by,
        at=at,
        case=case,
        part=Part.RESPONDENT,
        described_as="The man at number 16",
        relationship="NEIGHBOUR_ADJ",
    )
    neighbour = add_person(by=by, at=at, full_name="Bela Novak", phone="07700 900733")
    set_safe_contact(by=by, at=at, person=neighbour, ring="SAFE")
    third = operations.add_involvement(
        by=by, at=at, case=case, part=Part.THIRD_PARTY, person=neighbour, kept_apart=True
    )
    incident = operations.add_incident(
        by=by,
        at=at,
        case=case,
        when_known=When.ABOUT,
        occurred_on=date(2026, 11, 18),
        occurred_time="4pm",
        location="COMMUNAL_OUTSIDE",
        types=["VERBAL", "SPITTING"],
    )
    operations.add_account(
        by=by, at=at, incident=incident, words=WORDS, capacity=Capacity.VICTIM, person=amara
    )
    view = operations.add_perception(
        by=by,
        at=at,
        incident=incident,
        holds=Holds.YES,
        capacity=Capacity.VICTIM,
        person=amara,
        words=BECAUSE,
        strands={"RACE": "ACTUAL"},
    )
    return Story(
        world=world,
        handler=handler,
        officer=officer,
        manager=manager,
        case=case,
        home=home,
        amara=amara,
        victim=victim,
        respondent=respondent,
        third=third,
        incident=incident,
        view=view,
    )


def give(story: Story, user: User, why: Access = Access.COVER) -> None:
    """Let somebody else see the case."""
    operations.give_access(by=story.boss, at=story.at(), case=story.case, user=user, why=why)


def declared(story: Story, *users: User) -> None:
    """These people have said they know nobody in the case."""
    for user in users:
        operations.declare(by=story.by(user), at=story.at(), case=story.case, knows_somebody=False)
