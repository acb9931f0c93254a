"""Routes for whoever receives them, and two accounts that may be of one incident."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases import words
from cases.access import Actor, Grant, Refused
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.casework.choices import IncidentType
from cases.casework.loading import get_case
from cases.casework.models import Account, Case, Incident, IncidentPair
from cases.intake import operations, result_words, rules
from cases.intake.choices import RouteState
from cases.intake.deciding import called
from cases.intake.forms import AnswerForm, PairForm
from cases.intake.loading import (
    get_pair,
    get_route,
    pairs_of_case,
    routes_visible,
    waiting_reports,
)
from cases.intake.models import Report, RouteRecord
from cases.people.queries import safe_lines

RECEIVERS = (Grant.RECEIVE_ASB, Grant.RECEIVE_SAFEGUARDING, Grant.RECEIVE_DA)
MATCHES = {
    "location": "Both happened in the same kind of place.",
    "type": "Both are of the same kind.",
    "respondent": "Both describe the same respondent.",
}


@page(RECEIVERS)
def list_routes(request: StaffRequest) -> HttpResponse:
    """What is offered to me, what came back, what waits for why, and what I answered."""
    now = timezone.now()
    routes = list(routes_visible(request.actor).order_by("due_at", "-opened_at", "pk"))
    saw("intake.routerecord", *(route.pk for route in routes), count=len(routes))
    offered = [route for route in routes if route.state == RouteState.OFFERED]
    declined = [route for route in routes if route.state == RouteState.DECLINED]
    may_offer = bool(request.actor.may(Grant.ALLOCATE))
    return render(
        request,
        "intake/routes.html",
        {
            "offered": [_row(route, now) for route in offered],
            "declined": [_row(route, now) for route in declined] if may_offer else [],
            "waiting": _waiting(request.actor, now) if may_offer else [],
            "answered": [_row(route, now) for route in routes if _answered(route, may_offer)][:50],
            "now": now,
        },
    )


def _answered(route: RouteRecord, may_offer: bool) -> bool:
    if route.state == RouteState.DECLINED:
        return not may_offer
    return route.state in (RouteState.ACCEPTED, RouteState.SUPERSEDED)


def _row(route: RouteRecord, now: datetime) -> dict[str, Any]:
    promise = None
    if route.due_at:
        met = route.answered_at if route.state != RouteState.OFFERED else None
        promise = result_words.promise("Answer", route.due_at, now, met_at=met)
    return {"route": route, "promise": promise, "why": " ".join(route.reasons)}


def _waiting(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    reports = waiting_reports(actor)
    saw("intake.report", *(report.pk for report in reports), count=len(reports))
    return [
        {
            "report": report,
            "promise": result_words.promise("Triage", report.triage_due_at, now),
        }
        for report in reports
    ]


@page(RECEIVERS, methods=("GET", "POST"))
def answer_route(request: StaffRequest, pk: int) -> HttpResponse:
    """Read what is offered; accept it, or decline it with the reason; offer it again."""
    route = get_route(request.actor, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if request.POST.get("do") == "again":
            operations.offer_route_again(by=request.actor, at=timezone.now(), route=route)
            messages.success(request, "It is offered again.")
            return redirect("intake:routes")
        if form.is_valid() and _answer(request, route, form):
            return redirect("intake:routes")
    report = route.report
    may_answer = rules.answer_route(
        request.actor, route=route.route, state=route.state, owner_id=route.owner_id
    )
    return render(
        request,
        "intake/route.html",
        {
            "route": route,
            "report": report,
            "form": form if may_answer else None,
            "why_not": may_answer.reason,
            "may_offer": bool(rules.offer_again(request.actor, state=route.state)),
            "row": _row(route, timezone.now()),
            "accounts": _accounts(report),
            "victim": called(report.victim) if report.victim else "",
            "line": safe_lines([report.victim_id or 0]).get(report.victim_id or 0),
            "now": timezone.now(),
        },
    )


def _answer(request: StaffRequest, route: RouteRecord, form: AnswerForm) -> bool:
    by, at = request.actor, timezone.now()
    try:
        if form.accepts:
            operations.accept_route(by=by, at=at, route=route)
            messages.success(request, "You have accepted it.")
        else:
            reason = form.cleaned_data["reason"]
            operations.decline_route(by=by, at=at, route=route, reason=reason)
            messages.success(request, "You have declined it. A case manager offers it again.")
    except Refused as refusal:
        form.add_error("reason" if not form.accepts else None, refusal.answer.reason)
        return False
    return True


def _accounts(report: Report) -> list[dict[str, str]]:
    """What was said, without the name of anybody who is kept apart."""
    rows = (
        Account.objects.filter(incident__report_links__report=report)
        .select_related("person", "incident")
        .order_by("incident_id", "said_at", "pk")
    )
    return [_account(row) for row in rows]


def _account(row: Account) -> dict[str, str]:
    name = row.person.name if row.person and not row.kept_apart else ""
    types = [code for code in row.incident.types if code != IncidentType.OTHER]
    kinds = ", ".join(str(IncidentType(code).label) for code in types)
    return {"words": row.words, "who": name or _unnamed(row), "kinds": kinds.lower()}


def _unnamed(row: Account) -> str:
    return "A third party" if row.person_id else "The caller"


@page(Grant.WORK_CASES)
def list_pairs(request: StaffRequest, reference: str) -> HttpResponse:
    """The accounts of this case that may be, or are, of an incident told elsewhere."""
    case = get_case(request.actor, reference)
    return render(
        request,
        "intake/pairs.html",
        {
            "case": case,
            "pairs": [
                {"pair": pair, "matches": [MATCHES[code] for code in pair.matches]}
                for pair in pairs_of_case(request.actor, case)
            ],
            "now": timezone.now(),
        },
    )


@page(Grant.WORK_CASES, methods=("GET", "POST"))
def decide_pair(request: StaffRequest, pk: int) -> HttpResponse:
    """Two accounts side by side, and what matches; one incident, or two."""
    pair = get_pair(request.actor, pk)
    form = PairForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _decide(request, pair, form):
        return redirect("intake:pair", pair.pk)
    return render(
        request,
        "intake/pair.html",
        {
            "pair": pair,
            "sides": [_side(pair.first), _side(pair.second)],
            "matches": [MATCHES[code] for code in pair.matches],
            "form": None if pair.decision else form,
            "cases": list(
                Case.objects.visible_to(request.actor)
                .filter(pk__in=[pair.first.case_id or 0, pair.second.case_id or 0])
                .select_related("victim__merged_into", "merged_into")
                .order_by("received_at", "pk")
            ),
            "now": timezone.now(),
        },
    )


def _decide(request: StaffRequest, pair: IncidentPair, form: PairForm) -> bool:
    same = form.cleaned_data["decision"] == "SAME"
    try:
        operations.decide_pair(
            by=request.actor,
            at=timezone.now(),
            pair=pair,
            same=same,
            reason=form.cleaned_data["reason"],
        )
    except Refused as refusal:
        form.add_error("reason", refusal.answer.reason)
        return False
    told = "One incident, told twice." if same else "Two incidents."
    messages.success(request, f"{told} The reason is kept.")
    return True


def _side(incident: Incident) -> dict[str, Any]:
    """One account: when, where, what, in whose words; a third party has no name here."""
    reports = Report.objects.filter(incident_links__incident=incident).order_by("received_at")
    return {
        "incident": incident,
        "reports": list(reports),
        "when": _when(incident),
        "kinds": ", ".join(str(IncidentType(code).label) for code in incident.types),
        "accounts": [
            _account(row)
            for row in incident.accounts.select_related("person", "incident").order_by("pk")
        ],
    }


def _when(incident: Incident) -> str:
    if incident.occurred_on is None:
        return incident.when_words or "Date not known"
    about = "About " if incident.when_known == "ABOUT" else ""
    at = f", {incident.occurred_time}" if incident.occurred_time else ""
    return f"{about}{words.say_date(incident.occurred_on)}{at}"
