"""One at a time: the lock on its case that every operation takes first.

Always the case, then its rows: two operations then wait for each other in one order only.
The key is left out of the lock, because adding a row to a case holds on to the key.
"""

from __future__ import annotations

from cases.casework.models import Case


def lock(case: Case) -> Case:
    """The same object, read again and locked until the operation ends.

    The caller's object is refreshed, so that nested operations change one and the same case
    and none saves over what another has just written.
    """
    case.refresh_from_db(from_queryset=Case.objects.select_for_update(of=("self",), no_key=True))
    return case


def lock_both(one: Case, other: Case) -> None:
    """Two cases, always in the same order, so that two officers cannot wait for each other."""
    for case in sorted((one, other), key=lambda each: each.pk):
        lock(case)
