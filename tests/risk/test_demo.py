"""The demo's answers come to the level they are meant for, mostly; people are not tables."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from cases.risk.questions import CURRENT
from cases.risk.rules import Bands, Heard, weigh
from hatecrime.demo.risks import assess, said
from tests.casework.story import Story


@pytest.mark.parametrize("level", ["Standard", "Medium", "High"])
def test_answers_of_a_level_mostly_come_to_it(level: str) -> None:
    found = Counter(
        str(weigh(Heard(CURRENT, dict(said(random.Random(seed), level))), Bands()).level.label)
        for seed in range(200)
    )
    assert found[level] > 120, found


def test_they_are_taken_by_the_operations(story: Story) -> None:
    done = assess(
        by=story.lead,
        at=story.at(hours=1),
        case=story.case,
        about=story.victim,
        level="High",
        chance=random.Random(3),
    )
    assert done.is_finished
    story.case.refresh_from_db()
    assert story.case.risk == done.band
