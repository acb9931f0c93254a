"""What the database itself refuses, whoever writes: every transition, every constraint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from cases.access import Role
from cases.audit.context import acting_as
from cases.casework import operations as do
from cases.casework.choices import CLOCK_STATES, STAGES, ClockState, Stage
from cases.casework.models import (
    Account,
    Case,
    CaseMember,
    Clock,
    Conflict,
    ContactEntry,
    Declaration,
    EvidenceAssessment,
    Incident,
    IncidentPair,
    Involvement,
    Note,
    Perception,
    PerceptionStrand,
)
from hatecrime.owner import as_owner
from tests.casework.story import Story, make_case, tell
from tests.world import World


@contextmanager
def refused(name: str = "") -> Any:
    """The database says no, naming the constraint if one is given."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    cause = caught.value.__cause__
    found = getattr(getattr(cause, "diag", None), "constraint_name", None) or str(cause)
    assert name in found


@pytest.fixture
def kept_story(own_world: World) -> Story:
    """The story really committed, so that the owner of the tables sees it."""
    return tell(own_world)


@contextmanager
def unguarded(story: Story) -> Iterator[None]:
    """Whatever the tables say: only their owner can have the triggers look away."""
    with as_owner(), transaction.atomic(), acting_as(story.by(story.handler)), pgtrigger.ignore():
        yield


def bring(story: Story, stage: str, other: Case | None = None) -> None:
    """Put the case in a stage whatever its table says, with what the stage needs."""
    case = story.case
    with unguarded(story):
        Case.objects.filter(pk=case.pk).update(
            stage=stage,
            held_from=Stage.CONTACT,
            hold_review_on=date(2026, 12, 1),
            merged_into=other if stage == Stage.MERGED else None,
        )


def test_every_stage_change_is_the_tables(kept_story: Story) -> None:
    """All pairs, against the trigger, by a raw update."""
    story = kept_story
    other = make_other(story)
    wrong = []
    for before in Stage:
        for after in Stage:
            if before == after:
                continue
            bring(story, before, other)
            merged = other if after == Stage.MERGED else None
            try:
                with transaction.atomic(), acting_as(story.by(story.handler)):
                    Case.objects.filter(pk=story.case.pk).update(stage=after, merged_into=merged)
                let_through = True
            except DatabaseError:
                let_through = False
            if let_through != (after in STAGES[before]):
                wrong.append((before, after, let_through))
    assert wrong == []


def make_other(story: Story) -> Case:
    return make_case(story.world, story.by(story.handler), story.case.policy_version)


def test_every_clock_change_is_the_tables(kept_story: Story) -> None:
    story = kept_story
    clock = story.clock("RISK")
    wrong = []
    for before in ClockState:
        for after in ClockState:
            if before == after:
                continue
            facts = {"why": "They asked for later."}
            with unguarded(story):
                Clock.objects.filter(pk=clock.pk).update(
                    state=before, met_at=met_in(before, story), **facts
                )
            try:
                with transaction.atomic(), acting_as(story.by(story.handler)):
                    Clock.objects.filter(pk=clock.pk).update(
                        state=after, met_at=met_in(after, story)
                    )
                let_through = True
            except DatabaseError:
                let_through = False
            if let_through != (after in CLOCK_STATES[before]):
                wrong.append((before, after, let_through))
    assert wrong == []


def test_only_the_owner_has_the_triggers_look_away(story: Story) -> None:
    with pgtrigger.ignore(), refused():
        Case.objects.filter(pk=story.case.pk).update(stage=Stage.CLOSED)


def met_in(state: str, story: Story) -> Any:
    return story.at() if state == ClockState.MET else None


FIXED = [
    (Clock, {"due_at": None}),
    (Clock, {"kind": "DASH"}),
    (Case, {"reference": "HC-2026-2222"}),
    (Perception, {"holds": "NO"}),
    (Perception, {"words": "Somebody else's words"}),
    (Perception, {"capacity": "OFFICER"}),
    (Perception, {"described_as": "another"}),
    (CaseMember, {"why": "COVER"}),
    (Incident, {"case": None}),
]


@pytest.mark.parametrize(
    ("model", "change"), FIXED, ids=[f"{model.__name__} {list(change)}" for model, change in FIXED]
)
def test_first_facts_are_never_rewritten(story: Story, model: Any, change: dict[str, Any]) -> None:
    with refused():
        model.objects.update(**change)


def test_no_clock_is_dated_again_even_by_a_second(story: Story) -> None:
    clock = story.clock("FIRST_CONTACT")
    for name in ("started_at", "due_at"):
        with refused():
            later = getattr(clock, name) + timedelta(seconds=1)
            Clock.objects.filter(pk=clock.pk).update(**{name: later})


