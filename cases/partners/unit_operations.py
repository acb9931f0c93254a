"""Keeping the units of an agency and how each is reached: the only writers of ``AgencyContact``."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.partners import rules
from cases.partners.locking import lock_agency_in_use, lock_unit, lock_unit_in_use
from cases.partners.models import Agency, AgencyContact
from cases.rows import keep

ADDRESSES = ("secure_email", "portal", "phone", "post_address")
"""The ways to reach a unit: another one was checked by nobody (domain 7.4)."""
DIRECTS = frozenset({*ADDRESSES, "unit", "person"})
"""What decides where something goes."""


@operation
def add_unit(
    *,
    by: Actor,
    at: datetime,
    agency: Agency,
    unit: str,
    person: str = "",
    secure_email: str = "",
    portal: str = "",
    phone: str = "",
    post_address: str = "",
    hours: str = "",
) -> AgencyContact:
    """A unit of the agency, which nobody has checked yet: nothing can be sent to it.

    The same unit sent twice is made once.  Raises Refused, and ValidationError for one that is
    listed already.
    """
    enforce(rules.may_keep(by))
    said = _said(unit, person, secure_email, portal, phone, post_address, hours)
    enforce(rules.reachable(*(said[way] for way in ADDRESSES)))
    agency = lock_agency_in_use(agency)
    there = _listed(agency.pk, said)
    if there is not None and all(getattr(there, key) == value for key, value in said.items()):
        unchanged()
        return there
    if there is not None:
        raise _twice()
    contact = AgencyContact(agency=agency, **said)
    keep(contact)
    record(Verb.AGENCY_CONTACT_ADDED, by=by, at=at, subject=contact, changes={"agency": agency.pk})
    return contact


@operation
def change_unit(
    *,
    by: Actor,
    at: datetime,
    contact: AgencyContact,
    unit: str,
    person: str = "",
    secure_email: str = "",
    portal: str = "",
    phone: str = "",
    post_address: str = "",
    hours: str = "",
) -> AgencyContact:
    """Change a unit; another name, person or address takes its verification away (domain 7.4).

    Raises Refused, ValidationError.
    """
    enforce(rules.may_keep(by))
    said = _said(unit, person, secure_email, portal, phone, post_address, hours)
    enforce(rules.reachable(*(said[way] for way in ADDRESSES)))
    contact = lock_unit_in_use(contact)
    changed = [key for key, value in said.items() if getattr(contact, key) != value]
    if not changed:
        unchanged()
        return contact
    there = _listed(contact.agency_id, said)
    if there is not None and there.pk != contact.pk:
        raise _twice()
    for key in changed:
        setattr(contact, key, said[key])
    lost = bool(DIRECTS & set(changed)) and contact.verified_on is not None
    if lost:
        contact.verified_on = contact.verified_by = None
        contact.verified_how = ""
    keep(contact)
    changes = {"agency": contact.agency_id, "changed": changed}
    if lost:
        changes["checked"] = False
    record(Verb.AGENCY_CONTACT_CHANGED, by=by, at=at, subject=contact, changes=changes)
    return contact


@operation
def verify_unit(
    *, by: Actor, at: datetime, contact: AgencyContact, how: str, checked_on: date | None = None
) -> AgencyContact:
    """Somebody checked every way to reach the unit, today or on an earlier day, and says how.

    From then on, and for PARTNER_VERIFIED_MONTHS, it can be sent to.  Raises Refused.
    """
    day = checked_on or london_date(at)
    enforce(rules.may_keep(by))
    enforce(rules.checking(how=how, checked_on=day, today=london_date(at)))
    contact = lock_unit_in_use(contact)
    now = (contact.verified_on, contact.verified_by_id, contact.verified_how)
    if now == (day, by.user_id, how.strip()):
        unchanged()
        return contact
    contact.verified_on, contact.verified_by_id = day, by.user_id
    contact.verified_how = how.strip()
    keep(contact)
    record(
        Verb.AGENCY_CONTACT_VERIFIED,
        by=by,
        at=at,
        subject=contact,
        changes={"agency": contact.agency_id, "checked": day.isoformat()},
        reason=contact.verified_how,
    )
    return contact


@operation
def end_unit(*, by: Actor, at: datetime, contact: AgencyContact, why: str) -> AgencyContact:
    """The unit is no more, or no longer reached so: nothing can be sent to it.

    Raises Refused, and ValidationError if nobody says why.
    """
    enforce(rules.may_keep(by))
    if not why.strip():
        raise ValidationError({"why": "Say why the unit is ended."})
    contact = lock_unit(contact)
    if contact.ended_at is not None:
        unchanged()
        return contact
    contact.ended_at = at
    keep(contact)
    record(
        Verb.AGENCY_CONTACT_ENDED,
        by=by,
        at=at,
        subject=contact,
        changes={"agency": contact.agency_id},
        reason=why.strip(),
    )
    return contact


def _said(
    unit: str,
    person: str,
    secure_email: str,
    portal: str,
    phone: str,
    post_address: str,
    hours: str,
) -> dict[str, str]:
    return {
        "unit": " ".join(unit.split()),
        "person": " ".join(person.split()),
        "secure_email": secure_email.strip().lower(),
        "portal": portal.strip(),
        "phone": phone.strip(),
        "post_address": post_address.strip(),
        "hours": hours.strip(),
    }


def _listed(agency_id: int, said: dict[str, str]) -> AgencyContact | None:
    return AgencyContact.objects.filter(
        agency_id=agency_id, ended_at__isnull=True, unit=said["unit"], person=said["person"]
    ).first()


def _twice() -> ValidationError:
    return ValidationError({"unit": "This unit is listed already."})
