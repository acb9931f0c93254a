"""Asking again before its time, because something changed (domain 3.4: review triggers)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Min

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.choices import OPEN_STAGES, RiskLevel
from cases.casework.locking import lock
from cases.casework.models import Case, Incident
from cases.policy.queries import holidays, settings_at
from cases.risk import promises, rules
from cases.risk.choices import Trigger
from cases.risk.hearing import previous_of
from cases.risk.levels import bring_forward, settle_case
from cases.risk.models import ReviewCall

RISKS = [str(level) for level in RiskLevel]


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
    """An incident that came after the first assessment has risk asked about again."""
    unchanged()
    new: Iterable[Any] = (
        Incident.objects.filter(
            pk__in=list(ids), case__stage__in=OPEN_STAGES, case__risk__in=RISKS, review_calls=None
        )
        .select_related("case")
        .annotate(first=Min("case__assessments__finished_at"))
    )
    for incident in new:
        if incident.case and incident.first and incident.recorded_at > incident.first:
            _call(by, at, lock(incident.case), Trigger.INCIDENT, incident)


@operation
def follow_cases(*, by: Actor, at: datetime, cases: Iterable[Case], why: Trigger) -> None:
    """Something happened on these cases, or to somebody on them, that asks for a new look."""
    unchanged()
    for case in cases:
        _call(by, at, lock(case), why)


@operation
def follow_repeats(*, by: Actor, at: datetime, cases: Iterable[Case]) -> None:
    """What we know of earlier incidents changed: the levels that stand follow."""
    unchanged()
    for case in cases:
        settle_case(by, at, case)
