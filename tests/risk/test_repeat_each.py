"""Question 15 is about the person who is asked, not about the case (domain 3.2)."""

from __future__ import annotations

from typing import Any

from cases.people.merge_operations import merge_people
from cases.people.models import Person
from cases.repeats.queries import repeat_of
from cases.risk.repeat_seen import repeat_of_part
from tests.casework.story import Story
from tests.repeats.telling import Telling
from tests.risk.asking import I, answers, assessed


def telling(story: Story) -> Telling:
    return Telling(story.world, story.officer, story.manager)


def second(story: Story, person: Person) -> Any:
    """The part of another person harmed in Amara's case."""
    from_now = telling(story)
    from_now.incident(story.amara, "2026-11-19", case=story.case, also=(person,))
    return story.case.involvements.get(person=person)


def test_what_happens_to_the_victim_elsewhere_is_not_of_somebody_harmed_with_them(
    story: Story,
) -> None:
    told = telling(story)
    part = second(story, told.person("Bo Lindt"))
    told.incident(story.amara, "2026-12-03")
    at = story.at(days=30)
    assert repeat_of(story.case, at=at).level == "REPEAT"
    assert repeat_of_part(story.victim, story.case, at).level == "REPEAT"
    assert repeat_of_part(part, story.case, at).level == "NONE"


def test_an_incident_that_repeats_repeats_for_everybody_harmed_in_it(story: Story) -> None:
    told = telling(story)
    told.incident(story.amara, "2026-03-03")
    part = second(story, told.person("Bo Lindt"))
    done = assessed(story, answers(I), about=part)
    assert (done.repeat["level"], done.band) == ("REPEAT", "MEDIUM")


def test_somebody_harmed_with_the_victim_brings_their_own_past(story: Story) -> None:
    told = telling(story)
    bo = told.person("Bo Lindt")
    told.incident(bo, "2026-03-03")
    part = second(story, bo)
    found = repeat_of_part(part, story.case, story.at(hours=1))
    assert (found.level, found.basis) == ("REPEAT", "PERSON")
    assert found.sentence
    assert "HC-" not in found.sentence


def test_a_past_that_comes_to_light_changes_the_level_of_whom_it_is_about(story: Story) -> None:
    """Even when it is told of on another record of theirs, joined later (ADR 14)."""
    told = telling(story)
    bo, again = told.person("Bo Lindt"), told.person("Bo Lindqvist")
    told.incident(again, "2026-03-03")
    part = second(story, bo)
    assessed(story, answers(I), about=part)
    assert part.risk_levels.last().level == "STANDARD"
    merge_people(by=story.boss, at=story.at(hours=2), survivor=again, loser=bo)
    newest = part.risk_levels.last()
    assert (newest.level, newest.because) == ("MEDIUM", "REPEAT")
