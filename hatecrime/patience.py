"""A database that hangs is answered for: nobody waits longer than we promised (bar row 78).

PostgreSQL's own time limits are kept by PostgreSQL, so a server that is stopped, or a network
that swallows everything, keeps none of them.  Here the waiting itself has an end.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper


def limit_waiting(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give every wait of a new connection an end; then it is closed and the fault is said.

    Django's OperationalError and not psycopg's: Django's own look at a connection's health
    would take the latter for a reason to try another, and wait again.
    """
    raw = connection.connection
    wait = raw.wait

    def patiently(gen: Any, *args: Any, **options: Any) -> Any:
        if "timeout" in options or not settings.DATABASE_PATIENCE:
            return wait(gen, *args, **options)
        try:
            return wait(gen, *args, timeout=settings.DATABASE_PATIENCE, **options)
        except psycopg.errors._WaitTimeout as late:
            raw.close()
            raise OperationalError("the database does not answer") from late

    raw.wait = patiently
