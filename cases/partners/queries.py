"""The partner directory as pages and other parts read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Func, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404

from cases.access import Answer
from cases.audit import context, naming
from cases.audit.models import Event
from cases.audit.presenters import Entry, entry_of_event
from cases.audit.verbs import Verb
from cases.calendar import add_months, london_date
from cases.partners import rules
from cases.partners.models import Agency, AgencyContact, ReviewTerms, SharingAgreement
from cases.policy.queries import settings_at

MONTHS = "PARTNER_VERIFIED_MONTHS"
LATEST = 50


@dataclass(frozen=True)
class Checks:
    """What was checked lately, as of a day: asked of many rows, the setting is read once."""

    today: date
    months: int

    def of(self, verified_on: date | None) -> Answer:
        """Whether details checked on that day may be relied on (domain 2.12)."""
        return rules.is_checked(verified_on, self.today, self.months)

    def of_unit(self, contact: AgencyContact) -> Answer:
        """Whether something may be sent to the unit: in use, and checked lately (domain 7.4)."""
        in_use = rules.in_use(
            agency_ended=contact.agency.ended_at is not None,
            unit_ended=contact.ended_at is not None,
        )
        return self.of(contact.verified_on) if in_use else in_use

    @property
    def since(self) -> date:
        """The first day a check of which still counts."""
        day = add_months(self.today, -self.months)
        while not self.of(day):
            day += timedelta(days=1)
        return day


def checks_at(at: datetime) -> Checks:
    """What counts as checked at that moment (the setting PARTNER_VERIFIED_MONTHS)."""
    return Checks(london_date(at), settings_at(at)[MONTHS])


def checked(verified_on: date | None, at: datetime) -> Answer:
    """Whether details checked on that day may be relied on at that moment (domain 2.12)."""
    return checks_at(at).of(verified_on)


def unit_checked(contact: AgencyContact, at: datetime) -> Answer:
    """Whether something may be sent to the unit: in use, and checked lately (domain 7.4)."""
    return checks_at(at).of_unit(contact)


def choosable(*, strands: Collection[str] = (), area: str = "") -> list[Agency]:
    """Entries in use that serve these characteristics in this area, by name.

    Each carries its units in use as ``units`` (two queries, however many there are).
    """
    units = AgencyContact.objects.filter(ended_at__isnull=True)
    found = Agency.objects.in_use().prefetch_related(
        Prefetch("contacts", queryset=units, to_attr="units")
    )
    return [
        agency
        for agency in found.order_by(Lower("name"))
        if rules.serves(strands=agency.strands, areas=agency.areas, wanted=strands, area=area)
    ]


@dataclass(frozen=True)
class Wanted:
    """What the directory is filtered by; empty means all in use."""

    text: str = ""
    kind: str = ""
    strand: str = ""
    area: str = ""
    order: str = ""
    ended: bool = False


def directory(wanted: Wanted, at: datetime) -> QuerySet[Agency]:
    """Entries by name, or those checked longest ago first.

    ``unit_count`` is how many units each has, ``to_check`` how many of them nobody checked
    lately; ``oldest`` orders: never checked first.
    """
    unit = Q(contacts__ended_at__isnull=True, contacts__isnull=False)
    old = Q(contacts__verified_on__isnull=True) | Q(contacts__verified_on__lt=checks_at(at).since)
    found = Agency.objects.filter(ended_at__isnull=not wanted.ended).annotate(
        unit_count=Count("contacts", filter=unit), to_check=Count("contacts", filter=unit & old)
    )
    if wanted.text:
        found = found.filter(pk__in=_naming(wanted.text))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.strand:
        found = found.filter(Q(strands=[]) | Q(strands__contains=[wanted.strand]))
    if wanted.area:
        found = found.filter(Q(areas=[]) | Q(areas__contains=[wanted.area]))
    if wanted.order == "checked":
        return found.order_by(F("verified_on").asc(nulls_first=True), Lower("name"))
    return found.order_by(Lower("name"))


def _naming(text: str) -> QuerySet[Agency, Any]:
    """Entries whose words, or those of a unit of theirs in use, hold the text."""
    fields = ("name", "helps_with", "note", "public_phone", "website")
    said = Q(*((f"{field}__icontains", text) for field in fields), _connector=Q.OR)
    unit = Q(contacts__ended_at__isnull=True) & (
        Q(contacts__unit__icontains=text) | Q(contacts__person__icontains=text)
    )
    return Agency.objects.filter(said | unit).values("pk")


def areas() -> list[str]:
    """Every area some entry in use names."""
    named = Agency.objects.in_use().annotate(area=Func(F("areas"), function="unnest"))
    return sorted(set(named.order_by().values_list("area", flat=True)))


def load_agency(slug: str) -> Agency:
    """One entry, declared as read.  Raises Http404."""
    agency = Agency.objects.select_related("verified_by").filter(slug=slug).first()
    if agency is None:
        raise Http404
    context.saw("partners.agency", agency.pk)
    return agency


def load_unit(agency: Agency, pk: int) -> AgencyContact:
    """One unit of the entry, declared as read.  Raises Http404."""
    unit = agency.contacts.select_related("verified_by").filter(pk=pk).first()
    if unit is None:
        raise Http404
    context.saw("partners.agencycontact", unit.pk)
    return unit


def load_agreement(agency: Agency, pk: int) -> SharingAgreement:
    """One agreement with the agency, declared as read.  Raises Http404."""
    agreement = agency.agreements.filter(pk=pk).first()
    if agreement is None:
        raise Http404
    context.saw("partners.sharingagreement", agreement.pk)
    return agreement


def load_terms(pk: int) -> ReviewTerms:
    """One council's terms, declared as read.  Raises Http404."""
    terms = ReviewTerms.objects.filter(pk=pk).first()
    if terms is None:
        raise Http404
    context.saw("partners.reviewterms", terms.pk)
    return terms


