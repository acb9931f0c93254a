"""Opening, allocating, moving, holding, restricting and joining cases."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.access import Actor, Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.case_operations import NoReference
from cases.casework.choices import Access, ClockState, Stage
from cases.casework.models import Case
from cases.people.operations import add_person, declare_staff_link
from cases.staff.models import Course
from cases.staff.operations import record_training
from tests.casework.story import Story, give, make_case
from tests.world import World

LONG = "Nobody else is trained yet this week."


def verbs(case: Case) -> list[str]:
    """What the ledger holds of the case, oldest first."""
    rows = Event.objects.filter(case_reference=case.reference).order_by("pk")
    return list(rows.values_list("verb", flat=True))


def last(case: Case) -> Event:
    return Event.objects.filter(case_reference=case.reference).latest("pk")


def may_see(story: Story, actor: Actor) -> bool:
    return Case.objects.visible_to(actor).filter(pk=story.case.pk).exists()


def test_a_case_opens_as_an_emergency_under_the_policy_in_force(story: Story) -> None:
    case = story.case
    assert (case.stage, case.priority) == (Stage.CONTACT, "EMERGENCY")
    assert case.policy_version.version == "1.0"
    assert case.received_at == case.received_at_original == story.at(minutes=-15)
    assert case.reference.startswith("HC-2026-")
    assert set(verbs(case)[:2]) == {Verb.CASE_OPENED, Verb.ACCESS_GIVEN}


def test_whoever_took_the_report_sees_it_until_a_lead_is_named(story: Story) -> None:
    assert may_see(story, story.by(story.handler))
    assert not may_see(story, story.lead)
    story.allocated()
    assert not may_see(story, story.by(story.handler))
    assert may_see(story, story.lead)


def test_only_those_who_take_reports_open_cases(story: Story) -> None:
    director = story.world.actor(story.world.user(Role.DIRECTOR_CO))
    with pytest.raises(Refused, match="take reports"):
        make_case(story.world, director, story.case.policy_version, victim=story.amara)


def test_references_tell_nothing_of_their_order(story: Story) -> None:
    by, policy = story.by(story.handler), story.case.policy_version
    made = [make_case(story.world, by, policy, victim=story.amara).reference for _ in range(12)]
    assert len(set(made)) == 12
    assert made != sorted(made)


def test_a_reference_that_is_taken_is_tried_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database decides; when the year's are used up, it is said."""
    by, policy = story.by(story.handler), story.case.policy_version
    turns = iter([*"2222", *"2222", *"3333"])
    monkeypatch.setattr(secrets, "choice", lambda letters: next(turns))
    made = [make_case(story.world, by, policy, victim=story.amara) for _ in range(2)]
    assert [case.reference for case in made] == ["HC-2026-2222", "HC-2026-3333"]
    monkeypatch.setattr(secrets, "choice", lambda letters: "2")
    with pytest.raises(NoReference):
        make_case(story.world, by, policy, victim=story.amara)


def test_naming_a_lead_meets_its_clocks_and_keeps_the_story(story: Story) -> None:
    do.allocate(
        by=story.boss,
        at=story.at(minutes=30),
        case=story.case,
        lead=story.officer,
        reason=LONG,
        story="Ring after 10. She has said she is frightened of the stairs.",
    )
    story.case.refresh_from_db()
    assert story.case.lead == story.officer
    clock = story.clock("ALLOCATE")
    assert (clock.state, clock.met_at) == (ClockState.MET, story.at(minutes=30))
    note = story.case.notes.get()
    assert (note.kind, note.by) == ("HANDOVER", story.manager)
    event = Event.objects.get(verb=Verb.CASE_ALLOCATED)
    assert event.changes == {"from": None, "to": story.officer.pk}
    assert event.reason == LONG


def test_a_case_without_a_team_comes_to_its_leads(story: Story) -> None:
    Case.objects.update(team=None)
    story.allocated()
    assert Case.objects.get().team == story.officer.team


