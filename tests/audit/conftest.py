"""A sealed ledger with real work on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from cases.audit.anchors import anchor
from tests.audit.tampering import Sealed
from tests.casework.story import Story, declared, tell
from tests.world import World


@pytest.fixture
def anchors(tmp_path: Path, settings: Any) -> Path:
    """A file for anchors, and a key, of this test's own."""
    settings.LEDGER_ANCHORS = str(tmp_path / "anchors" / "anchors.jsonl")
    settings.LEDGER_KEY = str(tmp_path / "key.pem")
    return Path(settings.LEDGER_ANCHORS)


@pytest.fixture
def told(own_world: World) -> Story:
    """A case, really committed: opened, allocated, worked on and read."""
    story = tell(own_world)
    story.allocated()
    declared(story, story.officer)
    story.add_incident()
    client = own_world.client(story.officer)
    for _ in range(3):
        assert client.get(f"/cases/{story.case.reference}/").status_code == 200
    return story


@pytest.fixture
def sealed(told: Story, anchors: Path) -> Sealed:
    """That work, sealed and anchored, and found sound."""
    anchor(at=timezone.now())
    ledger = Sealed(connection.settings_dict["NAME"], anchors)
    assert ledger.faults(anchored=True) == []
    return ledger
