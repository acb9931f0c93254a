"""Figures from outside: what counts now, and everything that was ever entered."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.access import Grant
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.paging import page_of
from cases.reporting import figure_queries
from cases.reporting.drawing import places
from cases.reporting.drawing_figures import drawn_row, drawn_rows
from cases.reporting.figure_queries import KINDS, Kind

MOST = 60
"""Rows of a kind on the first page; all of them are on its own."""


@page(Grant.SEE_MONITORING)
def show_figures(request: StaffRequest) -> HttpResponse:
    """What counts now of each kind of figure."""
    kinds = []
    for kind in KINDS.values():
        rows = list(figure_queries.counting(request.actor, kind)[:MOST])
        saw(kind.model._meta.label_lower, *(row.pk for row in rows))
        kinds.append({"kind": kind, "table": drawn_rows(kind, rows), "more": len(rows) == MOST})
    context = {"places": places(request.actor, "figures"), "kinds": kinds}
    return render(request, "reporting/figures.html", context)


@page(Grant.SEE_MONITORING)
def list_figures(request: StaffRequest, group: str) -> HttpResponse:
    """Everything that was entered of one kind, newest first: who, when and from where."""
    kind, now = kind_of(group), timezone.now()
    rows = figure_queries.entered(request.actor, kind)
    numbers = page_of(request.GET.get("page", ""), rows.count(), query=dict(request.GET.lists()))
    shown = list(rows[numbers.rows])
    saw(kind.model._meta.label_lower, *(row.pk for row in shown), count=numbers.total)
    current = set(
        figure_queries.counting(request.actor, kind)
        .filter(pk__in=[row.pk for row in shown])
        .order_by()
        .values_list("pk", flat=True)
    )
    context = {
        "kind": kind,
        "rows": [{**drawn_row(kind, row), "counts": row.pk in current} for row in shown],
        "page_of": numbers,
        "now": now,
    }
    return render(request, "reporting/figures_history.html", context)


def kind_of(code: str) -> Kind:
    """The kind of figure an address names.  Raises Http404 if there is none."""
    if code not in KINDS:
        raise Http404
    return KINDS[code]
