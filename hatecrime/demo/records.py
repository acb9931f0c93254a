"""What officers record beside the story: crime, impact, statements, HR, the company.

Chance here is each case's own, so that what is recorded shifts nothing else of the demo.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cases.access import Actor
from cases.calendar import london_date
from cases.casework import operations as ops
from cases.casework.choices import Part, Relationship, Stage
from cases.casework.models import Case, Incident, Involvement
from cases.casework.record_choices import CrimeStatus, RecordKind

Do = Callable[..., Any]

OFFICERS = ("PC Hale, Wellby police", "PC Anand, Wellby police", "DC Morris, the hate crime team")
FIRST = (
    (CrimeStatus.REPORTED_AWAITING, 4),
    (CrimeStatus.POSSIBLE_CRIME, 3),
    (CrimeStatus.VICTIM_DECLINED_POLICE, 3),
)
AFTER = (
    (CrimeStatus.POLICE_CRIME, 5),
    (CrimeStatus.POLICE_NOT_RECORDED, 2),
    (CrimeStatus.NFA, 2),
    (CrimeStatus.POLICE_NOT_CRIME, 1),
)
IMPACTS = (
    (3, "I do not sleep when I hear the stairs.", 1),
    (2, "We go the long way round now.", 0),
    (1, "", 9),
    (3, "The little one asks if he is coming back.", 2),
)


def keep_records(do: Do, case: Case, stage: Stage) -> None:
    """What is known by the end of a stage.  ``do`` does an operation to the case a little later."""
    chance = random.Random(f"{case.reference} {stage}")  # noqa: S311 (meant to be predictable)
    incident = case.incidents.filter(same_as__isnull=True).first()
    if incident is None:
        return
    if stage == Stage.ASSESS:
        _first_known(do, chance, incident)
    if stage == Stage.INVESTIGATE:
        _found_out(do, chance, incident)
        _of_people(do, case)


def _first_known(do: Do, chance: random.Random, incident: Incident) -> None:
    if chance.random() < 0.6:
        impact, said, others = chance.choice(IMPACTS)
        do(_impact, incident=incident, impact=impact, impact_words=said, community_impact=others)
    if chance.random() < 0.6:
        status = _one_of(chance, FIRST)
        ours = status == CrimeStatus.POSSIBLE_CRIME
        who = "The lead officer" if ours else "The person harmed"
        do(_crime, incident=incident, status=status, decided_by=who)


def _found_out(do: Do, chance: random.Random, incident: Incident) -> None:
    newest = incident.crime_decisions.last()
    if newest is None or newest.status != CrimeStatus.REPORTED_AWAITING:
        return
    status = _one_of(chance, AFTER)
    recorded = status == CrimeStatus.POLICE_CRIME
    do(
        _crime,
        incident=incident,
        status=status,
        decided_by=chance.choice(OFFICERS),
        crime_reference=f"35/{chance.randint(10000, 99999)}/26" if recorded else "",
    )


def _of_people(do: Do, case: Case) -> None:
    """A statement of whoever would be a witness; HR for a colleague, the day alone."""
    for part in case.involvements.filter(ended_at__isnull=True).select_related("person"):
        if part.part == Part.WITNESS and part.would_witness == "YES":
            facts = {"with_whom": OFFICERS[0], "words": "Signed. Kept with the evidence."}
            do(_part, involvement=part, kind=RecordKind.STATEMENT, **facts)
        if part.part == Part.RESPONDENT and part.relationship == Relationship.LANDLORD_COLLEAGUE:
            do(_part, involvement=part, kind=RecordKind.HR_REFERRED)
        if part.part == Part.VICTIM and part.person and part.person.is_colleague:
            do(_part, involvement=part, kind=RecordKind.HR_TOLD, agreed=True)


def _one_of(chance: random.Random, weighed: tuple[tuple[CrimeStatus, int], ...]) -> CrimeStatus:
    return chance.choices([code for code, _ in weighed], [weight for _, weight in weighed])[0]


def _impact(*, by: Actor, at: datetime, case: Case, **values: Any) -> None:
    ops.record_impact(by=by, at=at, **values)


def _crime(*, by: Actor, at: datetime, case: Case, incident: Incident, **values: Any) -> None:
    incident = Incident.objects.get(pk=incident.pk)
    ops.record_crime_status(by=by, at=at, incident=incident, decided_on=london_date(at), **values)


def _part(*, by: Actor, at: datetime, case: Case, involvement: Involvement, **values: Any) -> None:
    ops.record_part(by=by, at=at, involvement=involvement, on=london_date(at), **values)
