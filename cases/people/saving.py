"""How a row of people's is written: keys filled, checked whole, its history at the moment given."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from cases.people.keys import fill_keys, fill_property_keys
from cases.people.models import Person, Property, SafeContact
from cases.rows import keep


def save(row: models.Model, at: datetime) -> None:
    """Write a row.  Raises ValidationError with the sentences of its constraints."""
    if isinstance(row, Person):
        fill_keys([row])
    elif isinstance(row, Property):
        fill_property_keys([row])
    keep(row)


def tidy(text: str) -> str:
    """Text without space around it.  Raises ValidationError for what no text can hold."""
    if "\x00" in text:
        raise ValidationError("Null characters are not allowed.")
    return text.strip()


def period(first: date, after_last: date | None, field: str) -> DateRange:
    """The days from ``first`` until before ``after_last``; open when there is none.

    Raises ValidationError on ``field`` when it would hold no day.
    """
    if after_last is not None and after_last <= first:
        raise ValidationError({field: "The last day must come after the first."})
    return DateRange(first, after_last)


def open_period(first: date | None, after_last: date | None, field: str) -> DateRange:
    """As :func:`period`, when the beginning may not be known either."""
    return DateRange(None, after_last) if first is None else period(first, after_last, field)


SAID_FIELDS = (
    *SafeContact.CHANNELS,
    "first_choice",
    "safe_times",
    "say_we_are",
    "who_could_find_out",
    "if_cut_off",
)
"""What somebody said about being reached."""


def said_of(row: SafeContact | None) -> dict[str, str] | None:
    """What a row says of reaching somebody; none if there is none."""
    return {name: getattr(row, name) for name in SAID_FIELDS} if row else None
