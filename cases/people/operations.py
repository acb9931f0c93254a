"""Everything that changes people, homes, households and how it is safe to reach somebody.

Each operation takes ``by`` and ``at``, may raise :class:`~cases.access.Refused` (the actor
may not) or :class:`~django.core.exceptions.ValidationError` (the values cannot be), and
records codes on the ledger, never names, addresses or anybody's words.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from cases import references
from cases.access import Actor, enforce
from cases.audit import context
from cases.audit.ledger import operation, record, unchanged
from cases.audit.memory import recall, remember
from cases.audit.settling import Fact
from cases.audit.settling import changed as fact_changed
from cases.audit.verbs import Verb
from cases.people.choices import AdjustmentKind, LinkKind, Reach, ToldBy
from cases.people.contact_details import keep_what_was, tell_the_merged
from cases.people.family_operations import (
    add_family_link,
    correct_family_link,
    end_family_link,
    remove_family_link,
)
from cases.people.home_operations import (
    add_household,
    add_household_member,
    add_property,
    add_tenancy,
    correct_household_member,
    end_household_member,
    remove_household_member,
)
from cases.people.keys import PERSON_KEYS, PROPERTY_KEYS, fill_keys, fill_property_keys
from cases.people.merge_operations import merge_people, not_the_same, unmerge_people
from cases.people.merging import STANDS_ON
from cases.people.models import Adjustment, Person, Property, SafeContact, StaffLink
from cases.people.rules import may_link, may_record, may_show_details
from cases.people.saving import save, tidy
from cases.staff.models import User

__all__ = [
    "add_adjustment",
    "add_family_link",
    "add_household",
    "add_household_member",
    "add_person",
    "add_property",
    "add_tenancy",
    "change_person",
    "correct_family_link",
    "correct_household_member",
    "declare_staff_link",
    "end_adjustment",
    "end_family_link",
    "end_household_member",
    "merge_people",
    "not_the_same",
    "refill_keys",
    "remove_family_link",
    "remove_household_member",
    "set_safe_contact",
    "show_details",
    "unmerge_people",
]

DETAILS = frozenset(
    {
        "full_name",
        "placeholder",
        "known_as",
        "date_of_birth",
        "phone",
        "email",
        "pronouns",
        "language",
        "home",
        "is_colleague",
    }
)
"""What ``change_person`` changes."""

WHO_THEY_ARE = frozenset({"full_name", "placeholder", "date_of_birth"})
"""Details that say who somebody is: what follows from that is settled anew."""

JUST_ADDED = "person just added"
"""What an operation remembers somebody under whom it added: nobody else can know them yet, and
they hold no tenancy and live in no household that we know of.
"""


@operation
def add_person(
    *,
    by: Actor,
    at: datetime,
    full_name: str = "",
    placeholder: str = "",
    known_as: str = "",
    date_of_birth: date | None = None,
    phone: str = "",
    email: str = "",
    pronouns: str = "",
    language: str = "",
    home: Property | None = None,
    is_colleague: bool = False,
) -> Person:
    """Add somebody, or a placeholder for somebody not yet identified (HC-13).

    Post and voicemail, like every other way, are not safe until somebody asks (domain 7.8).
    """
    enforce(may_record(by))
    person = Person(
        reference=_free_reference(),
        full_name=tidy(full_name),
        placeholder=tidy(placeholder),
        known_as=tidy(known_as),
        date_of_birth=_born_before(date_of_birth, at),
        phone=tidy(phone),
        email=tidy(email),
        pronouns=tidy(pronouns),
        language=tidy(language),
        home=home,
        is_colleague=is_colleague,
        created_at=at,
    )
    save(person, at)
    remember(JUST_ADDED, person.pk, True)
    record(Verb.PERSON_ADDED, by=by, at=at, subject=person, changes={"colleague": is_colleague})
    return person


@operation
def change_person(
    *,
    by: Actor,
    at: datetime,
    person: Person,
    safe: str = Reach.NOT_ASKED,
    told_by: str = "",
    **details: Any,
) -> Person:
    """Change somebody's details (see ``DETAILS``).

    A new phone number, email address or home needs an answer to "is this safe, who told
    you?" (``safe``, ``told_by``; kept in the row's history and on the ledger).  Unless it is
    safe, the ways of making contact that stand on it stop being safe (domain 7.8).
    """
    enforce(may_record(by))
    if unknown := details.keys() - DETAILS:
        raise TypeError(f"not a person's details: {sorted(unknown)}")
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.survivor.pk)
    changed = [
        name
        for name, value in details.items()
        if getattr(person, name) != (tidy(value) if isinstance(value, str) else value)
    ]
    if not changed:
        unchanged()
        return person
    before = {name: getattr(person, name) for name in changed if name in STANDS_ON}
    for name in changed:
        value = details[name]
        setattr(person, name, tidy(value) if isinstance(value, str) else value)
    _born_before(person.date_of_birth, at)
    codes: dict[str, Any] = {name: "changed" for name in changed}
    why = ""
    if doubted := [way for name in changed for way in STANDS_ON.get(name, ())]:
        codes |= {"safe": Reach(safe).value, "told_by": ToldBy(told_by).value if told_by else ""}
        codes |= _put_in_doubt(person, doubted, Reach(safe), at)
        keep_what_was(person, before, at, safe=Reach(safe) == Reach.SAFE)
        why = f"safe={codes['safe']} told_by={codes['told_by']}"
    with context.because(why):
        save(person, at)
    if doubted:
        tell_the_merged(person, at)
    if WHO_THEY_ARE & set(changed):
        fact_changed(Fact.PERSON, person.pk)
    if "home" in changed:
        fact_changed(Fact.MOVED, person.pk)
    record(Verb.PERSON_CHANGED, by=by, at=at, subject=person, changes=codes)
    return person


def _put_in_doubt(person: Person, ways: list[str], safe: Reach, at: datetime) -> dict[str, str]:
    # A detail somebody calls safe raises nothing: what is safe is asked way by way.
    row = SafeContact.objects.select_for_update().filter(person=person).first()
    if row is None or safe == Reach.SAFE:
        return {}
    fell = {way: safe.value for way in ways if getattr(row, way) == Reach.SAFE}
    if fell:
        for way, code in fell.items():
            setattr(row, way, code)
        if row.first_choice in fell:
            row.first_choice = ""
        save(row, at)
    return fell


@operation
def set_safe_contact(*, by: Actor, at: datetime, person: Person, **values: str) -> SafeContact:
    """Record how it is safe to reach somebody, as they said it; the history keeps what was.

    ``values`` are fields of :class:`SafeContact` (``ring="SAFE"``, ``say_we_are="Sam"``); what
    is not given stays as it was, and "not asked" at first (domain 7.8).
    """
    enforce(may_record(by))
    is_ours = bool(recall(JUST_ADDED, person.pk))
    if not is_ours:
        person = Person.objects.select_for_update(of=("self",), no_key=True).get(
            pk=person.survivor.pk
        )
    row = SafeContact.objects.filter(person=person).first()
    is_new = row is None
    row = row or SafeContact(person=person, asked_at=at)
    tidied = {name: tidy(value) for name, value in values.items()}
    if unknown := tidied.keys() - _SAFE_FIELDS:
        raise TypeError(f"not safe contact: {sorted(unknown)}")
    changed = {name: value for name, value in tidied.items() if getattr(row, name) != value}
    if not changed and not is_new:
        unchanged()
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    row.asked_at = at
    _first_choice_is_safe(row)
    save(row, at)
    if not is_ours:
        tell_the_merged(person, at)
    codes = {
        name: value if name in (*SafeContact.CHANNELS, "first_choice") else "changed"
        for name, value in changed.items()
    }
    record(Verb.SAFE_CONTACT_SET, by=by, at=at, subject=person, changes=codes)
    return row


_SAFE_FIELDS = frozenset(
    {
        *SafeContact.CHANNELS,
        "first_choice",
        "safe_times",
        "say_we_are",
        "who_could_find_out",
        "if_cut_off",
    }
)


def _first_choice_is_safe(row: SafeContact) -> None:
    if row.first_choice and getattr(row, row.first_choice) != Reach.SAFE:
        raise ValidationError({"first_choice": "Their first choice must be one that is safe."})


@operation
def add_adjustment(
    *, by: Actor, at: datetime, person: Person, need: str, kind: str = AdjustmentKind.OTHER
) -> Adjustment:
    """Record something that makes it easier for them, or that nothing is needed (HC-38)."""
    enforce(may_record(by))
    person = person.survivor
    adjustment = Adjustment(person=person, kind=kind, need=tidy(need), asked_at=at)
    save(adjustment, at)
    record(Verb.ADJUSTMENT_ADDED, by=by, at=at, subject=person, changes={"kind": kind})
    return adjustment


@operation
def end_adjustment(*, by: Actor, at: datetime, adjustment: Adjustment) -> Adjustment:
    """Record that an adjustment is no longer needed; it stays in the record."""
    enforce(may_record(by))
    adjustment = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
    if adjustment.ended_at is not None:
        unchanged()
        return adjustment
    adjustment.ended_at = at
    save(adjustment, at)
    record(
        Verb.ADJUSTMENT_ENDED,
        by=by,
        at=at,
        subject=adjustment.person,
        changes={"kind": adjustment.kind},
    )
    return adjustment


@operation
def declare_staff_link(
    *,
    by: Actor,
    at: datetime,
    user: User,
    kind: str,
    person: Person | None = None,
    home: Property | None = None,
) -> StaffLink:
    """Declare somebody or some address a colleague is tied to (domain 7.1).

    Everybody declares their own; a case manager may declare a colleague's.  Declared twice is
    declared once.  A link is never taken back: a conflict is cleared case by case.
    """
    enforce(may_link(by, user_id=user.pk))
    link = StaffLink(user=user, person=person, home=home, kind=LinkKind(kind), declared_at=at)
    if known := StaffLink.objects.filter(user=user, person=person, home=home, kind=kind).first():
        unchanged()
        return known
    save(link, at)
    record(Verb.STAFF_LINK_DECLARED, by=by, at=at, subject=link, changes={"kind": kind})
    return link


@operation
def show_details(*, by: Actor, at: datetime, person: Person) -> None:
    """Record that somebody uncovered a person's contact details (bar row 20)."""
    enforce(may_show_details(by))
    record(Verb.DETAILS_SHOWN, by=by, at=at, subject=person)


@operation
def refill_keys(*, by: Actor, at: datetime) -> int:
    """Work out every search key again; the number of rows that were out of date.

    Keys are derived, so neither the rows' history nor their subjects are touched.
    """
    changed = 0
    kinds: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
        (Person, fill_keys, PERSON_KEYS),
        (Property, fill_property_keys, PROPERTY_KEYS),
    )
    for model, fill, names in kinds:
        rows: list[Any] = []
        for row in model.objects.order_by("pk").iterator(chunk_size=2000):
            before = [getattr(row, name) for name in names]
            fill([row])
            if before != [getattr(row, name) for name in names]:
                rows.append(row)
        model.objects.bulk_update(rows, names, batch_size=500)
        changed += len(rows)
    if changed:
        record(Verb.PERSON_CHANGED, by=by, at=at, changes={"keys": changed})
    else:
        unchanged()
    return changed


def _born_before(day: date | None, at: datetime) -> date | None:
    if day is not None and day > at.date():
        raise ValidationError({"date_of_birth": "The date of birth must be in the past."})
    return day


def _free_reference() -> str:
    while Person.objects.filter(reference=(made := references.person_reference())).exists():
        pass
    return made
