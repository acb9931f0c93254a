"""Where somebody is signed in, and ending that."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import SIGNED_IN, StaffRequest, page
from cases.staff import queries
from cases.staff.form_pages import form_page
from cases.staff.forms import ReasonForm, errors_into
from cases.staff.models import User
from cases.staff.session_operations import end_sessions, remove_second_factor


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


@page(SIGNED_IN, methods=("GET", "POST"))
def own_sessions(request: StaffRequest) -> HttpResponseBase:
    """Where I am signed in; I can end the sessions that are not this one."""
    now = timezone.now()
    user = User.objects.get(pk=request.actor.id or 0)
    if request.method == "POST":
        one = request.POST.get("session")
        only = None if one is None else int(one) if one.isdecimal() and len(one) < 19 else 0
        ended = end_sessions(by=request.actor, at=now, user=user, keep=_key(request), only=only)
        if ended:
            messages.success(request, "Signed out there.")
        return redirect("sessions")
    sessions = queries.open_sessions(user, now, _key(request))
    return render(
        request,
        "staff/sessions.html",
        {"sessions": sessions, "elsewhere": any(not s.here for s in sessions), "now": now},
    )


@page(Grant.MANAGE_STAFF, methods=("POST",))
def end_sessions_of(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Sign somebody out everywhere."""
    user = queries.load_user(pk)
    end_sessions(by=request.actor, at=timezone.now(), user=user)
    messages.success(request, f"{user.full_name} is signed out everywhere.")
    return redirect("staff:user", user.pk)


@page(
    Grant.MANAGE_STAFF,
    methods=("GET", "POST"),
    fresh="This decides how somebody else signs in.",
)
def remove_second_factor_of(request: StaffRequest, pk: int) -> HttpResponseBase:
    """For somebody who lost their phone and their recovery codes."""
    user = queries.load_user(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            remove_second_factor(
                by=request.actor, at=timezone.now(), user=user, **form.cleaned_data
            )
        if form.is_valid():
            messages.success(request, "Their second factor is removed.")
            return redirect("staff:user", user.pk)
    return form_page(
        request,
        form,
        heading="Remove their second factor",
        about=user,
        button="Remove",
        words="Be sure that it is they who ask: ring them on a number you know. "
        "They are signed out everywhere.",
    )
