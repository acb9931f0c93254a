"""Acting for the Director: who names whom, for how long.  Pure.

Source: domain 0.2, question 2: no deputy of itself; the Director names somebody, for a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from cases.access import YES, Actor, Answer, Grant, Role, first_no, incompatible, rule
from cases.staff.rules import Held

ENOUGH_REASON = 20


@rule("staff.name_delegate")
def may_name(actor: Actor) -> Answer:
    """Only the Director names somebody to act for the Director, or ends it."""
    return actor.may(Grant.NAME_DELEGATE)


def name_delegate(
    actor: Actor,
    *,
    user_id: int,
    active: bool,
    wanted: Held,
    held: Iterable[Held],
    most_days: int,
    reason: str,
) -> Answer:
    """Whether somebody who holds ``held`` may act for the Director in that period.

    ``most_days`` is the setting DELEGATION_DAYS, in elapsed days.
    """
    if not (allowed := may_name(actor)):
        return allowed
    if actor.id == user_id:
        return Answer("Name somebody else: you are the Director.")
    if not active:
        return Answer("They cannot sign in, so they cannot act for you.")
    if wanted.ends_at is None:
        return Answer("Say until when they act for you.")
    if wanted.ends_at <= wanted.begins_at:
        return Answer("The end must be after the beginning, and still to come.")
    if wanted.ends_at - wanted.begins_at > timedelta(days=most_days):
        return Answer(f"Somebody acts for you for {most_days} days at most. Name them again then.")
    if len(reason.strip()) < ENOUGH_REASON:
        return Answer(f"Say why (at least {ENOUGH_REASON} characters).")
    meeting = [other for other in held if wanted.overlaps(other)]
    return first_no(
        Answer("They act for you in some of that time already.")
        if any(other.role is Role.ACTING_DIRECTOR for other in meeting)
        else YES,
        Answer("They are the Director in that time already.")
        if any(other.role is Role.DIRECTOR_CO for other in meeting)
        else YES,
        *(incompatible(frozenset({wanted.role, other.role})) for other in meeting),
    )
