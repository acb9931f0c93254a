"""How our rows are read and kept: related rows for all peers at once, one query to save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

M = TypeVar("M", bound=models.Model)


class PeersManager(models.Manager[M]):
    """A manager whose lazy foreign keys load for the whole result in one query (Django 6.1)."""

    def get_queryset(self) -> Any:
        return super().get_queryset().fetch_mode(models.FETCH_PEERS)


def keep(row: models.Model) -> None:
    """Save a row, letting the database have the one say on its constraints.

    ``full_clean()`` asks the database about every constraint and foreign key, one query each,
    and then the database checks them all again.  Here the fields are cleaned without a query,
    the row is saved, and what the database refuses becomes a ValidationError with the
    constraint's own sentence.  Call it inside an operation: its transaction is then undone.
    """
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.is_relation])
    row.clean()
    try:
        row.save()
    except IntegrityError as fault:
        raise spoken(row, fault) from fault


def keep_all[R: models.Model](rows: Sequence[R]) -> None:
    """Save new rows of one model together, each as :func:`keep` would."""
    if not rows:
        return
    for row in rows:
        row.clean_fields(exclude=[field.name for field in row._meta.fields if field.is_relation])
        row.clean()
    model = type(rows[0])
    try:
        model._base_manager.bulk_create(rows)
    except IntegrityError as fault:
        raise spoken(rows[0], fault) from fault


def spoken(row: models.Model, fault: IntegrityError) -> Exception:
    """A refusal of the database in the constraint's words, or the fault itself if it has none."""
    name = getattr(getattr(fault.__cause__, "diag", None), "constraint_name", None)
    for constraint in row._meta.constraints:
        if constraint.name == name:
            message = constraint.get_violation_error_message()
            return ValidationError(message, code=constraint.violation_error_code)
    for field in row._meta.fields:
        if field.unique and name and f"_{field.column}_" in name:
            return ValidationError(
                {
                    field.name: field.error_messages["unique"]
                    % {"model_name": row._meta.verbose_name, "field_label": field.verbose_name}
                }
            )
    return fault
