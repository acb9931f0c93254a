"""Who keeps the directory, who only looks, and an agency of it."""

from __future__ import annotations

import pytest

from cases.access import Actor, Role
from cases.partners.models import Agency, AgencyContact
from cases.staff.models import User
from tests.partners.entries import add_police, add_unit
from tests.world import World


@pytest.fixture
def manager(world: World) -> User:
    return world.user(Role.CASE_MANAGER, name="Sunita Bhatt")


@pytest.fixture
def officer(world: World) -> User:
    return world.user(Role.HOUSING_OFFICER, name="Dawn Mistry")


@pytest.fixture
def by(world: World, manager: User) -> Actor:
    return world.actor(manager)


@pytest.fixture
def police(world: World, by: Actor) -> Agency:
    return add_police(by, world.now)


@pytest.fixture
def unit(world: World, by: Actor, police: Agency) -> AgencyContact:
    return add_unit(by, world.now, police)
