"""Every way of writing is captured, in its transaction, under a name (bar section 3, row 31).

Committed for real, to a database of each test's own, and read as the auditor would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from cases.access import Actor
from cases.audit import context
from cases.audit.capture import Kept, captured, function_sql, triggers_sql
from cases.audit.capturing import install, missing
from cases.staff.models import Team
from hatecrime.owner import as_owner
from tests import databases

AT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
CLERK = Actor(id=41, name="A clerk")


@contextmanager
def writing(by: Actor = CLERK) -> Iterator[None]:
    """A transaction of somebody's own."""
    with transaction.atomic(), context.acting_as(by, at=AT, purpose="a test"):
        yield


def sealed(table: str = "staff_team") -> list[tuple[str, int, int | None]]:
    """What the ledger holds of a table: how, which row, which row of its history."""
    with databases.as_owner(connection.settings_dict["NAME"]) as owner:
        return owner.execute(
            "SELECT e.op, e.row_id, e.kept_id FROM ledger.entry e JOIN ledger.form f"
            " ON f.id = e.form WHERE f.table_name = %s ORDER BY e.seq, e.n",
            [table],
        ).fetchall()


def links() -> list[tuple[Any, ...]]:
    """Who wrote in each transaction, for what, and how much."""
    with databases.as_owner(connection.settings_dict["NAME"]) as owner:
        return owner.execute(
            "SELECT seq, actor, purpose, entries FROM ledger.link ORDER BY seq"
        ).fetchall()


def past() -> list[tuple[str, str, int | None]]:
    """The row history: how, the name it had, and who."""
    rows = Team.history.order_by("history_id")
    return list(rows.values_list("history_type", "name", "history_user_id"))


