"""What was agreed with an agency about sharing."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.partners import agreement_operations, queries
from cases.partners.forms import AgreementForm, EndAgreementForm
from cases.partners.saving import save, typed
from cases.partners.views import agency_form


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def add_agreement(request: StaffRequest, slug: str) -> HttpResponseBase:
    """An agreement that was signed, and for how long."""
    agency = queries.load_agency(slug)
    form = AgreementForm(typed(request))

    def do() -> None:
        agreement_operations.add_agreement(
            by=request.actor, at=timezone.now(), agency=agency, **form.cleaned_data
        )

    if save(request, form, do, "The agreement is recorded."):
        return redirect("partners:agency", agency.slug)
    words = "An agreement says how we share with them. It is nobody’s permission."
    heading = f"Record an agreement with {agency.name}"
    return agency_form(request, agency, form, heading, "Record", words)


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def end_agreement(request: StaffRequest, slug: str, pk: int) -> HttpResponseBase:
    """The agreement ends earlier than was agreed."""
    agency = queries.load_agency(slug)
    agreement = queries.load_agreement(agency, pk)
    form = EndAgreementForm(typed(request))

    def do() -> None:
        agreement_operations.end_agreement(
            by=request.actor, at=timezone.now(), agreement=agreement, **form.cleaned_data
        )

    if save(request, form, do, "The end of the agreement is recorded."):
        return redirect("partners:agency", agency.slug)
    return agency_form(request, agency, form, f"End “{agreement.title}”", "End the agreement")
