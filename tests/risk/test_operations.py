"""Assessments in PostgreSQL: kept, finished, frozen; the clocks they meet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from cases.access import Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.calendar import add_working_days
from cases.casework import operations as ops
from cases.casework.choices import ContactKind, Stage
from cases.casework.clocks import ClockKind as K
from cases.casework.rules import needed_to_leave
from cases.policy.queries import holidays
from cases.risk.choices import AssessmentState
from cases.risk.models import Answer, Assessment, Level
from cases.risk.operations import finish, rest_not_known, save_answers
from cases.risk.questions import NOT_KNOWN
from tests.casework.story import Story
from tests.risk.asking import (
    HIGH,
    MEDIUM,
    STANDARD,
    answers,
    assessed,
    begun,
    fresh,
    running,
)

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
