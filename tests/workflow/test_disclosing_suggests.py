"""What a page for another agency suggests tells nobody of a case that is closed to them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.casework import operations as ops
from cases.casework.models import Case
from cases.disclosures.fields import suggestion
from tests.casework.story import Story, make_case

pytestmark = pytest.mark.django_db
WHY = "Nobody else is trained yet this week."


def another(story: Story, days: int) -> Case:
    """Another case of Amara's, opened so many days later (or before) with the same team."""
    world = story.world
    world.now += timedelta(days=days)
    by, team = story.by(story.handler), story.case.team
    case = make_case(world, by, world.policy(), victim=story.amara, team=team)
    world.now -= timedelta(days=days)
    return case


def test_earlier_reports_are_counted_only_as_far_as_the_reader_sees_them(story: Story) -> None:
    story.allocated()
    for days in (-60, -30, 30):
        case = another(story, days)
        if days != -60:
            ops.allocate(
                by=story.boss, at=story.at(days=31), case=case, lead=story.officer, reason=WHY
            )
    said = suggestion(story.case, "HISTORY", story.victim, by=story.lead)
    assert said.startswith("1 earlier report since")
