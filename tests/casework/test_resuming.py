"""A paused clock starts again by itself when its day comes, and only then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import ClockState, Stage
from cases.casework.models import Clock
from tests.casework.story import Story

UNTIL = date(2026, 11, 25)


def run_at(moment: datetime) -> str:
    said = StringIO()
    with time_machine.travel(moment, tick=False):
        call_command("resume_clocks", stdout=said)
    return said.getvalue()


@pytest.fixture
def paused(story: Story) -> Clock:
    clock = story.clock("ACTION_PLAN")
    Clock.objects.filter(pk=clock.pk).update(
        state=ClockState.PAUSED, paused_until=UNTIL, why="Abroad until then"
    )
    clock.refresh_from_db()
    return clock


def test_it_waits_until_its_day_and_runs_from_the_first_minute_of_it(
    story: Story, paused: Clock
) -> None:
    due = paused.due_at
    late_the_day_before = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)
    assert run_at(late_the_day_before) == "0 running again.\n"
    paused.refresh_from_db()
    assert paused.state == ClockState.PAUSED
    midnight = late_the_day_before + timedelta(minutes=1)
    assert run_at(midnight) == "1 running again.\n"
    paused.refresh_from_db()
    assert (paused.state, paused.paused_until, paused.due_at) == (ClockState.RUNNING, None, due)
    event = Event.objects.get(verb=Verb.CLOCK_RESUMED)
    assert (event.at, event.actor_name) == (midnight, "the resume_clocks job")
    assert run_at(midnight) == "0 running again.\n"
    assert Event.objects.filter(verb=Verb.CLOCK_RESUMED).count() == 1


def test_the_queue_knows_it_again(story: Story, paused: Clock) -> None:
    for clock in story.case.clocks.exclude(pk=paused.pk):
        Clock.objects.filter(pk=clock.pk, state=ClockState.RUNNING).update(
            state=ClockState.NOT_APPLICABLE, why="for this test"
        )
    run_at(datetime(2026, 11, 25, 6, 0, tzinfo=UTC))
    story.case.refresh_from_db()
    assert (story.case.next_clock, story.case.next_due_at) == ("ACTION_PLAN", paused.due_at)


def test_a_case_that_ended_stays_as_it_is(story: Story, paused: Clock) -> None:
    do.move_stage(
        by=story.boss,
        at=story.at(hours=1),
        case=story.case,
        to=Stage.VOID,
        reason="Entered twice by mistake, see the other",
    )
    assert run_at(datetime(2026, 11, 30, 6, 0, tzinfo=UTC)) == "0 running again.\n"
    assert do.resume_due(by=story.boss, at=story.at(days=30), case=story.case) == []
