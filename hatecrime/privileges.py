"""What the application's own role could do that it must not: one sentence a fault (ADR 21).

Each is asked of PostgreSQL, which counts what comes by membership of another role too.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from hatecrime import roles
from hatecrime.postgres_roles import ERASER, LEDGER, OWNER

CURE = "serve as the role that `manage.py database_roles` makes for it"
# What PostgreSQL lets a role do beyond its privileges on tables.
ATTRIBUTES = (
    "is a superuser, whom nothing in the database stops",
    "may step over row security (BYPASSRLS)",
    "may make roles (CREATEROLE)",
    "may make databases (CREATEDB)",
    "may copy the whole server (REPLICATION)",
)
# Roles of PostgreSQL's own that lead out of the database and back in as its superuser.
WAYS_OUT = ["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"]


def privilege_faults(cursor: CursorWrapper) -> list[str]:
    """Return what the role of this connection may do too much of, a sentence each."""
    cursor.execute(
        "SELECT rolname::text, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
        " FROM pg_roles WHERE rolname = current_user"
    )
    name, *has = cursor.fetchone()
    too_much = [words for words, on in zip(ATTRIBUTES, has, strict=True) if on]
    if has[0]:  # who may do all that follows: one sentence says it
        too_much = too_much[:1]
    else:
        for look in (
            _owned,
            _memberships,
            _alterable,
            _history_writable,
            _ledger_writable,
            _unlocked,
        ):
            too_much += look(cursor)
    return [f"The database role {name} {words}: {CURE}." for words in too_much]


def _owned(cursor: CursorWrapper) -> Iterable[str]:
    cursor.execute(
        "SELECT 'the database' FROM pg_database"
        " WHERE datname = current_database() AND datdba = current_user::regrole"
        " UNION ALL SELECT 'schema ' || nspname FROM pg_namespace"
        " WHERE nspowner = current_user::regrole"
        " UNION ALL (SELECT relname FROM pg_class WHERE relowner = current_user::regrole"
        " AND relkind IN ('r', 'p', 'v', 'm') ORDER BY relname)"
    )
    if owned := _listed(cursor):
        yield f"owns {owned}, and whoever owns a table can switch its triggers off"


def _memberships(cursor: CursorWrapper) -> Iterable[str]:
    cursor.execute(
        "SELECT rolname FROM pg_roles r WHERE rolname <> current_user"
        " AND pg_has_role(current_user, oid, 'MEMBER')"
        " AND (rolsuper OR rolname = ANY(%s)"
        " OR oid IN (SELECT datdba FROM pg_database WHERE datname = current_database())"
        " OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid AND relkind IN ('r', 'p')))"
        " ORDER BY rolname",
        [[OWNER, LEDGER, ERASER, *WAYS_OUT]],
    )
    if others := _listed(cursor):
        yield f"is a member of {others}, and may do all that these may"


def _alterable(cursor: CursorWrapper) -> Iterable[str]:
    cursor.execute(
        "SELECT relname FROM pg_class c WHERE relname = ANY(%s)"
        " AND relnamespace = 'public'::regnamespace AND ("
        "has_table_privilege(current_user, oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')"
        " OR has_any_column_privilege(current_user, oid, 'UPDATE')) ORDER BY relname",
        [roles.never_altered()],
    )
    if tables := _listed(cursor):
        yield f"may alter or delete rows that are only ever added, in {tables}"


def _history_writable(cursor: CursorWrapper) -> Iterable[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relname = ANY(%s)"
        " AND relnamespace = 'public'::regnamespace"
        " AND has_any_column_privilege(current_user, oid, 'INSERT') ORDER BY relname",
        [roles.history()],
    )
    if tables := _listed(cursor):
        yield f"may write history, which only the database does, in {tables}"


def _ledger_writable(cursor: CursorWrapper) -> Iterable[str]:
    cursor.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE nspname = 'ledger' AND relkind IN ('r', 'p') AND ("
        "has_table_privilege(current_user, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')"
        " OR has_any_column_privilege(current_user, c.oid, 'INSERT, UPDATE'))"
        " UNION ALL SELECT 'new tables' FROM pg_namespace WHERE nspname = 'ledger'"
        " AND has_schema_privilege(current_user, oid, 'CREATE') ORDER BY 1"
    )
    if tables := _listed(cursor):
        yield f"may write the ledger itself ({tables})"


def _unlocked(cursor: CursorWrapper) -> Iterable[str]:
    cursor.execute(
        "SELECT has_schema_privilege(current_user, 'public', 'CREATE'),"
        " has_parameter_privilege(current_user, 'session_replication_role', 'SET')"
    )
    makes_tables, switches_triggers = cursor.fetchone()
    if makes_tables:
        yield "may make tables and functions in schema public"
    if switches_triggers:
        yield "may switch all triggers off (session_replication_role)"


def _listed(cursor: CursorWrapper) -> str:
    """What was found, the first three by name."""
    found = [str(name) for (name,) in cursor.fetchall()]
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(found[:3]) + more
