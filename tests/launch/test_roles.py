"""Who may do what in the tables; and working as their owner, for as long as it takes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.transaction import TransactionManagementError

from hatecrime import roles
from hatecrime.owner import OwnerUnknown, as_owner
from hatecrime.postgres_roles import APP, AUDITOR, ERASER, LEDGER, OWNER
from hatecrime.roles import Kept

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")


def asked(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def allowed(role: str) -> dict[str, set[str]]:
    """What a role may do in each table of ours, as PostgreSQL says."""
    rows = asked(
        "SELECT relname::text, p FROM pg_class, unnest(%s::text[]) p"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
        " AND has_table_privilege(%s, pg_class.oid, p)",
        list(EVERYTHING),
        role,
    )
    found: dict[str, set[str]] = {}
    for table, privilege in rows:
        found.setdefault(table, set()).add(privilege)
    return found


@pytest.mark.django_db
def test_the_tests_run_as_the_application() -> None:
    assert asked("SELECT current_user::text, session_user::text") == [(APP, APP)]


@pytest.mark.django_db
def test_the_application_may_do_to_each_table_what_its_rows_allow() -> None:
    kinds, may = roles.kinds(), allowed(APP)
    there = {
        name
        for (name,) in asked("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
    }
    assert there - set(kinds) == set(), "a table nobody has said the kind of"
    wrong = {
        table: may.get(table)
        for table in there
        if may.get(table, set()) != set(roles.MAY[kinds[table]].split(", "))
    }
    assert wrong == {}


def test_what_is_only_added_and_what_stays_is_known_from_the_models() -> None:
    kinds = roles.kinds()
    assert kinds["audit_event"] is kinds["audit_access"] is kinds["casework_note"] is Kept.ADDED
    assert kinds["casework_historicalcase"] is Kept.HISTORY
    assert kinds["casework_case"] is Kept.STAYING
    assert kinds["django_session"] is Kept.CHANGING
    assert kinds["django_migrations"] is Kept.READ


@pytest.mark.django_db
def test_the_others_may_do_what_they_are_for() -> None:
    kinds = roles.kinds()
    assert allowed(AUDITOR) == {table: {"SELECT"} for table in roles.audited()}
    assert {"audit_event", "audit_access", "casework_historicalcase"} <= set(roles.audited())
    assert not {"django_session", "account_emailaddress"} & set(roles.audited())
    history = [table for table, kind in kinds.items() if kind is Kept.HISTORY]
    assert allowed(LEDGER) == {table: {"SELECT", "INSERT"} for table in history}
    assert allowed(ERASER) == {}


@pytest.mark.django_db
def test_nobody_but_the_owner_makes_anything_in_the_database() -> None:
    for role in (APP, AUDITOR, LEDGER, ERASER, "public"):
        assert asked(
            "SELECT has_schema_privilege(%s, 'public', 'CREATE'),"
            " has_database_privilege(%s, current_database(), 'CREATE, TEMPORARY')",
            role,
            role,
        ) == [(False, False)]
    assert asked("SELECT has_database_privilege('public', current_database(), 'CONNECT')") == [
        (False,)
    ]


def test_the_owner_is_who_we_are_for_as_long_as_the_block(own_database: str) -> None:
    def who() -> tuple[Any, ...]:
        return asked(
            "SELECT current_user::text, current_database()::text,"
            " current_setting('statement_timeout') = '0'"
        )[0]

    before = who()
    assert before[0] == APP
    with as_owner():
        assert who() == (OWNER, before[1], True)
    with pytest.raises(ZeroDivisionError), as_owner():
        raise ZeroDivisionError
    assert who() == before


@pytest.mark.django_db
def test_nobody_becomes_the_owner_in_a_transaction() -> None:
    with pytest.raises(TransactionManagementError), as_owner():
        pass


def test_migrating_again_changes_no_privilege(own_database: str) -> None:
    before = allowed(APP), allowed(AUDITOR), allowed(LEDGER)
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT DELETE ON audit_event TO {APP}")
            cursor.execute(f"GRANT INSERT ON staff_user TO {AUDITOR}")
        roles.grant(connection)
        roles.grant(connection)
    assert (allowed(APP), allowed(AUDITOR), allowed(LEDGER)) == before


def test_without_the_owners_address_migrating_is_one_sentence(settings: Any) -> None:
    settings.DATABASE_OWNER = None
    with pytest.raises(CommandError, match=r"DATABASE_OWNER_URL is not set.*database_roles"):
        call_command("migrate")


def test_an_owner_of_another_database_is_one_sentence(settings: Any) -> None:
    settings.DATABASE_OWNER = {**settings.DATABASE_OWNER, "NAME": "another"}
    with pytest.raises(OwnerUnknown, match="name different databases"), as_owner():
        pass