def test_a_view_is_taken_back_once(story: Story) -> None:
    views = Perception.objects.filter(pk=story.view.pk)
    views.update(retracted_at=story.at(hours=1), retraction_words="I was wrong")
    with refused():
        views.update(retracted_at=None, retraction_words="")
    with refused():
        views.update(retraction_words="Others said so")


KEPT = (Case, CaseMember, Clock, Incident, Involvement, Perception, Account, PerceptionStrand)


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_rows_never_go(story: Story, model: Any) -> None:
    assert model.objects.exists()
    with refused():
        model.objects.all()._raw_delete("default")


ADDED_ONLY = (Account, ContactEntry, Note, Declaration, EvidenceAssessment, PerceptionStrand)


@pytest.mark.parametrize("model", ADDED_ONLY, ids=lambda model: model.__name__)
def test_words_are_only_ever_added(story: Story, model: Any) -> None:
    fill(story)
    row = model.objects.latest("pk")
    field = next(field for field in model._meta.fields if not field.primary_key)
    with refused():
        model.objects.filter(pk=row.pk).update(**{field.attname: getattr(row, field.attname)})
    with refused():
        model.objects.filter(pk=row.pk)._raw_delete("default")


def fill(story: Story) -> None:
    """One row of everything that is only added to."""
    story.allocated()
    by, at = story.lead, story.at(hours=1)
    do.add_note(by=by, at=at, case=story.case, kind="CASE", text="Rang the caretaker.")
    do.assess_evidence(by=by, at=at, incident=story.incident, text="A camera faces the door.")
    do.declare(by=by, at=at, case=story.case, knows_somebody=False)
    do.log_contact(
        by=by,
        at=at,
        case=story.case,
        involvement=story.victim,
        kind="ATTEMPT",
        channel="text",
        summary="Texted.",
    )


def test_a_case_says_what_it_must(story: Story) -> None:
    cases = Case.objects.filter(pk=story.case.pk)
    for change, name in (
        ({"priority": "ROUTINE"}, "casework_case_priority_constant"),
        ({"received_at": story.at(hours=1)}, "casework_case_opened_after_received"),
        ({"merged_into": make_other(story)}, "casework_case_merged_into"),
        ({"stage": Stage.ON_HOLD}, "casework_case_hold_has_review"),
    ):
        with refused(name):
            cases.update(**change)
    with refused():
        cases.update(stage="NOWHERE")


def copied(row: Any, **changes: Any) -> Any:
    """The row once more, unsaved, with something changed."""
    row.pk = None
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    return row


@pytest.mark.parametrize(
    "reference", ["HC-2026-7K4", "HC-2026-7K4O", "hc-2026-7k4r", "2026-7K4R", "HC-26-7K4R"]
)
def test_a_reference_has_one_form(story: Story, reference: str) -> None:
    with refused("casework_case_reference_form"):
        copied(Case.objects.get(pk=story.case.pk), reference=reference).save()


def test_a_reference_is_used_once(story: Story) -> None:
    with refused("reference"):
        copied(Case.objects.get(pk=story.case.pk)).save()


RAW: list[tuple[str, dict[str, Any], str]] = [
    ("incident", {"number": 1}, "casework_incident_number"),
    ("incident", {"when_known": "MAYBE"}, "casework_incident_when_known"),
    ("incident", {"location": "MOON"}, "casework_incident_location_known"),
    ("incident", {"types": ["RUDE"]}, "casework_incident_types_known"),
    ("incident", {"types": ["OTHER"]}, "casework_incident_other_needs_text"),
    ("incident", {"occurred_on": None}, "casework_incident_dated"),
    ("victim", {}, "casework_involvement_once"),
    ("victim", {"part": "RESPONDENT"}, "casework_involvement_one_side"),
    ("victim", {"part": "BYSTANDER"}, "casework_involvement_part_known"),
    ("victim", {"person": None}, "casework_involvement_somebody"),
    ("view", {"person": None}, "casework_perception_somebody"),
    ("view", {"holds": "MAYBE"}, "casework_perception_holds_known"),
    ("view", {"capacity": "JUDGE"}, "casework_perception_capacity_known"),
    ("view", {"retraction_words": "I was wrong"}, "casework_perception_retracted_in_words"),
]


@pytest.mark.parametrize(("which", "changes", "name"), RAW, ids=[row[2] for row in RAW])
def test_a_row_that_cannot_be_is_refused(
    story: Story, which: str, changes: dict[str, Any], name: str
) -> None:
    row = getattr(story, which)
    fresh = type(row).objects.get(pk=row.pk)
    if which == "incident" and "number" not in changes:
        changes = {"number": 2, **changes}
    with refused(name):
        copied(fresh, **changes).save()


