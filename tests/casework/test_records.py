"""What is recorded beside the story: the company, crime, impact, statements and HR."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework import queries
from cases.casework.choices import Part
from cases.casework.models import Case, Clock, CrimeDecision, Incident, PartRecord
from cases.casework.record_choices import CrimeStatus, RecordKind
from cases.people.models import Entity
from cases.people.operations import add_person, add_property
from cases.staff.operations import scope_user
from tests.casework.story import Story, make_case, tell
from tests.world import COMMAND, World, by_hand

DECIDED = date(2026, 11, 18)


@pytest.fixture
def story(world: World) -> Story:
    return tell(world).allocated()


@pytest.fixture
def longhurst(world: World) -> Entity:
    with by_hand():
        return Entity.objects.create(code="LONGHURST", name="Longhurst Group, before Amplius")


@pytest.fixture
def amplius(world: World) -> Entity:
    with by_hand():
        return Entity.objects.create(code="AMPLIUS", name="Amplius Living")


def decide(story: Story, status: str, **values: Any) -> CrimeDecision:
    facts: dict[str, Any] = {"decided_by": "PC Hale, Wellby police", "decided_on": DECIDED}
    return do.record_crime_status(
        by=story.lead,
        at=story.at(hours=2),
        incident=Incident.objects.get(pk=story.incident.pk),
        status=status,
        **{**facts, **values},
    )


# --- the company of a case (HC-20)


def test_a_case_opens_with_the_company_of_its_home(world: World, longhurst: Entity) -> None:
    policy = world.policy()
    handler = world.actor(world.user(Role.CALL_HANDLER))
    home = add_property(by=handler, at=world.now, address="1 Fen Row", entity=longhurst)
    assert make_case(world, handler, policy, home=home).entity == longhurst
    # Without a home of the case, that of the victim; with neither, nobody knows yet.
    lives_there = add_person(by=handler, at=world.now, full_name="Ada Quill", home=home)
    assert make_case(world, handler, policy, victim=lives_there).entity == longhurst
    nowhere = add_person(by=handler, at=world.now, full_name="Ned Rowe")
    assert make_case(world, handler, policy, victim=nowhere).entity is None


def test_whoever_is_found_to_be_harmed_brings_the_company(
    world: World, story: Story, longhurst: Entity
) -> None:
    unknown = add_person(by=story.boss, at=world.now, placeholder="The family in the corner flat")
    case = make_case(world, story.boss, world.policy(), victim=unknown)
    part = do.add_involvement(
        by=story.boss, at=world.now, case=case, part=Part.VICTIM, person=unknown
    )
    home = add_property(by=story.boss, at=world.now, address="2 Fen Row", entity=longhurst)
    found = add_person(by=story.boss, at=world.now, full_name="Ewa Nowak", home=home)
    do.change_involvement(by=story.boss, at=world.now, involvement=part, person=found)
    case.refresh_from_db()
    assert case.entity == longhurst


def test_a_manager_changes_the_company_with_a_reason(story: Story, longhurst: Entity) -> None:
    at = story.at(hours=1)
    with pytest.raises(Refused, match="Only a case manager"):
        do.place_case(by=story.lead, at=at, case=story.case, entity=longhurst, reason="Theirs.")
    with pytest.raises(Refused, match="Say why"):
        do.place_case(by=story.boss, at=at, case=story.case, entity=longhurst, reason=" ")
    why = "The block was Longhurst’s until June."
    do.place_case(by=story.boss, at=at, case=story.case, entity=longhurst, reason=why)
    event = Event.objects.get(verb=Verb.CASE_PLACED)
    assert (event.changes, event.reason) == ({"from": None, "to": "LONGHURST"}, why)
    # The same again leaves no second line; and it can be not known again.
    do.place_case(by=story.boss, at=at, case=story.case, entity=longhurst, reason=why)
    do.place_case(by=story.boss, at=at, case=story.case, entity=None, reason="We were wrong.")
    assert Event.objects.filter(verb=Verb.CASE_PLACED).count() == 2
    assert [row.entity_id for row in story.case.history.order_by("history_id")][-2:] == [
        longhurst.pk,
        None,
    ]


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.DIRECTOR_CO])
def test_a_scope_keeps_a_role_to_some_companies(
    world: World, story: Story, longhurst: Entity, amplius: Entity, role: Role
) -> None:
    """By role they see their companies' cases and those nobody has placed; by name, any."""
    user = world.user(role, team=world.team("North"))

    def sees() -> bool:
        user.refresh_from_db()
        return Case.objects.visible_to(world.actor(user)).filter(pk=story.case.pk).exists()

    scope_user(by=COMMAND, at=world.now, user=user, entities=["LONGHURST"], reason="Her patch.")
    assert sees()  # no company yet: an emergency is nobody's secret
    do.place_case(
        by=story.boss, at=story.at(hours=1), case=story.case, entity=amplius, reason="Ours."
    )
    assert not sees()
    assert user.pk not in queries.managers_of(story.case, story.at(hours=1))
    do.give_access(
        by=story.boss,
        at=story.at(hours=1),
        case=story.case,
        user=user,
        why="COVER",  # type: ignore[arg-type]
    )
    assert sees()


