"""Actions: the list, one of them, adding, changing and ending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.calendar import london_date
from cases.improving import operations, queries
from cases.improving.choices import Because
from cases.improving.duties import MEASURES
from cases.improving.forms import ChangeImprovementForm, EndForm, FilterForm, ImprovementForm
from cases.improving.models import Improvement
from cases.improving.queries import Wanted
from cases.paging import page_of
from cases.partners.saving import save_over, seen_now, typed
from cases.staff.form_pages import form_page
from cases.staff.forms import errors_into
from cases.workflow.once import do_once

BOTH = ("GET", "POST")
SEES = (Grant.SEE_IMPROVEMENTS, Grant.WORK_CASES)
"""Those who look over everything, and colleagues who see what is theirs."""


def save_once(request: StaffRequest, form: Any, do: Callable[[], object], done: str) -> bool:
    """Run the operation once, however often the form is sent; what is refused is on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    with errors_into(form), transaction.atomic():
        do_once(request, do)
    if not form.is_valid():
        return False
    messages.success(request, done)
    return True


def wanted_of(form: FilterForm) -> Wanted:
    """What the address asks a list to be filtered by; everything open if it asks nonsense."""
    return Wanted(**form.cleaned_data) if form.is_valid() else Wanted()


@page(SEES)
def list_improvements(request: StaffRequest) -> HttpResponseBase:
    """What is to be done better, what is due first in front."""
    now = timezone.now()
    form = FilterForm(request.GET, label="Why", codes=Because.choices)
    wanted = wanted_of(form)
    found = queries.improvements(request.actor, wanted, now)
    pages = page_of(request.GET.get("page", ""), found.count(), query=dict(request.GET.lists()))
    context = {
        "rows": queries.drawn(found[pages.rows], now),
        "page_of": pages,
        "filter": form,
        "filtered": wanted != Wanted(),
        "places": queries.places(request.actor, "improvements"),
        "now": now,
    }
    return render(request, "improving/improvements.html", context)


@page(SEES)
def show_improvement(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One action: why, whose, by when, what became of it, and what was done to it."""
    now = timezone.now()
    row = queries.load_improvement(request.actor, pk)
    context = {
        "row": row,
        "drawn": queries.drawn([row], now)[0],
        "measure": MEASURES.get(row.measure, ""),
        "entries": queries.entries_of(row, now),
        "now": now,
    }
    return render(request, "improving/improvement.html", context)


@page(Grant.KEEP_IMPROVEMENTS, methods=BOTH)
def add_improvement(request: StaffRequest) -> HttpResponseBase:
    """A new action; the address may name what it is made from, and the measure that shows it."""
    now = timezone.now()
    made_from = _made_from(request)
    form = ImprovementForm(
        typed(request),
        initial={"measure": request.GET.get("measure", "")},
        owners=queries.owners(now),
        today=london_date(now),
        measures=[(code, f"{code} {name}") for code, name in MEASURES.items()],
        because=made_from.get("because", ""),
    )
    added: list[Improvement] = []

    def do() -> None:
        said = {**form.values(), **made_from}
        added.append(operations.add_improvement(by=request.actor, at=now, **said))

    if save_once(request, form, do, "The action is recorded."):
        if added:
            return redirect("improving:improvement", added[0].pk)
        return redirect("improving:improvements")
    return form_page(
        request,
        form,
        heading="Record something to do better",
        button="Record",
        back=reverse("improving:improvements"),
        back_text="To do better",
        words=_from_words(made_from),
    )


def _made_from(request: StaffRequest) -> dict[str, Any]:
    """The recommendation or the reason to review that the address names.  Raises Http404."""
    for name, because in (
        ("recommendation", Because.RECOMMENDATION),
        ("review", Because.REVIEW),
    ):
        asked = request.GET.get(name, "")
        if not asked:
            continue
        if not asked.isascii() or not asked.isdecimal() or len(asked) > 9:
            raise Http404
        if because == Because.REVIEW:
            return {"because": because.value, name: queries.load_reason(int(asked))}
        row = queries.load_recommendation(request.actor, int(asked))
        return {"because": because.value, name: row}
    return {}


def _from_words(made_from: dict[str, Any]) -> str:
    for name, words in (("recommendation", "What is recommended"), ("review", "What was found")):
        if name in made_from:
            return f"{words}: {made_from[name].words}"
    return ""


@page(Grant.KEEP_IMPROVEMENTS, methods=BOTH)
def change_improvement(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Other words, somebody else or another day."""
    now = timezone.now()
    row = queries.load_improvement(request.actor, pk)
    names = ("what", "finding", "owner", "due_on")
    form = ChangeImprovementForm(
        typed(request),
        initial={name: getattr(row, name) for name in names} | {"seen": seen_now(row)},
        owners=queries.owners(now),
        today=london_date(now),
        was=row.due_on,
    )

    def do() -> None:
        operations.change_improvement(by=request.actor, at=now, improvement=row, **form.values())

    if save_over(request, form, row, do, "Saved."):
        return redirect("improving:improvement", row.pk)
    return _form(request, row, form, "Change what is to be done", "Save")


@page(Grant.KEEP_IMPROVEMENTS, methods=BOTH)
def end_improvement(request: StaffRequest, pk: int) -> HttpResponseBase:
    """It is done, or not needed."""
    now = timezone.now()
    row = queries.load_improvement(request.actor, pk)
    form = EndForm(typed(request))

    def do() -> None:
        operations.end_improvement(by=request.actor, at=now, improvement=row, **form.cleaned_data)

    if save_once(request, form, do, "Recorded. It no longer stands on the list."):
        return redirect("improving:improvement", row.pk)
    heading = "Record what became of it"
    return _form(request, row, form, heading, "Record", f"To be done: {row.what}")


def _form(
    request: StaffRequest, row: Improvement, form: Any, heading: str, button: str, words: str = ""
) -> HttpResponseBase:
    return form_page(
        request,
        form,
        heading=heading,
        button=button,
        back=reverse("improving:improvement", args=[row.pk]),
        back_text="To do better",
        words=words,
    )
