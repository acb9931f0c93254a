"""The second factor: wired always, demanded by a setting."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from cases.access import Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.staff.models import User
from hatecrime.middleware import SecondFactor
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db

EMAIL = "dawn@amplius.example"
HOME = "/your-log/"


def code_for(secret: str, step: int = 0) -> str:
    """The six numbers an authenticator app shows (RFC 6238), ``step`` half-minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@pytest.fixture
def officer(world: World) -> User:
    cache.clear()
    return world.user(Role.HOUSING_OFFICER, email=EMAIL, password=PASSWORD)


@pytest.fixture
def _required(settings: Any) -> None:
    settings.MFA_REQUIRED = True


def with_password(client: Client) -> Any:
    return client.post("/account/login/", {"login": EMAIL, "password": PASSWORD})


def signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def enrol(client: Client) -> str:
    """Set up an authenticator app as the page asks; returns its secret."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert done.status_code == 302, done.content.decode()[:2000]
    return str(secret)


@pytest.mark.usefixtures("_required")
def test_a_password_alone_reaches_only_the_setting_up(officer: User) -> None:
    client = Client()
    with_password(client)
    refused = 0
    for name in _plain_routes():
        if name in SecondFactor.OPEN:
            continue
        for send in (client.get, client.post):
            response = send(reverse(name))
            assert response.status_code == 302, (name, response.status_code)
            refused += response.headers["Location"] == reverse("mfa_activate_totp")
    assert refused > 20
    again = client.get(reverse("mfa_activate_totp"))
    assert again.headers["Location"].startswith("/account/reauthenticate/")
    assert client.post("/account/logout/").status_code == 302


def _plain_routes(patterns: Any = None, app: str = "") -> list[str]:
    """Every named route that takes no argument."""
    names = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if not pattern.pattern.regex.groupindex:
                namespace = f"{pattern.namespace}:" if pattern.namespace else app
                names += _plain_routes(pattern.url_patterns, namespace)
        elif pattern.name and not pattern.pattern.regex.groupindex:
            names.append(app + pattern.name)
    return names


@pytest.mark.usefixtures("_required")
def test_having_set_it_up_opens_everything(
    officer: User, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    with_password(client)
    assert not signed_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        enrol(client)
    assert signed_in(client)
    assert Event.objects.filter(verb=Verb.SECOND_FACTOR_CHANGED, actor_id=officer.pk).exists()


def test_it_is_asked_for_at_the_next_sign_in(officer: User) -> None:
    client = Client()
    with_password(client)
    secret = enrol(client)
    again = Client()
    response = with_password(again)
    assert response.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert not signed_in(again), "the password alone is no session"
    wrong = again.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert Event.objects.filter(
        verb=Verb.SIGN_IN_FAILED, changes__why="wrong second factor", subject_id=officer.pk
    ).exists()
    again.post(reverse("mfa_authenticate"), {"code": code_for(secret, 1)})
    assert signed_in(again)


def test_a_code_counts_once(officer: User) -> None:
    client = Client()
    with_password(client)
    secret = enrol(client)
    code = code_for(secret, 1)
    first, second = Client(), Client()
    for each in (first, second):
        with_password(each)
        each.post(reverse("mfa_authenticate"), {"code": code})
    assert (signed_in(first), signed_in(second)) == (True, False)


@pytest.mark.parametrize(("step", "accepted"), [(-3, False), (-1, True), (1, True), (3, False)])
def test_a_code_counts_one_step_early_or_late(officer: User, step: int, accepted: bool) -> None:
    client = Client()
    with_password(client)
    secret = enrol(client)
    other = Client()
    with_password(other)
    other.post(reverse("mfa_authenticate"), {"code": code_for(secret, step)})
    assert signed_in(other) is accepted


def test_setting_it_up_ends_every_other_session(
    officer: User, django_capture_on_commit_callbacks: Any
) -> None:
    here, there = Client(), Client()
    with_password(here)
    with_password(there)
    assert signed_in(there)
    with django_capture_on_commit_callbacks(execute=True):
        enrol(here)
    assert (signed_in(here), signed_in(there)) == (True, False)


def test_the_administrator_helps_somebody_who_lost_it(world: World, officer: User) -> None:
    client = Client()
    with_password(client)
    enrol(client)
    admin = world.user(Role.SYSADMIN)
    address = reverse("staff:remove-second-factor", args=[officer.pk])
    shown = world.client(admin).get(reverse("staff:user", args=[officer.pk])).content.decode()
    assert address in shown
    done = world.client(admin).post(address, {"reason": "Lost her phone; rang her back"})
    assert done.status_code == 302
    assert not signed_in(client)
    with_password(client)
    assert signed_in(client)
    event = Event.objects.get(verb=Verb.SECOND_FACTOR_CHANGED, actor_id=admin.pk)
    assert (event.subject_id, event.reason) == (officer.pk, "Lost her phone; rang her back")
    own = reverse("staff:remove-second-factor", args=[admin.pk])
    text = world.client(admin).post(own, {"reason": "Mine"}).content.decode()
    assert "You look after your own second factor yourself." in text
