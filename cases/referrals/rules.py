"""Who may refer whom to whom, and what may become of a referral.  Pure (domain 2.13, HC-11)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from cases import calendar
from cases.access import YES, Actor, Answer, Grant, first_no, rule
from cases.casework import rules as casework
from cases.casework.choices import Part
from cases.casework.clocks import ClockKind
from cases.disclosures.choices import Channel, Door
from cases.lifecycle import may_become
from cases.partners.choices import OWN_KINDS, AgencyKind
from cases.referrals.choices import (
    ACTION_STATES,
    RECEIVE_ONLY,
    REFERRAL_STATES,
    ActionState,
    Forum,
    ReferralState,
)

ENOUGH_REASON = 20

OWN_DOORS: dict[str, str] = {
    AgencyKind.SAFEGUARDING_TEAM: Door.SAFEGUARDING,
    AgencyKind.DA_TEAM: Door.DA,
    AgencyKind.HR: Door.PERMISSION,
    AgencyKind.ASB_TEAM: "",
}
"""The one door to each team of our own; antisocial behaviour works the same cases, so none."""

REFERRAL_DOORS: tuple[Door, ...] = (
    Door.PERMISSION,
    Door.ANONYMISED,
    Door.SAFEGUARDING,
    Door.DA,
    Door.LEGAL_REQUIREMENT,
    Door.PROCEEDINGS,
)
"""The doors a referral outside may go through, the usual ones first (domain 2.14)."""

_ELSEWHERE: dict[str, str] = {
    Door.DIRECTOR: "To tell the police without permission, ask the Director: that is a page of "
    "its own.",
    Door.EMERGENCY: "A life at risk is not a referral. Ring 999 first, then record it.",
}

SUPPORT = frozenset(
    {
        AgencyKind.VICTIM_SUPPORT,
        AgencyKind.HATE_SPECIALIST,
        AgencyKind.DA_SERVICE,
        AgencyKind.DISABILITY,
        AgencyKind.LGBT,
        AgencyKind.FAITH,
        AgencyKind.RACE,
        AgencyKind.MIGRANT_LEGAL,
        AgencyKind.MENTAL_HEALTH,
        AgencyKind.ADVOCACY,
    }
)
"""Agencies whose help is the specialist support of HC-37 (policy line 163)."""

RECEIVING: dict[str, Grant] = {
    AgencyKind.SAFEGUARDING_TEAM: Grant.RECEIVE_SAFEGUARDING,
    AgencyKind.DA_TEAM: Grant.RECEIVE_DA,
    AgencyKind.ASB_TEAM: Grant.RECEIVE_ASB,
}
"""Teams of our own who answer for themselves; for everybody else the case's officer records."""

BEFORE_IT_WENT = frozenset({ReferralState.DRAFT, ReferralState.QUEUED})
CALLED = "A referral"


def doors_to(kind: str) -> tuple[str, ...]:
    """The doors a referral to an agency of that kind may name; "" is none needed."""
    return (OWN_DOORS[kind],) if kind in OWN_KINDS else REFERRAL_DOORS


@rule("referrals.start")
def start(
    actor: Actor,
    *,
    stage: str,
    kind: str | None = None,
    door: str = "",
    part: str | None = None,
    ended: bool = False,
) -> Answer:
    """Whether the actor may begin a referral; ``kind`` is the agency's, once one is chosen.

    ``part`` is the part in the case of whoever is referred, None for nobody.
    """
    answer = casework.work(actor, stage=stage)
    if not answer or kind is None:
        return answer
    return first_no(_agency(kind, ended=ended), _door(kind, door), _whom(kind, door, part))


def _agency(kind: str, *, ended: bool) -> Answer:
    if ended:
        return Answer("This entry of the directory was ended. Choose another agency.")
    return YES


