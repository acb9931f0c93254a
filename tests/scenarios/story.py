"""Telling a story as it is told: a sheet started, answered, sent, by the real operations."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from cases.access import Actor, Role
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Clock, Perception
from cases.intake.choices import Channel, Door
from cases.intake.models import CallSheet, Report, RouteRecord
from cases.intake.operations import save_answers, start_sheet, submit
from cases.people.choices import MemberRelation, StockClass, Tenure
from cases.people.models import Household, Person, Property
from cases.people.operations import (
    add_household,
    add_household_member,
    add_person,
    add_property,
    add_tenancy,
)
from cases.staff.models import User
from tests.world import LONDON, LONG_AGO, World

MOVED_IN = date(2020, 4, 6)


def london(*when: int) -> datetime:
    """A moment as the clock on the wall in London has it."""
    return datetime(*when, tzinfo=LONDON)  # type: ignore[arg-type]


def keys(prefix: str, **values: Any) -> dict[str, Any]:
    """Answers of one part: ``keys("contact", post="NOT_SAFE")``."""
    return {f"{prefix}.{name}": value for name, value in values.items()}


class Story:
    """The people of a scenario and what they tell us."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.policy()
        self.team = world.team("North")
        self.handler = world.user(Role.CALL_HANDLER, team=self.team, name="Joanne Pike")
        self.officer = world.user(Role.HOUSING_OFFICER, team=self.team, name="Dawn Mistry")
        self.manager = world.user(Role.CASE_MANAGER, team=self.team, name="Sunita Bhatt")
        self.director = world.user(Role.DIRECTOR_CO, name="Ruth Calloway")
        self.safeguarding = world.user(Role.SAFEGUARDING_LEAD, name="Lena Fox")
        self.da_lead = world.user(Role.DA_LEAD, name="Helen Brand")

    def actor(self, user: User, at: datetime | None = None) -> Actor:
        return self.world.actor(user, at)

    def home(self, address: str = "14 Larkfield Court", postcode: str = "NN99 4QT") -> Property:
        return add_property(
            by=self.actor(self.handler),
            at=LONG_AGO,
            address=address,
            town="Northam",
            postcode=postcode,
            stock_class=StockClass.LCRA,
            team=self.team,
        )

    def tenant(
        self, name: str, home: Property, tenure: str = Tenure.ASSURED, reference: str = ""
    ) -> Person:
        """Somebody who holds one of our homes and lives there."""
        by = self.actor(self.handler)
        person = add_person(by=by, at=LONG_AGO, full_name=name, home=home)
        add_tenancy(
            by=by,
            at=LONG_AGO,
            reference=reference or f"T-{uuid.uuid4().hex[:6]}",
            home=home,
            holder=person,
            tenure=tenure,
            starts=MOVED_IN,
        )
        self.lives(person, add_household(by=by, at=LONG_AGO, home=home), MemberRelation.TENANT)
        return person

    def lives(
        self, person: Person, household: Household, relation: str = MemberRelation.OTHER_OCCUPANT
    ) -> Person:
        add_household_member(
            by=self.actor(self.handler),
            at=LONG_AGO,
            household=household,
            person=person,
            moved_in=MOVED_IN,
            relation=relation,
        )
        return person

    def with_them(self, tenant: Person, name: str, relation: str, born: date) -> Person:
        """Somebody who lives with the tenant."""
        person = add_person(
            by=self.actor(self.handler),
            at=self.world.now,
            full_name=name,
            date_of_birth=born,
            home=tenant.home,
        )
        household = Household.objects.get(memberships__person=tenant)
        return self.lives(person, household, relation)

    def sheet(
        self,
        answers: dict[str, Any],
        *,
        received: datetime,
        door: Door = Door.VICTIM,
        channel: Channel = Channel.PHONE_INBOUND,
        no_name: bool = False,
        by: User | None = None,
        at: datetime | None = None,
    ) -> CallSheet:
        """A sheet with these answers, taken as the person spoke."""
        taker = self.actor(by or self.handler, received)
        start = max(at or received, received)
        sheet = start_sheet(
            by=taker,
            at=start,
            key=uuid.uuid4(),
            door=door,
            channel=channel,
            received_at=received,
            no_name=no_name,
        )
        save_answers(by=taker, at=start + timedelta(minutes=5), sheet=sheet, answers=answers)
        return sheet

    def report(
        self, answers: dict[str, Any], *, received: datetime, after: int = 15, **how: Any
    ) -> Report:
        """A report sent to triage so many minutes after it was received."""
        sheet = self.sheet(answers, received=received, **how)
        at = max(how.get("at") or received, received) + timedelta(minutes=after)
        taker = self.actor(how.get("by") or self.handler, at)
        return submit(by=taker, at=at, sheet=sheet)


def routes(report: Report) -> list[str]:
    """The routes a report takes now, the main one first."""
    taken = RouteRecord.objects.filter(report=report).exclude(state="SUPERSEDED")
    return list(taken.order_by("-is_primary", "pk").values_list("route", flat=True))


def clock(case: Case, kind: ClockKind) -> Clock:
    """The newest clock of a kind; raises Clock.DoesNotExist if the case carries none."""
    return case.clocks.filter(kind=kind).latest("pk")


def kinds(case: Case) -> set[str]:
    return set(case.clocks.values_list("kind", flat=True))


def hate_case(report: Report) -> Case:
    """The case of a hate report, with what every hate route must show (domain 9)."""
    report.refresh_from_db()
    assert report.case is not None
    case = Case.objects.get(pk=report.case_id)
    assert case.priority == "EMERGENCY"
    for incident in case.incidents.all():
        assert incident.perceptions.exists()
    return case


def contact_due(case: Case) -> datetime:
    due = clock(case, ClockKind.FIRST_CONTACT).due_at
    assert due is not None
    return due


def strands(report: Report) -> set[str]:
    rows = Perception.objects.filter(incident__report_links__report=report)
    return set(rows.exclude(strands=None).values_list("strands__strand", flat=True))
