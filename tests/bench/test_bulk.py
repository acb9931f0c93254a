"""Data made in bulk is as good as small data, and the checks see what is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases.access import Role
from cases.audit.models import Event
from cases.casework.models import Case, Clock, Incident
from hatecrime.bulk import Bulk
from hatecrime.integrity import CHECKS, findings
from tests.workflow.making import make_case
from tests.world import World


@pytest.fixture
def bulk(world: World) -> World:
    world.policy()
    for team in ("North", "South"):
        world.user(Role.HOUSING_OFFICER, team=world.team(team))
    Bulk(world.now).make(30, lambda size: size)
    return world


def test_what_is_made_in_bulk_passes_the_same_checks(bulk: World) -> None:
    assert Case.objects.count() == 30
    assert Incident.objects.count() == 90
    assert Event.objects.filter(verb="case.opened").count() == 30
    clocks: Any = Clock
    assert clocks.history.count() == Clock.objects.count() > 300
    assert findings() == []
    call_command("check_integrity")


def test_more_may_be_made_later(bulk: World) -> None:
    Bulk(bulk.now, seed=8).make(5, lambda size: size)
    assert Case.objects.count() == 35
    assert findings() == []


def test_what_operations_make_passes_too(world: World) -> None:
    world.policy()
    manager = world.actor(world.user(Role.CASE_MANAGER, team=world.team("North")))
    make_case(manager, world.now, team=world.team("North"))
    assert findings() == []


def test_what_is_wrong_is_found(bulk: World) -> None:
    """Each planted by hand, past the operations: the checks name it."""
    one, two, *_ = Case.objects.filter(lead__isnull=False, next_due_at__isnull=False)
    Case.objects.filter(pk=one.pk).update(next_due_at=None)
    Case.objects.filter(pk=two.pk).update(next_clock="")
    one.members.update(ended_at=bulk.now.replace(year=2027))
    names = {finding.what for finding in findings()}
    assert names == {
        "a case whose next promise is not its soonest running one",
        "a case with nothing next although something runs",
        "a lead officer who may not see the case",
    }
    assert names < set(CHECKS)
    with pytest.raises(CommandError, match="3 of"):
        call_command("check_integrity")


def test_nobody_can_lead_where_there_is_nobody(db: None) -> None:
    with pytest.raises(CommandError, match="nobody to lead"):
        call_command("bulk_cases", 1)
