"""Clocks, contacts, people, incidents and views, and what each leaves on the ledger."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases.access import Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Incident
from cases.casework.promises import Promise
from tests.casework.story import Story, tell
from tests.casework.test_record_operations import view
from tests.world import World

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
LATER = "She asked us to wait until the children are away."


def contact(story: Story, **values: Any) -> Any:
    facts: dict[str, Any] = {
        "by": story.lead,
        "at": story.at(hours=2),
        "case": story.case,
        "involvement": story.victim,
        "kind": "INTERACTION",
        "channel": "ring",
        "summary": "She is safe tonight, and will ring if he comes back.",
    }
    return do.log_contact(**{**facts, **values})


def state(story: Story, kind: str) -> str:
    return story.clock(kind).state


@pytest.mark.parametrize(
    ("late_by", "late"), [(-SECOND, False), (timedelta(0), False), (SECOND, True)]
)
def test_met_when_due_is_in_time_and_a_second_later_is_late(
    story: Story, late_by: timedelta, late: bool
) -> None:
    story.allocated()
    due = story.clock("FIRST_CONTACT").due_at
    assert due
    contact(story, at=due + late_by)
    clock = story.clock("FIRST_CONTACT")
    assert (clock.state, clock.met_at, clock.was_late) == (ClockState.MET, due + late_by, late)
    assert Event.objects.filter(verb=Verb.CLOCK_MET).latest("pk").changes["late"] is late


CONTACTS = [
    # how, who began it, what it was, does it meet the clock
    ("ring", False, "INTERACTION", True),
    ("text", False, "INTERACTION", True),
    ("post", False, "INTERACTION", False),
    ("email", False, "INTERACTION", False),
    ("visit", False, "INTERACTION", False),
    ("email", True, "INTERACTION", True),
    ("ring", False, "ATTEMPT", False),
    ("ring", True, "ATTEMPT", False),
]


@pytest.mark.parametrize(("channel", "incoming", "kind", "meets"), CONTACTS)
def test_which_contacts_meet_the_clock(
    story: Story, channel: str, incoming: bool, kind: str, meets: bool
) -> None:
    story.allocated()
    contact(story, channel=channel, incoming=incoming, kind=kind)
    assert (state(story, "FIRST_CONTACT") == ClockState.MET) is meets
    assert state(story, "THIRD_PARTY_CONTACT") == ClockState.RUNNING
    verb = Verb.ATTEMPT_LOGGED if kind == "ATTEMPT" else Verb.CONTACT_LOGGED
    assert Event.objects.filter(verb=verb).exists()


def test_a_contact_with_the_third_party_meets_theirs(story: Story) -> None:
    story.allocated()
    contact(story, involvement=story.third)
    assert state(story, "THIRD_PARTY_CONTACT") == ClockState.MET
    assert state(story, "FIRST_CONTACT") == ClockState.RUNNING


def test_a_contact_with_the_respondent_meets_nothing(story: Story) -> None:
    story.allocated()
    contact(story, involvement=story.respondent, incoming=True)
    assert state(story, "FIRST_CONTACT") == ClockState.RUNNING


def test_while_the_victim_is_unknown_the_third_party_meets_first_contact(world: World) -> None:
    story = tell(world, victim_identified=False)
    story.allocated()
    story.amara.full_name, story.amara.placeholder = "", "The woman at number 14"
    story.amara.save()
    contact(story, involvement=story.third)
    assert state(story, "FIRST_CONTACT") == ClockState.MET


def test_a_contact_written_down_later_meets_the_clock_when_it_happened(story: Story) -> None:
    story.allocated()
    happened = story.at(hours=2)
    entry = contact(story, at=story.at(days=3), happened_at=happened)
    clock = story.clock("FIRST_CONTACT")
    assert (clock.met_at, clock.was_late) == (happened, False)
    assert entry.recorded_at == story.at(days=3)


def test_no_contact_is_before_the_report_or_in_the_future(story: Story) -> None:
    story.allocated()
    for moment in (story.received - HOUR, story.at(days=9)):
        with pytest.raises(ValidationError):
            contact(story, happened_at=moment)
    assert state(story, "FIRST_CONTACT") == ClockState.RUNNING
    # The minute of the report itself is not before it, though it had begun.
    contact(story, happened_at=story.received.replace(second=0, microsecond=0))


def test_a_contact_is_with_somebody_on_this_case(story: Story, world: World) -> None:
    story.allocated()
    other = tell(world)
    with pytest.raises(ValidationError, match="Choose somebody on this case"):
        contact(story, involvement=other.victim)


def test_a_correction_is_another_entry(story: Story) -> None:
    story.allocated()
    first = contact(story, kind="ATTEMPT")
    second = contact(story, corrects=first, summary="She answered: it was a contact.")
    assert second.corrects == first
    assert story.case.contacts.count() == 2


def test_clocks_start_once(story: Story) -> None:
    before = Event.objects.count()
    again = [Promise(ClockKind.RISK, story.at(), story.at(hours=9))]
    assert do.start_clocks(by=story.boss, at=story.at(), case=story.case, promises=again) == []
    assert Event.objects.count() == before
    assert story.clock("RISK").due_at == story.received + timedelta(hours=24)


def test_a_promise_that_cannot_apply_says_why_from_the_start(world: World) -> None:
    story = tell(world, third_party_unreachable=True)
    clock = story.clock("THIRD_PARTY_CONTACT")
    assert (clock.state, clock.why) == ("NOT_APPLICABLE", "They gave no name and no number.")


def test_an_incident_without_a_case_comes_to_the_case_it_became(story: Story) -> None:
    """S22: nothing is typed again; it takes the next number."""
    by, at = story.by(story.handler), story.at()
    noise = do.add_incident(by=by, at=at, case=None, types=["NOISE"])
    do.assess_evidence(by=story.lead, at=at, incident=noise, text="A recording.")
    do.correct_incident(by=by, at=at, incident=noise, reason="He rang.", going_on=True)
    do.add_account(by=by, at=at, incident=noise, words="Every night.", capacity="VICTIM")
    view(story, by=by, incident=noise)
    do.attach_incident(by=by, at=at, incident=noise, case=story.case)
    noise.refresh_from_db()
    assert (noise.case, noise.number) == (story.case, 2)
    assert Incident.objects.hate().filter(pk=noise.pk).exists()


def test_what_was_known_of_a_part_may_be_left_as_it_is(story: Story) -> None:
    before = Event.objects.count()
    do.change_involvement(by=story.lead, at=story.at(), involvement=story.victim, fears="")
    assert Event.objects.count() == before


def test_a_promise_keeps_its_history_from_the_start(story: Story) -> None:
    assert story.clock("RISK").history.count() == 1


def test_a_duty_done_by_hand_keeps_how_it_ended(story: Story) -> None:
    story.allocated()
    facts: dict[str, Any] = {"by": story.lead, "at": story.at(hours=1), "case": story.case}
    offer = story.clock("SUPPORT_OWN")
    with pytest.raises(Refused, match="Choose how it ended"):
        do.do_duty(clock=offer, outcome="Maybe", words="Asked her.", **facts)
    do.do_duty(clock=offer, outcome="Accepted", words="She was glad of it.", **facts)
    clock = story.clock("SUPPORT_OWN")
    assert (clock.state, clock.outcome) == (ClockState.MET, "Accepted: She was glad of it.")
    do.do_duty(clock=offer, outcome="Declined", words="Pressed twice.", **facts)
    assert story.clock("SUPPORT_OWN").outcome == "Accepted: She was glad of it."
    event = Event.objects.filter(verb=Verb.CLOCK_MET).latest("pk")
    assert event.changes == {"kind": "SUPPORT_OWN", "outcome": "Accepted", "late": False}


def test_contact_and_system_duties_are_not_done_by_hand(story: Story) -> None:
    story.allocated()
    for kind in ("FIRST_CONTACT", "RISK"):
        with pytest.raises(Refused):
            do.do_duty(
                by=story.lead,
                at=story.at(),
                case=story.case,
                clock=story.clock(kind),
                outcome="Done",
                words="Done.",
            )


def test_a_clock_pauses_and_runs_again_with_the_moment_it_was_promised(story: Story) -> None:
    clock = story.clock("RISK")
    due = clock.due_at
    facts: dict[str, Any] = {"case": story.case, "clock": clock, "at": story.at()}
    asked: dict[str, Any] = {**facts, "ground": "ASKED"}
    with pytest.raises(Refused, match="Only a case manager"):
        do.pause_clock(by=story.lead, why=LATER, until=date(2026, 11, 23), **asked)
    do.pause_clock(by=story.boss, why=LATER, until=date(2026, 11, 23), **asked)
    clock.refresh_from_db()
    assert (clock.state, clock.why, clock.due_at) == (ClockState.PAUSED, LATER, due)
    events = Event.objects.count()
    do.pause_clock(by=story.boss, why=LATER, until=date(2026, 11, 24), **asked)
    assert Event.objects.count() == events
    do.resume_clock(by=story.boss, **facts)
    do.resume_clock(by=story.boss, **facts)
    clock.refresh_from_db()
    assert (clock.state, clock.paused_until, clock.due_at) == (ClockState.RUNNING, None, due)


def test_three_safe_attempts_pause_a_clock_and_no_others(story: Story) -> None:
    """Domain 4.3: an attempt in a way nobody said is safe does not count towards the three."""
    story.allocated()

    def attempt(channel: str) -> None:
        do.log_contact(
            by=story.lead,
            at=story.at(hours=1),
            case=story.case,
            involvement=story.victim,
            kind="ATTEMPT",
            channel=channel,
            summary="No reply yet.",
        )

    def pause(ground: str = "ATTEMPTS") -> None:
        do.pause_clock(
            by=story.boss,
            at=story.at(hours=2),
            case=story.case,
            clock=story.clock("FIRST_CONTACT"),
            ground=ground,
            why=LATER,
            until=date(2026, 11, 23),
        )

    for channel in ("text", "ring", "visit"):
        attempt(channel)
    with pytest.raises(Refused, match="2 safe attempts are logged"):
        pause()
    with pytest.raises(Refused, match="because they asked, or after three"):
        pause("OTHER")
    attempt("text")
    pause()
    assert story.clock("FIRST_CONTACT").paused_for == "ATTEMPTS"


def test_on_a_domestic_abuse_case_the_respondent_is_not_contacted(story: Story) -> None:
    """S06: what they tell us is still kept; on other cases they may be contacted."""
    story.allocated()

    def speak(*, incoming: bool) -> Any:
        return do.log_contact(
            by=story.lead,
            at=story.at(hours=1),
            case=story.case,
            involvement=story.respondent,
            kind="INTERACTION",
            channel="ring",
            summary="Spoke.",
            incoming=incoming,
        )

    assert speak(incoming=False)
    Case.objects.filter(pk=story.case.pk).update(domestic_abuse=True)
    with pytest.raises(Refused, match="do not contact the respondent or the family"):
        speak(incoming=False)
    assert speak(incoming=True)


def test_a_paused_clock_can_still_be_met(story: Story) -> None:
    story.allocated()
    do.pause_clock(
        by=story.boss,
        at=story.at(),
        case=story.case,
        clock=story.clock("FIRST_CONTACT"),
        ground="ASKED",
        why=LATER,
        until=date(2026, 11, 23),
    )
    contact(story)
    assert state(story, "FIRST_CONTACT") == ClockState.MET
