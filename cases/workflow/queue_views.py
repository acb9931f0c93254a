"""Your work: the front page of everybody who signs in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import SIGNED_IN, StaffRequest, page
from cases.workflow import queue_queries, queue_rows
from cases.workflow.queue_asks import VIEW_WORDS, Ask, Due, View, filters_companies
from cases.workflow.queue_forms import drawn_filters


@page(SIGNED_IN)
def show_work(request: StaffRequest) -> HttpResponse:
    """The queue of whoever opens cases; for others, the places they can go."""
    if not request.actor.may(Grant.OPEN_CASES):
        return render(request, "workflow/queue_places.html", {"now": timezone.now()})
    now = timezone.now()
    ask = Ask.read(request.GET, request.actor)
    found = queue_queries.read_queue(request.actor, ask, now)
    companies = queue_queries.companies() if filters_companies(request.actor) else []
    teams = queue_queries.teams() if request.actor.may(Grant.SEE_ALL_CASES) else []
    return render(
        request,
        "workflow/queue.html",
        {
            "now": now,
            "queue": found,
            "heading": VIEW_WORDS[ask.view],
            "views": queue_rows.views_of(found),
            "rows": [
                queue_rows.row_of(case, request.actor, ask, now).shown for case in found.cases
            ],
            "page_of": found.page,
            "showing": queue_rows.showing(found),
            "filters": drawn_filters(ask.bare_of_page, tuple(teams), tuple(companies)),
            "filters_on": queue_rows.filters_on(ask, dict(teams), dict(companies)),
            "bare": ask.bare.address(),
            "late_href": ask.bare.address(due=(Due.LATE,)),
            "today_href": ask.bare.address(due=(Due.TODAY,)),
            "unallocated": found.counts.views.get(View.UNALLOCATED, 0),
            "unallocated_href": Ask(View.UNALLOCATED).address(),
            "takes_reports": bool(request.actor.may(Grant.TAKE_REPORT)),
        },
    )
