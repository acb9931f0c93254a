"""Changing what we know of somebody: details, contact details, safe contact, adjustments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import enforce
from cases.audit.pages import StaffRequest, Stale, page
from cases.people.forms import (
    AdjustmentForm,
    ContactDetailsForm,
    DetailsForm,
    SafeContactForm,
)
from cases.people.models import Adjustment, Person, SafeContact
from cases.people.operations import (
    add_adjustment,
    add_property,
    change_person,
    end_adjustment,
    set_safe_contact,
)
from cases.people.queries import adjustments_of
from cases.people.rules import may_record
from cases.staff.models import User
from cases.workflow.once import run_once
from cases.workflow.person_loading import load_person
from cases.workflow.person_views import SEES_PEOPLE, about

DETAILS = ("full_name", "placeholder", "known_as", "pronouns", "language", "is_colleague")


def to_change(request: StaffRequest, reference: str) -> Person:
    """The person, if the actor may see and change them."""
    person = load_person(request.actor, reference)
    enforce(may_record(request.actor))
    return person


def form_page(request: StaffRequest, person: Person, title: str, **more: Any) -> HttpResponse:
    """One form about one person."""
    more = {"template": "people/change.html", "button": "Save", "title": title, **more}
    return render(request, more.pop("template"), about(request, person, **more))


@page(SEES_PEOPLE, methods=("GET", "POST"))
def change_details(request: StaffRequest, reference: str) -> HttpResponse:
    """The name, what to call them, and the like."""
    person = to_change(request, reference)
    initial = {name: getattr(person, name) for name in DETAILS} | {"seen": _newest(person)}
    form = DetailsForm(request.POST or None, initial=initial)
    if form.is_valid():
        at = timezone.now()

        def save() -> Person:
            _not_stale(person, Person, form, DETAILS)
            return change_person(by=request.actor, at=at, person=person, **form.values())

        if form.run(save):
            messages.success(request, "The details are saved.")
            return redirect("people:person", person.reference)
    return form_page(request, person, "Change details", form=form)


@page(SEES_PEOPLE, methods=("GET", "POST"))
def change_contact(request: StaffRequest, reference: str) -> HttpResponse:
    """A new number, address or email, with "is it safe, who told us?"."""
    person = to_change(request, reference)
    form = ContactDetailsForm(request.POST or None)
    if form.is_valid() and not form.home_unsettled:
        at = timezone.now()

        def save() -> Person:
            details = form.details()
            if home := form.home(lambda **typed: add_property(by=request.actor, at=at, **typed)):
                details["home"] = home
            data = form.cleaned_data
            return change_person(
                by=request.actor,
                at=at,
                person=person,
                safe=data["safe"],
                told_by=data["told_by"],
                **details,
            )

        if form.run(save):
            messages.success(request, "The contact details are saved.")
            return redirect("people:person", person.reference)
    return form_page(request, person, "Change phone, email or address", form=form)


@page(SEES_PEOPLE, methods=("GET", "POST"))
def change_safe_contact(request: StaffRequest, reference: str) -> HttpResponse:
    """How it is safe to reach them, way by way; what was said before stays in the history."""
    person = to_change(request, reference)
    row = SafeContact.objects.filter(person=person).first() or SafeContact(person=person)
    names = [name for name in SafeContactForm(None).fields if name != "seen"]
    initial = {name: getattr(row, name) for name in names}
    form = SafeContactForm(request.POST or None, initial=initial | {"seen": _newest(row)})
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        at = timezone.now()

        def save() -> SafeContact:
            _not_stale(person, SafeContact, form, names)
            return set_safe_contact(by=request.actor, at=at, person=person, **values)

        if form.run(save):
            messages.success(request, "How it is safe to reach them is saved.")
            return redirect("people:person", person.reference)
    return form_page(
        request, person, "How it is safe to reach them", form=form, template="people/safe.html"
    )


@page(SEES_PEOPLE, methods=("GET", "POST"))
def change_adjustments(request: StaffRequest, reference: str) -> HttpResponse:
    """What makes it easier for them: the list, and one more."""
    person = to_change(request, reference)
    form = AdjustmentForm(request.POST or None)
    if form.is_valid():
        data, at = form.cleaned_data, timezone.now()

        def save() -> Adjustment:
            return add_adjustment(by=request.actor, at=at, person=person, **data)

        if run_once(request, form, save):
            messages.success(request, "The adjustment is saved.")
            return redirect("people:adjustments", person.reference)
    return form_page(
        request,
        person,
        "Adjustments",
        form=form,
        rows=adjustments_of(person),
        template="people/adjustments.html",
    )


@page(SEES_PEOPLE, methods=("POST",))
def stop_adjustment(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """An adjustment is no longer needed."""
    person = to_change(request, reference)
    adjustment = Adjustment.objects.filter(person=person, pk=pk).first()
    if adjustment is None:
        raise Http404
    end_adjustment(by=request.actor, at=timezone.now(), adjustment=adjustment)
    messages.success(request, "The adjustment is ended. It stays in the history.")
    return redirect("people:adjustments", person.reference)


def _newest(row: Any) -> int:
    newest = row.history.order_by("-history_id").first() if row.pk else None
    return newest.history_id if newest else 0


def _not_stale(person: Person, kind: Any, form: Any, names: Iterable[str]) -> None:
    """Raise Stale if somebody saved after this form was shown and said something else.

    Call inside the transaction that saves: whoever else is saving is waited for first.
    """
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    which = {"pk": person.pk} if kind is Person else {"person": person}
    row = kind.objects.filter(**which).first()
    seen, newest = form.cleaned_data["seen"], row and row.history.order_by("-history_id").first()
    if newest is None or seen is None or newest.history_id <= seen:
        return
    differ = [name for name in names if form.cleaned_data.get(name) != getattr(row, name)]
    if not differ:
        return
    who = User.objects.filter(pk=newest.history_user_id).first()
    raise Stale(
        theirs={_label(form, name): _said(row, name) for name in differ},
        yours={_label(form, name): str(form.cleaned_data.get(name) or "") for name in differ},
        at=newest.history_date,
        who=who.full_name if who else "",
    )


def _label(form: Any, name: str) -> str:
    return str(form.fields[name].label)


def _said(row: Any, name: str) -> str:
    return str(getattr(row, name) or "")
