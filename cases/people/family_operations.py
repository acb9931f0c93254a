"""Everything that changes who is related to whom (domain 2.9; see ``cases.people.operations``)."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.people.choices import FamilyKind, ToldBy
from cases.people.models import FamilyLink, Person
from cases.people.rules import may_record
from cases.people.saving import open_period, save


@operation
def add_family_link(
    *,
    by: Actor,
    at: datetime,
    person: Person,
    relative: Person,
    kind: str,
    told_by: str = ToldBy.THEMSELVES,
    since: date | None = None,
    until: date | None = None,
) -> FamilyLink:
    """Record that ``relative`` is the ``kind`` of ``person`` (CHILD: their child).

    ``until`` is the first day it no longer holds; permanent kinds hold nevertheless.  Raises
    ValidationError for the same bond twice at one time, whichever way round it is told.
    """
    enforce(may_record(by))
    person, relative = person.survivor, relative.survivor
    ids = sorted((person.pk, relative.pk))
    list(
        Person.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
        .order_by("pk")
    )
    link = FamilyLink(
        person=person,
        relative=relative,
        kind=FamilyKind(kind),
        period=open_period(since, until, "until"),
        told_by=ToldBy(told_by),
    )
    _save(link, by, at, "added")
    return link


@operation
def end_family_link(*, by: Actor, at: datetime, link: FamilyLink, until: date) -> FamilyLink:
    """Record the first day a bond no longer holds.  A permanent one holds all the same."""
    enforce(may_record(by))
    link = _locked(link)
    link.period = open_period(link.period.lower, until, "until")
    _save(link, by, at, "ended")
    return link


@operation
def correct_family_link(
    *,
    by: Actor,
    at: datetime,
    link: FamilyLink,
    kind: str,
    told_by: str,
    since: date | None = None,
    until: date | None = None,
) -> FamilyLink:
    """Put right what was recorded wrongly; the history keeps what it said."""
    enforce(may_record(by))
    link = _locked(link)
    period = open_period(since, until, "until")
    if (link.kind, link.told_by, link.period) == (kind, told_by, period):
        unchanged()
        return link
    link.kind, link.told_by, link.period = FamilyKind(kind), ToldBy(told_by), period
    _save(link, by, at, "corrected")
    return link


@operation
def remove_family_link(*, by: Actor, at: datetime, link: FamilyLink) -> FamilyLink:
    """Record that a link was a mistake: it holds no day, and stays in the history."""
    enforce(may_record(by))
    link = FamilyLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if link.period.isempty:
        unchanged()
        return link
    link.period = DateRange(empty=True)
    _save(link, by, at, "mistake")
    return link


def _locked(link: FamilyLink) -> FamilyLink:
    link = FamilyLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if link.period.isempty:
        raise ValidationError("This was recorded by mistake and taken back. Add it again.")
    return link


def _save(link: FamilyLink, by: Actor, at: datetime, what: str) -> None:
    save(link, at)
    changed(Fact.PERSON, link.person_id, link.relative_id)
    codes: dict[str, object] = {"what": what, "kind": link.kind, "told_by": link.told_by}
    codes |= {"person": link.person_id, "relative": link.relative_id}
    record(Verb.FAMILY_CHANGED, by=by, at=at, subject=link, changes=codes)
