"""Lifecycles as tables, refused by the database and explained to people.

One table per lifecycle is the single source: the operation asks :func:`may_become`, the
database refuses through the trigger of :func:`guarded`, the docs draw it.  Likewise
:func:`append_only` for rows that are only ever added.  Source: architecture section 5.
"""

from __future__ import annotations

from collections.abc import Mapping

import pgtrigger

from cases.access import YES, Answer

Transitions = Mapping[str, frozenset[str]]


def may_become(table: Transitions, old: str, new: str, *, called: str) -> Answer:
    """Whether the lifecycle lets ``old`` become ``new``; ``called`` names the thing."""
    if new in table.get(old, frozenset()):
        return YES
    return Answer(f"{called} cannot go from {_words(old)} to {_words(new)}.")


def _words(state: str) -> str:
    return state.replace("_", " ").lower()


def guarded(field: str, table: Transitions, *, name: str) -> pgtrigger.FSM:
    """A trigger that refuses every change of ``field`` that the table does not hold."""
    pairs = [(old, new) for old in sorted(table) for new in sorted(table[old])]
    return pgtrigger.FSM(name=name, field=field, transitions=pairs)


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to alter, delete or truncate rows."""
    return [
        pgtrigger.Protect(name=f"{name}_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        _whole(name),
    ]


def no_delete(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that let rows change but never go."""
    return [pgtrigger.Protect(name=f"{name}_stays", operation=pgtrigger.Delete), _whole(name)]


def fixed(*fields: str, name: str) -> pgtrigger.ReadOnly:
    """A trigger that refuses to change facts that stay as they were first written."""
    return pgtrigger.ReadOnly(name=name, fields=list(fields))


def once(field: str, *, name: str) -> pgtrigger.Protect:
    """A trigger that refuses to change what was not known at first, once it is."""
    known = pgtrigger.Q(**{f"old__{field}__isnull": False})
    changed = pgtrigger.Q(**{f"old__{field}__df": pgtrigger.F(f"new__{field}")})
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update, condition=known & changed)


def never_later(field: str, *, name: str) -> pgtrigger.Protect:
    """A trigger that refuses to put a promised moment off."""
    later = pgtrigger.Q(**{f"new__{field}__gt": pgtrigger.F(f"old__{field}")})
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update, condition=later)


def _whole(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"{name}_whole",
        level=pgtrigger.Statement,
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
    )
