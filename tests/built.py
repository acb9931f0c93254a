"""What is dear to make: made once in a run, and copied for each test that asks for it.

A world with a row for every address takes six seconds, most of them for a dozen pages as PDF and
a whole monthly report, and eighty tests ask for one; the demo's data take most of a minute.  What
a test does in its copy goes with the copy.
"""

from __future__ import annotations

import contextlib
import fcntl
import pickle
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from cases.access import Role
from hatecrime.demo.loading import load
from tests import databases
from tests.consistency.permission_world import PermissionWorld, build
from tests.world import LONDON, World

# The demo's last moment, and how many of its reports about nobody in particular are told.
DEMO_END = datetime(2026, 11, 19, 13, 10, tzinfo=LONDON)
DEMO_FEW = 6
Built = tuple[World, PermissionWorld]
"""The world, to go on in, and what was built in it."""
MakeBuilt = Callable[[Role], Built]


def once(name: str, kept: Path, template: str, make: Callable[[], Any]) -> Any:
    """What ``make`` returned where it was first called in this run, its database being ``name``.

    The first process to ask makes it in a copy of the template, where what it writes is
    committed; others wait for that.
    """
    with kept.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not kept.exists():
            databases.clone(template, name)
            try:
                with databases.using(name):
                    made = make()
                kept.write_bytes(pickle.dumps(made))
            except BaseException:
                connections.close_all()
                databases.drop(name)
                raise
    return pickle.loads(kept.read_bytes())


@pytest.fixture(scope="session")
def of_this_run(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, template_database: str
) -> Iterator[Path]:
    """A directory that all processes of this run share, and no other run."""
    own = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        yield own.parent  # the databases are removed when all workers are done
        return
    yield own
    databases.drop_of_run()


@pytest.fixture(scope="session")
def build_once(
    template_database: str, of_this_run: Path, django_db_blocker: Any
) -> Callable[[Role], tuple[str, Built]]:
    """Called with a role: the database to copy in which that role's world is, and the world."""

    def ready(role: Role) -> tuple[str, Built]:
        name = databases.of_run(f"built_{role.value.lower()}")
        kept = of_this_run / f"{name}.pickle"
        with django_db_blocker.unblock():
            return name, once(name, kept, template_database, lambda: _build(role))

    return ready


@pytest.fixture
def built(
    build_once: Callable[[Role], tuple[str, Built]], django_db_blocker: Any
) -> Iterator[MakeBuilt]:
    """Called with a role: puts this test into a database of its own with that role's world.

    As with ``own_database``, commits are real, and neither ``db`` nor ``world`` goes beside it.
    """
    with contextlib.ExitStack() as until_the_end:
        until_the_end.enter_context(django_db_blocker.unblock())

        def entered(role: Role) -> Built:
            made, found = build_once(role)
            name = until_the_end.enter_context(databases.cloned(made))
            until_the_end.enter_context(databases.using(name))
            return found

        yield entered


@pytest.fixture
def demo(template_database: str, of_this_run: Path, django_db_blocker: Any) -> Iterator[None]:
    """A database of this test's own with the demo's data, few of the reports that are generated."""
    name = databases.of_run("demo")
    with django_db_blocker.unblock():
        once(name, of_this_run / f"{name}.pickle", template_database, _demo)
        with databases.cloned(name) as own, databases.using(own):
            yield


def _demo() -> None:
    load(DEMO_END, lambda: None, DEMO_FEW)


def _build(role: Role) -> Built:
    world = World()
    return world, build(world, role)
