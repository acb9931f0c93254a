"""The story of casework, for the pages of a case."""

from __future__ import annotations

import pytest

from tests.casework.story import Story, tell
from tests.world import World


@pytest.fixture
def story(world: World) -> Story:
    """Amara Osei's case, opened and not yet allocated."""
    return tell(world)
