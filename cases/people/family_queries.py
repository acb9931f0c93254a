"""Somebody's family in words, and who lives or lived at a home.  Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cases.people.choices import FamilyKind, ToldBy
from cases.people.models import (
    FamilyLink,
    Household,
    HouseholdMembership,
    Person,
    Property,
    Tenancy,
)
from cases.people.tie_queries import records_of
from cases.people.ties import PERMANENT, kind_from_other_end, possessive, say_kind
from cases.words import say_date


@dataclass(frozen=True)
class Relative:
    """One of somebody's family, as seen from them."""

    link: FamilyLink
    person: Person
    kind: str
    words: str
    days: str
    told_by: str

    @property
    def ended(self) -> bool:
        """Whether it has an end that counts."""
        return self.link.period.upper is not None and self.kind not in PERMANENT


def family_of(person: Person, hidden: Collection[int] = ()) -> list[Relative]:
    """Everybody of somebody's family, ended bonds last (two queries).

    ``hidden`` are the ids of people the reader may not see.
    """
    every = records_of([person.pk])
    links = FamilyLink.objects.filter(
        Q(person__in=every) | Q(relative__in=every), period__isempty=False
    ).select_related("person__merged_into", "relative__merged_into")
    found = []
    for link in links.order_by("pk"):
        one, other, kind = link.person.survivor, link.relative.survivor, link.kind
        if one.pk not in every:
            one, other, kind = other, one, kind_from_other_end(kind)
        if other.pk not in hidden and other.pk not in every:
            found.append(_relative(link, one, other, kind))
    return sorted(found, key=lambda row: (row.ended, row.link.pk))


def family_ids(person: Person) -> set[int]:
    """The ids of everybody :func:`family_of` may name, to ask which are hidden."""
    every = records_of([person.pk])
    ends = FamilyLink.objects.filter(Q(person__in=every) | Q(relative__in=every)).values_list(
        "person_id", "relative_id"
    )
    return {pk for pair in ends for pk in pair} - set(every)


def _relative(link: FamilyLink, one: Person, other: Person, kind: str) -> Relative:
    whose = possessive(one.call_them if one.full_name else one.name, one.pronouns)
    return Relative(
        link=link,
        person=other,
        kind=kind,
        words=f"{other.name} is {whose} {say_kind(kind, other.pronouns)}",
        days=_days(link.period.lower, link.period.upper, kind),
        told_by=ToldBy(link.told_by).label,
    )


def _days(since: date | None, until: date | None, kind: str) -> str:
    words = f"Since {say_date(since)}" if since else ""
    if until:
        ended = f"ended {say_date(until)}"
        words = f"{words}, {ended}" if words else ended.capitalize()
        if kind in PERMANENT:
            words += ", counted all the same"
    return words


def kind_labels(person: Person) -> list[tuple[str, str]]:
    """The kinds to choose from, in the order of the list."""
    return [(kind.value, str(kind.label)) for kind in FamilyKind]


def tenancies_of(person: Person) -> list[Tenancy]:
    """Every tenancy somebody holds or held, newest first."""
    rows = Tenancy.objects.filter(holder__in=records_of([person.pk])).select_related("home")
    return list(rows.order_by("-period", "-pk"))


@dataclass(frozen=True)
class AtHome:
    """A home: who holds it and who lives there, household by household."""

    home: Property
    tenancies: list[Tenancy]
    households: list[list[HouseholdMembership]]
    others: list[Person]


def at_home(home: Property, on: date) -> AtHome:
    """Who is at a home on a day (three queries)."""
    tenancies = home.tenancies.filter(period__contains=on).select_related("holder__merged_into")
    places = HouseholdMembership.objects.filter(
        household__in=Household.objects.filter(home=home).values("pk"), period__contains=on
    ).select_related("person__merged_into")
    households: dict[int, list[HouseholdMembership]] = {}
    for place in places.order_by("household", "period", "pk"):
        households.setdefault(place.household_id, []).append(place)
    placed = {place.person_id for rows in households.values() for place in rows}
    others = Person.objects.filter(home=home, merged_into__isnull=True).exclude(pk__in=placed)
    return AtHome(
        home=home,
        tenancies=list(tenancies.order_by("pk")),
        households=list(households.values()),
        others=list(others.order_by("full_name", "pk")[:50]),
    )