def test_a_case_cannot_open_before_its_report(story: Story) -> None:
    with pytest.raises(ValidationError, match="A case opens after its report was received"):
        do.open_case(
            by=story.boss,
            at=story.at(),
            received_at=story.at(hours=1),
            victim=story.amara,
            policy_version=story.case.policy_version,
        )


def test_naming_the_same_lead_again_changes_nothing(story: Story) -> None:
    story.allocated()
    before, version = verbs(story.case), story.case.version
    story.allocated()
    assert verbs(story.case) == before
    story.case.refresh_from_db()
    assert story.case.version == version


def test_out_of_date_training_needs_a_reason(story: Story) -> None:
    facts = {"by": story.boss, "at": story.at(), "case": story.case, "lead": story.officer}
    admin = story.world.actor(story.world.user(Role.SYSADMIN))
    with pytest.raises(Refused, match="training is out of date"):
        do.allocate(**facts)
    record_training(
        by=admin,
        at=story.at(),
        user=story.officer,
        course=Course.HATE_CRIME,
        completed_on=date(2026, 1, 5),
        expires_on=date(2026, 11, 19),  # it counts up to the day before
    )
    with pytest.raises(Refused, match="training is out of date"):
        do.allocate(**facts)
    record_training(
        by=admin,
        at=story.at(),
        user=story.officer,
        course=Course.HATE_CRIME,
        completed_on=date(2026, 2, 5),
        expires_on=date(2026, 11, 20),
    )
    do.allocate(**facts)
    assert Case.objects.get().lead == story.officer


def test_who_cannot_lead(story: Story) -> None:
    world = story.world
    facts = {"by": story.boss, "at": story.at(), "case": story.case, "reason": LONG}
    with pytest.raises(Refused, match="does not work cases"):
        do.allocate(lead=story.handler, **facts)
    relative = world.user(Role.HOUSING_OFFICER, team=world.team(), name="Ama Boateng")
    declare_staff_link(
        by=world.actor(relative), at=story.at(), user=relative, kind="RELATIVE", person=story.amara
    )
    with pytest.raises(Refused, match="Ama Boateng has a conflict of interest"):
        do.allocate(lead=relative, **facts)
    with pytest.raises(Refused, match="Only a case manager names"):
        do.allocate(lead=story.officer, **{**facts, "by": story.lead})


def test_nobody_in_a_colleagues_line_leads_their_case(story: Story) -> None:
    world = story.world
    mate = world.user(Role.HOUSING_OFFICER, team=world.team(), name="Kit Farrow")
    person = add_person(by=story.boss, at=story.at(), full_name="Kit Farrow", is_colleague=True)
    declare_staff_link(by=world.actor(mate), at=story.at(), user=mate, kind="SELF", person=person)
    do.add_involvement(
        by=story.boss, at=story.at(), case=story.case, part="RESPONDENT", person=person
    )
    facts = {"by": story.boss, "at": story.at(), "case": story.case, "reason": LONG}
    with pytest.raises(Refused, match="same team as a colleague"):
        do.allocate(lead=story.officer, **facts)
    south = world.user(Role.HOUSING_OFFICER, team=world.team("South"))
    do.allocate(lead=south, **facts)


def test_a_hand_over_ends_the_access_of_the_lead_before(story: Story) -> None:
    story.allocated()
    world = story.world
    other = world.user(Role.HOUSING_OFFICER, team=world.team("South"), name="Tom Ellery")
    do.allocate(by=story.boss, at=story.at(hours=2), case=story.case, lead=other, reason=LONG)
    assert not may_see(story, story.lead)
    assert may_see(story, world.actor(other))
    assert story.case.members.get(user=story.officer).ended_at == story.at(hours=2)


def meet_gate(story: Story, *kinds: str) -> None:
    do.meet_clocks(by=story.lead, at=story.at(hours=1), case=story.case, kinds=list(kinds))


