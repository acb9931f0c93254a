"""Family, and putting right who lived where: added in place, dated, ended, corrected."""

from __future__ import annotations

import re

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases import references
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.casework.person_scope import hidden_among, hidden_people
from cases.people.family_forms import CorrectMemberForm, CorrectRelativeForm, RelativeForm
from cases.people.family_queries import family_ids, family_of
from cases.people.models import FamilyLink, HouseholdMembership, Person
from cases.people.operations import (
    add_family_link,
    add_person,
    correct_family_link,
    correct_household_member,
    remove_family_link,
    remove_household_member,
)
from cases.people.queries import whole
from cases.people.ties import kind_from_other_end
from cases.workflow.once import run_once
from cases.workflow.person_change_views import form_page, to_change
from cases.workflow.person_loading import load_person, whom_to_ask
from cases.workflow.person_views import SEES_PEOPLE, about

BOTH = ("GET", "POST")


def _onward(request: StaffRequest, person: Person) -> HttpResponse:
    """Back to the case somebody came from, else to the family."""
    case = references.tidy(request.GET.get("case", ""))
    if re.fullmatch(references.CASE, case):
        return redirect("workflow:case", case)
    return redirect("people:family", person.reference)


@page(SEES_PEOPLE)
def show_family(request: StaffRequest, reference: str) -> HttpResponse:
    """Who somebody's family are, since when, and who told us."""
    person = load_person(request.actor, reference)
    rows = family_of(person, hidden_among(request.actor, family_ids(person)))
    saw("people.person", *[row.person.pk for row in rows], purpose="family")
    return render(request, "people/family.html", about(request, person, title="Family", rows=rows))


@page(SEES_PEOPLE, methods=BOTH)
def add_relative(request: StaffRequest, reference: str) -> HttpResponse:
    """One of their family: found among our records, with why they match, or new."""
    person, actor, at = to_change(request, reference), request.actor, timezone.now()
    hidden = hidden_people(actor)
    form = RelativeForm(
        request.POST or None, actor=actor, hidden=hidden, about=person.name, besides=person.pk
    )
    if form.found.matches:
        ids = [match.person.pk for match in form.found]
        saw("people.person", *ids, count=len(ids), purpose="already here")
    if form.is_valid() and not form.who_unsettled:
        data = form.cleaned_data

        def save() -> FamilyLink:
            relative = form.somebody() or add_person(
                by=actor, at=at, full_name=data["full_name"], date_of_birth=data["date_of_birth"]
            )
            return add_family_link(by=actor, at=at, person=person, relative=relative, **form.bond())

        if run_once(request, form, save):
            messages.success(request, "Their relative is saved.")
            return _onward(request, person)
    more = {"hidden": form.found.hidden, "whom": whom_to_ask(actor, at)}
    return form_page(request, person, "Add one of their family", form=form, **more)


def _link(request: StaffRequest, person: Person, pk: int) -> FamilyLink:
    rows = FamilyLink.objects.filter(
        Q(person__in=whole(person)) | Q(relative__in=whole(person)), pk=pk, period__isempty=False
    )
    link = rows.select_related("person__merged_into", "relative__merged_into").first()
    if link is None or hidden_among(request.actor, [link.person_id, link.relative_id]):
        raise Http404
    return link


@page(SEES_PEOPLE, methods=BOTH)
def change_relative(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """When a bond ended, or what of it was recorded wrongly."""
    person = to_change(request, reference)
    link = _link(request, person, pk)
    seen_from_here = link.person.survivor == person
    kind = link.kind if seen_from_here else kind_from_other_end(link.kind)
    other = link.relative.survivor if seen_from_here else link.person.survivor
    initial = {"kind": kind, "told_by": link.told_by}
    initial |= {"since": link.period.lower, "until": link.period.upper}
    form = CorrectRelativeForm(request.POST or None, about=person.name, initial=initial)
    if form.is_valid():
        bond = form.bond()
        if not seen_from_here:
            bond["kind"] = kind_from_other_end(bond["kind"])

        def save() -> FamilyLink:
            return correct_family_link(by=request.actor, at=timezone.now(), link=link, **bond)

        if form.run(save):
            messages.success(request, "What we know of their family is saved.")
            return redirect("people:family", person.reference)
    return form_page(
        request,
        person,
        f"{other.name}: change",
        page_name="change a relative",
        form=form,
        template="people/correct.html",
        mistake="They are not family at all. It was recorded by mistake.",
        mistake_at="people:not-relative",
        pk=pk,
    )


@page(SEES_PEOPLE, methods=("POST",))
def not_relative(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """A bond was recorded by mistake."""
    person = to_change(request, reference)
    link = _link(request, person, pk)
    remove_family_link(by=request.actor, at=timezone.now(), link=link)
    messages.success(request, "The mistake is taken back. It stays in the history.")
    return redirect("people:family", person.reference)


def _place(request: StaffRequest, person: Person, pk: int) -> HouseholdMembership:
    """Somebody's place in a household the person belongs or belonged to."""
    theirs = HouseholdMembership.objects.filter(person__in=whole(person)).values("household")
    rows = HouseholdMembership.objects.filter(pk=pk, household__in=theirs, period__isempty=False)
    place = rows.select_related("person__merged_into").first()
    if place is None or hidden_among(request.actor, [place.person_id]):
        raise Http404
    return place


@page(SEES_PEOPLE, methods=BOTH)
def correct_member(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """The days or the relation of a place in a household were recorded wrongly."""
    person = to_change(request, reference)
    place = _place(request, person, pk)
    initial = {"relation": place.relation}
    initial |= {"moved_in": place.period.lower, "moved_out": place.period.upper}
    form = CorrectMemberForm(request.POST or None, initial=initial)
    if form.is_valid():
        at = timezone.now()

        def save() -> HouseholdMembership:
            return correct_household_member(
                by=request.actor, at=at, membership=place, **form.cleaned_data
            )

        if form.run(save):
            messages.success(request, "The household is put right.")
            return redirect("people:household", person.reference)
    return form_page(
        request,
        person,
        f"{place.person.survivor.name}: put right",
        page_name="put right who lives here",
        form=form,
        template="people/correct.html",
        mistake="They never lived there. It was recorded by mistake.",
        mistake_at="people:never-member",
        pk=pk,
    )


@page(SEES_PEOPLE, methods=("POST",))
def never_member(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """A place in a household was recorded by mistake."""
    person = to_change(request, reference)
    place = _place(request, person, pk)
    remove_household_member(by=request.actor, at=timezone.now(), membership=place)
    messages.success(request, "The mistake is taken back. It stays in the history.")
    return redirect("people:household", person.reference)
