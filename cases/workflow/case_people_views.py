"""The people of a case, who leads it, who may open it, and conflicts of interest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, Refused, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest
from cases.calendar import london_date
from cases.casework import operations, queries, rules
from cases.casework.loading import get_child
from cases.casework.models import Case, Conflict, Involvement
from cases.casework.person_scope import hidden_people
from cases.people.models import Person
from cases.people.operations import add_person
from cases.people.queries import Found, find_people
from cases.staff.models import User
from cases.workflow import case_people_forms as people_forms
from cases.workflow import forms
from cases.workflow.case_gate import (
    back_to,
    case_page,
    insist_fresh,
    seen_now,
    send,
    show_form,
)
from cases.workflow.case_words import name_and_part

BOTH = ("GET", "POST")


def _search(request: StaffRequest, case: Case) -> Found | None:
    """The people found for what was typed, or None while nothing was searched.

    Whoever is shown is declared; people whose every case is kept from the reader are not.
    """
    text = request.POST.get("search", "").strip()
    if not text:
        return None
    found = find_people(text, request.actor, hidden=hidden_people(request.actor))
    saw("people.person", *(match.person.pk for match in found), case=case.reference)
    return found


def _found_context(found: Found | None) -> dict[str, Any]:
    if found is None:
        return {"found": ""}
    count = len(found)
    said = {0: "Nobody found. Try fewer words, or add a new person.", 1: "1 person found."}
    hidden = (
        f" There is {found.hidden} more record that you may not see. Speak to your manager."
        if found.hidden
        else ""
    )
    return {"found": said.get(count, f"{count} people found.") + hidden}


@case_page((Grant.TAKE_REPORT, Grant.OPEN_CASES), methods=BOTH)
def add_part(request: StaffRequest, case: Case) -> HttpResponse:
    """Somebody's part in the case: found, added new, or described."""
    enforce(rules.add_view(request.actor, stage=case.stage))
    found = _search(request, case)
    form = people_forms.NewPartForm(request.POST or None, found=found)
    if form.asked("search"):
        form.without_problems()

    def save() -> None:
        said, at = form.cleaned_data, timezone.now()
        person = _person(request, said, form.found_id(), at)
        operations.add_involvement(
            by=request.actor,
            at=at,
            case=case,
            part=said["part"],
            person=person,
            described_as="" if person else said["described_as"].strip(),
            victim_role=said["victim_role"],
            relationship=said["relationship"],
            kept_apart=said["kept_apart"],
        )

    saving = request.method == "POST" and not form.asked("search")
    if saving and form.is_valid() and send(request, form, save, "They are on the case."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading="A person and their part",
        button="Add to the case",
        template="workflow/case_found.html",
        **_found_context(found),
    )


def _person(
    request: StaffRequest, said: dict[str, Any], found_id: int | None, at: Any
) -> Person | None:
    if found_id is not None:
        return Person.objects.get(pk=found_id)
    if said["who"] == people_forms.NEW:
        return add_person(by=request.actor, at=at, full_name=said["full_name"])
    return None


def _part_words(said: Any) -> dict[str, str]:
    """A part in words, from a history row or from what was typed."""
    get = said.get if isinstance(said, dict) else lambda name, default="": getattr(said, name)
    labels = {"described_as": "Who they are", "fears": "What they fear"}
    return {label: get(name, "") or "Nothing" for name, label in labels.items()}


