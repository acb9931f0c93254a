"""Amara Osei's case, with her officer and manager trained."""

from __future__ import annotations

import pytest

from tests.casework.story import Story, tell
from tests.risk.asking import train
from tests.world import World


@pytest.fixture
def story(world: World) -> Story:
    made = tell(world).allocated()
    train(world, made.officer, made.manager)
    return made
