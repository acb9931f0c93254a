"""Signing in and out: the ledger, the limits, what a stranger can learn, when a session ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.access import Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.staff.models import User
from tests.audit.pages import without_token
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db

EMAIL = "dawn@amplius.example"
LOGIN = "/account/login/"
HOME = "/your-log/"


@pytest.fixture(autouse=True)
def _nobody_has_guessed(db: None, settings: Any) -> None:
    """Quick hashes: how slow the real ones are is not what is asked here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def officer(world: World) -> User:
    return world.user(Role.HOUSING_OFFICER, email=EMAIL, name="Dawn Mistry", password=PASSWORD)


def try_to(client: Client, password: str = PASSWORD, email: str = EMAIL, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def verbs(user: User | None = None) -> list[str]:
    events = Event.objects.filter(verb__startswith="session.").order_by("pk")
    return list(events.values_list("verb", flat=True))


def words_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_signing_in_says_nothing_and_signing_out_says_it_in_our_words(officer: User) -> None:
    client = Client()
    front = try_to(client, follow=True)
    assert front.status_code == 200
    assert words_of(front) == ""
    out = client.post("/account/logout/", follow=True)
    assert words_of(out) == ""
    assert out.request["PATH_INFO"] == "/account/login/"
    assert out.content.decode().count("You are signed out.") == 1
    assert "You are signed out." not in client.get("/account/login/").content.decode()


def test_a_wrong_password_is_answered_in_our_words(officer: User) -> None:
    text = try_to(Client(), "not the password at all").content.decode()
    assert "That email and password do not go together. Check both and try again." in text


def test_signing_in_and_out_are_on_the_ledger(officer: User) -> None:
    client = Client()
    assert try_to(client).status_code == 302
    assert signed_in(client)
    out = client.post("/account/logout/")
    assert out.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not signed_in(client)
    assert verbs() == [Verb.SIGNED_IN, Verb.SIGNED_OUT]
    assert set(Event.objects.filter(verb__startswith="session.").values_list("actor_id")) == {
        (officer.pk,)
    }


def test_looking_at_sign_out_does_not_sign_out(officer: User) -> None:
    client = Client()
    try_to(client)
    assert "Clear-Site-Data" not in client.get("/account/logout/").headers
    assert signed_in(client)


def test_a_session_gets_a_new_key_when_somebody_signs_in(officer: User) -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key
    try_to(client)
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != before


def test_five_guesses_then_429_and_all_twenty_on_the_ledger(officer: User) -> None:
    client = Client()
    codes = [try_to(client, "not-the-password-at-all").status_code for _ in range(20)]
    assert codes == [200] * 5 + [429] * 15
    failed = Event.objects.filter(verb=Verb.SIGN_IN_FAILED)
    assert failed.count() == 20
    assert set(failed.values_list("subject_id", flat=True)) == {officer.pk}
    assert not failed.filter(changes__icontains="amplius").exists(), "no address is kept"
    assert try_to(client).status_code == 429, "not even the right one, from there"


def test_guessing_elsewhere_does_not_lock_somebody_out(officer: User) -> None:
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(8):
        try_to(attacker, "not-the-password-at-all")
    owner = Client(REMOTE_ADDR="198.51.100.7")
    assert try_to(owner).status_code == 302
    assert signed_in(owner)


def test_the_limit_is_one_for_all_addresses_typed_from_one_place(officer: User) -> None:
    client = Client(REMOTE_ADDR="203.0.113.10")
    codes = [
        try_to(client, "guess-guess-guess", email=f"nobody{n}@amplius.example").status_code
        for n in range(52)
    ]
    assert codes == [200] * 50 + [429] * 2


def test_a_stranger_learns_nothing_from_a_failed_sign_in(world: World, officer: User) -> None:
    stopped = world.user(Role.DPO, email="gone@amplius.example", password=PASSWORD)
    User.objects.filter(pk=stopped.pk).update(is_active=False)
    world.user(Role.DPO, email="new@amplius.example")
    pages = set()
    for email in (EMAIL, "gone@amplius.example", "new@amplius.example", "no@amplius.example"):
        response = try_to(Client(), "not-the-password-at-all", email=email)
        pages.add((response.status_code, without_token(response).replace(email, "")))
    assert len(pages) == 1


def test_a_stranger_learns_nothing_from_a_reset(world: World, officer: User) -> None:
    pages = set()
    for email in (EMAIL, "no@amplius.example"):
        response = Client().post("/account/password/reset/", {"email": email}, follow=True)
        pages.add((response.status_code, without_token(response).replace(email, "")))
    assert len(pages) == 1


def test_somebody_stopped_cannot_sign_in(officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)
    client = Client()
    try_to(client)
    assert not signed_in(client)


@pytest.mark.parametrize("address", ["/account/signup/"])
def test_nobody_signs_up(address: str, db: None) -> None:
    before = User.objects.count()
    client = Client()
    client.post(
        address,
        {"email": "new@amplius.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert User.objects.count() == before


@pytest.mark.parametrize(
    ("minutes", "still"), [(14, True), (16, False)], ids=["14 minutes", "16 minutes"]
)
def test_fifteen_idle_minutes_end_a_session(officer: User, minutes: int, still: bool) -> None:
    begin = timezone.now()
    client = Client()
    with time_machine.travel(begin, tick=False):
        try_to(client)
        assert signed_in(client)
    with time_machine.travel(begin + timedelta(minutes=minutes), tick=False):
        assert signed_in(client) is still


def test_ten_hours_end_a_session_however_busy(officer: User) -> None:
    begin = timezone.now()
    client = Client()
    with time_machine.travel(begin, tick=False):
        try_to(client)
        client.get(HOME)
    for minutes in range(10, 601, 10):
        with time_machine.travel(begin + timedelta(minutes=minutes), tick=False):
            assert signed_in(client), minutes
    with time_machine.travel(begin + timedelta(minutes=601), tick=False):
        assert not signed_in(client)
    assert verbs()[-1] == Verb.SIGNED_OUT


def test_a_new_password_ends_every_other_session(officer: User) -> None:
    here, there = Client(), Client()
    try_to(here)
    try_to(there)
    chosen = "seven-herons-over-mablethorpe"
    changed = here.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen},
    )
    assert changed.status_code == 302, changed.content.decode()[:2000]
    assert signed_in(here)
    assert not signed_in(there)
    assert Verb.PASSWORD_CHANGED in verbs()


def test_a_new_address_is_the_only_one_that_signs_in(world: World, officer: User) -> None:
    from cases.staff import operations

    Client().post("/account/password/reset/", {"email": EMAIL})  # allauth notes the address
    admin = world.actor(world.user(Role.SYSADMIN))
    operations.change_user(
        by=admin,
        at=world.now,
        user=officer,
        full_name=officer.full_name,
        email="dawn.mistry@amplius.example",
        team=None,
        line_manager=None,
    )
    old, new = Client(), Client()
    try_to(old)
    try_to(new, email="dawn.mistry@amplius.example")
    assert (signed_in(old), signed_in(new)) == (False, True)


def test_my_sessions_are_listed_and_can_be_ended(world: World, officer: User) -> None:
    here = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537")
    there = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Version/19 Safari/604")
    stranger = Client()
    other = world.user(Role.DPO, email="other@amplius.example", password=PASSWORD)
    try_to(here)
    try_to(there)
    try_to(stranger, email=other.email)
    page = here.get(reverse("sessions"))
    assert {(s.words, s.here) for s in page.context["sessions"]} == {
        ("Chrome on Windows", True),
        ("Safari on an iPhone", False),
    }
    theirs = stranger.get(reverse("sessions")).context["sessions"][0].pk
    here.post(reverse("sessions"), {"session": theirs})
    assert signed_in(stranger), "nobody ends somebody else's"
    here.post(reverse("sessions"), {"session": "x' OR 1=1"})
    assert signed_in(there)
    elsewhere = next(s.pk for s in page.context["sessions"] if not s.here)
    here.post(reverse("sessions"), {"session": elsewhere})
    assert (signed_in(here), signed_in(there)) == (True, False)


def test_everywhere_else_at_once(officer: User) -> None:
    clients = [Client() for _ in range(4)]
    for client in clients:
        try_to(client)
    clients[0].post(reverse("sessions"))
    assert [signed_in(client) for client in clients] == [True, False, False, False]


def test_the_administrator_signs_somebody_out_everywhere(world: World, officer: User) -> None:
    client = Client()
    try_to(client)
    admin = world.client(world.user(Role.SYSADMIN))
    assert admin.post(reverse("staff:end-sessions", args=[officer.pk])).status_code == 302
    assert not signed_in(client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "https:evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https://testserver.evil.example/",
        "https://testserver@evil.example/",
        "\thttps://evil.example",
        "http:///evil.example",
        "///evil.example",
    ],
)
def test_signing_in_leads_nowhere_else(officer: User, elsewhere: str) -> None:
    response = Client().post(LOGIN, {"login": EMAIL, "password": PASSWORD, "next": elsewhere})
    assert response.status_code == 302
    assert response.headers["Location"] == "/"


def test_our_forms_come_without_a_referrer_and_others_do_not_come(officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    token = client.get(LOGIN).context["csrf_token"]
    data = {"login": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": token}

    def post(**headers: str) -> int:
        return client.post(LOGIN, data, headers=headers).status_code

    assert post(origin="null") == 403
    assert post(origin="null", **{"sec-fetch-site": "cross-site"}) == 403
    assert post(origin="null", **{"sec-fetch-site": "same-site"}) == 403
    assert post(origin="https://evil.example", **{"sec-fetch-site": "same-origin"}) == 403
    without = {**data, "csrfmiddlewaretoken": ""}
    here = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert client.post(LOGIN, without, headers=here).status_code == 403
    assert post(**here) == 302
