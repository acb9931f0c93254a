"""Why a case is a repeat, on a page of its own (screens section 11)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.pages import StaffRequest
from cases.casework.loading import get_child
from cases.casework.models import Case, Incident
from cases.repeats.made_up import may_record_made_up
from cases.repeats.models import MadeUp
from cases.repeats.operations import record_made_up
from cases.workflow.case_gate import back_to, case_page, send, show_form
from cases.workflow.case_read import read
from cases.workflow.repeat_forms import MadeUpForm
from cases.workflow.repeat_page import page_of


@case_page()
def show_repeat(request: StaffRequest, case: Case) -> HttpResponse:
    """The sentence, the line of time, the table, what it changes and how it has changed."""
    context = page_of(read(case, request.actor, timezone.now()))
    back = reverse("workflow:case", args=[case.reference])
    return render(request, "workflow/repeat.html", {**context, "back": back})


@case_page(Grant.APPROVE_EXCEPTION, methods=("GET", "POST"))
def made_up(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Whoever gave an account said that it was made up; a manager agrees (domain 6.2, rule 4)."""
    incident = get_child(case, Incident.objects.all(), pk)
    already = MadeUp.objects.filter(incident=incident).exists()
    enforce(may_record_made_up(request.actor, already=already))
    form = MadeUpForm(request.POST or None)

    def save() -> None:
        record_made_up(
            by=request.actor,
            at=timezone.now(),
            incident=incident,
            words=form.cleaned_data["words"],
        )

    done = "It is kept. The incident no longer counts for repeats; the case goes on."
    if form.is_valid() and send(request, form, save, done):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading=f"They said it was made up, incident {incident.number}",
        page_name="made up",
        button="Record this",
        words="Nothing else about the case changes. It only stops counting for repeats.",
    )
