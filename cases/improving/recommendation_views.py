"""The register of recommendations: the list, one of them, adding, changing and closing."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.calendar import london_date
from cases.improving import queries
from cases.improving import recommendation_operations as operations
from cases.improving.choices import Source
from cases.improving.forms import (
    ChangeRecommendationForm,
    EndForm,
    FilterForm,
    RecommendationForm,
)
from cases.improving.models import Recommendation
from cases.improving.queries import Wanted
from cases.improving.views import BOTH, SEES, save_once, wanted_of
from cases.paging import page_of
from cases.partners.saving import save_over, seen_now, typed
from cases.staff.form_pages import form_page


@page(SEES)
def list_recommendations(request: StaffRequest) -> HttpResponseBase:
    """What was recommended to us, what is due first in front."""
    now = timezone.now()
    form = FilterForm(request.GET, label="Who recommended it", codes=Source.choices)
    wanted = wanted_of(form)
    found = queries.recommendations(request.actor, wanted, now)
    pages = page_of(request.GET.get("page", ""), found.count(), query=dict(request.GET.lists()))
    context = {
        "rows": queries.drawn(found[pages.rows], now),
        "page_of": pages,
        "filter": form,
        "filtered": wanted != Wanted(),
        "places": queries.places(request.actor, "recommendations"),
        "now": now,
    }
    return render(request, "improving/recommendations.html", context)


@page(SEES)
def show_recommendation(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One recommendation, the actions made from it, and what was done to it."""
    now = timezone.now()
    row = queries.load_recommendation(request.actor, pk)
    context = {
        "row": row,
        "drawn": queries.drawn([row], now)[0],
        "actions": queries.made_from(request.actor, row, now),
        "entries": queries.entries_of(row, now),
        "now": now,
    }
    return render(request, "improving/recommendation.html", context)


@page(Grant.KEEP_IMPROVEMENTS, methods=BOTH)
def add_recommendation(request: StaffRequest) -> HttpResponseBase:
    """A new line of the register."""
    now = timezone.now()
    form = RecommendationForm(typed(request), owners=queries.owners(now), today=london_date(now))
    added: list[Recommendation] = []

    def do() -> None:
        said = form.values()
        added.append(operations.add_recommendation(by=request.actor, at=now, **said))

    if save_once(request, form, do, "The recommendation is in the register."):
        if added:
            return redirect("improving:recommendation", added[0].pk)
        return redirect("improving:recommendations")
    return form_page(
        request,
        form,
        heading="Add a recommendation",
        button="Add",
        back=reverse("improving:recommendations"),
        back_text="Recommendations",
    )


@page(Grant.KEEP_IMPROVEMENTS, methods=BOTH)
def change_recommendation(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Other words, somebody else or another day."""
    now = timezone.now()
    row = queries.load_recommendation(request.actor, pk)
    names = ("title", "words", "owner", "due_on")
    form = ChangeRecommendationForm(
        typed(request),
        initial={name: getattr(row, name) for name in names} | {"seen": seen_now(row)},
        owners=queries.owners(now),
        today=london_date(now),
        was=row.due_on,
    )

    def do() -> None:
        operations.change_recommendation(
            by=request.actor, at=now, recommendation=row, **form.values()
        )

    if save_over(request, form, row, do, "Saved."):
        return redirect("improving:recommendation", row.pk)
    return _form(request, row, form, "Change a recommendation", "Save")


@page(Grant.KEEP_IMPROVEMENTS, methods=BOTH)
def end_recommendation(request: StaffRequest, pk: int) -> HttpResponseBase:
    """We did it, or it is not for us."""
    now = timezone.now()
    row = queries.load_recommendation(request.actor, pk)
    form = EndForm(typed(request))

    def do() -> None:
        operations.end_recommendation(
            by=request.actor, at=now, recommendation=row, **form.cleaned_data
        )

    if save_once(request, form, do, "Recorded. It stays in the register, closed."):
        return redirect("improving:recommendation", row.pk)
    heading = "Record what we made of it"
    return _form(request, row, form, heading, "Record", f"What is recommended: {row.words}")


def _form(
    request: StaffRequest,
    row: Recommendation,
    form: Any,
    heading: str,
    button: str,
    words: str = "",
) -> HttpResponseBase:
    return form_page(
        request,
        form,
        heading=heading,
        button=button,
        back=reverse("improving:recommendation", args=[row.pk]),
        back_text="The recommendation",
        words=words,
    )
