"""The Director's word on the phone, 999, and what follows: who may say what, and when.  Pure.

Source: domain 7.5 (urgent out of hours; life at risk now), bar row 29.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.access import YES, Actor, Answer, Grant, first_no, rule


@dataclass(frozen=True)
class Rung:
    """A word on the phone as a manager records it.

    ``director`` is whether whoever was rung could decide this; ``within`` how long a word counts.
    """

    urgent: bool
    in_hours: bool
    called_at: datetime
    asked_at: datetime | None
    now: datetime
    within: timedelta
    words: str
    director: Answer
    himself: bool = False


def word_counts(rung: Rung) -> Answer:
    """Whether the word lets the pack go: out of hours or urgent, in time, by whom it must be."""
    if rung.himself:
        return Answer("The Director decides here, not by phone.")
    if not rung.director:
        return rung.director
    if rung.in_hours and not rung.urgent:
        return Answer("In office hours, and not urgent, the Director decides here.")
    if rung.called_at > rung.now:
        return Answer("The call cannot be in the future.")
    if rung.asked_at is None or rung.called_at < rung.asked_at:
        return Answer("The call was before the Director was asked. Ring again.")
    if rung.now - rung.called_at > rung.within:
        return Answer("That call was too long ago. Ring the Director again.")
    if not rung.words.strip():
        return Answer("Write the Director’s own words.")
    return YES


@rule("disclosures.answer_phone")
def answer_phone(actor: Actor, *, director_id: int, waiting: bool, words: str = "x") -> Answer:
    """Only whoever is said to have said it confirms it, or says that it was not said."""
    if actor.id != director_id:
        return Answer("Only whoever was rung says what was said.")
    if not waiting:
        return Answer("You have answered this already.")
    return YES if words.strip() else Answer("Say in a few words what was said.")


@rule("disclosures.record_emergency")
def record_emergency(actor: Actor) -> Answer:
    """Whoever works cases records that 999 was rung: nothing else is asked (domain 7.5)."""
    return actor.may(Grant.WORK_CASES)


@rule("disclosures.afterwards")
def afterwards(actor: Actor, *, words: str, happened_at: datetime, now: datetime) -> Answer:
    """Whoever works the case says what followed, however late."""
    return first_no(
        actor.may(Grant.WORK_CASES),
        Answer("It cannot have been in the future.") if happened_at > now else YES,
        YES if words.strip() else Answer("Say what was done, or why not."),
    )
