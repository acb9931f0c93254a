"""Repeat victims, told of by the real operations."""

import pytest

from tests.repeats.telling import Telling
from tests.world import World


@pytest.fixture
def telling(world: World) -> Telling:
    return Telling(world)
