"""Row history: what the record said before and after.

django-simple-history gives the tables and their reading; the rows are written by the database
itself (:mod:`cases.audit.capture`), so that every way of writing leaves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class RowHistory(HistoryManager):  # type: ignore[misc]
    """``Model.history`` and ``row.history``, whose class is made once for each kind of rows."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class KeptRecords(HistoricalRecords):  # type: ignore[misc]
    """django-simple-history's records, and which columns they take no notice of."""

    def __init__(self, *, passing: Sequence[str] = (), **options: Any) -> None:
        self.passing = tuple(passing)
        excluded = [*options.pop("excluded_fields", ()), *passing]
        super().__init__(excluded_fields=excluded, **options)

    def get_extra_fields(self, model: Any, fields: Any) -> dict[str, Any]:
        return {**super().get_extra_fields(model, fields), "passing": self.passing}


def keep_history(*, passing: Sequence[str] = (), **options: Any) -> HistoricalRecords:
    """The history of a mutable case model; its user is the number of the operation's actor.

    ``passing`` names columns that say only how far something is just now: a write of nothing
    else is no change, and leaves neither history nor an entry in the ledger.  Whatever else is
    in ``excluded_fields`` is kept from the history, and its change is one all the same.
    """
    return KeptRecords(
        history_manager=RowHistory,
        history_user_id_field=models.BigIntegerField(null=True, blank=True),
        passing=passing,
        **options,
    )
