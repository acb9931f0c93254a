"""A small world for tests: teams and users made by the real operations."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from django.db import transaction
from django.test import Client

from cases.access import Actor, Role
from cases.audit import context
from cases.policy.models import PolicyVersion
from cases.policy.operations import add_bank_holidays, seed_policy
from cases.staff.models import RoleHolding, Team, User
from cases.staff.operations import add_team, add_user, grant_role

LONDON = ZoneInfo("Europe/London")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 19, 10, 41, tzinfo=LONDON)

# The command line's own principal, as `manage.py create_admin` acts.
COMMAND = Actor(id=None, name="the test world", roles=frozenset({Role.SYSADMIN}))

PASSWORD = "marmalade-kettle-umbrella"


class World:
    """Makes what a test needs.  Roles begin long ago, so that they count at any tested moment."""

    now = NOW

    def __init__(self) -> None:
        self._number = 0
        self._teams: dict[str, Team] = {}

    def team(self, name: str = "North") -> Team:
        """The team of that name, made the first time it is asked for."""
        if name not in self._teams:
            self._teams[name] = add_team(by=COMMAND, at=LONG_AGO, name=name)
        return self._teams[name]

    def user(
        self,
        *roles: Role,
        team: Team | None = None,
        name: str = "",
        email: str = "",
        password: str | None = None,
    ) -> User:
        """A user with these roles; without a password they cannot sign in by form."""
        self._number += 1
        user = add_user(
            by=COMMAND,
            at=LONG_AGO,
            full_name=name or f"Tess Marlow {self._number}",
            email=email or f"user{self._number}@amplius.example",
            team=team,
            password=password,
        )
        for role in roles:
            if role is Role.ACTING_DIRECTOR:
                self._acts_for_the_director(user)
            else:
                grant_role(by=COMMAND, at=LONG_AGO, user=user, role=role)
        return user

    def _acts_for_the_director(self, user: User) -> None:
        """Named by the Director like every delegate, but for longer than any: at any moment."""
        director = User.objects.holding(Role.DIRECTOR_CO, LONG_AGO).first()
        with by_hand(LONG_AGO):
            RoleHolding.objects.create(
                user=user,
                role=Role.ACTING_DIRECTOR,
                period=(LONG_AGO, LONG_AGO.replace(year=2100)),
                granted_by=director or self.user(Role.DIRECTOR_CO),
                reason="The Director is away.",
            )

    def actor(self, user: User, at: datetime | None = None) -> Actor:
        """The user with the roles held at the world's moment."""
        return user.actor(at or self.now)

    def client(self, user: User | None = None, *, ago: float = 0, **options: object) -> Client:
        """A test client, signed in as the user with a password ``ago`` seconds ago."""
        client = Client(**options)  # type: ignore[arg-type]
        if user is not None:
            client.force_login(user, backend=BACKEND)
            session = client.session
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [
                {"method": "password", "at": time.time() - ago}
            ]
            session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
            session.save()
        return client

    def policy(self) -> PolicyVersion:
        """Version 1.0 of the policy and the bank holidays of the years tests speak of."""
        add_bank_holidays(by=COMMAND, at=LONG_AGO, years=range(2024, 2030))
        return seed_policy(by=COMMAND, at=LONG_AGO)


@contextmanager
def by_hand(at: datetime = NOW) -> Iterator[None]:
    """Write rows that no operation makes here: a name is given, or the database refuses them."""
    with transaction.atomic(), context.acting_as(COMMAND, at=at, purpose="by hand"):
        yield
