"""Everybody's work: what is late, due and waiting, who has how much, and each number's list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.calendar import london_date
from cases.paging import page_of
from cases.reporting.drawing import places
from cases.reporting.forms import HeapForm
from cases.reporting.periods import Period, months_to
from cases.reporting.work_queries import (
    BY_MONTH,
    BY_OFFICER,
    MONTHS,
    NOW,
    WORDS,
    Heap,
    Month,
    Officer,
    Work,
    cases_of,
    read_work,
)
from cases.workflow.queue_asks import Ask, Due, Risk, View
from cases.workflow.queue_rows import row_of
from cases.workflow.queue_sql import read_rows

NOBODY = "Nobody leads these yet"


@page(Grant.SEE_WORKLOADS)
def show_work(request: StaffRequest) -> HttpResponse:
    """The dashboard: every number a link to the cases it counts."""
    now = timezone.now()
    work = read_work(request.actor, now)
    saw("casework.case", count=sum(one.numbers[Heap.OPEN] for one in work.officers))
    return render(
        request,
        "reporting/work.html",
        {
            "now": now,
            "places": places(request.actor, "work"),
            "tiles": _tiles(work),
            "officers": [_officer_row(one) for one in work.officers],
            "officer_columns": ["Open", "Late", "High risk"],
            "month_columns": ["Opened", "Something fell due", "All done in time"],
            "months": [_month_row(one) for one in work.months],
        },
    )


def _tiles(work: Work) -> list[dict[str, Any]]:
    """What is counted of today, each with the way to its list."""
    tiles = [
        {"label": WORDS[heap], "number": work.now[heap], "href": _list_of(heap), "kind": heap.value}
        for heap in NOW
    ]
    asked = reverse("workflow:ask-after")
    chase = {
        "label": "Referrals to ask after",
        "number": work.referrals,
        "href": asked,
        "kind": "chase",
    }
    return [*tiles, chase]


QUEUE: dict[Heap, Ask] = {
    Heap.LATE: Ask(View.ALL, due=(Due.LATE,)),
    Heap.TODAY: Ask(View.ALL, due=(Due.TODAY,)),
    Heap.UNALLOCATED: Ask(View.UNALLOCATED),
    Heap.HIGH: Ask(View.ALL, risks=(Risk.HIGH,)),
}
"""What the queue of cases has a filter for is shown there."""


def _list_of(heap: Heap) -> str:
    if heap in QUEUE:
        return reverse("workflow:my-work") + QUEUE[heap].address()
    return _address(heap)


def _address(heap: Heap, **query: Any) -> str:
    address = reverse("reporting:work-list", args=[heap.value])
    return f"{address}?{urlencode(query)}" if query else address


def _officer_row(officer: Officer) -> dict[str, Any]:
    if officer.id is None:
        of_whom = {
            Heap.OPEN: Ask(View.UNALLOCATED),
            Heap.LATE: Ask(View.UNALLOCATED, due=(Due.LATE,)),
        }
        of_whom[Heap.HIGH] = Ask(View.UNALLOCATED, risks=(Risk.HIGH,))
        hrefs = {heap: reverse("workflow:my-work") + ask.address() for heap, ask in of_whom.items()}
    else:
        hrefs = {heap: _address(heap, officer=officer.id) for heap in BY_OFFICER}
    name = NOBODY if officer.id is None else officer.name
    numbers = [
        {"what": f"{WORDS[heap]}, {name}", "number": officer.numbers[heap], "href": hrefs[heap]}
        for heap in BY_OFFICER
    ]
    return {"name": name, "numbers": numbers}


def _month_row(month: Month) -> dict[str, Any]:
    code = f"{month.period.first:%Y-%m}"
    numbers = [
        {
            "what": f"{WORDS[heap]}, {month.period.words}",
            "number": month.numbers[heap],
            "href": _address(heap, month=code),
        }
        for heap in BY_MONTH
    ]
    return {"name": month.period.words, "numbers": numbers}


@page(Grant.SEE_WORKLOADS)
def list_work(request: StaffRequest, group: str) -> HttpResponse:
    """The cases of one number of the dashboard, as the queue shows them."""
    now = timezone.now()
    heap = _heap(group)
    form = HeapForm(request.GET, months=months_to(london_date(now), MONTHS))
    if not form.is_valid() or (heap in BY_MONTH and form.cleaned_data["month"] is None):
        raise Http404
    lead, month = form.cleaned_data["officer"], form.cleaned_data["month"]
    found = cases_of(request.actor, heap, now, lead=lead, month=month)
    numbers = page_of(request.GET.get("page", ""), found.count(), query=dict(request.GET.lists()))
    ids = list(found.values_list("pk", flat=True)[numbers.rows])
    if lead is not None and not ids:
        raise Http404  # nobody who leads a case that this reader may see
    cases = read_rows(ids, request.actor) if ids else []
    saw("casework.case", *ids, count=numbers.total, purpose=f"list {heap}")
    rows = [row_of(case, request.actor, Ask(View.ALL), now).shown for case in cases]
    return render(
        request,
        "reporting/work_list.html",
        {
            "now": now,
            "title": WORDS[heap],
            "heading": _heading(heap, month),
            "lead": cases[0].lead_name if lead is not None and cases else "",
            "rows": rows,
            "page_of": numbers,
        },
    )


def _heap(code: str) -> Heap:
    try:
        return Heap(code)
    except ValueError:
        raise Http404 from None


def _heading(heap: Heap, month: Period | None) -> str:
    return f"{WORDS[heap]}, {month.words}" if month and heap in BY_MONTH else WORDS[heap]
