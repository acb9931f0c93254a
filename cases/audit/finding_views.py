"""Unusual reading: the list, each finding with what is behind it, and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Grant, Refused
from cases.audit import context, finding_queries
from cases.audit.finding_models import Finding, Verdict
from cases.audit.finding_operations import decide_finding
from cases.audit.forms import DecisionForm, UnusualFilterForm
from cases.audit.log_links import BEFORE, filters_on, further, link, number
from cases.audit.pages import StaffRequest, page
from cases.audit.unusual import Pattern, sentence

SAYS = {
    "pattern": "{}",
    "who": "Colleague: {}",
    "case": "Case: {}",
    "from_on": "From {:%-d %B %Y}",
    "to_on": "To {:%-d %B %Y}",
}


@page(Grant.SEE_LEDGER)
def unusual(request: StaffRequest) -> HttpResponse:
    """What is unusual in who read what; never the reader's own (domain 7.7)."""
    form = UnusualFilterForm(request.GET)
    given = form.given
    show = given.get("show") or "waiting"
    show = show if show in dict(finding_queries.SHOWS) else "waiting"
    asked = finding_queries.AskedFindings(
        show=show,
        pattern=given.get("pattern", ""),
        who=given.get("who", ""),
        case_reference=given.get("case", ""),
        from_on=given.get("from_on"),
        to_on=given.get("to_on"),
        before=number(request.GET.get(BEFORE, "")),
    )
    found = finding_queries.findings_page(request.actor, asked)
    context.saw("audit.finding", *(row.pk for row in found.findings), count=len(found.findings))
    words = {**given, "pattern": Pattern(asked.pattern).label if asked.pattern else ""}
    on = filters_on(request.GET, words, SAYS)
    return render(
        request,
        "audit/unusual.html",
        {
            "now": timezone.now(),
            "views": [
                {"text": text, "href": link(request.GET, show=key), "active": key == show}
                for key, text in finding_queries.SHOWS
            ],
            "filter": form,
            "on": on,
            "rows": [_row(finding) for finding in found.findings],
            "further": further(request.GET, found.older),
        },
    )


def _row(finding: Finding) -> dict[str, Any]:
    verdict = getattr(finding, "verdict", None)
    return {
        "pk": finding.pk,
        "kind": finding.get_pattern_display(),
        "sentence": sentence(finding.found),
        "at": finding.raised_at,
        "verdict": Verdict(verdict).label if verdict else "",
    }


@page(Grant.SEE_LEDGER, methods=("GET", "POST"))
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """One finding, the lines of the ledger behind it, and the form for what came of it."""
    found = finding_queries.load_finding(request.actor, pk)
    if found is None:
        raise Http404
    now = timezone.now()
    context.saw("audit.finding", found.pk, case=found.case_reference)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_finding(
                by=request.actor,
                at=now,
                finding=found,
                verdict=Verdict(form.cleaned_data["verdict"]),
                reason=form.cleaned_data["reason"],
            )
        except (Refused, ValidationError) as refusal:
            form.add_error(None, getattr(refusal, "message", "") or str(refusal))
        else:
            messages.success(request, "What came of it is kept.")
            return redirect("audit:finding", found.pk)
    return render(
        request,
        "audit/finding.html",
        {
            "now": now,
            "finding": found,
            "kind": found.get_pattern_display(),
            "sentence": sentence(found.found),
            "entries": finding_queries.behind(found, now),
            "decisions": finding_queries.decisions_of(found),
            "form": form,
        },
    )
