"""People I know: what a colleague declares about themselves (domain 7.1).

Declaring needs a full name and a date of birth, or an address: it is no way to browse people.
From the next request the people declared, and every case they are part of, are hidden.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.casework.operations import find_conflicts_of
from cases.people.choices import LinkKind
from cases.people.forms import KnownHomeForm, KnownPersonForm
from cases.people.models import StaffLink
from cases.people.operations import declare_staff_link
from cases.people.queries import people_called
from cases.staff.models import User

DONE = "Thank you. Their record and any case they are part of are now hidden from you."


@page((Grant.SEARCH, Grant.OPEN_CASES), methods=("GET", "POST"))
def my_links(request: StaffRequest) -> HttpResponse:
    """What I have declared, and two small forms: somebody I know, an address of mine."""
    which = request.POST.get("which") if request.method == "POST" else None
    person_form = KnownPersonForm(request.POST if which == "person" else None, prefix="person")
    home_form = KnownHomeForm(request.POST if which == "home" else None, prefix="home")
    if which == "person" and person_form.is_valid() and _declare_person(request, person_form):
        return redirect("people:my-links")
    if which == "home" and home_form.is_valid() and _declare_home(request, home_form):
        return redirect("people:my-links")
    links = StaffLink.objects.filter(user_id=request.actor.id or 0)
    return render(
        request,
        "people/my_links.html",
        {
            "links": links.select_related("person", "home").order_by("-declared_at"),
            "person_form": person_form,
            "home_form": home_form,
            "form": home_form if which == "home" else person_form,
            "now": timezone.now(),
        },
    )


def _declare_person(request: StaffRequest, form: Any) -> bool:
    data = form.cleaned_data
    people = people_called(data["full_name"], data["date_of_birth"])
    if not people:
        form.add_error(
            "full_name",
            "Nobody here has that name and date of birth. If a case about them is opened, you "
            "will be asked whether you know anybody in it.",
        )
        return False
    for person in people:
        _declare(request, kind=data["kind"], person=person)
    return _finish(request)


def _declare_home(request: StaffRequest, form: Any) -> bool:
    if form.home_unsettled:
        return False
    home = form.home(lambda **typed: None)
    if home is None:
        form.add_error("address", "We do not know that address, so there is nothing to hide.")
        return False
    _declare(request, kind=LinkKind.LIVES_AT, home=home)
    return _finish(request)


def _declare(request: StaffRequest, **tie: Any) -> None:
    user = User.objects.get(pk=request.actor.id or 0)
    declare_staff_link(by=request.actor, at=timezone.now(), user=user, **tie)


def _finish(request: StaffRequest) -> bool:
    user = User.objects.get(pk=request.actor.id or 0)
    find_conflicts_of(by=request.actor, at=timezone.now(), user=user)
    messages.success(request, DONE)
    return True
