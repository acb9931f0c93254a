"""One change of the directory at a time: an entry is locked before anything that hangs on it.

Whoever holds a unit holds its agency first, the gate too: nobody then waits in a circle.
The key is left out of the locks, because a row that names an agency or a unit holds on to it.
"""

from __future__ import annotations

from django.db import connection

from cases.access import enforce
from cases.partners import rules
from cases.partners.models import Agency, AgencyContact


def lock_agency(agency: Agency) -> Agency:
    """The entry as it is now, held until the operation ends."""
    return Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)


def lock_agency_in_use(agency: Agency) -> Agency:
    """The same.  Raises Refused for one that was ended."""
    agency = lock_agency(agency)
    enforce(rules.in_use(agency_ended=agency.ended_at is not None))
    return agency


def lock_unit(contact: AgencyContact) -> AgencyContact:
    """The unit as it is now, its agency held first."""
    agency = lock_agency(contact.agency)
    units = AgencyContact.objects.select_for_update(of=("self",), no_key=True)
    contact = units.get(pk=contact.pk)
    contact.agency = agency
    return contact


def lock_unit_in_use(contact: AgencyContact) -> AgencyContact:
    """The same.  Raises Refused if the unit or its agency was ended."""
    contact = lock_unit(contact)
    enforce(
        rules.in_use(
            agency_ended=contact.agency.ended_at is not None,
            unit_ended=contact.ended_at is not None,
        )
    )
    return contact


def one_at_a_time(what: str) -> None:
    """Wait until nobody else makes a new row of this name; held until the operation ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])
