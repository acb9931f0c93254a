"""What was said on the phone, and by whom it was decided, where each side reads of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from cases.access import Role
from cases.disclosures import phone_operations as phones
from cases.disclosures.models import PhoneApproval
from cases.staff.delegation_operations import name_delegate
from cases.staff.models import User
from tests.casework.story import Story
from tests.workflow.asked import Asking, ask
from tests.workflow.test_desk import get, said_in

pytestmark = pytest.mark.django_db
HEARD = "Ruth Calloway approved it by phone"


@pytest.fixture
def asking(story: Story) -> Iterator[Asking]:
    found = ask(story, urgent=True)
    with time_machine.travel(found.at(minutes=40), tick=False):
        yield found


@pytest.fixture
def phone(asking: Asking) -> PhoneApproval:
    return phones.record_phone_approval(
        by=asking.story.boss,
        at=asking.at(minutes=12),
        request=asking.fresh(),
        director=asking.director,
        called_at=asking.at(minutes=11),
        words="Yes, tell them.",
    )


def deny(asking: Asking, phone: PhoneApproval) -> None:
    phones.repudiate_phone(
        by=asking.boss, at=asking.at(minutes=20), phone=phone, words="Nobody rang me."
    )


def desk(asking: Asking, user: User) -> str:
    return get(asking, user, "decision", asking.request.pk)


def case_side(asking: Asking, name: str, *args: object) -> str:
    address = reverse(f"workflow:{name}", args=[asking.story.case.reference, *args])
    response = asking.world.client(asking.story.officer).get(address)
    assert response.status_code == 200
    return said_in(response.content.decode())


def test_the_desk_reads_what_was_said_before_deciding(asking: Asking, phone: PhoneApproval) -> None:
    said = desk(asking, asking.director)
    assert said.index(HEARD) < said.index("In short")
    assert "“Yes, tell them.” It is to be confirmed by" in said
    assert "Your decision" in said
    assert "Say first if this is what you said" in said


def test_what_was_denied_is_read_by_director_and_sponsor(
    asking: Asking, phone: PhoneApproval
) -> None:
    deny(asking, phone)
    for user in (asking.director, asking.sponsor):
        said = desk(asking, user)
        assert "Ruth Calloway says that it was not said: Nobody rang me." in said
        assert "Say first if" not in said


def test_the_register_says_what_became_of_the_word_and_as_what_it_was_decided(
    asking: Asking, phone: PhoneApproval
) -> None:
    deny(asking, phone)
    asking.decide("DECLINE", at=asking.at(minutes=30))
    client = asking.world.client(asking.director)
    address = reverse("workflow:register")
    said = said_in(client.get(address, {"show": "phoned"}).content.decode())
    assert "Northshire Police: Ruth Calloway on the phone" in said
    assert "Not what was said, says Ruth Calloway." in said
    said = said_in(client.get(address, {"show": "decided"}).content.decode())
    assert "Decided as Director of Customer Operations." in said


def test_nothing_is_said_of_a_phone_that_never_rang(asking: Asking) -> None:
    assert "Said on the phone" not in desk(asking, asking.director)


def test_the_officer_is_told_it_may_go_only_while_it_may(
    asking: Asking, phone: PhoneApproval
) -> None:
    said = case_side(asking, "police-request", asking.request.pk)
    assert "Approved by phone, to be confirmed" in said
    assert "Send it" in said
    assert "Approved by phone, to be confirmed" in case_side(asking, "police")
    deny(asking, phone)
    said = case_side(asking, "police-request", asking.request.pk)
    assert "Waiting for a decision" in said
    assert "Send it" not in said


def test_a_word_nobody_confirmed_in_time_is_no_way_to_send(
    asking: Asking, phone: PhoneApproval
) -> None:
    with time_machine.travel(phone.due_at + timedelta(minutes=1), tick=False):
        said = case_side(asking, "police-request", asking.request.pk)
    assert "and was not. Nothing goes on it now." in said
    assert "Send it" not in said


def test_what_was_said_in_confirming_is_told_once(asking: Asking, phone: PhoneApproval) -> None:
    phones.confirm_phone(
        by=asking.boss, at=asking.at(minutes=20), phone=phone, words="Word for word."
    )
    assert desk(asking, asking.director).count("Word for word.") == 1


def test_a_decision_names_who_acted_for_the_director(asking: Asking) -> None:
    deputy = asking.world.user(Role.CASE_MANAGER, name="Colin Aster")
    name_delegate(
        by=asking.boss,
        at=asking.at(minutes=5),
        user=deputy,
        begins_at=asking.at(minutes=5),
        ends_at=asking.at(days=2),
        reason="On leave until Monday.",
        most_days=28,
    )
    asking.decide("DECLINE", by=deputy.actor(asking.at(minutes=20)))
    named = "Colin Aster, acting for the Director"
    assert named in desk(asking, asking.director)
    assert named in get(asking, asking.director, "decisions")
    assert f"by {named}." in case_side(asking, "police")
    assert f"{named}, declined telling the police" in case_side(asking, "case")


def test_the_rule_is_not_put_to_an_officer_as_theirs(asking: Asking) -> None:
    assert "The rule you are deciding under" in desk(asking, asking.director)
    said = case_side(asking, "police-request", asking.request.pk)
    assert "The rule it is decided under" in said
