"""What the pages show of people.  Nothing here writes.  Finding is in ``cases.people.finding``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.people.choices import AdjustmentKind
from cases.people.finding import (
    Found,
    Match,
    find_homes,
    find_people,
    home_line,
    people_called,
    same_home,
    tied_to,
)
from cases.people.models import (
    Adjustment,
    Household,
    HouseholdMembership,
    Person,
    SafeContact,
    Tenancy,
)
from cases.people.rules import (
    Line,
    SafeBanner,
    SafeContactFacts,
    safe_contact_banner,
    safe_contact_line,
)
from cases.people.tie_queries import near_to, records_of, survivors, ties_around, whole
from cases.people.ties import Basis, Tie

__all__ = [
    "Basis",
    "Found",
    "Match",
    "Reaching",
    "Tie",
    "adjustment_lines",
    "adjustments_of",
    "find_homes",
    "find_people",
    "home_line",
    "household_of",
    "members_of",
    "membership_of",
    "near_to",
    "people_called",
    "reaching",
    "records_of",
    "safe_contact_facts",
    "safe_contact_of",
    "safe_lines",
    "same_home",
    "survivors",
    "tenancy_of",
    "tied_to",
    "ties_around",
    "whole",
]


def household_of(person: Person, on: date) -> list[Person]:
    """Everybody who lived with the person on that day, themselves left out."""
    theirs = Household.objects.filter(
        memberships__person__in=whole(person), memberships__period__contains=on
    ).values("pk")
    rows = Person.objects.filter(
        memberships__household__in=theirs, memberships__period__contains=on
    ).exclude(pk__in=whole(person))
    return list({row.survivor.pk: row.survivor for row in rows}.values())


def membership_of(person: Person, on: date) -> HouseholdMembership | None:
    """The person's place in a household on that day."""
    return (
        HouseholdMembership.objects.filter(person__in=whole(person), period__contains=on)
        .select_related("household__home")
        .order_by("-period", "-pk")
        .first()
    )


def members_of(household: Household, on: date) -> list[HouseholdMembership]:
    """Who lives in a household on that day."""
    rows = household.memberships.filter(period__contains=on).select_related("person")
    return list(rows.order_by("period", "pk"))


def tenancy_of(person: Person, on: date) -> Tenancy | None:
    """The tenancy the person held on that day, the newest if several."""
    held = Tenancy.objects.filter(holder__in=whole(person), period__contains=on).select_related(
        "home"
    )
    return held.order_by("-period", "-pk").first()


def safe_contact_facts(row: SafeContact | None) -> SafeContactFacts | None:
    """The row as the rules take it; none if nobody asked."""
    if row is None:
        return None
    reaches = {channel: getattr(row, channel) for channel in SafeContact.CHANNELS}
    return SafeContactFacts(
        **reaches,
        first_choice=row.first_choice,
        safe_times=row.safe_times,
        say_we_are=row.say_we_are,
    )


def safe_contact_of(person: Person) -> SafeContactFacts | None:
    """How it is safe to reach one person (one query)."""
    row = SafeContact.objects.filter(person=person.merged_into_id or person.pk).first()
    return safe_contact_facts(row)


def safe_lines(people: Iterable[int]) -> dict[int, Line]:
    """The safe-contact line of each person by id, in one query; of the unasked too."""
    ids = list(people)
    rows = {row.person_id: row for row in SafeContact.objects.filter(person__in=ids)}
    return {pk: safe_contact_line(safe_contact_facts(rows.get(pk))) for pk in ids}


@dataclass(frozen=True)
class Reaching:
    """What stands first on every screen about somebody: how to reach them, what helps them."""

    facts: SafeContactFacts | None
    line: Line
    banner: SafeBanner
    note: str
    adjustments: str
    adjustments_asked: Adjustment | None


def reaching(person: Person) -> Reaching:
    """Safe contact and adjustments of one person, ready for the templates (two queries)."""
    row = SafeContact.objects.filter(person=person.merged_into_id or person.pk).first()
    facts = safe_contact_facts(row)
    rows = adjustments_of(person)
    return Reaching(
        facts=facts,
        line=safe_contact_line(facts),
        banner=safe_contact_banner(facts),
        note=f"{row.who_could_find_out.rstrip('.')}." if row and row.who_could_find_out else "",
        adjustments=_adjustment_words(rows),
        adjustments_asked=rows[-1] if rows else None,
    )


def _adjustment_words(rows: list[Adjustment]) -> str:
    needs = [row.need for row in rows if row.kind != AdjustmentKind.NONE]
    if needs:
        return ". ".join(need.rstrip(".") for need in needs)
    return "Nothing needed" if rows else "Not asked"


def adjustments_of(person: Person) -> list[Adjustment]:
    """The adjustments in force, oldest first."""
    return list(Adjustment.objects.filter(person__in=whole(person), ended_at__isnull=True))


def adjustment_lines(people: Iterable[int]) -> dict[int, str]:
    """The adjustments of each person by id ("Nothing needed", "Not asked"), in two queries."""
    ids = list(people)
    stands = records_of(ids)
    rows: dict[int, list[Adjustment]] = {}
    for row in Adjustment.objects.filter(person__in=stands, ended_at__isnull=True):
        rows.setdefault(stands[row.person_id], []).append(row)
    return {pk: _adjustment_words(rows.get(stands.get(pk, pk), [])) for pk in ids}
