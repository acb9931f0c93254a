"""The policy in force, the settings and the bank holidays."""

from datetime import date, datetime, timedelta

import pytest

from cases.access import Refused, Role
from cases.policy import operations, queries
from cases.policy.models import PolicyVersion, Setting
from tests.world import LONDON, World

pytestmark = pytest.mark.django_db


def test_a_setting_counts_from_the_moment_it_begins(world: World) -> None:
    admin = world.actor(world.user(Role.SYSADMIN))
    later = world.now + timedelta(days=1)
    operations.change_setting(
        by=admin,
        at=world.now,
        key="SLA_TRIAGE_HOURS",
        value=2,
        reason="Executive decision",
        begins_at=later,
    )
    assert queries.settings_at(world.now)["SLA_TRIAGE_HOURS"] == 4
    assert queries.settings_at(later - timedelta(microseconds=1))["SLA_TRIAGE_HOURS"] == 4
    assert queries.settings_at(later)["SLA_TRIAGE_HOURS"] == 2


def test_a_manager_reads_but_does_not_change(world: World) -> None:
    manager = world.actor(world.user(Role.CASE_MANAGER))
    with pytest.raises(Refused, match="Only a system administrator changes the settings"):
        operations.change_setting(
            by=manager, at=world.now, key="SLA_TRIAGE_HOURS", value=2, reason="Faster"
        )


def test_the_policy_in_force_and_the_holidays(world: World) -> None:
    version = world.policy()
    assert queries.policy_version_at(world.now) == version
    assert version.review_overdue_days(date(2026, 6, 4)) == 0
    assert version.review_overdue_days(date(2026, 6, 5)) == 1
    days = queries.holidays()
    assert {date(2026, 12, 25), date(2026, 12, 28), date(2027, 3, 29)} <= days
    assert date(2026, 11, 30) not in days, "St Andrew's Day is Scotland's"
    assert date(2026, 8, 31) in days


def test_the_same_value_again_is_no_change(world: World) -> None:
    admin = world.actor(world.user(Role.SYSADMIN))
    given = {"by": admin, "at": world.now, "key": "SLA_TRIAGE_HOURS", "reason": "Same"}
    assert operations.change_setting(**given, value=4) is None
    assert operations.change_setting(**given, value=3) is not None
    assert operations.change_setting(**given, value=3) is None
    assert Setting.objects.count() == 1


def test_the_policy_before_its_first_day_is_the_first(world: World) -> None:
    version = world.policy()
    assert queries.policy_version_at(world.now.replace(year=2020)) == version


def test_without_a_policy_nothing_can_be_said(world: World) -> None:
    with pytest.raises(PolicyVersion.DoesNotExist):
        queries.policy_version_at(world.now)


def test_a_later_version_counts_from_its_first_day_in_london(world: World) -> None:
    first = world.policy()
    second = PolicyVersion.objects.create(
        version="2.0",
        approved_on=date(2026, 7, 1),
        effective_on=date(2026, 7, 10),
        review_on=date(2029, 7, 1),
        frequency="Triennial",
        owner="O",
        sponsor="S",
        author="A",
        approver="E",
    )
    midnight = datetime(2026, 7, 10, tzinfo=LONDON)
    assert queries.policy_version_at(midnight - timedelta(seconds=1)) == first
    assert queries.policy_version_at(midnight) == second
