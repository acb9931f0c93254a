"""Everything a case page stands on, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.access import Actor
from cases.audit.context import saw
from cases.casework import queries
from cases.casework.choices import ClockState, Part
from cases.casework.models import Case, CaseMember, Clock, Involvement
from cases.casework.queries import WholeIncident

ALIVE = (ClockState.RUNNING, ClockState.PAUSED)


@dataclass(frozen=True)
class Read:
    """Everything the page stands on, read in a fixed number of queries."""

    case: Case
    actor: Actor
    now: datetime
    parts: Sequence[Involvement]
    clocks: Sequence[Clock]
    members: Sequence[CaseMember]
    managers: Mapping[int | None, str]
    incidents: Sequence[WholeIncident]

    @property
    def victim(self) -> Involvement | None:
        """The part of the person the case is about."""
        theirs = [part for part in self.parts if part.part == Part.VICTIM]
        same = [part for part in theirs if part.person_id == self.case.victim_id]
        return next(iter([*same, *theirs]), None)

    @property
    def apart(self) -> set[int | None]:
        """The people who are kept apart from the page."""
        return {part.person_id for part in self.parts if part.kept_apart and part.person_id}

    @property
    def call_them(self) -> str:
        """What to call the person the case is about."""
        return self.case.who.call_them if self.case.who.identified else "them"


def apart_in(case: Case) -> set[int]:
    """The people of a case who are kept apart from its pages, now or once."""
    parts = case.involvements.filter(kept_apart=True, person__isnull=False)
    return {pk for pk in parts.values_list("person_id", flat=True) if pk}


def read(case: Case, actor: Actor, now: datetime) -> Read:
    """Read what every part of the page needs, and declare the people shown."""
    parts = queries.parts_of(case)
    shown = [part.person_id for part in parts if part.person_id and not part.kept_apart]
    saw("people.person", *shown, case=case.reference)
    return Read(
        case=case,
        actor=actor,
        now=now,
        parts=parts,
        clocks=queries.clocks_of(case),
        members=queries.members_of(case),
        managers=queries.managers_of(case, now),
        incidents=queries.incidents_of(case),
    )
