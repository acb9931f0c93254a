"""The case page, the first question, what is kept apart, and how each record has changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.casework import operations
from cases.casework.identity_operations import print_case
from cases.casework.loading import get_case, get_child
from cases.casework.models import Case, Involvement
from cases.people.queries import safe_contact_facts
from cases.people.rules import may_show_details, safe_contact_line
from cases.workflow import case_page as shown
from cases.workflow import history
from cases.workflow.case_gate import ask_who_they_know, case_page
from cases.workflow.case_read import read


@case_page()
def show_case(request: StaffRequest, case: Case) -> HttpResponse:
    """The overview of one case.  ``show`` and ``before`` page through its timeline."""
    found = read(case, request.actor, timezone.now())
    before = request.GET.get("before", "")
    context = shown.page_of(
        found,
        show=request.GET.get("show", ""),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    return render(request, "workflow/case.html", context)


@page(Grant.OPEN_CASES, methods=("GET", "POST"))
def declare(request: StaffRequest, reference: str) -> HttpResponse:
    """Whether the reader knows anybody in the case: asked first, and open to them ever after."""
    case = get_case(request.actor, reference)
    knows = request.POST.get("knows")
    if request.method != "POST":
        return ask_who_they_know(request, case)
    if knows not in ("yes", "no"):
        return redirect("workflow:case-declare", case.reference)
    operations.declare(
        by=request.actor, at=timezone.now(), case=case, knows_somebody=knows == "yes"
    )
    if knows == "yes":
        messages.success(
            request, "Thank you for saying so. The case is closed to you, and others will work it."
        )
        return redirect("/")
    return redirect(_onward(case, request.POST.get("next", "")))


def _onward(case: Case, asked: str) -> str:
    """The page of this case that was asked for first, never another address."""
    here = reverse("workflow:case", args=[case.reference])
    return asked if asked.startswith(here) and "//" not in asked else here


@case_page(methods=("POST",))
def show_part(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Open what is kept apart about one person; that it was opened is recorded first."""
    enforce(may_show_details(request.actor))
    rows = Involvement.objects.select_related("person__home", "person__safe_contact")
    part = get_child(case, rows, pk)
    operations.show_part(by=request.actor, at=timezone.now(), involvement=part)
    person = part.person.survivor if part.person else None
    if person is not None:
        saw("people.person", person.pk, case=case.reference, purpose="kept apart")
    row = getattr(person, "safe_contact", None) if person else None
    context = {
        "case": case,
        "part": part,
        "person": person,
        "line": safe_contact_line(safe_contact_facts(row)),
        "heading": f"{part.get_part_display()}, kept apart",
        "back": reverse("workflow:case", args=[case.reference]),
    }
    return render(request, "workflow/case_part.html", context)


@case_page(methods=("POST",))
def note_print(request: StaffRequest, case: Case) -> HttpResponse:
    """The browser tells that a page of the case is being printed; nothing is shown."""
    print_case(by=request.actor, at=timezone.now(), case=case)
    return HttpResponse(status=204)


@case_page()
def show_history(request: StaffRequest, case: Case) -> HttpResponse:
    """How each record of the case has changed, field by field."""
    context = {
        "case": case,
        "sections": history.sections(case, timezone.now()),
        "heading": "How each record has changed",
        "back": reverse("workflow:case", args=[case.reference]),
    }
    return render(request, "workflow/case_history.html", context)
