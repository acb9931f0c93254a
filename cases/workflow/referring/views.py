"""Referrals: the list of a case, beginning one, its page, and a form for each thing done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.calendar import london_date
from cases.casework.loading import get_child
from cases.casework.models import Case, PerceptionStrand
from cases.paging import page_of as page_numbers
from cases.partners.models import Agency
from cases.partners.queries import unit_checked
from cases.referrals import operations, queries, rules
from cases.referrals.models import Referral
from cases.workflow.case_gate import case_page, send, show_form
from cases.workflow.case_words import address
from cases.workflow.disclosing.doors import agency_groups, doors_for, everybody
from cases.workflow.disclosing.forms import AgencyForm, WhyForm
from cases.workflow.referring import drawing, forms

WORK = (Grant.WORK_CASES, Grant.OPEN_CASES)
BOTH = ("GET", "POST")
FORM = "workflow/referring/form.html"


@case_page(WORK)
def show_referrals(request: StaffRequest, case: Case) -> HttpResponse:
    """Every referral of the case: state, time since it went, when to ask after it."""
    now = timezone.now()
    return render(
        request,
        "workflow/referring/referrals.html",
        {
            "case": case,
            "heading": "Referrals",
            "back": reverse("workflow:case", args=[case.reference]),
            "now": now,
            "rows": drawing.rows_of(case, now),
            "may": rules.start(request.actor, stage=case.stage),
        },
    )


@case_page(WORK, methods=BOTH)
def start_referral(request: StaffRequest, case: Case) -> HttpResponse:
    """Whom to, then on what ground: two steps of one page, the first in its address."""
    enforce(rules.start(request.actor, stage=case.stage))
    groups = [*agency_groups(case, _strands(case)), ("Our own teams", queries.own_teams())]
    parts = everybody(case)
    people = [part.person_id for part in parts if part.person_id]
    saw("people.person", *people, case=case.reference)
    asked = "agency" in request.GET or "about" in request.GET
    choose = AgencyForm(request.GET if asked else None, parts=parts, groups=groups)
    if not choose.is_valid():
        context = {"action": request.path, "method": "get"}
        return _form(
            request,
            case,
            choose,
            heading="Refer somebody",
            button="Go on",
            template="workflow/referring/choose.html",
            **context,
        )
    return _start(request, case, choose)


def _strands(case: Case) -> list[str]:
    """What it was about, as it is seen: which agencies stand first."""
    linked = PerceptionStrand.objects.filter(perception__incident__case=case)
    return list(linked.order_by().values_list("strand", flat=True).distinct())


def _start(request: StaffRequest, case: Case, choose: AgencyForm) -> HttpResponse:
    agency, about, now = choose.chosen, choose.whom, timezone.now()
    units = list(agency.contacts.filter(ended_at__isnull=True))
    for unit in units:
        unit.agency = agency
    ours = agency.is_ours
    offered = [] if ours else [(d.code, d.label, d.hint) for d in doors_for(agency, about)]
    form = forms.ReferralForm(
        request.POST or None,
        contacts=units,
        problems={unit.pk: unit_checked(unit, now).reason for unit in units},
        doors=offered,
    )

    begun: list[Referral] = []

    def save() -> None:
        said = form.facts()
        if ours:
            said["door"] = rules.OWN_DOORS[agency.kind]
        begun.append(
            operations.start_referral(
                by=request.actor, at=now, case=case, about=about, agency=agency, **said
            )
        )

    done = "Choose what they are told, one thing at a time."
    if form.is_valid() and send(request, form, save, done):
        if begun:
            return redirect(drawing.to(begun[0]))
        return redirect("workflow:case-referrals", case.reference)
    return _form(
        request,
        case,
        form,
        heading=f"Refer to {agency.name}",
        page_name="refer somebody",
        button="Begin the referral",
        words=_own_words(agency) or ("" if units else NO_UNIT),
    )


NO_UNIT = "The directory knows no unit there yet, so nothing can go. Ask a case manager to add one."
_OWN = {
    "SAFEGUARDING_TEAM": "It goes under the Safeguarding policy. No permission is needed; the "
    "Safeguarding lead approves it.",
    "DA_TEAM": "It goes under the Domestic Abuse policy. No permission is needed; the Domestic "
    "Abuse lead approves it.",
    "HR": "HR is told only what the person said yes to.",
    "ASB_TEAM": "The antisocial behaviour team is our own. Tell them only what they need.",
}


def _own_words(agency: Agency) -> str:
    return _OWN.get(agency.kind, "") if agency.is_ours else ""


def _form(request: StaffRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    """A form whose way back is the list of referrals."""
    back = address("workflow:case-referrals", case.reference)
    usual = {"back": back, "back_text": "Referrals", "template": FORM}
    return show_form(request, case, form, **{**usual, **context})


def get_referral(case: Case, pk: int) -> Referral:
    """A referral of this case.  Raises Http404 for another case's, exactly as for none."""
    referral = get_child(case, queries.whole(), pk)
    referral.case = referral.pack.case = case
    if referral.pack.contact is not None:
        referral.pack.contact.agency = referral.pack.agency
    return referral


