"""The story of casework, for the pages of a case."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hatecrime import drawing
from hatecrime.templatetags import house
from tests.casework.story import Story, tell
from tests.world import World


@pytest.fixture
def story(world: World) -> Story:
    """Amara Osei's case, opened and not yet allocated."""
    return tell(world)


@pytest.fixture(autouse=True)
def drawn_as_included(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every component that any page draws with gaps is held beside its template."""

    def compared(template: str, values: dict[str, Any]) -> SafeString:
        page = drawing.drawn(template, values)
        assert page == render_to_string(template, values), template
        return page

    monkeypatch.setattr(house, "drawn", compared)
