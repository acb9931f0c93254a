"""What is told to others about a case: the list, beginning a page, and the page as it stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.pages import StaffRequest
from cases.casework.models import Case, Involvement, PerceptionStrand
from cases.disclosures import gate, pack_operations
from cases.disclosures import pack_rules as rules
from cases.disclosures.models import Pack
from cases.partners.models import Agency
from cases.partners.queries import unit_checked
from cases.workflow.case_gate import case_page, send, show_form
from cases.workflow.disclosing import forms, listing
from cases.workflow.disclosing.choosing import field_rows, pack_page, parts_for
from cases.workflow.disclosing.doors import Offered, agency_groups, doors_for, everybody
from cases.workflow.disclosing.drawing import draw_pack, who_is_it
from cases.workflow.disclosing.loading import (
    blocked_of,
    conditions_on,
    current_file,
    get_pack,
    insist_version,
    outcomes_of,
    packs_of,
    seen,
)
from cases.workflow.disclosing.refusals import in_the_way, permission_page, said

WORK = (Grant.WORK_CASES, Grant.OPEN_CASES)
BOTH = ("GET", "POST")


@case_page()
def show_sent(request: StaffRequest, case: Case) -> HttpResponse:
    """All that was told to others about the case, what waits, and what was refused."""
    now = timezone.now()
    return render(
        request,
        "workflow/disclosing/sent.html",
        {
            "case": case,
            "heading": "Told to others",
            "back": reverse("workflow:case", args=[case.reference]),
            "now": now,
            "groups": listing.groups(packs_of(case), request.actor),
            "attempts": listing.attempts(blocked_of(case), request.actor),
            "may": rules.may_prepare(request.actor, stage=case.stage),
        },
    )


# --- beginning ---


@case_page(WORK, methods=BOTH)
def begin(request: StaffRequest, case: Case) -> HttpResponse:
    """Begin to tell another agency: whom about and whom first, then the unit, why and what for."""
    enforce(rules.may_prepare(request.actor, stage=case.stage))
    linked = PerceptionStrand.objects.filter(perception__incident__case=case)
    strands = list(linked.order_by().values_list("strand", flat=True).distinct())
    groups = agency_groups(case, strands)
    # A link may say whom it is about; the form itself always sends the agency with it.
    asked = request.GET if "agency" in request.GET else None
    known = {"about": request.GET.get("about", "")}
    first = forms.AgencyForm(asked, initial=known, parts=everybody(case), groups=groups)
    if asked is None or not first.is_valid():
        return show_form(
            request,
            case,
            first,
            heading="Tell another agency",
            button="Go on",
            template="workflow/disclosing/begin.html",
            back=_sent_page(case),
        )
    return _begin_with(request, case, first.whom, first.chosen)


def _begin_with(
    request: StaffRequest, case: Case, about: Involvement | None, agency: Agency
) -> HttpResponse:
    now = timezone.now()
    form = _pack_form(request, agency, doors_for(agency, about))
    made: list[Pack] = []

    def save() -> None:
        made.append(
            pack_operations.start_pack(
                by=request.actor, at=now, case=case, about=about, agency=agency, **form.facts()
            )
        )

    done = "The page is begun. Nothing is on it yet."
    if form.is_valid() and send(request, form, save, done):
        return redirect(pack_page(made[0]) if made else _sent_page(case))
    return show_form(
        request,
        case,
        form,
        heading=f"Tell {agency.name}",
        page_name="tell another agency",
        button="Begin the page",
        template="workflow/disclosing/begin_with.html",
        back=reverse("workflow:pack-new", args=[case.reference]),
        whom=who_is_it(about),
        nobody=about is None,
        agency=agency,
        no_unit=not form.contacts,
    )


def _pack_form(
    request: StaffRequest,
    agency: Agency,
    doors: list[Offered],
    initial: dict[str, Any] | None = None,
) -> forms.PackForm:
    """The form, each unit with when it was checked.  Raises nothing: a stale unit is a warning."""
    now = timezone.now()
    units = list(agency.contacts.filter(ended_at__isnull=True))
    for unit in units:
        unit.agency = agency
    problems = {unit.pk: unit_checked(unit, now).reason for unit in units}
    choices = [(door.code, door.label, door.hint) for door in doors]
    return forms.PackForm(
        request.POST or None, contacts=units, problems=problems, doors=choices, initial=initial
    )


def _sent_page(case: Case) -> str:
    return reverse("workflow:sent", args=[case.reference])


# --- the page as it stands ---


@case_page()
def show_pack(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """One page: what is on it, what the gate says of it now, and what can be done with it."""
    now = timezone.now()
    pack = get_pack(case, pk)
    drawn = draw_pack(pack, now)
    alive = bool(rules.being_written(pack.state))
    works = rules.may_prepare(request.actor, stage=case.stage)
    refusals = in_the_way(gate.judge(pack, request.actor, now), pack) if alive else []
    file = current_file(pack) if pack.state != "DRAFT" else None
    return render(
        request,
        "workflow/disclosing/pack.html",
        {
            "case": case,
            "pack": pack,
            "heading": listing.heading(pack),
            "back": _sent_page(case),
            "back_text": "Told to others",
            "now": now,
            "page": drawn,
            "rows": field_rows(pack, [line.item for line in drawn.lines], parts_for(pack)),
            "facts": listing.facts(pack),
            "conditions": conditions_on(pack) if alive else [],
            "refusals": said(refusals, pack, request.actor),
            "file": file,
            "approval": getattr(file, "approval", None) if file else None,
            "approves": rules.may_approve(
                request.actor, door=pack.door, made_by=[pack.made_by_id, pack.ready_by_id]
            ),
            "works": works,
            "writes": bool(works and alive),
            "outcomes": outcomes_of(pack),
            "permission": permission_page(pack, None),
        },
    )


@case_page(WORK, methods=BOTH)
def change(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Another unit, door, name or purpose: whoever has to approve it does so again."""
    enforce(rules.may_prepare(request.actor, stage=case.stage))
    pack = get_pack(case, pk)
    enforce(rules.being_written(pack.state))
    initial = {
        "seen": seen(pack),
        "contact": str(pack.contact_id),
        **{name: getattr(pack, name) for name in ("door", "title", "purpose", "citation")},
    }
    doors = doors_for(pack.agency, pack.about) if pack.door != "D3" else []
    form = _pack_form(request, pack.agency, doors, initial)

    def save() -> None:
        insist_version(pack, form)
        facts = form.facts()
        if not doors:
            facts |= {"door": pack.door, "citation": pack.citation}
        facts |= {"agency": pack.agency, "about": pack.about}
        pack_operations.change_pack(by=request.actor, at=timezone.now(), pack=pack, **facts)

    if form.is_valid() and send(request, form, save, "The page is changed."):
        return redirect(pack_page(pack))
    return show_form(
        request,
        case,
        form,
        heading="Change whom it goes to, or why",
        button="Save the change",
        template="workflow/disclosing/form.html",
        back=pack_page(pack),
        words="Whatever somebody approved or confirmed before has to be so again.",
    )
