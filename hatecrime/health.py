"""Two questions a machine may ask without signing in (bar row 80). Neither answer says more.

`/healthz`: is this process alive? It touches no database, so that a dead database does not make
the supervisor restart a healthy process. `/readyz`: can it do its work? It needs the database,
every migration applied and every trigger in force.
"""

import threading
import time
from collections.abc import Callable
from functools import cache, wraps

import psycopg
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cases.audit.pages import PUBLIC
from hatecrime.checks import missing_triggers

PATIENCE = 2  # seconds to wait for a database that hangs
FRESH = 1.0  # seconds an answer is good for: asking often must not cost the database anything

View = Callable[[HttpRequest], HttpResponse]


def for_machines(answer: Callable[[], bool]) -> View:
    """Make a view that says "ok" or, with status 503, "unavailable"."""

    @require_safe
    @login_not_required
    @wraps(answer)
    def view(request: HttpRequest) -> HttpResponse:
        fine = answer()
        return HttpResponse(
            "ok" if fine else "unavailable",
            status=200 if fine else 503,
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "no-store"},
        )

    view.needs = PUBLIC  # type: ignore[attr-defined]
    view.methods = ("GET",)  # type: ignore[attr-defined]
    return view


@for_machines
def healthz() -> bool:
    """Say that this process answers."""
    return True


@for_machines
def readyz() -> bool:
    """Say whether the database answers and holds what this code needs."""
    return readiness.ask()


class Readiness:
    """Remembers the last answer for a moment; one request finds out, the others take the last."""

    def __init__(self, find_out: Callable[[], bool]) -> None:
        self.find_out = find_out
        self.asking = threading.Lock()
        self.answered_at: float | None = None
        self.answer = False

    def ask(self) -> bool:
        """Return whether we are ready, at most a moment old (older while it is being found out)."""
        if self.is_fresh():
            return self.answer
        # Only where there is no answer at all yet is another request's worth waiting for.
        if self.asking.acquire(timeout=2 * PATIENCE if self.answered_at is None else 0):
            try:
                if not self.is_fresh():
                    self.answer = self.find_out()
                    self.answered_at = time.monotonic()
            finally:
                self.asking.release()
        return self.answer

    def is_fresh(self) -> bool:
        """Say whether the last answer is still good."""
        return self.answered_at is not None and time.monotonic() - self.answered_at < FRESH


def database_is_ready() -> bool:
    """Say whether the database answers, is migrated and enforces every trigger.

    The connection is its own: a hung one in the pool must not decide, and none is kept waiting.
    """
    options = {**connection.get_connection_params(), "connect_timeout": PATIENCE}
    try:
        with psycopg.connect(**options) as own, own.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = '{PATIENCE}s'")
            cursor.execute("SELECT app, name FROM django_migrations")
            return not migrations() - set(cursor.fetchall()) and not missing_triggers(cursor)
    except psycopg.Error:
        return False


@cache
def migrations() -> frozenset[tuple[str, str]]:
    """Return every migration this code comes with."""
    return frozenset(MigrationLoader(None).disk_migrations)


readiness = Readiness(database_is_ready)
