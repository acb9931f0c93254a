"""Acting for the Director: named by the Director, for a time, with a reason; by nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.staff import delegation_operations as ops
from cases.staff.forms import RoleForm
from cases.staff.models import RoleHolding, User
from cases.staff.operations import end_role, grant_role
from cases.staff.queries import delegations_of, holding_rows, own_delegation
from tests.disclosures.deciding import raw
from tests.world import COMMAND, NOW, World

WHY = "On leave until the end of the month."


@pytest.fixture
def director(world: World) -> User:
    return world.user(Role.DIRECTOR_CO, name="Dita Rowe")


@pytest.fixture
def deputy(world: World) -> User:
    return world.user(Role.CASE_MANAGER, name="Rosa Quill")


def name(director: User, deputy: User, **more: Any) -> RoleHolding:
    facts: dict[str, Any] = {"ends_at": NOW + timedelta(days=7), "reason": WHY, **more}
    by = facts.pop("by", director.actor(NOW))
    return ops.name_delegate(by=by, at=NOW, user=deputy, most_days=28, **facts)


def test_the_director_names_somebody_until_a_moment(director: User, deputy: User) -> None:
    holding = name(director, deputy)
    assert deputy.actor(NOW).holds(Role.ACTING_DIRECTOR)
    assert deputy.actor(NOW + timedelta(days=7, seconds=-1)).holds(Role.ACTING_DIRECTOR)
    assert not deputy.actor(NOW + timedelta(days=7)).holds(Role.ACTING_DIRECTOR)
    assert holding.granted_by == director
    assert own_delegation(deputy.actor(NOW), NOW) == holding
    assert own_delegation(director.actor(NOW), NOW) is None
    assert list(delegations_of(director.actor(NOW), NOW)) == [holding]
    assert not delegations_of(deputy.actor(NOW), NOW)
    event = Event.objects.get(verb="role.delegate_named")
    assert (event.actor_id, event.reason) == (director.pk, WHY)


def test_the_director_ends_it_early(director: User, deputy: User) -> None:
    holding, at = name(director, deputy), NOW + timedelta(days=2)
    with pytest.raises(Refused, match="Say why it ends"):
        ops.end_delegation(by=director.actor(at), at=at, holding=holding, reason=" ")
    ops.end_delegation(by=director.actor(at), at=at, holding=holding, reason="Back early.")
    assert not deputy.actor(at).holds(Role.ACTING_DIRECTOR)
    assert deputy.actor(at - timedelta(seconds=1)).holds(Role.ACTING_DIRECTOR)
    ops.end_delegation(by=director.actor(at), at=at, holding=holding, reason="Back early.")
    assert Event.objects.filter(verb="role.delegate_ended").count() == 1


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"ends_at": NOW + timedelta(days=28, seconds=1)}, "for 28 days at most"),
    ({"ends_at": NOW}, "must be after the beginning"),
    ({"ends_at": NOW - timedelta(days=1)}, "must be after the beginning"),
    ({"reason": "Leave."}, "Say why"),
]


@pytest.mark.parametrize(("wrong", "why"), REFUSED)
def test_what_the_director_cannot_do(
    director: User, deputy: User, wrong: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        name(director, deputy, **wrong)
    assert not RoleHolding.objects.filter(role=Role.ACTING_DIRECTOR).exists()


def test_exactly_28_days_are_allowed(director: User, deputy: User) -> None:
    assert name(director, deputy, ends_at=NOW + timedelta(days=28))


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.AUDITOR])
def test_some_never_act_for_the_director(world: World, director: User, role: Role) -> None:
    with pytest.raises(Refused):
        name(director, world.user(role))


def test_nobody_acts_twice_nor_for_themselves(director: User, deputy: User) -> None:
    name(director, deputy)
    with pytest.raises(Refused, match="in some of that time already"):
        name(director, deputy, begins_at=NOW + timedelta(days=3))
    with pytest.raises(Refused, match="you are the Director"):
        name(director, director)


ROLES = [role for role in Role if role is not Role.DIRECTOR_CO]


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_the_director_names_one(
    world: World, director: User, deputy: User, role: Role
) -> None:
    """Not the administrator either, by whatever operation, nor by raw SQL."""
    other = world.user(role)
    with pytest.raises(Refused, match="Only the Director names somebody"):
        name(director, deputy, by=other.actor(NOW))
    with pytest.raises(Refused):
        grant_role(
            by=other.actor(NOW),
            at=NOW,
            user=deputy,
            role=Role.ACTING_DIRECTOR,
            ends_at=NOW + timedelta(days=1),
            reason=WHY,
        )
    with pytest.raises(DatabaseError, match="Only the Director names"), raw(NOW) as cursor:
        cursor.execute(INSERT, [deputy.pk, NOW, NOW + timedelta(days=1), other.pk])


INSERT = """INSERT INTO staff_roleholding (user_id, role, period, granted_by_id, reason)
    VALUES (%s, 'ACTING_DIRECTOR', tstzrange(%s, %s), %s, 'Away.')"""


def test_the_administrator_neither_grants_nor_ends_it(director: User, deputy: User) -> None:
    holding = name(director, deputy)
    with pytest.raises(Refused, match="Only the Director names somebody to act"):
        end_role(by=COMMAND, at=NOW, holding=holding, reason="No.")
    form = RoleForm({}, today=NOW.date())
    offered = [code for code, _ in form.fields["role"].choices]  # type: ignore[attr-defined]
    assert Role.ACTING_DIRECTOR not in offered
    assert Role.POLICY_SPONSOR in offered
    (row,) = [row for row in holding_rows(deputy, NOW) if row.holding == holding]
    assert not row.can_end


CHANGES: list[tuple[str, list[Any]]] = [
    ("period = tstzrange(lower(period), %s)", [NOW + timedelta(days=60)]),
    ("period = tstzrange(%s, upper(period))", [NOW - timedelta(days=60)]),
    ("user_id = granted_by_id + 0 * %s", [1]),
    ("granted_by_id = %s", [None]),
]


@pytest.mark.parametrize(("change", "values"), CHANGES)
def test_it_is_never_made_longer_or_somebody_elses(
    director: User, deputy: User, change: str, values: list[Any]
) -> None:
    holding = name(director, deputy)
    with pytest.raises(DatabaseError), raw(NOW) as cursor:
        cursor.execute(
            f"UPDATE staff_roleholding SET {change} WHERE id = %s",
            [*values, holding.pk],
        )


def test_no_other_role_becomes_it(world: World, deputy: User) -> None:
    with pytest.raises(DatabaseError), raw(NOW) as cursor:
        cursor.execute(
            "UPDATE staff_roleholding SET role = 'ACTING_DIRECTOR', reason = 'x',"
            " period = tstzrange(lower(period), %s) WHERE user_id = %s",
            [NOW + timedelta(days=1), deputy.pk],
        )


def test_one_named_for_later_acts_from_then(director: User, deputy: User) -> None:
    begins = NOW + timedelta(days=12)
    name(director, deputy, begins_at=begins, ends_at=begins + timedelta(days=7))
    assert not deputy.actor(begins - timedelta(seconds=1)).holds(Role.ACTING_DIRECTOR)
    assert deputy.actor(begins).holds(Role.ACTING_DIRECTOR)
