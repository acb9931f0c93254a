"""Users, teams and roles are made by operations, each with its event."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cases.access import Actor, Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.staff import operations
from cases.staff.link_operations import make_sign_in_link
from cases.staff.models import Course, RoleHolding, User
from cases.staff.session_operations import end_sessions, remove_second_factor
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_role_is_granted_by_somebody_else(world: World) -> None:
    admin = world.user(Role.SYSADMIN)
    user = world.user()
    operations.grant_role(by=world.actor(admin), at=world.now, user=user, role=Role.CALL_HANDLER)
    assert user.actor(world.now).holds(Role.CALL_HANDLER)
    event = Event.objects.order_by("-id")[0]
    assert (event.verb, event.subject_id) == (Verb.ROLE_GRANTED, user.pk)
    with pytest.raises(Refused, match="Nobody changes their own roles"):
        operations.grant_role(by=world.actor(admin), at=world.now, user=admin, role=Role.DPO)


def events() -> int:
    return Event.objects.count()


def test_a_second_press_changes_nothing(world: World) -> None:
    """Every operation may be given twice: the second records nothing and breaks nothing."""
    admin = world.actor(world.user(Role.SYSADMIN))
    user = world.user(Role.HOUSING_OFFICER, team=world.team("North"))
    team = world.team("North")
    holding = user.holdings.get()
    given = {"by": admin, "at": world.now}
    unchanged = {
        "full_name": f" {user.full_name} ",
        "email": user.email.upper(),
        "team": team,
        "line_manager": None,
    }
    presses = [
        lambda: operations.change_user(**given, user=user, **unchanged),
        lambda: operations.change_team(**given, team=team, name="North "),
        lambda: operations.restore_user(**given, user=user, reason="Twice"),
    ]
    before = events()
    for press in presses:
        press()
    assert events() == before
    for once, again in (
        (operations.stop_user, {"user": user}),
        (operations.end_role, {"holding": holding}),
        (remove_second_factor, {"user": user}),
    ):
        once(**given, **again, reason="Once")
        after = events()
        once(**given, **again, reason="Twice")
        assert events() == after


def test_changes_are_named_and_not_quoted(world: World) -> None:
    admin = world.actor(world.user(Role.SYSADMIN))
    user = world.user(name="Dawn Mistry")
    operations.change_user(
        by=admin,
        at=world.now,
        user=user,
        full_name="Dawn Mistry-Cole",
        email="dawn.cole@amplius.example",
        team=world.team("South"),
        line_manager=world.user(Role.CASE_MANAGER),
    )
    event = Event.objects.order_by("-id")[0]
    assert event.changes == {"changed": ["full_name", "email", "team", "line_manager"]}
    assert "Cole" not in str(event.changes)
    before, after = user.history.order_by("history_date", "history_id").values_list(
        "full_name", flat=True
    )
    assert (before, after) == ("Dawn Mistry", "Dawn Mistry-Cole")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSADMIN])
def test_no_operation_is_anybody_elses(world: World, role: Role) -> None:
    other = world.user(role)
    user, team = world.user(Role.HOUSING_OFFICER), world.team("North")
    given = {"by": world.actor(other), "at": world.now}
    changed = {"full_name": "X", "email": "x@amplius.example", "team": None, "line_manager": None}
    day = {"completed_on": date(2026, 1, 1), "expires_on": date(2027, 1, 1)}
    tries = [
        lambda: operations.add_user(**given, full_name="X", email="x@amplius.example"),
        lambda: operations.change_user(**given, user=user, **changed),
        lambda: operations.stop_user(**given, user=user, reason="R"),
        lambda: operations.restore_user(**given, user=user, reason="R"),
        lambda: operations.add_team(**given, name="X"),
        lambda: operations.change_team(**given, team=team, name="X"),
        lambda: operations.grant_role(**given, user=user, role=Role.DPO),
        lambda: operations.end_role(**given, holding=user.holdings.get(), reason="R"),
        lambda: operations.record_training(**given, user=user, course=Course.HATE_CRIME, **day),
        lambda: make_sign_in_link(**given, user=user),
        lambda: end_sessions(**given, user=user),
        lambda: remove_second_factor(**given, user=user, reason="R"),
    ]
    before = events()
    for attempt in tries:
        with pytest.raises(Refused, match="Only a system administrator"):
            attempt()
    assert events() == before


def test_a_job_records_training_without_an_account_to_sign_with(world: World) -> None:
    """An import has no account; what cannot be is still refused in the constraint's words."""
    job = Actor(id=None, name="the training import", roles=frozenset({Role.SYSADMIN}))
    user = world.user(Role.HOUSING_OFFICER)
    given = {"by": job, "at": world.now, "user": user, "course": Course.HATE_CRIME}
    day = {"completed_on": date(2026, 1, 1), "expires_on": date(2027, 1, 1)}
    assert operations.record_training(**given, **day).recorded_by is None
    with pytest.raises(ValidationError, match="already recorded"), transaction.atomic():
        operations.record_training(**given, **day)
    with pytest.raises(ValidationError, match="expire after"), transaction.atomic():
        operations.record_training(
            **given, completed_on=date(2026, 2, 1), expires_on=date(2026, 2, 1)
        )


def test_the_database_refuses_a_role_granted_to_oneself_or_twice(world: World) -> None:
    user = world.user(Role.DPO)
    period = user.holdings.get().period
    for role, granted_by in ((Role.SYSADMIN, user), (Role.DPO, None), ("KING", None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleHolding.objects.create(user=user, role=role, period=period, granted_by=granted_by)


def test_the_database_refuses_one_address_for_two(world: World) -> None:
    world.user(email="dawn@amplius.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(full_name="X", email="DAWN@amplius.example", created_at=world.now)
