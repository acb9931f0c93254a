"""What production refuses to start on: one sentence a fault (bar row 67).

`hatecrime.wsgi` calls `refuse_unsafe_start()` as it is loaded, so every server that could serve
it is covered; only the developer's own `runserver` is not.
"""

import sys
from typing import Any

import pgtrigger
import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.backends.utils import CursorWrapper

from cases.audit import capturing
from hatecrime.privileges import privilege_faults

SHORTEST_SECRET = 50
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})
MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes")


class UnsafeStart(RuntimeError):
    """The application must not serve as it is configured; the message has a sentence a fault."""


def refuse_unsafe_start() -> None:
    """Raise UnsafeStart unless it is safe to serve people's cases with these settings."""
    if sys.argv[1:2] == ["runserver"]:
        return
    faults = configuration_faults(settings) or database_faults()
    if faults:
        raise UnsafeStart("Refusing to start.\n" + "\n".join(f"- {fault}" for fault in faults))


def configuration_faults(config: Any) -> list[str]:
    """Return what is unsafe in the settings, a sentence each."""
    faults = []
    if config.DEBUG:
        faults.append("DEBUG is on: its error pages show people's cases to anybody.")
    if config.TESTING:
        faults.append("TESTING is on: it switches protections off for the test suite.")
    if config.SECRET_KEY == config.DEFAULT_SECRET_KEY:
        faults.append("SECRET_KEY is the default one, which everybody can read: set one of yours.")
    elif len(config.SECRET_KEY) < SHORTEST_SECRET:
        faults.append(f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters.")
    return [*faults, *host_faults(set(config.ALLOWED_HOSTS), local_http=config.LOCAL_HTTP)]


def host_faults(hosts: set[str], *, local_http: bool) -> list[str]:
    """Return what is unsafe in the names we answer to, a sentence each."""
    faults = [
        f"ALLOWED_HOSTS has {host}, which lets any name through: list the names."
        for host in sorted(hosts)
        if "*" in host
    ]
    if not hosts:
        faults.append("ALLOWED_HOSTS is empty: name the hosts this is served at.")
    if local_http and (beyond := sorted(hosts - LOOPBACK)):
        faults.append(
            f"LOCAL_HTTP is on, which is for this machine alone, and ALLOWED_HOSTS has "
            f"{', '.join(beyond)}: cookies would travel unencrypted."
        )
    return faults


def database_faults() -> list[str]:
    """Return what is unsafe in the database, a sentence each; no connection is left open."""
    try:
        with connection.cursor() as cursor:
            return [
                *durability_faults(cursor),
                *trigger_faults(cursor),
                *privilege_faults(cursor),
            ]
    except DatabaseError as error:
        return [f"The database cannot be used: {' '.join(str(error).split())}"]
    finally:
        # A server forks after this; a connection must not be shared by two processes.
        connections.close_all()


def durability_faults(cursor: CursorWrapper) -> list[str]:
    """Return which of the server's settings would lose a case that was said to be saved."""
    cursor.execute(
        "SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name",
        [list(MUST_BE_ON)],
    )
    return [
        f"PostgreSQL has {name} off: a crash would lose work that people were told was saved."
        for name, setting in cursor.fetchall()
        if setting == "off"
    ]


def trigger_faults(cursor: CursorWrapper) -> list[str]:
    """Return which declared triggers the database does not enforce as they are declared."""
    return [
        f"The trigger {name} on {table} is missing, altered or switched off: run the migrations."
        for table, name in missing_triggers(cursor)
    ]


def missing_triggers(cursor: CursorWrapper | psycopg.Cursor[Any]) -> list[tuple[str, str]]:
    """Return the table and name of every trigger that is not in force: those the models declare,
    and those that keep every write.
    """
    cursor.execute(
        "SELECT c.relname, t.tgname, obj_description(t.oid, 'pg_trigger')"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgname LIKE 'pgtrigger%%' AND t.tgenabled IN ('O', 'A')"
        " AND pg_table_is_visible(c.oid)"
    )
    in_force = set(cursor.fetchall())
    declared = [
        (model._meta.db_table, str(trigger.name))
        for model, trigger in pgtrigger.registered()
        if (model._meta.db_table, trigger.get_pgid(model), trigger.compile(model).hash)
        not in in_force
    ]
    return sorted([*declared, *capturing.missing(cursor)])
