"""The command line: the first administrator, and accounts nobody uses."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import get_resolver
from django.utils import timezone

from cases.access import Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.policy.models import BankHoliday, PolicyVersion
from cases.staff import operations
from cases.staff.models import User
from tests.world import COMMAND, PASSWORD, World

pytestmark = pytest.mark.django_db


def create_admin(monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD, **options: Any) -> str:
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    given = {"name": "Iain Mackie", "email": "Iain@amplius.example", **options}
    call_command("create_admin", password_stdin=True, stdout=said, **given)
    return said.getvalue()


def test_a_fresh_installation_has_no_account(db: None) -> None:
    assert not User.objects.exists()


def test_the_first_administrator_is_made_at_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "iain@amplius.example" in create_admin(monkeypatch)
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert user.actor(timezone.now()).roles == {Role.SYSADMIN}
    events = Event.objects.order_by("pk").values_list("verb", "actor_name")
    assert list(events) == [
        (Verb.USER_ADDED, "the create_admin command"),
        (Verb.ROLE_GRANTED, "the create_admin command"),
    ]


def test_a_weak_password_makes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="at least 15 characters"):
        create_admin(monkeypatch, "short")
    assert not User.objects.exists()


def test_an_address_in_use_makes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    create_admin(monkeypatch)
    with pytest.raises(CommandError, match="already"):
        create_admin(monkeypatch, email="IAIN@amplius.example")
    assert User.objects.count() == 1


def test_no_address_of_the_site_makes_an_administrator() -> None:
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert not any("admin" in name or "setup" in name or "install" in name for name in names)


def test_thirty_days_without_signing_in_stop_an_account(world: World) -> None:
    now = timezone.now()
    ages = {"29 days": 29, "30 days": 30, "90 days": 90}
    for name, days in ages.items():
        user = world.user(Role.HOUSING_OFFICER, name=name)
        User.objects.filter(pk=user.pk).update(
            last_login=now - timedelta(days=days), created_at=now - timedelta(days=400)
        )
    world.user(Role.HOUSING_OFFICER, name="never")
    operations.add_user(by=COMMAND, at=now, full_name="new", email="new@amplius.example")
    back = world.user(Role.HOUSING_OFFICER, name="restored")
    operations.stop_user(by=COMMAND, at=now - timedelta(days=9), user=back, reason="Leave")
    operations.restore_user(by=COMMAND, at=now - timedelta(days=8), user=back, reason="Back")
    call_command("stop_dormant_users", stdout=io.StringIO())
    working = set(User.objects.working().values_list("full_name", flat=True))
    assert working == {"29 days", "new", "restored"}
    stopped = Event.objects.filter(verb=Verb.USER_STOPPED, reason__contains="30 days")
    assert stopped.count() == 3
    assert set(stopped.values_list("actor_name", flat=True)) == {"the stop_dormant_users job"}


def test_the_policy_is_seeded_once(db: None) -> None:
    for _ in range(2):
        call_command("seed_policy", stdout=io.StringIO())
    assert PolicyVersion.objects.count() == 1
    assert BankHoliday.objects.filter(day__year=timezone.now().year).count() >= 8
    assert Event.objects.filter(verb=Verb.POLICY_ADDED).count() == 1
