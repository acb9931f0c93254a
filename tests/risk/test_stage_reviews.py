"""A case that goes to another stage has risk asked about again (domain 3.4)."""

from __future__ import annotations

import pytest
from django.db import transaction

from cases.audit import context
from cases.casework import operations as ops
from cases.casework.choices import Stage
from cases.casework.models import Case
from cases.risk import following
from cases.risk.choices import Trigger
from tests.casework.story import Story, tell
from tests.casework.test_database import bring
from tests.risk.asking import I, answers, assessed
from tests.world import World, by_hand

STANDARD = answers(I)


@pytest.fixture
def story(own_world: World) -> Story:
    """Really committed: only the owner of the tables can put a case where no operation can."""
    return tell(own_world)


def review_due(story: Story) -> object:
    return story.case.clocks.get(kind="RISK_REVIEW", state="RUNNING").due_at


def back_to_acting(story: Story) -> None:
    bring(story, Stage.MONITOR)
    case = Case.objects.get(pk=story.case.pk)
    ops.move_stage(by=story.boss, at=story.at(hours=3), case=case, to=Stage.INVESTIGATE)


def test_a_case_that_goes_back_to_acting_is_looked_at_again(story: Story) -> None:
    assessed(story, STANDARD)
    before = review_due(story)
    back_to_acting(story)
    call = story.case.review_calls.get()
    assert (call.why, call.by_name) == (Trigger.PLAN, story.manager.full_name)
    assert review_due(story) < before  # type: ignore[operator]


def test_nothing_is_brought_forward_before_the_first_assessment(story: Story) -> None:
    back_to_acting(story)
    assert not story.case.review_calls.exists()


def test_going_on_as_planned_brings_nothing_forward(story: Story) -> None:
    assessed(story, STANDARD)
    bring(story, Stage.ASSESS)
    for clock in story.case.clocks.filter(state="RUNNING").exclude(kind="RISK_REVIEW"):
        clock.state, clock.why = "NOT_APPLICABLE", "Not needed in this test."
        with by_hand():
            clock.save()
    case = Case.objects.get(pk=story.case.pk)
    ops.move_stage(by=story.boss, at=story.at(hours=3), case=case, to=Stage.PLAN)
    assert not story.case.review_calls.exists()


@pytest.mark.parametrize(
    ("stage", "why"),
    [(Stage.CLOSE_PROPOSED, Trigger.CLOSING), (Stage.REOPENED, Trigger.REOPENED)],
)
def test_before_closing_and_after_reopening_it_is_asked_again(
    story: Story, stage: Stage, why: Trigger
) -> None:
    """Whatever operation takes a case there, the fact is settled alike."""
    assessed(story, STANDARD)
    bring(story, stage)
    with transaction.atomic(), context.acting_as(story.boss):
        following.stages(story.boss, story.at(hours=3), frozenset({story.case.pk}))
    assert story.case.review_calls.get().why == why
