"""What follows in casework when facts about people change (ADR 12)."""

from __future__ import annotations

from datetime import datetime

from cases.access import Actor
from cases.calendar import london_date
from cases.casework.conflict_operations import find_conflicts_of
from cases.people.models import StaffLink
from cases.people.queries import near_to, records_of
from cases.staff.models import User


def people_changed(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """Whom these people live with, or are family of, changed: look through the cases again.

    A colleague tied to any of them may now have a conflict of interest (domain 7.1).
    """
    near = records_of({*ids, *near_to(ids, london_date(at))})
    linked = StaffLink.objects.filter(person__in=near).values("user")
    for user in User.objects.filter(pk__in=linked).order_by("pk"):
        find_conflicts_of(by=by, at=at, user=user)
