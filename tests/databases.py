"""Databases of a test's own: cloned from the migrated test database, really committed to.

Tables refuse TRUNCATE, so nothing can be cleaned up after a commit; a database is thrown
away instead.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from urllib.parse import quote

import psycopg
from django.db import connection, connections
from psycopg import sql
from psycopg.errors import InsufficientPrivilege, ObjectInUse

PATIENCE = 40  # tries
PAUSE = 0.25  # seconds between them


def _admin() -> psycopg.Connection:
    """A connection to the same server that is in no test's database."""
    parameters = connection.get_connection_params()
    return psycopg.connect(
        host=parameters.get("host", ""),
        port=parameters.get("port"),
        user=parameters.get("user"),
        password=parameters.get("password"),
        dbname="postgres",
        autocommit=True,
    )


def _patiently(statement: sql.Composed) -> None:
    """Run it, waiting for the server's own vacuum, which nobody but it may send away."""
    for _ in range(PATIENCE):
        with _admin() as admin, contextlib.suppress(ObjectInUse, InsufficientPrivilege):
            admin.execute(statement)
            return
        time.sleep(PAUSE)
    with _admin() as admin:
        admin.execute(statement)


def clone(source: str, name: str) -> None:
    """Copy a database nobody is connected to."""
    _patiently(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(source)
        )
    )


def drop(name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    _patiently(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def fresh_name(source: str) -> str:
    """A name for a clone, within PostgreSQL's 63 bytes."""
    return f"{source[:40]}_{uuid.uuid4().hex[:12]}"


def address(name: str) -> str:
    """The DATABASE_URL of a database on the test server."""
    settings = connection.settings_dict
    who = quote(settings["USER"] or "", safe="")
    if settings["PASSWORD"]:
        who += ":" + quote(settings["PASSWORD"], safe="")
    options = settings.get("OPTIONS", {})
    host = settings["HOST"] or options.get("host", "")
    if host.startswith("/"):
        return f"postgres://{who}@/{name}?host={quote(host, safe='/')}"
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{who}@{host}{port}/{name}"


@contextlib.contextmanager
def using(name: str) -> Iterator[None]:
    """Point this process's Django, all its threads included, at another database."""
    settings = connections.settings["default"]
    before = settings["NAME"]
    connections.close_all()
    settings["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"] = connection.settings_dict["NAME"] = before


@contextlib.contextmanager
def cloned(source: str) -> Iterator[str]:
    """A clone that lives as long as the block."""
    name = fresh_name(source)
    clone(source, name)
    try:
        yield name
    finally:
        drop(name)


def environment(name: str) -> dict[str, str]:
    """The environment of a program that uses that database."""
    return {**os.environ, "DATABASE_URL": address(name)}
