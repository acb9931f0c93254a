"""A kept report, chapter by chapter, in the version to share or with the full numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from cases.access import Grant, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.reporting import drawing_reports, kept, rules
from cases.reporting.choices import Profile
from cases.reporting.drawing import places
from cases.reporting.drawing_reports import SUMMARY, report_address
from cases.reporting.forms import WindowForm
from cases.reporting.making import limits_at
from cases.reporting.models import Snapshot
from cases.reporting.periods import month_of
from cases.reporting.run_queries import files_of, kept_reports, withheld

OTHER = {Profile.PUBLISHED: Profile.INTERNAL, Profile.INTERNAL: Profile.PUBLISHED}
Kept = Mapping[tuple[str, str], list[date]]


@page(Grant.SEE_MONITORING)
def show_report(request: StaffRequest, period: str, version: str, chapter: str) -> HttpResponse:
    """One chapter of the newest report of a month."""
    months = kept.months_kept(request.actor)
    company = request.GET.get("company", "")
    month, profile = _month(period), _version(version)
    snapshot = kept.snapshot_of(request.actor, month, company) if "\0" not in company else None
    if snapshot is None:
        raise Http404
    return draw_report(request, snapshot, profile, chapter, months)


def _month(code: str) -> date:
    try:
        return date.fromisoformat(f"{code}-01")
    except ValueError:
        raise Http404 from None


def _version(code: str) -> Profile:
    if code not in Profile.values:
        raise Http404
    return Profile(code)


def draw_report(
    request: StaffRequest, snapshot: Snapshot, profile: Profile, chapter: str, months: Kept
) -> HttpResponse:
    """The page of one chapter.  Raises Refused for a version the reader may not see, and Http404
    for a chapter there is not.
    """
    entity = snapshot.run.entity
    company = entity.code if entity else ""
    enforce(rules.may_see(request.actor, profile=profile, entity=company))
    context = {
        "places": places(request.actor, "monitoring"),
        "pick": pick_form(months, snapshot.run.first, company),
        "version": profile.value,
        "full": profile is Profile.INTERNAL,
        "withheld": withheld(snapshot) if profile is Profile.PUBLISHED else "",
        "month": month_of(snapshot.run.first).words,
        "whose": entity.name if entity else "All of Amplius",
        "shared_href": report_address(snapshot.run.first, Profile.PUBLISHED, SUMMARY, company),
        "full_href": report_address(snapshot.run.first, Profile.INTERNAL, SUMMARY, company),
        "may_see_full": bool(request.actor.may(Grant.SEE_FULL_NUMBERS)),
    }
    saw("reporting.snapshot", snapshot.pk, purpose=f"{profile.value} {chapter}"[:60])
    if context["withheld"]:
        context["shared_before"] = _shared_before(request, snapshot)
        return render(request, "reporting/withheld.html", context)
    return render(
        request,
        "reporting/report.html",
        context | _parts(request, snapshot, profile, chapter, company),
    )


def _shared_before(request: StaffRequest, snapshot: Snapshot) -> Snapshot | None:
    """The newest earlier report of the same month and company that has a version to share."""
    run = snapshot.run
    same = kept_reports(request.actor).filter(run__first=run.first, run__entity=run.entity_id)
    shared = same.filter(files__profile=Profile.PUBLISHED).exclude(pk=snapshot.pk)
    return shared.first()


def _parts(
    request: StaffRequest, snapshot: Snapshot, profile: Profile, key: str, company: str
) -> dict[str, Any]:
    """The report's own words and the chapter."""
    report = kept.report_of(snapshot, profile)
    found = next((one for one in report.chapters if one.key == key), None)
    if found is None:
        raise Http404
    contents = drawing_reports.contents(report, key, snapshot.run.first, profile, company)
    files = files_of(request.actor, snapshot) if key == SUMMARY else []
    under = limits_at(snapshot.as_at).under
    return {
        "report": report,
        "waiting": drawing_reports.waiting(report),
        "limits": {"under": under, "most": under - 1},
        "chapter": drawing_reports.drawn_chapter(found),
        "summary": key == SUMMARY,
        "contents": contents,
        "beside": drawing_reports.beside(contents),
        "hidden_href": report_address(snapshot.run.first, profile, "hidden", company),
        "downloads": drawing_reports.downloads(files, profile),
    }


def pick_form(months: Kept, month: date, company: str) -> WindowForm:
    """The choice of another month, and company if there is more than one."""
    of_company = next((days for (code, _), days in months.items() if code == company), [])
    form = WindowForm(
        {"month": f"{month:%Y-%m}", "company": company},
        months=[month_of(day) for day in {*of_company, month}],
        companies=list(months),
    )
    form.full_clean()
    return form
