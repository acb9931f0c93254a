"""Keeping the flags true: worked out again, in the operation that changed a fact (ADR 13).

Only settling writes flags.  It reads outward from the people a fact is about, as far as the
rules look and no further, and writes only what differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from cases.access import Actor, enforce
from cases.audit import context
from cases.audit.ledger import operation, record
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.casework.models import Incident
from cases.people.queries import survivors
from cases.repeats import reading
from cases.repeats.effects import promise_apart, promise_what_follows
from cases.repeats.facts import NO_STATUS, RULE, Evidence, Flag, Level, Said, Status
from cases.repeats.knowing import without
from cases.repeats.made_up import may_record_made_up
from cases.repeats.models import MadeUp, RepeatEvidence, RepeatFlag
from cases.repeats.rules import Engine
from cases.rows import keep

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('cases.repeats'))"
"""Two reports of one family at the same moment would each not see the other."""


def settle_people(by: Actor, at: datetime, people: frozenset[int]) -> None:
    """Work out again what somebody's household, family or identity decides."""
    _one_at_a_time()
    _settle(by, at, Fact.PERSON, people, frozenset())


def settle_incidents(by: Actor, at: datetime, incidents: frozenset[int]) -> None:
    """Work out again what an incident's date, people, views or sameness decides."""
    _one_at_a_time()
    _settle(by, at, Fact.INCIDENT, frozenset(), incidents)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)


def _settle(
    by: Actor, at: datetime, fact: Fact, people: frozenset[int], incidents: frozenset[int]
) -> None:
    around = reading.Around()
    around.add(reading.accounts_of_incidents(incidents))
    named = set(people) | {one for told in around.accounts.values() for one in told.victims}
    start = set(survivors(people).values()) | (named - people)
    near = around.tied_to(start)
    around.suffered_by(near)
    affected = {one.of for one in around.accounts.values()} | incidents
    kept = _Kept(by, at, fact)
    kept.read(affected, named | near)
    if _nothing_to_say(around, kept):
        return
    units, households = around.spread(near, affected)
    kept.read_more(around, named | units, households)
    engine = Engine(around.facts())
    kept.find_apart(around, engine)
    kept.write(engine, affected, named | units, households)
    promise_what_follows(by=by, at=at, flags=kept.openly)
    promise_apart(by=by, at=at, flags=kept.apart, because=kept.secret)


def _nothing_to_say(around: reading.Around, kept: _Kept) -> bool:
    """The first and only incident of somebody, told of once: the rules ask for nothing more."""
    accounts = around.accounts.values()
    only_one = len({one.of for one in accounts}) <= 1
    return only_one and not any(one.going_on for one in accounts) and not kept.rows


