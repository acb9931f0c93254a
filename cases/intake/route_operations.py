"""Routes as records with somebody to receive them: opened, accepted, declined, offered again."""

from __future__ import annotations

from datetime import datetime

from cases import calendar
from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.case_operations import end_access
from cases.casework.choices import Access
from cases.casework.clocks import ClockKind
from cases.casework.operations import give_access, meet_clocks, start_clocks
from cases.casework.promises import Promise
from cases.intake import rules
from cases.intake.choices import Route, RouteState
from cases.intake.models import Report, RouteRecord
from cases.intake.owners import RECEIVES, owner_of
from cases.intake.triage import HATE, RouteResult, Triage
from cases.policy.queries import settings_at
from cases.rows import keep
from cases.staff.models import User

ENDED_BY_HATE = frozenset({Route.ASB, Route.SIGNPOST})
"""Routes a record leaves when it becomes a hate case."""


@operation
def open_routes(*, by: Actor, at: datetime, report: Report, result: Triage) -> list[RouteRecord]:
    """Record every route the result takes, each with its receiving owner and due moment.

    Called again after a later view it adds what is new.  It never takes hate away: a record
    that was hate stays so even if the only person who thought so takes it back (HC-23).
    """
    known = {route.route: route for route in report.routes.select_for_update()}
    if HATE in known and not result.takes(HATE):
        unchanged()
        return list(known.values())
    for route in known.values():
        _demote(by, at, report, route, result)
    opened = [
        _keep(by, at, report, known[taken.route], taken)
        if taken.route in known
        else _open(by, at, report, taken)
        for taken in result.taken
    ]
    unchanged()
    return opened


@operation
def open_beside(*, by: Actor, at: datetime, report: Report, taken: RouteResult) -> None:
    """Offer one more route beside those a report takes; the main one stays the main one."""
    unchanged()
    if not report.routes.filter(route=taken.route).exists():
        beside = RouteResult(taken.route, True, taken.reasons, clause=taken.clause)
        _open(by, at, report, beside)


def _demote(by: Actor, at: datetime, report: Report, route: RouteRecord, result: Triage) -> None:
    """Only one route leads: the others step back before the new one is named."""
    ended = route.route in ENDED_BY_HATE and result.takes(HATE)
    if not ended and (not route.is_primary or route.route == result.primary):
        return
    route.is_primary = False
    if ended and route.state != RouteState.SUPERSEDED:
        route.state = RouteState.SUPERSEDED
        record(
            Verb.REPORT_REROUTED,
            by=by,
            at=at,
            subject=report,
            case=_reference(report),
            changes={"report": report.reference, "from": route.route, "to": result.primary},
        )
    keep(route)


def _keep(
    by: Actor, at: datetime, report: Report, route: RouteRecord, taken: RouteResult
) -> RouteRecord:
    route.is_primary, route.reasons = taken.is_primary, list(taken.reasons)
    keep(route)
    let_in(by, at, report, route)
    return route


def _open(by: Actor, at: datetime, report: Report, taken: RouteResult) -> RouteRecord:
    needs_answer = taken.route in RECEIVES
    owner = owner_of(taken.route, report.team, at)
    route = RouteRecord(
        report=report,
        route=taken.route,
        is_primary=taken.is_primary,
        reasons=list(taken.reasons),
        detail={"exploitation": report.facts["exploitation"]},
        owner=owner,
        state=RouteState.OFFERED if needs_answer else RouteState.ACCEPTED,
        opened_at=at,
        due_at=_due(taken.route, _start(report, at)),
        answered_at=None if needs_answer else at,
        answered_by_id=None if needs_answer else by.id,
    )
    keep(route)
    record(
        Verb.ROUTE_OPENED,
        by=by,
        at=at,
        subject=route,
        case=_reference(report),
        changes={
            "report": report.reference,
            "route": taken.route,
            "primary": taken.is_primary,
            "owner": owner.pk if owner else None,
        },
    )
    let_in(by, at, report, route)
    return route


def let_in(by: Actor, at: datetime, report: Report, route: RouteRecord) -> None:
    """Whoever is offered a part of a case may read it, to decide (domain 7.1)."""
    if report.case is None or route.owner is None or route.route == Route.ASB:
        return
    if route.state in (RouteState.OFFERED, RouteState.ACCEPTED):
        give_access(by=by, at=at, case=report.case, user=route.owner, why=Access.REFERRED)


