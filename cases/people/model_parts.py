"""What the tables of people are made of: expressions for indexes, and a trigger."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SoundCodes(models.Func):
    """The codes of a sound key as an array, so that each can be looked up."""

    function = "string_to_array"
    template = "%(function)s(%(expressions)s, ' ')"
    output_field = ArrayField(models.TextField())


class BareReference(models.Func):
    """A reference in capitals without spaces or dashes."""

    function = "regexp_replace"
    template = "%(function)s(UPPER(%(expressions)s), '[^A-Z0-9]', '', 'g')"
    output_field = models.TextField()


def quick_gin(*expressions: Any, **options: Any) -> GinIndex:
    """A GIN index without a list of pending rows.

    Rows wait in that list until a vacuum, and meanwhile every search reads it whole: after a
    large import the planner then prefers to read the table instead.
    """
    return GinIndex(*expressions, fastupdate=False, **options)


def points_at_survivor(name: str) -> pgtrigger.Trigger:
    """A trigger that lets a merged-away record point only at one that stands for itself.

    So a pointer is never followed twice, and no circle can be made (ADR 14).  The record
    pointed at is locked, so that it cannot be merged away at the same moment.
    """
    return pgtrigger.Trigger(
        name=f"{name}_points_at_survivor",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__merged_into__isnull=False),
        func="""
            PERFORM 1 FROM people_person
                WHERE id = NEW.merged_into_id AND merged_into_id IS NULL FOR NO KEY UPDATE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'a record is merged only into one that stands for itself';
            END IF;
            IF EXISTS (SELECT 1 FROM people_person WHERE merged_into_id = NEW.id) THEN
                RAISE EXCEPTION 'records are merged into this one: it stands for itself';
            END IF;
            RETURN NEW;
        """,
    )
