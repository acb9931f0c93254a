"""Figures from outside: entering one, and a file of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.calendar import london_date
from cases.people.models import Entity
from cases.reporting import input_operations
from cases.reporting.drawing_figures import FILE_COLUMNS, FILE_EXAMPLES, import_words
from cases.reporting.figure_queries import ASB, HOMES, RESIDENTS, Kind
from cases.reporting.figure_views import kind_of
from cases.reporting.forms_figures import AsbForm, FigureForm, HomesForm, ImportForm, ResidentsForm
from cases.reporting.measure_queries import companies_for
from cases.reporting.periods import months_to
from cases.staff.forms import errors_into
from cases.workflow.once import do_once

BOTH = ("GET", "POST")
MOST_FAULTS = 20
"""Lines of a file that are named on the page: whoever mends twenty imports it again."""


@page(Grant.KEEP_FIGURES, methods=BOTH)
def enter_figure(request: StaffRequest, group: str) -> HttpResponseBase:
    """A new figure; the one before stays in the history."""
    kind = kind_of(group)
    form = _form(request, kind)
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data}
        code = values.pop("company")
        values["entity"] = Entity.objects.get(code=code) if code else None
        if _saved(request, form, lambda: _enter(kind, request, values)):
            messages.success(request, "The figure is kept. It counts from the next report on.")
            return redirect("reporting:figures")
    context = {"form": form, "kind": kind, "heading": HEADINGS[kind.code]}
    return render(request, "reporting/figure_form.html", context)


HEADINGS = {
    "homes": "Enter how many homes there are",
    "asb": "Enter how many antisocial behaviour cases opened",
    "residents": "Enter how many residents are in a group",
}


def _form(request: StaffRequest, kind: Kind) -> FigureForm:
    data = request.POST if request.method == "POST" else None
    companies = companies_for(request.actor)
    if kind is ASB:
        months = months_to(london_date(timezone.now()))
        return AsbForm(data, companies=companies, months=months)
    return (HomesForm if kind is HOMES else ResidentsForm)(data, companies=companies)


ENTER: dict[str, Callable[..., object]] = {
    HOMES.code: input_operations.count_homes,
    ASB.code: input_operations.enter_asb_total,
    RESIDENTS.code: input_operations.count_residents,
}


def _enter(kind: Kind, request: StaffRequest, values: dict[str, Any]) -> object:
    return ENTER[kind.code](by=request.actor, at=timezone.now(), **values)


def _saved(request: StaffRequest, form: Any, do: Callable[[], object]) -> bool:
    """Run the operation once, however often the form is sent; what is refused is on the form."""
    with errors_into(form), transaction.atomic():
        do_once(request, do)
    return bool(form.is_valid())


@page(Grant.KEEP_FIGURES, methods=BOTH)
def import_figures(request: StaffRequest, group: str) -> HttpResponseBase:
    """Figures from a file: all of its rows or none."""
    kind, sent = kind_of(group), request.method == "POST"
    form = ImportForm(*((request.POST, request.FILES) if sent else ()))
    if sent and form.is_valid():
        kept: list[int] = []

        def do() -> None:
            kept.append(_import(request, kind, form.cleaned_data["file"].read()))

        if _saved(request, form, do):
            messages.success(request, import_words(kept))
            return redirect("reporting:figures")
    context = {
        "form": form,
        "kind": kind,
        "columns": FILE_COLUMNS[kind.code],
        "example": FILE_EXAMPLES[kind.code],
        "codes": [(code, name) for code, name in companies_for(request.actor) if code],
    }
    return render(request, "reporting/figures_import.html", context)


def _import(request: StaffRequest, kind: Kind, content: bytes) -> int:
    """How many were kept.  Raises ValidationError, about the file, for each line that cannot be."""
    try:
        return input_operations.import_figures(
            by=request.actor, at=timezone.now(), kind=kind.code, content=content
        )
    except ValidationError as fault:
        said = fault.messages
        more = [f"And {len(said) - MOST_FAULTS} more."] if len(said) > MOST_FAULTS else []
        raise ValidationError({"file": [*said[:MOST_FAULTS], *more]}) from fault
