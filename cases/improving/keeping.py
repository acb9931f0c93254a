"""What keeping an action and keeping a recommendation have in common.

Called by their operations, inside their transaction, with a row that is locked.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cases.access import Actor, enforce
from cases.audit.ledger import record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.improving import rules
from cases.improving.choices import State
from cases.improving.models import Improvement, Recommendation
from cases.rows import keep
from cases.staff.models import User

WHAT = "Say what is to be done."
FOUND = "Say what was found."


def check_words(what: str, finding: str) -> None:
    """Both were said.  Raises Refused."""
    enforce(rules.is_said(what, WHAT))
    enforce(rules.is_said(finding, FOUND))


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
