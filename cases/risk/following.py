"""What risk does when facts below it change (ADR 12): called at the end of each operation."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from cases.access import Actor
from cases.casework.choices import OPEN_STAGES, Part, RiskLevel, Stage
from cases.casework.models import Case
from cases.people.queries import records_of
from cases.repeats.models import RepeatFlag
from cases.risk.choices import Trigger
from cases.risk.review_operations import follow_cases, follow_incidents, follow_repeats

ASSESSED = Q(stage__in=OPEN_STAGES, risk__in=[str(level) for level in RiskLevel])
"""Only a case with a level has anything to work out again."""

BY_STAGE = {
    Stage.CLOSE_PROPOSED: Trigger.CLOSING,
    Stage.REOPENED: Trigger.REOPENED,
}


def repeats(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """Flags changed: of incidents, and of the people harmed in a case."""
    flags = RepeatFlag.objects.filter(pk__in=ids)
    of_incidents = Q(incidents__in=flags.values("incident"))
    whose = records_of(flags.exclude(person=None).values_list("person_id", flat=True))
    of_people = Q(
        involvements__person__in=whose,
        involvements__part=Part.VICTIM,
        involvements__ended_at__isnull=True,
    )
    cases = list(Case.objects.filter(ASSESSED).filter(of_incidents | of_people).distinct())
    if cases:
        follow_repeats(by=by, at=at, cases=cases)


def incidents(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """Incidents changed, or came to be."""
    follow_incidents(by=by, at=at, ids=ids)


def unsafe_contacts(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """Somebody was reached in a way they said is not safe."""
    cases = list(Case.objects.filter(ASSESSED, pk__in=ids))
    if cases:
        follow_cases(by=by, at=at, cases=cases, why=Trigger.UNSAFE_CONTACT)


def moves(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """The victim or a respondent moved."""
    parts = Q(involvements__person__in=ids, involvements__ended_at__isnull=True)
    cases = list(Case.objects.filter(ASSESSED).filter(parts).distinct())
    if cases:
        follow_cases(by=by, at=at, cases=cases, why=Trigger.MOVE)


def stages(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """A case went to a stage that asks for a new look."""
    for stage, why in BY_STAGE.items():
        follow_cases(
            by=by, at=at, cases=Case.objects.filter(ASSESSED, pk__in=ids, stage=stage), why=why
        )


def plans(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """What we do about a case changed."""
    follow_cases(by=by, at=at, cases=Case.objects.filter(ASSESSED, pk__in=ids), why=Trigger.PLAN)
