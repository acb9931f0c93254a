"""What changes who may see what is done only by somebody who lately showed who they are."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cases.access import Role
from cases.audit.models import Access
from cases.policy.queries import settings_at
from cases.staff.models import RoleHolding, User
from hatecrime.url_map import Route, routes
from tests.built import MakeBuilt
from tests.staff.test_second_factor import code_for, enrol
from tests.world import BACKEND, PASSWORD, World, by_hand

EMAIL = "iain@amplius.example"
# What is asked again of everybody, as bar row 9 names it and an administrator's power needs it.
ASKED = {
    "staff:grant-role",
    "staff:end-role",
    "workflow:user-companies",
    "staff:change-user",
    "staff:restore-user",
    "staff:sign-in-link",
    "staff:remove-second-factor",
    "policy:change-setting",
    "workflow:case-conflict",
    "workflow:case-looks-extract",
    "partners:check-unit",
    "workflow:approval",
    "workflow:pack-send",
    "workflow:decide",
    "workflow:decision-phone",
    "workflow:delegates",
}
LATE = 11 * 60
GUARDED = [route for route in routes() if getattr(route.view, "fresh", "")]


@pytest.fixture
def admin(world: World) -> User:
    cache.clear()
    return world.user(Role.SYSADMIN, email=EMAIL, password=PASSWORD)


def test_what_is_asked_again_is_what_is_listed() -> None:
    assert {route.name for route in GUARDED} == ASKED
    assert all(re.fullmatch(r"[A-Z].+\.", route.view.fresh) for route in GUARDED)  # type: ignore[attr-defined]


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_eleven_minutes_later_it_is_asked(built: MakeBuilt, route: Route) -> None:
    world, here = built(route.roles()[0])
    with by_hand():
        here.user.set_password(PASSWORD)
        here.user.save()
    names = tuple(re.findall(r"<(?:\w+:)?(\w+)>", route.address))
    address = reverse(route.name, kwargs=here.arguments(route.name, names, "theirs"))
    for verb in route.methods or ():
        late = world.client(here.user, ago=LATE).generic(verb, address)
        assert late.status_code == 302, verb
        assert late.headers["Location"].startswith("/account/reauthenticate/?next="), verb
        soon = world.client(here.user, ago=LATE - 120).generic(verb, address)
        assert "reauthenticate" not in soon.headers.get("Location", ""), verb


def test_it_says_why_and_goes_on_where_one_was(world: World, admin: User) -> None:
    client, other = world.client(admin, ago=LATE), world.user(name="Dawn Mistry")
    address = reverse("staff:grant-role", args=[other.pk])
    page = client.get(address, follow=True)
    text = page.content.decode()
    assert "Roles decide who can read what people have told us." in text
    assert "more than 10 minutes ago" in text
    asked = page.request["PATH_INFO"]
    wrong = client.post(asked, {"password": "not at all my password", "next": address})
    assert "Roles decide who can read" in wrong.content.decode()
    assert client.get(address).status_code == 302
    right = client.post(asked, {"password": PASSWORD, "next": address})
    assert right.headers["Location"] == address
    assert client.get(address).status_code == 200
    # Elsewhere the page does not give the reason of something else.
    assert "Roles decide" not in client.get(asked).content.decode()


def test_what_was_typed_meanwhile_is_kept_and_sent_again(world: World, admin: User) -> None:
    client, other = world.client(admin, ago=LATE), world.user(name="Dawn Mistry")
    address = reverse("staff:grant-role", args=[other.pk])
    typed = {"role": Role.HOUSING_OFFICER.value, "reason": "New in the team since Monday"}
    client.post(address, typed)
    assert not RoleHolding.objects.filter(user=other).exists()
    asked = client.post(
        "/account/reauthenticate/", {"password": PASSWORD, "next": "/account/typed/"}
    )
    assert asked.headers["Location"] == "/account/typed/"
    page = client.get("/account/typed/").content.decode()
    assert "New in the team since Monday" in page
    assert f'action="{address}"' in page
    client.post(address, {**typed, "typed_again": "1"})
    assert RoleHolding.objects.get(user=other).reason == typed["reason"]
    assert client.get("/account/typed/").status_code == 302, "forgotten once it has gone"


def test_a_setting_waits_for_it_too(world: World, admin: User) -> None:
    world.policy()
    client = world.client(admin, ago=LATE)
    address = reverse("policy:change-setting", args=["SLA_TRIAGE_HOURS"])
    before = settings_at(world.now)["SLA_TRIAGE_HOURS"]
    answer = client.post(address, {"value": "9", "was": str(before), "reason": "Faster"})
    assert answer.status_code == 302
    assert settings_at(world.now)["SLA_TRIAGE_HOURS"] == before


def test_signing_in_counts_and_so_does_a_second_factor(world: World, admin: User) -> None:
    address = reverse("staff:grant-role", args=[world.user().pk])
    client = Client()
    client.post("/account/login/", {"login": EMAIL, "password": PASSWORD})
    assert client.get(address).status_code == 200, "signed in a moment ago"
    secret = enrol(client)
    _grow_old(client)
    asked = client.get(address)
    assert asked.status_code == 302
    code = {"code": code_for(secret, 1), "next": address}
    assert client.post("/account/2fa/reauthenticate/", code).headers["Location"] == address
    assert client.get(address).status_code == 200


def _grow_old(client: Client) -> None:
    session = client.session
    for each in session["account_authentication_methods"]:
        each["at"] = time.time() - LATE
    session.save()


def test_a_session_nobody_proved_anything_in_is_asked(world: World, admin: User) -> None:
    client = Client()
    client.force_login(admin, backend=BACKEND)
    assert client.get(reverse("staff:grant-role", args=[world.user().pk])).status_code == 302


def test_one_persons_proof_is_not_anothers(world: World, admin: User) -> None:
    client: Any = world.client(world.user(Role.HOUSING_OFFICER))
    client.force_login(admin, backend=BACKEND)
    assert client.get(reverse("staff:grant-role", args=[world.user().pk])).status_code == 302


def test_who_comes_by_single_sign_on_signs_in_again(world: World) -> None:
    """They have nothing here to show but that; what they typed waits for them."""
    admin, other = world.user(Role.SYSADMIN), world.user()
    client = world.client(admin, ago=LATE)
    address = reverse("staff:grant-role", args=[other.pk])
    assert client.post(address, {"reason": "New in the team"}).headers["Location"] == (
        "/account/login/?next=/account/typed/"
    )
    again = world.client(admin)
    assert "New in the team" in again.get("/account/typed/").content.decode()
    assert "_auth_user_id" not in client.session


def test_who_may_not_is_told_so_and_asked_nothing(world: World) -> None:
    user = world.user(Role.CALL_HANDLER, password=PASSWORD)
    client = world.client(user, ago=LATE)
    assert client.get(reverse("staff:grant-role", args=[world.user().pk])).status_code == 403
    assert Access.objects.filter(actor_id=user.pk, outcome="DENIED").exists()
