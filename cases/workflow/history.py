"""What each record of a case said before and after: who changed it, when, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from cases import words
from cases.casework.models import Case, Incident, Involvement
from cases.people.models import Entity, Person, Property, SafeContact
from cases.policy.models import PolicyVersion
from cases.staff.models import Team, User
from cases.workflow.case_words import name_and_part

LEFT_OUT = frozenset(
    {"id", "case", "version", "next_due_at", "next_clock", "priority"} | {"number"}
)
NAMES = {
    "held_from": "Held from",
    "hold_review_on": "Look at the hold again on",
    "received_at": "Received",
    "received_at_original": "Received, as first recorded",
    "opened_at": "Opened",
    "provisional": "Treated as hate for now",
    "third_party_only": "Reported by a third party only",
    "merged_into": "Joined to",
    "entity": "Company",
    "impact": "How it has affected them",
    "impact_words": "How it has affected them, in their own words",
    "community_impact": "Others nearby",
    "property_harm": "The home",
    "when_known": "How well the date is known",
    "occurred_on": "Date",
    "occurred_time": "Time of day",
    "when_words": "When, in words",
    "going_on": "Goes on",
    "place_words": "Place, in words",
    "types": "Kinds",
    "other_type": "Other kind",
    "same_as": "Same incident as",
    "described_as": "Described as",
    "victim_role": "Who they are to us",
    "kept_apart": "Kept apart",
    "gave_report": "Gave the report",
    "say_we_are": "Say we are",
    "who_could_find_out": "Who could find out",
    "if_cut_off": "If we get cut off",
    "added_at": "Added",
    "ended_at": "Ended",
    "asked_at": "Asked",
    "recorded_at": "Recorded",
}
CODES = {"YES": "Yes", "NO": "No", "NOT_SURE": "Not sure"}
HIDDEN = "Kept apart from this page"


@dataclass(frozen=True)
class Change:
    """One field as it was and as it became."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Save:
    """One save of one record."""

    when: str
    who: str
    first: bool
    changes: list[Change]
    reason: str = ""


@dataclass(frozen=True)
class Section:
    """One record with every save of it, newest first."""

    id: str
    heading: str
    saves: list[Save]


def sections(case: Case, now: datetime) -> list[Section]:
    """The case, its incidents, its parts, and how it is safe to reach the people in it."""
    parts = list(case.involvements.select_related("person").order_by("added_at", "pk"))
    groups = [("case", "The case", _rows(case.history.all()), False)]
    incidents = Incident.objects.filter(case=case).order_by("number")
    kept = _by_row(Incident.history.filter(id__in=[row.pk for row in incidents]))
    for row in incidents:
        groups.append((f"incident-{row.pk}", f"Incident {row.number}", kept.get(row.pk, []), False))
    kept = _by_row(Involvement.history.filter(id__in=[row.pk for row in parts]))
    for part in parts:
        heading = name_and_part(part)
        groups.append((f"part-{part.pk}", heading, kept.get(part.pk, []), part.kept_apart))
    groups += _safe_contacts(parts)
    names = _Names([row for _, _, rows, _ in groups for row in rows])
    return [
        Section(id, heading, list(_saves(rows, names, now, hidden=hidden)))
        for id, heading, rows, hidden in groups
    ]


def _safe_contacts(parts: Iterable[Involvement]) -> Iterator[tuple[str, str, list[Any], bool]]:
    """Safe contact of whoever is not kept apart, each person once."""
    open_parts = {part.person_id: part for part in parts if part.person_id and not part.kept_apart}
    apart = {part.person_id for part in parts if part.kept_apart}
    rows: dict[int, list[Any]] = {}
    for row in _rows(SafeContact.history.filter(person_id__in=set(open_parts) - apart)):
        rows.setdefault(row.person_id, []).append(row)
    for person_id, theirs in rows.items():
        name = open_parts[person_id].name
        yield (f"safe-contact-{person_id}", f"How it is safe to reach {name}", theirs, False)


