"""The Director names somebody to act, for a time and with a reason, and ends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases import words
from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.policy.queries import settings_at
from cases.staff import delegation_operations
from cases.staff.models import RoleHolding
from cases.staff.queries import delegations_of
from cases.workflow.case_gate import send
from cases.workflow.desk.forms import DelegateForm, EndDelegateForm

NAMES = Grant.NAME_DELEGATE
FRESH = "This lets somebody decide what the police are told."
BOTH = ("GET", "POST")


@page(NAMES, methods=BOTH, fresh=FRESH)
def delegates(request: StaffRequest) -> HttpResponse:
    """Who acts for the Director now or soon, and naming somebody."""
    now = timezone.now()
    form = DelegateForm(request.POST or None, initial={"begins_at": now})

    def save() -> None:
        said = form.cleaned_data
        delegation_operations.name_delegate(
            by=request.actor,
            at=now,
            user=said["user"],
            begins_at=said["begins_at"],
            ends_at=said["ends_at"],
            reason=said["reason"],
            most_days=settings_at(now)["DELEGATION_DAYS"],
        )

    if form.is_valid() and send(request, form, save, "They are named. It stands on their pages."):
        return redirect("workflow:delegates")
    rows = [_row(holding, now) for holding in delegations_of(request.actor, now)]
    return render(request, "workflow/desk/delegates.html", {"form": form, "rows": rows})


def _row(holding: RoleHolding, now: datetime) -> dict[str, Any]:
    since, until = holding.period.lower, holding.period.upper
    return {
        "pk": holding.pk,
        "name": holding.user.full_name,
        "words": f"From {words.say_moment(since, now)} until {words.say_moment(until, now)}. "
        f"Why: {holding.reason}",
        "end_href": reverse("workflow:delegate-end", args=[holding.pk]),
    }


@page(NAMES, methods=BOTH)
def end_delegate(request: StaffRequest, pk: int) -> HttpResponse:
    """They act for the Director no longer, from now."""
    now = timezone.now()
    found = {holding.pk: holding for holding in delegations_of(request.actor, now)}
    holding = found.get(pk)
    if holding is None:
        raise Http404
    form = EndDelegateForm(request.POST or None)

    def save() -> None:
        delegation_operations.end_delegation(
            by=request.actor,
            at=timezone.now(),
            holding=holding,
            reason=form.cleaned_data["reason"],
        )

    if form.is_valid() and send(request, form, save, "They no longer act for you."):
        return redirect("workflow:delegates")
    context = {
        "form": form,
        "heading": f"End {holding.user.full_name} acting for you?",
        "page_name": "End acting for the Director",
        "button": "End it now",
        "back": reverse("workflow:delegates"),
        "back_text": "Somebody to act for you",
        "words": f"{_row(holding, now)['words']}",
    }
    return render(request, "workflow/desk/form.html", context)