def raw(statement: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def one_team() -> Team:
    return Team.objects.create(name="North")


def of_save() -> None:
    one_team()


def of_save_again() -> None:
    team = Team.objects.get(name="First")
    team.name = "Again"
    team.save()


def of_update() -> None:
    Team.objects.filter(name="First").update(name="Updated")


def of_update_by_expression() -> None:
    Team.objects.update(name=Concat(F("name"), Value("!")))


def of_bulk_create() -> None:
    Team.objects.bulk_create([Team(name=name) for name in ("A", "B", "C")])


def of_bulk_update() -> None:
    teams = list(Team.objects.order_by("pk"))
    for team in teams:
        team.name += "?"
    Team.objects.bulk_update(teams, ["name"])


def of_upsert() -> None:
    first = Team.objects.get(name="First")
    Team.objects.bulk_create(
        [Team(pk=first.pk, name="Put over"), Team(pk=first.pk + 1000, name="Put beside")],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name"],
    )


def of_raw_sql() -> None:
    raw("INSERT INTO staff_team (name) VALUES ('Raw'), ('Rawer')")


def of_delete() -> None:
    Team.objects.get(name="First").delete()


def of_raw_delete() -> None:
    every = Team.objects.all()
    every._raw_delete(every.db)


# Each way, and what it leaves: in both the ledger and the history, or the two disagree.
WAYS: list[tuple[Callable[[], None], list[tuple[str, str]]]] = [
    (of_save, [("+", "North")]),
    (of_save_again, [("~", "Again")]),
    (of_update, [("~", "Updated")]),
    (of_update_by_expression, [("~", "First!"), ("~", "Second!")]),
    (of_bulk_create, [("+", "A"), ("+", "B"), ("+", "C")]),
    (of_bulk_update, [("~", "First?"), ("~", "Second?")]),
    (of_upsert, [("+", "Put beside"), ("~", "Put over")]),
    (of_raw_sql, [("+", "Raw"), ("+", "Rawer")]),
    (of_delete, [("-", "First")]),
    (of_raw_delete, [("-", "First"), ("-", "Second")]),
]


@pytest.fixture(scope="module")
def committed(template_database: str, django_db_blocker: Any) -> Iterator[None]:
    """One database for all who only add to it: what each leaves is looked at from its beginning."""
    with (
        django_db_blocker.unblock(),
        databases.cloned(template_database) as name,
        databases.using(name),
    ):
        yield


@pytest.fixture
def two_teams(committed: None) -> Iterator[int]:
    """Two teams and no others; yields how much history and ledger there is already."""
    with writing():
        Team.objects.all().delete()
        Team.objects.bulk_create([Team(name="First"), Team(name="Second")])
    yield len(past())
    connection.close()


@pytest.mark.parametrize(("way", "left"), WAYS, ids=[way.__name__ for way, _ in WAYS])
class TestWays:
    def test_is_kept(
        self, way: Callable[[], None], left: list[tuple[str, str]], two_teams: int
    ) -> None:
        before = len(links())
        with writing():
            way()
        assert sorted((how, name) for how, name, _ in past()[two_teams:]) == sorted(left)
        assert {who for *_, who in past()} == {CLERK.id}
        entries = sealed()[two_teams:]
        assert sorted(how for how, *_ in entries) == sorted(how for how, _ in left)
        history = Team.history.in_bulk([kept for *_, kept in entries], field_name="history_id")
        for how, row, kept in entries:
            was = history[kept]
            assert (was.id, was.history_type, was.history_date) == (row, how, AT)
        assert links()[before:] == [(before + 1, str(CLERK.id), "a test", len(left))]

    def test_leaves_nothing_when_undone(
        self, way: Callable[[], None], left: list[tuple[str, str]], two_teams: int
    ) -> None:
        before = links(), sealed(), past()
        with writing():
            way()
            transaction.set_rollback(True)
        with writing(), transaction.atomic():
            way()
            transaction.set_rollback(True)
        assert (links(), sealed(), past()) == before

    def test_is_refused_without_a_name(
        self, way: Callable[[], None], left: list[tuple[str, str]], two_teams: int
    ) -> None:
        before = list(Team.objects.order_by("pk").values_list("pk", "name"))
        refused = pytest.raises(DatabaseError, match="a write to staff_team names no actor")
        with refused, transaction.atomic():
            way()
        assert list(Team.objects.order_by("pk").values_list("pk", "name")) == before


def test_a_name_ends_with_its_transaction(two_teams: int) -> None:
    with writing():
        of_save()
    with pytest.raises(DatabaseError, match="names no actor"):
        Team.objects.create(name="Later")


def test_a_save_that_changes_nothing_is_no_change(two_teams: int) -> None:
    before = links()
    with writing():
        Team.objects.get(name="First").save()
        Team.objects.update(name=F("name"))
    assert (len(past()), links()) == (two_teams, before)


def test_what_two_actors_wrote_in_one_transaction_is_two_links(two_teams: int) -> None:
    before = len(links())
    with writing():
        of_save()
        with context.acting_as(Actor(id=None, name="a job"), at=AT, purpose="within"):
            of_bulk_create()
        of_raw_sql()
    assert links()[before:] == [
        (before + 1, str(CLERK.id), "a test", 3),
        (before + 2, "a job", "within", 3),
    ]
    assert [who for *_, who in past()[two_teams:]] == [41, None, None, None, 41, 41]


def test_a_reason_is_given_to_history_and_to_nothing_after(two_teams: int) -> None:
    with writing():
        with context.because("fact=test"):
            of_save()
        of_save_again()
    reasons = Team.history.order_by("history_id").values_list("history_change_reason", flat=True)
    assert list(reasons[two_teams:]) == ["fact=test", None]


def test_many_to_many_rows_are_captured_too(own_database: str) -> None:
    """We have no such table now; Django's own stands for one, captured by the same functions."""
    through = Group.permissions.through
    columns = tuple(str(field.column) for field in through._meta.concrete_fields)
    kept = Kept(through._meta.db_table, None, columns)
    with databases.as_owner(connection.settings_dict["NAME"]) as owner, owner.transaction():
        (form,) = owner.execute(
            "INSERT INTO ledger.form (table_name, columns) VALUES (%s, %s) RETURNING id",
            [kept.table, list(columns)],
        ).fetchone() or (0,)
        owner.execute("SET LOCAL ROLE hatecrime_ledger")
        owner.execute(function_sql(kept, form))
        owner.execute("RESET ROLE")
        owner.execute(triggers_sql(kept))
    kind = ContentType.objects.create(app_label="test", model="test")
    may = Permission.objects.create(name="May", content_type=kind, codename="may")
    group = Group.objects.create(name="Group")
    with pytest.raises(DatabaseError, match="names no actor"), transaction.atomic():
        group.permissions.add(may)
    with writing():
        group.permissions.add(may)
        group.permissions.clear()
    assert [how for how, *_ in sealed(kept.table)] == ["+", "-"]


def test_every_table_of_ours_is_captured(own_database: str) -> None:
    names = {kept.table for kept in captured()}
    for model in apps.get_models(include_auto_created=True):
        ours = model.__module__.startswith("cases.")
        history = model.__name__.startswith("Historical")
        assert (model._meta.db_table in names) == (ours and not history), model
    with connection.cursor() as cursor:
        assert missing(cursor) == []


def test_capture_that_is_missing_or_altered_is_noticed_and_put_back(own_database: str) -> None:
    name = connection.settings_dict["NAME"]
    with databases.as_owner(name) as owner:
        owner.execute("DROP TRIGGER ledger_update ON staff_team")
        owner.execute("ALTER TABLE casework_case DISABLE TRIGGER ledger_insert")
        owner.execute(
            "CREATE OR REPLACE FUNCTION ledger.keep_casework_note() RETURNS trigger"
            " LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN NULL; END $$"
        )
    with connection.cursor() as cursor:
        assert {table for table, _ in missing(cursor)} == {
            "staff_team",
            "casework_case",
            "casework_note",
        }
        connection.close()
    with as_owner():
        install(connection)
    with connection.cursor() as cursor:
        assert missing(cursor) == []


def test_rows_that_were_there_before_are_adopted(own_database: str) -> None:
    name = connection.settings_dict["NAME"]
    with databases.as_owner(name) as owner:
        owner.execute("DELETE FROM ledger.form WHERE table_name = 'staff_team'")
        owner.execute("ALTER TABLE staff_team DISABLE TRIGGER USER")
        owner.execute("INSERT INTO staff_team (name) VALUES ('Old'), ('Older')")
        owner.execute(
            "INSERT INTO staff_historicalteam (id, name, history_date, history_type)"
            " SELECT id, name, now(), '+' FROM staff_team"
        )
        owner.execute("COMMENT ON SCHEMA ledger IS 'as it was before'")
    with as_owner():
        install(connection)
    assert [how for how, *_ in sealed()] == ["A", "A"]
    assert links()[-1][1:] == ("migrate", "adopted", 2)


def test_no_table_of_ours_is_reached_by_truncate(own_database: str) -> None:
    tables = [model._meta.db_table for model in _ours()]
    with databases.as_owner(connection.settings_dict["NAME"]) as owner:
        for table in tables:
            with pytest.raises(psycopg.Error):
                owner.execute(f'TRUNCATE "{table}" CASCADE')


def _ours() -> Iterator[type[models.Model]]:
    names = {kept.table for kept in captured()}
    return (model for model in apps.get_models() if model._meta.db_table in names)
