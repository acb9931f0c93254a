"""Fixtures every part's tests share."""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.postgresql.creation import DatabaseCreation

from hatecrime.owner import as_owner
from tests import databases, undefined
from tests.world import World

pytest_plugins = ["tests.browsing", "tests.built"]


def _drop_by_force(creation: DatabaseCreation, name: str, verbosity: int) -> None:
    """Drop a test database whoever is still connected.

    While a browser runs, Django keeps its connections under the browser's event loop; those that
    are left when the run ends belong to nobody who could close them.
    """
    databases.drop(name)


def _make_as_owner(creation: DatabaseCreation, *args: Any, **options: Any) -> str:
    """Make a test database, which the application's role, as which all tests run, may not."""
    with as_owner():
        return _make(creation, *args, **options)


def _migrate_once(creation: DatabaseCreation, *args: Any, **options: Any) -> str:
    """Migrate in the first worker; the others begin with a copy, which has nothing to migrate."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _migrate(creation, *args, **options)
    name, asked = databases.of_run("migrated"), creation.connection.settings_dict["TEST"]
    with (Path(tempfile.gettempdir()) / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if databases.exists(name):
            asked["TEMPLATE"] = name
            return _migrate(creation, *args, **options)
        made = _migrate(creation, *args, **options)
        connections.close_all()
        databases.clone(made, name)
        return made


_make = DatabaseCreation._create_test_db
_migrate = DatabaseCreation.create_test_db
DatabaseCreation._create_test_db = _make_as_owner
DatabaseCreation.create_test_db = _migrate_once
DatabaseCreation._destroy_test_db = _drop_by_force


def pytest_collection_finish() -> None:
    """Ten thousand tests are found: nobody looks again whether they can be thrown away."""
    gc.collect()
    gc.freeze()


# Each variable a template tests for and was not given is logged with its whole traceback.
logging.getLogger("django.template").setLevel(logging.INFO)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What the workers made for each other goes when all of them are done."""
    if "PYTEST_XDIST_WORKER" not in os.environ and session.config.getoption("numprocesses", None):
        databases.drop_of_run()
        lock = Path(tempfile.gettempdir()) / f"{databases.of_run('migrated')}.lock"
        lock.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _no_undefined_variable() -> Iterator[None]:
    """No template of any test shows something nobody gave it."""
    with undefined.refused():
        yield


@pytest.fixture
def world(db: None) -> World:
    """Users and teams made by operations, in a transaction that is rolled back."""
    return World()


@pytest.fixture(scope="session")
def template_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the migrated test database that nobody connects to, to clone from."""
    with django_db_blocker.unblock(), _made_at_all():
        connections.close_all()
        with databases.cloned(connection.settings_dict["NAME"]) as name:
            yield name
        databases.drop_those_done_with()


@contextmanager
def _made_at_all() -> Iterator[None]:
    """Make the test database if no test of this run asked for ``db``.

    pytest-django then makes none, and what would be cloned is the database of development.
    """
    settings = connection.settings_dict
    before = settings["NAME"]
    if before == settings["TEST"]["NAME"]:
        yield
        return
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connections.close_all()
        databases.drop(settings["NAME"])
        connections.settings["default"]["NAME"] = settings["NAME"] = before


@pytest.fixture
def own_database(template_database: str, django_db_blocker: Any) -> Iterator[str]:
    """A database of this test's own, where commits are real; yields its DATABASE_URL.

    This process's Django uses it too, in every thread, for as long as the test lasts.  Do not
    ask for ``db`` or ``world`` beside it, but for ``own_world``.
    """
    with (
        django_db_blocker.unblock(),
        databases.cloned(template_database) as name,
        databases.using(name),
    ):
        yield databases.address(name)


@pytest.fixture
def own_world(own_database: str) -> World:
    """A world whose rows are really committed, to ``own_database``."""
    return World()