def _door(kind: str, door: str) -> Answer:
    if kind in OWN_KINDS:
        if door == OWN_DOORS[kind]:
            return YES
        if kind == AgencyKind.HR:
            return Answer("HR is told only with permission.")
        return Answer("A team of our own has one way in. Leave it as it is.")
    if door in _ELSEWHERE:
        return Answer(_ELSEWHERE[door])
    if not door:
        return Answer("Say on what ground another agency may be told.")
    return YES


def _whom(kind: str, door: str, part: str | None) -> Answer:
    if door == Door.ANONYMISED and part is not None:
        return Answer("Where nobody can be recognised, the referral is about nobody.")
    if door != Door.ANONYMISED and part is None and kind not in OWN_KINDS:
        return Answer("Say who is referred.")
    return YES


@rule("referrals.answer")
def answer(
    actor: Actor, *, stage: str, kind: str, state: str, to: str, why: str | None = None
) -> Answer:
    """Whether the actor may record that it was accepted or declined (``to``).

    A team of our own answers for itself; what another agency said, whoever works the case
    records.  ``why`` is the reason of a refusal, None while a page only asks.
    """
    grant = RECEIVING.get(kind)
    who = actor.may(grant) if grant else actor.may(Grant.WORK_CASES)
    reached = may_become(REFERRAL_STATES, state, to, called=CALLED)
    told = first_no(who, casework.still_open(stage), _spoken(state, reached))
    if told and to == ReferralState.DECLINED and why is not None and not why.strip():
        return Answer("Say why they declined.")
    return told


def answered(on: date, sent_on: date, today: date) -> Answer:
    """They answer on a day between its going and today."""
    if on > today:
        return Answer("The day they answered cannot be in the future.")
    if on < sent_on:
        return Answer("They cannot have answered before it was sent.")
    return YES


def _spoken(state: str, answer: Answer) -> Answer:
    """The same refusal in words of a referral."""
    if answer:
        return YES
    said = {
        ReferralState.DRAFT: "This referral has not been sent yet.",
        ReferralState.QUEUED: "This referral has not been sent yet.",
        ReferralState.ACCEPTED: "This referral was accepted.",
        ReferralState.DECLINED: "This referral was declined. Begin another if it is still needed.",
        ReferralState.ENDED: "This referral has ended.",
        ReferralState.REVOKED: "This referral was stopped before it went.",
    }
    return Answer(said.get(ReferralState(state), answer.reason))


@rule("referrals.chase")
def chase(actor: Actor, *, stage: str, state: str) -> Answer:
    """Whether the actor may record having asked what became of it."""
    allowed = casework.work(actor, stage=stage)
    if not allowed:
        return allowed
    if state not in (ReferralState.SENT, ReferralState.ACCEPTED):
        return _spoken(state, Answer("There is nothing to ask after."))
    return YES


@rule("referrals.end")
def end(actor: Actor, *, stage: str, state: str, why: str | None = None) -> Answer:
    """Whether the actor may end a referral that went."""
    allowed = first_no(
        casework.work(actor, stage=stage),
        _spoken(state, may_become(REFERRAL_STATES, state, ReferralState.ENDED, called=CALLED)),
    )
    if allowed and why is not None and not why.strip():
        return Answer("Say why it ends.")
    return allowed


@rule("referrals.revoke")
def revoke(actor: Actor, *, stage: str, state: str, why: str | None = None) -> Answer:
    """Whether the actor may stop a referral before it goes.  Afterwards nobody can."""
    if not (allowed := actor.may(Grant.WORK_CASES)):
        return allowed
    if state in (ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.DECLINED):
        return Answer("It has gone already, so it cannot be stopped. End it, and tell them.")
    if state not in BEFORE_IT_WENT:
        return _spoken(state, Answer("It cannot be stopped."))
    if why is not None and not why.strip():
        return Answer("Say why it is stopped.")
    return YES


@rule("referrals.send")
def send(actor: Actor, *, stage: str, state: str) -> Answer:
    """Whether the actor may press send; whether it goes, the gate says."""
    allowed = casework.work(actor, stage=stage)
    if not allowed:
        return allowed
    if state == ReferralState.DRAFT:
        return Answer("Choose what they are told, and make the page ready, first.")
    if state != ReferralState.QUEUED:
        gone = state in (ReferralState.SENT, ReferralState.ACCEPTED)
        return Answer("This referral has been sent.") if gone else _spoken(state, Answer("x"))
    return YES


