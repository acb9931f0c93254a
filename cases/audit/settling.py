"""What follows from a fact is settled before the operation that changed the fact is over.

A lower app changes facts (a household, an account, a date); a higher app keeps rows that follow
from them (the repeat flags).  The lower one may not know the higher one, and the two may never
disagree, not even for a moment after a commit.  So the lower one says :func:`changed`, the
higher one has said :func:`settle_with` when it was loaded, and the outermost operation settles
everything once, as its own actor, in its own transaction (ADR 12).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import StrEnum

from cases.access import Actor


class Fact(StrEnum):
    """The kinds of facts that something follows from."""

    PERSON = "PERSON"
    """A person's household, family, identity (ids of people)."""
    INCIDENT = "INCIDENT"
    """An incident's date, people, views, accounts or sameness (ids of incidents)."""
    REPEAT = "REPEAT"
    """What an incident, a person or a household is, as the repeat rules say (ids of flags)."""
    UNSAFE_CONTACT = "UNSAFE_CONTACT"
    """A contact in a way somebody said is not safe (ids of cases)."""
    STAGE = "STAGE"
    """A case went to another stage (ids of cases)."""
    PLAN = "PLAN"
    """What we do about a case changed (ids of cases)."""
    MOVED = "MOVED"
    """Somebody moved home (ids of people)."""
    PERMISSION = "PERMISSION"
    """Somebody took back, or changed, what may be told about them (ids of parts of a case)."""
    PACK = "PACK"
    """A pack became ready, went, was changed or stopped (ids of packs)."""


type Settle = Callable[[Actor, datetime, frozenset[int]], None]

ROUNDS = 5
"""Settling may change facts in turn; more rounds than this is a circle."""

_settlers: dict[Fact, list[Settle]] = defaultdict(list)
_changed: ContextVar[dict[Fact, set[int]] | None] = ContextVar("changed", default=None)


class NeverSettled(RuntimeError):
    """Settling went on changing what it settles: a mistake of ours, so the work is undone."""


def settle_with(fact: Fact, settle: Settle, *, first: bool = False) -> None:
    """Call ``settle(by, at, ids)`` at the end of each operation that changed such facts.

    Called once for each function, in the app's ``ready()``.  ``first`` is for what the others
    follow from in turn.
    """
    if settle not in _settlers[fact]:
        _settlers[fact].insert(0 if first else len(_settlers[fact]), settle)


def changed(fact: Fact, *ids: int | None) -> None:
    """Say, inside an operation, that these facts changed.  ``None`` among the ids is no one."""
    found = _changed.get()
    if found is not None:
        found[fact].update(one for one in ids if one is not None)


@contextmanager
def settling(by: Actor, at: datetime) -> Iterator[None]:
    """Settle at the end what was changed within.  Raises :class:`NeverSettled`."""
    found: dict[Fact, set[int]] = defaultdict(set)
    token = _changed.set(found)
    try:
        yield
        _settle(found, by, at)
    finally:
        _changed.reset(token)


def _settle(found: dict[Fact, set[int]], by: Actor, at: datetime) -> None:
    for _ in range(ROUNDS):
        due = {fact: frozenset(ids) for fact, ids in found.items() if ids}
        found.clear()
        if not due:
            return
        for fact, ids in due.items():
            for settle in _settlers[fact]:
                settle(by, at, ids)
    raise NeverSettled(", ".join(sorted(found)))
