"""What a list of cases asks: the same for few rows and many, whatever is kept from its reader."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Actor, Role
from cases.casework import operations as casework
from cases.casework.choices import Access
from cases.casework.models import Case
from cases.staff.models import User
from cases.workflow.queue_sql import QueueCase, read_rows
from tests.repeats.telling import Telling, moment
from tests.repeats.test_restricted import restrict

NOW = moment("2026-11-19")
AT_MOST = 18
"""Questions for a page of rows of which something is kept; two where nothing is."""
NUMBERS = count(1)


@pytest.fixture
def reader(telling: Telling) -> User:
    return telling.world.user(Role.HOUSING_OFFICER, name="Tom Ellery")


def opened(telling: Telling, reader: User) -> tuple[Case, Case]:
    """Two cases of one person; the reader may open the second."""
    person = telling.person(f"Kay Lindqvist {next(NUMBERS)}")
    first = telling.incident(person, "2026-04-06").case
    second = telling.incident(person, "2026-11-18").case
    assert first is not None
    assert second is not None
    casework.give_access(by=telling.boss, at=NOW, case=second, user=reader, why=Access.COVER)
    return first, second


def plain(telling: Telling, reader: User) -> Case:
    return opened(telling, reader)[1]


def with_one_restricted(telling: Telling, reader: User) -> Case:
    first, second = opened(telling, reader)
    restrict(telling, first, "2026-04-07")
    return second


def with_a_conflict(telling: Telling, reader: User) -> Case:
    first, second = opened(telling, reader)
    by = telling.world.actor(reader)
    casework.give_access(by=telling.boss, at=NOW, case=first, user=reader, why=Access.COVER)
    casework.declare(by=by, at=NOW, case=first, knows_somebody=True)
    return second


def of_the_first(telling: Telling, reader: User) -> Case:
    """The first of two, which is said of by what its victim is; the second is restricted."""
    first, second = opened(telling, reader)
    restrict(telling, second, "2026-11-19")
    return first


def asked(cases: list[Case], by: Actor) -> tuple[int, list[QueueCase]]:
    read_rows([case.pk for case in cases], by)  # so that every query is put together
    with CaptureQueriesContext(connection) as found:
        rows = read_rows([case.pk for case in cases], by)
    return len(found), rows


KINDS = [
    (plain, "REPEAT PERSON 2", 2),
    (with_one_restricted, "", AT_MOST),
    (with_a_conflict, "", AT_MOST),
    (of_the_first, "", AT_MOST),
]


@pytest.mark.parametrize(("make", "said", "most"), KINDS)
def test_many_rows_ask_no_more_than_one(
    telling: Telling,
    reader: User,
    make: Callable[[Telling, User], Case],
    said: str,
    most: int,
) -> None:
    by = telling.world.actor(reader)
    cases = [make(telling, reader)]
    few, rows = asked(cases, by)
    assert [row.repeat_said for row in rows] == [said]
    assert few <= most
    cases += [make(telling, reader) for _ in range(5)]
    many, rows = asked(cases, by)
    assert [row.repeat_said for row in rows] == [said] * 6
    assert many == few


def test_all_kinds_at_once_are_each_said_as_alone(telling: Telling, reader: User) -> None:
    by = telling.world.actor(reader)
    kinds = [(make, said) for make, said, _ in KINDS]
    cases = {make(telling, reader).pk: said for make, said in [*kinds, *kinds]}
    with CaptureQueriesContext(connection) as found:
        rows = read_rows(list(cases), by)
    assert {row.pk: row.repeat_said for row in rows} == cases
    assert len(found) <= AT_MOST


def test_nothing_is_kept_from_whoever_may_open_them_all(telling: Telling, reader: User) -> None:
    first, second = opened(telling, reader)
    restrict(telling, second, "2026-11-19")
    asked_of, rows = asked([first, second], telling.boss)
    assert {row.repeat_said for row in rows} == {"REPEAT PERSON", "REPEAT PERSON 2"}
    assert asked_of == 2
