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
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


@dataclass
class _Trail:
    """The rows left so far, and how many savepoints were open when the operation began."""

    depth: int
    rows: list[models.Model] = field(default_factory=list)


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
    """An INSERT of these rows; their ids are asked for by nobody."""
    first = rows[0]
    left_to_database = frozenset(
        one.name
        for one in model._meta.concrete_fields
        if isinstance(getattr(first, one.attname), DatabaseDefault)
    )
    sql, fields = _form(model, len(rows), left_to_database)
    params = [
        one.get_db_prep_save(one.pre_save(row, add=True), connection)
        for row in rows
        for one in fields
    ]
    return sql, params


@lru_cache(1024)
def _form(
    model: type[models.Model], number: int, left_out: frozenset[str]
) -> tuple[str, list[Any]]:
    """The text of an INSERT of so many rows, and the fields it gives values for."""
    fields: list[Any] = [
        one
        for one in model._meta.concrete_fields
        if not (one.primary_key or one.generated or one.name in left_out)
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(one.column) for one in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    table = quote(model._meta.db_table)
    values = ", ".join([row] * number)
    return f"INSERT INTO {table} ({columns}) VALUES {values}", fields  # noqa: S608 (our names)
