"""Why a case is a repeat, on a page of its own (screens section 11)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.audit.pages import StaffRequest
from cases.casework.models import Case
from cases.workflow.case_gate import case_page
from cases.workflow.case_read import read
from cases.workflow.repeat_page import page_of


@case_page()
def show_repeat(request: StaffRequest, case: Case) -> HttpResponse:
    """The sentence, the line of time, the table, what it changes and how it has changed."""
    context = page_of(read(case, request.actor, timezone.now()))
    back = reverse("workflow:case", args=[case.reference])
    return render(request, "workflow/repeat.html", {**context, "back": back})
