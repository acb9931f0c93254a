"""Assessments in PostgreSQL: kept, finished, frozen, judged; what a level brings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction

from cases.access import Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.calendar import add_working_days, end_of_day
from cases.casework import operations as ops
from cases.casework.choices import ContactKind, Part, Stage
from cases.casework.clocks import ClockKind as K
from cases.casework.models import Case, Clock
from cases.casework.rules import needed_to_leave
from cases.people.operations import add_person, add_property, change_person
from cases.policy.queries import holidays
from cases.risk.choices import AssessmentState, JudgementKind, Trigger
from cases.risk.judgement_operations import lower_level, raise_level, record_flag_in_error
from cases.risk.levels import HIGH_KINDS
from cases.risk.models import Answer, Assessment, Judgement, Level
from cases.risk.operations import finish, rest_not_known, save_answers, start
from cases.risk.questions import NOT_KNOWN
from cases.risk.review_operations import call_review
from tests.casework.story import Story
from tests.risk.asking import II, III, WHY, I, answers, assessed, begun

STANDARD, MEDIUM, HIGH = answers(I), answers(II), answers(III)


def fresh(story: Story) -> Case:
    return Case.objects.get(pk=story.case.pk)


def running(story: Story, *kinds: K, about: Any = None) -> dict[str, datetime | None]:
    rows = story.case.clocks.filter(state="RUNNING", about=about)
    return dict(rows.filter(kind__in=kinds or K.values).values_list("kind", "due_at"))


# ------------------------------------------------------------------------------ asking


def test_a_draft_keeps_each_answer_as_it_is_given(story: Story) -> None:
    draft = begun(story)
    assert begun(story, story.manager).pk == draft.pk, "one at a time for one person"
    save_answers(by=story.lead, at=story.at(), assessment=draft, answers={"Q1": "B"})
    save_answers(by=story.lead, at=story.at(minutes=1), assessment=draft, answers={"Q1": "C"})
    kept = list(draft.answers.values_list("question", "value"))
    assert kept == [("Q1", "B"), ("Q1", "C")]
    assert Level.objects.count() == 0
    assert fresh(story).risk == "", "a draft gives no level"


def test_what_no_question_takes_is_passed_over(story: Story) -> None:
    draft = begun(story)
    odd = {"Q1": "Z", "Q15": "D", "Q99": "A", "RF1": "maybe", "Q17": "AWFUL", "csrf": "x"}
    save_answers(by=story.lead, at=story.at(), assessment=draft, answers=odd)
    assert not draft.answers.exists()


def test_two_windows_lose_nothing(story: Story) -> None:
    draft = begun(story)

    def save(window: str, seen: int, **given: str) -> Any:
        return save_answers(
            by=story.lead,
            at=story.at(),
            assessment=draft,
            answers=given,
            window=window,
            seen=seen,
        )

    save("one", 0, Q1="B", Q2="A")
    # The other was drawn before that, touches Q3 only, and posts the whole form.
    told = save("two", 0, Q3="C")
    assert told.others == {}
    newest = save("two", 0, Q1="D")
    assert {code: row.value for code, row in newest.others.items()} == {"Q1": "B"}
    values = draft.answers.filter(question="Q1").values_list("value", flat=True)
    assert list(values) == ["B", "D"]
    # A window that shows an old answer and did not touch it changes nothing.
    top = Answer.objects.filter(question="Q1", value="B").get().pk
    assert save("three", top, Q1="B").answered == ()


def test_it_is_finished_only_when_each_question_has_an_answer(story: Story) -> None:
    draft = begun(story)
    save_answers(by=story.lead, at=story.at(), assessment=draft, answers={"Q1": "B"})
    with pytest.raises(Refused, match="mark it as not known"):
        finish(by=story.lead, at=story.at(), assessment=draft)
    rest_not_known(by=story.lead, at=story.at(), assessment=draft)
    assert draft.answers.filter(value=NOT_KNOWN).count() == 14
    done = finish(by=story.lead, at=story.at(), assessment=draft)
    assert (done.score, done.provisional) == (15, True)
    again = finish(by=story.lead, at=story.at(hours=1), assessment=draft)
    assert again.finished_at == done.finished_at
    assert Event.objects.filter(verb=Verb.RISK_FINISHED).count() == 1


def test_a_finished_one_is_frozen_by_the_database(story: Story) -> None:
    done = assessed(story, MEDIUM)
    with pytest.raises(Refused, match="finished"):
        save_answers(by=story.lead, at=story.at(), assessment=done, answers={"Q1": "D"})
    for change in ({"score": 1}, {"band": "HIGH"}, {"state": "DRAFT"}, {"saved_at": story.at()}):
        with pytest.raises(Error), transaction.atomic():
            Assessment.objects.filter(pk=done.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        done.answers.update(value="A")
    with pytest.raises(Error), transaction.atomic():
        Answer.objects.create(
            assessment=done, question="Q1", value="D", by=story.officer, at=story.at()
        )
    for model in (Assessment, Answer, Level):
        with pytest.raises(Error), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_the_state_moves_only_as_its_table_says(story: Story) -> None:
    draft = begun(story)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE risk_assessment SET state = 'FINISHED' WHERE id = %s", [draft.pk])
    assert set(AssessmentState.values) == {"DRAFT", "FINISHED"}


def test_the_next_one_stands_beside_it(story: Story) -> None:
    first = assessed(story, MEDIUM)
    second = assessed(story, STANDARD, hours=200)
    assert second.supersedes_id == first.pk
    first.refresh_from_db()
    assert (first.score, first.band, second.band) == (14, "MEDIUM", "STANDARD")
    assert fresh(story).risk == "STANDARD"


def test_no_respondent_has_a_score(story: Story) -> None:
    with pytest.raises(Refused, match="not of a respondent"):
        begun(story, about=story.respondent)


# ------------------------------------------------------------------- the clocks it meets


@pytest.mark.parametrize(
    ("given", "level", "days"),
    [(STANDARD, "STANDARD", 28), (MEDIUM, "MEDIUM", 14), (HIGH, "HIGH", 7)],
)
def test_finishing_meets_the_clock_and_promises_the_review(
    story: Story, given: dict[str, str], level: str, days: int
) -> None:
    assert story.clock(K.RISK).state == "RUNNING"
    done = assessed(story, given)
    risk = story.clock(K.RISK)
    assert (risk.state, risk.was_late) == ("MET", False)
    assert risk.outcome.startswith(f"{level.capitalize()}:")
    assert (fresh(story).risk, done.band) == (level, level)
    due = done.finished_at + timedelta(days=days)  # type: ignore[operator]
    assert running(story, K.RISK_REVIEW) == {"RISK_REVIEW": due}
    assert done.review_due_at == due


def test_late_is_recorded_late(story: Story) -> None:
    assessed(story, STANDARD, hours=40)
    assert story.clock(K.RISK).was_late


def test_a_provisional_one_is_done_again_in_two_working_days(story: Story) -> None:
    unknown = dict.fromkeys(("Q2", "Q6", "Q8", "Q11", "Q12"), NOT_KNOWN)
    done = assessed(story, {**STANDARD, **unknown})
    assert done.provisional
    assert done.finished_at is not None
    due = add_working_days(done.finished_at, 2, holidays())
    assert running(story, K.RISK_REVIEW) == {"RISK_REVIEW": due}
    assert fresh(story).risk_provisional
    assessed(story, STANDARD, hours=30)
    assert not fresh(story).risk_provisional


def test_from_the_report_until_somebody_is_reached(story: Story) -> None:
    done = assessed(story, STANDARD, from_report=True)
    assert done.provisional
    assert fresh(story).risk_provisional
    assert story.clock(K.RISK).outcome == "Standard: from the report"
    ops.log_contact(
        by=story.lead,
        at=story.at(hours=2),
        case=story.case,
        involvement=story.victim,
        kind=ContactKind.INTERACTION,
        channel="text",
        summary="Spoke.",
    )
    with pytest.raises(Refused, match="so ask them"):
        begun(story, at=story.at(hours=3), from_report=True)


def test_a_low_level_closes_nothing_and_slows_nothing(story: Story) -> None:
    before = set(story.case.clocks.values_list("kind", "due_at"))
    stage = story.case.stage
    assessed(story, answers())
    assert before <= set(story.case.clocks.values_list("kind", "due_at"))
    for kind in (K.FIRST_CONTACT, K.ACTION_PLAN, K.POLICE, K.SUPPORT_SPECIALIST):
        assert story.clock(kind).state == "RUNNING", kind
    case = fresh(story)
    assert (case.stage, case.priority, case.risk) == (stage, "EMERGENCY", "STANDARD")
    assert K.ACTION_PLAN in needed_to_leave(Stage.PLAN, ops.running_kinds(case))


def test_a_worry_above_the_level_is_a_managers_to_look_at(story: Story) -> None:
    done = assessed(story, {**STANDARD, "Q17": "HIGH"})
    assert done.finished_at is not None
    due = add_working_days(done.finished_at, 1, holidays())
    assert running(story, K.RISK_WORRY) == {"RISK_WORRY": due}
    clock = story.clock(K.RISK_WORRY)
    look = {"at": story.at(hours=3), "case": story.case, "clock": clock}
    with pytest.raises(Refused, match="case manager"):
        ops.do_duty(by=story.lead, outcome="The level stays", words="Spoke to her.", **look)
    ops.do_duty(by=story.boss, outcome="The level stays", words="Spoke to Dawn.", **look)
    assert assessed(story, {**HIGH, "Q17": "HIGH"}, hours=30)
    assert not running(story, K.RISK_WORRY)


# ------------------------------------------------------------------------------ at High


def test_high_becomes_tasks_with_clocks(story: Story) -> None:
    done = assessed(story, {**STANDARD, "RF10": "YES"})
    at = done.finished_at
    assert at is not None
    assert (done.score, done.band) == (6, "HIGH")
    assert running(story, *HIGH_KINDS) == {
        "SAFETY_TONIGHT": end_of_day(at),
        "MANAGER_TOLD": at + timedelta(hours=1),
        "DIRECTOR_TOLD": end_of_day(at),
        "POLICE_DECISION": end_of_day(at),
        "SECURITY_VISIT": at + timedelta(hours=24),
        "AGENCIES_MEET": add_working_days(at, 3, holidays()),
    }


@pytest.mark.parametrize(
    ("given", "brings"),
    [
        ({"RF3": "YES"}, {"FIRE_SERVICE"}),
        ({"RF5": "YES"}, {"SAFEGUARDING_TOLD"}),
        ({"RF7": "YES"}, {"SAFEGUARDING_TOLD"}),
        ({"RF1": "YES", "Q11": "D"}, {"SAFEGUARDING_TOLD"}),
        ({"RF1": "YES", "Q13": "D"}, {"SAFEGUARDING_TOLD"}),
        ({"RF1": "YES"}, set()),
    ],
)
def test_what_else_high_brings(story: Story, given: dict[str, str], brings: set[str]) -> None:
    assessed(story, {**STANDARD, **given})
    more = running(story, K.FIRE_SERVICE, K.SAFEGUARDING_TOLD, K.DA_TOLD)
    assert set(more) == brings


@pytest.mark.parametrize("relationship", ["PARTNER_EX", "FAMILY"])
def test_partner_or_family_tells_the_domestic_abuse_lead(story: Story, relationship: str) -> None:
    ops.change_involvement(
        by=story.lead, at=story.at(), involvement=story.respondent, relationship=relationship
    )
    assessed(story, {**STANDARD, "RF4": "YES"})
    assert set(running(story, K.DA_TOLD)) == {"DA_TOLD"}


def test_staying_high_asks_only_for_what_is_new(story: Story) -> None:
    assessed(story, {**STANDARD, "RF10": "YES"})
    for kind in (K.SAFETY_TONIGHT, K.SECURITY_VISIT, K.DIRECTOR_TOLD):
        clock = story.clock(kind)
        outcome = "Told" if kind == K.DIRECTOR_TOLD else "Done"
        ops.do_duty(
            by=story.lead,
            at=story.at(hours=2),
            case=story.case,
            clock=clock,
            outcome=outcome,
            words="Today.",
        )
    assessed(story, {**STANDARD, "RF10": "YES", "RF3": "YES"}, hours=100)
    made = running(story, *HIGH_KINDS)
    assert "FIRE_SERVICE" in made
    assert not {"SAFETY_TONIGHT", "SECURITY_VISIT", "DIRECTOR_TOLD"} & set(made)


def test_high_brings_the_next_contact_forward(story: Story) -> None:
    assessed(story, STANDARD)
    ops.log_contact(
        by=story.lead,
        at=story.at(hours=2),
        case=story.case,
        involvement=story.victim,
        kind=ContactKind.INTERACTION,
        channel="text",
        summary="Spoke.",
    )
    assert running(story, K.UPDATE) == {"UPDATE": story.at(hours=2) + timedelta(days=28)}
    done = assessed(story, HIGH, hours=50)
    assert done.finished_at is not None
    assert running(story, K.UPDATE) == {"UPDATE": done.finished_at + timedelta(days=7)}
    aside = story.case.clocks.get(kind=K.UPDATE, state="NOT_APPLICABLE")
    assert aside.why == "Sooner: the risk is High"


# ---------------------------------------------------------------------------- judgement


def test_an_officer_raises_at_once(story: Story) -> None:
    done = assessed(story, STANDARD)
    raise_level(by=story.lead, at=story.at(hours=3), assessment=done, to="HIGH", reason=WHY)
    assert fresh(story).risk == "HIGH"
    assert set(running(story, *HIGH_KINDS)) >= {"SAFETY_TONIGHT", "DIRECTOR_TOLD"}
    assert running(story, K.RISK_REVIEW) == {"RISK_REVIEW": story.at(hours=3) + timedelta(days=7)}
    done.refresh_from_db()
    assert (done.band, done.score) == ("STANDARD", 6), "what the rule said stays"
    row = Judgement.objects.get()
    assert (row.kind, row.rule_said, row.to, row.by) == (
        JudgementKind.RAISED,
        "STANDARD",
        "HIGH",
        story.officer,
    )


def test_raised_while_asking_counts_when_it_is_finished(story: Story) -> None:
    draft = begun(story)
    raise_level(by=story.lead, at=story.at(), assessment=draft, to="MEDIUM", reason=WHY)
    assert fresh(story).risk == ""
    save_answers(by=story.lead, at=story.at(), assessment=draft, answers=STANDARD)
    done = finish(by=story.lead, at=story.at(hours=1), assessment=draft)
    assert (done.band, fresh(story).risk) == ("STANDARD", "MEDIUM")
    assert done.review_due_at == story.at(hours=1) + timedelta(days=14)


def test_who_may_not_raise(story: Story) -> None:
    done = assessed(story, STANDARD)
    raise_ = {"at": story.at(), "assessment": done, "to": "HIGH"}
    with pytest.raises(Refused, match="20 characters"):
        raise_level(by=story.lead, reason="He has a knife.", **raise_)
    with pytest.raises(Refused, match="Only the people who work a case"):
        raise_level(by=story.by(story.handler), reason=WHY, **raise_)
    untrained = story.world.user("HOUSING_OFFICER", team=story.case.team)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="training"):
        raise_level(by=story.by(untrained), reason=WHY, **raise_)


def test_a_manager_who_does_not_lead_lowers(story: Story) -> None:
    done = assessed(story, HIGH)
    lower = {"at": story.at(hours=3), "assessment": done, "to": "MEDIUM", "reason": WHY}
    with pytest.raises(Refused, match="Only a case manager"):
        lower_level(by=story.lead, evidence="Police log", **lower)
    with pytest.raises(Refused, match="what shows it"):
        lower_level(by=story.boss, evidence="", **lower)
    lower_level(by=story.boss, evidence="Police log 44 of today", **lower)
    assert fresh(story).risk == "MEDIUM"
    assert not running(story, *HIGH_KINDS)
    aside = story.clock(K.DIRECTOR_TOLD)
    assert aside.why == "The risk is no longer High: a manager set it lower"
    done.refresh_from_db()
    assert done.band == "HIGH"


def test_the_lead_never_lowers_even_as_a_manager(story: Story) -> None:
    done = assessed(story, HIGH)
    ops.allocate(
        by=story.boss, at=story.at(hours=2), case=story.case, lead=story.manager, reason=""
    )
    with pytest.raises(Refused, match="does not lead"):
        lower_level(
            by=story.boss,
            at=story.at(hours=3),
            assessment=done,
            to="MEDIUM",
            reason=WHY,
            evidence="Log",
        )


def test_never_below_high_under_a_standing_flag(story: Story) -> None:
    done = assessed(story, {**STANDARD, "RF2": "YES"})
    given = {"by": story.boss, "assessment": done, "reason": WHY, "evidence": "The call"}
    with pytest.raises(Refused, match="while a red flag stands"):
        lower_level(at=story.at(hours=2), to="MEDIUM", **given)
    record_flag_in_error(at=story.at(hours=3), flag="RF2", **given)
    assert fresh(story).risk == "STANDARD", "the rule without the flag"
    assert done.answers.filter(question="RF2", value="YES").exists(), "the tick is kept"
    assert record_flag_in_error(at=story.at(hours=4), flag="RF2", **given) is None


def test_only_the_newest_is_judged(story: Story) -> None:
    first = assessed(story, HIGH)
    assessed(story, HIGH, hours=30)
    with pytest.raises(Refused, match="newer assessment"):
        lower_level(
            by=story.boss,
            at=story.at(hours=31),
            assessment=first,
            to="MEDIUM",
            reason=WHY,
            evidence="Log",
        )


def test_the_database_refuses_a_judgement_without_its_reason(story: Story) -> None:
    done = assessed(story, HIGH)
    row = {"assessment": done, "rule_said": "HIGH", "by": story.manager, "at": story.at()}
    bad = (
        {"kind": "LOWERED", "to": "MEDIUM", "reason": WHY, "evidence": ""},
        {"kind": "LOWERED", "to": "MEDIUM", "reason": "too short", "evidence": "x"},
        {"kind": "FLAG_IN_ERROR", "flag": "", "reason": WHY, "evidence": "x"},
        {"kind": "RAISED", "to": "", "reason": WHY},
    )
    for values in bad:
        with pytest.raises(Error), transaction.atomic():
            Judgement.objects.create(**row, **values)
    Judgement.objects.create(**row, kind="LOWERED", to="MEDIUM", reason=WHY, evidence="x")
    with pytest.raises(Error), transaction.atomic():
        Judgement.objects.update(reason=WHY + WHY)


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
