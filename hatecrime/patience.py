"""A database that hangs is answered for: nobody waits longer than we promised (bar row 78).

PostgreSQL's own time limits are kept by PostgreSQL, so a server that is stopped, or a network
that swallows everything, keeps none of them.  Here the waiting itself has an end, and a request
that has waited in vain does not begin to wait again on another connection: two patient waits
would be twice what was promised.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError

SILENT = "the database does not answer"

_waited_in_vain: ContextVar[bool | None] = ContextVar("waited_in_vain", default=None)
"""Of the present request; None outside one, where a command may well wait again."""


def begin_request(**_: Any) -> None:
    """Let the request that begins wait once (for Django's ``request_started``)."""
    _waited_in_vain.set(False)


def end_request(**_: Any) -> None:
    """Whatever follows is no part of it (for Django's ``request_finished``)."""
    _waited_in_vain.set(None)


def note_vain_wait() -> None:
    """Say that the present request has had its one wait."""
    if _waited_in_vain.get() is not None:
        _waited_in_vain.set(True)


def refuse_second_wait() -> None:
    """Raises OperationalError if the present request has already waited in vain."""
    if _waited_in_vain.get():
        raise OperationalError(SILENT)


def limit_waiting(connection: Any) -> None:
    """Give every wait of a new psycopg connection an end; then it is closed and the fault is said.

    Django's OperationalError and not psycopg's: Django's own look at a connection's health
    would take the latter for a reason to try another, and wait again.
    """
    wait = connection.wait

    def patiently(gen: Any, *args: Any, **options: Any) -> Any:
        if "timeout" in options or not settings.DATABASE_PATIENCE:
            return wait(gen, *args, **options)
        try:
            return wait(gen, *args, timeout=settings.DATABASE_PATIENCE, **options)
        except psycopg.errors._WaitTimeout as late:
            connection.close()
            note_vain_wait()
            raise OperationalError(SILENT) from late

    connection.wait = patiently
