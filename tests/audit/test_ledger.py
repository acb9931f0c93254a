"""The ledger keeps what it is given: nobody alters it, and nothing is shown without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch, reverse

from cases.access import Actor, Refused, Role
from cases.audit import context
from cases.audit.ledger import UnrecordedOperation, operation, record, unchanged
from cases.audit.models import Access, Event, Outcome
from cases.audit.pages import SIGNED_IN, page
from cases.audit.verbs import Verb
from cases.staff import operations
from cases.staff.models import Team, User
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db

HISTORIES = sorted(
    model._meta.db_table for model in apps.get_models() if hasattr(model, "instance_type")
)


@contextmanager
def refused() -> Iterator[None]:
    """The database itself says no."""
    with pytest.raises(DatabaseError), transaction.atomic():
        yield


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def filled(world: World) -> World:
    """A row on every ledger and in every staff history."""
    world.user(Role.HOUSING_OFFICER, team=world.team())
    client = world.client(world.user(Role.SYSADMIN))
    client.get(reverse("staff:users"))
    assert Event.objects.exists()
    assert Access.objects.exists()
    return world


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {table} SET actor_name = 'nobody'",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})",
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
    ],
)
@pytest.mark.parametrize("table", ["audit_event", "audit_access"])
def test_no_statement_alters_the_ledger(filled: World, table: str, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        before = cursor.fetchone()
    with refused():
        run(sql.format(table=table))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == before


def test_there_are_histories_to_protect() -> None:
    assert {"staff_historicaluser", "staff_historicalteam"} <= set(HISTORIES)
    assert len(HISTORIES) > 5


@pytest.mark.parametrize("table", HISTORIES)
def test_no_statement_alters_a_history(filled: World, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        (rows,) = cursor.fetchone()
    with refused():
        run(f"TRUNCATE {table} CASCADE")
    for sql in ("UPDATE {} SET history_type = '-'", "DELETE FROM {}"):
        if rows:
            with refused():
                run(sql.format(table))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND tgenabled = 'O'",
            [table],
        )
        (triggers,) = cursor.fetchone()
    assert triggers >= 2


def test_the_histories_tried_have_rows(filled: World) -> None:
    for model in apps.get_models():
        if model._meta.db_table in ("staff_historicaluser", "staff_historicalteam"):
            assert model.objects.exists()


def test_a_user_is_never_deleted(filled: World) -> None:
    with refused():
        run("DELETE FROM staff_roleholding")
    with refused():
        run("TRUNCATE staff_user CASCADE")


class TestPages:
    def test_a_get_that_writes_is_stopped_by_the_database(
        self, world: World, rf: RequestFactory
    ) -> None:
        @page(SIGNED_IN)
        def sly(request: object) -> HttpResponse:
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO staff_team (name) VALUES ('Sly')")
            return HttpResponse("done")

        with pytest.raises(DatabaseError, match="read-only transaction"):
            sly(self.request(world, rf))
        assert not Team.objects.filter(name="Sly").exists()

    def test_a_lazy_page_is_rendered_where_it_cannot_write(
        self, world: World, rf: RequestFactory
    ) -> None:
        class Lazy(HttpResponse):
            is_rendered = False

            def render(self) -> None:
                Team.objects.create(name="Late")

        @page(SIGNED_IN)
        def lazy(request: object) -> HttpResponse:
            return Lazy("later")

        with pytest.raises(DatabaseError, match="read-only transaction"):
            lazy(self.request(world, rf))

    def test_a_refusal_is_kept_although_its_request_is_undone(
        self, world: World, rf: RequestFactory
    ) -> None:
        user = world.user(Role.HOUSING_OFFICER)

        @page(SIGNED_IN, methods=("POST",))
        def half_done(request: object) -> HttpResponse:
            operations.add_team(by=COMMAND, at=world.now, name="Before")
            with transaction.atomic():
                operations.add_team(by=COMMAND, at=world.now, name="Within")
                operations.add_team(by=user.actor(world.now), at=world.now, name="Refused")
            return HttpResponse("unreached")

        response = half_done(self.request(world, rf, user, method="post"))
        assert response.status_code == 403
        assert not Team.objects.filter(name__in=["Within", "Refused"]).exists()
        denied = Access.objects.get(outcome=Outcome.DENIED)
        assert (denied.actor_id, denied.method) == (user.pk, "POST")

    def test_nobody_who_is_not_found_learns_more_than_that(self, world: World) -> None:
        client = world.client(world.user(Role.SYSADMIN))
        assert client.get(reverse("staff:user", args=[999_999_999])).status_code == 404
        assert Access.objects.filter(outcome=Outcome.NOT_FOUND, what="staff:user").count() == 1

    def test_a_page_says_what_it_showed(self, world: World) -> None:
        officer = world.user(Role.HOUSING_OFFICER)
        admin = world.user(Role.SYSADMIN)
        world.client(admin).get(reverse("staff:user", args=[officer.pk]))
        row = Access.objects.get(what="staff:user")
        assert (row.actor_id, row.subject_kind, row.subject_ids) == (
            admin.pk,
            "staff.user",
            [officer.pk],
        )
        assert row.request_id

    @staticmethod
    def request(
        world: World, rf: RequestFactory, user: User | None = None, method: str = "get"
    ) -> object:
        request = getattr(rf, method)("/somewhere/")
        user = user or world.user(Role.HOUSING_OFFICER)
        request.actor = user.actor(world.now)
        request.user = user
        request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name="somewhere")
        return request


class TestOperations:
    def test_an_operation_without_its_event_is_undone(self, world: World) -> None:
        @operation
        def silent(*, by: Actor, at: object) -> None:
            Team.objects.create(name="Silent")

        with pytest.raises(UnrecordedOperation):
            silent(by=COMMAND, at=world.now)
        assert not Team.objects.filter(name="Silent").exists()

    def test_saying_that_nothing_changed_is_enough(self, world: World) -> None:
        @operation
        def idle(*, by: Actor, at: object) -> None:
            unchanged()

        before = Event.objects.count()
        idle(by=COMMAND, at=world.now)
        assert Event.objects.count() == before

    def test_an_event_and_its_change_go_together(self, world: World) -> None:
        @operation
        def breaks(*, by: Actor, at: object) -> None:
            team = Team.objects.create(name="Half")
            record(Verb.TEAM_ADDED, by=by, at=world.now, subject=team)
            raise RuntimeError("half way")

        before = Event.objects.count()
        with pytest.raises(RuntimeError):
            breaks(by=COMMAND, at=world.now)
        assert Event.objects.count() == before
        assert not Team.objects.filter(name="Half").exists()

    def test_no_event_is_without_its_actor(self, world: World) -> None:
        with refused():
            Event.objects.create(at=world.now, actor_name="", verb=Verb.TEAM_ADDED)
        with refused():
            Access.objects.create(at=world.now, actor_name="", what="x")

    def test_the_transaction_knows_who_acts(self, world: World) -> None:
        seen: list[str] = []

        @operation
        def looks(*, by: Actor, at: object) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('app.actor', true)")
                seen.append(cursor.fetchone()[0])
            unchanged()

        user = world.user(Role.DPO)
        looks(by=user.actor(world.now), at=world.now)
        looks(by=COMMAND, at=world.now)
        assert seen == [str(user.pk), "the test world"]
        assert context.actor() is None

    def test_history_names_the_actor_of_the_operation(self, world: World) -> None:
        admin = world.user(Role.SYSADMIN)
        team = operations.add_team(by=admin.actor(world.now), at=world.now, name="West")
        assert team.history.get().history_user_id == admin.pk

    def test_what_is_refused_leaves_nothing(self, world: World) -> None:
        officer = world.user(Role.HOUSING_OFFICER)
        before = Event.objects.count()
        with pytest.raises(Refused):
            operations.add_team(by=officer.actor(world.now), at=world.now, name="Mine")
        assert Event.objects.count() == before


def test_no_get_of_ours_writes(world: World) -> None:
    """Bar row 44: pages looked at change no row but the ledger's and the session's."""
    world.policy()
    officer = world.user(Role.HOUSING_OFFICER)
    admin = world.client(world.user(Role.SYSADMIN))
    dpo = world.client(world.user(Role.DPO))
    kept = {"audit_access", Session._meta.db_table}
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in kept
    } & set(connection.introspection.table_names())

    def sums() -> dict[str, str]:
        with connection.cursor() as cursor:
            found = {}
            for table in sorted(tables):
                cursor.execute(
                    f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM \"{table}\" t"
                )
                found[table] = cursor.fetchone()[0]
        return found

    before = sums()
    for client, names in (
        (admin, ("staff:users", "staff:teams", "staff:add-user", "policy:settings", "sessions")),
        (dpo, ("audit:ledger", "audit:own-log", "policy:policy")),
    ):
        for name in names:
            assert client.get(reverse(name)).status_code == 200, name
    for name in ("user", "change-user", "stop-user", "grant-role"):
        assert admin.get(reverse(f"staff:{name}", args=[officer.pk])).status_code == 200
    assert sums() == before


def test_the_schema_is_the_models() -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert all(isinstance(model, type(models.Model)) for model in apps.get_models())
