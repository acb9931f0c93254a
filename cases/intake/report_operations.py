"""What can happen to a report after it was sent: another view, a corrected received time.

There is no operation that takes a view away.  Whoever gave one may take it back themselves,
in their own words (``casework.operations.retract_perception``); what it made stays (HC-23).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.choices import Capacity, ClockState, Holds
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, Incident, Perception
from cases.casework.operations import (
    add_perception,
    correct_reported,
    meet_clocks,
    start_clocks,
)
from cases.casework.promises import CaseFacts, Promise, promises, triage_due
from cases.intake import rules
from cases.intake.choices import ReportState
from cases.intake.deciding import facts_kept
from cases.intake.models import ReceivedCorrection, Report
from cases.intake.opening import attach_recorded, open_hate_case, telling_of
from cases.intake.pair_operations import find_pairs
from cases.intake.route_operations import open_beside, open_routes
from cases.intake.submit import record_triage
from cases.intake.triage import ASB, HATE, triage
from cases.people.models import Person
from cases.policy.queries import holidays, settings_at
from cases.rows import keep
from cases.staff.models import User

PRESSED_TWICE = timedelta(minutes=2)


@operation
def add_view(
    *,
    by: Actor,
    at: datetime,
    report: Report,
    capacity: str,
    holds: str,
    person: Person | None = None,
    described_as: str = "",
    words: str = "",
    strands: Mapping[str, str] | None = None,
    kinds: Mapping[str, Collection[str]] | None = None,
    said_at: datetime | None = None,
    incident: Incident | None = None,
    kept_apart: bool = False,
) -> Report:
    """Record what somebody thinks of a report's incidents (or one of them), and triage again.

    One step: a waiting report gets its result, and an antisocial behaviour record becomes a
    hate case that keeps the first received moment, its clocks counted from when the view
    reached us (HC-29, S22).  Whose view: ``person``, the actor (OFFICER), or described.
    """
    enforce(rules.add_view(by))
    report = _locked(report)
    own = capacity == Capacity.OFFICER and person is None
    colleague = User.objects.get(pk=by.user_id) if own else None
    whose: dict[str, Any] = {"person": person, "colleague": colleague, "described_as": described_as}
    for one in _incidents(report, incident):
        if _said_just_now(by, at, one, holds=holds, words=words.strip(), **whose):
            unchanged()
            continue
        add_perception(
            by=by,
            at=at,
            incident=one,
            capacity=capacity,
            holds=holds,
            words=words.strip(),
            strands=_grounds(holds, strands),
            kinds=kinds,
            said_at=said_at or at,
            kept_apart=kept_apart,
            **whose,
        )
    _triage_again(by, at, report, said_at or at)
    return report


def _said_just_now(by: Actor, at: datetime, incident: Incident, **view: Any) -> bool:
    """Whether this very view was recorded a moment ago: one press, one view."""
    return Perception.objects.filter(
        incident=incident,
        recorded_by_id=by.id or 0,
        retracted_at__isnull=True,
        said_at__range=(at - PRESSED_TWICE, at),
        **view,
    ).exists()


def _grounds(holds: str, strands: Mapping[str, str] | None) -> Mapping[str, str]:
    """Thinking so without naming a ground is "not clear yet" (domain 2.1)."""
    if holds == Holds.NO:
        return {}
    if holds == Holds.YES and not strands:
        return {"UNKNOWN_HATE": ""}
    return strands or {}


def _locked(report: Report) -> Report:
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("case", "team", "victim", "reporter", "sheet", "taken_by")
        .get(pk=report.pk)
    )


def _incidents(report: Report, only: Incident | None) -> list[Incident]:
    rows = Incident.objects.filter(report_links__report=report, same_as__isnull=True)
    if only is not None:
        rows = rows.filter(pk=only.pk)
    return list(rows.select_related("case"))


def _triage_again(by: Actor, at: datetime, report: Report, said_at: datetime) -> None:
    """The same facts, the views as they stand now.  Never takes away what was opened."""
    result = triage(facts_kept(report))
    waited = report.state == ReportState.WAITING
    if result.waiting_for:
        return
    if waited:
        report.state, report.triaged_at = ReportState.TRIAGED, at
        keep(report)
    if result.takes(HATE) and report.case is None:
        telling = telling_of(by, at, report)
        case = open_hate_case(telling, result, counts_from=None if waited else said_at)
        attach_recorded(by, at, report, case)
        find_pairs(by=by, at=at, report=report)
    if waited:
        record_triage(by, at, report, result)
    open_routes(by=by, at=at, report=report, result=result)
    if report.case is not None:
        settle_provisional(by=by, at=at, case=report.case)


@operation
def settle_provisional(*, by: Actor, at: datetime, case: Case) -> bool:
    """Settle a case that was hate for now, once everybody asked has said no (domain 10, rule 2).

    Only whoever was not sure can take that back, so this asks what they and everybody else now
    say.  The hate record and the case stay; antisocial behaviour is offered beside them, for
    its owner to take on.  Whether it settled now.
    """
    unchanged()
    case = lock(case)
    reports = list(case.reports.select_related("case", "team"))
    results = [triage(facts_kept(report)) for report in reports]
    if not case.provisional or not results or not all(one.takes(ASB) for one in results):
        return False
    for report, result in zip(reports, results, strict=True):
        open_beside(by=by, at=at, report=report, taken=result.route(ASB))
    case.provisional = False
    case.version += 1
    case.save()
    outcome = "Everybody asked says no"
    meet_clocks(by=by, at=at, case=case, kinds=[ClockKind.SETTLE_VIEW], outcome=outcome)
    return True


@operation
def correct_received(
    *, by: Actor, at: datetime, report: Report, received_at: datetime, reason: str
) -> Report:
    """Correct when Amplius first received a report.  Manager, with a reason; original kept.

    A promise is never re-dated (domain 4.3), and a corrected moment never buys time.  If it is
    later than was recorded, the promises stay as they were made.  If it is earlier, whatever
    still runs from receipt is promised again, due that much earlier, and the first promise is
    kept beside it; what was already done stays as it was promised then.  Raises Refused.
    """
    report = _locked(report)
    enforce(
        rules.correct_received(
            by,
            before=report.received_at,
            after=received_at,
            submitted_at=report.submitted_at,
            reason=reason,
        )
    )
    assert by.id is not None  # a job holds no grant
    before = report.received_at
    ReceivedCorrection.objects.create(
        report=report, before=before, after=received_at, reason=reason.strip(), by_id=by.id, at=at
    )
    report.received_at = received_at
    if received_at < before:
        due = triage_due(received_at, settings_at(received_at))
        report.triage_due_at = min(report.triage_due_at, due)
    keep(report)
    record(
        Verb.RECEIVED_CORRECTED,
        by=by,
        at=at,
        subject=report,
        case=report.case.reference if report.case else "",
        changes={"before": before.isoformat(), "after": received_at.isoformat()},
        reason=reason.strip(),
    )
    for link in report.incident_links.filter(by_pair=None).select_related("incident__case"):
        correct_reported(by=by, at=at, incident=link.incident, reported_at=received_at)
    if report.case is not None and report.case.received_at == before:
        case = lock(report.case)
        case.received_at = received_at
        case.version += 1
        keep(case)
        if received_at < before:
            _promise_earlier(by, at, case, before, received_at)
    return report


def _promise_earlier(
    by: Actor, at: datetime, case: Case, before: datetime, after: datetime
) -> None:
    """Replace what still runs from ``before`` by the same promises counted from ``after``."""
    due = _due_from(case, after)
    again = []
    running = case.clocks.select_for_update().filter(
        started_at=before, state=ClockState.RUNNING, due_at__isnull=False
    )
    for clock in running:
        kind = ClockKind(clock.kind)
        moment = due.get(kind)
        if moment is None or clock.due_at is None or moment >= clock.due_at:
            continue
        clock.state = ClockState.NOT_APPLICABLE
        clock.why = "The report came in earlier: promised again from then."
        keep(clock)
        again.append(Promise(kind, after, moment))
    start_clocks(by=by, at=at, case=case, promises=again)


def _due_from(case: Case, after: datetime) -> dict[ClockKind, datetime | None]:
    """When each kind of promise would fall due, counted from a moment."""
    # Every kind is asked for, so that whichever the case carries finds its moment.
    everything = CaseFacts(
        received_at=after,
        triaged_at=case.opened_at,
        third_party=True,
        victim_identified=False,
        children=True,
        safe_tonight=False,
        graffiti=True,
        home_insecure=True,
        domestic_abuse=True,
        provisional=True,
    )
    made = promises(everything, settings_at(after), holidays())
    due = {promise.kind: promise.due_at for promise in made}
    return {**due, ClockKind.SAFEGUARDING: rules.safeguarding_due(after)}