def _start(report: Report, at: datetime) -> datetime:
    """Routes of the first triage count from receipt; one found later, from then."""
    return report.received_at if report.triaged_at in (None, at) else at


def _due(route: str, start: datetime) -> datetime | None:
    if route == Route.SAFEGUARDING:
        return rules.safeguarding_due(start)
    if route == Route.DA:
        return calendar.add_elapsed(start, settings_at(start)["SLA_RISK_HOURS"])
    return None


def _reference(report: Report) -> str:
    return report.case.reference if report.case else ""


def _locked(route: RouteRecord) -> RouteRecord:
    return (
        RouteRecord.objects.select_for_update(of=("self",))
        .select_related("report__case", "report__team")
        .get(pk=route.pk)
    )


@operation
def accept_route(*, by: Actor, at: datetime, route: RouteRecord) -> RouteRecord:
    """The receiving owner takes it on.  Raises Refused for anybody else."""
    return _answer(by, at, route, accept=True, reason="")


@operation
def decline_route(*, by: Actor, at: datetime, route: RouteRecord, reason: str) -> RouteRecord:
    """The receiving owner declines it, with the reason; it goes back to a manager to offer."""
    return _answer(by, at, route, accept=False, reason=reason)


def _answer(
    by: Actor, at: datetime, route: RouteRecord, *, accept: bool, reason: str
) -> RouteRecord:
    route = _locked(route)
    wanted = RouteState.ACCEPTED if accept else RouteState.DECLINED
    if route.state == wanted and route.answered_by_id == by.id:
        unchanged()
        return route
    enforce(
        rules.answer_route(
            by,
            route=route.route,
            state=route.state,
            owner_id=route.owner_id,
            accept=accept,
            reason=reason,
        )
    )
    route.state, route.answered_at, route.answered_by_id = wanted, at, by.id
    route.owner_id = route.owner_id or by.id
    route.answer_reason = reason.strip()
    keep(route)
    report = route.report
    record(
        Verb.ROUTE_ACCEPTED if accept else Verb.ROUTE_DECLINED,
        by=by,
        at=at,
        subject=route,
        case=_reference(report),
        changes={"report": report.reference, "route": route.route},
    )
    _settle_case(by, at, route, accept=accept)
    return route


def _settle_case(by: Actor, at: datetime, route: RouteRecord, *, accept: bool) -> None:
    """On the case behind it: the referral's clock is met, and a decliner no longer looks in."""
    case = route.report.case
    if case is None:
        return
    if route.route == Route.SAFEGUARDING:
        outcome = "Accepted" if accept else "Declined"
        kinds = [ClockKind.SAFEGUARDING]
        meet_clocks(by=by, at=at, case=case, kinds=kinds, outcome=outcome)
    if not accept:
        end_access(by, at, case, Access.REFERRED, user_id=route.owner_id)
    else:
        let_in(by, at, route.report, route)


@operation
def offer_route_again(
    *, by: Actor, at: datetime, route: RouteRecord, owner: User | None = None
) -> RouteRecord:
    """A manager offers a declined route again: to somebody, or whoever holds the role now.

    The first answer stays in the record's history; the new offer has a promised time of its own.
    """
    route = _locked(route)
    enforce(rules.offer_again(by, state=route.state))
    report = route.report
    route.state = RouteState.OFFERED
    route.owner = owner or owner_of(route.route, report.team, at)
    route.answered_at, route.answered_by, route.answer_reason = None, None, ""
    route.due_at = _due(route.route, at)
    keep(route)
    record(
        Verb.ROUTE_OPENED,
        by=by,
        at=at,
        subject=route,
        case=_reference(report),
        changes={
            "report": report.reference,
            "route": route.route,
            "again": True,
            "owner": route.owner_id,
        },
    )
    if report.case is not None and route.route == Route.SAFEGUARDING:
        promise = Promise(ClockKind.SAFEGUARDING, at, route.due_at)
        start_clocks(by=by, at=at, case=report.case, promises=[promise])
    let_in(by, at, report, route)
    return route
