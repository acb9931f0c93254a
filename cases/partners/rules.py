"""Who keeps the partner directory, whom an entry serves, and what is still to be relied on.

Pure.  Source: domain 2.12, 2.13 and 7.4 ("recipient contact verified"), section 11.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from cases.access import YES, Actor, Answer, Grant, first_no, rule
from cases.calendar import add_months
from cases.casework.choices import Strand
from cases.partners.choices import OWN_KINDS, AgencyKind

RING = "ring and check before you rely on it"
MOST = 60


@rule("partners.see")
def may_see(actor: Actor) -> Answer:
    """Whether the actor may look into the directory."""
    return actor.may(Grant.SEE_PARTNERS)


@rule("partners.keep")
def may_keep(actor: Actor) -> Answer:
    """Whether the actor may change the directory: case managers and the DPO (domain 11)."""
    return actor.may(Grant.KEEP_PARTNERS)


def is_checked(verified_on: date | None, today: date, months: int) -> Answer:
    """Whether details checked on that day may still be relied on; no is the warning to show.

    ``months`` is the setting PARTNER_VERIFIED_MONTHS: older than that is stale (domain 2.12).
    """
    if verified_on is not None and today <= add_months(verified_on, months):
        return YES
    return Answer(f"{when_checked(verified_on, today)}: {RING}.")


def when_checked(verified_on: date | None, today: date) -> str:
    """When details were checked, in few words: "Checked 8 months ago", "Not checked yet"."""
    return f"Checked {ago(verified_on, today)}" if verified_on else "Not checked yet"


def ago(day: date, today: date) -> str:
    """How long ago a day was, in whole months: "8 months ago", "today"."""
    months = max(0, (today.year - day.year) * 12 + today.month - day.month)
    if months and add_months(day, months) > today:
        months -= 1
    if months:
        return f"{months} month{'' if months == 1 else 's'} ago"
    days = max(0, (today - day).days)
    if days > 1:
        return f"{days} days ago"
    return "yesterday" if days else "today"


def serves(
    *,
    strands: Collection[str],
    areas: Iterable[str],
    wanted: Collection[str] = (),
    area: str = "",
) -> bool:
    """Whether an entry is for somebody hurt for these reasons, living there.

    An entry that names no characteristic is for all, one that names no area is everywhere; so
    is every entry where nobody knows yet what it was about (domain 2.1).
    """
    known = set(wanted) - {Strand.UNKNOWN_HATE}
    for_them = not strands or not known or bool(known & set(strands))
    here = {name.casefold() for name in areas}
    return for_them and (not here or not area or area.strip().casefold() in here)


def entry(*, name: str, kind: str, service: str) -> Answer:
    """Whether these make an entry of the directory."""
    return first_no(
        YES if name.strip() else Answer("Enter the name of the agency."),
        YES if kind in AgencyKind.values else Answer("Choose what kind of agency it is."),
        Answer("Only a council has a service.")
        if service and kind != AgencyKind.LOCAL_AUTHORITY
        else YES,
    )


def same_side(*, was: str, kind: str) -> Answer:
    """Whether an entry may become of that kind: ours stays ours, others never become a team of
    ours, which is told more with less asked (domain 7.4).
    """
    if (was in OWN_KINDS) == (kind in OWN_KINDS):
        return YES
    return Answer("A team of our own stays one, and nobody else becomes one. Add another entry.")


def from_outside(kind: str) -> Answer:
    """Whether an entry of that kind may be added: our own teams are in the directory already."""
    if kind in OWN_KINDS:
        return Answer("Our own teams are in the directory already. Add an agency outside Amplius.")
    return YES


def in_use(*, agency_ended: bool, unit_ended: bool = False) -> Answer:
    """Whether there is still something to change: what was ended stays as it was."""
    if agency_ended:
        return Answer("This entry was ended. Add the agency again if you work with it.")
    return Answer("This unit was ended.") if unit_ended else YES


def checking(*, how: str, checked_on: date, today: date) -> Answer:
    """Whether somebody can have checked it so: they say how, and on a day that has come."""
    return first_no(
        YES if how.strip() else Answer("Say how you checked it."),
        YES if checked_on <= today else Answer("It cannot have been checked in the future."),
    )


def reachable(*ways: str) -> Answer:
    """Whether there is any way to reach a unit: email, portal, phone or post."""
    return (
        YES
        if any(way.strip() for way in ways)
        else Answer("Give at least one way to reach them: email, portal, phone or post.")
    )


def agreed(*, title: str, purposes: str, begins_on: date, last_day: date | None) -> Answer:
    """Whether these make a sharing agreement; ``last_day`` still counts (domain 7.2)."""
    return first_no(
        YES if title.strip() else Answer("Enter what the agreement is called."),
        YES if purposes.strip() else Answer("Say what may be shared, and what for."),
        Answer("The last day cannot be before the agreement begins.")
        if last_day is not None and last_day < begins_on
        else YES,
    )


def ending(*, first: date, last_day: date) -> Answer:
    """Whether an agreement that began on ``first`` can end with that day."""
    if last_day < first:
        return Answer("The last day cannot be before the agreement began.")
    return YES


def agreement_words(first: date, last: date | None, today: date) -> str:
    """How an agreement stands: "runs out in 3 months", "ran out 2 days ago"."""
    if first > today:
        return "not begun yet"
    if last is None:
        return "has no end"
    if last < today:
        return f"ran out {ago(last, today)}"
    left = ahead(today, last)
    return "runs out today" if left == "today" else f"runs out in {left}"


def ahead(today: date, day: date) -> str:
    """How long until a day, rounded down: "3 months", "12 days", "1 day", "today"."""
    months = max(0, (day.year - today.year) * 12 + day.month - today.month)
    if months and add_months(today, months) > day:
        months -= 1
    number, unit = (months, "month") if months else ((day - today).days, "day")
    if not number:
        return "today"
    return f"{number} {unit}{'' if number == 1 else 's'}"


@dataclass(frozen=True)
class Terms:
    """When a council must review a case (domain 2.13): how many reports, and within what time.

    ``hate_threshold_number`` is where fewer suffice if hate was part of it; months are calendar
    months.
    """

    threshold_number: int
    hate_threshold_number: int | None
    report_within_months: int
    apply_within_months: int


def sensible_terms(terms: Terms) -> Answer:
    """Whether a council can have such terms."""
    numbers = (terms.threshold_number, terms.hate_threshold_number)
    months = (terms.report_within_months, terms.apply_within_months)
    if any(each is not None and not 1 <= each <= MOST for each in (*numbers, *months)):
        return Answer(f"Enter numbers from 1 to {MOST}.")
    if (terms.hate_threshold_number or 1) > terms.threshold_number:
        return Answer("Where hate was part of it, no more reports can be needed than elsewhere.")
    return YES
