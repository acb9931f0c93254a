"""Two windows, or one button pressed ten times: nothing is made twice and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.test import Client

from cases.access import Role
from cases.people.models import Adjustment, Person, Property, SafeContact
from cases.people.operations import add_person, set_safe_contact
from tests.world import World


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """What each returns, all begun together."""
    gate, found = threading.Barrier(len(work)), [None] * len(work)

    def run(number: int) -> None:
        gate.wait()
        try:
            found[number] = work[number]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def press_ten_times(client: Client, address: str, typed: dict[str, str]) -> list[int]:
    """The very same form, ten times at once, each from its own connection; and once after."""
    once = {**typed, "csrfmiddlewaretoken": "the one drawn with this page"}

    def press() -> int:
        other = Client()
        other.cookies = client.cookies
        return other.post(address, once).status_code

    return [*at_once(*[press] * 10), press()]


def test_one_press_adds_one(own_world: World) -> None:
    user = own_world.user(Role.CALL_HANDLER, team=own_world.team())
    client, by = own_world.client(user), own_world.actor(user)
    person = add_person(by=by, at=own_world.now, full_name="Bela Novak")
    for address, typed, kind in (
        ("/people/add/", {"full_name": "Ten Presses"}, Person),
        ("/homes/add/", {"address": "9 Tenfold Row", "stock_class": "LCRA"}, Property),
        (
            f"/people/{person.reference}/adjustments/",
            {"kind": "OTHER", "need": "Ring twice"},
            Adjustment,
        ),
    ):
        before = kind.objects.count()
        answers = press_ten_times(client, address, typed)
        assert set(answers) == {302}, (address, answers)
        assert kind.objects.count() == before + 1, address


def test_a_name_taken_at_the_same_moment_is_said_to_be_taken(own_world: World) -> None:
    client = own_world.client(own_world.user(Role.SYSADMIN))
    for address, typed in (
        ("/teams/new/", {"name": "Tenfold"}),
        ("/users/new/", {"full_name": "Ten Fold", "email": "ten@amplius.example"}),
    ):
        answers = press_ten_times(client, address, typed)
        assert sorted(set(answers)) == [200, 302], (address, answers)
        assert answers.count(302) == 1, (address, answers)


def test_of_two_who_save_at_once_one_is_told(own_world: World) -> None:
    """Safe contact above all: an older window must never make an unsafe way safe again."""
    users = [own_world.user(Role.CALL_HANDLER, team=own_world.team()) for _ in range(2)]
    by = own_world.actor(users[0])
    person = add_person(by=by, at=own_world.now, full_name="Amara Osei")
    set_safe_contact(by=by, at=own_world.now, person=person, ring="SAFE", text="SAFE")
    address = f"/people/{person.reference}/safe-contact/"
    ways = dict.fromkeys(SafeContact.CHANNELS, "NOT_ASKED")

    def save(client: Client, **said: str) -> Callable[[], int]:
        page: Any = client.get(address)
        seen = page.context["form"]["seen"].value()
        typed = {**ways, "first_choice": "", "seen": seen, **said}
        return lambda: client.post(address, typed).status_code

    for number in range(5):
        answers = at_once(
            save(own_world.client(users[0]), ring="NOT_SAFE", safe_times=f"never {number}"),
            save(own_world.client(users[1]), ring="SAFE", safe_times=f"always {number}"),
        )
        assert sorted(answers) == [302, 409], (number, answers)
