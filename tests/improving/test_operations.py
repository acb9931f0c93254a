"""Keeping what is to be done better: every change is recorded, and nothing ends twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from cases.access import Actor, Refused, job
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.improving import operations, recommendation_operations, review_operations
from cases.improving.models import Improvement, Recommendation, ReviewReason
from cases.staff.models import User
from tests.improving.one_of_each import act, reason, recommend
from tests.world import World, by_hand

pytestmark = pytest.mark.django_db
JOB = job("make_reports")
SAID: dict[str, Any] = {"what": "Ask sooner.", "finding": "It was asked late."}


def verbs(row: Any) -> list[str]:
    done = Event.objects.filter(subject_kind=row._meta.label_lower, subject_id=row.pk)
    return list(done.order_by("pk").values_list("verb", flat=True))


def test_an_action_is_kept_with_whose_and_when(world: World, by: Actor, officer: User) -> None:
    row = act(by, world.now, officer, what="  Ask why.  ")
    row.refresh_from_db()
    assert (row.what, row.state, row.owner) == ("Ask why.", "OPEN", officer)
    event = Event.objects.get(subject_id=row.pk, verb=Verb.IMPROVEMENT_ADDED)
    assert event.changes == {"because": "PROMISE", "user": officer.pk, "due": "2026-12-19"}


@pytest.mark.parametrize(
    "said",
    [
        {"what": " "},
        {"finding": ""},
        {"due_on": date(2026, 11, 18)},
        {"because": "NONSENSE"},
        {"what": "x" * 1001},
        {"finding": "a\0b"},
    ],
    ids=str,
)
def test_what_cannot_be_recorded(
    world: World, by: Actor, officer: User, said: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        act(by, world.now, officer, **said)
    assert not Improvement.objects.exists()


def test_it_is_given_to_nobody_who_could_not_open_it(world: World, by: Actor) -> None:
    with pytest.raises(Refused, match="Choose somebody who can open it"):
        act(by, world.now, world.user())


def test_only_managers_and_the_director_keep_it(world: World, officer: User) -> None:
    with pytest.raises(Refused, match="Only case managers and the Director keep"):
        act(world.actor(officer), world.now, officer)


def test_a_change_says_what_changed_and_the_same_again_says_nothing(
    world: World, by: Actor, manager: User, officer: User
) -> None:
    row, later = act(by, world.now, officer), world.now + timedelta(hours=1)
    said: dict[str, Any] = {**SAID, "owner": manager, "due_on": date(2026, 12, 24)}
    for _ in range(2):
        row = operations.change_improvement(by=by, at=later, improvement=row, **said)
    assert verbs(row) == [Verb.IMPROVEMENT_ADDED, Verb.IMPROVEMENT_CHANGED]
    event = Event.objects.get(subject_id=row.pk, verb=Verb.IMPROVEMENT_CHANGED)
    assert event.changes == {"user": manager.pk, "due": ["2026-12-19", "2026-12-24"]}
    assert row.history.count() == 2


def test_a_day_that_passed_may_stay_and_no_other_may_be_in_the_past(
    world: World, by: Actor, officer: User
) -> None:
    row, later = act(by, world.now, officer), world.now + timedelta(days=40)
    said: dict[str, Any] = {**SAID, "owner": officer}
    operations.change_improvement(by=by, at=later, improvement=row, due_on=row.due_on, **said)
    with pytest.raises(Refused, match="cannot be in the past"):
        operations.change_improvement(
            by=by, at=later, improvement=row, due_on=row.due_on + timedelta(days=1), **said
        )


def test_it_ends_once_with_what_was_done(world: World, by: Actor, officer: User) -> None:
    row = act(by, world.now, officer)
    for _ in range(2):  # a second press of the same
        row = operations.end_improvement(
            by=by, at=world.now, improvement=row, to="DONE", evidence=" The script asks it. "
        )
    assert (row.state, row.evidence, row.ended_by_id) == ("DONE", "The script asks it.", by.id)
    assert verbs(row) == [Verb.IMPROVEMENT_ADDED, Verb.IMPROVEMENT_ENDED]
    with pytest.raises(Refused, match="It was ended already"):
        operations.end_improvement(
            by=by, at=world.now, improvement=row, to="NOT_NEEDED", evidence="After all."
        )
    with pytest.raises(Refused, match="stays as it was"):
        operations.change_improvement(
            by=by, at=world.now, improvement=row, owner=officer, due_on=row.due_on, **SAID
        )


def test_an_action_is_made_from_a_recommendation_or_a_reason(
    world: World, by: Actor, officer: User
) -> None:
    register, why = recommend(by, world.now, officer), reason(by, world.now)
    first = act(by, world.now, officer, because="RECOMMENDATION", recommendation=register)
    second = act(by, world.now, officer, because="REVIEW", review=why)
    assert list(register.improvements.all()) == [first]
    assert list(why.improvements.all()) == [second]
    with pytest.raises(Refused):
        act(by, world.now, officer, because="GAP", recommendation=register)


def test_a_recommendation_is_in_the_register_once(world: World, by: Actor, officer: User) -> None:
    row = recommend(by, world.now, officer)
    with pytest.raises(ValidationError, match="in the register already"), transaction.atomic():
        recommend(by, world.now, officer)
    row = recommendation_operations.end_recommendation(
        by=by, at=world.now, recommendation=row, to="NOT_NEEDED", evidence="No such homes."
    )
    assert verbs(row) == [Verb.RECOMMENDATION_ADDED, Verb.RECOMMENDATION_ENDED]


def test_a_reason_is_decided_once(world: World, by: Actor) -> None:
    row = reason(by, world.now)
    said: dict[str, Any] = {
        "decision": "FORWARD",
        "why": "It matters.",
        "review_by": date(2027, 2, 1),
    }
    for _ in range(2):
        row = review_operations.decide_reason(by=by, at=world.now, reason=row, **said)
    assert verbs(row) == [Verb.REVIEW_REASON_FOUND, Verb.REVIEW_REASON_DECIDED]
    with pytest.raises(Refused, match="decided already"):
        review_operations.decide_reason(
            by=by, at=world.now, reason=row, decision="NOT_NOW", why="After all."
        )


def test_the_review_date_is_said_once_for_a_version(world: World, by: Actor) -> None:
    rows = [review_operations.suggest_review_date(by=JOB, at=world.now) for _ in range(2)]
    row = rows[0]
    assert row is not None
    assert rows[1] is None
    assert (row.kind, row.noticed_on, row.found_by) == ("REVIEW_DATE", date(2026, 6, 4), None)
    assert row.words == "Version 1.0 was to be reviewed by Thursday 4 June 2026."


def test_before_its_day_no_review_is_suggested(world: World, by: Actor) -> None:
    early = world.now.replace(month=6, day=3)
    assert review_operations.suggest_review_date(by=JOB, at=early) is None
    on_the_day = world.now.replace(month=6, day=4)
    assert review_operations.suggest_review_date(by=JOB, at=on_the_day) is not None


def missed(world: World, month: date) -> ReviewReason | None:
    return review_operations.suggest_missed_aim(
        by=JOB, at=world.now, measure="M08", month=month, words="M08 missed its aim."
    )


def test_a_missed_aim_is_told_once_until_it_is_decided_and_goes_on(world: World, by: Actor) -> None:
    first = missed(world, date(2026, 7, 1))
    assert first is not None
    assert missed(world, date(2026, 7, 1)) is None
    assert missed(world, date(2026, 10, 1)) is None  # nobody has decided yet
    review_operations.decide_reason(
        by=by, at=world.now, reason=first, decision="NOT_NOW", why="We trained everybody."
    )
    assert missed(world, date(2026, 9, 1)) is None  # months of the same run
    assert missed(world, date(2026, 10, 1)) is not None


def test_nobody_suggests_in_the_applications_name(world: World, by: Actor) -> None:
    with pytest.raises(Refused, match="by the application alone"):
        review_operations.suggest_review_date(by=by, at=world.now)
    with pytest.raises(Refused, match="by the application alone"):
        review_operations.suggest_missed_aim(
            by=by, at=world.now, measure="M08", month=date(2026, 7, 1), words="It missed."
        )


# --- what the database refuses, whoever asks ---


@pytest.mark.parametrize(
    "said",
    [
        {"state": "DONE"},
        {"state": "DONE", "evidence": "Done."},
        {"evidence": "Done."},
        {"state": "LOST"},
        {"because": "WHIM"},
        {"measure": "his name"},
        {"what": ""},
        {"added_at": "2020-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_the_database_refuses_what_an_action_cannot_be(
    world: World, by: Actor, officer: User, said: dict[str, Any]
) -> None:
    row = act(by, world.now, officer)
    with pytest.raises(DatabaseError), by_hand():
        Improvement.objects.filter(pk=row.pk).update(**said)


def test_the_database_keeps_what_ended_and_every_row(
    world: World, by: Actor, officer: User
) -> None:
    row = act(by, world.now, officer)
    row = operations.end_improvement(
        by=by, at=world.now, improvement=row, to="DONE", evidence="Done."
    )
    reopened = {"state": "OPEN", "ended_at": None, "ended_by": None, "evidence": ""}
    with pytest.raises(DatabaseError), by_hand():
        Improvement.objects.filter(pk=row.pk).update(**reopened)
    for each in (row, recommend(by, world.now, officer), reason(by, world.now)):
        with pytest.raises(DatabaseError), by_hand():
            type(each).objects.filter(pk=each.pk).delete()


@pytest.mark.parametrize(
    "said",
    [
        {"decision": "FORWARD", "decision_why": "Why."},
        {"decision_why": "Why."},
        {"review_by": date(2027, 1, 1)},
        {"decision": "MAYBE"},
        {"kind": "WHIM"},
        {"words": "Something else."},
        {"month": date(2026, 7, 2)},
    ],
    ids=str,
)
def test_the_database_refuses_what_a_reason_cannot_be(
    world: World, by: Actor, said: dict[str, Any]
) -> None:
    row = reason(by, world.now)
    with pytest.raises(DatabaseError), by_hand():
        ReviewReason.objects.filter(pk=row.pk).update(**said)


def test_a_recommendation_is_of_a_month(world: World, by: Actor, officer: User) -> None:
    row = recommend(by, world.now, officer)
    with pytest.raises(DatabaseError), by_hand():
        Recommendation.objects.filter(pk=row.pk).update(said_in=date(2025, 7, 2))
