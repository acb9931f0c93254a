"""Databases of a test's own: cloned from the migrated test database, really committed to.

Tables refuse TRUNCATE, so nothing can be cleaned up after a commit; a database is thrown
away instead.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from psycopg import sql
from psycopg.errors import InsufficientPrivilege, ObjectInUse

from hatecrime import postgres
from hatecrime.postgres_roles import APP, AUDITOR

PATIENCE = 40  # tries
PAUSE = 0.25  # seconds between them
TOGETHER = 12  # clones removed at once

_done_with: list[str] = []


Server = psycopg.Connection[Any]


def as_owner(name: str) -> Server:
    """A connection to a database as the owner of its tables; what it does is committed."""
    return psycopg.connect(owner_address(name), autocommit=True)


def as_superuser(name: str) -> Server:
    """A connection as somebody who may do anything: who tampers, as no role of ours could."""
    return psycopg.connect(superuser_address(name), autocommit=True)


def _patiently(statement: sql.Composed) -> None:
    """Run it, waiting for the server's own vacuum, which nobody but it may send away."""
    for _ in range(PATIENCE):
        with as_owner("postgres") as admin, contextlib.suppress(ObjectInUse, InsufficientPrivilege):
            admin.execute(statement)
            return
        time.sleep(PAUSE)
    with as_owner("postgres") as admin:
        admin.execute(statement)


def clone(source: str, name: str) -> None:
    """Copy a database nobody is connected to, with who may do what in it."""
    copy, original = sql.Identifier(name), sql.Identifier(source)
    _patiently(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, original))
    # PostgreSQL copies all but the privileges on the database itself.
    _patiently(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(copy))
    roles = sql.SQL(", ").join(map(sql.Identifier, (APP, AUDITOR)))
    _patiently(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(copy, roles))


def exists(name: str) -> bool:
    """Whether the server has a database of that name."""
    with as_owner("postgres") as admin:
        asked = "SELECT FROM pg_database WHERE datname = %s"
        return admin.execute(asked, [name]).fetchone() is not None


def drop(name: str) -> None:
    """Remove a database, whoever is still connected to it.

    On the embedded server as somebody who may send away anybody, the server's own vacuum too.
    """
    gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    if os.environ.get("DATABASE_URL"):
        _patiently(gone)
        return
    with as_superuser("postgres") as admin:
        admin.execute(gone)


def of_run(what: str) -> str:
    """The name of a database that all processes of this run share: one of them makes it."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    return f"test_hatecrime_run{run}_{what}"


def drop_of_run() -> None:
    """Remove what the processes of this run shared; for the first of them, at its end."""
    with as_owner("postgres") as admin:
        asked = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        names = [name for (name,) in admin.execute(asked, [of_run("")])]
    for name in names:
        drop(name)


def fresh_name(source: str) -> str:
    """A name for a clone, within PostgreSQL's 63 bytes."""
    return f"{source[:40]}_{uuid.uuid4().hex[:12]}"


def address(name: str, who: Mapping[str, Any] | None = None) -> str:
    """The DATABASE_URL of a database on the test server, as the application or somebody else."""
    settings = {**connection.settings_dict, **(who or {})}
    signs_in = quote(settings["USER"] or "", safe="")
    if settings["PASSWORD"]:
        signs_in += ":" + quote(settings["PASSWORD"], safe="")
    options = settings.get("OPTIONS", {})
    host = settings["HOST"] or options.get("host", "")
    if host.startswith("/"):
        return f"postgres://{signs_in}@/{name}?host={quote(host, safe='/')}"
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{signs_in}@{host}{port}/{name}"


def owner_address(name: str) -> str:
    """The DATABASE_OWNER_URL of a database on the test server."""
    return address(name, settings.DATABASE_OWNER)


def superuser_address(name: str) -> str:
    """The address for somebody who may do anything.

    Skips the test where the server is somebody's own and TEST_SUPERUSER_URL does not say it.
    """
    told = urlsplit(os.environ.get("TEST_SUPERUSER_URL", ""))
    if not told.scheme and os.environ.get("DATABASE_URL"):
        pytest.skip("TEST_SUPERUSER_URL does not say who may do anything on this server")
    who = {"USER": told.username or postgres.SUPERUSER, "PASSWORD": told.password or ""}
    return address(name, who)


def auditor_address(name: str) -> str:
    """The address for who checks the ledger.

    Skips the test where the server is somebody's own and TEST_AUDITOR_URL does not say it.
    """
    told = urlsplit(os.environ.get("TEST_AUDITOR_URL", ""))
    if not told.scheme and os.environ.get("DATABASE_URL"):
        pytest.skip("TEST_AUDITOR_URL does not say how the auditor signs in to this server")
    return address(name, {"USER": AUDITOR, "PASSWORD": told.password or ""})


def name_in(address: str) -> str:
    """The database that an address names."""
    return urlsplit(address).path.strip("/")


@contextlib.contextmanager
def using(name: str) -> Iterator[None]:
    """Point this process's Django, all its threads included, at another database."""
    shared = connections.settings["default"]
    before = shared["NAME"]
    connections.close_all()
    shared["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        shared["NAME"] = connection.settings_dict["NAME"] = before


@contextlib.contextmanager
def cloned(source: str) -> Iterator[str]:
    """A clone that lives as long as the block, and is not in the way for long after."""
    name = fresh_name(source)
    clone(source, name)
    try:
        yield name
    finally:
        _done_with.append(name)
        if len(_done_with) == TOGETHER:
            drop_those_done_with()


def drop_those_done_with() -> None:
    """Remove the clones nobody uses any more.

    Several at once: for each one it removes, PostgreSQL writes all that changed anywhere to the
    disk, which is much after a test and nothing after another removal.
    """
    while _done_with:
        drop(_done_with.pop())


def environment(name: str) -> dict[str, str]:
    """The environment of a program that uses that database."""
    return {
        **os.environ,
        "DATABASE_URL": address(name),
        "DATABASE_OWNER_URL": owner_address(name),
    }
