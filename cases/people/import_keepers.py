"""How each kind of imported row becomes a row of ours: what it points at, what it says, writes.

A keeper looks up what a batch needs in a fixed number of queries, and then works without any.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from cases import references
from cases.audit.verbs import Verb
from cases.people.choices import ImportKind, StockClass
from cases.people.contact_details import unsafe_among
from cases.people.import_columns import Refusal, Row
from cases.people.keys import fill_keys, fill_property_keys
from cases.people.matching import name_key, phone_key
from cases.people.models import (
    Entity,
    Person,
    Property,
    SafeContact,
    SourceKey,
    Tenancy,
)

NO_HOME = "No home of this key has been brought in."
NO_PERSON = "Nobody of this key has been brought in."
NOT_SAFE = "This home is kept as not safe for them. Nobody is moved there by an import: ask them."


def known_keys(system: str, kind: str, keys: Iterable[str]) -> dict[str, SourceKey]:
    """What we already know of these keys (one query)."""
    rows = SourceKey.objects.filter(system=system, kind=kind, key__in=set(keys) - {""})
    return {row.key: row for row in rows}


def _ids(system: str, kind: str, keys: Iterable[str]) -> dict[str, int]:
    return {key: row.subject_id for key, row in known_keys(system, kind, keys).items()}


@dataclass
class Keeper(ABC):
    """What is the same for every kind.  Made afresh for each batch."""

    system: str
    at: datetime
    refused: list[Refusal] = field(default_factory=list)

    kind: ClassVar[str]
    model: ClassVar[Any]
    added: ClassVar[Verb]
    changed: ClassVar[Verb]
    fixed: ClassVar[tuple[str, ...]] = ()
    """Columns that say which things a row is about: they never change."""
    blamed: ClassVar[str]
    """The column named when only the database knows what is wrong."""

    @abstractmethod
    def look_up(self, rows: Sequence[Row], known: Mapping[str, SourceKey]) -> None:
        """Find what the batch points at."""

    def refuse(self, row: Row, column: str, reason: str) -> None:
        """Say why a row is not taken."""
        self.refused.append(Refusal(row.line, column, reason, row.key))

    def facts(self, values: Mapping[str, str]) -> dict[str, str]:
        """Values in the terms they are compared in: keys of things as our ids."""
        return dict(values)

    def stands(self, row: Row) -> bool:
        """Whether what the row points at is there; refuses it otherwise."""
        return True

    def adopt(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Rows of ours, made by our own people, that these new rows are about."""
        return {}

    @abstractmethod
    def new(self, row: Row) -> Any:
        """The row of ours a new row becomes, or None once it is refused."""

    @abstractmethod
    def said(self, row: Any) -> dict[str, str]:
        """What a row of ours says, column by column, in the terms of ``facts``."""

    def guarded(self, row: Any, now: Mapping[str, str]) -> frozenset[str]:
        """The columns that are never taken over without somebody looking."""
        return frozenset()

    @abstractmethod
    def put(self, row: Any, source: Row, columns: Iterable[str]) -> None:
        """Write these columns on a row of ours."""

    @abstractmethod
    def fill(self, rows: Sequence[Any]) -> None:
        """Make the keys the rows are found by."""

    @property
    def about(self) -> type[models.Model]:
        """What the events are about."""
        about: type[models.Model] = self.model
        return about

    def subject(self, row: Any) -> int:
        """The id of what the event about a row is about."""
        return int(row.pk)

    def ties(self, rows: Sequence[Any]) -> set[int]:
        """The people whose ties may have changed with these rows."""
        return set()


