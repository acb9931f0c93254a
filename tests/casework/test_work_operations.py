"""Clocks, contacts, people, incidents and views, and what each leaves on the ledger."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases.access import Actor, Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Clock, Incident, Perception
from cases.casework.promises import Promise
from cases.people.operations import add_person, set_safe_contact
from tests.casework.story import Story, give, tell
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
    risk = story.clock("RISK")
    with pytest.raises(Refused, match="Choose how it ended"):
        do.do_duty(clock=risk, outcome="Tiny", words="Asked her.", **facts)
    do.do_duty(clock=risk, outcome="High", words="Asked her all sixteen.", **facts)
    clock = story.clock("RISK")
    assert (clock.state, clock.outcome) == (ClockState.MET, "High: Asked her all sixteen.")
    do.do_duty(clock=risk, outcome="Medium", words="Pressed twice.", **facts)
    assert story.clock("RISK").outcome == "High: Asked her all sixteen."
    event = Event.objects.filter(verb=Verb.CLOCK_MET).latest("pk")
    assert event.changes == {"kind": "RISK", "outcome": "High", "late": False}


def test_contact_and_system_duties_are_not_done_by_hand(story: Story) -> None:
    story.allocated()
    for kind in ("FIRST_CONTACT", "ALLOCATE"):
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


def test_an_exception_is_agreed_by_a_manager_who_does_not_lead(story: Story) -> None:
    facts: dict[str, Any] = {
        "at": story.at(),
        "case": story.case,
        "clock": story.clock("POLICE"),
        "reason": "She asked us never to speak of the police.",
    }
    with pytest.raises(Refused, match="Only a case manager"):
        do.approve_exception(by=story.lead, **facts)
    do.approve_exception(by=story.boss, **facts)
    do.approve_exception(by=story.boss, **facts)
    assert state(story, "POLICE") == ClockState.NOT_APPLICABLE
    assert Event.objects.filter(verb=Verb.EXCEPTION_APPROVED).count() == 1


def test_a_manager_who_leads_does_not_agree_to_their_own_exception(story: Story) -> None:
    do.allocate(
        by=story.boss,
        at=story.at(),
        case=story.case,
        lead=story.manager,
        reason="Nobody else is trained yet this week.",
    )
    with pytest.raises(Refused, match="does not lead this case"):
        do.approve_exception(
            by=story.boss,
            at=story.at(),
            case=story.case,
            clock=story.clock("POLICE"),
            reason="She asked us never to speak of the police.",
        )


def test_incidents_are_numbered_in_the_order_they_are_told(story: Story) -> None:
    assert [story.add_incident().number for _ in range(3)] == [2, 3, 4]


def test_nothing_happened_after_it_was_reported(story: Story) -> None:
    with pytest.raises(ValidationError, match="after it was reported"):
        story.add_incident(occurred_on=date(2026, 11, 20))
    story.add_incident(occurred_on=date(2026, 11, 19))
    with pytest.raises(ValidationError, match="after it was reported"):
        do.correct_incident(
            by=story.lead,
            at=story.at(days=9),
            incident=story.incident,
            reason="She looked at her diary.",
            occurred_on=date(2026, 11, 21),
        )


def test_a_correction_says_why_and_keeps_what_it_said(story: Story) -> None:
    facts: dict[str, Any] = {"by": story.lead, "at": story.at(), "incident": story.incident}
    with pytest.raises(Refused, match="Say why it is corrected"):
        do.correct_incident(reason=" ", occurred_time="5pm", **facts)
    do.correct_incident(reason="She looked at her diary.", occurred_time="5pm", **facts)
    assert list(Incident.history.values_list("occurred_time", flat=True)) == ["5pm", "4pm"]
    event = Event.objects.latest("pk")
    assert event.changes == {"fields": ["occurred_time"]}
    assert event.reason == "She looked at her diary."
    do.correct_incident(reason="Pressed twice.", occurred_time="5pm", **facts)
    assert Event.objects.latest("pk") == event


def test_the_ledger_never_quotes_anybody(story: Story) -> None:
    story.allocated()
    contact(story, summary="He waits by the bins")
    do.add_note(by=story.lead, at=story.at(), case=story.case, kind="CASE", text="by the bins too")
    do.assess_evidence(by=story.lead, at=story.at(), incident=story.incident, text="bins camera")
    kept = " ".join(f"{event.changes} {event.reason}" for event in Event.objects.all())
    for words in ("bins", "shouts", "Black", "Amara", "Osei", "number 16"):
        assert words not in kept


def view(story: Story, **values: Any) -> Perception:
    facts: dict[str, Any] = {
        "by": story.lead,
        "at": story.at(hours=1),
        "incident": story.incident,
        "holds": "YES",
        "capacity": "THIRD_PARTY",
        "described_as": "the postwoman",
    }
    return do.add_perception(**{**facts, **values})


def test_a_yes_settles_a_provisional_case_and_a_no_does_not(world: World) -> None:
    story = tell(world, provisional=True)
    Case.objects.filter(pk=story.case.pk).update(provisional=True)
    view(story, holds="NO")
    view(story, holds="NOT_SURE")
    assert Case.objects.get().provisional
    assert state(story, "SETTLE_VIEW") == ClockState.RUNNING
    view(story)
    assert not Case.objects.get().provisional
    assert state(story, "SETTLE_VIEW") == ClockState.MET


def test_a_no_weighs_against_nobody(story: Story) -> None:
    view(story, holds="NO", capacity="OFFICER", described_as="", colleague=story.officer)
    standing = Perception.objects.standing().perceiving()
    assert list(standing) == [story.view]
    assert Incident.objects.hate().get() == story.incident


def test_only_the_perceiver_takes_a_view_back_and_the_row_stays(story: Story) -> None:
    mine = view(story, by=story.lead, colleague=story.officer, described_as="", capacity="OFFICER")
    facts: dict[str, Any] = {"at": story.at(hours=2), "words": "I have thought again."}
    with pytest.raises(Refused, match="Only the colleague whose view this is"):
        do.retract_perception(by=story.boss, view=mine, **facts)
    do.retract_perception(by=story.lead, view=mine, **facts)
    with pytest.raises(Refused, match="already been taken back"):
        do.retract_perception(by=story.lead, view=mine, **facts)
    with pytest.raises(Refused, match="Name another colleague"):
        do.retract_perception(by=story.lead, view=story.view, witness=story.officer, **facts)
    do.retract_perception(by=story.lead, view=story.view, witness=story.manager, **facts)
    kept = Perception.objects.get(pk=story.view.pk)
    assert (kept.holds, kept.retraction_words) == ("YES", "I have thought again.")
    assert not Incident.objects.hate().exists()


def test_a_colleagues_view_in_any_capacity_is_theirs_to_take_back(story: Story) -> None:
    theirs = view(story, colleague=story.handler, described_as="", capacity="WITNESS")
    with pytest.raises(Refused, match="Only the colleague whose view this is"):
        do.retract_perception(
            by=story.boss,
            at=story.at(hours=2),
            view=theirs,
            words="They said so.",
            witness=story.officer,
        )


def test_an_assessment_changes_nothing_else(story: Story) -> None:
    story.allocated()
    before = Case.objects.values().get()
    do.assess_evidence(
        by=story.lead, at=story.at(), incident=story.incident, text="I think it is the smells."
    )
    assert Case.objects.values().get() == before
    assert Incident.objects.hate().get() == story.incident


def test_a_described_respondent_is_found_in_our_records(story: Story) -> None:
    story.allocated()
    man = add_person(by=story.lead, at=story.at(), full_name="Colin Harte", home=story.home)
    facts: dict[str, Any] = {"by": story.lead, "at": story.at(), "involvement": story.respondent}
    do.change_involvement(person=man, **facts)
    story.respondent.refresh_from_db()
    assert story.respondent.name == "Colin Harte"
    assert Case.objects.get().victim == story.amara
    with pytest.raises(ValidationError, match="harmed and respondent"):
        do.change_involvement(person=story.amara, **facts)
    before = Event.objects.count()
    do.change_involvement(person=man, **facts)
    assert Event.objects.count() == before


def test_when_the_victim_is_identified_the_case_is_about_them(story: Story) -> None:
    story.allocated()
    found = add_person(by=story.lead, at=story.at(), full_name="Grace Osei")
    version = Case.objects.get().version
    do.change_involvement(by=story.lead, at=story.at(), involvement=story.victim, person=found)
    case = Case.objects.get()
    assert (case.victim, case.version) == (found, version + 1)


def test_opening_what_is_kept_apart_is_recorded(story: Story) -> None:
    do.show_part(by=story.boss, at=story.at(), involvement=story.third)
    event = Event.objects.latest("pk")
    assert (event.verb, event.subject_id) == (Verb.PART_SHOWN, story.third.pk)


def every_write(story: Story, by: Actor) -> list[Any]:
    """Each operation on a case, as this actor."""
    at, case, incident = story.at(hours=1), story.case, story.incident
    clock = Clock.objects.get(case=case, kind="POLICE")
    return [
        lambda: do.add_incident(by=by, at=at, case=case, types=["NOISE"]),
        lambda: do.add_account(
            by=by, at=at, incident=incident, words="More.", capacity="VICTIM", person=story.amara
        ),
        lambda: view(story, by=by),
        lambda: do.correct_incident(by=by, at=at, incident=incident, reason="x", going_on=True),
        lambda: do.assess_evidence(by=by, at=at, incident=incident, text="A camera."),
        lambda: do.add_involvement(by=by, at=at, case=case, part="WITNESS", described_as="A man"),
        lambda: do.change_involvement(by=by, at=at, involvement=story.victim, fears="Dogs"),
        lambda: contact(story, by=by),
        lambda: do.add_note(by=by, at=at, case=case, kind="CASE", text="A note."),
        lambda: do.do_duty(
            by=by, at=at, case=case, clock=clock, outcome="Not now", words="Asked her."
        ),
        lambda: do.hold(
            by=by,
            at=at,
            case=case,
            reason="The police asked us to wait.",
            review_on=date(2027, 1, 1),
        ),
        lambda: do.resume_clock(by=by, at=at, case=case, clock=clock),
        lambda: do.attach_incident(by=by, at=at, incident=incident, case=case),
    ]


READERS = (Role.DIRECTOR_CO, Role.SAFEGUARDING_LEAD, Role.DA_LEAD, Role.AUDITOR, Role.DPO)


@pytest.mark.parametrize("role", READERS)
def test_those_who_only_read_change_nothing(story: Story, role: Role) -> None:
    """The Director cannot edit records; nobody else may either (domain 11)."""
    user = story.world.user(role)
    give(story, user)
    before = Event.objects.count()
    for write in every_write(story, story.world.actor(user)):
        with pytest.raises(Refused):
            write()
    assert Event.objects.count() == before


def test_those_who_work_the_case_may_do_each(story: Story) -> None:
    story.allocated()
    for write in every_write(story, story.lead)[:11]:
        before = Event.objects.count()
        write()
        assert Event.objects.count() > before


def test_safe_contact_changed_after_the_contact_changes_no_clock(story: Story) -> None:
    story.allocated()
    contact(story)
    set_safe_contact(by=story.lead, at=story.at(hours=3), person=story.amara, ring="NOT_SAFE")
    assert state(story, "FIRST_CONTACT") == ClockState.MET


def test_speaking_to_the_victim_promises_the_next_contact(story: Story) -> None:
    """SLA_UPDATE: before the risk is known as often as at High, then as the risk asks."""
    story.allocated()
    contact(story)
    first = story.clock("UPDATE")
    assert first.due_at
    assert first.due_at - first.started_at == timedelta(days=7)
    do.do_duty(
        by=story.lead,
        at=story.at(hours=3),
        case=story.case,
        clock=story.clock("RISK"),
        outcome="Standard",
        words="Asked on the phone.",
    )
    contact(story, at=story.at(hours=30))
    kept, following = story.case.clocks.filter(kind="UPDATE").order_by("id")
    assert (kept.state, kept.met_at) == (ClockState.MET, story.at(hours=30))
    assert following.due_at
    assert following.due_at - following.started_at == timedelta(days=28)


def test_an_attempt_promises_no_next_contact(story: Story) -> None:
    story.allocated()
    contact(story, kind="ATTEMPT")
    assert not story.case.clocks.filter(kind="UPDATE").exists()


def test_a_contact_logged_late_leaves_the_running_promise(story: Story) -> None:
    story.allocated()
    contact(story, at=story.at(hours=5))
    contact(story, at=story.at(hours=6), happened_at=story.at(hours=1))
    assert story.clock("UPDATE").started_at == story.at(hours=5)
