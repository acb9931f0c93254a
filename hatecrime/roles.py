"""What each role may do in the tables, worked out from the models (ADR 21).

`manage.py migrate` ends with :func:`grant`, so a table can never be without its privileges, and
one whose rows became append-only loses what it had.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg import sql
from simple_history.models import HistoricalChanges

from hatecrime.postgres_roles import APP, AUDITOR, ERASER, LEDGER

LOCK = 0x48_43_52  # two migrations at once would grant at once, which PostgreSQL refuses
MISSING = "These roles are missing: {}. Make them with `manage.py database_roles`."
IGNORE = '"public"._pgtrigger_should_ignore'  # what every trigger of django-pgtrigger asks


class RolesMissing(RuntimeError):
    """The server does not have our roles; the message is a sentence for a person."""


class Kept(Enum):
    """How the rows of a table live."""

    CHANGING = "changed and deleted"
    STAYING = "changed, never deleted"
    ADDED = "only ever added"
    HISTORY = "only ever added, beside the row they are history of"
    READ = "only read"


MAY = {
    Kept.CHANGING: "SELECT, INSERT, UPDATE, DELETE",
    Kept.STAYING: "SELECT, INSERT, UPDATE",
    Kept.ADDED: "SELECT, INSERT",
    Kept.HISTORY: "SELECT",  # the database writes it (cases.audit.capture)
    Kept.READ: "SELECT",
}
"""What the application may therefore do to them."""


def kinds() -> dict[str, Kept]:
    """Return how the rows of every table of the application live, by the table's name."""
    suffixes: dict[Any, set[str]] = {}
    for model, trigger in pgtrigger.registered():
        if trigger.condition is not None:
            continue  # what refuses some rows lets the others go
        suffixes.setdefault(model, set()).add(str(trigger.name).rpartition("_")[2])
    found = {
        model._meta.db_table: _kind(model, suffixes.get(model, set()))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    caches = {str(cache.get("LOCATION", "")) for cache in settings.CACHES.values()}
    return {**found, **dict.fromkeys(caches, Kept.CHANGING), "django_migrations": Kept.READ}


def _kind(model: type[Model], triggers: set[str]) -> Kept:
    if issubclass(model, HistoricalChanges):
        return Kept.HISTORY
    if getattr(model, "only_read", False):
        return Kept.READ  # the database works it out from other rows, and writes it
    if "kept" in triggers:
        return Kept.ADDED
    return Kept.STAYING if "stays" in triggers else Kept.CHANGING


def never_altered() -> list[str]:
    """Return the tables, history included, whose rows nobody alters or deletes."""
    return sorted(t for t, kind in kinds().items() if kind in (Kept.ADDED, Kept.HISTORY))


def history() -> list[str]:
    """Return the tables that say how rows of others were."""
    return sorted(table for table, kind in kinds().items() if kind is Kept.HISTORY)


def audited() -> list[str]:
    """Return the tables the auditor reads: every one of the cases', their history included."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("cases.") and model._meta.managed and not model._meta.proxy
    )


def grant(connection: BaseDatabaseWrapper) -> None:
    """Give every role exactly what it needs in this database.  Only the owner can.

    Raises RolesMissing.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        _see_that_roles_are_there(cursor)
        there = set(connection.introspection.table_names(cursor))
        _close(cursor)
        by_kind: dict[Kept, list[str]] = {kind: [] for kind in Kept}
        for table, kind in kinds().items():
            by_kind[kind] += [table] * (table in there)
        for kind, tables in by_kind.items():
            _grant(cursor, MAY[kind], tables, APP)
        _grant(cursor, "SELECT, INSERT", by_kind[Kept.HISTORY], LEDGER)
        _grant(cursor, "SELECT", there.intersection(audited()), AUDITOR)
        _guard_the_guards(cursor)


def _see_that_roles_are_there(cursor: CursorWrapper) -> None:
    roles = [APP, AUDITOR, LEDGER, ERASER]
    cursor.execute("SELECT rolname::text FROM pg_roles WHERE rolname = ANY(%s)", [roles])
    if missing := sorted({*roles} - {name for (name,) in cursor.fetchall()}):
        raise RolesMissing(MISSING.format(", ".join(missing)))


def _close(cursor: CursorWrapper) -> None:
    """Take everything away from everybody but the owner, then let in who has work here."""
    everybody = sql.SQL(", ").join(
        [sql.SQL("PUBLIC"), *map(sql.Identifier, (APP, AUDITOR, LEDGER, ERASER))]
    )
    cursor.execute("SELECT current_database()")
    names = {
        "database": sql.Identifier(cursor.fetchone()[0]),
        "everybody": everybody,
        "logins": sql.SQL(", ").join(map(sql.Identifier, (APP, AUDITOR))),
        "writers": sql.SQL(", ").join(map(sql.Identifier, (APP, LEDGER))),
        "users": sql.SQL(", ").join(map(sql.Identifier, (APP, AUDITOR, LEDGER, ERASER))),
    }
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM {everybody}",
        "REVOKE ALL ON SCHEMA public FROM {everybody}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {everybody}",
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {everybody}",
        "GRANT CONNECT ON DATABASE {database} TO {logins}",
        "GRANT USAGE ON SCHEMA public TO {users}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {writers}",  # not UPDATE: no setval
    ):
        cursor.execute(sql.SQL(statement).format(**names))


def _grant(cursor: CursorWrapper, what: str, tables: Iterable[str], role: str) -> None:
    named = [sql.Identifier("public", table) for table in sorted(tables)]
    if named:
        statement = sql.SQL("GRANT {} ON {} TO {}").format(
            sql.SQL(what),
            sql.SQL(", ").join(named),
            sql.Identifier(role),
        )
        cursor.execute(statement)


def _guard_the_guards(cursor: CursorWrapper) -> None:
    """Let nobody but the owner tell the triggers to look away.

    django-pgtrigger's triggers do nothing for whoever sets `pgtrigger.ignore`, which any session
    may.  Its function is made again by every migration that makes a trigger, hence here.
    """
    cursor.execute("SELECT to_regproc(%s) IS NOT NULL, current_user::text", [IGNORE])
    there, owner = cursor.fetchone()
    if there:
        cursor.execute(sql.SQL(_ONLY_THE_OWNER).format(owner=sql.Literal(owner)))


_ONLY_THE_OWNER = f"""
    CREATE OR REPLACE FUNCTION {IGNORE}(trigger_name name) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        RETURN current_user = {{owner}} AND coalesce(trigger_name = ANY(
            nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false);
    END $$
"""
