"""Numbers, addresses and emails that somebody no longer uses: kept as not safe (domain 7.8).

A new home that is written to at the old address gives somebody away; so the old one is kept,
shown as not safe, and never comes back by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.people.matching import phone_key
from cases.people.merging import STANDS_ON, no_looser
from cases.people.models import Person, Property, SafeContact, UnsafeDetail
from cases.people.saving import said_of, save
from cases.people.tie_queries import records_of


def unsafe_details(person: Person) -> list[UnsafeDetail]:
    """What is not to be used for them any more, newest first (two queries)."""
    every = records_of([person.pk])
    rows = UnsafeDetail.objects.filter(person__in=every, safe_again_at__isnull=True)
    return list(rows.select_related("home"))


def unsafe_among(ids: Iterable[int]) -> list[tuple[int, UnsafeDetail]]:
    """What is not to be used for these people, by any record of theirs, with who stands for it.

    Two queries.
    """
    stands = records_of(ids)
    rows = UnsafeDetail.objects.filter(person__in=stands, safe_again_at__isnull=True)
    return [(stands[row.person_id], row) for row in rows]


def keep_what_was(person: Person, before: Mapping[str, Any], at: datetime, *, safe: bool) -> None:
    """Keep replaced details as not safe; one used again is safe only if somebody says so.

    ``before`` holds what the phone, email or home was.  Part of ``change_person``.
    """
    known = unsafe_details(person)
    for kind, value in before.items():
        now = getattr(person, kind)
        for row in known:
            if safe and row.kind == kind and _same(kind, _detail(row), now):
                row.safe_again_at = at
                save(row, at)
        held = any(row.kind == kind and _same(kind, _detail(row), value) for row in known)
        if value and not held and not _same(kind, value, now):
            home = value if isinstance(value, Property) else None
            text = "" if home else value
            save(UnsafeDetail(person=person, kind=kind, value=text, home=home, since=at), at)


def apart(theirs: Person, ours: Person) -> set[str]:
    """The details of which a merged record says something else than the one that stands."""
    return {name for name in STANDS_ON if getattr(theirs, name) != getattr(ours, name)}


def tell_the_merged(person: Person, at: datetime) -> None:
    """Let no record merged into this one call a way safe which this one does not.

    Pages of cases know the record they were written with (ADR 14).
    """
    merged = SafeContact.objects.filter(person__merged_into=person).select_related("person")
    if not (rows := list(merged)):
        return
    row = SafeContact.objects.filter(person=person).first()
    for theirs in rows:
        own = said_of(theirs)
        held = no_looser(own, said_of(row) or own or {}, apart(theirs.person, person))
        if own != held:
            for name, value in held.items():
                setattr(theirs, name, value)
            save(theirs, at)


def _detail(row: UnsafeDetail) -> Any:
    return row.home if row.home_id else row.value


def _same(kind: str, one: Any, other: Any) -> bool:
    if kind == "home" or not one or not other:
        return bool(one == other)
    if kind == "phone":
        return phone_key(one) == phone_key(other)
    return bool(one.casefold() == other.casefold())
