"""The ledger's own pages: one's own log, and the whole for the data protection officer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from cases import references
from cases.access import Grant
from cases.audit import context
from cases.audit.forms import LedgerFilterForm
from cases.audit.pages import SIGNED_IN, StaffRequest, page
from cases.audit.queries import Asked, ledger_page

SHOWS = (("done", "Done"), ("opened", "Opened"), ("refused", "Refused"))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _show(request: StaffRequest) -> str:
    asked = request.GET.get("show", "done")
    return asked if asked in dict(SHOWS) else "done"


def _views_of(request: StaffRequest, show: str) -> list[dict[str, Any]]:
    """The three views of one log, each keeping the other filters."""
    kept = [(name, value) for name, value in request.GET.items() if name not in ("show", "before")]
    return [
        {"text": text, "href": "?" + urlencode([("show", key), *kept]), "active": key == show}
        for key, text in SHOWS
    ]


def _older(request: StaffRequest, older: int | None) -> str:
    if older is None:
        return ""
    kept = [(name, value) for name, value in request.GET.items() if name != "before"]
    return "?" + urlencode([*kept, ("before", older)])


@page(SIGNED_IN)
def own_log(request: StaffRequest) -> HttpResponseBase:
    """What I did and opened: everybody may read their own (bar row 38)."""
    now = timezone.now()
    show = _show(request)
    asked = Asked(
        show=show, by=request.actor.id or 0, before=_number(request.GET.get("before", ""))
    )
    shown = ledger_page(asked, now)
    return render(
        request,
        "audit/own_log.html",
        {
            "now": now,
            "views": _views_of(request, show),
            "entries": shown.entries,
            "older": _older(request, shown.older),
            "newest": "before" not in request.GET,
        },
    )


@page(Grant.SEE_LEDGER)
def ledger(request: StaffRequest) -> HttpResponseBase:
    """The whole ledger, for the data protection officer (domain 11)."""
    now = timezone.now()
    show = _show(request)
    form = LedgerFilterForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    asked = Asked(
        show=show,
        by=_number(request.GET.get("by", "")),
        who=given.get("who", "").strip(),
        case_reference=references.tidy(given["case"]) if given.get("case") else "",
        verb=given.get("verb", ""),
        from_on=given.get("from_on"),
        to_on=given.get("to_on"),
        before=_number(request.GET.get("before", "")),
    )
    shown = ledger_page(asked, now)
    context.saw("audit.ledger", case=asked.case_reference, count=len(shown.entries))
    return render(
        request,
        "audit/ledger.html",
        {
            "now": now,
            "views": _views_of(request, show),
            "filter": form,
            "filtered": any((asked.by, *(given.get(name) for name in given if name != "show"))),
            "entries": shown.entries,
            "older": _older(request, shown.older),
            "newest": "before" not in request.GET,
            "show": show,
        },
    )
