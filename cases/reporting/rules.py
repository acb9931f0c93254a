"""Who has reports made, who reads which, when one is due, and what may be entered.

Pure.  Source: domain 5.2, 5.4 and section 11; issue "monthly report".
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from cases.access import YES, Actor, Answer, Grant, first_no, rule
from cases.calendar import is_working_day
from cases.reporting.choices import Profile, RunState
from cases.reporting.periods import Period, month_before

MAKING = (RunState.WAITING, RunState.MAKING)
"""States of a report that is still to come."""
EARLIEST = date(2010, 1, 1)
"""Before this there is nothing to report."""
MOST_TRIES = 3
"""Times a report is begun before it is given up, when whoever makes it is stopped half-way."""
MOST_HOMES = 1_000_000
MOST_RESIDENTS = 3_000_000
MOST_OPENED = 100_000
"""More than this is a slip of the hand."""
LONGEST_WORDS = 200

OWN_ONLY = "You see the reports of your own companies only."
STOPPED = (
    "The making of this report was stopped three times. Nothing was kept of it. "
    "Tell whoever runs the system, then ask again."
)
BROKEN = "Nothing was kept of this report. Tell whoever runs the system, then ask again."


@rule("reporting.ask")
def may_ask(actor: Actor, *, entity: str = "") -> Answer:
    """Whether the actor may have a report made, of that company or ("") of all together.

    A job may: the clockwork, or whoever has a shell on the machine.
    """
    if actor.id is None:
        return YES
    return first_no(actor.may(Grant.MAKE_REPORTS), own(actor, entity))


@rule("reporting.see")
def may_see(actor: Actor, *, profile: str = Profile.PUBLISHED, entity: str = "") -> Answer:
    """Whether the actor may read a report of that company, in that version (domain 5.4)."""
    if actor.id is None:
        return YES
    wanted = [actor.may(Grant.SEE_MONITORING), own(actor, entity)]
    if profile != Profile.PUBLISHED:
        wanted.insert(1, actor.may(Grant.SEE_FULL_NUMBERS))
    return first_no(*wanted)


def own(actor: Actor, entity: str) -> Answer:
    """Who sees some companies only does not see all together, nor another one (HC-20)."""
    return YES if not actor.entities or entity in actor.entities else Answer(OWN_ONLY)


def is_reported(period: Period, today: date) -> Answer:
    """Whether there is a report of these days: of a calendar month that is over."""
    if not period.is_month:
        return Answer("A report is of one calendar month.")
    if period.first < EARLIEST:
        return Answer(f"There is nothing to report before {EARLIEST:%B %Y}.")
    if today <= period.last:
        after = period.last + timedelta(days=1)
        return Answer(f"{period.words} is not over: ask from 1 {after:%B %Y}.")
    return YES


def due_month(today: date, days: int, holidays: Collection[date]) -> Period | None:
    """The month whose report is due: last month's, from the so-maniest working day of this one.

    ``days`` is the setting REPORT_AFTER_DAYS (domain 5.2).
    """
    day, left = today.replace(day=1), days
    while day <= today:
        left -= is_working_day(day, holidays)
        if left <= 0:
            return month_before(today)
        day += timedelta(days=1)
    return None


@rule("reporting.enter")
def may_enter(actor: Actor, *, entity: str = "") -> Answer:
    """Whether the actor may enter figures from outside, about that company or all."""
    return first_no(actor.may(Grant.KEEP_FIGURES), own(actor, entity))


def is_number(number: int, most: int, what: str) -> Answer:
    """Whether so many of something can be: not below nothing, and not beyond all reason."""
    if number < 0:
        return Answer(f"The number of {what} cannot be below 0.")
    if number > most:
        return Answer(f"{number:,} {what} is more than there can be: check the number.")
    return YES


def is_counted_by(day: date, today: date) -> Answer:
    """Whether something can have been counted on that day."""
    if day > today:
        return Answer("The day they were counted is in the future.")
    if day < EARLIEST:
        return Answer(f"The day they were counted is before {EARLIEST:%B %Y}.")
    return YES


def is_counted_month(month: date, today: date) -> Answer:
    """Whether a total of that month can be known: a month, by its first day, that has begun."""
    if month.day != 1:
        return Answer("Give the month by its first day.")
    if month > today:
        return Answer("That month has not begun.")
    if month < EARLIEST:
        return Answer(f"There is nothing to report before {EARLIEST:%B %Y}.")
    return YES


def is_said(words: str, what: str) -> Answer:
    """Whether something was said, in few words."""
    return is_short(words, what) if words.strip() else Answer(f"Say {what}.")


def is_short(words: str, what: str) -> Answer:
    """Whether something is said in few words, or not at all."""
    if len(words) > LONGEST_WORDS:
        return Answer(f"Say {what} in {LONGEST_WORDS} letters or fewer.")
    return Answer("Leave out characters that cannot be read.") if "\0" in words else YES


def is_one_of(code: str, codes: Collection[str], what: str) -> Answer:
    """Whether a code is on its list."""
    return YES if code in codes else Answer(f"Choose a {what}: {', '.join(codes)}.")
