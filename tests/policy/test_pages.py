"""The policy, the settings, the bank holidays and recording training."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from cases.access import Grant, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.policy.defaults import DEFAULTS
from cases.policy.models import Setting
from cases.staff.models import Course, User
from tests.audit.pages import ritual, signed_out, wrong_verbs
from tests.world import LONDON, World

pytestmark = pytest.mark.django_db

KEY = "SLA_TRIAGE_HOURS"


@pytest.fixture
def admin(world: World) -> User:
    return world.user(Role.SYSADMIN, name="Iain Mackie")


@pytest.fixture
def manager(world: World) -> User:
    return world.user(Role.CASE_MANAGER)


@pytest.fixture
def officer(world: World) -> User:
    return world.user(Role.HOUSING_OFFICER, name="Dawn Mistry")


@pytest.fixture
def client(world: World, admin: User) -> Client:
    return world.client(admin)


@pytest.mark.parametrize("name", ["settings", "setting", "holidays"])
def test_settings_are_read_by_managers(
    world: World, manager: User, officer: User, name: str
) -> None:
    address = reverse(f"policy:{name}", args=[KEY] if name == "setting" else [])
    ritual(
        world,
        allowed=manager,
        refused=officer,
        address=address,
        sentence=Grant.SEE_SETTINGS.value,
    )


def test_settings_are_changed_by_the_administrator(
    world: World, admin: User, manager: User
) -> None:
    ritual(
        world,
        allowed=admin,
        refused=manager,
        address=reverse("policy:change-setting", args=[KEY]),
        sentence=Grant.CHANGE_SETTINGS.value,
        verbs=("get", "post"),
    )
    shown = world.client(manager).get(reverse("policy:setting", args=[KEY])).content.decode()
    assert Grant.CHANGE_SETTINGS.value in shown
    assert reverse("policy:change-setting", args=[KEY]) not in shown


def change(client: Client, **values: Any) -> Any:
    given = {"value": 3, "was": 4, "reason": "The board’s decision", **values}
    return client.post(reverse("policy:change-setting", args=[KEY]), given)


def test_a_setting_is_changed_with_its_reason(client: Client, admin: User) -> None:
    assert change(client).status_code == 302
    page = client.get(reverse("policy:setting", args=[KEY])).content.decode()
    assert "The board’s decision" in page
    assert "Iain Mackie" in page
    assert "It was 4 to begin with." in page
    event = Event.objects.get(verb=Verb.SETTING_CHANGED)
    assert (event.changes["from"], event.changes["to"]) == (4, 3)
    assert event.actor_id == admin.pk


def test_what_was_typed_stays_on_error(client: Client) -> None:
    response = change(client, value="many", reason="", begins_on_day="31", begins_on_month="2")
    text = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: Change a setting" in text
    assert "Enter a whole number" in text
    assert "Say why the setting changes" in text
    assert 'value="many"' in text
    assert 'value="31"' in text
    assert not Setting.objects.exists()


@pytest.mark.parametrize("value", [0, 721, -1])
def test_a_value_out_of_range_is_refused(client: Client, value: int) -> None:
    assert "Enter a number from 1 to 720." in change(client, value=value).content.decode()


def test_a_change_on_top_of_somebody_elses_is_refused(client: Client) -> None:
    change(client, value=2)
    late = change(client, value=3)
    assert "Somebody else has just changed this to 2." in late.content.decode()
    assert Setting.objects.count() == 1


def test_a_change_may_wait_for_a_day(world: World, admin: User) -> None:
    with time_machine.travel(world.now, tick=False):
        client = world.client(admin)
        change(client, begins_on_day="1", begins_on_month="12", begins_on_year="2026")
        page = client.get(reverse("policy:settings")).content.decode()
    assert Setting.objects.get().begins_at == datetime(2026, 12, 1, tzinfo=LONDON)
    assert "(from Tuesday 1 December 2026 at midnight: 3)" in page


def test_there_is_no_page_for_what_is_no_setting(client: Client) -> None:
    for key in ("PERCEPTION_RULE", "PRIORITY"):
        assert client.get(reverse("policy:setting", args=[key])).status_code == 404
        assert client.post(reverse("policy:change-setting", args=[key])).status_code == 404


def test_every_setting_is_listed_in_few_queries(
    world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.get(reverse("policy:settings"))
    with django_assert_max_num_queries(16):
        page = client.get(reverse("policy:settings")).content.decode()
    for _, words in DEFAULTS.values():
        assert escape(words) in page


def test_everybody_reads_the_policy(world: World, officer: User) -> None:
    world.policy()
    address = reverse("policy:policy")
    signed_out(address)
    wrong_verbs(world, officer, address, "get")
    page = world.client(officer).get(address).content.decode()
    assert "Tuesday 17 December 2024" in page
    assert "perceived by the victim or any other person" in page
    assert "A triennial review would fall on Saturday 4 December 2027" in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 6, 4), ""),
        (date(2026, 6, 5), "Policy review overdue by 1 day<"),
        (date(2026, 11, 19), "Policy review overdue by 168 days<"),
    ],
)
def test_the_banner_says_when_the_review_is_overdue(
    world: World, officer: User, day: date, words: str
) -> None:
    world.policy()
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)
    with time_machine.travel(noon, tick=False):
        page = world.client(officer).get(reverse("policy:policy")).content.decode()
    assert words in page
    assert ("review overdue" in page) is bool(words)


def test_an_installation_without_a_policy_says_so(world: World, officer: User) -> None:
    page = world.client(officer).get(reverse("policy:policy")).content.decode()
    assert "No version of the policy has been recorded." in page


def test_the_bank_holidays_to_come(world: World, manager: User) -> None:
    world.policy()
    with time_machine.travel(world.now, tick=False):
        page = world.client(manager).get(reverse("policy:holidays")).content.decode()
    assert "Friday 25 December 2026" in page
    assert "31 August 2026" not in page


class TestTraining:
    def test_the_page_is_the_administrators(self, world: World, admin: User, officer: User) -> None:
        ritual(
            world,
            allowed=admin,
            refused=officer,
            address=reverse("policy:record-training", args=[officer.pk]),
            sentence=Grant.MANAGE_STAFF.value,
            verbs=("get", "post"),
        )

    def test_it_counts_for_as_long_as_the_setting_says(
        self, world: World, client: Client, officer: User
    ) -> None:
        response = client.post(
            reverse("policy:record-training", args=[officer.pk]),
            {
                "course": Course.HATE_CRIME,
                "completed_on_day": "29",
                "completed_on_month": "2",
                "completed_on_year": "2024",
            },
        )
        assert response.status_code == 302
        training = officer.training.get()
        assert training.expires_on == date(2026, 2, 28)
        last = training.expires_on - timedelta(days=1)
        assert training.counts_on(last)
        assert not training.counts_on(training.expires_on)

    def test_not_twice_and_not_tomorrow(self, world: World, client: Client, officer: User) -> None:
        address = reverse("policy:record-training", args=[officer.pk])
        typed = {
            "course": Course.SAFE_CONTACT,
            "completed_on_day": "1",
            "completed_on_month": "3",
            "completed_on_year": "2026",
        }
        assert client.post(address, typed).status_code == 302
        assert "This training is already recorded." in client.post(address, typed).content.decode()
        future = client.post(address, {**typed, "completed_on_year": "2099"})
        assert "The day completed cannot be in the future" in future.content.decode()
        assert officer.training.count() == 1
