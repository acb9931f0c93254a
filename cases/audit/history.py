"""Row history: what the record said before and after (django-simple-history).

The user of a history row is the actor of the operation under way, never the request's.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

from cases.access import Actor
from cases.audit.context import current_actor


def _id_of(historical: Any) -> int | None:
    return historical.history_user_id  # type: ignore[no-any-return]


def _set_id(historical: Any, user: Actor | None) -> None:
    historical.history_user_id = user.id if user else None


def keep_history(**options: Any) -> HistoricalRecords:
    """The history of a mutable case model; its user is the operation's actor."""
    return HistoricalRecords(
        get_user=current_actor,
        history_user_id_field=models.BigIntegerField(null=True, blank=True),
        history_user_getter=_id_of,
        history_user_setter=_set_id,
        **options,
    )