def test_nobody_leads_a_case_of_a_company_they_do_not_work_for(
    world: World, story: Story, amplius: Entity
) -> None:
    other = world.user(Role.HOUSING_OFFICER, team=world.team("North"), name="Ola Finch")
    scope_user(by=COMMAND, at=world.now, user=other, entities=["LONGHURST"], reason="Her patch.")
    do.place_case(
        by=story.boss, at=story.at(hours=1), case=story.case, entity=amplius, reason="Ours."
    )
    why = "Nobody else is trained yet this week."
    other.refresh_from_db()
    with pytest.raises(Refused, match="other companies"):
        do.allocate(by=story.boss, at=story.at(hours=1), case=story.case, lead=other, reason=why)


def test_a_scope_is_chosen_by_another_administrator(world: World, longhurst: Entity) -> None:
    admin = world.user(Role.SYSADMIN)
    me = world.actor(admin)
    with pytest.raises(Refused, match="Nobody changes their own"):
        scope_user(by=me, at=world.now, user=admin, entities=["LONGHURST"], reason="Mine.")
    user = world.user(Role.CASE_MANAGER)
    for _ in range(2):
        scope_user(by=me, at=world.now, user=user, entities=["LONGHURST"], reason="Her patch.")
    event = Event.objects.get(verb=Verb.USER_SCOPED)
    assert event.changes == {"from": ["all"], "to": ["LONGHURST"]}
    with pytest.raises(Refused, match="Only a system administrator"):
        scope_user(by=world.actor(user), at=world.now, user=admin, entities=[], reason="No.")


# --- crime (HC-24, domain 2.3)


def test_every_status_of_the_domain_can_be_kept_and_moves_nothing(story: Story) -> None:
    """Not a crime, no further action, not recorded: the case and its promises stay as they are."""
    story.case.refresh_from_db()
    facts = "stage", "next_due_at", "next_clock", "provisional", "priority", "risk"
    before = [getattr(story.case, name, None) for name in facts]
    clocks = list(Clock.objects.order_by("pk").values_list("kind", "state", "due_at"))
    for status in CrimeStatus:
        decide(story, status, crime_reference="35/12345/26")
    assert CrimeDecision.objects.count() == len(CrimeStatus) == 12
    story.case.refresh_from_db()
    assert [getattr(story.case, name, None) for name in facts] == before
    assert clocks == list(Clock.objects.order_by("pk").values_list("kind", "state", "due_at"))
    assert Incident.objects.hate().count() == 1


def test_who_decided_and_when_is_asked_and_its_history_stays(story: Story) -> None:
    with pytest.raises(Refused, match="Say who decided"):
        decide(story, CrimeStatus.NFA, decided_by=" ")
    with pytest.raises(Refused, match="in the future"):
        decide(story, CrimeStatus.NFA, decided_on=date(2026, 11, 20))
    with pytest.raises(Refused, match="Give the reference"):
        decide(story, CrimeStatus.POLICE_CRIME)
    decide(story, CrimeStatus.POLICE_CRIME, crime_reference="35/12345/26")
    decide(story, CrimeStatus.NFA, words="No witness.")
    whole = queries.incidents_of(story.case)[0]
    kept = [(row["status"], row["reference"]) for row in whole.row.crime]  # type: ignore[attr-defined]
    assert kept == [("POLICE_CRIME", "35/12345/26"), ("NFA", "")]
    # The police's reference stays the incident's own, by which it is found.
    assert Incident.objects.get(pk=story.incident.pk).crime_reference == "35/12345/26"
    assert Event.objects.filter(verb=Verb.CRIME_STATUS).count() == 2
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        CrimeDecision.objects.update(status=CrimeStatus.CONVICTED)


def test_only_those_who_work_the_case_record_it(story: Story) -> None:
    outsider = story.by(story.handler)
    incident = story.incident
    calls: list[tuple[Any, dict[str, Any]]] = [
        (
            do.record_crime_status,
            {"incident": incident, "status": "NFA", "decided_by": "X", "decided_on": DECIDED},
        ),
        (do.record_impact, {"incident": incident, "impact": 3}),
        (
            do.record_part,
            {"involvement": story.victim, "kind": "STATEMENT", "on": DECIDED, "with_whom": "X"},
        ),
    ]
    for operation, facts in calls:
        with pytest.raises(Refused, match="Only the people who work a case"):
            operation(by=outsider, at=story.at(hours=1), **facts)


# --- how it has affected people (HC-15, domain 2.4)


