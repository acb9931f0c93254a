"""What an operation leaves behind, its events and its rows' history, is written at its end.

Together, in one statement, in the operation's own transaction: all of it or nothing, in the
order it was left.  Only what is left inside a savepoint is written at once, because that part
may be undone while the rest of the operation goes on (ADR 15).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.db.models.sql import InsertQuery


@dataclass
class _Trail:
    """The rows left so far, and how many savepoints were open when the operation began."""

    depth: int
    rows: list[models.Model] = field(default_factory=list)


_trail: ContextVar[_Trail | None] = ContextVar("trail", default=None)


def _depth() -> int:
    return len(connection.savepoint_ids)


def _open_trail() -> _Trail | None:
    """The trail of the operation under way, unless a savepoint was opened within it."""
    trail = _trail.get()
    return trail if trail is not None and trail.depth == _depth() else None


def leave(*rows: models.Model) -> bool:
    """Keep rows for the end of the operation; False if they must be written now."""
    trail = _open_trail()
    if trail is None:
        return False
    trail.rows += rows
    return True


def write_now() -> None:
    """Write what was left so far: another actor's operation is about to leave its own."""
    if trail := _open_trail():
        rows, trail.rows = trail.rows, []
        _insert(rows)


@contextmanager
def leaving_a_trail() -> Iterator[None]:
    """Collect what is left within and write it at the end; call inside the transaction."""
    token = _trail.set(_Trail(_depth()))
    try:
        yield
        write_now()
    finally:
        _trail.reset(token)


def _insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of any models, each model's in the order given, in one statement."""
    by_model: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row)
    statements = [_statement(model, its) for model, its in by_model.items()]
    if not statements:
        return
    *first, (last, params) = statements
    parts = [f"trail_{number} AS ({sql})" for number, (sql, _) in enumerate(first)]
    together = f"WITH {', '.join(parts)} {last}" if parts else last
    with connection.cursor() as cursor:
        cursor.execute(together, [*(one for _, some in first for one in some), *params])


def _statement(model: type[models.Model], rows: list[models.Model]) -> tuple[str, list[Any]]:
    """The INSERT that Django's ``bulk_create`` would send; their ids are asked for by nobody."""
    query = InsertQuery(model)
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    query.insert_values(fields, rows)
    ((sql, params),) = query.get_compiler(using="default").as_sql()
    return sql, list(params)
