"""What waits to go, and what has gone, of one person: read for the matrix and the confirm page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from cases.casework.models import Involvement
from cases.disclosures.choices import Door, PackState
from cases.disclosures.models import Pack, Send
from cases.partners.models import Agency


@dataclass(frozen=True)
class Went:
    """One page that had gone: its title, to which agency, when, and under which rule."""

    agency_id: int
    title: str
    sent_at: datetime
    door: str

    @property
    def rule(self) -> str:
        """The lawful door in words; our own teams need none."""
        return str(Door(self.door).label) if self.door else "Our own team"


def _of(part: Involvement, prefix: str = "") -> Q:
    """What is about somebody, or tells something of theirs."""
    theirs = {f"{prefix}items__whose": part.pk, f"{prefix}items__taken_out": False}
    return Q(**{f"{prefix}about": part.pk}) | Q(**theirs)


def went(part: Involvement) -> Sequence[Went]:
    """Everything about somebody that has gone, newest first: one query."""
    rows = Send.objects.filter(_of(part, "pack__"), case=part.case_id).distinct()
    kept = rows.order_by("-sent_at", "-id").values_list(
        "agency_id", "pack__title", "sent_at", "door"
    )
    return [Went(*row) for row in kept]


def waiting(part: Involvement, agency: Agency) -> Sequence[Pack]:
    """What waits to go to an agency on this person's permission, written or still being written."""
    states = (PackState.DRAFT, PackState.READY)
    rows = Pack.objects.filter(
        _of(part), case=part.case_id, agency=agency, door=Door.PERMISSION, state__in=states
    )
    return list(rows.distinct().order_by("made_at", "id"))
