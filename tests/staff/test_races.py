"""Things done at the same moment, in a database of the test's own."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.test import Client

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.policy.models import Setting
from cases.policy.operations import change_setting
from cases.staff.models import RoleHolding, User
from cases.staff.operations import grant_role
from tests.world import COMMAND, PASSWORD, World


def test_two_grants_that_may_not_meet_cannot_both_succeed(own_world: World) -> None:
    """Domain 11: nobody is an auditor while working cases, however the grants race."""
    users = [own_world.user() for _ in range(10)]

    def attempt(user: User, role: Role) -> bool:
        try:
            grant_role(by=COMMAND, at=own_world.now, user=user, role=role)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        tries = [
            pool.submit(attempt, user, role)
            for user in users
            for role in (Role.AUDITOR, Role.HOUSING_OFFICER)
        ]
        assert sum(done.result() for done in tries) == len(users)
    assert RoleHolding.objects.count() == len(users)


def test_one_setting_changed_by_many_at_once_changes_once(own_world: World) -> None:
    admins = [own_world.user(Role.SYSADMIN).actor(own_world.now) for _ in range(8)]

    def attempt(number: int) -> bool:
        try:
            change_setting(
                by=admins[number],
                at=own_world.now,
                key="SLA_TRIAGE_HOURS",
                value=10 + number,
                reason="Race",
                was=4,
            )
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    assert Setting.objects.count() == 1


def test_guesses_at_once_are_counted_together(own_world: World) -> None:
    """Five tries are five tries, however they are sent."""
    email = "dawn@amplius.example"
    own_world.user(Role.HOUSING_OFFICER, email=email, password=PASSWORD)

    def guess(_: int) -> int:
        try:
            typed = {"login": email, "password": "not-the-password-at-all"}
            return Client().post("/account/login/", typed).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(guess, range(18)))
    assert codes.count(200) <= 5
    assert codes.count(200) + codes.count(429) == 18
    assert Event.objects.filter(verb=Verb.SIGN_IN_FAILED).count() == 18


def test_what_was_committed_is_gone_with_its_database(own_world: World) -> None:
    assert not User.objects.exists()
    assert own_world.user().pk
