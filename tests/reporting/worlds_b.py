"""Made-up months for property tests: what happened, told by the real operations.

Moments lie on the edges where days, months and years are cut: by British Summer Time, by a leap
day, at the end of the year.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.access import Refused, Role
from cases.casework import operations as casework
from cases.casework.choices import Strand
from cases.casework.clocks import ClockKind as K
from cases.casework.models import Case, Involvement
from cases.casework.promises import CaseFacts, next_contact, promises
from cases.disclosures.emergency_operations import record_emergency
from cases.intake.operations import decide_pair
from cases.intake.pair_operations import find_pairs_of
from cases.people import operations as people
from cases.people.company_operations import add_company
from cases.people.models import Person, Property
from cases.policy.queries import holidays, policy_version_at, settings_at
from cases.risk import operations as risk
from cases.risk.judgement_operations import raise_level
from cases.staff.models import Course
from cases.staff.operations import record_training
from tests.repeats.telling import Telling
from tests.risk.asking import HIGH, MEDIUM, STANDARD
from tests.world import COMMAND, LONG_AGO, World


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type]


EDGES = [
    utc(2026, 3, 31, 22, 30),  # 31 March, 23:30 in London
    utc(2026, 3, 31, 22, 59, 59, 999999),
    utc(2026, 3, 31, 23, 0),  # 1 April, midnight in London
    utc(2026, 3, 31, 23, 15),  # 1 April in London, 31 March elsewhere
    utc(2026, 3, 29, 0, 59, 59),  # the hour that is left out begins
    utc(2026, 3, 29, 1, 0),
    utc(2025, 10, 26, 0, 30),  # half past one, twice
    utc(2025, 10, 26, 1, 30),
    utc(2025, 10, 31, 23, 59, 59),
    utc(2025, 11, 1, 0, 0),
    utc(2024, 2, 29, 23, 59, 59, 999999),
    utc(2024, 3, 1, 0, 0),
    utc(2025, 2, 28, 23, 30),
    utc(2025, 6, 30, 22, 59, 59),
    utc(2025, 6, 30, 23, 0),  # 1 July in London
    utc(2025, 12, 31, 23, 59, 59),
    utc(2026, 1, 1, 0, 0),
    utc(2026, 10, 31, 23, 30),
    utc(2026, 11, 1, 0, 0),
]
LASTS = [
    *(date(2026, 3, 31), date(2026, 4, 30), date(2025, 10, 31), date(2025, 12, 31)),
    *(date(2024, 2, 29), date(2025, 6, 30), date(2026, 10, 31)),
]
ASKED_AT = [utc(2026, 12, 1), utc(2026, 12, 1), utc(2026, 3, 31, 22, 45), utc(2026, 1, 15, 12)]
BORN = [date(2001, 3, 31), date(2001, 4, 1), date(1960, 2, 29), date(1981, 10, 26), None, None]
SURE = ["YES", "YES", "NOT_SURE", "NO"]


@dataclass(frozen=True)
class Told:
    """One case: when it was received, who is harmed, what happened, and what was done."""

    received: datetime
    victim: int
    opened_after: int
    holds: str
    strands: tuple[str, ...]
    types: tuple[str, ...]
    location: str
    respondent: int
    again_after: int
    done_after: int
    deeds: frozenset[str]


DEEDS = [
    *("graffiti", "photograph", "contact", "police", "risk", "raise", "conflict", "999"),
    *("retract", "void", "also", "same", "at home", "third view", "update"),
]
told = st.builds(
    Told,
    received=st.sampled_from(EDGES),
    victim=st.integers(0, 5),
    opened_after=st.sampled_from([0, 30]),
    holds=st.sampled_from(SURE),
    strands=st.lists(st.sampled_from(Strand.values), max_size=3, unique=True).map(tuple),
    types=st.lists(
        st.sampled_from(["VERBAL", "GRAFFITI", "ASSAULT", "THREAT"]), min_size=1, unique=True
    ).map(tuple),
    location=st.sampled_from(["VICTIM_HOME", "COMMUNAL_INSIDE", "UNKNOWN"]),
    respondent=st.integers(0, 4),
    again_after=st.sampled_from([0, 0, 1, 26, 200, 364]),
    done_after=st.sampled_from([1, 23, 24, 25, 120]),
    deeds=st.frozensets(st.sampled_from(DEEDS), max_size=7),
)
worlds = st.lists(told, min_size=1, max_size=7)
EXAMPLES = int(os.environ.get("REPORT_WORLDS", "3"))


def whatever_happened(test: Callable[..., None]) -> Callable[..., None]:
    """Try a test with so many made-up worlds, any month, any moment of asking, any company."""
    given_these = given(
        facts=worlds,
        last=st.sampled_from(LASTS),
        at=st.sampled_from(ASKED_AT),
        entity=st.sampled_from(["", "", "EAST"]),
        joined=st.booleans(),
    )
    patient = settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    return patient(given_these(test))


class Living:
    """People, homes and companies, and what is told of them."""

    def __init__(self, world: World) -> None:
        self.telling = Telling(world)
        self.world, self.by, self.boss = world, self.telling.by, self.telling.boss
        self.second = world.user(Role.HOUSING_OFFICER, team=self.telling.team, name="Jo Lamb")
        admin = world.actor(world.user(Role.SYSADMIN))
        record_training(
            by=admin,
            at=LONG_AGO,
            user=self.telling.officer,
            course=Course.HATE_CRIME,
            completed_on=date(2024, 1, 1),
            expires_on=date(2026, 4, 1),
        )
        self.homes = [self.home("EAST", "Wellby"), self.home("WEST", ""), self.home("", "Northam")]
        self.people = [
            people.add_person(
                by=self.by,
                at=LONG_AGO,
                full_name=f"Person {number}" if number < 5 else "",
                placeholder="" if number < 5 else "Somebody in the corner flat",
                date_of_birth=born,
                home=self.homes[number % 3] if number < 5 else None,
            )
            for number, born in enumerate(BORN)
        ]
        household = self.telling.household(self.homes[0])
        for person in self.people[:2]:
            self.telling.lives(person, household)
        self.telling.family(self.people[2], self.people[3], "SIBLING")
        self.accused = [self.telling.person(f"Alleged {number}") for number in range(3)]

    def home(self, company: str, area: str) -> Property:
        entity = (
            add_company(by=COMMAND, at=LONG_AGO, code=company, name=company) if company else None
        )
        return people.add_property(
            by=self.by, at=LONG_AGO, address="1 Chapel Lane", area=area, entity=entity
        )

    def tell(self, one: Told) -> None:
        """Open the case and do what was done; what is not allowed is left out."""
        at = one.received + timedelta(minutes=one.opened_after)
        victim = Person.objects.get(pk=self.people[one.victim].pk)
        case = casework.open_case(
            by=self.by,
            at=at,
            received_at=one.received,
            victim=victim,
            home=victim.home,
            team=self.telling.team,
            policy_version=policy_version_at(one.received),
        )
        part = casework.add_involvement(
            by=self.by,
            at=at,
            case=case,
            part="VICTIM",
            person=victim,
            tenure="ASSURED" if one.victim % 2 else "",
        )
        self.accuse(case, at, one.respondent)
        incidents = [self.incident(case, at, one, one.received)]
        if one.again_after:
            again = one.received + timedelta(days=one.again_after)
            incidents.append(self.incident(case, max(again, at), one, again))
        self.promise(case, at, one)
        for deed in sorted(one.deeds):
            act = getattr(self, f"do_{deed.replace(' ', '_')}", None)
            if act is not None:
                with suppress(ValidationError, Refused), transaction.atomic():
                    act(case, part, incidents, at + timedelta(hours=one.done_after))

    def accuse(self, case: Case, at: datetime, number: int) -> None:
        facts: dict[str, Any] = {"described_as": "The man at number 16"}
        if number < 3:
            facts = {"person": Person.objects.get(pk=self.accused[number].pk)}
        if number < 4:
            casework.add_involvement(by=self.by, at=at, case=case, part="RESPONDENT", **facts)

    def incident(self, case: Case, at: datetime, one: Told, reported: datetime) -> Any:
        made = casework.add_incident(
            by=self.by,
            at=at,
            case=case,
            received_at=reported,
            location=one.location,
            types=list(one.types),
            place=case.home if "at home" in one.deeds else None,
            crime_reference="C26/1" if one.done_after == 1 else "",
        )
        casework.add_perception(
            by=self.by,
            at=at,
            incident=made,
            person=case.victim,
            capacity="VICTIM",
            holds=one.holds,
            strands=dict.fromkeys(one.strands, "ACTUAL"),
        )
        return made

    def promise(self, case: Case, at: datetime, one: Told) -> None:
        facts = CaseFacts(one.received, at, graffiti="graffiti" in one.deeds)
        made = promises(facts, settings_at(at), holidays())
        casework.start_clocks(by=self.by, at=at, case=case, promises=made)
        done = at + timedelta(hours=one.done_after)
        if "photograph" in one.deeds:
            self.meet(case, done - timedelta(minutes=30), K.GRAFFITI_PHOTO)
        if one.done_after < 120:
            self.meet(case, done, K.GRAFFITI_REMOVE)

    def meet(self, case: Case, at: datetime, *kinds: K) -> None:
        casework.meet_clocks(by=self.by, at=at, case=case, kinds=kinds)

    # --- what is done on a case, if it may be ---

    def do_contact(self, case: Case, _part: Any, _incidents: Any, at: datetime) -> None:
        self.meet(case, at, K.FIRST_CONTACT, K.ACTION_PLAN)

    def do_police(self, case: Case, _part: Any, _incidents: Any, at: datetime) -> None:
        self.meet(case, at, K.POLICE)

    def do_risk(self, case: Case, part: Involvement, _incidents: Any, at: datetime) -> None:
        given = [STANDARD, MEDIUM, HIGH][case.pk % 3]
        draft = risk.start(by=self.by, at=at, case=case, about=part)
        risk.save_answers(by=self.by, at=at, assessment=draft, answers=given)
        risk.finish(by=self.by, at=at + timedelta(minutes=1), assessment=draft)

    def do_void(self, case: Case, _part: Any, _incidents: Any, at: datetime) -> None:
        if case.pk % 2:
            casework.move_stage(by=self.boss, at=at, case=case, to="VOID", reason="Typed twice.")

    def do_retract(self, _case: Any, _part: Any, incidents: Any, at: datetime) -> None:
        view = incidents[0].perceptions.first()
        casework.retract_perception(
            by=self.by, at=at, view=view, words="No.", witness=self.telling.manager
        )

    def do_third_view(self, _case: Any, _part: Any, incidents: Any, at: datetime) -> None:
        casework.add_perception(
            by=self.by,
            at=at,
            incident=incidents[-1],
            described_as="Her neighbour",
            capacity="WITNESS",
            holds="YES",
            strands={"AGE": "PERCEIVED"},
        )

    def do_raise(self, case: Case, _part: Any, _incidents: Any, at: datetime) -> None:
        done = case.assessments.filter(state="FINISHED").last()
        if done is None:
            return
        why = "She saw him with a knife at the door today."
        raise_level(by=self.by, at=at + timedelta(hours=1), assessment=done, to="HIGH", reason=why)

    def do_conflict(self, case: Case, _part: Any, _incidents: Any, at: datetime) -> None:
        user = self.second
        casework.allocate(by=self.boss, at=at, case=case, lead=user, reason="Nobody else is here.")
        then = at + timedelta(hours=1)
        casework.declare(by=self.world.actor(user), at=then, case=case, knows_somebody=True)
        after = then + timedelta(hours=case.pk % 7)
        lead = self.telling.officer
        casework.allocate(
            by=self.boss, at=after, case=case, lead=lead, reason="The first knew him."
        )

    def do_999(self, case: Case, _part: Any, _incidents: Any, at: datetime) -> None:
        record_emergency(
            by=self.by,
            at=at,
            case=case,
            rung_at=at - timedelta(hours=1),
            rung_by="Dawn",
            why="He stood at the door with petrol.",
            said="The address.",
        )

    def do_also(self, case: Case, _part: Any, _incidents: Any, at: datetime) -> None:
        other = Person.objects.get(pk=self.people[case.pk % 5].pk)
        casework.add_involvement(by=self.by, at=at, case=case, part="VICTIM", person=other)

    def do_update(self, case: Case, _part: Any, _incidents: Any, at: datetime) -> None:
        promise = next_contact(case.received_at, "HIGH", settings_at(at))
        casework.start_clocks(by=self.by, at=at, case=case, promises=[promise])
        if case.pk % 2:
            self.meet(case, at, K.UPDATE)

    def do_same(self, _case: Any, _part: Any, incidents: Any, at: datetime) -> None:
        for pair in find_pairs_of(by=self.by, at=at, incidents=[one.pk for one in incidents]):
            decide_pair(by=self.by, at=at, pair=pair, same=True, reason="One evening, told twice.")

    def join(self) -> None:
        """Two records of people harmed are one person's, and two of respondents."""
        for loser, survivor in (
            (self.people[4], self.people[0]),
            (self.accused[1], self.accused[0]),
        ):
            people.merge_people(
                by=self.boss,
                at=utc(2026, 11, 1),
                survivor=Person.objects.get(pk=survivor.pk),
                loser=Person.objects.get(pk=loser.pk),
                reason="The same.",
            )