class _Kept:
    """The rows as they are kept, and the writing of what differs."""

    def __init__(self, by: Actor, at: datetime, fact: Fact) -> None:
        self.by, self.at, self.fact = by, at, fact
        self.rows: dict[tuple[str, int], RepeatFlag] = {}
        self.said: dict[int, Said] = {}
        self.evidence: dict[int, dict[tuple[int, str], RepeatEvidence]] = defaultdict(dict)
        self.openly: list[RepeatFlag] = []
        """Flags that changed, of which everybody on their case may know."""
        self.apart: list[RepeatFlag] = []
        """Flags that changed by what only a restricted case says (ADR 19)."""
        self.secret: set[int] = set()
        """Incidents of restricted cases."""
        self.open_engine: Engine | None = None

    def read(self, incidents: Iterable[int], people: Iterable[int]) -> None:
        self._keep(Q(incident__in=incidents) | Q(person__in=people))

    def read_more(
        self, around: reading.Around, people: Iterable[int], households: Iterable[int]
    ) -> None:
        incidents = {one.of for one in around.accounts.values()}
        where = Q(incident__in=incidents) | Q(person__in=people) | Q(household__in=households)
        self._keep(where)
        self.said = {
            pk: Said(Level(row.level), row.basis)
            for (kind, pk), row in self.rows.items()
            if kind == "incident"
        }
        flags = [row for (kind, _), row in self.rows.items() if kind == "incident"]
        for one in RepeatEvidence.objects.filter(flag__in=flags, ended_at__isnull=True):
            self.evidence[one.flag_id][one.earlier_id, one.basis] = one

    def _keep(self, where: Q) -> None:
        for row in RepeatFlag.objects.filter(where):
            for kind in ("incident", "person", "household"):
                if pk := getattr(row, f"{kind}_id"):
                    self.rows[kind, pk] = row

    def find_apart(self, around: reading.Around, engine: Engine) -> None:
        """Have the same rules at hand over what everybody may know, if that is less."""
        earlier = {pk for rows in self.evidence.values() for pk, _ in rows}
        told = Incident.objects.filter(pk__in=around.accounts.keys() | earlier)
        self.secret = set(told.filter(case__restricted=True).values_list("pk", flat=True))
        self.open_engine = Engine(without(around, self.secret)) if self.secret else None

    def _is_apart(self, row: RepeatFlag) -> bool:
        """Whether a change on the page of its case would tell of a restricted one."""
        incident = row.incident
        if incident is None or self.open_engine is None:
            return False
        if incident.case is None or incident.case.restricted:
            return False
        if any(earlier in self.secret for earlier, _ in self.evidence[row.pk]):
            return True
        known = self.open_engine.flag(incident.pk)
        return (str(known.level), known.basis) != (row.level, row.basis)

    def write(
        self, engine: Engine, incidents: Set[int], people: Set[int], households: Set[int]
    ) -> None:
        """Keep what each of these is; what the others are is known."""
        flags = {one: engine.flag(one) for one in incidents}
        said = self.said | {one: flag.said for one, flag in flags.items()}
        for one, flag in sorted(flags.items()):
            self.flag(one, flag)
        for one in sorted(people):
            self.status("person", one, engine.person(one, said))
        for one in sorted(households):
            self.status("household", one, engine.household(one, said))

    def flag(self, incident: int, flag: Flag) -> None:
        """Keep what an incident is, and what explains it."""
        row = self.rows.get(("incident", incident))
        if row is None and flag.level == Level.NONE:
            return
        values = {"level": flag.level, "basis": flag.basis, "number": flag.number}
        row = self._write("incident", incident, row, values)
        self._explain(row, flag)

    def status(self, kind: str, pk: int, status: Status) -> None:
        """Keep what a person or a household is."""
        row = self.rows.get((kind, pk))
        if row is None and status == NO_STATUS:
            return
        self._write(
            kind,
            pk,
            row,
            {
                "level": status.level,
                "basis": status.basis,
                "because_id": status.because,
                "current_until": status.current_until,
            },
        )

    def _write(
        self, kind: str, pk: int, row: RepeatFlag | None, values: Mapping[str, Any]
    ) -> RepeatFlag:
        before = (row.level, row.basis) if row else (str(Level.NONE), "")
        row = row or RepeatFlag(**{f"{kind}_id": pk})
        if row.pk and all(getattr(row, name) == value for name, value in values.items()):
            return row
        for name, value in values.items():
            setattr(row, name, str(value) if isinstance(value, Level) else value)
        row.rule, row.changed_at = RULE, self.at
        with context.because(f"fact={self.fact}"):
            keep(row)
        self.rows[kind, pk] = row
        if before != (row.level, row.basis):
            is_apart = self._is_apart(row)
            self._say(kind, pk, row, before[0], on_its_case=not is_apart)
            (self.apart if is_apart else self.openly).append(row)
            changed(Fact.REPEAT, row.pk)
        return row

    def _say(self, kind: str, pk: int, row: RepeatFlag, before: str, *, on_its_case: bool) -> None:
        """Never silently (rule 10): old, new, and which kind of fact it follows from."""
        case = row.incident.case if row.incident and on_its_case else None
        record(
            Verb.REPEAT_CHANGED,
            by=self.by,
            at=self.at,
            subject=row,
            case=case.reference if case else "",
            changes={
                "of": kind,
                kind: pk,
                "from": before,
                "to": row.level,
                "basis": row.basis,
                "because": row.because_id,
                "fact": str(self.fact),
                "rule": RULE,
            },
        )

    def _explain(self, row: RepeatFlag, flag: Flag) -> None:
        wanted = {(one.earlier, str(one.link.basis)): one for one in flag.evidence}
        standing = self.evidence[row.pk]
        for key, one in standing.items():
            if key not in wanted or _kept_as(one) != _found(wanted[key]):
                one.ended_at = self.at
                keep(one)
        for key, found in sorted(wanted.items()):
            if key not in standing or _kept_as(standing[key]) != _found(found):
                keep(
                    RepeatEvidence(
                        flag=row,
                        earlier_id=found.earlier,
                        basis=found.link.basis,
                        rule=RULE,
                        since=self.at,
                        **_found(found),
                    )
                )


def _found(one: Evidence) -> dict[str, Any]:
    """What a piece of evidence says of its earlier incident and basis."""
    return {
        "person_id": one.link.person,
        "through_id": one.link.through,
        "kind": one.link.kind,
        "starts": one.starts,
        "ends": one.ends,
        "counts": one.counts,
    }


def _kept_as(row: RepeatEvidence) -> dict[str, Any]:
    return {
        "person_id": row.person_id,
        "through_id": row.through_id,
        "kind": row.kind,
        "starts": row.starts,
        "ends": row.ends,
        "counts": row.counts,
    }


@operation
def record_made_up(*, by: Actor, at: datetime, incident: Incident, words: str) -> MadeUp:
    """Keep that whoever gave an account said it was made up; a manager agrees (rule 4).

    The case, its clocks and everybody's views stay as they are.  Raises Refused.
    """
    enforce(
        may_record_made_up(
            by, already=MadeUp.objects.filter(incident=incident).exists(), words=words
        )
    )
    row = MadeUp(incident=incident, words=words.strip(), agreed_by_id=by.user_id, at=at)
    keep(row)
    changed(Fact.INCIDENT, incident.pk)
    record(
        Verb.MADE_UP,
        by=by,
        at=at,
        subject=row,
        case=incident.case.reference if incident.case else "",
        changes={"incident": incident.pk},
    )
    return row
