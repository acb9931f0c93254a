"""Whether somebody may ask for an ASB case review, and how that was counted.  Pure.

Source: domain 2.13, Anti-social Behaviour, Crime and Policing Act 2014 section 104: so many
complaints, each made within one month beginning with the day of the behaviour; the review asked
for within six months beginning with the day of the complaint.  Councils may set their own numbers
(``ReviewTerms``).  Days are those of Europe/London.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cases.access import YES, Actor, Answer, rule
from cases.calendar import add_months
from cases.casework import rules as casework


@dataclass(frozen=True)
class Terms:
    """A council's numbers; those of the Act where it has set none."""

    threshold: int = 3
    hate_threshold: int | None = None
    report_within_months: int = 1
    apply_within_months: int = 6


@dataclass(frozen=True)
class Told:
    """One report of one thing that happened, as the law counts it."""

    pk: int
    happened_on: date | None
    reported_on: date
    hate: bool = True


class Why(StrEnum):
    """Why a report counts, or does not."""

    COUNTS = "It counts"
    NO_DAY = "The day it happened is not known"
    LATE = "It was reported too long after it happened"
    OLD = "It was reported too long ago"
    AHEAD = "It is dated after the day it was reported"


@dataclass(frozen=True)
class Counted:
    """One report, whether it counts, and until which day it does."""

    told: Told
    why: Why
    until: date | None = None

    @property
    def counts(self) -> bool:
        return self.why is Why.COUNTS


@dataclass(frozen=True)
class Eligibility:
    """What was counted, and against which number."""

    may_be: bool
    counted: tuple[Counted, ...]
    number: int
    needed: int
    by_hate: bool = False

    @property
    def until(self) -> date | None:
        """The last day on which enough of the reports still count, or None while too few do."""
        if not self.may_be:
            return None
        days = [
            each.until
            for each in self.counted
            if each.counts and each.until and (each.told.hate or not self.by_hate)
        ]
        return sorted(days, reverse=True)[self.needed - 1]


def last_day(first: date, months: int) -> date:
    """The last day of a period of so many months beginning with ``first``.

    It ends the day before the corresponding day; where a month has no such day, with its last.
    """
    end = add_months(first, months)
    return end - timedelta(days=1) if end.day == first.day else end


def counts(told: Told, terms: Terms, today: date) -> Counted:
    """Whether one report counts if the review were asked for today."""
    if told.happened_on is None:
        return Counted(told, Why.NO_DAY)
    if told.happened_on > told.reported_on:
        return Counted(told, Why.AHEAD)
    if told.reported_on > last_day(told.happened_on, terms.report_within_months):
        return Counted(told, Why.LATE)
    until = last_day(told.reported_on, terms.apply_within_months)
    return Counted(told, Why.COUNTS if today <= until else Why.OLD, until)


def eligible(reports: Iterable[Told], terms: Terms, today: date) -> Eligibility:
    """Whether the victim may be eligible today, by the council's number or by that for hate."""
    found = tuple(
        counts(each, terms, today)
        for each in sorted(reports, key=lambda one: (one.reported_on, one.pk))
    )
    ways = [(terms.threshold, sum(each.counts for each in found), False)]
    if terms.hate_threshold is not None:
        of_hate = sum(each.counts and each.told.hate for each in found)
        ways.append((terms.hate_threshold, of_hate, True))
    # The way that is open, else the one that asks for the fewest; of equals the ordinary one.
    needed, number, by_hate = min(ways, key=lambda way: (way[1] < way[0], way[0]))
    return Eligibility(number >= needed, found, number, needed, by_hate)


@rule("referrals.tell_review")
def tell_review(
    actor: Actor, *, stage: str, may_be: bool = True, told: bool | None = None, words: str = ""
) -> Answer:
    """Whether the actor may record that somebody was told, or why not yet (HC-11)."""
    if not (allowed := casework.work(actor, stage=stage)):
        return allowed
    if told is False and may_be and not words.strip():
        return Answer("Say why they were not told yet.")
    return YES


def too_few(found: Eligibility) -> str:
    """Why it is not yet, in a sentence."""
    return f"{found.number} of {found.needed} reports count so far."
