"""Taking apart two accounts that were linked as one incident."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Grant, Refused, enforce
from cases.audit.pages import StaffRequest, page
from cases.intake import operations, rules
from cases.intake.forms import ApartForm
from cases.intake.loading import get_pair


@page(Grant.WORK_CASES, methods=("GET", "POST"))
def take_apart(request: StaffRequest, pk: int) -> HttpResponse:
    """They were of two incidents after all: why, and everything is as it was before."""
    pair = get_pair(request.actor, pk)
    linked = pair.decision == "SAME"
    if request.method != "POST":
        enforce(rules.take_apart(request.actor, linked=linked, reason="x" * rules.ENOUGH_REASON))
    form = ApartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.take_apart(
                by=request.actor, at=timezone.now(), pair=pair, reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            form.add_error("reason", refusal.answer.reason)
        else:
            messages.success(request, "Two incidents. Everything else is as it was before.")
            return redirect("intake:pair", pair.pk)
    return render(request, "intake/apart.html", {"pair": pair, "form": form})
