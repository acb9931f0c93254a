"""The partner directory as pages and other parts read it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Prefetch

from cases.access import Answer
from cases.calendar import london_date
from cases.partners import rules
from cases.partners.models import Agency, AgencyContact
from cases.policy.queries import settings_at

MONTHS = "PARTNER_VERIFIED_MONTHS"


def checked(verified_on: date | None, at: datetime) -> Answer:
    """Whether details checked on that day may be relied on at that moment (domain 2.12)."""
    return rules.is_checked(verified_on, london_date(at), settings_at(at)[MONTHS])


def unit_checked(contact: AgencyContact, at: datetime) -> Answer:
    """Whether something may be sent to the unit: in use, and checked lately (domain 7.4)."""
    ended = rules.in_use(
        agency_ended=contact.agency.ended_at is not None, unit_ended=contact.ended_at is not None
    )
    return checked(contact.verified_on, at) if ended else ended


def choosable(*, strands: Collection[str] = (), area: str = "") -> list[Agency]:
    """Entries in use that serve these characteristics in this area, by name.

    Each carries its units in use as ``units`` (two queries, however many there are).
    """
    in_use = AgencyContact.objects.filter(ended_at__isnull=True)
    found = Agency.objects.in_use().prefetch_related(
        Prefetch("contacts", queryset=in_use, to_attr="units")
    )
    return [
        agency
        for agency in found.order_by("name")
        if rules.serves(strands=agency.strands, areas=agency.areas, wanted=strands, area=area)
    ]
