"""What the application's own role tries in vain: bar row 34, each attempt refused by name."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from cases.access import Role
from hatecrime.postgres_roles import APP
from tests import databases
from tests.world import World

REFUSED = psycopg.errors.InsufficientPrivilege  # SQLSTATE 42501
HISTORY = "casework_historicalcase"
KEPT = ("audit_event", "audit_access", HISTORY, "ledger.link", "ledger.entry", "ledger.form")

ATTEMPTS = {
    **{f"update {table}": f"UPDATE {table} SET id = 1" for table in KEPT[:3]},
    "update ledger.link": "UPDATE ledger.link SET actor = 'nobody'",
    "update ledger.entry": "UPDATE ledger.entry SET salt = NULL",
    "update ledger.form": "UPDATE ledger.form SET columns = '{}'",
    **{f"delete {table}": f"DELETE FROM {table}" for table in KEPT},
    **{f"truncate {table}": f"TRUNCATE {table}" for table in (*KEPT, "casework_note")},
    "triggers of a case off": "ALTER TABLE casework_case DISABLE TRIGGER ALL",
    "triggers of an event off": "ALTER TABLE audit_event DISABLE TRIGGER USER",
    "triggers of the ledger off": "ALTER TABLE ledger.pending DISABLE TRIGGER seal",
    "a trigger dropped": "DROP TRIGGER kept ON ledger.link",
    "all triggers off": "SET session_replication_role = replica",
    "head edited": "UPDATE ledger.head SET seq = 0",
    "head removed": "DELETE FROM ledger.head",
    "the owner's role": "SET ROLE hatecrime_owner",
    "the ledger's role": "SET ROLE hatecrime_ledger",
    "the eraser's role": "SET ROLE hatecrime_erase",
    "the superuser's session": "SET SESSION AUTHORIZATION postgres",
    "a link added": "INSERT INTO ledger.link SELECT * FROM ledger.link",
    "an entry added": "INSERT INTO ledger.entry VALUES (1, 1, 1, '+', 1, 1, '', '')",
    "a form added": "INSERT INTO ledger.form (table_name, columns) VALUES ('x', '{}')",
    "history added": f"INSERT INTO {HISTORY} SELECT * FROM {HISTORY}",
    "something left pending": "INSERT INTO ledger.pending (form) VALUES (1)",
    "pending read": "SELECT * FROM ledger.pending",
    "pending removed": "DELETE FROM ledger.pending",
    "pending emptied": "TRUNCATE ledger.pending",
    "sealing by hand": "SELECT ledger.seal()",
    # What would lead to the same by another way.
    "more rights": "ALTER ROLE hatecrime_app SUPERUSER",
    "a table of its own": "CREATE TABLE public.mine (id int)",
    "a temporary table": "CREATE TEMPORARY TABLE mine (id int)",
    "a schema of its own": "CREATE SCHEMA mine",
    "the triggers' own function": "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore("
    "trigger_name name) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "numbers set back": f"SELECT setval(pg_get_serial_sequence('{HISTORY}', 'history_id'), 1)",
    "migrations forgotten": "DELETE FROM django_migrations",
    "a case deleted": "DELETE FROM casework_case",
    "a program run": "COPY audit_event TO PROGRAM 'cat'",
}


@pytest.fixture
def application(own_database: str) -> Iterator[psycopg.Connection]:
    """The application's own role, with nothing of ours between it and the database."""
    with psycopg.connect(own_database, autocommit=True) as connection:
        yield connection


def test_every_attempt_is_refused(application: psycopg.Connection) -> None:
    assert application.execute("SELECT current_user::text").fetchone() == (APP,)
    application.execute("SELECT count(*) FROM audit_event")  # what it may do it can
    let_through = []
    for what, statement in ATTEMPTS.items():
        try:
            application.execute(statement)
        except REFUSED:
            continue
        except psycopg.Error as error:
            let_through.append(f"{what}: {error}")
        else:
            let_through.append(what)
    assert let_through == []


def test_triggers_do_not_look_away_for_the_application(own_database: str) -> None:
    """Any session may set what django-pgtrigger's triggers ask; only the owner is believed."""
    everything = (
        "SELECT set_config('pgtrigger.ignore',"
        " (SELECT array_agg(DISTINCT tgname)::text FROM pg_trigger), false)"
    )
    asked = "SELECT bool_or(public._pgtrigger_should_ignore(tgname)) FROM pg_trigger"
    name = databases.name_in(own_database)
    with psycopg.connect(own_database) as application, databases.as_owner(name) as owner:
        for connection, believed in ((application, False), (owner, True)):
            assert connection.execute(asked).fetchone() == (False,)
            connection.execute(everything)
            assert connection.execute(asked).fetchone() == (believed,)


def test_the_owner_is_refused_too_by_the_triggers(own_world: World) -> None:
    own_world.user(Role.HOUSING_OFFICER)
    with databases.as_owner(connection.settings_dict["NAME"]) as owner:
        for table in ("audit_event", "staff_historicaluser"):
            assert owner.execute(f"SELECT count(*) > 0 FROM {table}").fetchone() == (True,)
            for statement in ("DELETE FROM {}", "UPDATE {} SET id = 1", "TRUNCATE {} CASCADE"):
                with pytest.raises(psycopg.errors.RaiseException):
                    owner.execute(statement.format(table))


def test_a_page_that_cannot_be_recorded_is_not_shown(own_world: World) -> None:
    officer = own_world.user(Role.HOUSING_OFFICER, name="Canary Birdwell")
    client = own_world.client(own_world.user(Role.SYSADMIN))
    addresses = [
        reverse("staff:users"),
        reverse("staff:user", args=[officer.pk]),
        reverse("audit:own-log"),
        reverse("policy:settings"),
    ]
    for address in addresses:
        assert client.get(address).status_code == 200
    with databases.as_owner(connection.settings_dict["NAME"]) as owner:
        owner.execute(f"REVOKE INSERT ON audit_access FROM {APP}")
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 503, address
        assert "Canary" not in response.content.decode()