class Homes(Keeper):
    """Homes."""

    kind = ImportKind.PROPERTY
    model = Property
    added = Verb.PROPERTY_ADDED
    changed = Verb.PROPERTY_CHANGED
    blamed = "property_key"
    _PLAIN = ("address", "town", "postcode", "uprn", "area", "local_authority")

    def look_up(self, rows: Sequence[Row], known: Mapping[str, SourceKey]) -> None:
        self.entities = {row.code: row for row in Entity.objects.all()}
        uprns = {row.values["uprn"] for row in rows} - {""}
        self.by_uprn = {row.uprn: row for row in Property.objects.filter(uprn__in=uprns)}
        self.mine = {row.subject_id: key for key, row in known.items()}
        self.claimed: dict[str, str] = {}

    def stands(self, row: Row) -> bool:
        code, uprn = row.values["entity"], row.values["uprn"]
        if code and code not in self.entities:
            self.refuse(row, "entity", "We know no company of this code.")
            return False
        if not uprn:
            return True
        if self.claimed.setdefault(uprn, row.key) != row.key:
            self.refuse(row, "uprn", "Another row of this file has the same UPRN.")
            return False
        held = self.by_uprn.get(uprn)
        if held and self.mine.get(held.pk) not in (None, row.key):
            self.refuse(row, "uprn", "Another home has this UPRN.")
            return False
        return True

    def adopt(self, rows: Sequence[Row]) -> dict[str, Any]:
        codes = {row.values["postcode"] for row in rows} - {""}
        near = {home.search_key: home for home in Property.objects.filter(postcode__in=codes)}
        found = {}
        for row in rows:
            whole = " ".join(row.values[name] for name in ("address", "town", "postcode"))
            home = self.by_uprn.get(row.values["uprn"]) or near.get(name_key(whole))
            if home:
                found[row.key] = home
        tied = SourceKey.objects.filter(
            kind=self.kind, subject_id__in=[h.pk for h in found.values()]
        )
        taken = dict(tied.values_list("subject_id", "key"))
        for row in rows:
            home = found.get(row.key)
            if home and home.pk in taken:
                del found[row.key]
                if row.values["uprn"] and row.values["uprn"] == home.uprn:
                    self.refuse(row, "uprn", "Another home has this UPRN.")
            elif home:
                taken[home.pk] = row.key
        return found

    def new(self, row: Row) -> Property:
        home = Property()
        self.put(home, row, row.values)
        return home

    def said(self, row: Any) -> dict[str, str]:
        plain = {name: getattr(row, name) for name in self._PLAIN}
        code = next((e.code for e in self.entities.values() if e.pk == row.entity_id), "")
        return plain | {"stock_class": row.stock_class, "entity": code}

    def put(self, row: Any, source: Row, columns: Iterable[str]) -> None:
        for name in columns:
            value = source.values[name]
            if name in self._PLAIN:
                setattr(row, name, value)
            elif name == "stock_class":
                row.stock_class = value or StockClass.LCRA
            elif name == "entity":
                row.entity = self.entities.get(value)

    def fill(self, rows: Sequence[Any]) -> None:
        fill_property_keys(rows)


class People(Keeper):
    """People.  Nobody is taken for somebody we have: that is for a person to decide."""

    kind = ImportKind.PERSON
    model = Person
    added = Verb.PERSON_ADDED
    changed = Verb.PERSON_CHANGED
    blamed = "person_key"
    _PLAIN = ("full_name", "known_as", "phone", "email", "language", "pronouns")

    def look_up(self, rows: Sequence[Row], known: Mapping[str, SourceKey]) -> None:
        keys = {row.values["property_key"] for row in rows}
        keys |= {row.values.get("property_key", "") for row in known.values()}
        self.homes = _ids(self.system, ImportKind.PROPERTY, keys)
        ids = [row.subject_id for row in known.values()]
        reached = SafeContact.objects.filter(person__in=ids)
        self.reached = set(reached.values_list("person_id", flat=True))
        self.unsafe: dict[int, set[str]] = {}
        for person, detail in unsafe_among(ids):
            said = str(detail.home_id) if detail.home_id else detail.value
            self.unsafe.setdefault(person, set()).update(_spellings(said))
        self.references = _free_references(len(rows))

    def facts(self, values: Mapping[str, str]) -> dict[str, str]:
        home = self.homes.get(values.get("property_key", ""))
        return dict(values) | {"property_key": str(home or "")}

    def stands(self, row: Row) -> bool:
        home, born = row.values["property_key"], row.values["date_of_birth"]
        if home and home not in self.homes:
            self.refuse(row, "property_key", NO_HOME)
        elif born and born > self.at.date().isoformat():
            self.refuse(row, "date_of_birth", "It is in the future.")
        else:
            return True
        return False

    def new(self, row: Row) -> Person:
        person = Person(reference=self.references.pop(), created_at=self.at)
        self.put(person, row, row.values)
        return person

    def said(self, row: Any) -> dict[str, str]:
        born = row.date_of_birth
        return {name: getattr(row, name) for name in self._PLAIN} | {
            "date_of_birth": born.isoformat() if born else "",
            "property_key": str(row.home_id or ""),
        }

    def guarded(self, row: Any, now: Mapping[str, str]) -> frozenset[str]:
        """How to reach somebody who was asked about it, and what is known to be unsafe."""
        if row.merged_into_id:
            return frozenset(now)
        if row.pk in self.reached:
            return frozenset({"phone", "email", "property_key"})
        unsafe = self.unsafe.get(row.pk, set())
        columns = ("phone", "email", "property_key")
        return frozenset(name for name in columns if _spellings(now[name]) & unsafe)

    def put(self, row: Any, source: Row, columns: Iterable[str]) -> None:
        for name in columns:
            if name in self._PLAIN:
                setattr(row, name, source.values[name])
            elif name == "date_of_birth":
                row.date_of_birth = source.day(name)
            elif name == "property_key":
                row.home_id = self.homes.get(source.values[name])

    def fill(self, rows: Sequence[Any]) -> None:
        fill_keys(rows)


def _spellings(said: str) -> set[str]:
    """A detail however it is spelled: a number by its digits, an email without case."""
    digits = phone_key(said)
    return {said.lower(), digits if len(digits) > 5 else said.lower()} - {""}


