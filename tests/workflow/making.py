"""Cases made by the real operations, for tests of the queue and of search."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cases.access import Actor
from cases.casework import operations as ops
from cases.casework.choices import Capacity, Holds, IncidentType, Part, When
from cases.casework.models import Case, Involvement
from cases.casework.promises import CaseFacts, promises
from cases.people.models import Person
from cases.people.operations import add_person
from cases.policy.queries import holidays, policy_version_at, settings_at


def make_case(
    by: Actor,
    at: datetime,
    *,
    name: str = "Amara Osei",
    victim: Person | None = None,
    received_at: datetime | None = None,
    words: str = "He shouts about my skin whenever I go out.",
    crime_reference: str = "",
    facts: dict[str, Any] | None = None,
    **values: Any,
) -> Case:
    """A case with a victim, an incident in their words and every clock it would carry."""
    received = received_at or at
    person = victim or add_person(by=by, at=at, full_name=name)
    case = ops.open_case(
        by=by,
        at=at,
        received_at=received,
        victim=person,
        policy_version=policy_version_at(received),
        **values,
    )
    ops.add_involvement(by=by, at=at, case=case, part=Part.VICTIM, person=person)
    incident = ops.add_incident(
        by=by,
        at=at,
        case=case,
        types=[IncidentType.VERBAL],
        when_known=When.EXACT,
        occurred_on=(received - timedelta(days=1)).date(),
        crime_reference=crime_reference,
    )
    ops.add_account(
        by=by, at=at, incident=incident, words=words, capacity=Capacity.VICTIM, person=person
    )
    ops.add_perception(
        by=by,
        at=at,
        incident=incident,
        holds=Holds.YES,
        capacity=Capacity.VICTIM,
        person=person,
        strands={"RACE": "ACTUAL"},
    )
    known = CaseFacts(received_at=received, triaged_at=at, **(facts or {}))
    ops.start_clocks(by=by, at=at, case=case, promises=promises(known, settings_at(at), holidays()))
    return Case.objects.get(pk=case.pk)


def victim_part(case: Case) -> Involvement:
    """The part of whoever was harmed."""
    return case.involvements.get(part=Part.VICTIM)
