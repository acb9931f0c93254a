"""Finding stays fast: the indexes are used and the number of queries does not grow."""

from __future__ import annotations

import itertools
import os
import random
import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Role
from cases.people.finding import _candidates, _looks, find_people
from cases.people.keys import fill_keys, fill_property_keys
from cases.people.matching import understand
from cases.people.models import Household, HouseholdMembership, Person, Property, Tenancy
from cases.references import ALPHABET

pytestmark = pytest.mark.django_db

COMMON_FIRST = ("Amara", "Kofi", "Mohammed", "Muhammad", "Siobhan", "Pawel", "Priya", "Joan")
COMMON_LAST = ("Osei", "Khan", "Begum", "Shaw", "Zielinski", "O'Brien", "Patel", "Mirza")
STREETS = ("Larkfield", "Alder", "Mill", "Quarry", "Station", "Chapel", "Orchard", "Beacon")
SYLLABLES = ("ba", "ke", "ri", "to", "mu", "san", "dor", "lin", "vek", "hal", "mar", "osh", "wex")
CROWD = int(os.environ.get("CROWD", "3000"))
"""How many people; 100000 shows the times of a large association (CROWD=100000, with -s)."""


def crowd(count: int, world) -> None:
    """That many people in a third as many homes, made in bulk with the same keys."""
    chance = random.Random(7)

    def made_up() -> str:
        return "".join(chance.choices(SYLLABLES, k=3)).capitalize()

    def name(common: tuple[str, ...]) -> str:
        """One of the common names for a fifth of people: each about one in sixty."""
        return chance.choice(common) if chance.random() < 0.2 else made_up()

    homes = Property.objects.bulk_create(
        fill_property_keys(
            Property(
                address=f"{n % 90 + 1} {chance.choice(STREETS)} {made_up()} Road",
                town="Wellby",
                postcode=f"NN{n % 99 + 1} {n % 9}QT",
            )
            for n in range(count // 3)
        ),
        batch_size=5000,
    )
    made = Person.objects.count()
    references = map("".join, itertools.islice(itertools.product(ALPHABET, repeat=6), made, None))
    people = Person.objects.bulk_create(
        fill_keys(
            Person(
                reference=f"P-{next(references)}",
                full_name=f"{name(COMMON_FIRST)} {made_up()} {name(COMMON_LAST)}",
                date_of_birth=date(1940, 1, 1) + timedelta(days=chance.randrange(25_000)),
                phone=f"077{chance.randrange(10**8):08}",
                home=homes[n // 3 % len(homes)],
                created_at=world.now,
            )
            for n in range(count)
        ),
        batch_size=5000,
    )
    households = Household.objects.bulk_create(
        (Household(home=home) for home in homes), batch_size=5000
    )
    always = (date(2015, 1, 1), None)
    HouseholdMembership.objects.bulk_create(
        (
            HouseholdMembership(
                person=person, household=households[n // 3 % len(homes)], period=always
            )
            for n, person in enumerate(people)
        ),
        batch_size=5000,
    )
    Tenancy.objects.bulk_create(
        (
            Tenancy(
                reference=f"T-{made + n:07}",
                home=homes[n // 3 % len(homes)],
                holder=person,
                tenure="ASSURED",
                period=always,
            )
            for n, person in enumerate(people)
            if n % 3 == 0
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        for table in ("person", "property", "tenancy", "household", "householdmembership"):
            cursor.execute(f"ANALYZE people_{table}")


TYPED = (
    "mohammed khan",
    "amara osay nn12 2qt",
    "siobhan o brien 3/4/1985",
    "07712345678",
    "123456",
    "T 0000123",
    "3 larkfield bakeri road",
    "3rd april 1985",
    "nn12 2qt",
    "osei",
)


def test_every_way_of_looking_can_use_an_index_and_queries_do_not_grow(world):
    actor = world.actor(world.user(Role.CALL_HANDLER))
    crowd(300, world)
    few = [_queries(text, actor) for text in TYPED]
    crowd(CROWD, world)
    assert [_queries(text, actor) for text in TYPED] == few
    assert max(few) <= 10
    _time(actor)
    with connection.cursor() as cursor:
        # So few rows are read whole more cheaply: the question is whether an index can serve.
        cursor.execute("SET LOCAL enable_seqscan = off")
    for text in TYPED:
        looks = list(_looks(understand(text)))
        assert looks
        for look in looks:
            plan = look.explain()
            assert "Seq Scan" not in plan, (text, plan)


def _queries(text, actor) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        find_people(text, actor)
    return len(queries)


def _time(actor) -> None:
    for text in TYPED:
        begun = time.perf_counter()
        found = find_people(text, actor)
        took = (time.perf_counter() - begun) * 1000
        count = len(_candidates(understand(text)))
        print(f"{took:6.0f} ms  {text}: {len(found)} of {count} candidates")
