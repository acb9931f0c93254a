"""What the case review is counted from: somebody's reports, and their council's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cases.access import Actor
from cases.calendar import london_date
from cases.casework.models import Case, Incident, Involvement
from cases.partners.models import ReviewTerms
from cases.referrals.models import ReviewTold
from cases.referrals.review_rules import Eligibility, Terms, Told, eligible
from cases.repeats.reading import accounts_of_people
from cases.repeats.rules import join_accounts


@dataclass(frozen=True)
class Review:
    """What a page shows of one person's case review."""

    about: Involvement
    council: str
    terms: ReviewTerms | None
    numbers: Terms
    eligibility: Eligibility
    incidents: dict[int, Incident]
    told: list[ReviewTold]


def terms_of(council: str) -> ReviewTerms | None:
    """What a council has set, or None where we do not know it."""
    return ReviewTerms.objects.filter(local_authority__iexact=council).first() if council else None


def numbers(terms: ReviewTerms | None) -> Terms:
    """The numbers to count by: the council's, else those of the Act."""
    if terms is None:
        return Terms()
    return Terms(
        threshold=terms.threshold_number,
        hate_threshold=terms.hate_threshold_number,
        report_within_months=terms.report_within_months,
        apply_within_months=terms.apply_within_months,
    )


def review_of(case: Case, about: Involvement, reader: Actor, at: datetime) -> Review:
    """Somebody's reports, on every case of theirs the reader may open, counted today."""
    council = case.home.local_authority if case.home else ""
    terms = terms_of(council)
    by_number = numbers(terms)
    incidents, reports = _reports(about, reader)
    told = ReviewTold.objects.filter(case=case, about=about).select_related("by")
    return Review(
        about=about,
        council=council,
        terms=terms,
        numbers=by_number,
        eligibility=eligible(reports, by_number, london_date(at)),
        incidents=incidents,
        told=list(told),
    )


def _reports(about: Involvement, reader: Actor) -> tuple[dict[int, Incident], list[Told]]:
    person = about.person
    if person is None:
        return {}, []
    accounts = accounts_of_people([person.merged_into_id or person.pk])
    whole = join_accounts(each for each in accounts if not (each.void or each.fabricated))
    visible = Case.objects.visible_to(reader).values("pk")
    rows = Incident.objects.filter(pk__in=[each.id for each in whole], case__in=visible)
    incidents = {row.pk: row for row in rows.select_related("case")}
    return incidents, [
        Told(
            pk=each.id,
            happened_on=_happened(incidents[each.id], each.occurred_on, each.reported_at),
            reported_on=london_date(each.reported_at),
            hate=each.counts,
        )
        for each in whole
        if each.id in incidents
    ]


def _happened(incident: Incident, day: date | None, reported_at: datetime) -> date | None:
    """What goes on still happened on the day it was reported."""
    return london_date(reported_at) if incident.going_on else day
