"""Everything done to a case, each thing in a sentence: who, when, why, and to which record."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.audit.context import saw
from cases.audit.log_links import BEFORE, filters_on, further, number
from cases.audit.pages import StaffRequest
from cases.audit.presenters import Entry
from cases.audit.queries import Asked, actors_of, ledger_page
from cases.audit.things import THINGS, verbs_of
from cases.casework.models import Case
from cases.workflow.case_gate import case_page
from cases.workflow.case_read import apart_in
from cases.workflow.looks_forms import EventsForm

SAYS = {
    "by": "Colleague: {}",
    "thing": "{}",
    "from_on": "From {:%-d %B %Y}",
    "to_on": "To {:%-d %B %Y}",
}
SECTIONS = {
    "casework.case": "case",
    "casework.incident": "incident-{}",
    "casework.involvement": "part-{}",
}
"""Where on the page of records each kind of row has its own history."""


@case_page()
def show_events(request: StaffRequest, case: Case) -> HttpResponse:
    """A case's history in sentences, with filters that stay in every link (bar row 38)."""
    now = timezone.now()
    form = EventsForm(request.GET, people=actors_of(case.reference))
    given = form.given
    asked = Asked(
        by=given.get("by"),
        case_reference=case.reference,
        verbs=verbs_of(given.get("thing", "")),
        from_on=given.get("from_on"),
        to_on=given.get("to_on"),
        before=number(request.GET.get(BEFORE, "")),
    )
    found = ledger_page(asked, now, unnamed=apart_in(case))
    saw("audit.event", case=case.reference, count=len(found.entries))
    thing = THINGS[given["thing"]][0] if given.get("thing") else ""
    words = {**given, "thing": thing, "by": form.people.get(given.get("by") or 0, "")}
    return render(
        request,
        "workflow/case_events.html",
        {
            "case": case,
            "heading": "Everything done",
            "back": reverse("workflow:case", args=[case.reference]),
            "now": now,
            "filter": form,
            "on": filters_on(request.GET, words, SAYS),
            "entries": [_linked(case, entry) for entry in found.entries],
            "further": further(request.GET, found.older),
        },
    )


def _linked(case: Case, entry: Entry) -> Entry:
    """The entry with the way to its record's own history, field by field."""
    kind, pk = entry.row
    if kind not in SECTIONS or pk is None:
        return entry
    page = reverse("workflow:case-history", args=[case.reference])
    return replace(entry, href=f"{page}#{SECTIONS[kind].format(pk)}")
