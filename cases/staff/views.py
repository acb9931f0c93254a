"""The people who sign in: finding, adding, changing, stopping them."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit import context
from cases.audit.pages import StaffRequest, page
from cases.audit.queries import events_about
from cases.paging import page_of
from cases.staff import operations, queries
from cases.staff.form_pages import form_page
from cases.staff.forms import ReasonForm, UserFilterForm, UserForm, errors_into
from cases.staff.link_operations import make_sign_in_link as make_sign_in_link_of
from cases.staff.queries import Wanted

AGAIN = "This decides how somebody else signs in."


def _wanted(form: UserFilterForm) -> Wanted:
    if not form.is_valid():
        return Wanted()
    team = form.cleaned_data["team"]
    return Wanted(
        text=form.cleaned_data["text"].strip(),
        role=form.cleaned_data["role"],
        team=str(team.pk) if team else "",
        state=form.cleaned_data["state"],
    )


@page(Grant.MANAGE_STAFF)
def list_users(request: StaffRequest) -> HttpResponseBase:
    """Everybody who signs in, by name, filtered by what the address says."""
    now = timezone.now()
    form = UserFilterForm(request.GET)
    wanted = _wanted(form)
    found = queries.users(wanted, now)
    pages = page_of(request.GET.get("page", ""), found.count(), query=dict(request.GET.lists()))
    people = list(found[pages.rows])
    context.saw("staff.user", *(user.pk for user in people), count=pages.total)
    return render(
        request,
        "staff/users.html",
        {
            "people": people,
            "filter": form,
            "filtered": wanted != Wanted(),
            "page_of": pages,
        },
    )


@page(Grant.MANAGE_STAFF, methods=("GET", "POST"))
def add_user(request: StaffRequest) -> HttpResponseBase:
    """A new user, who gets their roles on the next page."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            user = operations.add_user(by=request.actor, at=timezone.now(), **form.cleaned_data)
        if form.is_valid():
            messages.success(
                request, f"{user.full_name} is added. They need a role to do anything."
            )
            return redirect("staff:user", user.pk)
    return form_page(
        request,
        form,
        heading="Add somebody",
        button="Add",
        back=reverse("staff:users"),
        back_text="People who sign in",
    )


@page(Grant.MANAGE_STAFF)
def show_user(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One user: what they hold and held, their training, and what was done to the account."""
    now = timezone.now()
    user = queries.load_user(pk)
    return render(
        request,
        "staff/user.html",
        {
            "person": user,
            "now": now,
            "holdings": queries.holding_rows(user, now),
            "training": list(user.training.all()),
            "today": timezone.localdate(now),
            "events": events_about("staff.user", user.pk, now),
            "has_password": user.has_usable_password(),
            "sessions": queries.open_sessions(user, now),
            "second_factor": is_mfa_enabled(user),
        },
    )


@page(Grant.MANAGE_STAFF, methods=("GET", "POST"), fresh=AGAIN)
def change_user(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Name, address, team and line manager."""
    user = queries.load_user(pk)
    initial = {
        "full_name": user.full_name,
        "email": user.email,
        "team": user.team,
        "line_manager": user.line_manager.email if user.line_manager else "",
    }
    form = UserForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            operations.change_user(
                by=request.actor, at=timezone.now(), user=user, **form.cleaned_data
            )
        if form.is_valid():
            messages.success(request, "Saved.")
            return redirect("staff:user", user.pk)
    return form_page(request, form, heading="Change", about=user, button="Save")


@page(Grant.MANAGE_STAFF, methods=("GET", "POST"))
def stop_user(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Stop somebody signing in, from their next request."""
    user = queries.load_user(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            operations.stop_user(
                by=request.actor, at=timezone.now(), user=user, **form.cleaned_data
            )
        if form.is_valid():
            messages.success(request, f"{user.full_name} can no longer sign in.")
            return redirect("staff:user", user.pk)
    words = "They are signed out at once, everywhere. Their roles stay as they are."
    return form_page(
        request, form, heading="Stop access", about=user, button="Stop access", words=words
    )


@page(Grant.MANAGE_STAFF, methods=("GET", "POST"), fresh=AGAIN)
def restore_user(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Let somebody sign in again."""
    user = queries.load_user(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            operations.restore_user(
                by=request.actor, at=timezone.now(), user=user, **form.cleaned_data
            )
        if form.is_valid():
            messages.success(request, f"{user.full_name} can sign in again.")
            return redirect("staff:user", user.pk)
    words = "They get back the roles that have not ended. Look at them first."
    return form_page(
        request, form, heading="Restore access", about=user, button="Restore access", words=words
    )


@page(Grant.MANAGE_STAFF, methods=("POST",), fresh=AGAIN)
def make_sign_in_link(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A link with which somebody new chooses their password, shown this once."""
    user = queries.load_user(pk)
    path = make_sign_in_link_of(by=request.actor, at=timezone.now(), user=user)
    return render(
        request,
        "staff/sign_in_link.html",
        {"person": user, "link": request.build_absolute_uri(path)},
    )
