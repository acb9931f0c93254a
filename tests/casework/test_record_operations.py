"""Exceptions, incidents, views and parts: operations on a case."""

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
from cases.casework.models import Case, Clock, Incident, Perception
from cases.people.operations import add_person, set_safe_contact
from tests.casework.story import Story, give, tell
from tests.world import World


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
    level = {"level": "STANDARD", "provisional": False}
    do.set_risk(by=story.lead, at=story.at(hours=3), case=story.case, **level)
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
