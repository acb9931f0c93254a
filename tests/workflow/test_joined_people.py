"""A case whose person's record was joined to another says of both what holds (ADR 14)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.casework.operations import add_involvement
from cases.people.merge_operations import merge_people
from cases.people.models import Person
from cases.people.operations import add_adjustment, add_person, set_safe_contact
from tests.casework.story import Story, declared
from tests.workflow.test_case_page import get, url

ROWS = "/"


@pytest.fixture
def led(story: Story) -> Iterator[Story]:
    with time_machine.travel(story.at(hours=1), tick=False):
        story.allocated()
        declared(story, story.officer, story.manager)
        yield story


def stays(story: Story, name: str = "Amara Owusu-Osei") -> Person:
    """The record that Amara's is joined to; it has needs and an unsafe way of its own."""
    facts: dict[str, Any] = {"by": story.boss, "at": story.at()}
    person = add_person(
        full_name=name, known_as="Ama", phone="07700 900412", home=story.home, **facts
    )
    set_safe_contact(person=person, text="SAFE", ring="NOT_SAFE", post="SAFE", **facts)
    add_adjustment(person=person, need="Large print", **facts)
    return person


def joined(story: Story, person: Person) -> None:
    merge_people(by=story.boss, at=story.at(), survivor=person, loser=story.amara)


def queries(story: Story, where: str) -> int:
    client = story.world.client(story.officer)
    client.get(where)
    with CaptureQueriesContext(connection) as found:
        assert client.get(where).status_code == 200
    return len(found)


def test_the_case_page_speaks_of_the_whole_person(led: Story) -> None:
    facts: dict[str, Any] = {"by": led.boss, "at": led.at()}
    add_adjustment(person=led.amara, need="Interpreter: Twi", **facts)
    before = get(led, led.officer)
    assert "Amara Osei" in before
    assert "No post" in before
    joined(led, stays(led))
    page = get(led, led.officer)
    assert "Amara Owusu-Osei" in page
    assert "Amara Osei" not in page
    assert "Make first contact with Ama" in page
    assert "Interpreter: Twi" in page
    assert "Large print" in page
    # Of each way the safer answer: ringing was safe on one record, post on the other.
    assert "Safe contact: Text only. No post. No voicemail. No ringing. Say “Sam”." in page


def test_what_is_asked_after_the_joining_is_on_the_case_too(led: Story) -> None:
    person = stays(led)
    joined(led, person)
    facts: dict[str, Any] = {"by": led.boss, "at": led.at()}
    set_safe_contact(person=person, email="NOT_SAFE", text="NOT_SAFE", **facts)
    add_adjustment(person=person, need="Level access", **facts)
    page = get(led, led.officer)
    assert "Text first" not in page
    assert "Level access" in page


def test_everybody_else_on_the_case_is_called_by_the_record_that_stands(led: Story) -> None:
    facts: dict[str, Any] = {"by": led.boss, "at": led.at()}
    seen = add_person(full_name="Bo Lindt", **facts)
    person = add_person(full_name="Bo Lindqvist", **facts)
    add_involvement(case=led.case, part="WITNESS", person=seen, **facts)
    merge_people(survivor=person, loser=seen, **facts)
    page = get(led, led.officer)
    assert "Bo Lindqvist" in page


def test_the_queue_speaks_of_the_whole_person(led: Story) -> None:
    client = led.world.client(led.officer)
    before = client.get(ROWS, follow=True).content.decode()
    assert "Amara Osei" in before
    joined(led, stays(led))
    page = client.get(ROWS, follow=True).content.decode()
    assert "Amara Owusu-Osei" in page
    assert "Amara Osei" not in page
    assert "Large print" in page


def test_a_joined_person_costs_no_more_questions(led: Story) -> None:
    before = [queries(led, url(led)), queries(led, url(led, "risk/"))]
    joined(led, stays(led))
    assert [queries(led, url(led)), queries(led, url(led, "risk/"))] == before


def test_the_pages_of_the_case_call_them_so_too(led: Story) -> None:
    joined(led, stays(led))
    for rest in ("notes/new/", "contacts/new/", "risk/", "repeat/"):
        page = get(led, led.officer, rest)
        assert "Amara Owusu-Osei" in page, rest
        assert "Amara Osei" not in page, rest


def test_whoever_asks_about_risk_reads_the_safer_way_of_both(led: Story) -> None:
    set_safe_contact(by=led.boss, at=led.at(), person=led.amara, text="SAFE", ring="SAFE")
    assert "Text first." in get(led, led.officer, "risk/")
    joined(led, stays(led))
    client = led.world.client(led.officer)
    begun = client.post(url(led, "risk/"), {"do": "start", "about": led.victim.pk})
    for where in (url(led, "risk/"), begun.headers["Location"]):
        page = client.get(where).content.decode()
        assert "Text first." not in page, where
        assert "Text only." in page, where
