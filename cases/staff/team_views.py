"""Teams: listing, adding and renaming them."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.staff import operations, queries
from cases.staff.form_pages import form_page
from cases.staff.forms import TeamForm, errors_into


@page(Grant.MANAGE_STAFF)
def list_teams(request: StaffRequest) -> HttpResponseBase:
    """Every team and how many people are in it."""
    return render(request, "staff/teams.html", {"teams": list(queries.teams())})


@page(Grant.MANAGE_STAFF, methods=("GET", "POST"))
def add_team(request: StaffRequest) -> HttpResponseBase:
    """A new team."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            operations.add_team(by=request.actor, at=timezone.now(), **form.cleaned_data)
        if form.is_valid():
            messages.success(request, "The team is added.")
            return redirect("staff:teams")
    return form_page(
        request,
        form,
        heading="Add a team",
        button="Add",
        back=reverse("staff:teams"),
        back_text="Teams",
    )


@page(Grant.MANAGE_STAFF, methods=("GET", "POST"))
def change_team(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Rename a team."""
    team = queries.load_team(pk)
    form = TeamForm(request.POST or None, team=team, initial={"name": team.name})
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            operations.change_team(
                by=request.actor, at=timezone.now(), team=team, **form.cleaned_data
            )
        if form.is_valid():
            messages.success(request, "Saved.")
            return redirect("staff:teams")
    return form_page(
        request,
        form,
        heading="Rename a team",
        button="Save",
        back=reverse("staff:teams"),
        back_text="Teams",
    )
