"""Sharing agreements, and councils' terms for an ASB case review: the only writers of both."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.partners import rules
from cases.partners.locking import lock_agency, lock_agency_in_use, one_at_a_time
from cases.partners.models import Agency, ReviewTerms, SharingAgreement
from cases.partners.rules import Terms
from cases.rows import keep


@operation
def add_agreement(
    *,
    by: Actor,
    at: datetime,
    agency: Agency,
    title: str,
    purposes: str,
    begins_on: date,
    last_day: date | None = None,
    kept_where: str = "",
) -> SharingAgreement:
    """What was agreed with the agency about sharing, from a day to ``last_day`` (which counts).

    Without a last day it has no end.  The same one sent twice is made once.  Raises Refused,
    and ValidationError where one of that name covers some of that time.
    """
    enforce(rules.may_keep(by))
    enforce(rules.agreed(title=title, purposes=purposes, begins_on=begins_on, last_day=last_day))
    agency = lock_agency_in_use(agency)
    said: dict[str, Any] = {
        "title": " ".join(title.split()),
        "purposes": purposes.strip(),
        "period": DateRange(begins_on, last_day + timedelta(days=1) if last_day else None),
        "kept_where": kept_where.strip(),
    }
    there = SharingAgreement.objects.filter(agency=agency, **said).first()
    if there is not None:
        unchanged()
        return there
    agreement = SharingAgreement(agency=agency, **said)
    keep(agreement)
    record(
        Verb.AGREEMENT_ADDED,
        by=by,
        at=at,
        subject=agreement,
        changes={
            "agency": agency.pk,
            "from": begins_on.isoformat(),
            "until": last_day.isoformat() if last_day else None,
        },
    )
    return agreement


@operation
def end_agreement(
    *, by: Actor, at: datetime, agreement: SharingAgreement, last_day: date, why: str
) -> SharingAgreement:
    """The agreement ends earlier than was agreed: ``last_day`` still counts.

    Raises Refused, ValidationError.
    """
    enforce(rules.may_keep(by))
    if not why.strip():
        raise ValidationError({"why": "Say why the agreement ends."})
    lock_agency(agreement.agency)
    agreements = SharingAgreement.objects.select_for_update(of=("self",), no_key=True)
    agreement = agreements.get(pk=agreement.pk)
    enforce(rules.ending(first=agreement.period.lower, last_day=last_day))
    end = last_day + timedelta(days=1)
    if agreement.period.upper is not None and agreement.period.upper <= end:
        unchanged()
        return agreement
    agreement.period = DateRange(agreement.period.lower, end)
    keep(agreement)
    record(
        Verb.AGREEMENT_ENDED,
        by=by,
        at=at,
        subject=agreement,
        changes={"agency": agreement.agency_id, "until": last_day.isoformat()},
        reason=why.strip(),
    )
    return agreement


@operation
def set_review_terms(
    *,
    by: Actor,
    at: datetime,
    local_authority: str,
    terms: Terms,
    how: str,
    how_to_apply: str = "",
    checked_on: date | None = None,
) -> ReviewTerms:
    """A council's threshold for an ASB case review, as it was found there on that day.

    ``how`` says where it was checked (domain 2.13).  Raises Refused, ValidationError.
    """
    day = checked_on or london_date(at)
    enforce(rules.may_keep(by))
    enforce(rules.sensible_terms(terms))
    enforce(rules.checking(how=how, checked_on=day, today=london_date(at)))
    place = " ".join(local_authority.split())
    if not place:
        raise ValidationError({"local_authority": "Enter the name of the council."})
    one_at_a_time(f"terms {place.lower()}")
    there = ReviewTerms.objects.filter(local_authority__iexact=place).first()
    row = there or ReviewTerms(local_authority=place)
    said: dict[str, Any] = {
        **asdict(terms),
        "how_to_apply": how_to_apply.strip(),
        "verified_on": day,
        "verified_by_id": by.user_id,
    }
    if all(getattr(row, key) == value for key, value in said.items()):
        unchanged()
        return row
    for key, value in said.items():
        setattr(row, key, value)
    keep(row)
    record(
        Verb.REVIEW_TERMS_SET,
        by=by,
        at=at,
        subject=row,
        changes={**asdict(terms), "checked": day.isoformat()},
        reason=how.strip(),
    )
    return row
