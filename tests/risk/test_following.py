"""Other people on the case, and what brings a review of risk forward, in PostgreSQL."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from cases.access import Refused
from cases.calendar import add_working_days
from cases.casework import operations as ops
from cases.casework.choices import ContactKind, Part, Stage
from cases.casework.clocks import ClockKind as K
from cases.casework.models import Case, Clock
from cases.people.operations import add_person, add_property, change_person
from cases.policy.queries import holidays
from cases.risk.choices import Trigger
from cases.risk.levels import HIGH_KINDS
from cases.risk.models import Assessment
from cases.risk.operations import start
from cases.risk.review_operations import call_review
from tests.casework.story import Story
from tests.risk.asking import (
    STANDARD,
    answers,
    assessed,
    begun,
    fresh,
    running,
)

# --------------------------------------------------------------- other people on the case


def test_another_person_has_levels_and_clocks_of_their_own(story: Story) -> None:
    assessed(story, STANDARD)
    threatened = answers({7: 3}, witness=True)
    done = assessed(story, threatened, about=story.third)
    assert (done.witness, done.score, done.band) == (True, 3, "MEDIUM")
    assert fresh(story).risk == "MEDIUM", "the highest level of anybody on the case"
    due = running(story, K.RISK_REVIEW, about=story.third)
    assert due == {"RISK_REVIEW": done.review_due_at}
    assert set(running(story, K.RISK_REVIEW)) == {"RISK_REVIEW"}, "Amara's own stands"


def test_a_witness_does_not_meet_the_victims_clock(story: Story) -> None:
    assessed(story, answers(witness=True), about=story.third)
    assert story.clock(K.RISK).state == "RUNNING"


def test_a_second_victim_is_asked_everything(story: Story) -> None:
    by = story.lead
    daughter = add_person(by=by, at=story.at(), full_name="Efua Osei")
    part = ops.add_involvement(
        by=by, at=story.at(), case=story.case, part=Part.VICTIM, person=daughter
    )
    done = assessed(story, {**STANDARD, "RF6": "YES"}, about=part)
    assert (done.witness, fresh(story).risk) == (False, "HIGH")
    assert set(running(story, *HIGH_KINDS, about=part)) >= {"SAFETY_TONIGHT"}
    assert not running(story, *HIGH_KINDS)


# ------------------------------------------------------------------------------ reviews


def test_a_change_brings_the_review_forward(story: Story) -> None:
    assert call_review(by=story.lead, at=story.at(), case=story.case, why=Trigger.HEALTH) is None
    assessed(story, STANDARD)
    at = story.at(hours=30)
    call_review(by=story.lead, at=at, case=story.case, why=Trigger.HEALTH)
    assert running(story, K.RISK_REVIEW) == {"RISK_REVIEW": add_working_days(at, 1, holidays())}
    aside = story.case.clocks.get(kind=K.RISK_REVIEW, state="NOT_APPLICABLE")
    assert aside.why == "Brought forward: a change of health"
    # A second change does not put it off.
    call_review(by=story.lead, at=story.at(hours=40), case=story.case, why=Trigger.COURT)
    assert running(story, K.RISK_REVIEW) == {"RISK_REVIEW": add_working_days(at, 1, holidays())}


def test_old_levels_recorded_by_hand_stay_until_the_victim_is_assessed(story: Story) -> None:
    Clock.objects.filter(pk=story.clock(K.RISK).pk).update(
        state="MET", met_at=story.at(), outcome="High: asked by phone"
    )
    Case.objects.filter(pk=story.case.pk).update(risk="HIGH")
    assessed(story, answers(witness=True), about=story.third)
    assert fresh(story).risk == "HIGH"
    assessed(story, STANDARD)
    assert fresh(story).risk == "STANDARD"


def test_validation_errors_speak(story: Story) -> None:
    draft = begun(story)
    twin = Assessment(
        case=story.case,
        about=story.victim,
        question_set=draft.question_set,
        started_at=story.at(),
        started_by=story.officer,
        saved_at=story.at(),
    )
    with pytest.raises(ValidationError, match="already"):
        twin.full_clean()


def test_a_closed_case_is_not_asked_about(story: Story) -> None:
    ops.move_stage(
        by=story.boss,
        at=story.at(),
        case=story.case,
        to=Stage.VOID,
        reason="Entered twice by mistake today.",
    )
    with pytest.raises(Refused, match="void"):
        start(by=story.lead, at=story.at(), case=story.case, about=story.victim)


def test_an_unsafe_contact_brings_the_review_forward(story: Story) -> None:
    assessed(story, STANDARD)
    contact = {"case": story.case, "involvement": story.victim, "kind": ContactKind.ATTEMPT}
    by, at = story.lead, story.at(hours=3)
    ops.log_contact(by=by, at=at, channel="text", summary="Texted as Sam.", **contact)
    assert not story.case.review_calls.exists()
    ops.log_contact(by=by, at=at, channel="post", summary="A letter went out.", **contact)
    assert story.case.review_calls.get().why == Trigger.UNSAFE_CONTACT


def test_a_move_brings_the_review_forward(story: Story) -> None:
    assessed(story, STANDARD)
    new = add_property(by=story.lead, at=story.at(), address="9 Mill Lane", town="Wellby")
    change_person(
        by=story.lead,
        at=story.at(hours=3),
        person=story.amara,
        home=new,
        safe="SAFE",
        told_by="THEMSELVES",
    )
    assert story.case.review_calls.get().why == Trigger.MOVE
    assert set(running(story, K.RISK_REVIEW)) == {"RISK_REVIEW"}


def test_nothing_follows_before_the_first_assessment(story: Story) -> None:
    story.add_incident()
    assert not story.case.review_calls.exists()
    assert not running(story, K.RISK_REVIEW)
