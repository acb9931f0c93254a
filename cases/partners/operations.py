"""Keeping the entries of the partner directory: the only writers of ``Agency``.

Units are kept in :mod:`cases.partners.unit_operations`, agreements and councils' terms in
:mod:`cases.partners.agreement_operations`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.partners import rules
from cases.partners.locking import lock_agency, lock_agency_in_use, one_at_a_time
from cases.partners.models import Agency
from cases.rows import keep

# What anybody rings or opens: changed, it was checked by nobody.
REACHED_BY = frozenset({"website", "public_phone"})
WHO_IT_IS = frozenset({"name", "kind", "service"})
"""Changed, its units were checked for somebody else."""
# Words of our own addresses (cases/partners/urls.py), which no entry takes.
TAKEN = frozenset({"new", "terms"})


@operation
def add_agency(
    *,
    by: Actor,
    at: datetime,
    name: str,
    kind: str,
    service: str = "",
    strands: Iterable[str] = (),
    areas: Iterable[str] = (),
    helps_with: str = "",
    note: str = "",
    website: str = "",
    public_phone: str = "",
) -> Agency:
    """A new entry, which nobody has checked yet.

    The same entry sent twice is made once.  Raises Refused, and ValidationError for a name
    that is taken.
    """
    enforce(rules.may_keep(by))
    enforce(rules.entry(name=name, kind=kind, service=service))
    enforce(rules.from_outside(kind))
    said = _said(name, kind, service, strands, areas, helps_with, note, website, public_phone)
    one_at_a_time("partners_agency")  # so that short names differ
    there = Agency.objects.filter(name__iexact=said["name"]).first()
    if there is not None:
        if there.ended_at is None and all(
            getattr(there, key) == value for key, value in said.items()
        ):
            unchanged()
            return there
        raise _taken(there)
    agency = Agency(slug=_slug(said["name"]), **said)
    keep(agency)
    record(Verb.AGENCY_ADDED, by=by, at=at, subject=agency, changes={"kind": str(kind)})
    return agency


@operation
def change_agency(
    *,
    by: Actor,
    at: datetime,
    agency: Agency,
    name: str,
    kind: str,
    service: str = "",
    strands: Iterable[str] = (),
    areas: Iterable[str] = (),
    helps_with: str = "",
    note: str = "",
    website: str = "",
    public_phone: str = "",
) -> Agency:
    """Change an entry; another number or website takes its verification away, another name or
    kind its units'.

    Its address here stays as it was.  Raises Refused, ValidationError.
    """
    enforce(rules.may_keep(by))
    enforce(rules.entry(name=name, kind=kind, service=service))
    agency = lock_agency_in_use(agency)
    enforce(rules.same_side(was=agency.kind, kind=kind))
    said = _said(name, kind, service, strands, areas, helps_with, note, website, public_phone)
    changed = [key for key, value in said.items() if getattr(agency, key) != value]
    if not changed:
        unchanged()
        return agency
    if "name" in changed:
        other = Agency.objects.filter(name__iexact=said["name"]).exclude(pk=agency.pk).first()
        if other is not None:
            raise _taken(other)
    for key in changed:
        setattr(agency, key, said[key])
    lost = bool(REACHED_BY & set(changed)) and agency.verified_on is not None
    if lost:
        agency.verified_on = agency.verified_by = None
    keep(agency)
    changes = {"changed": changed, **({"checked": False} if lost else {})}
    record(Verb.AGENCY_CHANGED, by=by, at=at, subject=agency, changes=changes)
    if WHO_IT_IS & set(changed):
        _uncheck_units(by, at, agency)
    return agency


def _uncheck_units(by: Actor, at: datetime, agency: Agency) -> None:
    """Somebody has to check each unit again, so nothing goes there until then."""
    units = agency.contacts.select_for_update(of=("self",), no_key=True)
    for unit in units.filter(verified_on__isnull=False):
        unit.verified_on = unit.verified_by = None
        unit.verified_how = ""
        keep(unit)
        record(
            Verb.AGENCY_CONTACT_CHANGED,
            by=by,
            at=at,
            subject=unit,
            changes={"agency": agency.pk, "changed": ["agency"], "checked": False},
        )


@operation
def verify_agency(
    *, by: Actor, at: datetime, agency: Agency, how: str, checked_on: date | None = None
) -> Agency:
    """Somebody checked the entry's own details today, or on an earlier day, and says how.

    Raises Refused.
    """
    day = checked_on or london_date(at)
    enforce(rules.may_keep(by))
    enforce(rules.checking(how=how, checked_on=day, today=london_date(at)))
    agency = lock_agency_in_use(agency)
    if (agency.verified_on, agency.verified_by_id) == (day, by.user_id):
        unchanged()
        return agency
    agency.verified_on, agency.verified_by_id = day, by.user_id
    keep(agency)
    record(
        Verb.AGENCY_VERIFIED,
        by=by,
        at=at,
        subject=agency,
        changes={"checked": day.isoformat()},
        reason=how.strip(),
    )
    return agency


@operation
def end_agency(*, by: Actor, at: datetime, agency: Agency, why: str) -> Agency:
    """We no longer work with it: nothing can be sent to it, nor to any of its units.

    Raises Refused, and ValidationError if nobody says why.
    """
    enforce(rules.may_keep(by))
    agency = lock_agency(agency)
    if agency.ended_at is not None:
        unchanged()
        return agency
    agency.ended_at, agency.ended_why = at, why.strip()
    keep(agency)
    record(Verb.AGENCY_ENDED, by=by, at=at, subject=agency, reason=agency.ended_why)
    units = agency.contacts.select_for_update(of=("self",), no_key=True)
    for unit in units.filter(ended_at__isnull=True):
        unit.ended_at = at
        keep(unit)
        record(
            Verb.AGENCY_CONTACT_ENDED,
            by=by,
            at=at,
            subject=unit,
            changes={"agency": agency.pk},
            reason=agency.ended_why,
        )
    return agency


def _said(
    name: str,
    kind: str,
    service: str,
    strands: Iterable[str],
    areas: Iterable[str],
    helps_with: str,
    note: str,
    website: str,
    public_phone: str,
) -> dict[str, Any]:
    """What an entry says, as it is kept: each thing once, nothing around it."""
    return {
        "name": " ".join(name.split()),
        "kind": str(kind),
        "service": str(service),
        "strands": sorted(set(map(str, strands))),
        "areas": sorted({" ".join(area.split()) for area in areas} - {""}),
        "helps_with": helps_with.strip(),
        "note": note.strip(),
        "website": website.strip(),
        "public_phone": public_phone.strip(),
    }


def _taken(there: Agency) -> ValidationError:
    ended = (
        " It was ended: give the new one a name that tells them apart." if there.ended_at else ""
    )
    return ValidationError({"name": f"There is an entry of this name already.{ended}"})


def _slug(name: str) -> str:
    """A short name for the address, which no other entry has."""
    base = slugify(name)[:70].strip("-") or "agency"
    taken = TAKEN | set(Agency.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)
