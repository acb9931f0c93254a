"""Row history: what the record said before and after (django-simple-history).

The user of a history row is the actor of the operation under way, never the request's.
Inside an operation the rows are written at its end, with its events (:mod:`cases.audit.trail`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from cases.access import Actor
from cases.audit.context import current_actor
from cases.audit.trail import leave


def _id_of(historical: Any) -> int | None:
    return historical.history_user_id  # type: ignore[no-any-return]


def _set_id(historical: Any, user: Actor | None) -> None:
    historical.history_user_id = user.id if user else None


class RowHistory(HistoryManager):  # type: ignore[misc]
    """``Model.history`` and ``row.history``.

    The class of these is made once for each kind of rows, not every time one is asked for, which
    every save of a row does: that took a tenth of the time of sending a report.
    """

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class PastManager(models.Manager[Any]):
    """Many rows' history at once (``Model.history.bulk_history_create``)."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        rows = list(objs)
        return rows if leave(*rows) else super().bulk_create(rows, *args, **options)


class Past(models.Model):
    """A row of history: how one row stood once it was saved."""

    objects = PastManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not leave(self):
            super().save(*args, **options)


def keep_history(**options: Any) -> HistoricalRecords:
    """The history of a mutable case model; its user is the operation's actor."""
    return HistoricalRecords(
        bases=(Past,),
        history_manager=RowHistory,
        get_user=current_actor,
        history_user_id_field=models.BigIntegerField(null=True, blank=True),
        history_user_getter=_id_of,
        history_user_setter=_set_id,
        **options,
    )