CLOCKS: list[tuple[dict[str, Any], str]] = [
    ({}, "casework_clock_one_running"),
    ({"kind": "TEA"}, "casework_clock_kind_known"),
    ({"state": "MET"}, "casework_clock_met_together"),
    ({"met_at": "now"}, "casework_clock_met_together"),
    ({"state": "PAUSED", "kind": "DASH"}, "casework_clock_says_why"),
    ({"state": "NOT_APPLICABLE"}, "casework_clock_says_why"),
]


@pytest.mark.parametrize(("changes", "name"), CLOCKS, ids=[str(row[0]) for row in CLOCKS])
def test_a_clock_that_cannot_be_is_refused(
    story: Story, changes: dict[str, Any], name: str
) -> None:
    if changes.get("met_at"):
        changes = {"met_at": story.at()}
    with refused(name):
        copied(story.clock("RISK"), **changes).save()


def test_a_contact_is_not_in_the_future(story: Story) -> None:
    fill(story)
    entry = ContactEntry.objects.get()
    for changes, name in (
        ({"at": story.at(days=1)}, "casework_contactentry_not_later"),
        ({"kind": "CHAT"}, "casework_contactentry_kind_known"),
        ({"direction": "UP"}, "casework_contactentry_direction"),
    ):
        with refused(name):
            copied(ContactEntry.objects.get(pk=entry.pk), **changes).save()


def test_two_other_people_clear_a_conflict(story: Story) -> None:
    world = story.world
    other, subject = world.user(Role.CASE_MANAGER), world.user(Role.CASE_MANAGER)
    conflict = Conflict.objects.create(
        case=story.case, user=subject, source="SELF", found_at=story.at()
    )
    rows = Conflict.objects.filter(pk=conflict.pk)
    two = "casework_conflict_two_people"
    for changes, name in (
        ({"lifted_at": story.at()}, "casework_conflict_lifted_together"),
        ({"lifted_at": story.at(), "lifted_by": other}, two),
        ({"lifted_at": story.at(), "lifted_by": other, "proposed_lift_by": other}, two),
        ({"lifted_at": story.at(), "lifted_by": subject, "proposed_lift_by": other}, two),
        ({"lifted_at": story.at(), "lifted_by": other, "proposed_lift_by": subject}, two),
    ):
        with refused(name):
            rows.update(**changes)
    rows.update(lifted_at=story.at(), lifted_by=other, proposed_lift_by=story.manager)
    with refused("casework_conflict_once"):
        for _ in range(2):
            Conflict.objects.create(
                case=story.case, user=subject, source="SELF", found_at=story.at()
            )


def test_access_is_given_once_and_ends_after_it_began(story: Story) -> None:
    member = story.case.members.get()
    with refused("casework_casemember_once"):
        copied(CaseMember.objects.get(pk=member.pk)).save()
    with refused("casework_casemember_ends_later"):
        CaseMember.objects.filter(pk=member.pk).update(ended_at=story.at(hours=-1))
    with refused("casework_casemember_why_known"):
        copied(CaseMember.objects.get(pk=member.pk), why="CURIOUS").save()


def test_two_accounts_are_compared_once_and_decided_with_a_reason(story: Story) -> None:
    second = story.add_incident()
    facts = {"matches": ["DATE"], "found_at": story.at()}
    with refused("casework_incidentpair_ordered"):
        IncidentPair.objects.create(first=second, second=story.incident, **facts)
    # Found with the second account, which tells of the same day.
    pair = IncidentPair.objects.get(first=story.incident, second=second)
    with refused("casework_incidentpair_once"):
        IncidentPair.objects.create(first=story.incident, second=second, **facts)
    with refused("casework_incidentpair_decided_together"):
        IncidentPair.objects.filter(pk=pair.pk).update(decision="SAME")
    with refused("casework_incident_not_itself"):
        Incident.objects.filter(pk=second.pk).update(same_as=second)


def test_an_incident_without_a_case_needs_no_number_of_its_own(story: Story) -> None:
    for _ in range(2):
        when = {"reported_at": story.at(), "recorded_at": story.at()}
        Incident.objects.create(case=None, number=1, types=["NOISE"], **when)
    assert Incident.objects.filter(case=None).count() == 2


def test_the_sentence_of_a_constraint_reaches_the_form(story: Story) -> None:
    row = copied(Involvement.objects.get(pk=story.victim.pk), part="RESPONDENT")
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert "The same person cannot be harmed and respondent here." in caught.value.messages