def all_terms() -> list[ReviewTerms]:
    """Every council's terms, by name, declared as read."""
    rows = list(ReviewTerms.objects.select_related("verified_by"))
    context.saw("partners.reviewterms", *(row.pk for row in rows), count=len(rows))
    return rows


@dataclass(frozen=True)
class UnitRow:
    """A unit as its agency's page shows it: may it be sent to?"""

    unit: AgencyContact
    checked: Answer


@dataclass(frozen=True)
class AgreementRow:
    """An agreement as its agency's page shows it.  ``last_day`` still counts."""

    agreement: SharingAgreement
    words: str
    first_day: date
    last_day: date | None
    current: bool


def unit_rows(agency: Agency, at: datetime) -> list[UnitRow]:
    """The agency's units, those in use first."""
    units = agency.contacts.select_related("verified_by", "agency").order_by("unit", "pk")
    checks = checks_at(at)
    rows = [UnitRow(unit, checks.of_unit(unit)) for unit in units]
    context.saw("partners.agencycontact", *(row.unit.pk for row in rows))
    return sorted(rows, key=lambda row: row.unit.ended_at is not None)


def agreement_rows(agency: Agency, at: datetime) -> list[AgreementRow]:
    """The agreements with the agency, those that count now first, then the latest."""
    today = london_date(at)
    rows = [_agreement(agreement, today) for agreement in agency.agreements.order_by("-period")]
    return sorted(rows, key=lambda row: not row.current)


def _agreement(agreement: SharingAgreement, today: date) -> AgreementRow:
    first, upper = agreement.period.lower, agreement.period.upper
    last = upper - timedelta(days=1) if upper else None
    return AgreementRow(
        agreement,
        words=rules.agreement_words(first, last, today),
        first_day=first,
        last_day=last,
        current=first <= today and (last is None or today <= last),
    )


@dataclass(frozen=True)
class Done:
    """What was done to an entry and all that hangs on it, newest first."""

    entries: list[Entry]
    how: str
    """How the entry's own details were last checked; "" if nobody said."""


def done_to(agency: Agency, at: datetime) -> Done:
    """The entry's own events and those of its units and agreements (bar row 37)."""
    about = Q(subject_kind=Agency._meta.label_lower, subject_id=agency.pk)
    for model in (AgencyContact, SharingAgreement):
        ids = model._default_manager.filter(agency=agency).values("pk")
        about |= Q(subject_kind=model._meta.label_lower, subject_id__in=ids)
    events = list(Event.objects.filter(about).order_by("-at", "-pk")[:LATEST])
    for event in events:
        event.changes.pop("agency", None)  # whose page it is
    names = naming.names_of(events)
    how = (event.reason for event in events if event.verb == Verb.AGENCY_VERIFIED)
    return Done([entry_of_event(event, at, names) for event in events], next(how, ""))
