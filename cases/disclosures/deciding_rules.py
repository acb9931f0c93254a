"""Who decides whether the police are told without permission, and what a decision is.  Pure.

The sentences are what people read (screens section 9).  Sources: policy line 172, domain 7.5 and
question 2 of 0.2, bar rows 25 to 28.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.access import YES, Actor, Answer, Grant, rule
from cases.disclosures.choices import REASON_LENGTH, Capacity, RequestState, Verdict
from cases.words import say_time


def enough(words: str) -> bool:
    """Whether a reason says enough to decide on (bar row 27)."""
    return len(words.strip()) >= REASON_LENGTH


@dataclass(frozen=True)
class Decider:
    """Somebody who could be the one to decide, at one moment and for one case.

    ``named_by`` is the Director a delegate acts for; ``stands_aside`` whether they have a
    conflict of interest in the case.
    """

    user_id: int
    name: str
    capacity: Capacity
    stands_aside: bool = False
    named_by: int | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """What the question of who decides turns on."""

    asked_by_id: int
    lead_id: int | None
    deciders: Sequence[Decider] = ()

    def barred(self, one: Decider) -> bool:
        """Whether they asked, lead or have a conflict: then somebody else decides."""
        return one.stands_aside or one.user_id in (self.asked_by_id, self.lead_id)

    @property
    def free(self) -> list[Decider]:
        """Who may decide it: the Director and the Director's delegates, or else the sponsor."""
        directors = [one for one in self.deciders if one.capacity is Capacity.DIRECTOR]
        can = {one.user_id for one in directors if not self.barred(one)}
        cannot = {one.user_id for one in directors} - can
        acting = [
            one
            for one in self.deciders
            if one.capacity is Capacity.DELEGATE
            and not self.barred(one)
            and one.named_by not in cannot
        ]
        chosen = [one for one in directors if one.user_id in can] + acting
        if can:
            return chosen
        sponsors = [one for one in self.deciders if one.capacity is Capacity.SPONSOR]
        return chosen + [one for one in sponsors if not self.barred(one)]


def who_decides(asked: Asked) -> str:
    """Who decides, in words: "the policy sponsor, Amit Rao"; or that nobody can yet."""
    if not asked.free:
        return "nobody yet, so ask the system administrator to name a policy sponsor"
    one = asked.free[0]
    called = {
        Capacity.DIRECTOR: "the Director",
        Capacity.DELEGATE: "acting for the Director",
        Capacity.SPONSOR: "the policy sponsor",
    }[one.capacity]
    if one.capacity is Capacity.DELEGATE:
        return f"{one.name}, {called}"
    return f"{called}, {one.name}"


def capacity_of(actor: Actor, asked: Asked) -> Capacity | None:
    """As what the actor may decide this, or None."""
    return next((one.capacity for one in asked.free if one.user_id == actor.id), None)


@rule("disclosures.may_decide")
def may_decide(actor: Actor, *, asked: Asked) -> Answer:
    """Whether the actor is the one who decides (policy line 172, domain 7.5, question 2)."""
    if not (allowed := actor.may(Grant.DECIDE_DISCLOSURE)):
        return allowed
    other = who_decides(asked)
    own = [one for one in asked.deciders if one.user_id == actor.id]
    if actor.id == asked.asked_by_id:
        return Answer(f"You raised this request, so somebody else decides it: {other}.")
    if actor.id == asked.lead_id:
        return Answer(f"You lead this case, so somebody else decides it: {other}.")
    if any(one.stands_aside for one in own):
        return Answer(
            f"You have a conflict of interest in this case, so somebody else decides it: {other}."
        )
    if capacity_of(actor, asked):
        return YES
    if any(one.capacity is Capacity.DELEGATE for one in own):
        return Answer(
            "The Director you act for asked for this, leads the case or has a conflict of "
            f"interest, so somebody else decides it: {other}."
        )
    if any(one.capacity is Capacity.SPONSOR for one in own):
        return Answer("The Director can decide this, so the policy sponsor does not.")
    return Answer(Grant.DECIDE_DISCLOSURE.value)


@rule("disclosures.may_look_back")
def may_look_back(actor: Actor, *, asked: Asked) -> Answer:
    """Whether the actor looks back at a 999 call: whoever would decide, and did not record it."""
    if actor.id == asked.asked_by_id and actor.may(Grant.DECIDE_DISCLOSURE):
        return Answer(
            f"You wrote down this call, so somebody else looks back at it: {who_decides(asked)}."
        )
    return may_decide(actor, asked=asked)


YOU_MAY = (
    "You may decide this: you did not ask for it, do not lead the case, and no conflict was found."
)


def undecided(
    state: str, *, decided_by: str = "", verdict: str = "", at: datetime | None = None
) -> Answer:
    """One decision for each request: what to read when it was decided, or is no longer asked."""
    if state == RequestState.WAITING:
        return YES
    if decided_by and at is not None:
        said = Verdict(verdict).label
        return Answer(f"{decided_by} decided this already, at {say_time(at)}: {said}.")
    if state == RequestState.TAKEN_BACK:
        return Answer("The request was taken back, so there is nothing to decide.")
    if state == RequestState.DRAFT:
        return Answer("The request is still being written.")
    if state == RequestState.SENT:
        return Answer("It went already, by the Director’s word on the phone.")
    return Answer("The request is over, so there is nothing to decide.")


def changed_since(at: datetime) -> Answer:
    """The page is not what the Director saw, or approved."""
    return Answer(
        f"The pack was changed at {say_time(at)}, so what you saw is not what would go. "
        "Nothing was decided."
    )


@rule("disclosures.decide")
def decide(actor: Actor, *, verdict: str, reason: str, taking_out: int, left: int) -> Answer:
    """Whether a decision says what it must: a verdict, why, and what is left out."""
    if verdict not in Verdict.values:
        return Answer("Choose what you decide.")
    if not enough(reason):
        return Answer(f"Give your reason (at least {REASON_LENGTH} characters).")
    if verdict != Verdict.APPROVE_REDUCED and taking_out:
        return Answer("To leave something out, choose “Approve less”.")
    if verdict == Verdict.APPROVE_REDUCED and not taking_out:
        return Answer("Choose what is left out, or approve it as shown.")
    if verdict == Verdict.APPROVE_REDUCED and not left:
        return Answer("Nothing would be left to send: decline instead.")
    return YES
