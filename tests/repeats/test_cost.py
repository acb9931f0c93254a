"""What working it out again asks of the database: the same for a family of two or of nine."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.audit import context
from cases.people.models import Person
from cases.repeats.operations import settle_people
from tests.repeats.telling import Telling, moment

READS = 16
"""Questions at most, however many people and incidents are near; few when nothing is."""


def asked(telling: Telling, person: Person) -> list[str]:
    """The questions of settling a fact of somebody, when nothing follows from it any more."""
    by = telling.by
    with context.acting_as(by), CaptureQueriesContext(connection) as found:
        settle_people(by, moment("2026-01-01"), frozenset({person.pk}))
    return [row["sql"] for row in found.captured_queries]


def family(telling: Telling, size: int, each: int) -> Person:
    """Brothers and sisters under one roof, each harmed so many times."""
    people = [telling.person(f"Sibling {number} of {size}") for number in range(size)]
    household = telling.household()
    for person in people:
        telling.lives(person, household)
    for person in people[1:]:
        telling.family(people[0], person, "SIBLING")
    for number, person in enumerate(people):
        for time in range(each):
            telling.incident(person, f"2025-{1 + time * 2:02}-{1 + number * 3:02}")
    return people[0]


def test_the_questions_do_not_grow_with_the_family(telling: Telling) -> None:
    small, large = asked(telling, family(telling, 2, 1)), asked(telling, family(telling, 7, 2))
    assert len(small) == len(large) <= READS
    assert not any(sql.startswith(("UPDATE", "INSERT")) for sql in [*small, *large])


def test_somebody_nothing_happened_to_costs_next_to_nothing(telling: Telling) -> None:
    assert len(asked(telling, telling.person("Kay Lindqvist"))) <= 8
    once = telling.person("Lee Park")
    telling.incident(once, "2025-03-01")
    assert len(asked(telling, once)) <= 8
