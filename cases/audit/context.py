"""Who is acting, in which request, and what has been read and recorded so far.

Held in context variables that the page gate and ``@operation`` open and close, and (the
actor) in the database transaction as ``app.actor``, where row triggers can see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from cases.access import Actor

_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_reads: ContextVar[list[Read] | None] = ContextVar("reads", default=None)
_written: ContextVar[list[object] | None] = ContextVar("written", default=None)
_kept: ContextVar[bool] = ContextVar("kept", default=False)


@dataclass
class Read:
    """Something a page is about to show."""

    kind: str
    ids: list[int] = field(default_factory=list)
    case_reference: str = ""
    count: int | None = None
    purpose: str = ""


def actor() -> Actor | None:
    """Whoever the present operation acts for."""
    return _actor.get()


def request_id() -> str:
    """The id of the present request, or "" outside one."""
    return _request_id.get()


@contextmanager
def in_request(identifier: str) -> Iterator[None]:
    """Give everything recorded inside the request's id."""
    token = _request_id.set(identifier)
    try:
        yield
    finally:
        _request_id.reset(token)


@contextmanager
def acting_as(who: Actor) -> Iterator[None]:
    """Name the actor here and in the database transaction (call inside ``atomic``)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.actor', %s, true), set_config('app.request', %s, true)",
            [str(who.id if who.id is not None else who.name), request_id()],
        )
    token = _actor.set(who)
    try:
        yield
    finally:
        _actor.reset(token)


@contextmanager
def collecting_reads() -> Iterator[list[Read]]:
    """Collect what loaders declare with :func:`saw`."""
    reads: list[Read] = []
    token = _reads.set(reads)
    try:
        yield reads
    finally:
        _reads.reset(token)


def saw(kind: str, *ids: int, case: str = "", count: int | None = None, purpose: str = "") -> None:
    """Declare that the page being made shows these rows.  Loaders call it, pages need not."""
    reads = _reads.get()
    if reads is not None:
        reads.append(Read(kind, list(ids), case, count, purpose))


@contextmanager
def collecting_events() -> Iterator[list[object]]:
    """Collect the events an operation records, its inner operations' included."""
    outer = _written.get()
    events: list[object] = []
    token = _written.set(events)
    try:
        yield events
    finally:
        _written.reset(token)
        if outer is not None:
            outer.extend(events)


def wrote(event: object) -> None:
    """Note an event of the operation under way."""
    events = _written.get()
    if events is not None:
        events.append(event)


def begin_attempt() -> None:
    """Begin to answer a request, perhaps again: no operation of it has been kept yet."""
    _kept.set(False)


def work_kept() -> None:
    """Say that an operation was committed."""
    _kept.set(True)


def has_kept_work() -> bool:
    """Whether an operation of the present attempt was committed."""
    return _kept.get()


def current_actor(**_: Any) -> Actor | None:
    """For django-simple-history's ``get_user``."""
    return actor()
