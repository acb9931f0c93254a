"""What is to be done better: the only writers of it (HC-46, HC-50).

What a person writes is about how we work, never about a case; the ledger keeps codes and days.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.improving import rules
from cases.improving.choices import State
from cases.improving.models import Improvement, Recommendation, ReviewReason
from cases.rows import keep
from cases.staff.models import User

WHAT = "Say what is to be done."
FOUND = "Say what was found."


@operation
def add_improvement(
    *,
    by: Actor,
    at: datetime,
    what: str,
    because: str,
    found: str,
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
    check_words(what, found)
    enforce(rules.is_due(due_on, london_date(at)))
    check_owner(owner, at)
    row = Improvement(
        what=what.strip(),
        because=because,
        found=found.strip(),
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
    found: str,
    owner: User,
    due_on: date,
) -> Improvement:
    """Other words, somebody else, or another day.  Raises Refused, ValidationError."""
    enforce(rules.may_keep(by))
    row = _lock(improvement)
    enforce(rules.may_change(row.state))
    check_words(what, found)
    return change(
        row,
        Verb.IMPROVEMENT_CHANGED,
        by=by,
        at=at,
        said={"what": what.strip(), "found": found.strip()},
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


# --- what actions and recommendations have in common ---


def check_words(what: str, found: str) -> None:
    """Both were said.  Raises Refused."""
    enforce(rules.is_said(what, WHAT))
    enforce(rules.is_said(found, FOUND))


def check_owner(owner: User, at: datetime) -> None:
    """Somebody who can open what is theirs.  Raises Refused."""
    enforce(rules.may_own(owner.actor(at), working=owner.is_active))


def change[Row: (Improvement, Recommendation)](
    row: Row,
    verb: Verb,
    *,
    by: Actor,
    at: datetime,
    said: dict[str, str],
    owner: User,
    due_on: date,
) -> Row:
    """Save other words, another owner or another day of a locked row, if anything is other."""
    enforce(rules.is_due(due_on, london_date(at), was=row.due_on))
    check_owner(owner, at)
    new: dict[str, Any] = {**said, "owner_id": owner.pk, "due_on": due_on}
    other = [name for name, value in new.items() if getattr(row, name) != value]
    if not other:
        unchanged()
        return row
    changes: dict[str, Any] = {}
    if "owner_id" in other:
        changes["user"] = owner.pk
    if "due_on" in other:
        changes["due"] = [row.due_on.isoformat(), due_on.isoformat()]
    for name in other:
        setattr(row, name, new[name])
    keep(row)
    record(verb, by=by, at=at, subject=row, changes=changes)
    return row


def end[Row: (Improvement, Recommendation)](
    row: Row, verb: Verb, *, by: Actor, at: datetime, to: str, evidence: str
) -> Row:
    """End a locked row, once; the same said twice is done once."""
    if row.state != State.OPEN and (row.state, row.evidence) == (to, evidence.strip()):
        unchanged()
        return row
    enforce(rules.may_end(row.state, to, evidence))
    row.state, row.evidence = to, evidence.strip()
    row.ended_at, row.ended_by_id = at, by.user_id
    keep(row)
    record(verb, by=by, at=at, subject=row, changes={"state": to})
    return row
