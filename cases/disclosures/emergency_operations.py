"""999 was rung because a life was at risk: written down afterwards, looked back at in a day.

Nobody waits for this: 999 comes first and needs nobody's leave (domain 7.5, door D8).  Whoever
works cases may write it down, whatever the case's stage.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError

from cases.access import Actor, Answer, Grant, Refused, enforce
from cases.audit.anchors import anchor_soon
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb
from cases.calendar import add_elapsed
from cases.casework.clock_operations import meet_clocks, start_clocks
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, Involvement
from cases.casework.promises import Promise
from cases.disclosures import deciding_rules, phone_rules
from cases.disclosures.alerting import alert, deciders_of
from cases.disclosures.choices import AlertKind, ReviewVerdict
from cases.disclosures.deciders import rung_of
from cases.disclosures.models import Emergency, EmergencyReview
from cases.policy.queries import settings_at
from cases.rows import keep


@operation
def record_emergency(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    rung_at: datetime,
    rung_by: str,
    why: str,
    said: str,
    log_number: str = "",
    affected: Involvement | None = None,
    from_sheet: bool = False,
) -> Emergency:
    """Keep that 999 was rung: who rang, when, why, and what they were told.

    The Director is alerted at once, and looks back at it within DISCLOSURE_999_REVIEW_HOURS.
    ``from_sheet`` is for a call sheet whose case is being opened, by whoever takes reports.
    Raises Refused, and ValidationError for a call in the future or of nobody's.
    """
    lock(case)
    enforce(by.may(Grant.TAKE_REPORT) if from_sheet else phone_rules.record_emergency(by))
    if rung_at > at:
        raise ValidationError({"rung_at": "The call cannot be in the future."})
    if affected is not None and affected.case_id != case.pk:
        raise ValidationError({"affected": "Choose somebody of this case."})
    emergency = Emergency(
        case=case,
        affected=affected,
        rung_at=rung_at,
        rung_by=rung_by.strip(),
        log_number=log_number.strip(),
        why=why.strip(),
        said=said.strip(),
        from_sheet=from_sheet,
        recorded_by_id=by.user_id,
        recorded_at=at,
        review_due_at=add_elapsed(at, settings_at(at)["DISCLOSURE_999_REVIEW_HOURS"]),
    )
    keep(emergency)
    record(
        Verb.EMERGENCY_RECORDED,
        by=by,
        at=at,
        subject=emergency,
        case=case.reference,
        changes={"rung": rung_at.isoformat(), "due": emergency.review_due_at.isoformat()},
    )
    promise = Promise(ClockKind.EMERGENCY_REVIEW, at, emergency.review_due_at)
    start_clocks(by=by, at=at, case=case, promises=[promise])
    alert(by, at, AlertKind.EMERGENCY, emergency, deciders_of(rung_of(emergency, at)))
    anchor_soon()
    return emergency


@operation
def review_emergency(
    *, by: Actor, at: datetime, emergency: Emergency, verdict: str, words: str
) -> EmergencyReview:
    """The look back, by whoever would have decided; late is recorded late.  Raises Refused."""
    case = lock(emergency.case)
    asked = rung_of(emergency, at)
    enforce(deciding_rules.may_look_back(by, asked=asked))
    if EmergencyReview.objects.filter(emergency=emergency).exists():
        raise Refused(Answer("Somebody has looked back at this call already."))
    if verdict not in ReviewVerdict.values:
        raise Refused(Answer("Choose what you found."))
    if not words.strip():
        raise Refused(Answer("Say what you found."))
    capacity = deciding_rules.capacity_of(by, asked)
    assert capacity is not None  # whoever may look back does so as something
    review = EmergencyReview(
        emergency=emergency,
        verdict=verdict,
        words=words.strip(),
        capacity=capacity,
        by_id=by.user_id,
        at=at,
    )
    keep(review)
    record(
        Verb.EMERGENCY_REVIEWED,
        by=by,
        at=at,
        subject=review,
        case=case.reference,
        changes={
            "emergency": emergency.pk,
            "verdict": str(verdict),
            "late": at > emergency.review_due_at,
        },
    )
    _met(by, at, emergency)
    anchor_soon()
    return review


def _met(by: Actor, at: datetime, emergency: Emergency) -> None:
    """The clock runs from the oldest call nobody looked back at; the next one's follows it."""
    case = emergency.case
    meet_clocks(by=by, at=at, case=case, kinds=[ClockKind.EMERGENCY_REVIEW])
    left = case.emergencies.filter(review=None).order_by("review_due_at", "pk").first()
    if left is not None:
        promise = Promise(ClockKind.EMERGENCY_REVIEW, left.recorded_at, left.review_due_at)
        start_clocks(by=by, at=at, case=case, promises=[promise])
