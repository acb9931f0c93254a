"""Granting a role for a period, and ending it."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from cases.access import Grant, Role
from cases.audit.pages import StaffRequest, page
from cases.staff import operations, queries
from cases.staff.form_pages import form_page
from cases.staff.forms import ReasonForm, RoleForm, errors_into

AGAIN = "Roles decide who can read what people have told us."


@page(Grant.MANAGE_STAFF, methods=("GET", "POST"), fresh=AGAIN)
def grant_role(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Give somebody else a role; every role shows what it lets them do."""
    now = timezone.now()
    user = queries.load_user(pk)
    form = RoleForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            holding = operations.grant_role(
                by=request.actor,
                at=now,
                user=user,
                role=Role(form.cleaned_data["role"]),
                begins_at=form.begins_at(now),
                ends_at=form.ends_at(),
                reason=form.cleaned_data["reason"],
            )
        if form.is_valid():
            label = holding.get_role_display()
            messages.success(request, f"{user.full_name} is given the role {label}.")
            return redirect("staff:user", user.pk)
    return form_page(request, form, heading="Grant a role", about=user, button="Grant the role")


@page(Grant.MANAGE_STAFF, methods=("GET", "POST"), fresh=AGAIN)
def end_role(request: StaffRequest, pk: int, holding_pk: int) -> HttpResponseBase:
    """End a role now; the person loses it at their next request."""
    user = queries.load_user(pk)
    holding = queries.load_holding(user, holding_pk)
    form = ReasonForm(request.POST or None)
    label = holding.get_role_display()
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            operations.end_role(
                by=request.actor, at=timezone.now(), holding=holding, **form.cleaned_data
            )
        if form.is_valid():
            messages.success(request, f"{user.full_name} no longer has the role {label}.")
            return redirect("staff:user", user.pk)
    return form_page(
        request,
        form,
        heading=f"End the role {label}",
        about=user,
        button="End the role",
        words="It stops counting at once. Work they lead stays in their name: hand it over too.",
    )
