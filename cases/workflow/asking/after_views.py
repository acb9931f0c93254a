"""What is written down when it could not wait: a word by phone, 999, and what followed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cases.access import Actor, Grant, enforce
from cases.audit.pages import StaffRequest
from cases.casework.loading import get_child
from cases.casework.models import Case
from cases.casework.queries import parts_of
from cases.disclosures import after_operations, emergency_operations, phone_operations
from cases.disclosures import request_rules as rules
from cases.disclosures.choices import AfterKind, Capacity
from cases.disclosures.deciders import asked_of
from cases.disclosures.models import Emergency, Request, Send
from cases.staff.models import User
from cases.workflow.asking import forms
from cases.workflow.asking.drawing import followed
from cases.workflow.asking.views import get_request, to
from cases.workflow.case_gate import case_page, send, show_form

WORK = (Grant.WORK_CASES,)
BOTH = ("GET", "POST")


@case_page(WORK, methods=BOTH)
def record_phone(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """A manager writes down what the Director said on the phone, out of hours or urgently."""
    asked = get_request(case, pk)
    enforce(rules.phone(request.actor, state=asked.state, already=hasattr(asked, "phone")))
    now = timezone.now()
    form = forms.PhoneForm(request.POST or None, people=_could_be_rung(asked, request.actor, now))

    def save() -> None:
        said = form.cleaned_data
        phone_operations.record_phone_approval(
            by=request.actor,
            at=now,
            request=asked,
            director=User.objects.get(pk=int(said["director"])),
            called_at=said["called_at"],
            words=said["words"],
        )

    done = "It is written down. The page may go once, and the Director confirms what was said."
    if form.is_valid() and send(request, form, save, done):
        return redirect(to(asked))
    return show_form(
        request,
        case,
        form,
        heading="What the Director said on the phone",
        page_name="what was said on the phone",
        button="Write it down",
        template="workflow/asking/small.html",
        back=to(asked),
        back_text="The request",
        words="Only out of hours, or when it is urgent. The Director confirms it within 12 hours; "
        "if not, the policy sponsor is told.",
    )


def _could_be_rung(asked: Request, actor: Actor, now: datetime) -> list[tuple[int, str]]:
    """Who could have said it: the Director, or whoever acts for the Director."""
    free = {one.user_id: one for one in asked_of(asked, now).free}
    return [
        (pk, one.name)
        for pk, one in free.items()
        if one.capacity is not Capacity.SPONSOR and pk != actor.id
    ]


@case_page(WORK, methods=BOTH)
def record_emergency(request: StaffRequest, case: Case) -> HttpResponse:
    """999 was rung: written down afterwards, and nothing else is asked."""
    now = timezone.now()
    form = forms.EmergencyForm(request.POST or None, parts=parts_of(case), initial={"rung_at": now})

    def save() -> None:
        left_out = ("token", "seen")
        said = {key: each for key, each in form.cleaned_data.items() if key not in left_out}
        emergency_operations.record_emergency(by=request.actor, at=now, case=case, **said)

    done = "It is written down. The Director is told, and looks back at it within 24 hours."
    if form.is_valid() and send(request, form, save, done):
        return redirect("workflow:police", case.reference)
    return show_form(
        request,
        case,
        form,
        heading="999 was rung",
        page_name="record a 999 call",
        button="Write it down",
        template="workflow/asking/emergency.html",
        back=reverse("workflow:police", args=[case.reference]),
        back_text="Telling the police",
    )


@case_page(methods=BOTH)
def after_request(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """What followed a page that went without permission."""
    asked = get_request(case, pk)
    sent = get_child(case, Send.objects.all(), getattr(asked.pack, "send", Send()).pk or 0)
    return _after(request, case, sent=sent, back=to(asked))


@case_page(methods=BOTH)
def after_emergency(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """A call to 999, and what followed."""
    call = get_child(case, Emergency.objects.select_related("recorded_by", "review__by"), pk)
    back = reverse("workflow:police", args=[case.reference])
    return _after(request, case, call=call, back=back)


def _after(
    request: StaffRequest,
    case: Case,
    *,
    back: str,
    sent: Send | None = None,
    call: Emergency | None = None,
) -> HttpResponse:
    about: Any = sent or call
    now = timezone.now()
    works = request.actor.may(Grant.WORK_CASES)
    if request.method == "POST":
        enforce(works)
    form = forms.AfterForm(request.POST or None, kinds=AfterKind.choices)

    def save() -> None:
        names = ("kind", "happened_at", "words")
        said = {name: form.cleaned_data[name] for name in names}
        after_operations.record_afterwards(by=request.actor, at=now, about=about, **said)

    if form.is_valid() and send(request, form, save, "It is kept."):
        return redirect(request.path)
    return show_form(
        request,
        case,
        form,
        heading="What followed" if sent else "The 999 call, and what followed",
        page_name="what followed",
        button="Keep this",
        template="workflow/asking/after.html",
        back=back,
        back_text="The request" if sent else "Telling the police",
        call=call,
        works=works,
        rows=followed(about.afterwards.select_related("by"), now),
    )
