"""Queries that are put together once and asked many times.

Django takes longer to put a query of a case page together than PostgreSQL to answer it.  What a
function under ``@prepared`` returns is therefore put together once for each *shape*, its
positional arguments; its keyword arguments are *values*, sent with the statement each time:

    @prepared
    def _clocks(*, case: int) -> QuerySet[Clock]:
        return Clock.objects.filter(case=case)

    _clocks(case=7)  # a list, read afresh

``@planned`` is the same, and PostgreSQL keeps the plan too once a connection has asked a few
times: for what is best read one way whatever the values, like the rows of a case by its id.

Only the text of statements is kept, never a row.  An actor is always a shape, whole, because
``visible_to`` decides by it: what is kept for one actor, with these roles and this team, is used
for no other.  A function is refused that asks the database while it puts its query together,
or that does anything with a value but hand it on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Hashable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, update_wrapper
from itertools import compress
from typing import Any, NoReturn
from uuid import UUID

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, ForeignObject, Lookup, QuerySet, TextField
from psycopg.sql import Literal
from psycopg.types.numeric import Int4, Int8

from cases.access import Actor


@Field.register_lookup
@ForeignObject.register_lookup
class AnyOf(Lookup):
    """``pk__any_of=ids``: like ``in``, and the same statement however many they are."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, self.rhs)


@TextField.register_lookup
class Like(Lookup):
    """``name__like=pattern``: the pattern as it is, so that it can be a value."""

    lookup_name = "like"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} LIKE %s", (*params, self.rhs)


KEPT = 512
"""So many shapes of each query are kept, those asked last."""


def planning_cursor() -> Any:
    """Django's cursor, which sends values beside the text, whose plan PostgreSQL may then keep."""
    here = connections[DEFAULT_DB_ALIAS]
    cursor = here.cursor()
    cursor.cursor = psycopg.Cursor(here.connection)
    return cursor