def _rows(history: Any) -> list[Any]:
    return list(history.order_by("history_id"))


def _by_row(history: Any) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in _rows(history):
        grouped.setdefault(row.id, []).append(row)
    return grouped


def _savers(rows: list[Any]) -> set[Any]:
    return {row.history_user_id for row in rows}


class _Names:
    """The names behind the ids in the rows, one query a kind of thing."""

    def __init__(self, rows: list[Any]) -> None:
        self.users = self._of(
            User, "full_name", {row.history_user_id for row in rows} | self._ids(rows, User)
        )
        people = Person.objects.filter(pk__in=self._ids(rows, Person))
        homes = Property.objects.filter(pk__in=self._ids(rows, Property))
        self.kinds: dict[type[models.Model], dict[int, str]] = {
            User: self.users,
            Team: self._of(Team, "name", self._ids(rows, Team)),
            Person: {row.pk: row.name for row in people},
            Property: {row.pk: row.line for row in homes},
            PolicyVersion: self._of(PolicyVersion, "version", self._ids(rows, PolicyVersion)),
            Entity: self._of(Entity, "name", self._ids(rows, Entity)),
            Case: self._of(Case, "reference", self._ids(rows, Case)),
        }

    @staticmethod
    def _of(model: Any, name: str, ids: set[Any]) -> dict[int, str]:
        return dict(model.objects.filter(pk__in=ids - {None}).values_list("pk", name))

    @staticmethod
    def _ids(rows: list[Any], model: type[models.Model]) -> set[Any]:
        found: set[Any] = set()
        for row in rows:
            for field in row._meta.concrete_fields:
                if field.is_relation and _target(field) is model:
                    found.add(getattr(row, field.attname))
        return found - {None}

    def say(self, field: Any, value: Any) -> str:
        """What a key points at, in words."""
        return self.kinds.get(_target(field), {}).get(value, f"{field.name} {value}")


def _target(field: Any) -> type[models.Model]:
    model: type[models.Model] = field.related_model
    return model


def _saves(rows: list[Any], names: _Names, now: datetime, *, hidden: bool) -> Iterator[Save]:
    before = None
    saves = []
    for row in rows:
        changes = list(_changes(before, row, names, now, hidden=hidden))
        if changes:
            who = names.users.get(row.history_user_id, "A job of ours")
            reason = row.history_change_reason or ""
            when = words.say_moment(row.history_date, now)
            saves.append(Save(when, who, before is None, changes, reason))
        before = row
    yield from reversed(saves)


def _changes(
    before: Any, row: Any, names: _Names, now: datetime, *, hidden: bool
) -> Iterator[Change]:
    for field in row._meta.concrete_fields:
        if field.name in LEFT_OUT or field.name.startswith("history_"):
            continue
        new = getattr(row, field.attname)
        old = getattr(before, field.attname) if before is not None else None
        if new == old or (before is None and new in (None, "", [], False)):
            continue
        label = NAMES.get(field.name, str(field.verbose_name).capitalize())
        if hidden and field.name in ("person", "described_as", "fears"):
            yield Change(label, HIDDEN if before is not None else "", HIDDEN)
            continue
        said = [_say(field, value, names, now) for value in (old, new)]
        yield Change(label, said[0] if before is not None else "", said[1])


def _say(field: Any, value: Any, names: _Names, now: datetime) -> str:
    if value is None or value == "" or value == []:
        return "None"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field.is_relation:
        return names.say(field, value)
    if isinstance(value, datetime):
        return words.say_moment(value, now)
    if isinstance(value, date):
        return words.say_date(value)
    if isinstance(value, list):
        labels = dict(field.base_field.flatchoices)
        return ", ".join(str(labels.get(each, each)) for each in value)
    labels = dict(field.flatchoices)
    return str(labels.get(value, CODES.get(value, value)))