@case_page(WORK)
def show_referral(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """One referral: where it stands, exactly what they are told, and its story."""
    now = timezone.now()
    referral = get_referral(case, pk)
    return render(
        request,
        "workflow/referring/referral.html",
        {
            "case": case,
            "heading": f"Referral to {referral.agency.name}",
            "back": address("workflow:case-referrals", case.reference),
            "back_text": "Referrals",
            "now": now,
            **drawing.page_of(referral, request.actor, now),
        },
    )


def _record(
    request: StaffRequest,
    referral: Referral,
    form: Any,
    save: Callable[[], object],
    *,
    heading: str,
    button: str,
    done: str,
    words: str = "",
) -> HttpResponse:
    """Show a form of a referral, or save it and go back to its page."""
    if form.is_valid() and send(request, form, save, done):
        return redirect(drawing.to(referral))
    return _form(
        request,
        referral.case,
        form,
        heading=heading,
        button=button,
        back=drawing.to(referral),
        back_text=f"Referral to {referral.agency.name}",
        words=words,
    )


@case_page(WORK, methods=BOTH)
def accept(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """They took it on."""
    return _answered(request, case, pk, "accept")


@case_page(WORK, methods=BOTH)
def decline(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """They did not take it on, and why."""
    return _answered(request, case, pk, "decline")


def _answered(request: StaffRequest, case: Case, pk: int, what: str) -> HttpResponse:
    referral, now = get_referral(case, pk), timezone.now()
    enforce(drawing.may(what, referral, request.actor))
    kind = forms.AnswerForm if what == "accept" else forms.DeclineForm
    sent_on = london_date(referral.sent_at or referral.made_at)
    form = kind(request.POST or None, today=london_date(now), sent_on=sent_on)

    def save() -> None:
        said = form.cleaned_data
        facts = {"answered_on": said["answered_on"], "answered_by": said["answered_by"]}
        if what == "accept":
            operations.accept_referral(by=request.actor, at=now, referral=referral, **facts)
        else:
            operations.decline_referral(
                by=request.actor, at=now, referral=referral, why=said["why"], **facts
            )

    accepted = what == "accept"
    return _record(
        request,
        referral,
        form,
        save,
        heading="They accepted it" if accepted else "They declined it",
        button="Record that they accepted" if accepted else "Record that they declined",
        done="That they accepted is kept." if accepted else "That they declined is kept.",
    )


@case_page(WORK, methods=BOTH)
def chase(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Somebody asked what became of it."""
    referral, now = get_referral(case, pk), timezone.now()
    enforce(drawing.may("chase", referral, request.actor))
    form = forms.ChaseForm(request.POST or None, now=now, today=london_date(now))

    def save() -> None:
        said = form.cleaned_data
        operations.chase_referral(
            by=request.actor,
            at=now,
            referral=referral,
            how=said["how"],
            words=said["words"],
            happened_at=said["happened_at"],
            next_on=said["next_on"],
        )

    return _record(
        request,
        referral,
        form,
        save,
        heading="What became of it",
        button="Keep what they said",
        done="What they said is kept.",
        words="Tell them nothing more than is on the page that was sent.",
    )


@case_page(WORK, methods=BOTH)
def end(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """It is over."""
    referral = get_referral(case, pk)
    enforce(drawing.may("end", referral, request.actor))
    form = WhyForm(request.POST or None, ask="Why does it end?")

    def save() -> None:
        why = form.cleaned_data["words"]
        operations.end_referral(by=request.actor, at=timezone.now(), referral=referral, why=why)

    return _record(
        request,
        referral,
        form,
        save,
        heading="End the referral",
        button="End it",
        done="The referral has ended.",
        words="What they were told stays with them. Tell them if it should no longer be used.",
    )


@case_page(WORK, methods=BOTH)
def stop(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """It does not go."""
    referral = get_referral(case, pk)
    enforce(drawing.may("stop", referral, request.actor))
    form = WhyForm(request.POST or None, ask="Why is it stopped?")

    def save() -> None:
        why = form.cleaned_data["words"]
        operations.revoke_referral(by=request.actor, at=timezone.now(), referral=referral, why=why)

    return _record(
        request,
        referral,
        form,
        save,
        heading="Stop the referral",
        button="Stop it",
        done="It was stopped. Nothing went.",
    )


@page(WORK)
def ask_after(request: StaffRequest) -> HttpResponse:
    """Referrals that somebody should ask after, across every case the reader may open."""
    now = timezone.now()
    found = queries.late_for(request.actor, london_date(now))
    numbers = page_numbers(
        request.GET.get("page", ""), found.count(), query=dict(request.GET.lists())
    )
    shown = list(found[numbers.rows])
    for each in shown:
        saw("referrals.referral", each.pk, case=each.case.reference)
    context = {
        "now": now,
        "rows": [drawing.row_of(each, now, whom=each.case.who.name) for each in shown],
        "page_of": numbers,
    }
    return render(request, "workflow/referring/ask_after.html", context)
