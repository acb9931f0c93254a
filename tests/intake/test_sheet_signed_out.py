"""What is posted after the session has ended waits for the same person, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from tests.intake.sheets import address, handler, new_sheet, post, save
from tests.world import PASSWORD, World

WORDS = "He shouts whenever I go out, and I am afraid to ring anybody."


def ended(client: Client) -> None:
    """End the client's session as time does."""
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))


def sign_in(client: Client, email: str, follow: bool = True):
    return client.post(
        "/account/login/?next=/account/typed/",
        {"login": email, "password": PASSWORD, "next": "/account/typed/"},
        follow=follow,
    )


@pytest.fixture
def people(world: World):
    team = world.team()
    from cases.access import Role

    joanne = world.user(Role.CALL_HANDLER, team=team, name="Joanne Pike", password=PASSWORD)
    other = world.user(Role.CALL_HANDLER, team=team, name="Priya Nair", password=PASSWORD)
    return joanne, other


def test_words_sent_after_the_session_ended_come_back_and_are_saved(world: World, people) -> None:
    joanne, _ = people
    sheet = new_sheet(world, joanne, at=datetime.now(UTC))
    client = world.client(joanne)
    client.get(address(sheet))
    ended(client)

    answer = post(client, sheet, **{"incident-1__words": WORDS, "who__postcode": "NN99 4QT"})

    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/?next=/account/typed/")
    assert sheet.answers.filter(question="incident-1.words").count() == 0

    page = sign_in(client, joanne.email)
    assert page.redirect_chain[-1][0] == "/account/typed/"
    assert WORDS in page.content.decode()
    assert page.context["address"] == address(sheet)
    fields = dict(page.context["typed"])
    assert fields["who.postcode"] == "NN99 4QT"
    assert "csrfmiddlewaretoken" not in fields

    again = client.post(page.context["address"], fields)
    assert again.status_code == 302
    assert sheet.answers.get(question="incident-1.words").value == WORDS
    assert client.get("/account/typed/").url == "/"


def test_the_next_person_on_that_computer_sees_nothing_and_the_first_still_does(
    world: World, people
) -> None:
    joanne, other = people
    sheet = new_sheet(world, joanne, at=datetime.now(UTC))
    client = world.client(joanne)
    client.get(address(sheet))
    ended(client)
    post(client, sheet, **{"incident-1__words": WORDS})

    page = sign_in(client, other.email)
    assert WORDS not in page.content.decode()
    assert page.redirect_chain[-1][0] != "/account/typed/"
    assert client.get(address(sheet)).status_code == 404
    client.post("/account/logout/")

    page = sign_in(client, joanne.email)
    assert WORDS in page.content.decode()


def test_it_can_be_left(world: World, people) -> None:
    joanne, _ = people
    sheet = new_sheet(world, joanne, at=datetime.now(UTC))
    client = world.client(joanne)
    client.get(address(sheet))
    ended(client)
    post(client, sheet, **{"incident-1__words": WORDS})
    sign_in(client, joanne.email)

    assert client.post("/account/typed/").url == "/"
    assert client.get("/account/typed/").url == "/"
    assert not sheet.answers.filter(question="incident-1.words").exists()


def test_a_page_with_script_is_told_and_keeps_its_own_words(world: World) -> None:
    user = handler(world)
    sheet = new_sheet(world, user)
    answer = save(world.client(), sheet, safe__now="YES")

    assert answer.status_code == 401
    assert answer.json() == {"signed_out": True}
    assert not sheet.answers.filter(question="safe.now").exists()


def test_without_any_session_the_words_are_given_back_on_the_page(world: World) -> None:
    user = handler(world)
    sheet = new_sheet(world, user)
    answer = post(world.client(), sheet, **{"incident-1__words": WORDS})

    assert answer.status_code == 403
    assert WORDS in answer.content.decode()
    assert not sheet.answers.filter(question="incident-1.words").exists()


def test_a_session_at_its_absolute_end_keeps_the_words_too(world: World, people) -> None:
    joanne, _ = people
    sheet = new_sheet(world, joanne, at=datetime.now(UTC))
    client = world.client(joanne)
    client.get(address(sheet))
    session = client.session
    session["began"] = (datetime.now(UTC) - timedelta(hours=11)).timestamp()
    session.save()

    assert post(client, sheet, **{"incident-1__words": WORDS}).status_code == 302
    assert WORDS in sign_in(client, joanne.email).content.decode()


def test_what_waits_is_forgotten_after_a_day(world: World, people) -> None:
    joanne, _ = people
    sheet = new_sheet(world, joanne, at=datetime.now(UTC))
    client = world.client(joanne)
    client.get(address(sheet))
    ended(client)
    post(client, sheet, **{"incident-1__words": WORDS})

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=False):
        fresh = world.client(joanne)
        assert fresh.get("/account/typed/").url == "/"
