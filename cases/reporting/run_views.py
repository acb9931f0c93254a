"""Reports that are kept or being made: the list, asking for one, how far one is, its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.calendar import london_date
from cases.paging import page_of
from cases.people.models import Entity
from cases.reporting import run_operations, run_queries
from cases.reporting.choices import Profile, RunState
from cases.reporting.drawing import places
from cases.reporting.drawing_reports import SUMMARY, downloads, report_address
from cases.reporting.files import MEDIA, name_of
from cases.reporting.forms import AskForm
from cases.reporting.measure_queries import companies_for
from cases.reporting.models import ReportFile, Run, Snapshot
from cases.reporting.periods import Period, month_before, months_to
from cases.staff.form_pages import form_page
from cases.staff.forms import errors_into
from cases.workflow.once import do_once


@page(Grant.SEE_MONITORING)
def list_reports(request: StaffRequest) -> HttpResponse:
    """Every report that is kept, being made, or could not be made, newest first."""
    now = timezone.now()
    runs = run_queries.visible_to(request.actor).order_by("-asked_at", "-pk")
    numbers = page_of(request.GET.get("page", ""), runs.count(), query=dict(request.GET.lists()))
    shown = list(runs[numbers.rows])
    saw("reporting.run", *(run.pk for run in shown), count=numbers.total)
    context = {
        "places": places(request.actor, "reports"),
        "rows": [_row(run) for run in shown],
        "page_of": numbers,
        "now": now,
    }
    return render(request, "reporting/reports.html", context)


def _row(run: Run) -> dict[str, Any]:
    return {
        "run": run,
        "period": Period(run.first, run.last).words,
        "whose": run.entity.name if run.entity else "All of Amplius",
        "asked_by": run.asked_by.full_name if run.asked_by else "the system, as every month",
        "state": run.get_state_display(),
        "under_way": run.state in run_queries.MAKING,
        "failed": run.state == RunState.FAILED,
    }


@page(Grant.MAKE_REPORTS, methods=("GET", "POST"))
def ask_for_report(request: StaffRequest) -> HttpResponseBase:
    """Have a report made of a month, in the background."""
    now = timezone.now()
    last = month_before(london_date(now))
    form = AskForm(
        request.POST if request.method == "POST" else None,
        months=months_to(last.last),
        companies=companies_for(request.actor),
    )
    if request.method == "POST" and form.is_valid() and (run := _asked(request, form, now)):
        if run.state in run_queries.MAKING:
            messages.success(request, "The report is being made. You can leave this page.")
        return redirect("reporting:run", run.pk)
    return form_page(
        request,
        form,
        heading="Have a report made",
        button="Make it",
        back=reverse("reporting:reports"),
        back_text="Kept reports",
        words="It is made in the background and kept. A report of the same month that is kept "
        "already stays, and the new one says what has changed.",
    )


def _asked(request: StaffRequest, form: AskForm, now: datetime) -> Run | None:
    """The run that was asked for, once however often the form is sent; None if it was refused."""
    period, entity = form.cleaned_data["month"], _entity(form.cleaned_data["company"])

    def ask() -> None:
        run_operations.ask_for_report(by=request.actor, at=now, period=period, entity=entity)

    with errors_into(form), transaction.atomic():
        do_once(request, ask)
    if not form.is_valid():
        return None
    return run_queries.newest_run(request.actor, period, entity)


def _entity(code: str) -> Entity | None:
    return Entity.objects.get(code=code) if code else None


@page(Grant.SEE_MONITORING)
def show_run(request: StaffRequest, pk: int) -> HttpResponse:
    """How far a report is; once made, the way to it and its files; why not, if it was not."""
    run = run_queries.visible_to(request.actor).filter(pk=pk).first()
    if run is None:
        raise Http404
    saw("reporting.run", run.pk)
    snapshot = run_queries.kept_reports(request.actor).filter(run=run).first()
    files = _files(request, snapshot) if snapshot else []
    context = {
        **_row(run),
        "now": timezone.now(),
        "snapshot": snapshot,
        "files": files,
        "withheld": run_queries.withheld(snapshot) if snapshot else "",
        "read_href": _read(run, files[0]["profile"]) if files else "",
    }
    return render(request, "reporting/run.html", context)


def _read(run: Run, profile: Profile) -> str:
    """The report's page, in the first version that there is for the reader."""
    company = run.entity.code if run.entity else ""
    return report_address(run.first, profile, SUMMARY, company)


def _files(request: StaffRequest, snapshot: Snapshot) -> list[dict[str, Any]]:
    files = run_queries.files_of(request.actor, snapshot)
    return [
        {
            "profile": profile,
            "version": profile.label,
            "full": profile is Profile.INTERNAL,
            "downloads": mine,
        }
        for profile in Profile
        if (mine := downloads(files, profile))
    ]


@page(Grant.SEE_MONITORING, methods=("POST",))
def download_file(request: StaffRequest, pk: int) -> HttpResponse:
    """A file of a kept report; each download is on the ledger."""
    kept = run_queries.kept_reports(request.actor).order_by().values("pk")
    files = ReportFile.objects.select_related("snapshot__run__entity").defer("snapshot__figures")
    file = files.filter(pk=pk, snapshot__in=kept).first()
    if file is None:
        raise Http404
    content = run_operations.download(by=request.actor, at=timezone.now(), file=file)
    content_type, _ = MEDIA[file.kind]
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name_of(file)}"'
    return response
