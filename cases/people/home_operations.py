"""Everything that changes homes, households and tenancies (see ``cases.people.operations``)."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.people.choices import MemberRelation, StockClass, Tenure
from cases.people.models import (
    Entity,
    Household,
    HouseholdMembership,
    Person,
    Property,
    Tenancy,
)
from cases.people.rules import may_record
from cases.people.saving import period, save, tidy
from cases.staff.models import Team


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
        address=tidy(address),
        town=tidy(town),
        postcode=tidy(postcode),
        uprn=tidy(uprn),
        area=tidy(area),
        local_authority=tidy(local_authority),
        stock_class=stock_class,
        entity=entity,
        team=team,
    )
    save(home, at)
    record(Verb.PROPERTY_ADDED, by=by, at=at, subject=home, changes={"stock_class": stock_class})
    return home


@operation
def add_household(*, by: Actor, at: datetime, home: Property) -> Household:
    """Add a household at a home: people who live together under one tenancy or licence."""
    enforce(may_record(by))
    household = Household(home=home)
    save(household, at)
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
    person = person.survivor
    # One at a time for a person, so that the check and the row agree.
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    membership = HouseholdMembership(
        household=household,
        person=person,
        period=period(moved_in, moved_out, "moved_out"),
        relation=relation,
    )
    save(membership, at)
    _ties_changed(household)
    changed(Fact.MOVED, person.pk)
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
    membership = _locked(membership)
    membership.period = period(membership.period.lower, moved_out, "moved_out")
    save(membership, at)
    _ties_changed(membership.household)
    record(
        Verb.HOUSEHOLD_CHANGED,
        by=by,
        at=at,
        subject=membership.household,
        changes={"person": membership.person_id, "moved_out": moved_out.isoformat()},
    )
    return membership


@operation
def correct_household_member(
    *,
    by: Actor,
    at: datetime,
    membership: HouseholdMembership,
    moved_in: date,
    moved_out: date | None = None,
    relation: str,
) -> HouseholdMembership:
    """Put right the days or the relation of somebody's place; the history keeps what it said."""
    enforce(may_record(by))
    membership = _locked(membership)
    days = period(moved_in, moved_out, "moved_out")
    if (membership.period, membership.relation) == (days, relation):
        unchanged()
        return membership
    membership.period, membership.relation = days, MemberRelation(relation)
    _corrected(membership, by, at, "corrected")
    return membership


@operation
def remove_household_member(
    *, by: Actor, at: datetime, membership: HouseholdMembership
) -> HouseholdMembership:
    """Record that somebody was put in a household by mistake: they were there on no day."""
    enforce(may_record(by))
    membership = HouseholdMembership.objects.select_for_update().get(pk=membership.pk)
    if membership.period.isempty:
        unchanged()
        return membership
    membership.period = DateRange(empty=True)
    _corrected(membership, by, at, "mistake")
    return membership


def _locked(membership: HouseholdMembership) -> HouseholdMembership:
    membership = HouseholdMembership.objects.select_for_update().get(pk=membership.pk)
    if membership.period.isempty:
        raise ValidationError("This was recorded by mistake and taken back. Add it again.")
    return membership


def _corrected(membership: HouseholdMembership, by: Actor, at: datetime, what: str) -> None:
    save(membership, at)
    _ties_changed(membership.household)
    codes = {"person": membership.person_id, "what": what, "relation": membership.relation}
    record(Verb.HOUSEHOLD_CHANGED, by=by, at=at, subject=membership.household, changes=codes)


def _ties_changed(household: Household) -> None:
    # Everybody who ever belonged: a tie has two ends, and the days of both make it.
    changed(Fact.PERSON, *household.memberships.values_list("person_id", flat=True))


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
        reference=tidy(reference),
        home=home,
        holder=holder.survivor,
        tenure=tenure,
        period=period(starts, ends, "ends"),
    )
    save(tenancy, at)
    record(
        Verb.TENANCY_ADDED, by=by, at=at, subject=tenancy, changes={"tenure": Tenure(tenure).value}
    )
    return tenancy
