"""Raising findings of unusual reading, and deciding what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cases.access import Actor, enforce
from cases.audit import finding_rules
from cases.audit.finding_models import Finding, FindingDecision, Verdict, Watched
from cases.audit.ledger import operation, record, unchanged
from cases.audit.unusual import Found
from cases.audit.verbs import Verb
from cases.rows import keep


@operation
def raise_findings(*, by: Actor, at: datetime, found: Sequence[Found]) -> list[Finding]:
    """Keep findings that are new, and record each on the ledger.

    The ledger's line names neither person nor case, so that whoever it is about does not meet it
    in the history of the case.
    """
    findings = []
    for one in found:
        finding = Finding(
            pattern=one.pattern,
            actor_id=one.user,
            actor_name=one.name,
            case_reference=one.case,
            window=one.window,
            began_at=one.began_at,
            ended_at=one.ended_at,
            times=one.times,
            people=list(one.people),
            detail=one.detail,
            raised_at=at,
        )
        keep(finding)
        record(Verb.READING_RAISED, by=by, at=at, subject=finding, changes={"pattern": one.pattern})
        findings.append(finding)
    unchanged()
    return findings


@operation
def note_watched(*, by: Actor, at: datetime, access_id: int, event_id: int) -> None:
    """Keep how far the ledger was read: the next watch goes on a little before."""
    keep(Watched(at=at, access_id=access_id, event_id=event_id))
    unchanged()


@operation
def decide_finding(
    *, by: Actor, at: datetime, finding: Finding, verdict: Verdict, reason: str
) -> FindingDecision:
    """Record what came of looking into a finding; deciding again adds to it.

    Raises Refused to whoever it is about, and ValidationError without a reason.
    """
    enforce(finding_rules.decide(by, people=finding.people))
    decision = FindingDecision(
        finding=finding,
        verdict=verdict,
        reason=reason.strip(),
        by_id=by.user_id,
        by_name=by.name,
        at=at,
    )
    keep(decision)
    record(
        Verb.READING_JUDGED,
        by=by,
        at=at,
        subject=finding,
        changes={"verdict": verdict},
        reason=decision.reason,
    )
    return decision