def test_a_case_leaves_a_stage_when_its_gate_is_met(story: Story) -> None:
    story.allocated()
    facts = {"by": story.lead, "at": story.at(hours=1), "case": story.case}
    with pytest.raises(Refused, match="To leave Contact, still to do: First contact"):
        do.move_stage(to=Stage.ASSESS, **facts)
    meet_gate(story, "FIRST_CONTACT")
    do.move_stage(to=Stage.ASSESS, **facts)
    assert Case.objects.get().stage == Stage.ASSESS
    assert last(story.case).changes == {"from": "CONTACT", "to": "ASSESS"}
    with pytest.raises(Refused, match="The case cannot go from assess to monitor"):
        do.move_stage(to=Stage.MONITOR, **facts)


def test_a_third_party_keeps_the_case_in_investigate(story: Story) -> None:
    """S03: not before both are contacted, or a manager agreed to an exception (HC-40)."""
    story.allocated()
    facts = {"by": story.lead, "at": story.at(hours=1), "case": story.case}
    meet_gate(story, "FIRST_CONTACT")
    do.move_stage(to=Stage.ASSESS, **facts)
    meet_gate(story, "RISK", "POLICE", "SUPPORT_OWN", "SUPPORT_SPECIALIST", "PERMISSION")
    do.move_stage(to=Stage.PLAN, **facts)
    meet_gate(story, "ACTION_PLAN")
    do.move_stage(to=Stage.INVESTIGATE, **facts)
    meet_gate(story, "SUPPORT_THIRD_PARTY")
    with pytest.raises(Refused, match="Contact with the third party"):
        do.move_stage(to=Stage.MONITOR, **facts)
    do.approve_exception(
        by=story.boss,
        at=story.at(hours=1),
        case=story.case,
        clock=story.clock("THIRD_PARTY_CONTACT"),
        reason="They asked us never to contact them again.",
    )
    do.move_stage(to=Stage.MONITOR, **facts)
    do.move_stage(to=Stage.INVESTIGATE, **facts)


def test_a_hold_needs_who_asked_and_a_later_day_and_goes_back(story: Story) -> None:
    story.allocated()
    facts = {"by": story.lead, "at": story.at(hours=1), "case": story.case}
    why = "The police asked us to wait for an arrest."
    with pytest.raises(Refused, match="later day"):
        do.hold(reason=why, review_on=date(2026, 11, 19), **facts)
    with pytest.raises(Refused, match="Say who asked"):
        do.hold(reason="Police", review_on=date(2026, 11, 26), **facts)
    do.hold(reason=why, review_on=date(2026, 11, 26), **facts)
    case = Case.objects.get()
    assert (case.stage, case.held_from) == (Stage.ON_HOLD, Stage.CONTACT)
    with pytest.raises(Refused, match="After a hold the case goes back to Contact"):
        do.move_stage(to=Stage.MONITOR, **facts)
    do.move_stage(to=Stage.CONTACT, **facts)
    case = Case.objects.get()
    assert (case.stage, case.held_from, case.hold_review_on) == (Stage.CONTACT, "", None)


def test_a_case_entered_in_error_is_void_with_a_reason(story: Story) -> None:
    facts = {"at": story.at(hours=1), "case": story.case, "to": Stage.VOID}
    story.allocated()
    with pytest.raises(Refused, match="Only a case manager"):
        do.move_stage(by=story.lead, reason="It was a test of the telephones.", **facts)
    with pytest.raises(Refused, match="Say why the case is void"):
        do.move_stage(by=story.boss, **facts)
    do.move_stage(by=story.boss, reason="It was a test of the telephones.", **facts)
    assert last(story.case).reason == "It was a test of the telephones."
    assert Case.objects.get().stage == Stage.VOID


