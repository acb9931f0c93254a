"""The ledger's own pages: one's own log, and the whole for the data protection officer."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from cases.access import Grant
from cases.audit import context
from cases.audit.finding_queries import waiting_for
from cases.audit.forms import LedgerFilterForm, OwnLogForm
from cases.audit.log_links import BEFORE, filters_on, further, link, number
from cases.audit.pages import SIGNED_IN, StaffRequest, page
from cases.audit.queries import Asked, LedgerPage, ledger_page
from cases.audit.seal import seal_now
from cases.audit.things import THINGS, verbs_of
from cases.audit.verbs import Verb

SHOWS = (("done", "Done"), ("opened", "Opened"), ("refused", "Refused"))
SAYS = {
    "who": "Colleague: {}",
    "by": "One colleague",
    "case": "Case: {}",
    "thing": "{}",
    "verb": "{}",
    "from_on": "From {:%-d %B %Y}",
    "to_on": "To {:%-d %B %Y}",
}


def _asked(request: StaffRequest, given: dict[str, Any], **more: Any) -> Asked:
    """What the address asks of the ledger."""
    show = request.GET.get("show", "done")
    verbs = verbs_of(given.get("thing", "")) if show == "done" else frozenset()
    if show == "done" and given.get("verb"):
        verbs = frozenset({given["verb"]})
    return Asked(
        show=show if show in dict(SHOWS) else "done",
        case_reference=given.get("case", ""),
        verbs=verbs,
        from_on=given.get("from_on"),
        to_on=given.get("to_on"),
        before=number(request.GET.get(BEFORE, "")),
        **more,
    )


def _shown(request: StaffRequest, form: OwnLogForm, asked: Asked) -> dict[str, Any]:
    """The lines, the three views of the log, the filters that are on and the way on."""
    now = timezone.now()
    found: LedgerPage = ledger_page(asked, now)
    given = dict(form.given)
    if asked.show != "done":
        given |= {"thing": "", "verb": ""}
        for name in ("thing", "verb"):
            form.fields.pop(name, None)
    if given.get("thing"):
        given["thing"] = THINGS[given["thing"]][0]
    if given.get("verb"):
        given["verb"] = str(Verb(given["verb"]).label).capitalize()
    return {
        "now": now,
        "show": asked.show,
        "views": [
            {"text": text, "href": link(request.GET, show=key), "active": key == asked.show}
            for key, text in SHOWS
        ],
        "filter": form,
        "on": filters_on(request.GET, given, SAYS),
        "entries": found.entries,
        "further": further(request.GET, found.older),
    }


@page(SIGNED_IN)
def own_log(request: StaffRequest) -> HttpResponseBase:
    """What I did and opened: everybody may read their own (bar row 38)."""
    form = OwnLogForm(request.GET)
    asked = _asked(request, form.given, by=request.actor.id or 0)
    shown = _shown(request, form, asked)
    context.saw("audit.ledger", count=len(shown["entries"]))
    return render(request, "audit/own_log.html", shown)


@page(Grant.SEE_LEDGER)
def ledger(request: StaffRequest) -> HttpResponseBase:
    """The whole ledger, for the data protection officer (domain 11)."""
    form = LedgerFilterForm(request.GET)
    given = form.given
    asked = _asked(request, given, by=number(given.get("by", "")), who=given.get("who", ""))
    shown = _shown(request, form, asked)
    context.saw("audit.ledger", case=asked.case_reference, count=len(shown["entries"]))
    return render(
        request,
        "audit/ledger.html",
        {
            **shown,
            "case_reference": asked.case_reference,
            "seal": seal_now(),
            "waiting": waiting_for(request.actor),
        },
    )
