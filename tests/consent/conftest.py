"""Amara's case, and two agencies to ask her about."""

from __future__ import annotations

import pytest

from tests.casework.story import Story, tell
from tests.consent.asking import Asking, directory
from tests.world import World


@pytest.fixture
def story(world: World) -> Story:
    """Amara Osei's case, led by Dawn."""
    return tell(world).allocated()


@pytest.fixture
def asking(story: Story) -> Asking:
    """Conversations with Amara, by Dawn."""
    return directory(story)
