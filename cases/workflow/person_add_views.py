"""Adding people, homes, households and tenancies; near records are offered first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.casework.person_scope import hidden_people
from cases.people.forms import AddPersonForm
from cases.people.home_forms import (
    MemberForm,
    MoveInForm,
    MoveOutForm,
    OnDayForm,
    PropertyForm,
    TenancyForm,
)
from cases.people.models import HouseholdMembership, Person
from cases.people.operations import (
    add_household,
    add_household_member,
    add_person,
    add_property,
    add_tenancy,
    end_household_member,
)
from cases.people.queries import membership_of
from cases.people.rules import may_record
from cases.workflow.once import run_once, was_sent
from cases.workflow.person_change_views import form_page, to_change
from cases.workflow.person_loading import load_person, members_shown, whom_to_ask
from cases.workflow.person_views import SEES_PEOPLE, about

RECORDS_PEOPLE = (Grant.TAKE_REPORT, Grant.WORK_CASES)


def _near(form: Any) -> None:
    if form.found.matches:
        ids = [match.person.pk for match in form.found]
        saw("people.person", *ids, count=len(ids), purpose="already here")


@page(RECORDS_PEOPLE, methods=("GET", "POST"))
def add(request: StaffRequest) -> HttpResponse:
    """Somebody new; whoever is near what was typed is offered before they are added."""
    actor, at = request.actor, timezone.now()
    form = AddPersonForm(request.POST or None, actor=actor, hidden=hidden_people(actor))
    _near(form)
    if form.is_valid() and (known := form.somebody()):
        return redirect("people:person", known.reference)
    # Whom a first press has added is nobody near to a second.
    if (form.is_valid() and not form.unsettled) or was_sent(request):

        def save() -> Person:
            home = form.home(lambda **typed: add_property(by=actor, at=at, **typed))
            return add_person(by=actor, at=at, home=home, **form.details())

        if run_once(request, form, save):
            # A second press of the button finds whom the first has added.
            names = {name: form.details()[name] for name in ("full_name", "placeholder")}
            person = Person.objects.filter(**names).latest("pk")
            messages.success(request, f"{person.name} is added. Ask how it is safe to reach them.")
            return redirect("people:person", person.reference)
    context = {"form": form, "title": "Add a person", "button": "Add this person"}
    context |= {"hidden": form.found.hidden, "whom": whom_to_ask(actor, at)}
    return render(request, "people/add.html", context)


@page(RECORDS_PEOPLE, methods=("GET", "POST"))
def add_home(request: StaffRequest) -> HttpResponse:
    """An address we do not know yet."""
    form = PropertyForm(request.POST or None)
    if form.is_valid() and form.known:
        form.add_error("address", "This address is already here.")
    if (form.is_valid() and not form.home_unsettled) or was_sent(request):
        names = ("local_authority", "stock_class", "uprn")
        more = {name: form.cleaned_data[name] for name in names}
        at = timezone.now()

        def save() -> Any:
            return form.home(lambda **typed: add_property(by=request.actor, at=at, **typed, **more))

        if run_once(request, form, save):
            messages.success(request, "The address is in our records.")
            return redirect("people:add-property")
    context = {"form": form, "title": "Add an address", "button": "Add this address"}
    return render(request, "people/add.html", context)


@page(SEES_PEOPLE)
def show_household(request: StaffRequest, reference: str) -> HttpResponse:
    """Who lives with them, today or on another day."""
    person = load_person(request.actor, reference)
    form = OnDayForm(request.GET if "on_day" in request.GET else None)
    today = timezone.localdate()
    on = (form.is_valid() and form.cleaned_data["on"]) or today
    membership = membership_of(person, on)
    household = membership.household if membership else None
    members = members_shown(household, on, request.actor, person) if household else []
    saw("people.person", *[row.person_id for row in members], purpose="household")
    rest = {"membership": membership, "members": members, "on": on, "today": today, "form": form}
    return render(request, "people/household.html", about(request, person, **rest))


@page(SEES_PEOPLE, methods=("GET", "POST"))
def move_in(request: StaffRequest, reference: str) -> HttpResponse:
    """Where somebody lives and since when: the first of a household, or one more in it."""
    person, actor, at = to_change(request, reference), request.actor, timezone.now()
    form = MoveInForm(request.POST or None)
    if form.is_valid() and not form.home_unsettled:

        def save() -> HouseholdMembership | None:
            home = form.home(lambda **typed: add_property(by=actor, at=at, **typed)) or person.home
            if home is None:
                form.add_error("address", "Enter the address they moved in to.")
                return None
            household = add_household(by=actor, at=at, home=home)
            data = form.cleaned_data
            return add_household_member(
                by=actor,
                at=at,
                household=household,
                person=person,
                moved_in=data["moved_in"],
                relation=data["relation"],
            )

        saved = form.run(save)
        if saved:
            messages.success(request, "Their household is saved.")
            return redirect("people:household", person.reference)
    hint = "Leave the address empty to use the one we hold." if person.home_id else ""
    return form_page(request, person, "Where they live", form=form, intro=hint)


@page(SEES_PEOPLE, methods=("GET", "POST"))
def add_member(request: StaffRequest, reference: str) -> HttpResponse:
    """Somebody they live with: found among our records, or new."""
    person, actor, at = to_change(request, reference), request.actor, timezone.now()
    membership = membership_of(person, timezone.localdate(at))
    if membership is None:
        return redirect("people:move-in", person.reference)
    form = MemberForm(request.POST or None, actor=actor, hidden=hidden_people(actor))
    _near(form)
    if (form.is_valid() and not form.who_unsettled) or was_sent(request):
        data = form.cleaned_data

        def save() -> HouseholdMembership:
            other = form.somebody() or add_person(
                by=actor,
                at=at,
                full_name=data["full_name"],
                date_of_birth=data["date_of_birth"],
                home=membership.household.home,
            )
            return add_household_member(
                by=actor,
                at=at,
                household=membership.household,
                person=other,
                moved_in=data["moved_in"],
                moved_out=data["moved_out"],
                relation=data["relation"],
            )

        if run_once(request, form, save):
            messages.success(request, "They are added to the household.")
            return redirect("people:household", person.reference)
    more = {"hidden": form.found.hidden, "whom": whom_to_ask(actor, at)}
    return form_page(request, person, "Add somebody they live with", form=form, **more)


@page(SEES_PEOPLE, methods=("GET", "POST"))
def move_out(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Somebody of the household moved out."""
    person = to_change(request, reference)
    membership = membership_of(person, timezone.localdate())
    row = (
        HouseholdMembership.objects.filter(pk=pk, household=membership.household)
        .select_related("person")
        .first()
        if membership
        else None
    )
    if row is None:
        raise Http404
    form = MoveOutForm(request.POST or None)
    if form.is_valid():
        at, last = timezone.now(), form.cleaned_data["moved_out"]
        if form.run(
            lambda: end_household_member(by=request.actor, at=at, membership=row, moved_out=last)
        ):
            messages.success(request, "The day they moved out is saved.")
            return redirect("people:household", person.reference)
    # The title is kept by browsers and read over shoulders: whom it is about stands below it.
    intro = f"Somebody of this household: {row.person.name}."
    return form_page(request, person, "When they moved out", form=form, intro=intro)


@page(SEES_PEOPLE, methods=("GET", "POST"))
def add_tenancy_of(request: StaffRequest, reference: str) -> HttpResponse:
    """A tenancy, lease or licence they hold."""
    person, actor, at = to_change(request, reference), request.actor, timezone.now()
    enforce(may_record(actor))
    form = TenancyForm(request.POST or None)
    if form.is_valid() and not form.home_unsettled:
        names = ("reference", "tenure", "starts", "ends")
        data = {name: form.cleaned_data[name] for name in names}

        def save() -> Any:
            home = form.home(lambda **typed: add_property(by=actor, at=at, **typed)) or person.home
            if home is None:
                form.add_error("address", "Enter the address of the tenancy.")
                return None
            return add_tenancy(by=actor, at=at, home=home, holder=person, **data)

        saved = form.run(save)
        if saved:
            messages.success(request, "The tenancy is saved.")
            return redirect("people:person", person.reference)
    hint = "Leave the address empty to use the one we hold." if person.home_id else ""
    return form_page(request, person, "Add a tenancy", form=form, intro=hint)
