"""Councils' terms for an ASB case review (domain 2.13)."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.partners import agreement_operations, queries
from cases.partners.forms import TermsForm
from cases.partners.saving import save, save_over, seen_now, typed
from cases.staff.form_pages import form_page

KEPT = ("threshold_number", "hate_threshold_number", "report_within_months", "apply_within_months")


@page(Grant.SEE_PARTNERS)
def list_terms(request: StaffRequest) -> HttpResponseBase:
    """Every council's threshold, and when somebody last looked there."""
    checks = queries.checks_at(timezone.now())
    rows = [(terms, checks.of(terms.verified_on)) for terms in queries.all_terms()]
    return render(request, "partners/terms.html", {"rows": rows})


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def add_terms(request: StaffRequest) -> HttpResponseBase:
    """The terms of a council we have none of."""
    now = timezone.now()
    form = TermsForm(typed(request), today=timezone.localdate(now), new=True)

    def do() -> None:
        agreement_operations.set_review_terms(
            by=request.actor, at=now, terms=form.terms(), **form.rest()
        )

    if save(request, form, do, "The council’s terms are kept."):
        return redirect("partners:terms")
    return _form(request, form, "Add a council’s terms")


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def change_terms(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The terms as they were found at the council now, changed or not."""
    now = timezone.now()
    terms = queries.load_terms(pk)
    initial = {name: getattr(terms, name) for name in (*KEPT, "how_to_apply")}
    form = TermsForm(
        typed(request),
        today=timezone.localdate(now),
        new=False,
        initial={**initial, "seen": seen_now(terms)},
    )

    def do() -> None:
        agreement_operations.set_review_terms(
            by=request.actor,
            at=now,
            local_authority=terms.local_authority,
            terms=form.terms(),
            **form.rest(),
        )

    if save_over(request, form, terms, do, "The council’s terms are kept."):
        return redirect("partners:terms")
    return _form(request, form, f"Check the terms of {terms.local_authority}")


def _form(request: StaffRequest, form: TermsForm, heading: str) -> HttpResponseBase:
    return form_page(
        request,
        form,
        heading=heading,
        page_name="ASB case review, a council’s terms",
        button="Keep them",
        back=reverse("partners:terms"),
        back_text="ASB case review",
        words="Look at what the council says now, and write down what you found.",
    )
