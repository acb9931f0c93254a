"""Who may be here twice, why, who may see it, and that it is not asked twice."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Role
from cases.audit.models import Event
from cases.casework import operations as casework
from cases.people import operations
from cases.people.duplicates import possibly_same
from cases.people.likeness import Known, compare
from cases.people.matching import name_key, phone_key, sound_key
from cases.people.models import Merge, NotSame, Person, StaffLink, UnsafeDetail
from cases.people.queries import adjustment_lines, find_people, tenancy_of
from tests.casework.story import tell
from tests.people.folk import BORN

pytestmark = pytest.mark.django_db


def known(name: str, phone: str = "", **more) -> Known:
    return Known(name_key(name), sound_key(name), phone_key(phone), **more)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (known("Amara Osei", date_of_birth=BORN), known("Amarah Ossei", date_of_birth=BORN), True),
        (known("Amara Osei", date_of_birth=BORN), known("Amara Osei"), False),
        (known("Amara Osei", "07700 900412"), known("Osei Amara", "+44 7700 900412"), True),
        (known("Amara Osei", email="A@b.org"), known("Amara Osei", email="a@B.ORG"), True),
        (known("Amara Osei", home=3), known("Amara Osei", home=3), True),
        (known("Amara Osei", home=3), known("Kofi Osei", home=3), False),
        (known("Amara Osei", "07700 900412"), known("Chloe Byrne", "07700 900412"), False),
        (
            known("Kofi Osei", home=3, date_of_birth=BORN),
            known("Kofi Osei", home=3, date_of_birth=date(2010, 1, 1)),
            False,
        ),
        (known("Amara", date_of_birth=BORN), known("Amara", date_of_birth=BORN), True),
        (known("Li", home=3), known("Li", home=3), True),
        (known("Al", home=3), known("Alan Grey", home=3), False),
    ],
)
def test_who_is_alike(one, other, alike):
    assert bool(compare(one, other)) is alike
    assert compare(one, other).score == compare(other, one).score


def test_why_is_said_in_words():
    one, other = (known("Amara Osei", "07700 900412", date_of_birth=BORN) for _ in "ab")
    assert compare(one, other).why == (
        "Name is the same.",
        "Date of birth is the same.",
        "Phone number is the same.",
    )


@pytest.fixture
def twice(folk):
    return folk.person(date_of_birth=BORN), folk.person("Amarah Ossei", date_of_birth=BORN)


def test_pairs_are_found_once_and_not_again_once_settled(folk, twice):
    one, other = twice
    folk.person("Somebody Else", date_of_birth=BORN)
    [pair] = possibly_same([one.pk, other.pk])
    assert (pair.one, pair.other) == (one, other)
    operations.not_the_same(**folk.doing, one=other, other=one)
    events = Event.objects.count()
    operations.not_the_same(**folk.doing, one=one, other=other)
    assert (NotSame.objects.count(), Event.objects.count()) == (1, events)
    assert possibly_same([one.pk]) == []
    third = folk.person("Amara Osei", phone="07700 900412", date_of_birth=BORN)
    operations.merge_people(**folk.doing, survivor=third, loser=one)
    assert possibly_same([third.pk, other.pk]) == []


def test_the_number_of_queries_does_not_grow(folk, twice):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            possibly_same(Person.objects.values_list("pk", flat=True))
        counts.append(len(queries))
        folk.person("Amara Osei", date_of_birth=BORN)
    assert counts[0] == counts[1] <= 5


# --- the pages ---


@pytest.fixture
def story(world):
    return tell(world)


def page_of_pairs(world, user) -> str:
    return world.client(user).get("/people/possible-duplicates/").content.decode()


def test_only_people_of_the_readers_cases_are_listed(world, story):
    born = story.amara.date_of_birth or BORN
    operations.change_person(by=story.boss, at=story.at(), person=story.amara, date_of_birth=born)
    double = operations.add_person(
        by=story.boss, at=story.at(), full_name=story.amara.full_name, date_of_birth=born
    )
    assert double.reference in page_of_pairs(world, story.manager)
    stranger = world.user(Role.HOUSING_OFFICER, team=world.team("South"))
    assert double.reference not in page_of_pairs(world, stranger)
    handler = world.client(world.user(Role.CALL_HANDLER))
    assert handler.get("/people/possible-duplicates/").status_code == 403


def test_whoever_may_not_see_one_sees_neither_the_pair_nor_the_name(world, story):
    born = story.amara.date_of_birth or BORN
    operations.change_person(by=story.boss, at=story.at(), person=story.amara, date_of_birth=born)
    double = operations.add_person(
        by=story.boss, at=story.at(), full_name=story.amara.full_name, date_of_birth=born
    )
    StaffLink.objects.create(
        user=story.manager, person=double, kind="RELATIVE", declared_at=story.at()
    )
    text = page_of_pairs(world, story.manager)
    assert double.reference not in text
    assert story.amara.reference not in text
    client = world.client(story.manager)
    address = f"/people/{story.amara.reference}/join/{double.reference}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"do": "join", "sure": "yes"}).status_code == 404
    assert client.post(f"{address}not-the-same/").status_code == 404
    assert not Merge.objects.exists()
    assert (
        "May be here twice" not in client.get(f"/people/{story.amara.reference}/").content.decode()
    )


def test_a_restricted_record_hides_whoever_it_was_joined_to(world, story, folk):
    """Joining must not open a door: one hidden record hides the person."""
    other = folk.person("Amara O")
    operations.merge_people(by=story.boss, at=story.at(), survivor=other, loser=story.amara)
    casework.restrict_case(
        by=story.boss,
        at=story.at(),
        case=story.case,
        reason="Her safety needs fewer readers.",
        named=[],
    )
    stranger = world.user(Role.HOUSING_OFFICER, team=world.team("South"))
    client = world.client(stranger)
    for reference in (other.reference, story.amara.reference):
        assert client.get(f"/people/{reference}/").status_code == 404


# --- what a joined record finds ---


def test_search_and_pages_find_the_survivor_by_either_record(folk, twice):
    one, other = twice
    home = folk.home()
    folk.tenant(other, home, "T-0099")
    operations.add_adjustment(**folk.doing, person=one, need="Large print")
    operations.add_adjustment(**folk.doing, person=other, need="Interpreter: Twi")
    operations.merge_people(**folk.doing, survivor=one, loser=other)
    for text in (other.reference, "Amarah Ossei", one.reference, "T-0099"):
        found = find_people(text, folk.by)
        assert [match.person for match in found] == [one], text
    client = folk.world.client(folk.user)
    assert client.get(f"/people/{other.reference}/").url == f"/people/{one.reference}/"
    page = client.get(f"/people/{one.reference}/").content.decode()
    assert "Large print. Interpreter: Twi" in page
    assert f"{other.reference} is joined to this one" in page
    assert tenancy_of(one, folk.world.now.date()).reference == "T-0099"
    lines = adjustment_lines([one.pk, other.pk])
    assert set(lines.values()) == {"Large print. Interpreter: Twi"}


def test_a_replaced_number_is_kept_as_not_safe_until_somebody_says_otherwise(folk):
    person = folk.person(phone="07700 900412", home=folk.home())
    operations.change_person(**folk.doing, person=person, phone="07700 900999", safe="SAFE")
    assert UnsafeDetail.objects.get().value == "07700 900412"
    client = folk.world.client(folk.user)
    shown = client.post(f"/people/{person.reference}/").content.decode()
    assert "Do not use." in shown
    assert "900412" not in client.get(f"/people/{person.reference}/").content.decode()
    operations.change_person(**folk.doing, person=person, phone="+447700900412")
    assert UnsafeDetail.objects.filter(safe_again_at__isnull=True).count() == 2
    operations.change_person(**folk.doing, person=person, phone="07700900999", safe="SAFE")
    kept = UnsafeDetail.objects.filter(safe_again_at__isnull=True)
    assert {row.value for row in kept} == {"07700 900412"}
