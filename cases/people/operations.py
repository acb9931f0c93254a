"""Everything that changes people, homes, households and how it is safe to reach somebody.

Each operation takes ``by`` and ``at``, may raise :class:`~cases.access.Refused` (the actor
may not) or :class:`~django.core.exceptions.ValidationError` (the values cannot be), and
records codes on the ledger, never names, addresses or anybody's words.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from cases import references
from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.people.choices import (
    AdjustmentKind,
    LinkKind,
    MemberRelation,
    Reach,
    StockClass,
    Tenure,
    ToldBy,
)
from cases.people.keys import fill_keys, fill_property_keys
from cases.people.models import (
    Adjustment,
    Entity,
    Household,
    HouseholdMembership,
    Person,
    Property,
    SafeContact,
    StaffLink,
    Tenancy,
)
from cases.people.rules import may_link, may_record
from cases.staff.models import Team, User

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

REACHED_BY = {
    "phone": ("ring", "voicemail", "text"),
    "email": ("email",),
    "home": ("post", "visit"),
}
"""The ways of making contact that stand on each detail: a new detail puts them in doubt."""


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
        full_name=_tidy(full_name),
        placeholder=_tidy(placeholder),
        known_as=_tidy(known_as),
        date_of_birth=_born_before(date_of_birth, at),
        phone=_tidy(phone),
        email=_tidy(email),
        pronouns=_tidy(pronouns),
        language=_tidy(language),
        home=home,
        is_colleague=is_colleague,
        created_at=at,
    )
    _save(person)
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
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    changed = [
        name
        for name, value in details.items()
        if getattr(person, name) != (_tidy(value) if isinstance(value, str) else value)
    ]
    if not changed:
        unchanged()
        return person
    for name in changed:
        value = details[name]
        setattr(person, name, _tidy(value) if isinstance(value, str) else value)
    _born_before(person.date_of_birth, at)
    codes: dict[str, Any] = {name: "changed" for name in changed}
    if doubted := [way for name in changed for way in REACHED_BY.get(name, ())]:
        codes |= {"safe": Reach(safe).value, "told_by": ToldBy(told_by).value if told_by else ""}
        person._change_reason = f"safe={codes['safe']} told_by={codes['told_by']}"  # type: ignore[attr-defined]
        codes |= _put_in_doubt(person, doubted, Reach(safe))
    _save(person)
    record(Verb.PERSON_CHANGED, by=by, at=at, subject=person, changes=codes)
    return person


def _put_in_doubt(person: Person, ways: list[str], safe: Reach) -> dict[str, str]:
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
        _save(row)
    return fell


@operation
def add_property(
    *,
    by: Actor,
    at: datetime,
    address: str,
    town: str = "",
    postcode: str = "",
    uprn: str = "",
    area: str = "",
    local_authority: str = "",
    stock_class: str = StockClass.LCRA,
    entity: Entity | None = None,
    team: Team | None = None,
) -> Property:
    """Add a home or place we know, ours or not."""
    enforce(may_record(by))
    home = Property(
        address=_tidy(address),
        town=_tidy(town),
        postcode=_tidy(postcode),
        uprn=_tidy(uprn),
        area=_tidy(area),
        local_authority=_tidy(local_authority),
        stock_class=stock_class,
        entity=entity,
        team=team,
    )
    _save(home)
    record(Verb.PROPERTY_ADDED, by=by, at=at, subject=home, changes={"stock_class": stock_class})
    return home


@operation
def add_household(*, by: Actor, at: datetime, home: Property) -> Household:
    """Add a household at a home: people who live together under one tenancy or licence."""
    enforce(may_record(by))
    household = Household(home=home)
    _save(household)
    record(Verb.HOUSEHOLD_CHANGED, by=by, at=at, subject=household, changes={"home": home.pk})
    return household


@operation
def add_household_member(
    *,
    by: Actor,
    at: datetime,
    household: Household,
    person: Person,
    moved_in: date,
    moved_out: date | None = None,
    relation: str = MemberRelation.OTHER_OCCUPANT,
) -> HouseholdMembership:
    """Record that somebody lives, or lived, in a household (domain 2.9).

    ``moved_out`` is the first day they no longer live there.  Nobody is in two households at
    once: an overlap raises ValidationError with the sentence to show.
    """
    enforce(may_record(by))
    # One at a time for a person, so that the check and the row agree.
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    membership = HouseholdMembership(
        household=household,
        person=person,
        period=_period(moved_in, moved_out, "moved_out"),
        relation=relation,
    )
    _save(membership)
    record(
        Verb.HOUSEHOLD_CHANGED,
        by=by,
        at=at,
        subject=household,
        changes={"person": person.pk, "relation": relation},
    )
    return membership


@operation
def end_household_member(
    *, by: Actor, at: datetime, membership: HouseholdMembership, moved_out: date
) -> HouseholdMembership:
    """Record when somebody moved out; ``moved_out`` is the first day they are not there."""
    enforce(may_record(by))
    membership = HouseholdMembership.objects.select_for_update().get(pk=membership.pk)
    membership.period = _period(membership.period.lower, moved_out, "moved_out")
    _save(membership)
    record(
        Verb.HOUSEHOLD_CHANGED,
        by=by,
        at=at,
        subject=membership.household,
        changes={"person": membership.person_id, "moved_out": moved_out.isoformat()},
    )
    return membership


@operation
def add_tenancy(
    *,
    by: Actor,
    at: datetime,
    reference: str,
    home: Property,
    holder: Person,
    tenure: str,
    starts: date,
    ends: date | None = None,
) -> Tenancy:
    """Record a tenancy, lease or licence; ``ends`` is the first day it no longer runs (HC-21)."""
    enforce(may_record(by))
    tenancy = Tenancy(
        reference=_tidy(reference),
        home=home,
        holder=holder,
        tenure=tenure,
        period=_period(starts, ends, "ends"),
    )
    _save(tenancy)
    record(
        Verb.TENANCY_ADDED, by=by, at=at, subject=tenancy, changes={"tenure": Tenure(tenure).value}
    )
    return tenancy


@operation
def set_safe_contact(*, by: Actor, at: datetime, person: Person, **values: str) -> SafeContact:
    """Record how it is safe to reach somebody, as they said it; the history keeps what was.

    ``values`` are fields of :class:`SafeContact` (``ring="SAFE"``, ``say_we_are="Sam"``); what
    is not given stays as it was, and "not asked" at first (domain 7.8).
    """
    enforce(may_record(by))
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    row = SafeContact.objects.filter(person=person).first()
    is_new = row is None
    row = row or SafeContact(person=person, asked_at=at)
    tidied = {name: _tidy(value) for name, value in values.items()}
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
    _save(row)
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
    adjustment = Adjustment(person=person, kind=kind, need=_tidy(need), asked_at=at)
    _save(adjustment)
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
    _save(adjustment)
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
    _save(link)
    record(Verb.STAFF_LINK_DECLARED, by=by, at=at, subject=link, changes={"kind": kind})
    return link


@operation
def show_details(*, by: Actor, at: datetime, person: Person) -> None:
    """Record that somebody uncovered a person's contact details (bar row 20)."""
    record(Verb.DETAILS_SHOWN, by=by, at=at, subject=person)


def _save(row: models.Model) -> None:
    if isinstance(row, Person):
        fill_keys([row])
    elif isinstance(row, Property):
        fill_property_keys([row])
    row.full_clean()
    row.save()


def _tidy(text: str) -> str:
    if "\x00" in text:
        raise ValidationError("Null characters are not allowed.")
    return text.strip()


def _period(first: date, after_last: date | None, field: str) -> DateRange:
    if after_last is not None and after_last <= first:
        raise ValidationError({field: "The last day must come after the first."})
    return DateRange(first, after_last)


def _born_before(day: date | None, at: datetime) -> date | None:
    if day is not None and day > at.date():
        raise ValidationError({"date_of_birth": "The date of birth must be in the past."})
    return day


def _free_reference() -> str:
    while Person.objects.filter(reference=(made := references.person_reference())).exists():
        pass
    return made
