"""Finding a person, their page, and what their record said before."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from cases import references
from cases.access import Grant
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.casework.person_scope import hidden_among, hidden_people
from cases.people.contact_details import unsafe_details
from cases.people.duplicates import Pair, merges_of, not_same_as, possibly_same
from cases.people.family_queries import family_ids, family_of, tenancies_of
from cases.people.forms import FindForm
from cases.people.models import HouseholdMembership, Person
from cases.people.operations import show_details
from cases.people.past import history_of
from cases.people.queries import (
    find_people,
    membership_of,
    reaching,
    tenancy_of,
)
from cases.people.rules import may_merge
from cases.repeats.queries import flags_of_person, status_words
from cases.workflow.person_loading import load_person, members_shown, parts_of, whom_to_ask

SEES_PEOPLE = (Grant.SEARCH, Grant.OPEN_CASES)


def about(request: StaffRequest, person: Person, **more: Any) -> dict[str, Any]:
    """What every page about somebody shows first."""
    return {"person": person, "reach": reaching(person), "now": timezone.now(), **more}


@page(Grant.SEARCH, methods=("GET", "POST"))
@sensitive_post_parameters("text")
def find(request: StaffRequest) -> HttpResponse:
    """One box.  What is typed is posted: names and numbers never stand in an address."""
    form = FindForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "found": None}
    if request.method == "POST" and form.is_valid() and form.cleaned_data["text"]:
        now = timezone.now()
        found = find_people(
            form.cleaned_data["text"],
            request.actor,
            20,
            hidden=hidden_people(request.actor),
            on=timezone.localdate(now),
        )
        ids = [match.person.pk for match in found]
        saw("people.person", *ids, count=len(ids), purpose="search")
        context |= {"found": found, "whom": whom_to_ask(request.actor, now)}
    return render(request, "people/find.html", context)


@page(SEES_PEOPLE, methods=("GET", "POST"))
def show_person(request: StaffRequest, reference: str) -> HttpResponse:
    """The person.  Their contact details are covered until somebody presses Show (a POST)."""
    person = load_person(request.actor, reference)
    if request.method != "POST" and person.reference != references.tidy(reference):
        return redirect("people:person", person.reference)
    if request.method == "POST":
        show_details(by=request.actor, at=timezone.now(), person=person)
        saw("people.person", person.pk, purpose="contact details")
    today = timezone.localdate()
    membership = membership_of(person, today)
    return render(
        request,
        "people/person.html",
        about(
            request,
            person,
            uncovered=request.method == "POST",
            tenancy=tenancy_of(person, today),
            membership=membership,
            members=_others(membership, person, request),
            parts=parts_of(person, request.actor),
            today=today,
            family=family_of(person, hidden_among(request.actor, family_ids(person))),
            tenancies=tenancies_of(person),
            unsafe=unsafe_details(person) if request.method == "POST" else (),
            joined=merges_of(person),
            same_as=_may_be(person, request),
            apart=_found_apart(person, request),
            repeats=status_words(flags_of_person(person), at=timezone.now(), reader=request.actor),
        ),
    )


def _may_be(person: Person, request: StaffRequest) -> list[Pair]:
    """Records that may be of the same person, for those who may join them."""
    if not may_merge(request.actor):
        return []
    pairs = possibly_same([person.pk])
    hidden = hidden_among(request.actor, {pk for pair in pairs for pk in pair.ids})
    return [pair for pair in pairs if not hidden & pair.ids]


def _found_apart(person: Person, request: StaffRequest) -> list[Person]:
    """Records found to be of somebody else, for those who may look at both again."""
    if not may_merge(request.actor):
        return []
    rows = not_same_as(person)
    hidden = hidden_among(request.actor, {row.pk for row in rows}) if rows else set()
    return [row for row in rows if row.pk not in hidden]


def _others(
    membership: HouseholdMembership | None, person: Person, request: StaffRequest
) -> list[HouseholdMembership]:
    if membership is None:
        return []
    today = timezone.localdate()
    rows = members_shown(membership.household, today, request.actor, person)
    return [row for row in rows if row.person_id != person.pk]


@page(SEES_PEOPLE, methods=("GET", "POST"))
def show_history(request: StaffRequest, reference: str) -> HttpResponse:
    """Field by field, who changed what and when; contact details covered until Show."""
    person = load_person(request.actor, reference)
    if request.method == "POST":
        show_details(by=request.actor, at=timezone.now(), person=person)
        saw("people.person", person.pk, purpose="contact details as they were")
    entries = history_of(person)
    return render(
        request,
        "people/history.html",
        about(
            request,
            person,
            title="How this record has changed",
            entries=entries,
            uncovered=request.method == "POST",
        ),
    )