def test_a_restricted_case_is_seen_by_those_named_and_the_director(story: Story) -> None:
    story.allocated()
    world = story.world
    named, cover = (world.user(Role.CASE_MANAGER, team=world.team("South")) for _ in range(2))
    director = world.actor(world.user(Role.DIRECTOR_CO))
    give(story, cover)
    assert may_see(story, world.actor(cover))
    with pytest.raises(Refused, match="Say why the case is restricted"):
        do.restrict_case(by=story.boss, at=story.at(), case=story.case, reason="", named=[])
    do.restrict_case(
        by=story.boss,
        at=story.at(hours=1),
        case=story.case,
        reason="A colleague is named as the respondent.",
        named=[named],
    )
    seen = {
        "lead": may_see(story, story.lead),
        "named": may_see(story, world.actor(named)),
        "director": may_see(story, director),
        "manager": may_see(story, story.boss),
        "cover": may_see(story, world.actor(cover)),
    }
    assert seen == {
        "lead": True,
        "named": True,
        "director": True,
        "manager": False,
        "cover": False,
    }


def test_a_joined_case_keeps_its_records_and_stops_its_clocks(story: Story) -> None:
    by = story.by(story.handler)
    twin = make_case(story.world, by, story.case.policy_version, victim=story.amara)
    do.join_case(by=by, at=story.at(hours=1), case=story.case, into=twin)
    case = Case.objects.get(pk=story.case.pk)
    assert (case.stage, case.merged_into, case.next_clock) == (Stage.MERGED, twin, "")
    assert not case.clocks.filter(state__in=[ClockState.RUNNING, ClockState.PAUSED]).exists()
    assert case.incidents.count() == 1
    assert last(twin).changes == {"joined": case.reference}
    with pytest.raises(Refused, match="itself"):
        do.join_case(by=by, at=story.at(), case=twin, into=twin)
    with pytest.raises(Refused, match="joined to another"):
        do.join_case(by=by, at=story.at(), case=twin, into=case)


def test_cover_gives_access_and_says_why(story: Story) -> None:
    other = story.world.user(Role.HOUSING_OFFICER)
    give(story, other)
    give(story, other)
    assert story.case.members.filter(user=other, why=Access.COVER).count() == 1
    assert may_see(story, story.world.actor(other))
    assert last(story.case).changes == {"user": other.pk, "why": "COVER"}


SEES = {
    Role.CASE_MANAGER: (True, False),
    Role.DIRECTOR_CO: (True, True),
    Role.CALL_HANDLER: (False, False),
    Role.HOUSING_OFFICER: (False, False),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("team", ["North", "South"])
def test_who_sees_a_case_they_are_not_on(story: Story, role: Role, team: str) -> None:
    world = story.world
    user = world.user(role, team=world.team(team))
    here, elsewhere = SEES.get(role, (False, False))
    assert may_see(story, world.actor(user)) is (here if team == "North" else elsewhere)


def test_a_role_that_opens_cases_sees_those_given_to_it(story: Story) -> None:
    world = story.world
    opened = []
    for role in Role:
        user = world.user(role)
        give(story, user, Access.SAMPLE)
        if may_see(story, world.actor(user)):
            opened.append(role)
    assert opened == [
        *(Role.CALL_HANDLER, Role.HOUSING_OFFICER, Role.CASE_MANAGER, Role.DIRECTOR_CO),
        *(Role.SAFEGUARDING_LEAD, Role.DA_LEAD, Role.AUDITOR),
    ]


def test_the_next_promise_stands_on_the_case_for_the_queue(story: Story) -> None:
    case = Case.objects.get()
    assert (case.next_clock, case.next_due_at) == ("ALLOCATE", story.clock("ALLOCATE").due_at)
    story.allocated()
    case.refresh_from_db()
    assert case.next_clock == "FIRST_CONTACT"
    assert case.next_due_at == story.received + timedelta(hours=24)


def test_a_job_opens_a_case_and_is_given_no_view_of_it(world: World) -> None:
    """Earlier records come in by a command, which nobody signs in as."""
    policy, at = world.policy(), world.now
    handler = world.actor(world.user(Role.CALL_HANDLER))
    victim = add_person(by=handler, at=at, full_name="Amara Osei")
    command = Actor(id=None, name="the import", roles=frozenset({Role.CALL_HANDLER}))
    case = do.open_case(by=command, at=at, received_at=at, victim=victim, policy_version=policy)
    assert not case.members.exists()
