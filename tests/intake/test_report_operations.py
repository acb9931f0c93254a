"""A corrected received time never buys time, and the original is kept (HC-16, domain 4.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.access import Refused
from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import Clock
from cases.casework.operations import log_contact
from cases.intake.models import ReceivedCorrection, Report
from cases.intake.operations import correct_received
from tests.scenarios.story import Story, clock, hate_case, keys, london
from tests.world import World

RECEIVED = london(2026, 3, 2, 9, 10)
REASON = "The voicemail was left on Sunday evening."


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


@pytest.fixture
def report(story: Story) -> Report:
    amara = story.tenant("Amara Osei", story.home())
    return story.report(
        {
            **keys("who", person=amara.reference),
            **keys("contact", ring="SAFE"),
            **keys("incident-1", words="He shouted.", types=["VERBAL"]),
            **keys("why", caller="YES", own="YES"),
            **keys("harmed", children="SAW"),
        },
        received=RECEIVED,
    )


def test_an_earlier_moment_is_promised_again_earlier(story: Story, report: Report) -> None:
    case = hate_case(report)
    before = dict(Clock.objects.values_list("kind", "due_at"))
    earlier = london(2026, 3, 1, 20, 0)
    correct_received(
        by=story.actor(story.manager),
        at=RECEIVED + timedelta(hours=1),
        report=report,
        received_at=earlier,
        reason=REASON,
    )
    case.refresh_from_db()
    report.refresh_from_db()
    assert (report.received_at, report.received_at_original) == (earlier, RECEIVED)
    assert (case.received_at, case.received_at_original) == (earlier, RECEIVED)
    assert report.triage_due_at == earlier + timedelta(hours=4)
    contact = clock(case, ClockKind.FIRST_CONTACT)
    assert (contact.state, contact.due_at) == (ClockState.RUNNING, earlier + timedelta(hours=24))
    # Midnight of the day it really came, not 5pm of the next.
    assert clock(case, ClockKind.SAFEGUARDING).due_at == london(2026, 3, 2, 0, 0)
    assert case.next_due_at == london(2026, 3, 2, 0, 0)
    # The first promise is kept beside it, and nothing falls due later.
    first = case.clocks.filter(kind=ClockKind.FIRST_CONTACT).earliest("pk")
    assert (first.state, first.due_at) == (
        ClockState.NOT_APPLICABLE,
        RECEIVED + timedelta(hours=24),
    )
    for kind, due in Clock.objects.values_list("kind", "due_at"):
        assert due is None or due <= before[kind]


def test_what_was_done_stays_as_it_was_promised(story: Story, report: Report) -> None:
    case = hate_case(report)
    log_contact(
        by=story.actor(story.officer),
        at=RECEIVED + timedelta(hours=20),
        case=case,
        involvement=case.involvements.get(person=case.victim),
        kind="INTERACTION",
        channel="ring",
        summary="We spoke.",
    )
    met = clock(case, ClockKind.FIRST_CONTACT)
    correct_received(
        by=story.actor(story.manager),
        at=RECEIVED + timedelta(days=1),
        report=report,
        received_at=london(2026, 3, 1, 20, 0),
        reason=REASON,
    )
    again = clock(case, ClockKind.FIRST_CONTACT)
    assert (again.pk, again.due_at, again.met_at) == (met.pk, met.due_at, met.met_at)


def test_a_later_moment_moves_no_promise(story: Story, report: Report) -> None:
    case = hate_case(report)
    before = list(Clock.objects.values_list("kind", "started_at", "due_at"))
    correct_received(
        by=story.actor(story.manager),
        at=RECEIVED + timedelta(days=1),
        report=report,
        received_at=RECEIVED + timedelta(minutes=10),
        reason=REASON,
    )
    case.refresh_from_db()
    assert case.received_at == RECEIVED + timedelta(minutes=10)
    assert list(Clock.objects.values_list("kind", "started_at", "due_at")) == before
    kept = ReceivedCorrection.objects.get()
    assert (kept.before, kept.after, kept.reason) == (
        RECEIVED,
        RECEIVED + timedelta(minutes=10),
        REASON,
    )


@pytest.mark.parametrize(
    ("who", "minutes", "reason", "says"),
    [
        ("officer", -60, REASON, "Only a case manager"),
        ("manager", -60, "wrong", "Say why"),
        ("manager", 0, REASON, "already recorded"),
        ("manager", 16, REASON, "after it was sent"),
    ],
)
def test_who_may_correct_it_and_to_what(
    story: Story, report: Report, who: str, minutes: int, reason: str, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        correct_received(
            by=story.actor(getattr(story, who)),
            at=RECEIVED + timedelta(days=1),
            report=report,
            received_at=RECEIVED + timedelta(minutes=minutes),
            reason=reason,
        )
    report.refresh_from_db()
    assert report.received_at == RECEIVED
