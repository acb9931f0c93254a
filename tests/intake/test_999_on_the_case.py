"""A call sheet that says 999 was rung carries it onto the case it opens (domain 7.5, D8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.access import Role
from cases.casework.clocks import ClockKind
from cases.disclosures.models import Alert, Emergency
from cases.staff.models import User
from tests.scenarios.story import Story, hate_case, keys, london
from tests.world import World

RECEIVED = london(2026, 3, 2, 9, 10)
SENT = RECEIVED + timedelta(minutes=20)
SAID: dict[str, Any] = {
    **keys("who", person="new", full_name="Ada Poole"),
    **keys("incident-1", words="He is at the door with a can.", types=["VERBAL"]),
    **keys("why", caller="YES", own="YES"),
}


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


@pytest.mark.parametrize(
    ("rang", "who"),
    [
        ("OFFICER", "{handler}, who took the call"),
        ("COLLEAGUE", "A colleague of {handler}, who took the call"),
        ("CALLER", "Whoever rang us"),
    ],
)
def test_it_is_on_the_case_and_the_director_is_told(story: Story, rang: str, who: str) -> None:
    said = {**SAID, **keys("danger", rang=rang)}
    case = hate_case(story.report(said, received=RECEIVED, at=SENT))
    call = Emergency.objects.get(case=case)
    assert call.from_sheet
    assert call.rung_by == who.format(handler=story.handler.full_name)
    assert RECEIVED <= call.rung_at <= call.recorded_at
    assert call.review_due_at == call.recorded_at + timedelta(hours=24)
    assert case.clocks.get(kind=ClockKind.EMERGENCY_REVIEW).due_at == call.review_due_at
    assert {row.user for row in Alert.objects.filter(emergency=call)} == set(
        User.objects.holding(Role.DIRECTOR_CO, SENT)
    )


@pytest.mark.parametrize("rang", ["NOBODY", ""])
def test_nobody_rang_is_nothing_to_look_back_at(story: Story, rang: str) -> None:
    said = {**SAID, **(keys("danger", rang=rang) if rang else {})}
    hate_case(story.report(said, received=RECEIVED, at=SENT))
    assert not Emergency.objects.exists()