def _free_references(count: int) -> list[str]:
    made: set[str] = set()
    while len(made) < count:
        more = {references.person_reference() for _ in range(count - len(made))}
        taken = Person.objects.filter(reference__in=more).values_list("reference", flat=True)
        made |= more - set(taken)
    return list(made)


class OfPeople(Keeper):
    """Rows that say who and where, which never change, and from when to when."""

    until: ClassVar[str]
    """The column of the last day: empty while it goes on."""

    def fill(self, rows: Sequence[Any]) -> None:
        """Nothing: these are found by whose they are."""

    def look_up(self, rows: Sequence[Row], known: Mapping[str, SourceKey]) -> None:
        homes = {row.values["property_key"] for row in rows}
        homes |= {row.values.get("property_key", "") for row in known.values()}
        self.homes = _ids(self.system, ImportKind.PROPERTY, homes)
        people = {row.values["person_key"] for row in rows}
        people |= {row.values.get("person_key", "") for row in known.values()}
        ids = _ids(self.system, ImportKind.PERSON, people)
        stand = dict(
            Person.objects.filter(pk__in=ids.values())
            .annotate(stands=models.functions.Coalesce("merged_into", "pk"))
            .values_list("pk", "stands")
        )
        self.people = {key: stand[pk] for key, pk in ids.items()}
        unsafe = unsafe_among(self.people.values())
        self.unsafe_homes = {(person, row.home_id) for person, row in unsafe if row.home_id}

    def facts(self, values: Mapping[str, str]) -> dict[str, str]:
        home = self.homes.get(values.get("property_key", ""))
        person = self.people.get(values.get("person_key", ""))
        return dict(values) | {"property_key": str(home or ""), "person_key": str(person or "")}

    def stands(self, row: Row) -> bool:
        if row.values["property_key"] not in self.homes:
            self.refuse(row, "property_key", NO_HOME)
        elif row.values["person_key"] not in self.people:
            self.refuse(row, "person_key", NO_PERSON)
        elif self._goes_on(row) and self._whom_and_where(row) in self.unsafe_homes:
            self.refuse(row, "property_key", NOT_SAFE)
        else:
            return True
        return False

    def _goes_on(self, row: Row) -> bool:
        until = row.values[self.until]
        return not until or until > self.at.date().isoformat()

    def _whom_and_where(self, row: Row) -> tuple[int, int]:
        return self.people[row.values["person_key"]], self.homes[row.values["property_key"]]


class Tenancies(OfPeople):
    """Tenancies, leases and licences."""

    kind = ImportKind.TENANCY
    model = Tenancy
    added = Verb.TENANCY_ADDED
    changed = Verb.TENANCY_CHANGED
    blamed = "tenancy_key"
    fixed = ("property_key", "person_key")
    until = "ends"

    def look_up(self, rows: Sequence[Row], known: Mapping[str, SourceKey]) -> None:
        super().look_up(rows, known)
        held = Tenancy.objects.filter(reference__in=[row.key for row in rows])
        self.held = {row.reference: row for row in held}

    def adopt(self, rows: Sequence[Row]) -> dict[str, Any]:
        found = {}
        for row in rows:
            if (held := self.held.get(row.key)) is None:
                continue
            if (held.holder_id, held.home_id) == self._whom_and_where(row):
                found[row.key] = held
            else:
                reason = "We hold this reference for another home or person."
                self.refuse(row, "tenancy_key", reason)
        return found

    def new(self, row: Row) -> Tenancy:
        tenancy = Tenancy(reference=row.key)
        tenancy.home_id = self.homes[row.values["property_key"]]
        tenancy.holder_id = self.people[row.values["person_key"]]
        self.put(tenancy, row, ("tenure", "starts"))
        return tenancy

    def said(self, row: Any) -> dict[str, str]:
        return {
            "property_key": str(row.home_id),
            "person_key": str(row.holder_id),
            "tenure": row.tenure,
            **said_days(row.period, "starts", "ends"),
        }

    def put(self, row: Any, source: Row, columns: Iterable[str]) -> None:
        if "tenure" in columns:
            row.tenure = source.values["tenure"]
        put_days(row, source, set(columns), "starts", "ends")


def said_days(period: DateRange, first: str, last: str) -> dict[str, str]:
    """The two ends of some days as text; both empty if they hold no day."""
    return {
        first: period.lower.isoformat() if period.lower else "",
        last: period.upper.isoformat() if period.upper else "",
    }


def put_days(row: Any, source: Row, columns: set[str], first: str, last: str) -> None:
    """Write the ends that are taken over; the other end stays."""
    if not columns & {first, last}:
        return
    is_new = row.pk is None
    lower = source.day(first) if is_new or first in columns else row.period.lower
    upper = source.day(last) if is_new or last in columns else row.period.upper
    row.period = DateRange(lower, upper)
