"""Who is who in a case, for a reader whose pages are masked: a purpose first, then the names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.access import Refused, enforce
from cases.audit import masking
from cases.audit.context import saw
from cases.audit.pages import StaffRequest
from cases.casework import rules
from cases.casework.identity_operations import open_identities
from cases.casework.models import Case
from cases.casework.queries import parts_of
from cases.workflow.case_gate import case_page
from cases.workflow.case_words import name_on_page


class PurposeForm(forms.Form):
    """What somebody needs the names for."""

    purpose = forms.CharField(
        label="What do you need it for?",
        help_text="Your reason is kept with your name, and the data protection officer reads it.",
        error_messages={"required": "Say what you need it for."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@case_page(methods=("GET", "POST"))
def show_identities(request: StaffRequest, case: Case) -> HttpResponse:
    """Ask for a purpose; once it is on the ledger, show who is who.  Nothing else is uncovered."""
    enforce(rules.open_identities(request.actor))
    form = PurposeForm(request.POST or None)
    context: dict[str, Any] = {
        "case": case,
        "back": reverse("workflow:case", args=[case.reference]),
    }
    if request.method == "POST" and form.is_valid():
        try:
            open_identities(
                by=request.actor,
                at=timezone.now(),
                case=case,
                purpose=form.cleaned_data["purpose"],
            )
        except Refused as refusal:
            form.add_error("purpose", refusal.answer.reason)
        else:
            parts = _who(case)
            return render(request, "workflow/case_identities.html", {**context, "parts": parts})
    heading = "Show who is who"
    words = "Names, addresses and phone numbers are kept back from auditors until you say why."
    context |= {"form": form, "heading": heading, "button": heading, "words": words}
    return render(request, "workflow/case_form.html", context)


def _who(case: Case) -> list[dict[str, str]]:
    """Each person by the reference the other pages use.  A part kept apart stays so."""
    masking.lift()
    parts = parts_of(case)
    shown = [part for part in parts if not part.kept_apart]
    ids = [part.person_id for part in shown if part.person_id]
    saw("people.person", *ids, case=case.reference, purpose="who is who")
    return [
        {
            "called": f"Person {part.person.reference}" if part.person else "Not in our records",
            "name": name_on_page(part),
            "part": part.get_part_display(),
            "home": part.person.home.line if part.person and part.person.home else "",
        }
        for part in shown
    ]
