"""Reviewing the policy: what may bring it forward and what was decided; and the compliance map."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit import context as reads
from cases.audit.pages import StaffRequest, may_open, page
from cases.calendar import london_date
from cases.improving import queries
from cases.improving import review_operations as operations
from cases.improving.duties import ASKERS, MEASURES
from cases.improving.forms import DecideForm, ReasonForm
from cases.improving.models import ReviewReason
from cases.improving.views import BOTH, save_once
from cases.paging import page_of
from cases.partners.saving import typed
from cases.policy.models import PolicyVersion
from cases.staff.form_pages import form_page


@page(Grant.SEE_IMPROVEMENTS)
def list_reasons(request: StaffRequest) -> HttpResponseBase:
    """How the review of the policy stands, and what may bring it forward."""
    now = timezone.now()
    found = queries.reasons()
    pages = page_of(request.GET.get("page", ""), found.count(), query=dict(request.GET.lists()))
    rows = list(found[pages.rows])
    for row in rows:
        reads.saw("improving.reviewreason", row.pk)
    today = london_date(now)
    version = PolicyVersion.objects.in_force_on(today)
    context = {
        "rows": rows,
        "page_of": pages,
        "version": version,
        "late": version.review_overdue_days(today) if version else 0,
        "places": queries.places(request.actor, "reasons"),
        "today": today,
    }
    return render(request, "improving/reasons.html", context)


@page(Grant.SEE_IMPROVEMENTS)
def show_reason(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One reason, what was decided about it and why, and the actions made from it."""
    now = timezone.now()
    row = queries.load_reason(pk)
    context = {
        "row": row,
        "measure": MEASURES.get(row.measure, ""),
        "actions": queries.made_from(request.actor, row, now),
        "entries": queries.entries_of(row, now),
        "now": now,
    }
    return render(request, "improving/reason.html", context)


@page(Grant.KEEP_IMPROVEMENTS, methods=BOTH)
def add_reason(request: StaffRequest) -> HttpResponseBase:
    """Something that may bring the review forward."""
    now = timezone.now()
    form = ReasonForm(typed(request), today=london_date(now))
    added: list[ReviewReason] = []

    def do() -> None:
        added.append(operations.record_reason(by=request.actor, at=now, **form.cleaned_data))

    if save_once(request, form, do, "The reason is recorded. Now decide about it."):
        if added:
            return redirect("improving:reason", added[0].pk)
        return redirect("improving:reasons")
    return form_page(
        request,
        form,
        heading="Record a reason to review the policy",
        button="Record",
        back=reverse("improving:reasons"),
        back_text="Reviewing the policy",
    )


@page(Grant.KEEP_IMPROVEMENTS, methods=BOTH)
def decide_reason(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Whether the policy is reviewed because of it, by when, and why."""
    now = timezone.now()
    row = queries.load_reason(pk)
    form = DecideForm(typed(request), today=london_date(now))

    def do() -> None:
        operations.decide_reason(by=request.actor, at=now, reason=row, **form.cleaned_data)

    if save_once(request, form, do, "The decision is recorded."):
        return redirect("improving:reason", row.pk)
    return form_page(
        request,
        form,
        heading="Decide about a reason to review the policy",
        button="Record the decision",
        back=reverse("improving:reason", args=[row.pk]),
        back_text="The reason",
        words=row.words,
    )


@page(Grant.SEE_MONITORING)
def show_duties(request: StaffRequest) -> HttpResponseBase:
    """Each duty, and where this application shows it; what the reader may not open is named."""
    askers = [
        {
            "key": asker.key,
            "title": asker.title,
            "duties": [
                {
                    "words": duty.words,
                    "where": duty.where,
                    "waits": duty.waits,
                    "shown": [
                        {
                            "words": one.words,
                            "href": reverse(one.route, args=one.arguments)
                            if may_open(request.actor, one.needs)
                            else "",
                        }
                        for one in duty.shown
                    ],
                }
                for duty in asker.duties
            ],
        }
        for asker in ASKERS
    ]
    context = {"askers": askers, "places": queries.places(request.actor, "duties")}
    return render(request, "improving/duties.html", context)
