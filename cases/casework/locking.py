"""One at a time: the lock on its case that every operation takes first.

Always the case, then its rows: two operations then wait for each other in one order only.
The key is left out of the lock, because adding a row to a case holds on to the key.
"""

from __future__ import annotations

from typing import Any

from cases.audit.memory import recall, remember
from cases.casework.case_models import LOCKED
from cases.casework.models import Case


def lock(case: Case) -> Case:
    """The same object, read again and locked until the operation ends.

    The caller's object is refreshed, so that nested operations change one and the same case
    and none saves over what another has just written.  The very object that was locked last is
    not read again, as long as it alone was saved since: nobody else can have changed the row.
    """
    if recall(LOCKED, case.pk) is not case:
        rows = Case.objects.select_for_update(of=("self",), no_key=True)
        case.refresh_from_db(from_queryset=rows)
    return held_now(case)


def held_now(case: Case) -> Case:
    """Say that an object is as its row is, and the row ours until the operation ends."""
    remember(LOCKED, case.pk, case)
    return case


def derive(case: Case, **values: Any) -> None:
    """Set columns that are kept for reading only: they leave no history row of their own."""
    held = recall(LOCKED, case.pk) is case
    for name, value in values.items():
        setattr(case, name, value)
    Case.objects.filter(pk=case.pk).update(**values)
    if held:
        held_now(case)


def lock_both(one: Case, other: Case) -> None:
    """Two cases, always in the same order, so that two officers cannot wait for each other."""
    for case in sorted((one, other), key=lambda each: each.pk):
        lock(case)
