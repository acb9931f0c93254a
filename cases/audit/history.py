"""Row history: what the record said before and after.

django-simple-history gives the tables and their reading; the rows are written by the database
itself (:mod:`cases.audit.capture`), so that every way of writing leaves them.
"""

from __future__ import annotations

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


def keep_history(**options: Any) -> HistoricalRecords:
    """The history of a mutable case model; its user is the number of the operation's actor."""
    return HistoricalRecords(
        history_manager=RowHistory,
        history_user_id_field=models.BigIntegerField(null=True, blank=True),
        **options,
    )
