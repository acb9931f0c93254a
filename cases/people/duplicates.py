"""Records that may be of one person: looked up by index, weighed by rule, and what was decided.

Only pairs that share a date of birth, a telephone number, an email address or a home are looked
at, each by its own index, so the cost follows the people asked about and not everybody there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from cases.people.likeness import Known, compare
from cases.people.models import Merge, NotSame, Person
from cases.people.tie_queries import records_of

MOST = 1000
"""Pairs weighed at once, those with the nearest names; the rest come up as these are settled."""
NEAR = 0.3
"""How alike names must be (by trigrams) to be weighed at all, unless all of it sounds alike."""


@dataclass(frozen=True)
class Pair:
    """Two records and why they may be of one person; ``one`` is the older record."""

    one: Person
    other: Person
    why: tuple[str, ...]
    score: float

    @property
    def ids(self) -> set[int]:
        """Both ids."""
        return {self.one.pk, self.other.pk}


_SHARED = """
    SELECT LEAST(a.id, b.id) AS low, GREATEST(a.id, b.id) AS high,
           GREATEST(similarity(a.name_key, b.name_key), (a.sound_key = b.sound_key)::int) AS near
      FROM people_person a JOIN people_person b ON {on} AND b.id <> a.id
     WHERE a.id = ANY(%(ids)s) AND a.merged_into_id IS NULL AND b.merged_into_id IS NULL
       AND a.full_name <> '' AND b.full_name <> '' AND {known}
"""
_NEAREST = """
    SELECT low, high FROM ({shared}) shared
     WHERE near >= %(near)s ORDER BY near DESC, low, high LIMIT %(most)s
"""
_BLOCKS = (
    ("b.date_of_birth = a.date_of_birth AND b.sound_key <> ''", "a.date_of_birth IS NOT NULL"),
    ("b.phone_key = a.phone_key AND b.phone_key <> ''", "length(a.phone_key) > 6"),
    ("lower(b.email) = lower(a.email) AND b.email <> ''", "a.email <> ''"),
    ("b.home_id = a.home_id", "a.home_id IS NOT NULL"),
)


def possibly_same(person_ids: Iterable[int]) -> list[Pair]:
    """The pairs with one of these people in them, the most alike first (three queries).

    Without those somebody found not to be the same, and without joined records.
    """
    ids = sorted(set(person_ids))
    if not ids:
        return []
    found = _candidates(ids)
    people = Person.objects.in_bulk({pk for pair in found for pk in pair})
    settled = _settled(people)
    pairs = []
    for low, high in found:
        if (low, high) not in settled:
            alike = compare(known_of(people[low]), known_of(people[high]))
            if alike:
                pairs.append(Pair(people[low], people[high], alike.why, alike.score))
    return sorted(pairs, key=lambda pair: (-pair.score, pair.one.pk, pair.other.pk))


def _candidates(ids: list[int]) -> list[tuple[int, int]]:
    shared = " UNION ".join(_SHARED.format(on=on, known=known) for on, known in _BLOCKS)
    with connection.cursor() as cursor:
        told: dict[str, Any] = {"ids": ids, "near": NEAR, "most": MOST}
        cursor.execute(_NEAREST.format(shared=shared), told)
        pairs: list[tuple[int, int]] = cursor.fetchall()
    return pairs


def known_of(person: Person) -> Known:
    """What is compared of a record."""
    return Known(
        name_key=person.name_key,
        sound_key=person.sound_key,
        phone_key=person.phone_key,
        email=person.email,
        date_of_birth=person.date_of_birth,
        home=person.home_id,
    )


def _settled(people: Collection[int]) -> set[tuple[int, int]]:
    """The pairs found not to be the same, of whichever of their records it was said."""
    stands = records_of(people)
    rows = NotSame.objects.filter(Q(one__in=stands) & Q(other__in=stands))
    decided = set()
    for one, other in rows.values_list("one_id", "other_id"):
        low, high = sorted((stands[one], stands[other]))
        decided.add((low, high))
    return decided


def not_same_as(person: Person) -> list[Person]:
    """Whoever was found to be somebody else than this person, whom they were taken for."""
    rows = NotSame.objects.filter(Q(one=person) | Q(other=person)).order_by("pk")
    both = rows.select_related("one", "other")
    others = [row.other if row.one_id == person.pk else row.one for row in both]
    return [row for row in others if row.merged_into_id != person.pk]


def merges_of(person: Person) -> list[Merge]:
    """The records joined to somebody's, the last first; only the first can be taken apart."""
    rows = Merge.objects.filter(survivor=person, undone_at__isnull=True)
    return list(rows.select_related("loser").order_by("-pk"))