def test_impact_is_kept_with_what_was_said_before(story: Story) -> None:
    def say(**values: Any) -> Incident:
        return do.record_impact(
            by=story.lead, at=story.at(hours=1), incident=story.incident, **values
        )

    first = say(impact=2, impact_words="We take the back stairs.", community_impact=1)
    assert (first.impact, first.community_impact, first.property_harm) == (2, 1, "NOT_ASKED")
    say(impact=2, impact_words="We take the back stairs.", community_impact=1)
    last = say(impact=4, property_harm="UNINHABITABLE")
    assert (last.impact, last.impact_words) == (4, "We take the back stairs.")
    # A home nobody can live in is promised to be made safe, once.
    say(property_harm="SECURITY")
    assert story.clock("SECURE_HOME").due_at == story.at(hours=25)
    assert Event.objects.filter(verb=Verb.IMPACT_RECORDED).count() == 3
    event = Event.objects.filter(verb=Verb.IMPACT_RECORDED).earliest("pk")
    assert event.changes == {"impact": 2, "community_impact": 1}  # codes, nobody's words
    assert {row.impact for row in last.history.all()} == {9, 2, 4}
    with pytest.raises(ValidationError):
        say(impact=7)


# --- statements, special measures, HR (HC-22, HC-39)


def test_a_statement_and_special_measures_have_a_day_and_a_person(story: Story) -> None:
    def keep(**values: Any) -> PartRecord:
        facts = {"involvement": story.third, "on": DECIDED, "with_whom": "PC Hale"}
        return do.record_part(by=story.lead, at=story.at(hours=1), **{**facts, **values})

    keep(kind=RecordKind.STATEMENT, words="Signed, four pages.")
    keep(kind=RecordKind.SPECIAL_MEASURES, words="A screen.")
    with pytest.raises(ValidationError, match="Say who"):
        keep(kind=RecordKind.STATEMENT, with_whom="")
    with pytest.raises(Refused, match="in the future"):
        keep(kind=RecordKind.STATEMENT, on=date(2026, 12, 1))
    for part, kind in ((story.respondent, "STATEMENT"), (story.third, "HR_REFERRED")):
        with pytest.raises(Refused, match="cannot be recorded"):
            keep(involvement=part, kind=kind)
    parts = {part.pk: part for part in queries.parts_of(story.case)}
    recorded = parts[story.third.pk].recorded  # type: ignore[attr-defined]
    assert [(row["kind"], row["with_whom"], row["words"]) for row in recorded] == [
        ("STATEMENT", "PC Hale", "Signed, four pages."),
        ("SPECIAL_MEASURES", "PC Hale", "A screen."),
    ]


def test_of_hr_the_day_alone_is_kept(story: Story) -> None:
    """A respondent who works for us is referred on a day; nothing disciplinary can be written."""
    part = do.change_involvement(
        by=story.lead,
        at=story.at(hours=1),
        involvement=story.respondent,
        relationship="LANDLORD_COLLEAGUE",
    )
    row = do.record_part(
        by=story.lead,
        at=story.at(hours=1),
        involvement=part,
        kind=RecordKind.HR_REFERRED,
        on=DECIDED,
        with_whom="Somebody in HR",
        words="A warning was given.",
    )
    assert (row.on, row.with_whom, row.words) == (DECIDED, "", "")
    with pytest.raises(IntegrityError, match="hr_day_only"), transaction.atomic():
        PartRecord.objects.create(
            involvement=part,
            kind=RecordKind.HR_REFERRED,
            on=DECIDED,
            words="Suspended.",
            recorded_by=story.officer,
            at=story.at(),
        )


def test_hr_is_told_of_a_colleague_harmed_only_with_permission(story: Story) -> None:
    """S12: permission first, then the day."""
    do.record_part(
        by=story.lead,
        at=story.at(hours=1),
        involvement=story.victim,
        kind="STATEMENT",
        on=DECIDED,
        with_whom="PC Hale",
    )
    facts: dict[str, Any] = {
        "by": story.lead,
        "at": story.at(hours=1),
        "involvement": story.victim,
        "kind": RecordKind.HR_TOLD,
        "on": DECIDED,
    }
    with pytest.raises(Refused, match="cannot be recorded"):
        do.record_part(**facts, agreed=True)
    story.amara.is_colleague = True
    story.amara.save()
    story.victim.refresh_from_db()
    with pytest.raises(Refused, match="only with their permission"):
        do.record_part(**facts)
    assert do.record_part(**facts, agreed=True).on == DECIDED


def test_graffiti_is_photographed_before_it_is_removed(world: World) -> None:
    """S07: the photograph is evidence, so its removal cannot be recorded first."""
    story = tell(world, team="Photo", graffiti=True)
    story.allocated()
    photo, remove = story.clock("GRAFFITI_PHOTO"), story.clock("GRAFFITI_REMOVE")

    def done(clock: Clock) -> Clock:
        return do.do_duty(
            by=story.lead,
            at=story.at(hours=2),
            case=story.case,
            clock=clock,
            outcome="Done",
            words="By the caretaker.",
        )

    with pytest.raises(Refused, match="Do this first: photograph the graffiti"):
        done(remove)
    done(photo)
    assert done(remove).met_at == story.at(hours=2)
