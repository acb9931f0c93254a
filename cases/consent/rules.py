"""What may be told, and what a conversation needs.  Pure; the sentences are what people read.

The newest answer for a person, an agency and a scope counts.  Only a yes in time is a yes:
refused, withdrawn, run out, lacking capacity and not asked all mean no (domain 7.3,
policy line 170).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from cases.access import Actor, Answer, Grant, rule
from cases.calendar import add_months
from cases.casework.choices import Part
from cases.casework.rules import work
from cases.consent.choices import Again, Aid, How, Reply, Scope, Standing, Until

ADULT = 18
LONGEST_MONTHS = 24
"""A day further away than this was mistyped: permission is asked again long before."""

NO_BEFORE = frozenset({Standing.REFUSED, Standing.WITHDRAWN})

NOT_THEIRS = "Permission is asked of whoever was harmed, saw it or reported it."


@dataclass(frozen=True)
class Answered:
    """The newest answer about one scope, and how long it counts.

    ``until_on`` is the last day it counts; ``closed`` is whether the case was closed since.
    """

    reply: str
    until: str = Until.MONTHS
    until_on: date | None = None
    closed: bool = False


def standing(answered: Answered | None, today: date) -> Standing:
    """What the newest answer amounts to on that day in London; ``None`` is never asked."""
    if answered is None:
        return Standing.NOT_ASKED
    if answered.reply != Reply.GIVEN:
        return Standing(answered.reply)
    if answered.until == Until.CLOSE:
        return Standing.RAN_OUT if answered.closed else Standing.GIVEN
    if answered.until_on is None or today > answered.until_on:
        return Standing.RAN_OUT
    return Standing.GIVEN


def live(answers: Mapping[str, Answered], today: date) -> frozenset[str]:
    """The scopes with a yes that counts on that day."""
    return frozenset(
        scope for scope, answered in answers.items() if standing(answered, today) == Standing.GIVEN
    )


@rule("consent.ask")
def ask(actor: Actor, *, stage: str, part: str) -> Answer:
    """Whether the actor may ask somebody on a case they can see who may be told."""
    if part == Part.RESPONDENT:
        return Answer(NOT_THEIRS)
    return work(actor, stage=stage)


@rule("consent.withdraw")
def withdraw(actor: Actor, *, part: str) -> Answer:
    """Whether the actor may record that permission is taken back: also after a case closed."""
    if part == Part.RESPONDENT:
        return Answer(NOT_THEIRS)
    return actor.may(Grant.WORK_CASES)


def is_child(born: date | None, today: date) -> bool:
    """Whether somebody is known to be under 18 on that day; 29 February counts as 1 March."""
    if born is None:
        return False
    had = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (0 if had else 1) < ADULT


def last_day(until: str, today: date, *, months: int, chosen: date | None) -> date | None:
    """The last day an answer counts; ``None`` while the case is open."""
    if until == Until.CLOSE:
        return None
    return chosen if until == Until.DATE else add_months(today, months)


@dataclass(frozen=True)
class Conversation:
    """What was said in one conversation, as the rules judge it.

    ``before`` is what each scope amounted to until now; ``silent`` whether they asked not to be
    asked again; ``child`` whether they are under 18.
    """

    replies: Mapping[str, str]
    how: str
    until: str
    today: date
    until_on: date | None = None
    aids: Collection[str] = ()
    interpreter: str = ""
    guardian: str = ""
    guardian_basis: str = ""
    childs_view: str = ""
    decided_by: str = ""
    best_interests: str = ""
    again: str = ""
    again_words: str = ""
    not_again: bool = False
    interpreter_known: bool = False
    child: bool = False
    silent: bool = False
    before: Mapping[str, Standing] | None = None


Problems = list[tuple[str, str]]


def missing(said: Conversation) -> Problems:
    """What a conversation still needs, as pairs of a field and its sentence."""
    return [
        *_answers(said),
        *_until(said),
        *_understood(said),
        *_for_a_child(said),
        *_capacity(said),
        *_asked_again(said),
    ]


def _answers(said: Conversation) -> Problems:
    found: Problems = []
    if not said.replies and not said.not_again:
        found.append(("replies", "Answer at least one question, or leave it as it was."))
    unknown = set(said.replies) - set(Scope) or set(said.replies.values()) - set(Reply)
    if unknown:
        found.append(("replies", "Choose Yes, No or Not asked."))
    if said.how not in set(How):
        found.append(("how", "Choose how it was asked."))
    return found


def _until(said: Conversation) -> Problems:
    if said.until not in set(Until):
        return [("until", "Choose until when the answers count.")]
    if said.until != Until.DATE:
        return []
    if said.until_on is None:
        return [("until_on", "Enter the last day the answers count.")]
    if said.until_on <= said.today:
        return [("until_on", "The last day the answers count must be after today.")]
    if said.until_on > add_months(said.today, LONGEST_MONTHS):
        return [("until_on", "Choose a day within the next 2 years, and ask again then.")]
    return []


def _understood(said: Conversation) -> Problems:
    if Aid.INTERPRETER in said.aids and not said.interpreter.strip():
        return [("interpreter", "Say who interpreted.")]
    return []


def _for_a_child(said: Conversation) -> Problems:
    found: Problems = []
    if said.child and not said.guardian.strip():
        found.append(("guardian", "They are under 18. Say who answered."))
    if (said.child or said.guardian.strip()) and not said.guardian_basis.strip():
        found.append(("guardian_basis", "Say why they may answer for the child."))
    if said.child and not said.childs_view.strip():
        found.append(("childs_view", "Say what the child wants, in their own words."))
    return found


def _capacity(said: Conversation) -> Problems:
    words = {"decided_by": said.decided_by, "best_interests": said.best_interests}
    if Reply.LACKS_CAPACITY not in said.replies.values():
        if any(text.strip() for text in words.values()):
            return [("capacity", "Say that they cannot decide this, or leave these two empty.")]
        return []
    asks = {
        "decided_by": "Say who decided what is best for them.",
        "best_interests": "Say what was decided, and why it is best for them.",
    }
    return [(name, asks[name]) for name, text in words.items() if not text.strip()]


def _asked_again(said: Conversation) -> Problems:
    """A no is accepted: asked again only at a review or when they raise it (HC-42)."""
    silenced = said.silent and bool(said.replies)
    if not silenced and not refused_again(said.replies, said.before or {}):
        return []
    if said.again not in set(Again):
        return [("again", "They said no before. Say why they were asked again.")]
    if (silenced or said.again == Again.MISTAKE) and not said.again_words.strip():
        ask_for = "They asked us not to ask again. Say what changed."
        return [("again_words", ask_for if silenced else "Say what was not right.")]
    return []


def refused_again(replies: Mapping[str, str], before: Mapping[str, Standing]) -> frozenset[str]:
    """The scopes asked about now to which they had said no, whatever they say this time."""
    asked = (Reply.GIVEN, Reply.REFUSED)
    return frozenset(
        scope
        for scope, reply in replies.items()
        if reply in asked and before.get(scope) in NO_BEFORE
    )


def taken_back(replies: Mapping[str, str], yes: Collection[str]) -> frozenset[str]:
    """The scopes whose yes a conversation ends by a no."""
    return frozenset(
        scope for scope, reply in replies.items() if reply == Reply.REFUSED and scope in yes
    )