@case_page((Grant.WORK_CASES, Grant.OPEN_CASES), methods=BOTH)
def change_part(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """What is known of somebody's part; somebody described can be found in our records."""
    enforce(rules.work(request.actor, stage=case.stage))
    part = get_child(case, Involvement.objects.select_related("person__safe_contact"), pk)
    found = _search(request, case)
    form = people_forms.ChangePartForm(
        request.POST or None, part=part, found=found, initial={"seen": seen_now(part)}
    )
    if form.asked("search"):
        form.without_problems()

    def save() -> None:
        insist_fresh(case, part, form, _part_words)
        values = form.values()
        if (found_id := form.found_id()) is not None:
            values["person"] = Person.objects.get(pk=found_id)
        operations.change_involvement(
            by=request.actor, at=timezone.now(), involvement=part, **values
        )

    saving = request.method == "POST" and not form.asked("search")
    if saving and form.is_valid() and send(request, form, save, "Their part is changed."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading=name_and_part(part),
        page_name="change a part",
        button="Save",
        template="workflow/case_found.html",
        about=part,
        **_found_context(found),
    )


def _officers_to_offer(request: StaffRequest, case: Case, now: datetime) -> list[queries.Officer]:
    """Those the search finds, and whoever was chosen even if it no longer does."""
    officers = queries.officers_for(case, now, text=request.POST.get("search", "").strip())
    chosen = request.POST.get("lead", "")
    if chosen.isdecimal() and chosen not in {str(each.user.pk) for each in officers}:
        officers += queries.officers_for(case, now, ids=[int(chosen)])
    return officers


@case_page((Grant.ALLOCATE, Grant.OPEN_CASES), methods=BOTH)
def allocate(request: StaffRequest, case: Case) -> HttpResponse:
    """Name the lead officer: workload, training and conflicts are seen beforehand."""
    enforce(rules.allocate(request.actor, stage=case.stage))
    now = timezone.now()
    officers = _officers_to_offer(request, case, now)
    form = forms.AllocateForm(
        request.POST or None,
        officers=officers,
        now=london_date(now),
        initial={"seen": seen_now(case)},
    )
    if form.asked("search"):
        form.without_problems()

    def save() -> None:
        said = form.cleaned_data
        insist_fresh(case, case, form, _lead_words)
        operations.allocate(
            by=request.actor,
            at=now,
            case=case,
            lead=User.objects.get(pk=int(said["lead"])),
            reason=said["reason"],
            story=said["story"],
        )

    saving = request.method == "POST" and not form.asked("search")
    if saving and form.is_valid():
        if send(request, form, save, "The lead officer is named."):
            return back_to(case)
        # The refusal undid what was found with it: a conflict that is known is kept.
        operations.find_conflicts(by=request.actor, at=now, case=case)
    return show_form(
        request,
        case,
        form,
        heading="Hand over to another lead officer" if case.lead_id else "Name a lead officer",
        page_name="lead officer",
        button="Name them",
        template="workflow/case_allocate.html",
        nobody=not officers,
    )


def _lead_words(said: Any) -> dict[str, str]:
    pk = said["lead"] if isinstance(said, dict) else said.lead_id
    name = User.objects.filter(pk=pk or 0).values_list("full_name", flat=True).first()
    return {"Lead officer": name or "Nobody"}


@case_page((Grant.RESTRICT_CASE, Grant.OPEN_CASES), methods=BOTH)
def restrict(request: StaffRequest, case: Case) -> HttpResponse:
    """Restrict the case to the lead, the Director and the people named."""
    enforce(rules.restrict(request.actor, stage=case.stage))
    form = forms.RestrictForm(request.POST or None, initial={"named": request.actor.name})

    def save() -> None:
        said = form.cleaned_data
        operations.restrict_case(
            by=request.actor,
            at=timezone.now(),
            case=case,
            reason=said["reason"],
            named=said["named"],
        )

    if form.is_valid() and send(request, form, save, "The case is restricted."):
        still = Case.objects.visible_to(request.actor).filter(pk=case.pk).exists()
        return back_to(case) if still else redirect("/")
    return show_form(
        request,
        case,
        form,
        heading="Restrict to named people",
        button="Restrict the case",
        words="Search and lists show nothing of it to anybody else.",
    )


@case_page((Grant.LIFT_CONFLICT, Grant.OPEN_CASES))
def show_conflicts(request: StaffRequest, case: Case) -> HttpResponse:
    """Every conflict of interest; two other people clear one together."""
    enforce(request.actor.may(Grant.LIFT_CONFLICT))
    rows = queries.conflicts_of(case)
    context = {
        "case": case,
        "conflicts": rows,
        "now": timezone.now(),
        "heading": "Conflicts of interest",
        "back": reverse("workflow:case", args=[case.reference]),
    }
    return render(request, "workflow/case_conflicts.html", context)


@case_page(
    (Grant.LIFT_CONFLICT, Grant.OPEN_CASES),
    methods=("POST",),
    fresh="Clearing a conflict of interest lets somebody read this case.",
)
def clear_conflict(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Propose clearing a conflict, or agree to a colleague's proposal (bar row 18)."""
    conflict = get_child(case, Conflict.objects.all(), pk)
    now = timezone.now()
    try:
        if request.POST.get("do") == "agree":
            operations.lift(by=request.actor, at=now, conflict=conflict)
            messages.success(request, "The conflict is cleared.")
        else:
            operations.propose_lift(by=request.actor, at=now, conflict=conflict)
            messages.success(request, "Proposed. Another manager must agree.")
    except Refused as refusal:
        if not request.actor.may(Grant.LIFT_CONFLICT):
            raise
        messages.error(request, refusal.answer.reason)
    return redirect("workflow:case-conflicts", case.reference)
