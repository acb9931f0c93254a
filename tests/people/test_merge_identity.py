"""Merging and taking apart, in any order over generated people, is the identity."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.people import operations
from cases.people.merging import FIELDS, WAYS
from cases.people.models import Merge, Person, SafeContact
from cases.people.queries import survivors, ties_around
from tests.people.folk import Folk

pytestmark = pytest.mark.django_db

PEOPLE = 4
REACHES = ("SAFE", "NOT_SAFE", "NOT_ASKED")
somebody = st.fixed_dictionaries(
    {
        "language": st.sampled_from(("", "Twi", "Urdu")),
        "phone": st.sampled_from(("", "07700 900111", "07700 900222")),
        "safe": st.one_of(
            st.none(),
            st.fixed_dictionaries({way: st.sampled_from(REACHES) for way in ("ring", "post")}),
        ),
    }
)
merges = st.lists(
    st.tuples(
        st.integers(0, PEOPLE - 1),
        st.integers(0, PEOPLE - 1),
        st.sets(st.sampled_from(FIELDS)),
    ),
    min_size=1,
    max_size=5,
)
links = st.sets(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    max_size=4,
)


def state(people: list[Person]) -> list[Any]:
    """All that is said of these people, but when."""
    ids = [person.pk for person in people]
    rows = list(Person.objects.filter(pk__in=ids).order_by("pk").values())
    # Each record's own row: what a page that knows only that record would use.
    said = {row.person_id: row for row in SafeContact.objects.filter(person__in=ids)}
    reach = [[getattr(said.get(pk), way, "NOT_ASKED") for way in WAYS] for pk in ids]
    return [rows, reach, survivors(ids), ties_around(ids)]


@pytest.fixture
def crowd(world) -> Folk:
    return Folk(world)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(who=st.lists(somebody, min_size=PEOPLE, max_size=PEOPLE), steps=merges, related=links)
def test_merge_then_take_apart_is_the_identity(crowd: Folk, who, steps, related):
    with transaction.atomic():
        _there_and_back(crowd, who, steps, related)
        transaction.set_rollback(True)  # Nothing is left behind for the next example.


def _there_and_back(folk: Folk, who: Any, steps: Any, related: Any) -> None:
    people = []
    for number, said in enumerate(who):
        person = folk.person(f"Person {number}", language=said["language"], phone=said["phone"])
        if said["safe"]:
            operations.set_safe_contact(**folk.doing, person=person, **said["safe"])
        people.append(person)
    for one, other in sorted(related):
        operations.add_family_link(
            **folk.doing, person=people[one], relative=people[other], kind="SIBLING"
        )
    states, joined = [state(people)], list[Merge]()
    for stays, goes, take in steps:
        allowed = [reach[:] for reach in states[-1][1]]
        try:
            with transaction.atomic():
                made = operations.merge_people(
                    **folk.doing, survivor=people[stays], loser=people[goes], take=take
                )
        except ValidationError:
            continue
        joined.append(made)
        states.append(state(people))
        _nothing_loosened(people, stays, allowed, states[-1][1])
    for made in reversed(joined):
        states.pop()
        operations.unmerge_people(**folk.doing, merge=made)
        assert state(people) == states[-1]


def _nothing_loosened(people: list[Person], stays: int, before: Any, after: Any) -> None:
    for number, _ in enumerate(people):
        for was, now in zip(before[number], after[number], strict=True):
            assert now != "SAFE" or was == "SAFE"
