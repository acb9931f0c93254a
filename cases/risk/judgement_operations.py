"""What people decide beside the rule: higher, lower, a flag ticked in error (domain 3.4)."""

from __future__ import annotations

from datetime import datetime

from cases.access import YES, Actor, Answer, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.case_operations import trained_on
from cases.casework.locking import lock
from cases.risk import rules
from cases.risk.choices import Because, JudgementKind
from cases.risk.hearing import Hearing, hear, previous_of
from cases.risk.levels import stand
from cases.risk.models import Assessment, Judgement
from cases.rows import keep
from cases.staff.models import User

VERBS = {
    JudgementKind.RAISED: Verb.RISK_RAISED,
    JudgementKind.LOWERED: Verb.RISK_LOWERED,
    JudgementKind.FLAG_IN_ERROR: Verb.RISK_FLAG_IN_ERROR,
}


def _is_trained(by: Actor, at: datetime) -> bool:
    """Whether the actor's hate crime training counts today."""
    user = User.objects.filter(pk=by.id or 0).first()
    return user is not None and trained_on(user, london_date(at))


@operation
def raise_level(
    *, by: Actor, at: datetime, assessment: Assessment, to: str, reason: str
) -> Judgement | None:
    """Set the level higher than the rule says, at once; a draft's counts when it is finished."""
    hearing = _held(assessment, at)
    level = rules.stands(hearing.weighed(), hearing.judged).level
    if level == to:
        unchanged()
        return None
    enforce(
        rules.raise_level(
            by,
            stage=hearing.assessment.case.stage,
            trained=_is_trained(by, at),
            level=level,
            to=to,
            reason=reason,
        )
    )
    return _judge(by, at, hearing, JudgementKind.RAISED, to=to, reason=reason)


@operation
def lower_level(
    *, by: Actor, at: datetime, assessment: Assessment, to: str, reason: str, evidence: str
) -> Judgement | None:
    """Set the level of a finished assessment lower: a manager who does not lead the case."""
    hearing = _held(assessment, at)
    case, weighed = hearing.assessment.case, hearing.weighed()
    trained = _is_trained(by, at)
    enforce(rules.judge_down(by, stage=case.stage, lead_id=case.lead_id, trained=trained))
    enforce(_finished(hearing))
    level = rules.stands(weighed, hearing.judged).level
    if level == to:
        unchanged()
        return None
    enforce(
        rules.lower_level(level=level, to=to, weighed=weighed, reason=reason, evidence=evidence)
    )
    return _judge(by, at, hearing, JudgementKind.LOWERED, to=to, reason=reason, evidence=evidence)


@operation
def record_flag_in_error(
    *, by: Actor, at: datetime, assessment: Assessment, flag: str, reason: str, evidence: str
) -> Judgement | None:
    """Record that a red flag of a finished assessment was ticked in error; it stays on it."""
    hearing = _held(assessment, at)
    case = hearing.assessment.case
    trained = _is_trained(by, at)
    enforce(rules.judge_down(by, stage=case.stage, lead_id=case.lead_id, trained=trained))
    enforce(_finished(hearing))
    if flag in hearing.errors:
        unchanged()
        return None
    weighed = hearing.weighed()
    enforce(rules.flag_in_error(flag=flag, weighed=weighed, reason=reason, evidence=evidence))
    return _judge(
        by, at, hearing, JudgementKind.FLAG_IN_ERROR, flag=flag, reason=reason, evidence=evidence
    )


def _held(assessment: Assessment, at: datetime) -> Hearing:
    """The assessment, its case locked.  Raises Refused for one that another has followed."""
    case = lock(assessment.case)
    found = Assessment.objects.select_related("about__person").select_for_update(
        of=("self",), no_key=True
    )
    fresh = found.get(pk=assessment.pk)
    fresh.case = case
    newest = previous_of(fresh.about)
    if fresh.is_finished and newest is not None and newest.pk != fresh.pk:
        enforce(Answer("A newer assessment stands. Judge that one."))
    return hear(fresh, at)


def _finished(hearing: Hearing) -> Answer:
    if hearing.assessment.is_finished:
        return YES
    return Answer("Finish the assessment first: only a level that stands is set lower.")


def _judge(
    by: Actor,
    at: datetime,
    hearing: Hearing,
    kind: JudgementKind,
    *,
    reason: str,
    to: str = "",
    flag: str = "",
    evidence: str = "",
) -> Judgement:
    assessment = hearing.assessment
    ruled = hearing.weighed().level
    row = Judgement(
        assessment=assessment,
        kind=kind,
        rule_said=ruled,
        to=to,
        flag=flag,
        reason=reason.strip(),
        evidence=evidence.strip(),
        by_id=by.user_id,
        at=at,
    )
    keep(row)
    changes = {"from": str(ruled), "to": to} if to else {"flag": flag}
    record(
        VERBS[kind],
        by=by,
        at=at,
        subject=assessment,
        case=assessment.case.reference,
        changes=changes,
    )
    if assessment.is_finished:
        stand(by, at, hear(assessment, at), Because(kind.value))
    return row
