"""Whatever is done, in whatever order, by the real operations: what is kept is what the facts say.

Each sequence is drawn from a seed, so that one that fails can be run again.  `make soak` runs
more of them (`REPEATS_SEQUENCES`).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from cases.access import Refused
from cases.casework import operations as casework
from cases.casework.choices import OPEN_STAGES, Stage
from cases.casework.models import Case, Incident, IncidentPair, Involvement, Perception
from cases.intake.operations import decide_pair
from cases.people import operations as people
from cases.people.models import FamilyLink, Household, HouseholdMembership, Merge, Person
from cases.repeats.checking import differences
from cases.repeats.models import MadeUp
from cases.repeats.operations import record_made_up
from tests.repeats.telling import Telling, moment

SEQUENCES = int(os.environ.get("REPEATS_SEQUENCES", "3"))
STEPS = 22
START = date(2024, 6, 1)
WHY = "It was written down wrongly when it was told."


class Doing:
    """One sequence of operations on five people, two households and what happens to them."""

    def __init__(self, telling: Telling, seed: int) -> None:
        self.telling, self.chance = telling, random.Random(seed)
        self.people = [telling.person(name) for name in ("Ann", "Bea", "Cy", "Dee")]
        self.people.append(
            people.add_person(**telling.doing(), placeholder="Somebody in the corner flat")
        )
        home = telling.home()
        self.households = [telling.household(home) for _ in range(2)]

    def day(self) -> date:
        near = self.chance.choice([0, 1, 2, 364, 365, 366, self.chance.randrange(800)])
        return START + timedelta(days=near)

    def step(self) -> str:
        """Do one thing, if it may be done; what was tried."""
        moves = [self.tell] * 5 + [self.bond, self.bond, self.move_in, self.correct]
        moves += [self.retract, self.view, self.unbond, self.move_out, self.merge, self.unmerge]
        moves += [self.identify, self.void, self.made_up, self.decide, self.also]
        chosen: Callable[[], object] = self.chance.choice(moves)
        try:
            with transaction.atomic():
                chosen()
        except (ValidationError, Refused):
            return f"{chosen.__name__}, refused"
        return chosen.__name__

    def _one(self, rows: object) -> object:
        found = list(rows)  # type: ignore[call-overload]
        if not found:
            raise ValidationError("Nothing to do it to.")
        return self.chance.choice(found)

    def _person(self) -> Person:
        return Person.objects.get(pk=self.chance.choice(self.people).pk)

    def tell(self) -> None:
        reported = self.day()
        ago = self.chance.choice([0, 0, 1, 30, 365])
        occurred = (reported - timedelta(days=ago)).isoformat()
        open_cases = Case.objects.filter(stage__in=OPEN_STAGES, received_at__lt=moment(reported))
        same = list(open_cases) if self.chance.random() < 0.25 else []
        case = self.chance.choice(same) if same else None
        self.telling.incident(
            case.victim if case else self._person(),
            reported.isoformat(),
            occurred if self.chance.random() < 0.8 else None,
            case=case,
            types=[self.chance.choice(["VERBAL", "GRAFFITI", "ASSAULT"])],
            holds=self.chance.choice(["YES", "YES", "NOT_SURE", "NO"]),
            going_on=self.chance.random() < 0.15,
        )

    def bond(self) -> None:
        kind = self.chance.choice(["SPOUSE", "SIBLING", "CHILD", "GUARDIAN"])
        since, until = sorted([self.day(), self.day()])
        closed = {"until": until} if until > since and self.chance.random() < 0.5 else {}
        self.telling.family(self._person(), self._person(), kind, since=since, **closed)

    def unbond(self) -> None:
        link = self._one(FamilyLink.objects.filter(period__isempty=False))
        people.remove_family_link(**self.telling.doing(), link=link)

    def move_in(self) -> None:
        household = Household.objects.get(pk=self.chance.choice(self.households).pk)
        self.telling.lives(self._person(), household, self.day().isoformat())

    def move_out(self) -> None:
        stay = self._one(HouseholdMembership.objects.filter(period__isempty=False))
        people.end_household_member(**self.telling.doing(), membership=stay, moved_out=self.day())

    def merge(self) -> None:
        people.merge_people(
            by=self.telling.boss,
            at=moment(START),
            survivor=self._person(),
            loser=self._person(),
            reason=WHY,
        )

    def unmerge(self) -> None:
        merge = self._one(Merge.objects.filter(undone_at__isnull=True))
        people.unmerge_people(by=self.telling.boss, at=moment(START), merge=merge, reason=WHY)

    def correct(self) -> None:
        incident = self._one(Incident.objects.all())
        casework.correct_incident(
            **self.telling.doing(),
            incident=incident,
            reason=WHY,
            occurred_on=self.day(),
            when_known="EXACT",
        )

    def retract(self) -> None:
        view = self._one(Perception.objects.standing())
        casework.retract_perception(
            **self.telling.doing(), view=view, words="No.", witness=self.telling.manager
        )

    def view(self) -> None:
        incident = self._one(Incident.objects.all())
        self.telling.view(incident, self._person())

    def identify(self) -> None:
        part = self._one(Involvement.objects.filter(part="VICTIM"))
        casework.change_involvement(**self.telling.doing(), involvement=part, person=self._person())

    def also(self) -> None:
        case = self._one(Case.objects.filter(stage__in=OPEN_STAGES))
        casework.add_involvement(
            **self.telling.doing(), case=case, part="VICTIM", person=self._person()
        )

    def void(self) -> None:
        if self.chance.random() < 0.5:
            raise ValidationError("Not so often.")
        casework.move_stage(
            by=self.telling.boss,
            at=moment(START),
            case=self._one(Case.objects.filter(stage__in=OPEN_STAGES)),
            to=Stage.VOID,
            reason=WHY,
        )

    def made_up(self) -> None:
        incident = self._one(Incident.objects.exclude(pk__in=MadeUp.objects.values("incident")))
        record_made_up(
            by=self.telling.boss, at=moment(START), incident=incident, words="I made it up."
        )

    def decide(self) -> None:
        pair = self._one(IncidentPair.objects.filter(decision=""))
        decide_pair(
            **self.telling.doing(),
            pair=pair,
            same=self.chance.random() < 0.5,
            reason="Read side by side with both of them.",
        )


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_incremental_is_from_scratch(telling: Telling, seed: int) -> None:
    doing = Doing(telling, seed)
    done: list[str] = []
    for _ in range(3):
        doing.tell()
    for _ in range(STEPS):
        done.append(doing.step())
        wrong = [str(one) for one in differences()]
        assert wrong == [], (seed, done, wrong)
    assert Incident.objects.count() > 2
