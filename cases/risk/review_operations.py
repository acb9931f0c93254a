"""Asking again before its time, because something changed (domain 3.4: review triggers)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.choices import OPEN_STAGES
from cases.casework.locking import lock
from cases.casework.models import Case, Incident
from cases.policy.queries import holidays, settings_at
from cases.risk import promises, rules
from cases.risk.choices import Trigger
from cases.risk.hearing import previous_of
from cases.risk.levels import bring_forward, settle_case
from cases.risk.models import Assessment, ReviewCall


@operation
def call_review(*, by: Actor, at: datetime, case: Case, why: Trigger) -> ReviewCall | None:
    """Have risk asked about again soon, because something changed; somebody says so."""
    lock(case)
    enforce(rules.assess(by, stage=case.stage))
    return _call(by, at, case, why)


def _call(
    by: Actor, at: datetime, case: Case, why: Trigger, incident: Incident | None = None
) -> ReviewCall | None:
    """The review of everybody assessed is brought forward; nothing to do before the first."""
    due = promises.brought_forward(at, settings_at(at), holidays())
    words = f"Brought forward: {why.label[0].lower()}{why.label[1:]}"
    newest = [
        found
        for about in case.involvements.filter(ended_at__isnull=True)
        if (found := previous_of(about)) is not None
    ]
    if not newest:
        unchanged()
        return None
    call = ReviewCall.objects.create(case=case, why=why, incident=incident, at=at, by_name=by.name)
    record(
        Verb.RISK_REVIEW_CALLED,
        by=by,
        at=at,
        subject=call,
        case=case.reference,
        changes={"why": str(why)},
    )
    for assessment in newest:
        assessment.case = case
        bring_forward(by, at, assessment, due, words)
    return call


@operation
def follow_incidents(*, by: Actor, at: datetime, ids: Iterable[int]) -> None:
    """Incidents changed: levels follow what is now known, and a new one is asked about."""
    cases = Case.objects.filter(incidents__in=list(ids), stage__in=OPEN_STAGES).distinct()
    _follow(by, at, cases)
    assessed = Assessment.objects.filter(finished_at__isnull=False).values("case")
    new = Incident.objects.filter(
        pk__in=list(ids), case__in=assessed, case__stage__in=OPEN_STAGES, review_calls=None
    ).select_related("case")
    for incident in new:
        case = incident.case
        first = _first_assessed(case)
        if case is not None and first is not None and incident.recorded_at > first:
            _call(by, at, lock(case), Trigger.INCIDENT, incident)
    unchanged()


def _first_assessed(case: Case | None) -> datetime | None:
    finished = Assessment.objects.filter(case=case, finished_at__isnull=False)
    return finished.order_by("finished_at").values_list("finished_at", flat=True).first()


@operation
def follow_people(*, by: Actor, at: datetime, ids: Iterable[int]) -> None:
    """People, their households or families changed: levels follow what is now known."""
    cases = Case.objects.filter(
        involvements__person__in=list(ids),
        involvements__ended_at__isnull=True,
        stage__in=OPEN_STAGES,
    )
    _follow(by, at, cases.distinct())
    unchanged()


def _follow(by: Actor, at: datetime, cases: Iterable[Case]) -> None:
    for case in cases:
        settle_case(by, at, case)