class _Planning:
    """A connection whose statements PostgreSQL plans once (psycopg's ``prepare_threshold``)."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def cursor(self) -> Any:
        return planning_cursor()


@dataclass(frozen=True)
class _Statement:
    """A query put together: its text, its parameters, and which of them are values."""

    rows: QuerySet[Any]
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    names: tuple[str, ...]
    planned: bool = False

    def params_for(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """The parameters for these values."""
        if self.planned:
            values = {name: _sent(value) for name, value in values.items()}
        return tuple(
            values[name] if name else param
            for name, param in zip(self.names, self.params, strict=True)
        )

    def ask(self, values: dict[str, Any]) -> list[Any]:
        """The rows for these values."""
        params = self.params_for(values)
        compiler = copy(self.compiler)
        here = connections[DEFAULT_DB_ALIAS]  # this thread's
        compiler.connection = _Planning(here) if self.planned else here
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        rows: Any = self.rows.all()
        rows.query.get_compiler = lambda *_, **__: compiler
        return list(rows)


class Prepared[M]:
    """A function that returns a queryset, as one that returns its rows."""

    def __init__(self, build: Callable[..., QuerySet[Any, M]], *, planned: bool = False) -> None:
        update_wrapper(self, build)
        self._build = build
        self._planned = planned
        self._statement = lru_cache(KEPT)(self._put_together)

    def __call__(self, *shape: Hashable, **values: Any) -> list[M]:
        kinds = tuple((name, type(value)) for name, value in values.items())
        statement = self._statement(shape, kinds)
        return statement.ask(values) if statement else []

    def text(self, *shape: Hashable, **values: Any) -> tuple[str, tuple[Any, ...]]:
        """The statement and its parameters, to stand within one written out by hand."""
        kinds = tuple((name, type(value)) for name, value in values.items())
        statement = self._statement(shape, kinds)
        assert statement is not None, f"{self._build.__qualname__} can have no rows"
        return statement.sql, statement.params_for(values)

    def _put_together(
        self, shape: tuple[Hashable, ...], kinds: tuple[tuple[str, type], ...]
    ) -> _Statement | None:
        """Twice, with other stand-ins: what differs is a value, and must be one as it was."""
        with connections[DEFAULT_DB_ALIAS].execute_wrapper(_refuse):
            try:
                (rows, compiler, sql, params, names), other = (
                    self._with_stand_ins(shape, kinds, time) for time in (1, 2)
                )
            except EmptyResultSet:
                return None
        _, _, sql_too, params_too, names_too = other
        fixed = [param for param, name in zip(params, names, strict=True) if not name]
        fixed_too = [param for param, name in zip(params_too, names_too, strict=True) if not name]
        if (sql, names, fixed) != (sql_too, names_too, fixed_too):
            raise TypeError(f"{self._build.__qualname__} does more with a value than hand it on")
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        compiler.get_converters = lambda _: converters
        if not self._planned:
            return _Statement(rows, compiler, sql, params, names)
        # Beside the text go the values and the actor's own numbers: so one text, and one plan,
        # is everybody's who holds the same roles.
        actors = [each for each in shape if isinstance(each, Actor)]
        theirs = {actor.id for actor in actors} | {actor.team_id for actor in actors}
        sent = [
            bool(name) or _is_among(param, theirs)
            for param, name in zip(params, names, strict=True)
        ]
        return _Statement(
            rows,
            compiler,
            _said_out(sql, params, sent),
            tuple(map(_sent, compress(params, sent))),
            tuple(compress(names, sent)),
            planned=True,
        )

    def _with_stand_ins(
        self, shape: tuple[Hashable, ...], kinds: tuple[tuple[str, type], ...], time: int
    ) -> tuple[QuerySet[Any], Any, str, tuple[Any, ...], tuple[str, ...]]:
        given = {
            name: _stand_in(kind, 101 * time + place) for place, (name, kind) in enumerate(kinds)
        }
        stands_for = {stand_in: name for name, stand_in in given.items()}
        rows = self._build(*shape, **given)
        compiler = rows.query.get_compiler(rows.db)
        sql, params = compiler.as_sql()
        return rows, compiler, sql, tuple(params), tuple(_name(p, stands_for) for p in params)


def prepared[M](build: Callable[..., QuerySet[Any, M]]) -> Prepared[M]:
    """Put the queries of this function together once for each shape (see above)."""
    return Prepared(build)


def planned[M](build: Callable[..., QuerySet[Any, M]]) -> Prepared[M]:
    """``prepared``, and have PostgreSQL keep the plan (see above)."""
    return Prepared(build, planned=True)


def _said_out(sql: str, params: Sequence[Any], sent: Sequence[bool]) -> str:
    """The text with everything said in it that is not sent beside it."""
    said = iter("%s" if beside else _literal(p) for p, beside in zip(params, sent, strict=True))
    return re.sub("%%|%s", lambda mark: "%%" if mark[0] == "%%" else next(said), sql)


def _is_among(param: Any, numbers: Container[Any]) -> bool:
    return isinstance(param, int) and not isinstance(param, bool) and param in numbers


def _literal(param: Any) -> str:
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    return Literal(param).as_string(here.connection).replace("%", "%%")


def _sent(value: Any) -> Any:
    """A value as it is sent beside the text: numbers are of one type however small they are."""
    if isinstance(value, list):
        return [_sent(each) for each in value]
    if not isinstance(value, int):
        return value
    return Int4(value) if -(2**31) <= value < 2**31 else Int8(value)


def _stand_in(kind: type, place: int) -> Any:
    """Something of this type that stands for no real value."""
    if issubclass(kind, bool):
        raise TypeError("a truth is a shape, not a value")
    if issubclass(kind, int):
        return -2_000_000_000 - place
    if issubclass(kind, UUID):
        return UUID(int=place)
    if issubclass(kind, str | list):
        return f"\ue000{place}\ue000"
    if issubclass(kind, datetime):
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=place)
    if issubclass(kind, date):
        return date(1, 1, 1) + timedelta(days=place)
    raise TypeError(f"{kind.__name__} cannot be a value")


def _name(param: Any, stands_for: dict[Any, str]) -> str:
    """Which value a parameter stands for, or ""."""
    try:
        return stands_for.get(param, "")
    except TypeError:  # a list: none of ours
        return ""


def _refuse(*_: Any) -> NoReturn:
    raise TypeError("a prepared query may not ask the database while it is put together")
