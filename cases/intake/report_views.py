"""The triage result, and what can be added to a report."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cases.access import Actor, Grant, Refused
from cases.audit.pages import SIGNED_IN, StaffRequest, page
from cases.casework.models import Case
from cases.intake import operations, rules
from cases.intake.asks_event import WHY
from cases.intake.choices import Door, ReportState
from cases.intake.deciding import called
from cases.intake.forms import AGENCY, CALLER, ME, OTHER, VICTIM, ReceivedForm, ViewForm
from cases.intake.loading import get_own_result, get_report
from cases.intake.models import Report
from cases.intake.report_page import result_of

ASK_WHY = WHY.asks[0]


def address_of(name: str, *args: object) -> str:
    """An address of another part of the application, or "" while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@page(SIGNED_IN)
def show_report(request: StaffRequest, reference: str) -> HttpResponse:
    """What it is, because whom, what to tell the caller, and what happens next."""
    try:
        report, whole = get_report(request.actor, reference), True
    except Http404:
        found = get_own_result(request.actor, reference)
        if found is None:
            raise
        report, whole = found, False
    result = result_of(report, request.actor, timezone.now(), whole=whole)
    asks = bool(result.asks) and whole and bool(rules.add_view(request.actor))
    return render(
        request,
        "intake/report.html",
        {
            "result": result,
            "whole": whole,
            "form": _question(report, result.asks) if asks else None,
            "ask_words": ASK_WHY.words(report.door, guarded=False)[0],
            "may_add": whole and bool(rules.add_view(request.actor)),
            "may_correct": whole and bool(request.actor.may(Grant.CORRECT_RECEIVED)),
            "case_address": _case_address(report, request.actor) if whole else "",
            "now": result.now,
        },
    )


def _question(report: Report, asks: str) -> ViewForm:
    """The missing question, with whose answer it is already chosen."""
    whose = ME if asks == "officer" else VICTIM if report.door == Door.VICTIM else CALLER
    return ViewForm(whose=whose_of(report), initial={"whose": whose})


def to_result(report: Report) -> HttpResponse:
    """Back to the result, with the focus on its heading."""
    return redirect(reverse("intake:report", args=[report.reference]) + "#result")


def _case_address(report: Report, actor: Actor) -> str:
    if report.case is None:
        return ""
    if not Case.objects.visible_to(actor).filter(pk=report.case.pk).exists():
        return ""
    return address_of("workflow:case", report.case.reference)


def whose_of(report: Report) -> list[tuple[str, str]]:
    """Whoever may hold a view, under names that are safe to show."""
    victim = called(report.victim) if report.victim else "The person harmed"
    choices = [(VICTIM, f"{victim}, victim")]
    if report.door != Door.VICTIM or report.reporter_id not in (None, report.victim_id):
        choices.append((CALLER, "Whoever told us about it"))
    mine = "Mine: I think so too, or I am not sure"
    if report.state == ReportState.WAITING:
        mine = "My own view"
    return [*choices, (ME, mine), (OTHER, "Somebody else"), (AGENCY, "Another agency")]


@page(Grant.TAKE_REPORT, methods=("GET", "POST"))
def add_view(request: StaffRequest, reference: str) -> HttpResponse:
    """Somebody's view: one step, and a record becomes a hate case if it now is one."""
    report = get_report(request.actor, reference)
    form = ViewForm(
        request.POST if request.method == "POST" else None,
        whose=whose_of(report),
    )
    if request.method == "POST" and form.is_valid():
        had_case = report.case_id is not None
        report = operations.add_view(
            by=request.actor, at=timezone.now(), report=report, **form.view(report)
        )
        report.refresh_from_db()
        messages.success(request, _said(report, had_case))
        return to_result(report)
    return render(
        request,
        "intake/report_view.html",
        {"form": form, "report": report, "victim": called(report.victim) if report.victim else ""},
    )


def _said(report: Report, had_case: bool) -> str:
    if report.case_id and not had_case:
        return "This is now a hate crime case. The view is kept as it was given."
    if report.state == ReportState.WAITING:
        return "The view is kept. One more is still to be asked."
    return "The view is kept as it was given."


@page(Grant.CORRECT_RECEIVED, methods=("GET", "POST"))
def correct_received(request: StaffRequest, reference: str) -> HttpResponse:
    """A manager corrects when the report was received; the original stays."""
    report = get_report(request.actor, reference)
    form = ReceivedForm(
        request.POST if request.method == "POST" else None,
        initial={"received_at": report.received_at},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.correct_received(
                by=request.actor,
                at=timezone.now(),
                report=report,
                received_at=form.moment(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.answer.reason)
        else:
            messages.success(request, "The time is corrected. What it was before is kept.")
            return to_result(report)
    return render(
        request,
        "intake/report_received.html",
        {
            "form": form,
            "report": report,
            "corrections": report.corrections.select_related("by").order_by("at"),
            "now": timezone.now(),
        },
    )
