"""Who is acting, in which request, and what has been read and recorded so far.

Held in context variables that the page gate and ``@operation`` open and close, and in the
database transaction, where triggers see who writes, when, in which request, for what and why
(``app.actor``, ``app.at``, ``app.request``, ``app.purpose``, ``app.session``, ``app.reason``).
They end with the transaction: nothing is left on a connection for whoever has it next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from cases.access import Actor

_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_session: ContextVar[str] = ContextVar("session", default="")
_writing: ContextVar[Writing | None] = ContextVar("writing", default=None)
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


@dataclass(frozen=True)
class Writing:
    """What the database is told of whoever writes."""

    by: Actor
    at: datetime | None
    purpose: str

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """The transaction's settings and their values, as PostgreSQL takes them."""
        return (
            ("app.actor", str(self.by.id if self.by.id is not None else self.by.name)),
            ("app.at", self.at.isoformat() if self.at else ""),
            ("app.purpose", self.purpose),
            ("app.request", request_id()),
            ("app.session", _session.get()),
        )


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


def name_session(key: str | None) -> None:
    """Say whose session the present request belongs to; only a digest of its key is kept."""
    _session.set(hashlib.sha256(key.encode()).hexdigest()[:16] if key else "")


@contextmanager
def acting_as(who: Actor, *, at: datetime | None = None, purpose: str = "") -> Iterator[None]:
    """Name the actor here and in the database transaction (call inside ``atomic``).

    ``at`` is the business moment that row history is given, ``purpose`` the name of what is
    being done.  Whoever acted before, in the same transaction, does so again afterwards.
    """
    before, writing = _writing.get(), Writing(who, at, purpose)
    tell_database(writing)
    acting, doing = _actor.set(who), _writing.set(writing)
    try:
        yield
        if before is not None:
            tell_database(before)
    finally:
        _actor.reset(acting)
        _writing.reset(doing)


def tell_database(writing: Writing) -> None:
    """Tell the transaction under way who writes from here on."""
    calls = ", ".join(["set_config(%s, %s, true)"] * len(writing.said))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [one for pair in writing.said for one in pair])


def name_job(name: str) -> None:
    """Name who writes on this connection until it closes: for a command's own connection only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', %s, false)", [name])


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Give the row history written within a reason: a code, never narrative."""
    _say_reason(reason)
    yield
    _say_reason("")


def _say_reason(reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.reason', %s, true)", [reason])


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
