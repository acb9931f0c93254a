"""Who may do what with a report and its routes, and why not.  Pure."""

from __future__ import annotations

from datetime import datetime

from cases import calendar
from cases.access import YES, Actor, Answer, Grant, rule
from cases.intake.choices import Route, RouteState

ENOUGH_REASON = 20

RECEIVING: dict[str, Grant] = {
    Route.ASB: Grant.RECEIVE_ASB,
    Route.SAFEGUARDING: Grant.RECEIVE_SAFEGUARDING,
    Route.DA: Grant.RECEIVE_DA,
}


def safeguarding_due(start: datetime) -> datetime:
    """The Safeguarding referral goes the same day (SLA_SAFEGUARDING, HC-30)."""
    return calendar.end_of_day(start)


@rule("intake.submit")
def submit(actor: Actor, *, taken_by_id: int, said_what_happened: bool) -> Answer:
    """Whether a sheet may be sent to triage.  Only what happened cannot be missing."""
    if not (allowed := actor.may(Grant.TAKE_REPORT)):
        return allowed
    if actor.id != taken_by_id:
        return Answer("Only the person who took the call sends its sheet.")
    if not said_what_happened:
        return Answer("Say what happened, in a few words or by its kind, before you send it.")
    return YES


@rule("intake.add_view")
def add_view(actor: Actor) -> Answer:
    """A view may be added at any time, by anybody who takes reports (HC-23)."""
    return actor.may(Grant.TAKE_REPORT)


@rule("intake.answer_route")
def answer_route(
    actor: Actor,
    *,
    route: str,
    state: str,
    owner_id: int | None,
    accept: bool = True,
    reason: str = "",
) -> Answer:
    """Whether the actor may accept or decline a route: its owner, while it is offered."""
    grant = RECEIVING.get(route)
    if grant is None:
        return Answer("This route needs nobody's answer.")
    if not (allowed := actor.may(grant)):
        return allowed
    if owner_id is not None and owner_id != actor.id:
        return Answer("It was offered to somebody else.")
    if state != RouteState.OFFERED:
        return Answer(f"It has already been answered: {RouteState(state).label.lower()}.")
    if not accept and len(reason.strip()) < ENOUGH_REASON:
        return Answer(f"Say why you decline it (at least {ENOUGH_REASON} characters).")
    return YES


@rule("intake.offer_again")
def offer_again(actor: Actor, *, state: str) -> Answer:
    """A declined route goes back to a manager, who offers it again."""
    if not actor.may(Grant.ALLOCATE):
        return Answer("Only a case manager offers a declined route again.")
    if state != RouteState.DECLINED:
        return Answer("Only a route that was declined is offered again.")
    return YES


@rule("intake.decide_pair")
def decide_pair(actor: Actor, *, decided: bool, reason: str = "") -> Answer:
    """Whether the actor may say that two accounts are of one incident, or of two."""
    if not (allowed := actor.may(Grant.WORK_CASES)):
        return allowed
    if decided:
        return Answer("This has already been decided.")
    if len(reason.strip()) < ENOUGH_REASON:
        return Answer(f"Say why (at least {ENOUGH_REASON} characters).")
    return YES


@rule("intake.take_apart")
def take_apart(actor: Actor, *, linked: bool, last: bool = True, reason: str = "") -> Answer:
    """Whether the actor may say that two accounts were of two incidents after all."""
    if not (allowed := actor.may(Grant.WORK_CASES)):
        return allowed
    if not linked:
        return Answer("These two are not recorded as one incident.")
    if not last:
        return Answer("Another account was linked since. Take that one apart first.")
    if len(reason.strip()) < ENOUGH_REASON:
        return Answer(f"Say why (at least {ENOUGH_REASON} characters).")
    return YES


@rule("intake.correct_received")
def correct_received(
    actor: Actor,
    *,
    before: datetime,
    after: datetime,
    submitted_at: datetime,
    reason: str = "",
) -> Answer:
    """A manager corrects when a report was received, with a reason (domain 4.3)."""
    if not (allowed := actor.may(Grant.CORRECT_RECEIVED)):
        return allowed
    if after == before:
        return Answer("That is the time already recorded.")
    if after > submitted_at:
        return Answer("The report cannot have been received after it was sent to triage.")
    if len(reason.strip()) < ENOUGH_REASON:
        return Answer(f"Say why the time is corrected (at least {ENOUGH_REASON} characters).")
    return YES
