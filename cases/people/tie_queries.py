"""Who is tied to whom, and which record stands for which, for any number of people at once.

Merged-away records are resolved: everything is asked of, and answered about, survivors (ADR 14).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from cases.people.models import FamilyLink, Person
from cases.people.ties import PERMANENT, Basis, Tie, kind_from_other_end
from cases.prepared import planned, planning_cursor


def survivors(person_ids: Iterable[int]) -> dict[int, int]:
    """The record that stands for each: itself, or the one it was merged into (one query)."""
    rows = Person.objects.filter(pk__in=set(person_ids)).order_by()
    return dict(rows.annotate(stands=Coalesce("merged_into", "pk")).values_list("pk", "stands"))


def records_of(person_ids: Iterable[int]) -> dict[int, int]:
    """Every record of these people, merged-away ones too, each with its survivor (one query)."""
    ids = sorted(set(person_ids))
    return dict(_records(ids=ids)) if ids else {}


@planned
def _records(*, ids: list[int]) -> QuerySet[Person, tuple[int, int]]:
    stand = Person.objects.filter(pk__any_of=ids).values(root=Coalesce("merged_into", "pk"))
    # Each asked for by itself: an OR of the two would read everybody.
    themselves = Person.objects.filter(pk__in=stand).order_by().values("pk")
    joined = Person.objects.filter(merged_into__in=stand).order_by().values("pk")
    rows = Person.objects.filter(pk__in=themselves.union(joined)).order_by()
    return rows.annotate(stands=Coalesce("merged_into", "pk")).values_list("pk", "stands")


def whole(person: Person) -> QuerySet[Person, int]:
    """The ids of every record of one person, to filter related rows by: ``person__in=whole(…)``."""
    root = person.merged_into_id or person.pk
    return Person.objects.filter(Q(pk=root) | Q(merged_into=root)).order_by().values("pk")  # type: ignore[return-value]


def ties_around(person_ids: Iterable[int]) -> list[Tie]:
    """Every tie with one of these people at its ``person`` end, by family or household.

    Three queries however many people are asked about.  A tie between two of them comes twice,
    once from each end.  Household ties hold while both were in one household: a tenancy, lease
    or licence, never a whole scheme (domain 2.9).
    """
    stand = records_of(person_ids)
    if not stand:
        return []
    asked = set(stand.values())
    ties = [*_family(stand, asked), *_household(list(stand), asked)]
    return sorted(set(ties), key=_order)


def near_to(person_ids: Iterable[int], on: date) -> set[int]:
    """Who is family of these people, or lives with them, on a day (ids of survivors)."""
    return {tie.relative for tie in ties_around(person_ids) if tie.holds_on(on)}


def _order(tie: Tie) -> tuple[Any, ...]:
    return (
        tie.person,
        tie.relative,
        tie.basis,
        tie.kind,
        tie.since or date.min,
        tie.until or date.max,
    )


def _family(stand: dict[int, int], asked: set[int]) -> Iterable[Tie]:
    for one, other, kind, period in _links(ids=list(stand)):
        if one == other:
            continue  # Two records of one person are no relatives.
        for person, relative, seen in (
            (one, other, kind),
            (other, one, kind_from_other_end(kind)),
        ):
            if person in asked:
                yield Tie(
                    person,
                    relative,
                    Basis.FAMILY,
                    seen,
                    period.lower,
                    period.upper,
                    seen in PERMANENT,
                )


@planned
def _links(*, ids: list[int]) -> QuerySet[FamilyLink, tuple[int, int, str, Any]]:
    theirs = Q(person__any_of=ids) | Q(relative__any_of=ids)
    return (
        FamilyLink.objects.filter(theirs, period__isempty=False)
        .annotate(
            one=Coalesce("person__merged_into", "person"),
            other=Coalesce("relative__merged_into", "relative"),
        )
        .values_list("one", "other", "kind", "period")
    )


_TOGETHER = """
    SELECT COALESCE(one.merged_into_id, one.id), COALESCE(other.merged_into_id, other.id),
           theirs.relation, lower(mine.period * theirs.period), upper(mine.period * theirs.period)
      FROM people_householdmembership mine
      JOIN people_householdmembership theirs
        ON theirs.household_id = mine.household_id AND theirs.period && mine.period
      JOIN people_person one ON one.id = mine.person_id
      JOIN people_person other ON other.id = theirs.person_id
     WHERE mine.person_id = ANY(%s)
       AND COALESCE(one.merged_into_id, one.id) <> COALESCE(other.merged_into_id, other.id)
"""


def _household(ids: list[int], asked: set[int]) -> Iterable[Tie]:
    with planning_cursor() as cursor:
        cursor.execute(_TOGETHER, [ids])
        rows = cursor.fetchall()
    for person, relative, relation, since, until in rows:
        if person in asked:
            yield Tie(person, relative, Basis.HOUSEHOLD, relation, since, until)
