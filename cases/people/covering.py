"""What says who somebody is, told to the mask of an auditor's page (domain 11, 7.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cases.audit import masking
from cases.people.models import Person, Property
from cases.people.tie_queries import records_of

TELLING = frozenset(
    {"full_name", "known_as", "placeholder", "date_of_birth", "phone", "email", "home", "value"}
)
"""The fields of a record that say who somebody is, or where."""


def cover_people(person_ids: Iterable[int]) -> None:
    """Have the mask know all that these people are, or were, called and reached by.

    By every record of theirs, and by what each said before: accounts were written with that.
    Nothing is asked unless the page is masked; four queries then.
    """
    if not masking.on():
        return
    ids = list(records_of(person_ids))
    homes: set[int] = set()
    history: Any = Person.history
    for rows in (Person.objects.filter(pk__in=ids), history.filter(id__in=ids)):
        told = rows.order_by().values_list("full_name", "known_as", "phone", "email", "home_id")
        for *known, home in told:
            masking.person("", *known)
            homes |= {home} - {None}
    for place in Property.objects.filter(pk__in=homes):
        masking.home(place.address, place.postcode)
