"""Single sign-on, switched on by a setting: known people only, by issuer and subject."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from cases.access import Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.staff.models import User
from hatecrime.settings import openid_apps
from tests.staff.identity_provider import Provider, running
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db

EMAIL = "dawn@amplius.example"
HOME = "/your-log/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    cache.clear()
    with running() as provider:
        apps = openid_apps(provider.url)
        apps[0]["client_id"] = "hate-crime-casework"
        apps[0]["secret"] = "quiet"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}
        }
        yield provider


@pytest.fixture
def officer(world: World) -> User:
    return world.user(Role.HOUSING_OFFICER, email=EMAIL, password=PASSWORD)


def begin(client: Client, provider: Provider, process: str = "login") -> dict[str, str]:
    """Press the button; returns what the provider was asked."""
    start = openid_apps(provider.url)[0]["provider_id"]
    response = client.post(f"/account/oidc/{start}/login/?process={process}")
    assert response.status_code == 302, response.content.decode()[:500]
    there = urlsplit(response.headers["Location"])
    assert f"{there.scheme}://{there.netloc}" == provider.url
    return {name: values[0] for name, values in parse_qs(there.query).items()}


def come_back(client: Client, provider: Provider, **answer: str) -> Any:
    """Return from the provider with this answer."""
    start = openid_apps(provider.url)[0]["provider_id"]
    return client.get(f"/account/oidc/{start}/login/callback/", answer, follow=True)


def sign_in(client: Client, provider: Provider, process: str = "login") -> Any:
    asked = begin(client, provider, process)
    return come_back(client, provider, state=asked["state"], code="c")


def signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def link(officer: User, provider: Provider, subject: str = "s-1") -> None:
    """Connect the officer's account, signed in by password, as they would."""
    client = Client()
    client.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    provider.claims = {"sub": subject, "email": "somebody@else.example"}
    sign_in(client, provider, process="connect")
    assert officer.socialaccount_set.get().uid == subject


def test_it_is_not_offered_unless_set(db: None) -> None:
    assert openid_apps("") == []
    assert "Sign in with" not in Client().get("/account/login/").content.decode()


def test_the_button_appears_with_the_setting(provider: Provider, db: None) -> None:
    assert "Sign in with Amplius" in Client().get("/account/login/").content.decode()


def test_the_provider_is_asked_safely(provider: Provider, db: None) -> None:
    asked = begin(Client(), provider)
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 10
    assert "openid" in asked["scope"].split()


def test_somebody_known_signs_in(provider: Provider, officer: User) -> None:
    link(officer, provider)
    client = Client()
    sign_in(client, provider)
    assert signed_in(client)
    assert client.get(HOME).context["actor"].id == officer.pk
    assert "code_verifier" in provider.codes[-1]


def test_the_same_address_is_not_the_same_person(provider: Provider, officer: User) -> None:
    provider.claims = {"sub": "stranger", "email": officer.email, "email_verified": True}
    before = User.objects.count()
    client = Client()
    sign_in(client, provider)
    assert not signed_in(client)
    client.post("/account/3rdparty/signup/", {"email": officer.email})
    assert not signed_in(client)
    assert User.objects.count() == before
    assert not officer.socialaccount_set.exists()


def test_another_issuers_subject_is_somebody_else(provider: Provider) -> None:
    ours, theirs = openid_apps("https://a.example"), openid_apps("https://b.example")
    assert ours[0]["provider_id"] != theirs[0]["provider_id"]
    assert (
        ours == openid_apps("https://a.example/")
        or ours[0]["provider_id"] == (openid_apps("https://a.example/")[0]["provider_id"])
    )


def test_stopping_somebody_here_beats_the_provider(provider: Provider, officer: User) -> None:
    link(officer, provider)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    client = Client()
    sign_in(client, provider)
    assert not signed_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-application"},
        {"exp": int(time.time()) - 3600},
        {"iss": None},
        {"aud": None},
        {"sub": None},
    ],
    ids=["issuer", "audience", "expired", "no issuer", "no audience", "no subject"],
)
def test_a_bad_token_is_refused(provider: Provider, officer: User, claims: dict[str, Any]) -> None:
    link(officer, provider)
    provider.claims = {"sub": "s-1", **claims}
    client = Client()
    client.raise_request_exception = False
    sign_in(client, provider)
    assert not signed_in(client)


def test_a_token_counts_once(provider: Provider, officer: User) -> None:
    link(officer, provider)
    provider.claims = {"sub": "s-1", "jti": "token-1"}
    first, second = Client(), Client()
    sign_in(first, provider)
    sign_in(second, provider)
    assert (signed_in(first), signed_in(second)) == (True, False)


def test_an_answer_nobody_asked_for_is_refused(provider: Provider, officer: User) -> None:
    link(officer, provider)
    client = Client()
    begin(client, provider)
    come_back(client, provider, state="guessed", code="c")
    assert not signed_in(client)
    other = Client()
    asked = begin(other, provider)
    come_back(client, provider, state=asked["state"], code="c")
    assert not signed_in(client), "a state of another browser"


def test_the_command_line_links_somebody_who_has_no_password(
    provider: Provider, world: World
) -> None:
    """Where single sign-on is the only way in, nobody could link themselves."""
    user = world.user(Role.HOUSING_OFFICER, email="new@amplius.example")
    call_command("link_single_sign_on", user.email.upper(), "s-9", stdout=io.StringIO())
    provider.claims = {"sub": "s-9"}
    client = Client()
    sign_in(client, provider)
    assert signed_in(client)
    call_command("link_single_sign_on", user.email, "s-9", stdout=io.StringIO())
    other = world.user(Role.DPO)
    with pytest.raises(CommandError, match="Somebody else signs in as this subject already"):
        call_command("link_single_sign_on", other.email, "s-9")
    with pytest.raises(CommandError, match="Nobody signs in with"):
        call_command("link_single_sign_on", "no@amplius.example", "s-10")
    linked = Event.objects.filter(verb=Verb.USER_CHANGED, changes__changed=["single_sign_on"])
    assert list(linked.values_list("subject_id", flat=True)) == [user.pk]


def test_without_a_provider_there_is_nothing_to_link_to(world: World) -> None:
    user = world.user(Role.DPO)
    with pytest.raises(CommandError, match="OIDC_SERVER_URL is not set"):
        call_command("link_single_sign_on", user.email, "s-9")
