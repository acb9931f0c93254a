"""Which rows a line counts in the month, asked for in the statement that counts them.

A report keeps them, so that a later one of the same month can say why a figure is another.  Asked
for by themselves they would be read a second time, which was a third of what a report takes.
Source: domain 5.2 ("restated from x").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from cases.reporting.measure import Asked, Counted, Rows

IDS, COUNTING = "ids", "counting"


def in_month(asked: Asked) -> Q | None:
    """Whether a row lies in the month whose rows are kept; None if none are."""
    month = asked.kept_month
    return Q(at__gte=month.begins, at__lt=month.ends) if month else None


def kept_with(asked: Asked, rows: Rows) -> dict[str, ArrayAgg]:
    """The aggregates that give the rows of the month beside what is counted: none, if none are
    to be kept.
    """
    lies = in_month(asked)
    return {} if lies is None else all_of(rows, lies)


def all_of(rows: Rows, lies: Q = Q()) -> dict[str, ArrayAgg]:  # noqa: B008 -- a Q never changes
    """The aggregates that give the rows on each line, and those of them that count."""
    wanted = {IDS: which(lies)}
    if "counts" in rows.query.annotations:
        wanted[COUNTING] = which(lies & Q(counts=True))
    return wanted


def which(so: Q) -> ArrayAgg:
    """The ids of the rows of which something is so."""
    return ArrayAgg("pk", filter=so) if so else ArrayAgg("pk")


def read(rows: Rows, found: Mapping[str, Any]) -> Counted:
    """What :func:`kept_with` gave of one line; nothing, if it was of another month."""
    return Counted(
        frozenset(found.get(IDS) or ()),
        frozenset(found.get(COUNTING) or ()),
        rows.model._meta.label_lower,
    )


class Kept:
    """The rows of each line, gathered from the answers that count them."""

    def __init__(self, asked: Asked) -> None:
        self._asked_for = asked.kept_month is not None
        self._lines: dict[str, Counted] = defaultdict(Counted)

    def take(self, key: str, rows: Rows, found: Mapping[str, Any]) -> None:
        """Keep the rows of a line that one answer gives, if it gives any."""
        if found.get(IDS):
            self._lines[key] |= read(rows, found)

    def of(self, key: str) -> Counted | None:
        """The rows of a line; None if none are asked for."""
        return self._lines.get(key, Counted()) if self._asked_for else None
