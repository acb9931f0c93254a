"""What is looked at on the desk after it was done: a word by phone, a call to 999."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from cases import words
from cases.access import Grant
from cases.audit.context import saw
from cases.audit.pages import SIGNED_IN, StaffRequest, page
from cases.disclosures import emergency_operations, phone_operations
from cases.disclosures.deciders import rung_of
from cases.disclosures.deciding_rules import may_decide
from cases.disclosures.models import Emergency, PhoneApproval
from cases.disclosures.request_queries import load_emergency, phones_for
from cases.workflow.case_gate import send
from cases.workflow.desk.forms import PhoneAnswerForm, ReviewForm
from cases.workflow.desk.queues import call_row, phone_row

BOTH = ("GET", "POST")
DECIDES = Grant.DECIDE_DISCLOSURE


@page(SIGNED_IN, methods=BOTH, fresh="This stands for what you said on the phone.")
def answer_phone(request: StaffRequest, pk: int) -> HttpResponse:
    """Whoever was rung says if what was written down is what they said.

    It is theirs to say even when they decide nothing any more, so no grant is asked.
    """
    now = timezone.now()
    phone = phones_for(request.actor, now).filter(pk=pk).first()
    if phone is None:
        raise Http404
    saw("disclosures.phoneapproval", phone.pk, case=phone.request.case.reference)
    back = reverse("workflow:decisions") if request.actor.may(DECIDES) else "/"
    form = PhoneAnswerForm(request.POST or None)

    def save() -> None:
        said = form.cleaned_data
        do = (
            phone_operations.confirm_phone
            if said["answer"] == "yes"
            else phone_operations.repudiate_phone
        )
        do(by=request.actor, at=timezone.now(), phone=phone, words=said["words"])

    if form.is_valid() and send(request, form, save, "Your answer is kept."):
        return redirect(back)
    context = {"form": form, "back": back, **_said_on_the_phone(phone, now)}
    if request.actor.may(DECIDES):
        context["story_href"] = reverse("workflow:decision", args=[phone.request_id])
    return render(request, "workflow/desk/form.html", context)


def _said_on_the_phone(phone: PhoneApproval, now: datetime) -> dict[str, Any]:
    """What was written down as somebody's own words, for them to confirm or deny."""
    who = phone.recorded_by.full_name
    agency = phone.request.pack.agency.name
    return {
        "heading": "Is this what you said?",
        "caption": phone.request.case.reference,
        "page_name": f"{phone.request.case.reference} what was said on the phone",
        "button": "Keep my answer",
        "back_text": "Back",
        "promise": phone_row(phone, now)["promise"],
        "words": f"{who} rang you {words.say_moment(phone.called_at, now)} about telling "
        f"{agency}, and wrote down these words as yours.",
        "quoted": phone.words,
        "quoted_when": "",
        "quoted_by": f"You, as {who} wrote it down",
    }


@page(DECIDES, methods=BOTH)
def review_call(request: StaffRequest, pk: int) -> HttpResponse:
    """Look back at a call to 999: whether it was right to ring, and what there is to learn."""
    now = timezone.now()
    call = load_emergency(request.actor, pk, now)
    answer = may_decide(request.actor, asked=rung_of(call, now))
    looked = getattr(call, "review", None)
    form = ReviewForm(request.POST or None) if answer and looked is None else None

    def save() -> None:
        said = form.cleaned_data if form else {}
        emergency_operations.review_emergency(
            by=request.actor,
            at=timezone.now(),
            emergency=call,
            verdict=said["verdict"],
            words=said["words"],
        )

    if form and form.is_valid() and send(request, form, save, "Your look back is kept."):
        return redirect("workflow:decisions")
    context = {
        "form": form,
        "answer": None if looked else answer,
        "heading": "999 was rung: look back at it",
        "caption": call.case.reference,
        "page_name": f"{call.case.reference} 999 call",
        "button": "Keep what I found",
        "back": reverse("workflow:decisions"),
        "back_text": "Decisions",
        "promise": None if looked else call_row(call, now)["promise"],
        "words": "Nobody needs leave to ring 999. You look at what there is to learn.",
        "facts": _facts(call, now),
    }
    return render(request, "workflow/desk/form.html", context)


def _facts(call: Emergency, now: datetime) -> list[dict[str, str]]:
    """The call as it was written down, and what was found in looking back."""
    facts = [
        {
            "key": "Rung",
            "value": capfirst(f"{words.say_moment(call.rung_at, now)} by {call.rung_by}"),
        },
        {"key": "Why", "value": call.why},
        {"key": "They were told", "value": call.said},
        {"key": "Police log", "value": call.log_number or "Not known"},
        {
            "key": "Written down",
            "value": capfirst(
                f"{words.say_moment(call.recorded_at, now)} by {call.recorded_by.full_name}"
            ),
        },
    ]
    looked = getattr(call, "review", None)
    if looked is not None:
        facts.append({"key": looked.get_verdict_display(), "value": looked.words})
    return facts
