"""What happened and what people think: each form a page of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.pages import StaffRequest
from cases.casework import operations, queries, rules
from cases.casework.choices import Capacity, Holds, Part
from cases.casework.loading import get_child, get_of_incident
from cases.casework.models import Case, Incident, Involvement, Perception
from cases.intake.operations import settle_provisional
from cases.staff.models import User
from cases.workflow import case_incident_forms as forms
from cases.workflow.case_gate import (
    back_to,
    case_page,
    insist_fresh,
    seen_now,
    send,
    show_form,
)
from cases.workflow.case_incidents import facts_of, when_words

REPORT = (Grant.TAKE_REPORT, Grant.OPEN_CASES)


def _teller(parts: list[Involvement], whose: str) -> dict[str, Any]:
    """Whose words or view it is, as operations take it, from "part-7"."""
    part = next(each for each in parts if f"part-{each.pk}" == whose)
    return {
        "person": part.person,
        "described_as": "" if part.person else part.described_as,
        "capacity": forms.CAPACITY[Part(part.part)],
        "kept_apart": part.kept_apart,
    }


def _account(teller: dict[str, Any]) -> dict[str, Any]:
    return {key: teller[key] for key in ("person", "capacity", "kept_apart")}


@case_page(REPORT, methods=("GET", "POST"))
def add_incident(request: StaffRequest, case: Case) -> HttpResponse:
    """Another incident, with what somebody said of it."""
    enforce(rules.add_view(request.actor, stage=case.stage))
    now = timezone.now()
    parts = queries.parts_of(case)
    form = forms.NewIncidentForm(request.POST or None, parts=parts, now=now)

    def save() -> None:
        said = form.cleaned_data
        incident = operations.add_incident(
            by=request.actor,
            at=now,
            case=case,
            crime_reference=said["crime_reference"],
            **form.facts(),
        )
        if said["words"].strip():
            operations.add_account(
                by=request.actor,
                at=now,
                incident=incident,
                words=said["words"],
                **_account(_teller(parts, said["whose"])),
            )

    done = "The incident is on the case. Ask who thinks hate was part of it."
    if form.is_valid() and send(request, form, save, done):
        return back_to(case)
    return show_form(request, case, form, heading="Another incident", button="Save the incident")


@case_page(REPORT, methods=("GET", "POST"))
def add_words(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """More of what somebody said about an incident."""
    enforce(rules.add_view(request.actor, stage=case.stage))
    incident = get_child(case, Incident.objects.all(), pk)
    parts = queries.parts_of(case)
    form = forms.WordsForm(request.POST or None, parts=parts)

    def save() -> None:
        said = form.cleaned_data
        operations.add_account(
            by=request.actor,
            at=timezone.now(),
            incident=incident,
            words=said["words"],
            **_account(_teller(parts, said["whose"])),
        )

    if form.is_valid() and send(request, form, save, "Their words are kept."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading=f"Add words to incident {incident.number}",
        page_name="add words",
        button="Keep these words",
        words=f"{when_words(incident)}. {facts_of(incident)}",
    )


@case_page(REPORT, methods=("GET", "POST"))
def add_view(request: StaffRequest, case: Case) -> HttpResponse:
    """What somebody thinks.  It can be added at any time, and settles a provisional case."""
    enforce(rules.add_view(request.actor, stage=case.stage))
    now = timezone.now()
    parts = queries.parts_of(case)
    incidents = list(case.incidents.filter(same_as__isnull=True))
    asked = request.GET.get("incident", "")
    first = str(incidents[0].pk) if len(incidents) == 1 else ""
    form = forms.ViewForm(
        request.POST or None,
        initial={"incident": asked or first},
        parts=parts,
        incidents=incidents,
        members=list(case.members.select_related("user")),
        me=request.actor.id,
    )

    def save() -> None:
        said = form.cleaned_data
        operations.add_perception(
            by=request.actor,
            at=now,
            incident=get_child(case, Incident.objects.all(), int(said["incident"])),
            holds=said["holds"],
            words=said["words"].strip(),
            strands=form.linked() if said["holds"] != Holds.NO else {},
            kinds=form.kinds(),
            **_perceiver(request, parts, said),
        )
        settle_provisional(by=request.actor, at=now, case=case)

    done = "The view is kept. Only the person whose view it is can take it back."
    if form.is_valid() and send(request, form, save, done):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading="Add somebody’s view",
        button="Keep this view",
        template="workflow/case_view.html",
    )


def _perceiver(
    request: StaffRequest, parts: list[Involvement], said: dict[str, Any]
) -> dict[str, Any]:
    """Whose view it is, from the answer chosen."""
    whose = said["whose"]
    if whose == forms.ME:
        me = User.objects.get(pk=request.actor.user_id)
        return {"colleague": me, "capacity": Capacity.OFFICER}
    if whose.startswith("user-"):
        colleague = User.objects.get(pk=int(whose.removeprefix("user-")))
        return {"colleague": colleague, "capacity": Capacity.OFFICER}
    if whose == forms.AGENCY:
        return {"described_as": said["described_as"].strip(), "capacity": Capacity.AGENCY}
    if whose == forms.OTHER:
        return {"described_as": said["described_as"].strip(), "capacity": Capacity.THIRD_PARTY}
    return _teller(parts, whose)


@case_page(REPORT, methods=("GET", "POST"))
def take_back(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """The person whose view it is takes it back; nobody else can (HC-23)."""
    view = get_of_incident(case, Perception.objects.select_related("person", "colleague"), pk)
    own = view.colleague_id is not None
    enforce(
        rules.retract_view(
            request.actor,
            colleague_id=view.colleague_id,
            already=view.retracted_at is not None,
            words="as they say it",
            witness_id=0,
        )
    )
    form = forms.TakeBackForm(request.POST or None, own=own)

    def save() -> None:
        said = form.cleaned_data
        operations.retract_perception(
            by=request.actor,
            at=timezone.now(),
            view=view,
            words=said["words"],
            witness=said.get("witness"),
        )
        settle_provisional(by=request.actor, at=timezone.now(), case=case)

    if form.is_valid() and send(request, form, save, "That they took it back is kept."):
        return back_to(case)
    who = "you" if own else "this person"
    return show_form(
        request,
        case,
        form,
        heading="They take back what they thought",
        page_name="take back a view",
        button="Keep that they took it back",
        words=f"Only {who} can take this view back. What was said stays in the record, and "
        "everybody else’s view stands.",
    )


@case_page((Grant.WORK_CASES, Grant.OPEN_CASES), methods=("GET", "POST"))
def assess_evidence(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """An officer's view of the evidence.  It changes no route, clock or count (HC-33)."""
    enforce(rules.work(request.actor, stage=case.stage))
    incident = get_child(case, Incident.objects.all(), pk)
    form = forms.EvidenceForm(request.POST or None)

    def save() -> None:
        operations.assess_evidence(
            by=request.actor,
            at=timezone.now(),
            incident=incident,
            text=form.cleaned_data["text"],
        )

    if form.is_valid() and send(request, form, save, "The assessment is kept."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading="Evidence and the officer’s assessment",
        page_name="evidence",
        button="Save the assessment",
        words=f"Incident {incident.number}. {when_words(incident)}. {facts_of(incident)}",
    )


def _incident_words(said: Any) -> dict[str, str]:
    """An incident in words, from a history row or from what was typed."""
    row = said if not isinstance(said, dict) else _typed(said)
    return {"When": when_words(row), "What": facts_of(row)}


def _typed(said: dict[str, Any]) -> Incident:
    return Incident(**{name: said[name] for name in forms.FACTS if name in said})


@case_page((Grant.WORK_CASES, Grant.OPEN_CASES), methods=("GET", "POST"))
def correct_incident(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Put facts of an incident right, with the reason."""
    enforce(rules.work(request.actor, stage=case.stage))
    incident = get_child(case, Incident.objects.all(), pk)
    form = forms.CorrectForm(
        request.POST or None, incident=incident, initial={"seen": seen_now(incident)}
    )

    def save() -> None:
        insist_fresh(case, incident, form, _incident_words)
        operations.correct_incident(
            by=request.actor,
            at=timezone.now(),
            incident=incident,
            reason=form.cleaned_data["reason"],
            **form.facts(),
        )

    if form.is_valid() and send(request, form, save, "The incident is corrected."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading=f"Correct incident {incident.number}",
        page_name="correct an incident",
        button="Save the correction",
        words="What it said before stays in its history. Nobody’s words are changed.",
    )
