"""What is recorded beside the story: crime, impact, statements and HR, the company."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.pages import StaffRequest
from cases.calendar import london_date
from cases.casework import operations, record_rules, rules
from cases.casework.loading import get_child
from cases.casework.models import Case, Incident, Involvement
from cases.casework.record_choices import CommunityImpact, Impact, PropertyHarm
from cases.people.models import Entity
from cases.workflow import case_record_forms as forms
from cases.workflow.case_gate import back_to, case_page, insist_fresh, seen_now, send, show_form
from cases.workflow.case_records import works_for_us
from cases.workflow.case_words import name_and_part

WORK = (Grant.WORK_CASES, Grant.OPEN_CASES)
BOTH = ("GET", "POST")


@case_page(WORK, methods=BOTH)
def record_crime(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """What was decided about crime, by whom and when, and the reference the police gave."""
    enforce(rules.work(request.actor, stage=case.stage))
    incident = get_child(case, Incident.objects.all(), pk)
    now = timezone.now()
    initial = {"crime_reference": incident.crime_reference, "seen": seen_now(incident)}
    form = forms.CrimeForm(request.POST or None, initial=initial, today=london_date(now))

    def save() -> None:
        insist_fresh(case, incident, form, _crime_words)
        incident.refresh_from_db()
        said = form.cleaned_data
        operations.record_crime_status(
            by=request.actor,
            at=now,
            incident=incident,
            status=said["status"],
            decided_by=said["decided_by"],
            decided_on=said["decided_on"],
            crime_reference=said["crime_reference"],
            words=said["words"],
        )

    if form.is_valid() and send(request, form, save, "It is kept. Nothing about the case changes."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading=f"Police and crime, incident {incident.number}",
        page_name="police and crime",
        button="Keep this",
        words=record_rules.GOES_ON,
    )


def _crime_words(said: Any) -> dict[str, str]:
    text = said["crime_reference"] if isinstance(said, dict) else said.crime_reference
    return {"Police crime reference": text or "None"}


@case_page(WORK, methods=BOTH)
def record_impact(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """How an incident has affected the person, others nearby and the home."""
    enforce(rules.work(request.actor, stage=case.stage))
    incident = get_child(case, Incident.objects.all(), pk)
    form = forms.ImpactForm(
        request.POST or None, incident=incident, initial={"seen": seen_now(incident)}
    )

    def save() -> None:
        insist_fresh(case, incident, form, _impact_words)
        operations.record_impact(
            by=request.actor, at=timezone.now(), incident=incident, **form.facts()
        )

    if form.is_valid() and send(request, form, save, "How it has affected them is kept."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading=f"How incident {incident.number} has affected people",
        page_name="how it has affected people",
        button="Save",
        words="Ask openly. What was said before stays in the history.",
    )


def _impact_words(said: Any) -> dict[str, str]:
    """The answers in words, from a history row or from what was chosen."""
    names = ("impact", "impact_words", "community_impact", "property_harm")
    person, own_words, others, home = (
        said[name] if isinstance(said, dict) else getattr(said, name) for name in names
    )
    return {
        "The person harmed": Impact(person).label,
        "In their own words": own_words or "None",
        "Others nearby": CommunityImpact(others).label,
        "The home": PropertyHarm(home).label,
    }


@case_page(WORK, methods=BOTH)
def record_part(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """A statement taken, special measures asked for, or HR, for somebody on the case."""
    enforce(rules.work(request.actor, stage=case.stage))
    part = get_child(case, Involvement.objects.select_related("person__safe_contact"), pk)
    now = timezone.now()
    kinds = record_rules.kinds_of(part.part, colleague=works_for_us(part))
    form = forms.PartRecordForm(request.POST or None, kinds=kinds, today=london_date(now))

    def save() -> None:
        said = form.cleaned_data
        operations.record_part(
            by=request.actor,
            at=now,
            involvement=part,
            kind=said["kind"],
            on=said["on"],
            with_whom=said.get("with_whom", ""),
            words=said.get("words", ""),
            agreed=said.get("agreed", False),
        )

    if form.is_valid() and send(request, form, save, "It is on the case."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading=f"Record for {name_and_part(part)}",
        page_name="record a statement, special measures or HR",
        button="Keep this",
        about=part,
        words="" if kinds else "There is nothing to record for their part in the case.",
    )


@case_page((Grant.PLACE_CASE, Grant.OPEN_CASES), methods=BOTH)
def place(request: StaffRequest, case: Case) -> HttpResponse:
    """Which company the case belongs to: Amplius, a member company or a predecessor (HC-20)."""
    enforce(record_rules.place(request.actor, stage=case.stage))
    now_at = case.entity.code if case.entity else forms.NOT_KNOWN
    form = forms.CompanyForm(
        request.POST or None,
        companies=list(Entity.objects.all()),
        initial={"company": now_at, "seen": seen_now(case)},
    )

    def save() -> None:
        insist_fresh(case, case, form, _company_words)
        operations.place_case(
            by=request.actor,
            at=timezone.now(),
            case=case,
            entity=form.chosen,
            reason=form.cleaned_data["reason"],
        )

    if form.is_valid() and send(request, form, save, "The company is changed."):
        still = Case.objects.visible_to(request.actor).filter(pk=case.pk).exists()
        return back_to(case) if still else redirect("/")
    return show_form(
        request,
        case,
        form,
        heading="Which company it belongs to",
        button="Save",
        words="It is taken from the home when a case opens. Nothing else changes.",
    )


def _company_words(said: Any) -> dict[str, str]:
    if isinstance(said, dict):
        found = Entity.objects.filter(code=said["company"]).first()
    else:
        found = Entity.objects.filter(pk=said.entity_id or 0).first()
    return {"Company": found.name if found else "Not known yet"}
