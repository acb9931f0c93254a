"""Fixtures of the people tests."""

from __future__ import annotations

import pytest

from tests.people.folk import Folk
from tests.world import World


@pytest.fixture
def folk(world: World) -> Folk:
    return Folk(world)
