"""Who keeps the list of what is to be done better, what may stand on it, and what is late.

Pure.  Source: HC-46, HC-47, HC-50; policy lines 186 and 206 to 213; domain 5.3 (M40).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cases.access import YES, Actor, Answer, Grant, first_no, rule
from cases.calendar import add_months
from cases.improving.choices import STATES, Because, Decision, Source, State, Trigger
from cases.lifecycle import may_become

LONGEST = 1000
LONGEST_LINE = 200
MOST_MONTHS = 60
"""Nothing is promised for later than five years."""
RUNNING = 3
"""Months in which an aim is missed, one after the other, before a review is suggested (HC-50)."""


@rule("improving.see")
def may_see(actor: Actor) -> Answer:
    """Whether the actor sees everything that is to be done better, not only what is theirs."""
    return actor.may(Grant.SEE_IMPROVEMENTS)


@rule("improving.keep")
def may_keep(actor: Actor) -> Answer:
    """Whether the actor adds, changes and ends: case managers and the Director (HC-50)."""
    return actor.may(Grant.KEEP_IMPROVEMENTS)


def may_suggest(actor: Actor) -> Answer:
    """Only the application itself suggests: a person records what they know."""
    return YES if actor.id is None else Answer("A suggestion is made by the application alone.")


def may_own(owner: Actor, *, working: bool) -> Answer:
    """Whether something may be given to somebody: they can sign in, and open what is theirs."""
    if working and (owner.may(Grant.SEE_IMPROVEMENTS) or owner.may(Grant.WORK_CASES)):
        return YES
    return Answer("Choose somebody who can open it: their role must see it or work cases.")


def is_said(words: str, sentence: str, longest: int = LONGEST) -> Answer:
    """Whether something was said, not too long; ``sentence`` asks for it."""
    if not words.strip():
        return Answer(sentence)
    if len(words) > longest:
        return Answer(f"Use {longest} characters or fewer.")
    return Answer("Leave out characters that cannot be read.") if "\0" in words else YES


def is_due(due_on: date, today: date, *, was: date | None = None) -> Answer:
    """Whether something may be due on a day; one that stands (``was``) may have passed."""
    if due_on != was and due_on < today:
        return Answer("The day it is due cannot be in the past.")
    if due_on > add_months(today, MOST_MONTHS):
        return Answer("Choose a day within five years.")
    return YES


def is_because(because: str, *, recommended: bool = False, reviewed: bool = False) -> Answer:
    """Whether this is a reason on the list, and the one of what the action is made from."""
    if because not in Because.values:
        return Answer("Choose why it is to be done.")
    if recommended and because != Because.RECOMMENDATION:
        return Answer("An action made from a recommendation is done because of it.")
    if reviewed and because != Because.REVIEW:
        return Answer("An action made from a reason to review the policy is done because of it.")
    return YES


def is_source(source: str, said_in: date, today: date) -> Answer:
    """Whether somebody of that kind can have published something in that month."""
    return first_no(
        YES if source in Source.values else Answer("Choose who recommended it."),
        YES if said_in.day == 1 else Answer("Give the month by its first day."),
        Answer("It cannot have been published in the future.") if said_in > today else YES,
    )


def may_end(state: str, to: str, evidence: str) -> Answer:
    """Whether something may be ended so: once, with what was done or why it is not needed."""
    if to not in (State.DONE, State.NOT_NEEDED):
        return Answer("Choose what became of it.")
    move = may_become(STATES, state, to, called="It")
    ended = YES if move else Answer("It was ended already.")
    return first_no(ended, is_said(evidence, "Say what was done, or why it is not needed."))


def may_change(state: str) -> Answer:
    """Only what is still to be done is changed: what was ended stays as it was."""
    return YES if state == State.OPEN else Answer("It was ended, and stays as it was.")


def is_reason(kind: str, words: str, noticed_on: date, today: date) -> Answer:
    """Whether a person may record this as a reason to review the policy (policy lines 208-213)."""
    kinds = set(Trigger.values) - {Trigger.REVIEW_DATE}
    return first_no(
        YES if kind in kinds else Answer("Choose what kind of reason it is."),
        is_said(words, "Say what changed, or what was found."),
        Answer("It cannot have been noticed in the future.") if noticed_on > today else YES,
    )


def may_decide(
    *, decided: bool, decision: str, why: str, review_by: date | None, today: date
) -> Answer:
    """Whether this decides about a reason: once, why, and by when if the policy is reviewed."""
    by_day = decision == Decision.FORWARD
    return first_no(
        Answer("This was decided already.") if decided else YES,
        YES if decision in Decision.values else Answer("Choose what is decided."),
        is_said(why, "Say why."),
        Answer("Say by which day the policy is reviewed.") if by_day and not review_by else YES,
        Answer("A day is given only if the policy is reviewed.")
        if review_by and not by_day
        else YES,
        is_due(review_by, today) if review_by else YES,
    )


def is_late(state: str, due_on: date, today: date) -> bool:
    """Whether something is still to be done after the day it was due, which itself is in time."""
    return state == State.OPEN and due_on < today


def due_words(state: str, due_on: date, today: date) -> str:
    """How something that is to be done stands: "3 days late", "Due today", "Due in 12 days"."""
    if state != State.OPEN:
        return ""
    days = (due_on - today).days
    if days == 0:
        return "Due today"
    number = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{number} late" if days < 0 else f"Due in {number}"


def missed_running(months: Sequence[tuple[int, int]], aim: int) -> bool:
    """Whether the last three months each missed the aim, in per cent; ``months`` are (done, due).

    A month in which nothing was due misses nothing, and an aim of 0 is none (HC-50).
    """
    last = months[-RUNNING:]
    if not aim or len(last) < RUNNING:
        return False
    return all(of and 100 * number < aim * of for number, of in last)


def suggests_again(newest: date | None, month: date) -> bool:
    """Whether three months ending with ``month`` say something new since those of ``newest``.

    Both are first days of months: a run that goes on is suggested again once it has three
    months of its own.
    """
    return newest is None or add_months(newest, RUNNING) <= month
