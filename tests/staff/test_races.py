"""The databases tests commit to are their own."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from cases.access import Refused, Role
from cases.staff.models import RoleHolding, User
from cases.staff.operations import grant_role
from tests.world import COMMAND, World


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


def test_what_was_committed_is_gone_with_its_database(own_world: World) -> None:
    assert not User.objects.exists()
    assert own_world.user().pk
