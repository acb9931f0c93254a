"""Conflicts of interest: found, declared, hiding the case whatever the role, cleared by two."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import ClockState
from cases.casework.conflict_operations import ties_to
from cases.casework.models import Case, Conflict, Declaration
from cases.people.family_operations import add_family_link
from cases.people.merge_operations import merge_people
from cases.people.operations import (
    add_household,
    add_household_member,
    add_person,
    add_property,
    declare_staff_link,
)
from cases.staff.models import User
from tests.casework.story import Story, give

MANAGERS = (Role.CASE_MANAGER, Role.DIRECTOR_CO)


def may_see(story: Story, user: User) -> bool:
    return Case.objects.visible_to(story.world.actor(user)).filter(pk=story.case.pk).exists()


def tie(story: Story, user: User, kind: str, **end: Any) -> None:
    declare_staff_link(by=story.world.actor(user), at=story.at(), user=user, kind=kind, **end)


def sister(story: Story) -> Any:
    """Somebody who lives with Amara and has no part in the case."""
    facts: dict[str, Any] = {"by": story.boss, "at": story.at()}
    household = add_household(home=story.home, **facts)
    efua = add_person(full_name="Efua Osei", **facts)
    for person in (story.amara, efua):
        add_household_member(household=household, person=person, moved_in=date(2024, 1, 1), **facts)
    return efua


def relative(
    story: Story, of: str = "amara", *, kind: str = "CHILD", until: date | None = None
) -> Any:
    """Somebody of the family of one of those in the case, who lives elsewhere."""
    facts: dict[str, Any] = {"by": story.boss, "at": story.at()}
    kofi = add_person(full_name="Kofi Osei", **facts)
    person = story.amara if of == "amara" else story.third.person
    assert person
    add_family_link(person=person, relative=kofi, kind=kind, until=until, **facts)
    return kofi


TIES = [
    ("SELF", lambda story: {"person": story.amara}, "SELF"),
    ("RELATIVE", lambda story: {"person": story.amara}, "RELATIVE"),
    ("RELATIVE", lambda story: {"person": story.third.person}, "RELATIVE"),
    ("RELATIVE", lambda story: {"person": sister(story)}, "RELATIVE"),
    ("RELATIVE", lambda story: {"person": relative(story)}, "RELATIVE"),
    ("RELATIVE", lambda story: {"person": relative(story, "third")}, "RELATIVE"),
    ("LIVES_AT", lambda story: {"home": story.home}, "ADDRESS"),
]


@pytest.mark.parametrize("role", [Role.HOUSING_OFFICER, *MANAGERS])
@pytest.mark.parametrize(("kind", "end", "source"), TIES)
def test_a_tie_of_our_own_records_hides_the_case(
    story: Story, role: Role, kind: str, end: Any, source: str
) -> None:
    user = story.world.user(role, team=story.world.team())
    give(story, user)
    assert may_see(story, user)
    tie(story, user, kind, **end(story))
    do.find_conflicts(by=story.boss, at=story.at(), case=story.case)
    assert not may_see(story, user)
    assert Conflict.objects.get(user=user).source == source
    event = Event.objects.get(verb=Verb.CONFLICT_FOUND)
    assert event.changes == {"user": user.pk, "source": source}
    # Their access ends too, and that is said.
    assert story.case.members.get(user=user).ended_at == story.at()
    assert Event.objects.filter(verb=Verb.ACCESS_ENDED, changes__user=user.pk).exists()


def test_a_tie_to_somebody_else_hides_nothing(story: Story) -> None:
    user = story.world.user(Role.HOUSING_OFFICER)
    give(story, user)
    facts: dict[str, Any] = {"by": story.boss, "at": story.at()}
    tie(story, user, "RELATIVE", person=add_person(full_name="Nobody here", **facts))
    elsewhere = add_property(address="1 Elsewhere", **facts)
    tie(story, user, "LIVES_AT", home=elsewhere)
    assert do.find_conflicts(case=story.case, **facts) == []
    assert may_see(story, user)


def test_ties_declared_later_are_looked_for_in_every_open_case(story: Story) -> None:
    user = story.world.user(Role.CASE_MANAGER, team=story.world.team())
    assert may_see(story, user)
    tie(story, user, "LIVES_AT", home=story.home)
    found = do.find_conflicts_of(by=story.world.actor(user), at=story.at(), user=user)
    assert [conflict.case for conflict in found] == [story.case]
    assert not may_see(story, user)
    assert do.find_conflicts_of(by=story.world.actor(user), at=story.at(), user=user) == []


def test_a_bond_that_has_ended_is_no_tie_unless_it_never_ends(story: Story) -> None:
    user = story.world.user(Role.HOUSING_OFFICER)
    ended = date(2026, 1, 1)
    before = relative(story, kind="COHABITING_PARTNER", until=ended)
    tie(story, user, "RELATIVE", person=before)
    assert ties_to(story.case, story.at()) == set()
    tie(story, user, "RELATIVE", person=relative(story, "third", kind="SIBLING", until=ended))
    assert ties_to(story.case, story.at()) == {user.pk}


def test_the_family_of_a_joined_record_is_family(story: Story) -> None:
    user = story.world.user(Role.HOUSING_OFFICER)
    facts: dict[str, Any] = {"by": story.boss, "at": story.at()}
    again = add_person(full_name="Kofi Osey", **facts)
    tie(story, user, "RELATIVE", person=again)
    assert ties_to(story.case, story.at()) == set()
    merge_people(survivor=relative(story), loser=again, **facts)
    assert ties_to(story.case, story.at()) == {user.pk}


def test_family_declared_later_is_looked_for_in_every_open_case(story: Story) -> None:
    user = story.world.user(Role.CASE_MANAGER, team=story.world.team())
    tie(story, user, "RELATIVE", person=relative(story))
    assert may_see(story, user)
    found = do.find_conflicts_of(by=story.world.actor(user), at=story.at(), user=user)
    assert [conflict.case for conflict in found] == [story.case]
    assert not may_see(story, user)


@pytest.mark.parametrize("what", ["family", "household"])
def test_a_tie_told_while_the_case_is_open_hides_it_at_once(story: Story, what: str) -> None:
    """The colleague said long ago whom they know; today that person turns out to be family."""
    user = story.world.user(Role.CASE_MANAGER, team=story.world.team())
    facts: dict[str, Any] = {"by": story.boss, "at": story.at()}
    cousin = add_person(full_name="Kwame Boateng", **facts)
    tie(story, user, "RELATIVE", person=cousin)
    assert may_see(story, user)
    if what == "family":
        add_family_link(person=cousin, relative=story.amara, kind="PARENT", **facts)
    else:
        home = add_household(home=story.home, **facts)
        for person in (cousin, story.amara):
            add_household_member(household=home, person=person, moved_in=date(2024, 1, 1), **facts)
    assert not may_see(story, user)
    assert Conflict.objects.get(user=user).source == "RELATIVE"


def test_a_lead_with_a_conflict_leads_no_longer_and_a_new_one_is_due(story: Story) -> None:
    story.allocated()
    do.declare(by=story.lead, at=story.at(hours=1), case=story.case, knows_somebody=True)
    case = Case.objects.get()
    assert case.lead is None
    clock = story.clock("REASSIGN")
    # Four working hours from 11:41 on a Thursday.
    assert clock.due_at == story.at(hours=5)
    assert case.next_clock == "REASSIGN"
    do.allocate(
        by=story.boss,
        at=story.at(hours=2),
        case=story.case,
        lead=story.manager,
        reason="Nobody else is trained yet this week.",
    )
    assert story.clock("REASSIGN").state == ClockState.MET


def test_a_paused_reassignment_is_not_promised_twice(story: Story) -> None:
    story.allocated()
    do.declare(by=story.lead, at=story.at(hours=1), case=story.case, knows_somebody=True)
    do.pause_clock(
        by=story.boss,
        at=story.at(hours=1),
        case=story.case,
        clock=story.clock("REASSIGN"),
        ground="ASKED",
        why="We are waiting for the new officer.",
        until=date(2026, 11, 23),
    )
    Case.objects.update(lead=story.manager)
    do.declare(by=story.boss, at=story.at(hours=2), case=story.case, knows_somebody=True)
    assert story.case.clocks.filter(kind="REASSIGN").count() == 1


def test_an_answer_given_twice_is_one_answer(story: Story) -> None:
    facts: dict[str, Any] = {"by": story.boss, "at": story.at(), "case": story.case}
    for _ in range(2):
        assert do.declare(knows_somebody=False, **facts) is None
    assert Declaration.objects.count() == 1
    first = do.declare(knows_somebody=True, **facts)
    assert do.declare(knows_somebody=True, **facts) == first
    assert Conflict.objects.get() == first
    assert not may_see(story, story.manager)


def test_somebody_who_is_named_keeps_their_place_while_in_conflict(story: Story) -> None:
    """A name on a restricted case stays on the list; the conflict hides the case all the same."""
    named = story.world.user(Role.CASE_MANAGER)
    do.restrict_case(
        by=story.boss,
        at=story.at(),
        case=story.case,
        reason="A colleague is named as the respondent.",
        named=[named],
    )
    actor = story.world.actor(named)
    do.declare(by=actor, at=story.at(), case=story.case, knows_somebody=True)
    assert story.case.members.get(user=named).ended_at is None
    assert not may_see(story, named)


def test_two_other_managers_clear_it_together(story: Story) -> None:
    world = story.world
    subject = world.user(Role.CASE_MANAGER, team=world.team())
    second = world.user(Role.CASE_MANAGER, team=world.team())
    actor, other = world.actor(subject), world.actor(second)
    conflict = do.declare(by=actor, at=story.at(), case=story.case, knows_somebody=True)
    assert conflict
    facts: dict[str, Any] = {"at": story.at(hours=1), "conflict": conflict}
    with pytest.raises(Refused, match="Somebody else must propose"):
        do.lift(by=story.boss, **facts)
    with pytest.raises(Refused, match="Nobody clears their own"):
        do.propose_lift(by=actor, **facts)
    do.propose_lift(by=story.boss, **facts)
    do.propose_lift(by=other, **facts)
    conflict.refresh_from_db()
    assert conflict.proposed_lift_by == story.manager
    with pytest.raises(Refused, match="A second person must agree"):
        do.lift(by=story.boss, **facts)
    with pytest.raises(Refused, match="Nobody clears their own"):
        do.lift(by=actor, **facts)
    do.lift(by=other, **facts)
    do.lift(by=other, **facts)
    do.propose_lift(by=other, **facts)
    assert may_see(story, subject)
    steps = Event.objects.filter(verb=Verb.CONFLICT_LIFTED).order_by("pk")
    assert [event.changes["step"] for event in steps] == ["proposed", "cleared"]


def test_a_tie_that_two_people_cleared_is_not_found_again(story: Story) -> None:
    world = story.world
    subject = world.user(Role.HOUSING_OFFICER, team=world.team())
    second = world.actor(world.user(Role.CASE_MANAGER))
    tie(story, subject, "RELATIVE", person=story.amara)
    assert subject.pk in ties_to(story.case, story.at())
    [conflict] = do.find_conflicts(by=story.boss, at=story.at(), case=story.case)
    do.propose_lift(by=story.boss, at=story.at(), conflict=conflict)
    do.lift(by=second, at=story.at(), conflict=conflict)
    assert do.find_conflicts(by=story.boss, at=story.at(), case=story.case) == []
    assert ties_to(story.case, story.at()) == set()


def test_a_person_added_to_the_case_brings_their_ties(story: Story) -> None:
    user = story.world.user(Role.HOUSING_OFFICER)
    give(story, user)
    facts: dict[str, Any] = {"by": story.boss, "at": story.at()}
    cousin = add_person(full_name="Kwame Boateng", **facts)
    tie(story, user, "RELATIVE", person=cousin)
    assert may_see(story, user)
    do.add_involvement(case=story.case, part="WITNESS", person=cousin, **facts)
    assert not may_see(story, user)


def test_what_is_on_the_record_already_is_not_put_there_again(story: Story) -> None:
    """A conflict they are known to have, and have not been asked about on this case yet."""
    known = Conflict.objects.create(
        case=story.case, user=story.officer, source="DECLARED", found_at=story.at()
    )
    said = do.declare(by=story.lead, at=story.at(hours=1), case=story.case, knows_somebody=True)
    assert said == known
    assert story.case.conflicts.count() == 1
