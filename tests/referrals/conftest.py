"""Amara's case and agencies to refer her to."""

from __future__ import annotations

import pytest

from tests.casework.story import Story, tell
from tests.referrals.making import Referring, directory
from tests.world import World


@pytest.fixture
def story(world: World) -> Story:
    """Amara Osei's case."""
    return tell(world)


@pytest.fixture
def refer(story: Story) -> Referring:
    """Her case, led by Dawn, and agencies checked lately."""
    return directory(story)
