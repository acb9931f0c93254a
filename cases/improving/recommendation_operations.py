"""The register of what was recommended to us: its only writers (HC-47, policy line 186)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.improving import rules
from cases.improving.keeping import change, check_owner, end
from cases.improving.models import Recommendation
from cases.rows import keep
from cases.staff.models import User

TITLE = "Say what it was published as, or its number."
WORDS = "Say what is recommended, in our own words."


@operation
def add_recommendation(
    *,
    by: Actor,
    at: datetime,
    source: str,
    title: str,
    said_in: date,
    words: str,
    owner: User,
    due_on: date,
) -> Recommendation:
    """What was recommended in a month (its first day), in our own words, and who answers to it.

    Raises Refused, and ValidationError where the register holds it already.
    """
    enforce(rules.may_keep(by))
    enforce(rules.is_source(source, said_in, london_date(at)))
    said = _said(title, words)
    enforce(rules.is_due(due_on, london_date(at)))
    check_owner(owner, at)
    row = Recommendation(
        source=source,
        said_in=said_in,
        owner=owner,
        due_on=due_on,
        added_by_id=by.user_id,
        added_at=at,
        **said,
    )
    keep(row)
    changes: dict[str, Any] = {"source": source, "user": owner.pk, "due": due_on.isoformat()}
    record(Verb.RECOMMENDATION_ADDED, by=by, at=at, subject=row, changes=changes)
    return row


@operation
def change_recommendation(
    *,
    by: Actor,
    at: datetime,
    recommendation: Recommendation,
    title: str,
    words: str,
    owner: User,
    due_on: date,
) -> Recommendation:
    """Other words, somebody else, or another day.  Raises Refused, ValidationError."""
    enforce(rules.may_keep(by))
    row = _lock(recommendation)
    enforce(rules.may_change(row.state))
    said = _said(title, words)
    verb = Verb.RECOMMENDATION_CHANGED
    return change(row, verb, by=by, at=at, said=said, owner=owner, due_on=due_on)


@operation
def end_recommendation(
    *, by: Actor, at: datetime, recommendation: Recommendation, to: str, evidence: str
) -> Recommendation:
    """We did it, or it is not for us: ``evidence`` says how one can see that, or why.

    Raises Refused, ValidationError.
    """
    enforce(rules.may_keep(by))
    row, verb = _lock(recommendation), Verb.RECOMMENDATION_ENDED
    return end(row, verb, by=by, at=at, to=to, evidence=evidence)


def _said(title: str, words: str) -> dict[str, str]:
    enforce(rules.is_said(title, TITLE, rules.LONGEST_LINE))
    enforce(rules.is_said(words, WORDS))
    return {"title": " ".join(title.split()), "words": words.strip()}


def _lock(row: Recommendation) -> Recommendation:
    locked: Recommendation = Recommendation.objects.select_for_update(
        of=("self",), no_key=True
    ).get(pk=row.pk)
    return locked
