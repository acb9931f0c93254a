"""Records that may be of one person: the list, side by side, joining, and taking apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.casework.person_scope import hidden_among, people_on_cases
from cases.paging import page_of
from cases.people.duplicates import Pair, known_of, merges_of, possibly_same
from cases.people.likeness import compare
from cases.people.merging import FIELDS, WAYS, safer
from cases.people.models import Person, SafeContact
from cases.people.operations import merge_people, not_the_same, show_details, unmerge_people
from cases.people.past import COVERED, LABELS
from cases.people.queries import safe_lines
from cases.people.rules import Line, may_merge
from cases.people.saving import said_of
from cases.staff.models import User
from cases.words import say_date
from cases.workflow.person_loading import load_person

BOTH = ("GET", "POST")


def pairs_shown(request: StaffRequest, person_ids: list[int]) -> list[Pair]:
    """The pairs of these people of which the reader may see both."""
    pairs = possibly_same(person_ids)
    hidden = hidden_among(request.actor, {pk for pair in pairs for pk in pair.ids})
    return [pair for pair in pairs if not pair.ids & hidden]


@page(Grant.WORK_CASES)
def possible_duplicates(request: StaffRequest) -> HttpResponse:
    """The work list: people of the reader's cases who may be here twice, and why."""
    ids = list(people_on_cases(request.actor).values_list("pk", flat=True))
    pairs = pairs_shown(request, ids)
    pages = page_of(request.GET.get("page", ""), len(pairs), query=dict(request.GET.lists()))
    shown = pairs[pages.rows]
    seen = {pk for pair in shown for pk in pair.ids}
    saw("people.person", *seen, count=len(seen), purpose="possible duplicates")
    context = {"pairs": shown, "page_of": pages}
    return render(request, "people/duplicates.html", context)


@dataclass(frozen=True)
class Choice:
    """One detail of both records: which is kept is chosen, unless they agree."""

    name: str
    label: str
    mine: str
    theirs: str
    covered: bool
    takes_theirs: bool = False

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return self.mine != self.theirs


@page(Grant.WORK_CASES, methods=BOTH)
def join(request: StaffRequest, reference: str, other: str) -> HttpResponse:
    """Both records side by side; field by field which detail stays; then they are joined."""
    enforce(may_merge(request.actor))
    survivor, loser = load_person(request.actor, reference), load_person(request.actor, other)
    if survivor.pk == loser.pk:
        return redirect("people:person", survivor.reference)
    asked = request.POST.get("do", "")
    choices = list(_choices(survivor, loser, request))
    problem = ""
    if asked == "join":
        problem = _join(request, survivor, loser, choices)
        if not problem:
            messages.success(
                request, f"{loser.reference} is joined to this record. It can be taken apart."
            )
            return redirect("people:person", survivor.reference)
    uncovered = "show" in (asked, request.POST.get("shown"))
    if uncovered:
        for row in (survivor, loser):
            show_details(by=request.actor, at=timezone.now(), person=row)
        saw("people.person", survivor.pk, loser.pk, purpose="contact details")
    context = _side_by_side(survivor, loser, choices)
    context |= {"problem": problem, "uncovered": uncovered}
    return render(request, "people/join.html", context)


def _join(request: StaffRequest, survivor: Person, loser: Person, choices: list[Choice]) -> str:
    """Join them; the sentence that says why not, or nothing."""
    if request.POST.get("sure") != "yes":
        return "Say that this is one person."
    take = [row.name for row in choices if row.differs and request.POST.get(row.name) == "theirs"]
    try:
        merge_people(by=request.actor, at=timezone.now(), survivor=survivor, loser=loser, take=take)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


def _choices(survivor: Person, loser: Person, request: StaffRequest) -> Iterator[Choice]:
    for name in FIELDS:
        mine, theirs = _said(survivor, name), _said(loser, name)
        if {mine, theirs} - {"", "No"}:
            label = LABELS.get(name, name.replace("_", " ").capitalize())
            chosen = request.POST.get(name) == "theirs"
            yield Choice(name, label, mine, theirs, name in COVERED, chosen)


def _said(person: Person, name: str) -> str:
    value = getattr(person, name)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return say_date(value)
    return str(value or "")


def _side_by_side(survivor: Person, loser: Person, choices: list[Choice]) -> dict[str, Any]:
    lines: dict[int, Line] = safe_lines([survivor.pk, loser.pk])
    rows = {row.person_id: row for row in SafeContact.objects.filter(person__in=[survivor, loser])}
    held = safer(said_of(rows.get(survivor.pk)), said_of(rows.get(loser.pk)))
    mine = said_of(rows.get(survivor.pk)) or {}
    fewer = [way for way in WAYS if mine.get(way) == "SAFE" and held.get(way) != "SAFE"]
    return {
        "person": survivor,
        "other": loser,
        "choices": choices,
        "my_line": lines[survivor.pk],
        "their_line": lines[loser.pk],
        "fewer": fewer,
        "why": compare(known_of(survivor), known_of(loser)).why,
        "covers": any(row.covered for row in choices),
    }


@page(Grant.WORK_CASES, methods=BOTH)
def not_same(request: StaffRequest, reference: str, other: str) -> HttpResponse:
    """Ask once more, then remember that they are two people."""
    enforce(may_merge(request.actor))
    one, two = load_person(request.actor, reference), load_person(request.actor, other)
    if one.pk == two.pk:
        raise Http404
    if request.method == "POST":
        not_the_same(by=request.actor, at=timezone.now(), one=one, other=two)
        messages.success(
            request, f"We will not ask about {one.reference} and {two.reference} again."
        )
        return redirect("people:duplicates")
    context = {"person": one, "other": two, "why": compare(known_of(one), known_of(two)).why}
    return render(request, "people/not_same.html", context)


@page(Grant.WORK_CASES, methods=BOTH)
def take_apart(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Undo the last joining: both records say again what they said."""
    enforce(may_merge(request.actor))
    person = load_person(request.actor, reference)
    merge = next((row for row in merges_of(person) if row.pk == pk), None)
    if merge is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            unmerge_people(by=request.actor, at=timezone.now(), merge=merge)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            messages.success(request, f"{merge.loser.reference} is a record of its own again.")
            return redirect("people:person", merge.loser.reference)
    who = User.objects.filter(pk=merge.merged_by_id or 0).first()
    context = {"person": person, "merge": merge, "problem": problem, "who": who}
    return render(request, "people/take_apart.html", context | {"now": timezone.now()})
