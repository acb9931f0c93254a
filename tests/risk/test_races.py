"""Two hands on one assessment at once, on committed rows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connections

from cases.access import Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.clocks import ClockKind as K
from cases.casework.models import Case
from cases.risk.judgement_operations import lower_level, raise_level
from cases.risk.models import Answer, Assessment, Judgement, Level
from cases.risk.operations import finish, save_answers, start
from tests.casework.story import Story, tell
from tests.risk.asking import III, WHY, I, answers, assessed, begun, train
from tests.world import World


@pytest.fixture
def committed(own_world: World) -> Story:
    made = tell(own_world).allocated()
    train(own_world, made.officer, made.manager)
    return made


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Each job in a thread of its own, all let go together; what each gave or raised."""
    results: list[Any] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(place: int, job: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[place] = job()
        except Exception as fault:
            results[place] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_who_begin_at_once_ask_in_one(committed: Story) -> None:
    def go() -> Any:
        case = Case.objects.get()
        return start(by=committed.lead, at=committed.at(), case=case, about=committed.victim)

    made = at_once([go] * 4)
    assert {each.pk for each in made} == {Assessment.objects.get().pk}


def test_two_windows_at_once_lose_nothing(committed: Story) -> None:
    draft = begun(committed)

    def window(name: str, **given: str) -> Callable[[], Any]:
        return lambda: save_answers(
            by=committed.lead, at=committed.at(), assessment=draft, answers=given, window=name
        )

    jobs = [window("one", Q1="A"), window("two", Q2="B"), window("three", Q1="D"), window("4")]
    faults = [each for each in at_once(jobs) if isinstance(each, Exception)]
    assert faults == []
    kept = sorted(Answer.objects.values_list("question", "value"))
    assert kept == [("Q1", "A"), ("Q1", "D"), ("Q2", "B")]


def test_a_double_finish_is_one(committed: Story) -> None:
    draft = begun(committed)
    given = {**answers(I), "RF10": "YES"}
    save_answers(by=committed.lead, at=committed.at(), assessment=draft, answers=given)

    def go() -> Any:
        row = Assessment.objects.select_related("case", "about").get(pk=draft.pk)
        return finish(by=committed.lead, at=committed.at(hours=1), assessment=row)

    done = at_once([go] * 4)
    assert all(isinstance(each, Assessment) for each in done), done
    assert Level.objects.count() == 1
    assert Event.objects.filter(verb=Verb.RISK_FINISHED).count() == 1
    for kind in (K.RISK_REVIEW, K.SAFETY_TONIGHT, K.DIRECTOR_TOLD, K.AGENCIES_MEET):
        assert committed.case.clocks.filter(kind=kind).count() == 1, kind


def test_an_answer_that_comes_while_it_is_finished_is_in_it_or_refused(committed: Story) -> None:
    draft = begun(committed)
    save_answers(by=committed.lead, at=committed.at(), assessment=draft, answers=answers(I))

    def end() -> Any:
        row = Assessment.objects.select_related("case", "about").get(pk=draft.pk)
        return finish(by=committed.lead, at=committed.at(hours=1), assessment=row)

    def answer() -> Any:
        return save_answers(
            by=committed.lead, at=committed.at(), assessment=draft, answers={"RF1": "YES"}
        )

    _, said = at_once([end, answer])
    done = Assessment.objects.get()
    ticked = Answer.objects.filter(question="RF1").exists()
    assert ticked is not isinstance(said, Refused)
    assert done.band == ("HIGH" if ticked else "STANDARD"), "what was frozen was weighed"


def test_raised_and_lowered_at_once_end_as_the_last_one_says(committed: Story) -> None:
    done = assessed(committed, answers(III))
    facts = {"at": committed.at(hours=3), "assessment": done, "reason": WHY}

    def lower() -> Any:
        return lower_level(by=committed.boss, to="MEDIUM", evidence="Log", **facts)

    def lift() -> Any:
        return raise_level(by=committed.lead, to="HIGH", **facts)

    at_once([lower, lift])
    newest = Judgement.objects.order_by("pk").last()
    assert newest is not None
    assert Case.objects.get().risk == newest.to == Level.objects.order_by("pk").last().level  # type: ignore[union-attr]
