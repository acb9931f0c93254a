"""The demo: the same every time, whole, valid, and of every stage and state reached so far."""

from __future__ import annotations

import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.db.transaction import TransactionManagementError

from cases.access import Role
from cases.casework.choices import Stage
from cases.casework.models import Case, Conflict, IncidentPair, Perception
from cases.consent.models import Said
from cases.disclosures.models import Emergency, Request
from cases.intake.choices import Route, RouteState, SheetState
from cases.intake.models import CallSheet, Report, RouteRecord
from cases.people.duplicates import possibly_same
from cases.people.models import ImportRun, Person
from cases.referrals.models import Referral
from cases.repeats.models import RepeatFlag
from cases.reporting.models import AsbTotal, HomesCount
from cases.staff.models import User
from hatecrime.demo.happenings import NOT_HATE, OWN, SEEN
from hatecrime.demo.loading import load
from hatecrime.demo.population import DOMAIN, PASSWORD, STAFF
from hatecrime.demo.stories import GENERATED
from hatecrime.integrity import findings
from hatecrime.owner import unhurried
from tests import databases
from tests.built import DEMO_END


def digest() -> str:
    """Everything that tells one run from another: references, names, states, moments."""
    rows = [
        *Case.objects.order_by("reference").values_list(
            "reference", "victim__full_name", "stage", "received_at", "next_due_at", "next_clock"
        ),
        *Report.objects.order_by("reference").values_list("reference", "state", "submitted_at"),
        *Person.objects.order_by("reference").values_list("reference", "full_name", "phone"),
        *RouteRecord.objects.order_by("pk").values_list("route", "state", "answered_at"),
        *CallSheet.objects.order_by("key").values_list("key", "state"),
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_it_is_whole_and_the_same_in_every_run(demo: None) -> None:
    first = digest()
    assert findings() == []
    assert not Case.objects.filter(received_at__gt=DEMO_END).exists()
    assert {Stage.CONTACT, Stage.PLAN, Stage.MONITOR, Stage.ON_HOLD, Stage.MERGED} <= set(
        Case.objects.values_list("stage", flat=True)
    )
    assert Case.objects.filter(restricted=True).count() >= 2
    assert Case.objects.filter(third_party_only=True).exists()
    assert Case.objects.open().filter(lead__isnull=True).exists()
    assert Conflict.objects.filter(source="RELATIVE").exists()
    assert Perception.objects.filter(kept_apart=True).exists()
    assert {SheetState.OPEN, SheetState.PARKED, SheetState.CUT_OFF} <= set(
        CallSheet.objects.values_list("state", flat=True)
    )
    routes = set(RouteRecord.objects.values_list("route", "state"))
    assert {
        (Route.HATE, RouteState.ACCEPTED),
        (Route.SAFEGUARDING, RouteState.ACCEPTED),
        (Route.SAFEGUARDING, RouteState.OFFERED),
        (Route.DA, RouteState.DECLINED),
        (Route.ASB, RouteState.SUPERSEDED),
    } <= routes
    assert IncidentPair.objects.filter(decision="").exists()
    assert [run.refused for run in ImportRun.objects.order_by("pk")] == [2, 3]
    leah = Person.objects.get(full_name="Lea Rosen")
    assert any(leah.pk in pair.ids for pair in possibly_same([leah.pk]))
    past = RepeatFlag.objects.filter(person__full_name="Orla Brennan", level="REPEAT")
    assert past.get().current_until < DEMO_END.date()
    amara = Case.objects.get(victim__full_name="Amara Osei")
    assert amara.lead is not None
    assert amara.lead.full_name == "Dawn Mistry"
    requests = dict(Request.objects.values_list("pack__case__victim__full_name", "state"))
    assert requests == {
        "Tess Marlow": "WAITING",
        "Carla Bramley": "SENT",
        "Daniel Lowe": "DECLINED",
    }
    assert Emergency.objects.filter(review=None).count() == 1
    year_end = HomesCount.objects.order_by("-counted_on").values("counted_on")[:1]
    homes = HomesCount.objects.filter(counted_on=year_end).aggregate(all=Sum("homes"))["all"]
    assert 37_900 <= homes <= 38_000
    assert AsbTotal.objects.count() >= 12
    assert set(Referral.objects.values_list("state", flat=True)) == {
        *("DRAFT", "QUEUED", "SENT", "ACCEPTED", "DECLINED", "ENDED", "REVOKED"),
    }
    assert {"GIVEN", "REFUSED", "WITHDRAWN"} <= set(Said.objects.values_list("reply", flat=True))
    anonymous = Report.objects.get(capacity="ANONYMOUS")
    assert anonymous.reporter is None
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo_data")
    call_command("demo_data", if_empty=True)
    assert digest() == first


def test_two_runs_give_the_same(
    template_database: str, django_db_blocker: pytest.FixtureRequest
) -> None:
    """Each in a database of its own, so that nothing of the first is known to the second."""
    seen = set()
    for _ in range(2):
        with (
            django_db_blocker.unblock(),  # type: ignore[attr-defined]
            databases.cloned(template_database) as name,
            databases.using(name),
        ):
            load(DEMO_END, lambda: None, 2, scenarios=False)
            seen.add(digest())
    assert len(seen) == 1


def test_all_of_it_may_take_longer_than_a_page(own_database: str) -> None:
    def limit() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return cursor.fetchone()

    before = limit()
    with unhurried():
        assert limit() == ("0",)
    assert limit() == before != ("0",)
    with transaction.atomic(), pytest.raises(TransactionManagementError), unhurried():
        pass


def test_enough_and_in_every_month() -> None:
    assert GENERATED >= 100
    assert len(OWN) >= 20
    assert len(SEEN) >= 5
    assert len(NOT_HATE) >= 3


def test_one_sign_in_for_each_role_is_printed(own_world: object) -> None:
    for name, role, _ in STAFF[:3]:
        own_world.user(role, name=name, email=f"{name.split()[0].lower()}@{DOMAIN}")  # type: ignore[attr-defined]
    out = StringIO()
    call_command("demo_data", sign_ins=True, stdout=out)
    said = out.getvalue()
    assert "joanne@" in said
    assert PASSWORD in said
    # Nobody acts for the Director for good: the Director names them, for a time.
    assert {role for _, role, _ in STAFF} == set(Role) - {Role.ACTING_DIRECTOR}
    assert User.objects.count() == 3


def test_no_sign_ins_are_printed_where_there_is_no_demo(own_world: object) -> None:
    own_world.user(Role.SYSADMIN)  # type: ignore[attr-defined]
    out = StringIO()
    call_command("demo_data", sign_ins=True, stdout=out)
    assert out.getvalue() == ""
