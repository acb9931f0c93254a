"""A home's page, and what was last brought in from other systems."""

from __future__ import annotations

import csv

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from cases.access import Grant
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.casework.models import Case
from cases.casework.person_scope import hidden_among
from cases.paging import page_of
from cases.people.family_queries import AtHome, at_home
from cases.people.models import ImportRun, Property, StaffLink
from cases.repeats.queries import households_that_repeat, status_words

PER_PAGE = 50


@page(Grant.SEARCH)
def show_home(request: StaffRequest, pk: int) -> HttpResponse:
    """A home: whose it is, who lives there, the cases there the reader may see."""
    home = Property.objects.select_related("entity", "team").filter(pk=pk).first()
    if home is None or StaffLink.objects.filter(user_id=request.actor.id or 0, home=home).exists():
        raise Http404
    today = timezone.localdate()
    found = at_home(home, today)
    hidden = hidden_among(request.actor, _everybody(found))
    households = [[row for row in rows if row.person_id not in hidden] for rows in found.households]
    shown = {
        "tenancies": [row for row in found.tenancies if row.holder_id not in hidden],
        "households": [rows for rows in households if rows],
        "others": [person for person in found.others if person.pk not in hidden],
    }
    saw("people.person", *(_everybody(found) - hidden), purpose="home")
    cases = Case.objects.visible_to(request.actor).filter(home=home).order_by("-opened_at")
    theirs = households_that_repeat({row.household_id for rows in households for row in rows})
    context = {"home": home, "cases": cases[:PER_PAGE], "today": today, **shown}
    context["repeats"] = status_words(theirs, at=timezone.now(), reader=request.actor)
    return render(request, "people/home.html", context)


def _everybody(found: AtHome) -> set[int]:
    lives = {row.person_id for rows in found.households for row in rows}
    holds = {row.holder_id for row in found.tenancies}
    return lives | holds | {person.pk for person in found.others}


@page(Grant.SEE_SETTINGS)
def imports(request: StaffRequest) -> HttpResponse:
    """The last files that were brought in, newest first."""
    rows = ImportRun.objects.all()
    pages = page_of(request.GET.get("page", ""), rows.count(), query=dict(request.GET.lists()))
    context = {"runs": rows[pages.rows], "page_of": pages, "now": timezone.now()}
    return render(request, "people/imports.html", context)


@page(Grant.SEE_SETTINGS)
def show_import(request: StaffRequest, pk: int) -> HttpResponse:
    """One file: what became of it, and every row that was refused or held back."""
    run = get_object_or_404(ImportRun, pk=pk)
    rows = run.notes.all()
    pages = page_of(request.GET.get("page", ""), rows.count(), query=dict(request.GET.lists()))
    context = {"run": run, "notes": rows[pages.rows], "page_of": pages, "now": timezone.now()}
    return render(request, "people/import.html", context)


@page(Grant.SEE_SETTINGS)
def refused_rows(request: StaffRequest, pk: int) -> HttpResponse:
    """The same list as a file, to give to whoever looks after the other system."""
    run = get_object_or_404(ImportRun, pk=pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
    table = csv.writer(response)
    table.writerow(["line", "column", "key", "what", "reason"])
    for note in run.notes.all():
        key = f"'{note.key}" if note.key[:1] in "=+-@\t" else note.key
        table.writerow([note.line, note.column, key, note.get_what_display(), note.reason])
    return response
