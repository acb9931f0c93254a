"""The second person's yes: what waits for it, and the page of one (doors D2, D4, D5 and D6).

A lead for Safeguarding or domestic abuse approves pages of cases they do not otherwise see: of
each they are shown the page, and nothing else of the case.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Answer, Grant, Refused, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.casework.models import Case
from cases.disclosures import pack_operations
from cases.disclosures import pack_rules as rules
from cases.disclosures.models import Pack
from cases.disclosures.pack_queries import to_approve
from cases.workflow.case_gate import send
from cases.workflow.case_words import address
from cases.workflow.disclosing import forms, listing
from cases.workflow.disclosing.choosing import pack_page
from cases.workflow.disclosing.drawing import draw_pack, who_is_it
from cases.workflow.disclosing.loading import CHANGED, current_file, file_bytes
from cases.workflow.disclosing.sending_views import pdf_answer
from cases.workflow.once import was_sent

APPROVE = (Grant.APPROVE_SHARING, Grant.RECEIVE_SAFEGUARDING, Grant.RECEIVE_DA)
FRESH = "This lets somebody outside Amplius be told about a case."
LIST = "workflow:approvals"


@page(APPROVE)
def show_approvals(request: StaffRequest) -> HttpResponse:
    """The pages that wait for this person's yes, the oldest first."""
    packs = to_approve(request.actor)
    saw("disclosures.pack", *(pack.pk for pack in packs))
    rows = [
        {
            "agency": pack.agency.name,
            "unit": pack.contact.unit if pack.contact else "",
            "title": pack.title,
            "door": listing.door_words(pack.door),
            "at": pack.ready_at,
            "who": pack.made_by.full_name,
            "href": address("workflow:approval", pack.pk),
            "case": pack.case.reference,
        }
        for pack in packs
    ]
    context = {"rows": rows, "now": timezone.now()}
    return render(request, "workflow/disclosing/approvals.html", context)


def _waiting(request: StaffRequest, pk: int) -> Pack:
    """A page that waits for this person's yes.  Raises Http404 for any other."""
    pack = next((pack for pack in to_approve(request.actor) if pack.pk == pk), None)
    if pack is None:
        raise Http404
    if pack.contact is not None:
        pack.contact.agency = pack.agency
    return pack


@page(APPROVE, methods=("GET", "POST"), fresh=FRESH)
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    """The second person's yes to exactly these bytes and this recipient."""
    if request.method == "POST" and was_sent(request):
        return redirect(LIST)
    pack = _waiting(request, pk)
    made_by = [pack.made_by_id, pack.ready_by_id]
    enforce(rules.may_approve(request.actor, door=pack.door, made_by=made_by))
    file = current_file(pack)
    if file is None:
        raise Http404
    ask = "Why may it go?"
    form = forms.WhyForm(request.POST or None, ask=ask, initial={"seen": file.seal})

    def save() -> None:
        if form.cleaned_data["seen"] != file.seal:
            raise Refused(Answer(CHANGED))
        pack_operations.approve_pack(
            by=request.actor, at=timezone.now(), file=file, words=form.cleaned_data["words"].strip()
        )

    if form.is_valid() and send(request, form, save, "It is approved. It goes once, as it is."):
        seen = Case.objects.visible_to(request.actor).filter(pk=pack.case_id).exists()
        return redirect(pack_page(pack) if seen else LIST)
    now = timezone.now()
    return render(
        request,
        "workflow/disclosing/approve.html",
        {
            "case": pack.case,
            "form": form,
            "pack": pack,
            "page": draw_pack(pack, now),
            "facts": listing.facts(pack),
            "whom": who_is_it(pack.about),
            "maker": pack.made_by.full_name,
            "now": now,
        },
    )


@page(APPROVE)
def approval_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The very bytes that wait for this person's yes.  Opening them is recorded."""
    pack = _waiting(request, pk)
    return pdf_answer(pack, file_bytes(pack), "inline")
