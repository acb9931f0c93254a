"""The front page of monitoring: the newest report that is kept."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.reporting import kept
from cases.reporting.choices import Profile
from cases.reporting.drawing import places
from cases.reporting.drawing_reports import SUMMARY, report_address
from cases.reporting.report_views import Kept, draw_report


@page(Grant.SEE_MONITORING)
def monitoring(request: StaffRequest) -> HttpResponse:
    """The newest report's first page in the version to share; or the way to another month's."""
    months = kept.months_kept(request.actor)
    if "month" in request.GET or "company" in request.GET:
        return redirect(_asked_for(request, months))
    if not months:
        context = {"places": places(request.actor, "monitoring"), "makes": _makes(request)}
        return render(request, "reporting/none.html", context)
    company = _first(months)
    snapshot = kept.snapshot_of(request.actor, _of(months, company)[0], company)
    if snapshot is None:
        raise Http404
    return draw_report(request, snapshot, Profile.PUBLISHED, SUMMARY, months)


def _asked_for(request: StaffRequest, months: Kept) -> str:
    """The address of the month asked for, or the newest of that company.  Raises Http404."""
    company = request.GET.get("company", _first(months) if months else "")
    days = _of(months, company)
    if not days:
        raise Http404
    asked = {f"{day:%Y-%m}": day for day in days}.get(request.GET.get("month", ""), days[0])
    version = request.GET.get("version", "")
    full = version == Profile.INTERNAL and request.actor.may(Grant.SEE_FULL_NUMBERS)
    profile = Profile.INTERNAL if full else Profile.PUBLISHED
    return report_address(asked, profile, SUMMARY, company)


def _of(months: Kept, company: str) -> list[date]:
    return next((days for (code, _), days in months.items() if code == company), [])


def _first(months: Kept) -> str:
    """All together, if there is such a report; else the first company."""
    codes = [code for code, _ in months]
    return "" if "" in codes else codes[0]


def _makes(request: StaffRequest) -> bool:
    return bool(request.actor.may(Grant.MAKE_REPORTS))
