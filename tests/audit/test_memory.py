"""What an operation remembers, and that it remembers nothing that may have changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.access import Actor, Role
from cases.audit.ledger import operation, unchanged
from cases.audit.memory import forget, recall, remember, remembered
from cases.casework.choices import Stage
from cases.casework.locking import lock
from cases.casework.models import Case
from cases.policy.operations import change_setting
from cases.policy.queries import holidays, settings_at
from cases.staff.models import User
from tests.casework.story import tell
from tests.world import COMMAND, NOW, World

pytestmark = pytest.mark.django_db


def within(work: Any) -> Any:
    """What ``work`` returns inside an operation."""

    @operation
    def run(*, by: Actor, at: datetime) -> Any:
        unchanged()
        return work()

    return run(by=COMMAND, at=NOW)


def asked(work: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(
        [one for one in queries if one["sql"].startswith('SELECT "') or "DISTINCT" in one["sql"]]
    )


def test_found_once_inside_an_operation_and_every_time_outside() -> None:
    found: list[int] = []

    def find() -> int:
        found.append(1)
        return len(found)

    assert within(lambda: [remembered("thing", 7, find), remembered("thing", 7, find)]) == [1, 1]
    assert [remembered("thing", 7, find), remembered("thing", 7, find)] == [2, 3]
    assert within(lambda: recall("thing", 7)) is None


def test_nothing_is_remembered_inside_a_savepoint() -> None:
    def work() -> Any:
        with transaction.atomic():
            remember("thing", 7, "undone")
        return recall("thing", 7)

    assert within(work) is None


def test_what_is_forgotten_is_found_again() -> None:
    def work() -> Any:
        remember("thing", 7, "old")
        forget("thing")
        return recall("thing", 7)

    assert within(work) is None


def test_settings_and_holidays_are_read_once(world: World) -> None:
    world.policy()

    def work() -> None:
        for _ in range(3):
            settings_at(NOW)
            holidays()

    assert asked(lambda: within(work)) == 2
    assert asked(work) == 6


def test_a_setting_changed_within_the_operation_counts_at_once(world: World) -> None:
    sysadmin = world.user(Role.SYSADMIN)

    def work() -> tuple[Any, Any]:
        before = settings_at(NOW)["SLA_DUPLICATE_CHECK_DAYS"]
        change_setting(
            by=sysadmin.actor(NOW),
            at=NOW,
            key="SLA_DUPLICATE_CHECK_DAYS",
            value=before + 1,
            reason="Try it out",
        )
        return before, settings_at(NOW)["SLA_DUPLICATE_CHECK_DAYS"]

    before, after = within(work)
    assert after == before + 1


class TestLock:
    @pytest.fixture
    def case(self, world: World) -> Case:
        return tell(world).case

    def test_the_object_locked_last_is_not_read_again(self, case: Case) -> None:
        assert asked(lambda: within(lambda: (lock(case), lock(case)))) == 1

    def test_what_is_set_past_it_is_read(self, case: Case) -> None:
        def work() -> str:
            lock(case)
            Case.objects.filter(pk=case.pk).update(next_clock="ACTION_PLAN")
            return lock(case).next_clock

        assert within(work) == "ACTION_PLAN"

    def test_what_another_object_of_it_saved_is_read(self, case: Case, world: World) -> None:
        lead: User = world.user()

        def work() -> int | None:
            lock(case)
            other = Case.objects.get(pk=case.pk)
            other.lead = lead
            other.save()
            return lock(case).lead_id

        assert within(work) == lead.pk

    def test_what_another_object_of_it_locked_and_saved_is_read(self, case: Case) -> None:
        def work() -> str:
            lock(case)
            other = lock(Case.objects.get(pk=case.pk))
            other.stage = Stage.ASSESS
            other.save()
            return lock(case).stage

        assert within(work) == Stage.ASSESS

    def test_outside_an_operation_it_is_read_every_time(self, case: Case) -> None:
        with transaction.atomic():
            assert asked(lambda: (lock(case), lock(case))) == 2
