"""Who keeps the list, who reads it, and whose something is."""

from __future__ import annotations

import pytest

from cases.access import Actor, Role
from cases.staff.models import User
from tests.world import World


@pytest.fixture
def manager(world: World) -> User:
    world.policy()
    return world.user(Role.CASE_MANAGER, name="Sunita Bhatt")


@pytest.fixture
def officer(world: World) -> User:
    return world.user(Role.HOUSING_OFFICER, name="Dawn Mistry")


@pytest.fixture
def by(world: World, manager: User) -> Actor:
    return world.actor(manager)
