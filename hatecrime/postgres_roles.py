"""The five roles of a database server, and a database that belongs to one of them (ADR 21).

This module must not import Django: the embedded server makes its roles before settings exist.
What each role may do in the tables is `hatecrime.roles`'.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_urlsafe
from typing import Any

from psycopg import Connection, sql

OWNER = "hatecrime_owner"  # owns the tables; migrates
APP = "hatecrime_app"  # what the application serves as: owns nothing
AUDITOR = "hatecrime_audit"  # only reads
LEDGER = "hatecrime_ledger"  # owns the ledger and what writes it; nobody signs in as it
ERASER = "hatecrime_erase"  # for retention, within what the ledger lets go; nobody signs in as it
LOGINS = (OWNER, APP, AUDITOR)
EVERY = (*LOGINS, LEDGER, ERASER)
FORMER = "hatecrime"  # the one role of earlier installations, which owned everything

Server = Connection[Any]


def make_roles(admin: Server, *, passwords: bool, new_passwords: bool = False) -> dict[str, str]:
    """Make what roles are missing; return the passwords that were made, by role.

    ``passwords`` is whether who signs in needs one; with ``new_passwords`` those that are there
    get another. Roles that are there keep whatever else they have.
    """
    there = {name for (name,) in admin.execute("SELECT rolname FROM pg_roles")}
    made = {}
    for role in EVERY:
        if role not in there:
            kind = "LOGIN" if role in LOGINS else "NOLOGIN"
            _say(admin, f"CREATE ROLE {{}} {kind}", role)
        if passwords and role in LOGINS and (new_passwords or role not in there):
            made[role] = token_urlsafe(32)
            _set_password(admin, role, made[role])
    if not _is_member(admin, OWNER, LEDGER):
        _say(admin, "GRANT {} TO {}", LEDGER, OWNER)
    return made


def may_make_databases(admin: Server) -> None:
    """Let the owner make databases, as the test suite does."""
    _say(admin, "ALTER ROLE {} CREATEDB", OWNER)


def rename_former(admin: Server) -> None:
    """Make the one role of an earlier installation the owner, with all it owns."""
    there = {name for (name,) in admin.execute("SELECT rolname FROM pg_roles")}
    if FORMER in there and OWNER not in there:
        _say(admin, "ALTER ROLE {} RENAME TO {}", FORMER, OWNER)


def make_database(admin: Server, name: str) -> bool:
    """Make the database, the owner's, if there is none; return whether this made it."""
    found = admin.execute(
        "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    with _acting_for_owner(admin):
        if found is None:
            _say(admin, "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING UTF8", name, OWNER)
        elif found[0] != OWNER:
            _say(admin, "ALTER DATABASE {} OWNER TO {}", name, OWNER)
    return found is None


def take_over(inside: Server) -> None:
    """Give the owner what stands in schema public of the database ``inside`` is connected to."""
    with _acting_for_owner(inside):
        schema = inside.execute(
            "SELECT pg_get_userbyid(nspowner)::text FROM pg_namespace WHERE nspname = 'public'"
        ).fetchone()
        if schema is None:
            _say(inside, "CREATE SCHEMA public AUTHORIZATION {}", OWNER)
        elif schema[0] not in (OWNER, "pg_database_owner"):
            _say(inside, "ALTER SCHEMA public OWNER TO {}", OWNER)
        for kind, name in inside.execute(_OTHERS, {"owner": OWNER}).fetchall():
            inside.execute(f"ALTER {kind} {name} OWNER TO {OWNER}")


# Not what belongs to an extension, nor a sequence that goes with its column.
_OTHERS = """
    SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
        WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, oid::regclass::text
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r','p','v','m','S')
    AND pg_get_userbyid(relowner) <> %(owner)s
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_class.oid
        AND d.classid = 'pg_class'::regclass AND d.deptype IN ('e', 'a', 'i'))
    UNION ALL
    SELECT 'ROUTINE', oid::regprocedure::text
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    AND pg_get_userbyid(proowner) <> %(owner)s
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_proc.oid
        AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
"""


@contextmanager
def _acting_for_owner(admin: Server) -> Iterator[None]:
    """Be a member of the owner's role, which an administrator short of superuser needs to be."""
    row = admin.execute(
        "SELECT rolsuper OR pg_has_role(oid, %s, 'USAGE'), rolname FROM pg_roles"
        " WHERE rolname = current_user",
        [OWNER],
    ).fetchone()
    if row is None or row[0]:
        yield
        return
    _say(admin, "GRANT {} TO {}", OWNER, row[1])
    try:
        yield
    finally:
        _say(admin, "REVOKE {} FROM {}", OWNER, row[1])


def _is_member(admin: Server, member: str, role: str) -> bool:
    row = admin.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [member, role]).fetchone()
    return bool(row and row[0])


def _set_password(admin: Server, role: str, password: str) -> None:
    """Hand over only what verifies it, so that no log of statements has the password."""
    verifier = admin.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    admin.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
    )


def _say(connection: Server, statement: str, *names: str) -> None:
    named = sql.SQL(statement).format(*map(sql.Identifier, names))
    connection.execute(named)
