"""What follows from a fact is settled once, in the same transaction, by the same actor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from cases.access import Actor
from cases.audit import settling
from cases.audit.ledger import operation, unchanged
from cases.audit.settling import Fact, NeverSettled, changed, settle_with

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 19, 10, 41, tzinfo=UTC)
BY = Actor(id=7, name="Dawn", roles=frozenset())


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a settler of incidents was called with."""
    calls: list[Any] = []

    def settle(by: Actor, at: datetime, ids: frozenset[int]) -> None:
        assert connection.in_atomic_block
        calls.append((by, at, ids))

    monkeypatch.setattr(settling, "_settlers", settling.defaultdict(list))
    settle_with(Fact.INCIDENT, settle)
    settle_with(Fact.INCIDENT, settle)
    return calls


@operation
def inner(*, by: Actor, at: datetime, incident: int) -> None:
    changed(Fact.INCIDENT, incident, None)
    unchanged()


@operation
def outer(*, by: Actor, at: datetime, fail: bool = False) -> None:
    inner(by=by, at=at, incident=1)
    inner(by=by, at=at, incident=2)
    if fail:
        raise ValueError("broken")


def test_many_changes_in_one_operation_are_settled_once(settled: list[Any]) -> None:
    outer(by=BY, at=NOW)
    assert settled == [(BY, NOW, frozenset({1, 2}))]


def test_an_operation_that_fails_settles_nothing(settled: list[Any]) -> None:
    with pytest.raises(ValueError, match="broken"):
        outer(by=BY, at=NOW, fail=True)
    assert settled == []
    inner(by=BY, at=NOW, incident=3)
    assert settled == [(BY, NOW, frozenset({3}))]


def test_settling_that_changes_facts_is_settled_too(settled: list[Any]) -> None:
    settle_with(Fact.PERSON, lambda by, at, ids: changed(Fact.INCIDENT, *ids))

    @operation
    def move(*, by: Actor, at: datetime) -> None:
        changed(Fact.PERSON, 9)
        unchanged()

    move(by=BY, at=NOW)
    assert settled == [(BY, NOW, frozenset({9}))]


def test_a_circle_is_a_mistake_and_not_a_hang(settled: list[Any]) -> None:
    settle_with(Fact.INCIDENT, lambda by, at, ids: changed(Fact.INCIDENT, *ids))
    with pytest.raises(NeverSettled, match="INCIDENT"):
        outer(by=BY, at=NOW)


def test_outside_an_operation_nothing_is_noted(settled: list[Any]) -> None:
    changed(Fact.INCIDENT, 1)
    assert settled == []
