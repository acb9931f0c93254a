"""What the record of somebody said before and after, field by field: who, when, why.

Read from the row histories that the operations keep.  Values of contact details are marked,
so that a page can cover them until somebody asks to see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from cases.audit import masking
from cases.people.choices import Reach, ToldBy
from cases.people.covering import TELLING, cover_people
from cases.people.models import (
    Adjustment,
    FamilyLink,
    HouseholdMembership,
    Person,
    Property,
    SafeContact,
    Tenancy,
    UnsafeDetail,
)
from cases.people.tie_queries import records_of
from cases.staff.models import User
from cases.words import say_date

COVERED = frozenset({"phone", "email", "home", "date_of_birth", "value"})
LEFT_OUT = frozenset(
    {"id", "person", "holder", "household", "name_key", "sound_key", "phone_key", "created_at"}
    | {"asked_at", "reference", "relative", "since", "safe_again_at"}
)
LABELS = {
    "full_name": "Name",
    "placeholder": "Who they are, as far as we know",
    "known_as": "What to call them",
    "date_of_birth": "Date of birth",
    "phone": "Phone number",
    "email": "Email address",
    "home": "Home",
    "is_colleague": "Works for us",
    "say_we_are": "Say we are",
    "if_cut_off": "If we are cut off",
    "period": "Days",
    "need": "Adjustment",
    "kind": "About",
    "merged_into": "Joined to",
    "told_by": "Who told us",
    "value": "Number or email",
}


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; ``covered`` values are contact details."""

    label: str
    before: str
    after: str
    covered: bool = False


@dataclass(frozen=True)
class Entry:
    """One save: when, by whom, of what, with every field that changed."""

    at: datetime
    who: str
    title: str
    fields: tuple[FieldChange, ...]
    reason: str = ""


@dataclass(frozen=True)
class _Save:
    title: str
    row: Any
    before: Any


def history_of(person: Person) -> list[Entry]:
    """Everything ever written about somebody, newest first, in a fixed number of queries."""
    every = list(records_of([person.pk]))
    cover_people(every)
    saves = [
        *_saves(_of(Person, id__in=every), "Added to our records", "Details changed"),
        *_saves(_of(SafeContact, person__in=every), "Safe contact asked", "Safe contact changed"),
        *_saves(_of(Adjustment, person__in=every), "Adjustment added", "Adjustment ended"),
        *_saves(
            _of(HouseholdMembership, person__in=every), "Joined a household", "Household changed"
        ),
        *_saves(_of(FamilyLink, person__in=every), "Relative added", "Relative changed"),
        *_saves(_of(FamilyLink, relative__in=every), "Relative added", "Relative changed"),
        *_saves(_of(Tenancy, holder__in=every), "Tenancy added", "Tenancy changed"),
        *_saves(_of(UnsafeDetail, person__in=every), "Kept as not safe", "Safe again"),
    ]
    who = dict(
        User.objects.filter(pk__in={save.row.history_user_id for save in saves}).values_list(
            "pk", "full_name"
        )
    )
    homes = Property.objects.in_bulk(
        {getattr(row, "home_id", None) for save in saves for row in (save.row, save.before) if row}
        - {None}
    )
    entries = [
        Entry(
            at=save.row.history_date,
            who=who.get(save.row.history_user_id, "A job of ours"),
            title=save.title,
            fields=tuple(_changes(save, homes)),
            reason=_reason(save.row.history_change_reason or ""),
        )
        for save in saves
    ]
    return sorted(reversed(entries), key=lambda entry: entry.at, reverse=True)


def _of(model: Any, **scope: Any) -> Any:
    return model.history.filter(**scope)


def _saves(rows: Iterable[Any], first: str, later: str) -> list[_Save]:
    last: dict[int, Any] = {}
    saves = []
    for row in sorted(rows, key=lambda row: row.history_id):
        before = last.get(row.id)
        saves.append(_Save(later if before else first, row, before))
        last[row.id] = row
    return saves


def _changes(save: _Save, homes: Mapping[int, Property]) -> Iterable[FieldChange]:
    for field in save.row.instance_type._meta.concrete_fields:
        if field.name in LEFT_OUT:
            continue
        after = _words(field, save.row, homes)
        before = _words(field, save.before, homes) if save.before else ""
        if before != after and not (save.before is None and after == "No"):
            covered = field.model is not SafeContact and field.name in COVERED
            yield FieldChange(_label(field), before, after, covered)


def _label(field: Any) -> str:
    if field.model is SafeContact and field.name in SafeContact.CHANNELS:
        return str(field.name).capitalize()
    return LABELS.get(field.name, str(field.verbose_name).capitalize())


def _words(field: Any, row: Any, homes: Mapping[int, Property]) -> str:
    value = getattr(row, field.attname)
    if value is None or value == "":
        return ""
    if masking.on() and field.name in TELLING:
        return masking.KEPT_BACK
    if field.name == "merged_into":
        return "another record"
    if field.name == "home":
        return homes[value].line if value in homes else ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return "Yes" if value else "No"
    if field.name == "period":
        return _days(value)
    return say_date(value) if isinstance(value, date) else str(value)


def _days(value: Any) -> str:
    if value.isempty:
        return "A mistake: on no day"
    if value.lower is None:
        return f"Until {say_date(value.upper)}" if value.upper else "From we do not know when"
    until = f" until {say_date(value.upper)}" if value.upper else ""
    return f"From {say_date(value.lower)}{until}"


def _reason(codes: str) -> str:
    """The words of "safe=SAFE told_by=THEMSELVES"."""
    if codes == "import":
        return "Brought in from another system"
    parts = dict(part.split("=", 1) for part in codes.split() if "=" in part)
    if not parts:
        return codes
    safe = Reach(parts["safe"]).label if parts.get("safe") else Reach.NOT_ASKED.label
    told = ToldBy(parts["told_by"]).label if parts.get("told_by") else "Not recorded"
    return f"Is it safe to use? {safe}. Who told us? {told}."
