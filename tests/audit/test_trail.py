"""What an operation leaves behind: once, at its end, in order, and only if it succeeds."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.access import Actor
from cases.audit import context
from cases.audit.ledger import operation, record
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.staff.models import Team
from tests.world import COMMAND, NOW

pytestmark = pytest.mark.django_db

OTHER = Actor(id=None, name="a timer", roles=COMMAND.roles)


@operation
def name_team(*, by: Actor, at: datetime, name: str) -> Team:
    team = Team(name=name)
    team.save()
    record(Verb.TEAM_ADDED, by=by, at=at, subject=team, changes={"name": name})
    return team


@operation
def name_teams(*, by: Actor, at: datetime, names: list[str]) -> list[Team]:
    return [name_team(by=by, at=at, name=name) for name in names]


class Broken(Exception):
    pass


def left() -> list[str]:
    return [event.changes["name"] for event in Event.objects.order_by("pk")]


def past() -> list[str]:
    return list(Team.history.order_by("history_id").values_list("name", flat=True))


def test_events_are_written_in_one_statement_in_their_order() -> None:
    with CaptureQueriesContext(connection) as asked:
        teams = name_teams(by=COMMAND, at=NOW, names=["West", "East", "South"])
    assert left() == past() == ["West", "East", "South"]
    assert [row.subject_id for row in Event.objects.order_by("pk")] == [one.pk for one in teams]
    assert {row.actor_name for row in Event.objects.all()} == {COMMAND.name}
    inserts = [row["sql"] for row in asked.captured_queries if "INSERT" in row["sql"]]
    # History comes with each row, from the database itself.
    assert ["audit_event" in sql for sql in inserts] == [False, False, False, True]


def test_outside_an_operation_an_event_is_written_at_once() -> None:
    with context.acting_as(COMMAND):
        event = record(Verb.TEAM_ADDED, by=COMMAND, at=NOW, changes={"name": "West"})
    assert event.pk
    assert left() == ["West"]


def test_an_operation_that_fails_leaves_nothing() -> None:
    @operation
    def fail(*, by: Actor, at: datetime) -> None:
        name_team(by=by, at=at, name="West")
        raise Broken

    with pytest.raises(Broken):
        fail(by=COMMAND, at=NOW)
    name_team(by=COMMAND, at=NOW, name="East")
    assert left() == past() == ["East"]


def test_what_a_savepoint_undoes_leaves_nothing_and_the_rest_stays() -> None:
    @operation
    def half(*, by: Actor, at: datetime) -> None:
        name_team(by=by, at=at, name="Before")
        with suppress(Broken), transaction.atomic():
            name_team(by=by, at=at, name="Undone")
            raise Broken
        with transaction.atomic():
            name_team(by=by, at=at, name="Within")
        name_team(by=by, at=at, name="After")

    half(by=COMMAND, at=NOW)
    assert set(left()) == set(past()) == {"Before", "Within", "After"}
    assert set(Team.objects.values_list("name", flat=True)) == {"Before", "Within", "After"}


def test_another_actors_operation_within_keeps_its_place() -> None:
    @operation
    def both(*, by: Actor, at: datetime) -> None:
        name_team(by=by, at=at, name="First")
        name_team(by=OTHER, at=at, name="Second")
        name_team(by=by, at=at, name="Third")

    both(by=COMMAND, at=NOW)
    assert left() == ["First", "Second", "Third"]
    assert [row.actor_name for row in Event.objects.order_by("pk")] == [
        COMMAND.name,
        OTHER.name,
        COMMAND.name,
    ]


def test_another_actors_operation_that_fails_takes_nothing_with_it() -> None:
    @operation
    def fail(*, by: Actor, at: datetime) -> None:
        name_team(by=by, at=at, name="Lost")
        raise Broken

    @operation
    def both(*, by: Actor, at: datetime) -> None:
        name_team(by=by, at=at, name="First")
        with pytest.raises(Broken):
            fail(by=OTHER, at=at)
        name_team(by=by, at=at, name="Third")

    both(by=COMMAND, at=NOW)
    assert left() == past() == ["First", "Third"]
