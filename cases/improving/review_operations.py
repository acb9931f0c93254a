"""What may bring a review of the policy forward, and what is decided about it (HC-50).

A person records what they know; the application suggests what it can see: that the day of the
review has come, and that a measure missed its aim in three months running.
"""

from __future__ import annotations

from datetime import date, datetime

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.improving import rules
from cases.improving.choices import Trigger
from cases.improving.models import ReviewReason
from cases.partners.locking import one_at_a_time
from cases.policy.queries import policy_version_at
from cases.rows import keep
from cases.words import say_date


@operation
def record_reason(
    *, by: Actor, at: datetime, kind: str, words: str, noticed_on: date
) -> ReviewReason:
    """Somebody knows of something that may bring the review forward.

    Raises Refused, and PolicyVersion.DoesNotExist if no version of the policy is recorded.
    """
    enforce(rules.may_keep(by))
    enforce(rules.is_reason(kind, words, noticed_on, london_date(at)))
    return _found(by, at, ReviewReason(kind=kind, words=words.strip(), noticed_on=noticed_on))


@operation
def suggest_missed_aim(
    *, by: Actor, at: datetime, measure: str, month: date, words: str
) -> ReviewReason | None:
    """A measure missed its aim in three months running, of which ``month`` (its first day) is
    the last; nobody is told twice of the same months.  Raises Refused for whoever is no job.
    """
    enforce(rules.may_suggest(by))
    one_at_a_time(f"missed aim {measure}")
    before = ReviewReason.objects.filter(measure=measure, month__isnull=False)
    newest = before.order_by("-month").values_list("month", flat=True).first()
    waits = before.filter(decision="").exists()
    if waits or not rules.suggests_again(newest, month):
        unchanged()
        return None
    row = ReviewReason(kind=Trigger.NOT_EFFECTIVE, words=words, measure=measure, month=month)
    row.noticed_on = london_date(at)
    return _found(by, at, row)


@operation
def suggest_review_date(*, by: Actor, at: datetime) -> ReviewReason | None:
    """The day by which the version in force is to be reviewed has come; said once for each.

    Raises Refused for whoever is no job.
    """
    enforce(rules.may_suggest(by))
    version = policy_version_at(at)
    one_at_a_time(f"review of policy {version.pk}")
    said = ReviewReason.objects.filter(kind=Trigger.REVIEW_DATE, policy=version)
    if version.review_on > london_date(at) or said.exists():
        unchanged()
        return None
    day = say_date(version.review_on)
    row = ReviewReason(kind=Trigger.REVIEW_DATE, noticed_on=version.review_on)
    row.words = f"Version {version.version} was to be reviewed by {day}."
    return _found(by, at, row)


@operation
def decide_reason(
    *,
    by: Actor,
    at: datetime,
    reason: ReviewReason,
    decision: str,
    why: str,
    review_by: date | None = None,
) -> ReviewReason:
    """The policy is reviewed by a day because of this, or is not; and why.

    Raises Refused, ValidationError.
    """
    enforce(rules.may_keep(by))
    row = ReviewReason.objects.select_for_update(of=("self",), no_key=True).get(pk=reason.pk)
    said = (decision, why.strip(), review_by)
    if row.decision and (row.decision, row.decision_why, row.review_by) == said:
        unchanged()
        return row
    enforce(
        rules.may_decide(
            decided=bool(row.decision),
            decision=decision,
            why=why,
            review_by=review_by,
            today=london_date(at),
        )
    )
    row.decision, row.decision_why, row.review_by = said
    row.decided_by_id, row.decided_at = by.user_id, at
    keep(row)
    changes = {"decision": decision, "by": review_by.isoformat() if review_by else None}
    record(Verb.REVIEW_REASON_DECIDED, by=by, at=at, subject=row, changes=changes)
    return row


def _found(by: Actor, at: datetime, row: ReviewReason) -> ReviewReason:
    row.policy, row.found_by_id, row.found_at = policy_version_at(at), by.id, at
    keep(row)
    changes = {"kind": row.kind, "measure": row.measure} if row.measure else {"kind": row.kind}
    record(Verb.REVIEW_REASON_FOUND, by=by, at=at, subject=row, changes=changes)
    return row
