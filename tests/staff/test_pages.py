"""The administrator's pages of users, teams and roles."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.access import Grant, Role
from cases.audit.models import Access, Event
from cases.audit.verbs import Verb
from cases.staff.models import RoleHolding, Team, User
from tests.audit.pages import no_right, ritual, signed_out, without_token, wrong_verbs
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db

SENTENCE = Grant.MANAGE_STAFF.value


@pytest.fixture
def admin(world: World) -> User:
    return world.user(Role.SYSADMIN, name="Iain Mackie")


@pytest.fixture
def officer(world: World) -> User:
    return world.user(Role.HOUSING_OFFICER, team=world.team("North"), name="Dawn Mistry")


@pytest.fixture
def client(world: World, admin: User) -> Client:
    return world.client(admin)


@pytest.mark.parametrize(
    ("name", "arguments", "verbs"),
    [
        ("users", 0, ("get",)),
        ("add-user", 0, ("get", "post")),
        ("user", 1, ("get",)),
        ("change-user", 1, ("get", "post")),
        ("stop-user", 1, ("get", "post")),
        ("restore-user", 1, ("get", "post")),
        ("remove-second-factor", 1, ("get", "post")),
        ("grant-role", 1, ("get", "post")),
        ("end-role", 2, ("get", "post")),
        ("teams", 0, ("get",)),
        ("add-team", 0, ("get", "post")),
        ("change-team", "team", ("get", "post")),
    ],
)
def test_every_page_is_the_administrators(
    world: World, admin: User, officer: User, name: str, arguments: object, verbs: tuple[str, ...]
) -> None:
    held = officer.holdings.get()
    places = {
        0: [],
        1: [officer.pk],
        2: [officer.pk, held.pk],
        "team": [world.team("North").pk],
    }
    address = reverse(f"staff:{name}", args=places[arguments])
    ritual(world, allowed=admin, refused=officer, address=address, sentence=SENTENCE, verbs=verbs)


@pytest.mark.parametrize("name", ["sign-in-link", "end-sessions"])
def test_buttons_are_the_administrators(
    world: World, admin: User, officer: User, name: str
) -> None:
    address = reverse(f"staff:{name}", args=[officer.pk])
    signed_out(address)
    no_right(world, officer, address, SENTENCE, "post")
    wrong_verbs(world, admin, address, "post")


def test_the_list_is_filtered_by_its_address(world: World, client: Client, officer: User) -> None:
    stopped = world.user(Role.DPO, name="Farah Naqvi")
    User.objects.filter(pk=stopped.pk).update(is_active=False)
    address = reverse("staff:users")

    def names(**query: object) -> set[str]:
        found = client.get(address, query).context["people"]
        return {person.full_name for person in found}

    assert names() == {"Iain Mackie", "Dawn Mistry", "Farah Naqvi"}
    assert names(text="mist") == {"Dawn Mistry"}
    assert names(role=Role.DPO) == {"Farah Naqvi"}
    assert names(team=world.team("North").pk) == {"Dawn Mistry"}
    assert names(state="stopped") == {"Farah Naqvi"}
    assert names(state="working") == {"Iain Mackie", "Dawn Mistry"}
    assert names(role="KING", team="x", state="?") == names()


def test_the_list_costs_the_same_at_any_length(world: World, client: Client) -> None:
    address = reverse("staff:users")

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    client.get(address)
    few = queries()
    for _ in range(30):
        world.user(Role.HOUSING_OFFICER, team=world.team("North"))
    assert queries() == few
    second = client.get(address, {"page": 2, "state": "working"})
    assert len(second.context["people"]) == 6
    assert "state=working" in second.context["page_of"].previous


def test_somebody_is_added_and_their_page_is_next(client: Client, world: World) -> None:
    team = world.team("North")
    manager = world.user(Role.CASE_MANAGER, email="sunita@amplius.example")
    response = client.post(
        reverse("staff:add-user"),
        {
            "full_name": "Tom Ellery",
            "email": "Tom@Amplius.example",
            "team": team.pk,
            "line_manager": "SUNITA@amplius.example",
        },
    )
    user = User.objects.get(email="tom@amplius.example")
    assert response.headers["Location"] == reverse("staff:user", args=[user.pk])
    assert (user.team, user.line_manager, user.has_usable_password()) == (team, manager, False)
    assert Event.objects.filter(verb=Verb.USER_ADDED, subject_id=user.pk).count() == 1
    assert "No role yet" in client.get(response.headers["Location"]).content.decode()


def test_what_was_typed_stays_when_something_is_wrong(client: Client, officer: User) -> None:
    response = client.post(
        reverse("staff:add-user"),
        {"full_name": "", "email": officer.email.upper(), "line_manager": "nobody@amplius.example"},
    )
    text = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: Add somebody" in text
    assert "Enter their full name" in text
    assert "Somebody already signs in with this email address." in text
    assert "Nobody signs in with this address" in text
    assert officer.email.upper() in text
    assert "nobody@amplius.example" in text


def test_a_role_is_granted_for_whole_days(client: Client, officer: User, world: World) -> None:
    with time_machine.travel(world.now, tick=False):
        client = world.client(User.objects.get(full_name="Iain Mackie"))
        response = client.post(
            reverse("staff:grant-role", args=[officer.pk]),
            {
                "role": Role.CASE_MANAGER,
                "begins_on_day": "23",
                "begins_on_month": "11",
                "begins_on_year": "2026",
                "ends_on_day": "27",
                "ends_on_month": "11",
                "ends_on_year": "2026",
                "reason": "Covers for leave",
            },
        )
    assert response.status_code == 302
    monday = world.now.replace(day=23, hour=0, minute=0)
    moments = {
        monday - timedelta(microseconds=1): False,
        monday: True,
        monday + timedelta(days=5, microseconds=-1): True,
        monday + timedelta(days=5): False,
    }
    for at, held in moments.items():
        assert officer.actor(at).holds(Role.CASE_MANAGER) is held, at


def test_roles_that_may_not_meet_are_refused_where_they_overlap(
    client: Client, officer: User
) -> None:
    response = client.post(
        reverse("staff:grant-role", args=[officer.pk]),
        {"role": Role.AUDITOR, "reason": "Reviews <cases>"},
    )
    text = response.content.decode()
    assert response.status_code == 200
    assert "An auditor cannot also hold a role that works cases." in text
    assert "Reviews &lt;cases&gt;" in text
    assert 'value="AUDITOR" checked' in text
    assert not officer.holdings.filter(role=Role.AUDITOR).exists()
    assert Access.objects.filter(purpose__startswith="An auditor cannot").count() == 1


def test_nobody_grants_a_role_to_themselves(client: Client, admin: User) -> None:
    response = client.post(
        reverse("staff:grant-role", args=[admin.pk]), {"role": Role.DPO, "reason": "Curious"}
    )
    assert "Nobody changes their own roles." in response.content.decode()
    assert admin.holdings.count() == 1
    shown = client.get(reverse("staff:user", args=[admin.pk])).content.decode()
    assert "Nobody changes their own roles." in shown
    assert reverse("staff:grant-role", args=[admin.pk]) not in shown


def test_a_role_ends_at_the_next_request(client: Client, officer: User, world: World) -> None:
    other = world.user(Role.SYSADMIN)
    theirs = world.client(other)
    assert theirs.get(reverse("staff:users")).status_code == 200
    holding = other.holdings.get()
    address = reverse("staff:end-role", args=[other.pk, holding.pk])
    assert client.post(address, {"reason": "Moved on"}).status_code == 302
    assert theirs.get(reverse("staff:users")).status_code == 403
    assert Event.objects.filter(verb=Verb.ROLE_ENDED, subject_id=other.pk).count() == 1


def test_a_role_is_found_through_its_own_user(client: Client, officer: User, world: World) -> None:
    other = world.user(Role.DPO)
    address = reverse("staff:end-role", args=[officer.pk, other.holdings.get().pk])
    nowhere = reverse("staff:end-role", args=[officer.pk, 999_999_999])
    first, second = client.get(address), client.get(nowhere)
    assert (first.status_code, second.status_code) == (404, 404)
    assert without_token(first) == without_token(second)


def test_a_role_to_come_is_withdrawn(client: Client, officer: User, world: World) -> None:
    client.post(
        reverse("staff:grant-role", args=[officer.pk]),
        {
            "role": Role.CASE_MANAGER,
            "begins_on_day": "1",
            "begins_on_month": "January",
            "begins_on_year": "2030",
            "reason": "Promoted",
        },
    )
    holding = officer.holdings.get(role=Role.CASE_MANAGER)
    client.post(
        reverse("staff:end-role", args=[officer.pk, holding.pk]), {"reason": "Not after all"}
    )
    holding.refresh_from_db()
    assert holding.period.isempty
    assert (
        "Withdrawn before it began"
        in client.get(reverse("staff:user", args=[officer.pk])).content.decode()
    )
    again = client.post(
        reverse("staff:grant-role", args=[officer.pk]), {"role": Role.CASE_MANAGER, "reason": "Yes"}
    )
    assert again.status_code == 302


def test_stopping_somebody_ends_their_session(client: Client, officer: User, world: World) -> None:
    theirs = Client()
    officer.set_password(PASSWORD)
    officer.save()
    theirs.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    own_log = reverse("audit:own-log")
    assert theirs.get(own_log).status_code == 200
    address = reverse("staff:stop-user", args=[officer.pk])
    assert client.post(address, {"reason": "Left Amplius"}).status_code == 302
    assert theirs.get(own_log).status_code == 302
    restore = reverse("staff:restore-user", args=[officer.pk])
    assert client.post(restore, {"reason": "Came back"}).status_code == 302
    assert theirs.get(own_log).status_code == 302, "the old session stays ended"
    officer.refresh_from_db()
    assert officer.is_active
    verbs = Event.objects.filter(subject_id=officer.pk).values_list("verb", flat=True)
    assert {Verb.USER_STOPPED, Verb.USER_RESTORED} <= set(verbs)


def test_nobody_stops_themselves(client: Client, admin: User) -> None:
    response = client.post(reverse("staff:stop-user", args=[admin.pk]), {"reason": "Bye"})
    assert "You cannot stop your own access." in response.content.decode()
    admin.refresh_from_db()
    assert admin.is_active


def test_a_team_is_added_and_renamed(client: Client, world: World) -> None:
    client.post(reverse("staff:add-team"), {"name": "South"})
    team = Team.objects.get(name="South")
    client.post(reverse("staff:change-team", args=[team.pk]), {"name": "South and coast"})
    team.refresh_from_db()
    assert team.name == "South and coast"
    twice = client.post(reverse("staff:add-team"), {"name": "SOUTH AND COAST"})
    assert "There is already a team with this name." in twice.content.decode()


def test_somebody_new_chooses_a_password_with_a_link(
    client: Client, officer: User, world: World
) -> None:
    response = client.post(reverse("staff:sign-in-link", args=[officer.pk]))
    link = response.context["link"]
    visitor = Client()
    chosen = "seven-herons-over-mablethorpe"
    form = visitor.get(link, follow=True)
    assert form.status_code == 200
    done = visitor.post(
        form.redirect_chain[-1][0], {"password1": chosen, "password2": chosen}, follow=True
    )
    assert done.status_code == 200
    officer.refresh_from_db()
    assert officer.check_password(chosen)
    again = client.post(reverse("staff:sign-in-link", args=[officer.pk]))
    assert again.status_code == 403
    assert "They have chosen a password." in again.content.decode()
    old = Client().get(link, follow=True)
    assert "password1" not in old.content.decode()


def test_a_plain_get_writes_nothing_but_the_ledger(client: Client, officer: User) -> None:
    before = (User.objects.count(), RoleHolding.objects.count(), Event.objects.count())
    for name in ("user", "change-user", "stop-user", "grant-role"):
        assert client.get(reverse(f"staff:{name}", args=[officer.pk])).status_code == 200
    assert (User.objects.count(), RoleHolding.objects.count(), Event.objects.count()) == before


def test_a_users_details_are_changed(client: Client, officer: User, world: World) -> None:
    address = reverse("staff:change-user", args=[officer.pk])
    typed = {"full_name": "Dawn Cole", "email": officer.email, "team": "", "line_manager": ""}
    assert client.post(address, typed).status_code == 302
    officer.refresh_from_db()
    assert (officer.full_name, officer.team) == ("Dawn Cole", None)
    own = client.post(address, {**typed, "line_manager": officer.email})
    assert "Nobody is their own line manager." in own.content.decode()


def test_a_role_cannot_begin_in_the_past_or_end_before_it_begins(
    client: Client, officer: User
) -> None:
    def day(name: str, year: int) -> dict[str, str]:
        return {f"{name}_day": "1", f"{name}_month": "1", f"{name}_year": str(year)}

    address = reverse("staff:grant-role", args=[officer.pk])
    typed = {"role": Role.CASE_MANAGER, "reason": "Cover"}
    past = client.post(address, {**typed, **day("begins_on", 2020)}).content.decode()
    assert "A role cannot begin in the past." in past
    ends = {**typed, **day("begins_on", 2031), **day("ends_on", 2030)}
    assert (
        "The last day cannot be before the role begins."
        in client.post(address, ends).content.decode()
    )
    assert officer.holdings.count() == 1
