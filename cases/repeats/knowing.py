"""What somebody may know of a flag: the same rules, over what may be known to them (ADR 19).

A case kept from a reader, by a restriction or a conflict of interest, is not there for them
(domain 7.1).  A date, a number or the word "repeat" would say that it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.access import Actor
from cases.casework.models import Case, Conflict, Incident
from cases.people.models import HouseholdMembership, Person
from cases.prepared import prepared
from cases.repeats import reading
from cases.repeats.facts import Evidence, Facts, Level, Said
from cases.repeats.models import RepeatEvidence, RepeatFlag
from cases.repeats.rules import Engine


def as_known(flags: Iterable[RepeatFlag], reader: Actor | None) -> list[RepeatFlag]:
    """These flags as the reader may know them, without those that are then nothing.

    Without a reader, as everybody may: no restricted case is there.  The rows given back are to
    be read only; ``standing`` holds the evidence of each.  One query where nothing is kept from
    the reader, as almost always; and never more for more flags, or for more that is kept.
    """
    rows = list(flags)
    if not rows:
        return rows
    if all(map(_names_all, rows)):
        if not kept_among(_earlier(rows), reader):
            return rows
    elif not _keeps_any_from(reader):
        return rows
    around = _around(rows)
    secret = _accounts_kept(around, reader)
    return _known(rows, Engine(without(around, secret))) if secret else rows


def kept_from(reader: Actor) -> QuerySet[Case]:
    """The cases that are not there for the reader, to be asked of within another query."""
    conflicted = Conflict.objects.filter(
        case=OuterRef("pk"), user_id=reader.id or 0, lifted_at__isnull=True
    )
    visible = Case.objects.visible_to(reader).filter(restricted=True).values("pk")
    return Case.objects.filter((Q(restricted=True) & ~Q(pk__in=visible)) | Exists(conflicted))


def kept_among(cases: Collection[int], reader: Actor | None) -> set[int]:
    """Those of these cases that are not there for the reader (one query, none for no cases)."""
    if not cases:
        return set()
    if reader is None:
        restricted = Case.objects.filter(pk__in=cases, restricted=True)
        return set(restricted.values_list("pk", flat=True))
    return set(_kept_of(reader, ids=sorted(cases)))


@prepared
def _kept_of(reader: Actor, *, ids: list[int]) -> QuerySet[Case, int]:
    conflicted = Conflict.objects.filter(
        case=OuterRef("pk"), user_id=reader.id or 0, lifted_at__isnull=True
    )
    visible = Case.objects.visible_to(reader).filter(pk__any_of=ids).values("pk")
    kept = (Q(restricted=True) & ~Q(pk__in=visible)) | Exists(conflicted)
    return Case.objects.filter(kept, pk__any_of=ids).values_list("pk", flat=True)


def _keeps_any_from(reader: Actor | None) -> bool:
    """Whether anything at all is kept from the reader (one query)."""
    if reader is None:
        return Case.objects.filter(restricted=True).exists()
    return bool(_first_kept(reader))


@prepared
def _first_kept(reader: Actor) -> QuerySet[Case, int]:
    return kept_from(reader).values_list("pk", flat=True)[:1]


def without(around: reading.Around, secret: Collection[int]) -> Facts:
    """The facts that were read, but for these accounts."""
    facts = around.facts()
    told = tuple(one for one in facts.accounts if one.id not in secret)
    return replace(facts, accounts=told)


def _names_all(flag: RepeatFlag) -> bool:
    """Whether the evidence of an incident's flag names all that came before."""
    if flag.incident_id is None:
        return False
    return flag.number - 1 <= len({one.earlier_id for one in _standing(flag)})


def _standing(flag: RepeatFlag) -> list[RepeatEvidence]:
    return flag.standing  # type: ignore[attr-defined, no-any-return]


def _earlier(flags: Iterable[RepeatFlag]) -> set[int]:
    """The cases that the evidence of these flags names."""
    named = {one.earlier.case_id for flag in flags for one in _standing(flag)}
    return {case for case in named if case is not None}


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


def _accounts_kept(around: reading.Around, reader: Actor | None) -> set[int]:
    """The accounts, of those read, that stand on cases kept from the reader."""
    found = dict(Incident.objects.filter(pk__in=around.accounts).values_list("pk", "case"))
    hidden = kept_among(set(found.values()) - {None}, reader)
    return {account for account, case in found.items() if case in hidden}


def _known(rows: Iterable[RepeatFlag], engine: Engine) -> list[RepeatFlag]:
    """What rows are in that smaller world, without those that are nothing there."""
    said = {one: engine.flag(one).said for one in engine.incidents}
    known = [_again(row, engine, said) for row in rows]
    links = [link for _, found, _ in known for link in found]
    because = [incident for _, _, incident in known if incident]
    incidents = Incident.objects.select_related("case")
    earlier = incidents.in_bulk({*because, *(link.earlier for link in links)})
    people = Person.objects.in_bulk(
        {each for one in links for each in (one.link.person, one.link.through)}
    )
    for row, found, incident in known:
        if incident:
            row.because = earlier[incident]
        row.standing = [_row(row, one, earlier, people) for one in found]  # type: ignore[attr-defined]
    return [row for row, _, _ in known if row.level != Level.NONE]


def _again(
    row: RepeatFlag, engine: Engine, said: Mapping[int, Said]
) -> tuple[RepeatFlag, Sequence[Evidence], int | None]:
    """A row as it is there, its evidence, and which incident made a person or home so."""
    known = copy(row)
    if row.incident_id is not None:
        flag = engine.flag(row.incident_id)
        known.level, known.basis, known.number = flag.level, flag.basis, flag.number
        return known, flag.evidence, None
    status = (
        engine.person(row.person_id, said)
        if row.person_id is not None
        else engine.household(row.household_id or 0, said)
    )
    known.level, known.basis = status.level, status.basis
    known.current_until = status.current_until
    return known, (), status.because


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
