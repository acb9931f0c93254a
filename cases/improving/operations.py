"""What is to be done better: the only writers of it (HC-46, HC-50).

What a person writes is about how we work, never about a case; the ledger keeps codes and days.
"""

from __future__ import annotations

from datetime import date, datetime

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.improving import rules
from cases.improving.keeping import change, check_owner, check_words, end
from cases.improving.models import Improvement, Recommendation, ReviewReason
from cases.rows import keep
from cases.staff.models import User


@operation
def add_improvement(
    *,
    by: Actor,
    at: datetime,
    what: str,
    because: str,
    finding: str,
    owner: User,
    due_on: date,
    measure: str = "",
    recommendation: Recommendation | None = None,
    review: ReviewReason | None = None,
) -> Improvement:
    """Something is to be done better by ``owner``, by the end of ``due_on``.

    ``measure`` is the code of the one that showed it; ``recommendation`` or ``review`` what it
    is made from.  Raises Refused, ValidationError.
    """
    enforce(rules.may_keep(by))
    enforce(rules.is_because(because, recommended=bool(recommendation), reviewed=bool(review)))
    check_words(what, finding)
    enforce(rules.is_due(due_on, london_date(at)))
    check_owner(owner, at)
    row = Improvement(
        what=what.strip(),
        because=because,
        finding=finding.strip(),
        measure=measure,
        recommendation=recommendation,
        review=review,
        owner=owner,
        due_on=due_on,
        added_by_id=by.user_id,
        added_at=at,
    )
    keep(row)
    record(
        Verb.IMPROVEMENT_ADDED,
        by=by,
        at=at,
        subject=row,
        changes={"because": because, "user": owner.pk, "due": due_on.isoformat()},
    )
    return row


@operation
def change_improvement(
    *,
    by: Actor,
    at: datetime,
    improvement: Improvement,
    what: str,
    finding: str,
    owner: User,
    due_on: date,
) -> Improvement:
    """Other words, somebody else, or another day.  Raises Refused, ValidationError."""
    enforce(rules.may_keep(by))
    row = _lock(improvement)
    enforce(rules.may_change(row.state))
    check_words(what, finding)
    return change(
        row,
        Verb.IMPROVEMENT_CHANGED,
        by=by,
        at=at,
        said={"what": what.strip(), "finding": finding.strip()},
        owner=owner,
        due_on=due_on,
    )


@operation
def end_improvement(
    *, by: Actor, at: datetime, improvement: Improvement, to: str, evidence: str
) -> Improvement:
    """It is done, or not needed: ``evidence`` says how one can see that, or why.

    Raises Refused, ValidationError.
    """
    enforce(rules.may_keep(by))
    row = _lock(improvement)
    return end(row, Verb.IMPROVEMENT_ENDED, by=by, at=at, to=to, evidence=evidence)


def _lock(row: Improvement) -> Improvement:
    rows = Improvement.objects.select_for_update(of=("self",), no_key=True)
    locked: Improvement = rows.get(pk=row.pk)
    return locked
