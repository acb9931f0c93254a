"""An open session whose user was stopped, or lost a role: refused at the very next request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from cases.access import ROLES, Role
from cases.audit.models import Access
from cases.staff.models import RoleHolding, User
from cases.staff.operations import end_role, grant_role, stop_user
from hatecrime.url_map import Route
from tests.built import MakeBuilt
from tests.casework.story import tell
from tests.consistency.permission_world import PermissionWorld
from tests.security import walking_routes as walk
from tests.world import COMMAND, World

# Between them they open every page there is (see the last test).
ROLES_TRIED = (Role.CASE_MANAGER, Role.SYSADMIN, Role.DPO, Role.DIRECTOR_CO)


BY_ROLE = pytest.mark.parametrize("role", ROLES_TRIED, ids=lambda role: role.value)


def lose(user: User) -> None:
    """Every role the user holds ends now."""
    for holding in RoleHolding.objects.filter(user=user):
        end_role(by=COMMAND, at=timezone.now(), holding=holding, reason="Moved on")


def wrong_answers(role: Role, here: PermissionWorld, client: Any, expected: Any) -> list[str]:
    """Every route of the role and verb that does not answer as ``expected(route, verb)`` allows."""
    wrong = []
    for route in (route for route in walk.ours() if role in route.roles()):
        for verb in walk.asked(route):
            said = walk.ask(client, verb, walk.address_of(route, here))
            if said.status not in expected(route, verb):
                wrong.append(f"{verb} {route.name}: {said.status}")
    return wrong


@BY_ROLE
def test_the_next_request_is_refused(built: MakeBuilt, role: Role) -> None:
    world, here = built(role)
    client = world.client(here.user)
    assert client.get("/your-log/").status_code == 200
    with taken_back():
        stop_user(by=COMMAND, at=timezone.now(), user=here.user, reason="Left today")
        assert wrong_answers(role, here, client, _signed_out) == []
    shown = Access.objects.filter(actor_id=here.user.pk, outcome="SHOWN")
    before = shown.count()
    lose(here.user)
    assert wrong_answers(role, here, client, _without_a_role) == []
    assert client.get("/your-log/").status_code == 200, "their own log is theirs without a role"
    assert shown.count() == before + 1


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens inside has not happened after."""
    try:
        with transaction.atomic():
            yield
            raise walk.Undo
    except walk.Undo:
        pass


def _signed_out(route: Route, verb: str) -> set[int]:
    if walk.open_to_anybody(route):
        return {200}
    return {302} if verb == "GET" else {302, 403}


def _without_a_role(route: Route, verb: str) -> set[int]:
    if walk.open_to_anybody(route):
        return {200, 302}
    if verb not in (route.methods or ()):
        return {405}
    return {403} if walk.needs_a_grant(route) else {200, 302, 404}


def test_a_role_whose_last_day_has_passed_is_gone_too(built: MakeBuilt) -> None:
    world, here = built(Role.DPO)
    at = timezone.now()
    grant_role(
        by=COMMAND,
        at=at,
        user=here.user,
        role=Role.SYSADMIN,
        ends_at=at + timedelta(minutes=5),
    )
    client = world.client(here.user)
    assert client.get("/users/").status_code == 200
    with time_machine.travel(at + timedelta(minutes=6), tick=True):
        assert client.get("/users/").status_code == 403
        assert client.post("/users/new/", {}).status_code == 403


def test_who_is_now_something_else_may_do_what_that_may(built: MakeBuilt) -> None:
    """A case manager who became a call handler, in the session they had open."""
    role = Role.CASE_MANAGER
    world, here = built(role)
    client = world.client(here.user)
    lose(here.user)
    grant_role(by=COMMAND, at=timezone.now(), user=here.user, role=Role.CALL_HANDLER)

    def expected(route: Route, verb: str) -> set[int]:
        if verb not in (route.methods or ()) and not walk.open_to_anybody(route):
            return {405}
        if walk.needs_a_grant(route):
            needs = route.needs if isinstance(route.needs, tuple) else (route.needs,)
            if not ROLES[Role.CALL_HANDLER] & set(needs):
                return {403}
        return {200, 204, 302, 400, 403, 404}

    assert wrong_answers(role, here, client, expected) == []


def test_moving_to_another_team_changes_what_is_seen(world: World) -> None:
    story = tell(world)
    client = world.client(story.manager)
    address = f"/cases/{story.case.reference}/"
    assert client.get(address).status_code == 200
    User.objects.filter(pk=story.manager.pk).update(team=world.team("East"))
    assert client.get(address).status_code == 404


def test_the_roles_tried_open_every_page() -> None:
    """Or a page that only another role opens would not have been asked while it was open."""
    left = [
        route.name
        for route in walk.ours()
        if walk.needs_a_grant(route) and not set(route.roles()) & set(ROLES_TRIED)
    ]
    assert left == []
