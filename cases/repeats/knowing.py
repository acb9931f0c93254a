"""What somebody may know of a flag: the same rules, over what may be known to them (ADR 19).

A case kept from a reader, by a restriction or a conflict of interest, is not there for them
(domain 7.1).  A date, a number or the word "repeat" would say that it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.access import Actor
from cases.casework.models import Case, Conflict, Incident
from cases.people.models import HouseholdMembership, Person
from cases.prepared import prepared
from cases.repeats import reading
from cases.repeats.facts import Evidence, Facts, Flag, Level, Said
from cases.repeats.models import RepeatEvidence, RepeatFlag
from cases.repeats.rules import Engine


def as_known(flags: Iterable[RepeatFlag], reader: Actor | None) -> list[RepeatFlag]:
    """These flags as the reader may know them, without those that are then nothing.

    Without a reader, as everybody may: no restricted case is there.  The rows given back are to
    be read only; ``standing`` holds the evidence of each.  One query where nothing is kept from
    the reader, as almost always.
    """
    rows = list(flags)
    hidden = kept_from(reader) if rows else set()
    if not hidden or all(_says_all(row, hidden) for row in rows):
        return rows
    around = _around(rows)
    secret = _accounts_of(hidden, around)
    if not secret:
        return rows
    engine = Engine(without(around, secret))
    said = {one: engine.flag(one).said for one in engine.incidents}
    known = (_again(row, engine, said) for row in rows)
    return [row for row in known if row is not None]


def kept_from(reader: Actor | None) -> set[int]:
    """The cases that are not there for the reader (one query)."""
    if reader is None:
        return set(Case.objects.filter(restricted=True).values_list("pk", flat=True))
    return set(_kept_from(reader))


@prepared
def _kept_from(reader: Actor) -> QuerySet[Case, int]:
    conflicted = Conflict.objects.filter(
        case=OuterRef("pk"), user_id=reader.id or 0, lifted_at__isnull=True
    )
    visible = Case.objects.visible_to(reader).filter(restricted=True).values("pk")
    kept = (Q(restricted=True) & ~Q(pk__in=visible)) | Exists(conflicted)
    return Case.objects.filter(kept).values_list("pk", flat=True)


def without(around: reading.Around, secret: Collection[int]) -> Facts:
    """The facts that were read, but for these accounts."""
    facts = around.facts()
    told = tuple(one for one in facts.accounts if one.id not in secret)
    return replace(facts, accounts=told)


def _says_all(flag: RepeatFlag, hidden: Collection[int]) -> bool:
    """Whether the evidence of an incident's flag names all that came before, and nothing hidden."""
    if flag.incident_id is None:
        return False
    standing = flag.standing  # type: ignore[attr-defined]
    if any(one.earlier.case_id in hidden for one in standing):
        return False
    return flag.number - 1 <= len({one.earlier_id for one in standing})


def _around(rows: Iterable[RepeatFlag]) -> reading.Around:
    """Everything that decides what these are."""
    around = reading.Around()
    incidents = {row.incident_id for row in rows if row.incident_id}
    around.add(reading.accounts_of_incidents(incidents))
    people = {row.person_id for row in rows if row.person_id}
    homes = [row.household_id for row in rows if row.household_id]
    if homes:
        members = HouseholdMembership.objects.filter(household__in=homes).select_related("person")
        people |= {one.person.merged_into_id or one.person_id for one in members}
    near = around.tied_to(people | around.victims(incidents))
    around.suffered_by(near)
    affected = {one.of for one in around.accounts.values()}
    around.spread(near, affected)
    return around


def _accounts_of(cases: Collection[int], around: reading.Around) -> set[int]:
    found = Incident.objects.filter(pk__in=around.accounts, case__in=cases)
    return set(found.values_list("pk", flat=True))


def _again(row: RepeatFlag, engine: Engine, said: Mapping[int, Said]) -> RepeatFlag | None:
    """What a row is in that smaller world; nothing if it is nothing there."""
    known = copy(row)
    if row.incident_id is not None:
        flag = engine.flag(row.incident_id)
        known.level, known.basis, known.number = flag.level, flag.basis, flag.number
        known.standing = _evidence(known, flag)  # type: ignore[attr-defined]
    elif row.person_id is not None or row.household_id is not None:
        status = (
            engine.person(row.person_id, said)
            if row.person_id is not None
            else engine.household(row.household_id or 0, said)
        )
        known.level, known.basis = status.level, status.basis
        known.because = (
            Incident.objects.select_related("case").get(pk=status.because)
            if status.because
            else None
        )
        known.current_until = status.current_until
    return known if known.level != Level.NONE else None


def _evidence(flag: RepeatFlag, found: Flag) -> list[RepeatEvidence]:
    earlier = Incident.objects.select_related("case").in_bulk(
        [one.earlier for one in found.evidence]
    )
    people = Person.objects.in_bulk(
        {each for one in found.evidence for each in (one.link.person, one.link.through)}
    )
    return [_row(flag, one, earlier, people) for one in found.evidence]


def _row(
    flag: RepeatFlag,
    one: Evidence,
    earlier: Mapping[int, Incident],
    people: Mapping[int, Person],
) -> RepeatEvidence:
    return RepeatEvidence(
        flag=flag,
        earlier=earlier[one.earlier],
        basis=one.link.basis,
        person=people[one.link.person],
        through=people[one.link.through],
        kind=one.link.kind,
        starts=one.starts,
        ends=one.ends,
        counts=one.counts,
        rule=flag.rule,
        since=flag.changed_at,
    )