def chase_on(sent_at: datetime, days: int, holidays: Collection[date]) -> date:
    """The day to ask what became of it: so many working days later (REFERRAL_CHASE_DAYS)."""
    return calendar.london_date(calendar.add_working_days(sent_at, days, holidays))


def next_chase(asked: date | None, today: date) -> Answer:
    """Whether somebody may plan to ask again on that day."""
    if asked is not None and asked <= today:
        return Answer("The day to ask again must be after today.")
    return YES


def met_by_sending(kind: str, part: str | None, door: str) -> tuple[ClockKind, ...]:
    """The promises kept by sending it.  A page that names nobody is no offer to anybody."""
    if part is None or door == Door.ANONYMISED:
        return ()
    if kind in SUPPORT:
        if part == Part.VICTIM:
            return (ClockKind.SUPPORT_SPECIALIST,)
        if part in (Part.THIRD_PARTY, Part.WITNESS):
            return (ClockKind.SUPPORT_THIRD_PARTY,)
    if kind == AgencyKind.FIRE and part == Part.VICTIM:
        return (ClockKind.FIRE_SERVICE,)
    return ()


def met_by_answer(kind: str) -> tuple[ClockKind, ...]:
    """The promises kept when a team of our own has answered."""
    return (ClockKind.SAFEGUARDING,) if kind == AgencyKind.SAFEGUARDING_TEAM else ()


# Meetings


@rule("referrals.meet")
def meet(
    actor: Actor, *, stage: str, held_on: date | None = None, today: date | None = None
) -> Answer:
    """Whether the actor may record a meeting, or what came of one."""
    allowed = casework.work(actor, stage=stage)
    if allowed and held_on is not None and today is not None and held_on > today:
        return Answer("Record a meeting once it was held.")
    return allowed


def tell_meeting(
    forum: str, *, same_case: bool, at_meeting: bool, there: bool, already: bool
) -> Answer:
    """Whether a page that left may be recorded as what we told a meeting.

    ``at_meeting``: it was recorded as read at a meeting; ``there``: its agency was present.
    """
    if forum in RECEIVE_ONLY:
        return Answer(f"{Forum(forum).label}. Nothing of ours is told there.")
    if not same_case:
        return Answer("That page is of another case.")
    if already:
        return Answer("That page is recorded as told at a meeting already.")
    if not at_meeting:
        return Answer(f"Record first that the page was “{Channel.MEETING.label.lower()}”.")
    if not there:
        return Answer("Nobody of that agency was there. Add who came first.")
    return YES


def change_forum(forum: str, *, told: bool) -> Answer:
    """A meeting we told something cannot be called one where we only receive."""
    if told and forum in RECEIVE_ONLY:
        return Answer("Something was told at this meeting, so it was not one where we only hear.")
    return YES


def due_after(due_on: date, held_on: date) -> Answer:
    """An action is due on the day of the meeting or later."""
    if due_on < held_on:
        return Answer("An action cannot be due before the meeting.")
    return YES


def hear_meeting(*, words: str, basis: str) -> Answer:
    """What they told us is kept with the ground on which they told it."""
    if not words.strip():
        return Answer("Say what they told us.")
    if not basis.strip():
        return Answer("Say on what ground they told us: permission, the law, an agreement.")
    return YES


def end_action(*, state: str, to: str, outcome: str) -> Answer:
    """Whether an agreed action may be ended in that way."""
    if not may_become(ACTION_STATES, state, to, called="An action"):
        return Answer(f"This was ended already: {ActionState(state).label.lower()}.")
    if not outcome.strip():
        return Answer("Say how it ended.")
    return YES


def is_late(due_on: date | None, today: date) -> bool:
    """Whether a day has passed: late the day after, not on the day."""
    return due_on is not None and due_on < today
