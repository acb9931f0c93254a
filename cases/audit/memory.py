"""What an operation has read once it need not read again.

Kept from the outermost operation's beginning to its end, and only for what cannot change under
it: the settings, the bank holidays, a case it holds the lock of.  Whoever changes such a thing
says :func:`forget`.  Inside a savepoint nothing is remembered, because it may be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from cases.audit.trail import in_savepoint

_memory: ContextVar[dict[tuple[str, Hashable], Any] | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember from here to the end of the block; whatever is around it then knows nothing.

    A block within another is another actor's operation, which may have changed anything.
    """
    around = _memory.get()
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)
        if around is not None:
            around.clear()


def recall(kind: str, key: Hashable) -> Any:
    """What was remembered, or None."""
    memory = _memory.get()
    return None if memory is None else memory.get((kind, key))


def remember(kind: str, key: Hashable, value: Any) -> None:
    """Remember a value, if an operation is under way and no savepoint is open within it."""
    memory = _memory.get()
    if memory is not None and not in_savepoint():
        memory[kind, key] = value


def remembered[T](kind: str, key: Hashable, find: Callable[[], T]) -> T:
    """The value found the first time it was asked for in this operation."""
    memory = _memory.get()
    if memory is None or in_savepoint():
        return find()
    if (kind, key) not in memory:
        memory[kind, key] = find()
    return memory[kind, key]  # type: ignore[no-any-return]


def forget(kind: str) -> None:
    """Say that everything remembered of a kind may have changed."""
    memory = _memory.get() or {}
    for known in [known for known in memory if known[0] == kind]:
        del memory[known]
