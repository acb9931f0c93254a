"""The events of an operation are written at its end.

Together, in one statement, in the operation's own transaction: all of it or nothing, in the
order they were left.  Only what is left inside a savepoint is written at once, because that part
may be undone while the rest of the operation goes on (ADR 15).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models.expressions import DatabaseDefault

from cases.audit.models import Event


@dataclass
class _Trail:
    """The events left so far, and how many savepoints were open when the operation began."""

    depth: int
    events: list[Event] = field(default_factory=list)


_trail: ContextVar[_Trail | None] = ContextVar("trail", default=None)


def _depth() -> int:
    return len(connection.savepoint_ids)


def in_savepoint() -> bool:
    """Whether a savepoint was opened within the operation under way."""
    trail = _trail.get()
    return trail is not None and trail.depth != _depth()


def _open_trail() -> _Trail | None:
    """The trail of the operation under way, unless a savepoint was opened within it."""
    return None if in_savepoint() else _trail.get()


def leave(event: Event) -> bool:
    """Keep an event for the end of the operation; False if it must be written now."""
    trail = _open_trail()
    if trail is None:
        return False
    trail.events.append(event)
    return True


def write_now() -> None:
    """Write what was left so far: another actor's operation is about to leave its own."""
    if (trail := _open_trail()) and trail.events:
        events, trail.events = trail.events, []
        _insert(events)


@contextmanager
def leaving_a_trail() -> Iterator[None]:
    """Collect what is left within and write it at the end; call inside the transaction."""
    token = _trail.set(_Trail(_depth()))
    try:
        yield
        write_now()
    finally:
        _trail.reset(token)


def _insert(events: Sequence[Event]) -> None:
    """Insert events in the order given; their ids are asked for by nobody."""
    sql, fields = _statement(len(events))
    params = [
        one.get_db_prep_save(one.pre_save(event, add=True), connection)
        for event in events
        for one in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@lru_cache(100)
def _statement(number: int) -> tuple[str, list[Any]]:
    """The text of an INSERT of so many events, and the fields it gives values for."""
    unsaid = Event()
    fields: list[Any] = [
        one
        for one in Event._meta.concrete_fields
        if not one.primary_key and not isinstance(getattr(unsaid, one.attname), DatabaseDefault)
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(one.column) for one in fields)
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * number)
    table = quote(Event._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {values}", fields  # noqa: S608 (our names)
