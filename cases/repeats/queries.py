"""What the flags say, for whoever asks: a case, a person, a household, a row of the queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from cases.access import Actor
from cases.audit import masking
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.models import Case, Incident
from cases.people.models import Person
from cases.people.ties import possessive, say_kind
from cases.prepared import planned, prepared
from cases.repeats import words
from cases.repeats.facts import GRAVITY, Level, is_current
from cases.repeats.knowing import as_known
from cases.repeats.models import RepeatEvidence, RepeatFlag
from cases.repeats.words import Told

SHOWN = ("incident", "because__case", "person")


@dataclass(frozen=True)
class Repeat:
    """What is said of a case or a person: ``level``, through what, and why in words.

    ``sentence`` names no case that the reader may not open; without a reader it names none.
    """

    level: Level = Level.NONE
    basis: str = ""
    heading: str = "Not a repeat"
    sentence: str = words.NOTHING
    current: bool = False
    flag: RepeatFlag | None = None

    @property
    def banner(self) -> str:
        """The heading, and whether its 12 months are over: "Second incident, now past"."""
        over = self.level != Level.NONE and not self.current
        return f"{self.heading}, now past" if over else self.heading


NONE = Repeat()
UNDECIDED = Repeat(heading="Not decided yet", sentence=words.UNDECIDED)
"""Two accounts may be of one incident: they count as neither until then (rule 5)."""
WHOM = {"FAMILY": "their family", "HOUSEHOLD": "somebody they live with"}
NAMES = {Level.NONE: "Not a repeat", Level.PATTERN: "Pattern", Level.REPEAT: "Repeat"}


def standing() -> Prefetch[str]:
    """The evidence that holds now, with what its words need."""
    rows = RepeatEvidence.objects.filter(ended_at__isnull=True)
    return Prefetch(
        "evidence", rows.select_related("earlier__case", "person", "through"), to_attr="standing"
    )


def repeat_of(case: Case, *, at: datetime, reader: Actor | None = None) -> Repeat:
    """What a case is: the gravest of its incidents, else what its victim is (domain 6.4).

    One query when it is nothing, four when it is.  Question 15 and the floor of the risk
    read it (domain 3.2, 3.3).
    """
    rows = list(flags_of_case(case))
    own = _known([row for row in rows if row.incident_id is not None], case, reader)
    victim = [row for row in rows if row.person_id is not None]
    today = london_date(at)
    current = next((row.current_until for row in victim), None)
    best = gravest(own)
    if best is not None:
        told = told_of(best, readable(best.standing, reader))  # type: ignore[attr-defined]
        return Repeat(
            Level(best.level),
            best.basis,
            words.heading(told),
            words.sentence(told),
            current is None or is_current(current, today),
            best,
        )
    victim = _known(victim, case, reader)
    return _of_person(victim[0], at, reader, "more than this incident") if victim else NONE


def flags_of_incidents(case: Case, reader: Actor) -> list[RepeatFlag]:
    """The flags of a case's incidents as the reader may know them."""
    return _known([row for row in flags_of_case(case) if row.incident_id], case, reader)


def _known(rows: list[RepeatFlag], case: Case, reader: Actor | None) -> list[RepeatFlag]:
    """As the reader may know them; without a reader those of a restricted case are whole,
    because whoever opens it is named on it (ADR 19).
    """
    return rows if reader is None and case.restricted else as_known(rows, reader)


def flags_of_case(case: Case) -> Iterable[RepeatFlag]:
    """The flags of a case's incidents, whichever account stands for them, and its victim's."""
    return _flags(case=case.pk, survivor=case.victim.merged_into_id or case.victim_id)


@planned
def _flags(*, case: int, survivor: int) -> QuerySet[RepeatFlag]:
    told = Incident.objects.filter(case=case).order_by().values(of=Coalesce("same_as", "pk"))
    return (
        RepeatFlag.objects.filter(Q(incident__in=told) | Q(person=survivor))
        .exclude(level=Level.NONE)
        .select_related(*SHOWN)
        .prefetch_related(standing())
        .order_by("pk")
    )


def gravest(rows: Iterable[RepeatFlag]) -> RepeatFlag | None:
    """The flag that is told of: a repeat before a pattern, then the latest."""
    return max(rows, key=lambda row: (GRAVITY[Level(row.level)], row.pk), default=None)


def readable(evidence: Iterable[RepeatEvidence], reader: Actor | None) -> set[int]:
    """The earlier cases the reader may open (one query); none without a reader."""
    cases = {one.earlier.case_id for one in evidence if one.earlier.case_id}
    if reader is None or not cases:
        return set()
    return set(_readable(reader, ids=sorted(cases)))


@prepared
def _readable(reader: Actor, *, ids: list[int]) -> QuerySet[Case, int]:
    return Case.objects.visible_to(reader).filter(pk__any_of=ids).values_list("pk", flat=True)


def told_of(flag: RepeatFlag, may_open: Collection[int]) -> Told:
    """A flag of an incident as its words take it."""
    best = explaining(flag)
    incident = flag.incident
    assert incident is not None  # only incidents are told of so
    happened = incident.occurred_on or london_date(incident.reported_at)
    if best is None:
        return Told(Level(flag.level), number=flag.number, happened_on=happened, going_on=True)
    earlier = best.earlier.case
    opens = earlier is not None and earlier.pk in may_open
    return Told(
        level=Level(flag.level),
        basis=flag.basis,
        number=flag.number,
        happened_on=happened,
        reported_on=best.starts,
        last_day=best.ends,
        reference=earlier.reference if earlier and opens else "",
        through=relation(best),
    )


def explaining(flag: RepeatFlag) -> RepeatEvidence | None:
    """The evidence that explains a flag best: of its own basis, counting if it is a repeat."""
    rows = [one for one in flag.standing if one.basis == flag.basis]  # type: ignore[attr-defined]
    rows = [one for one in rows if one.counts == (flag.level == Level.REPEAT)] or rows
    return rows[0] if rows else None


def relation(evidence: RepeatEvidence) -> str:
    """Who was harmed in the earlier one, to the person now: "her daughter"; empty for herself."""
    return relation_words(evidence.person, evidence.through, evidence.basis, evidence.kind)


def relation_words(person: Person, through: Person, basis: str, kind: str) -> str:
    """ "her daughter", "Amara’s brother or sister", "somebody Amara lives with"."""
    if basis == "PERSON":
        return ""
    masked = masking.on()
    if basis == "HOUSEHOLD":
        return "somebody they live with" if masked else f"somebody {person.call_them} lives with"
    whose = "their" if masked else possessive(person.call_them, person.pronouns)
    return f"{whose} {say_kind(kind, through.pronouns)}"


def repeat_of_somebody(person: Person, *, at: datetime, reader: Actor | None = None) -> Repeat:
    """What a person is, on no case in particular (one or two queries)."""
    flags = as_known(flags_of_person(person), reader)
    return _of_person(flags[0], at, reader, "more than one incident") if flags else NONE


def _of_person(flag: RepeatFlag, at: datetime, reader: Actor | None, rest: str) -> Repeat:
    incident = flag.because
    assert incident is not None  # the database holds it for every level but none
    case = incident.case
    opens = reader is not None and case is not None and may_open(reader, case)
    named = f" ({case.reference})" if case and opens else ""
    said = words.later_sentence(london_date(incident.reported_at), WHOM.get(flag.basis, ""))
    return Repeat(
        Level(flag.level),
        flag.basis,
        f"{NAMES[Level(flag.level)]}: {rest}",
        f"{said.removesuffix('.')}{named}.",
        is_current(flag.current_until, london_date(at)),
        flag,
    )


def may_open(reader: Actor, case: Case) -> bool:
    """Whether the reader may open a case that is told of (one query)."""
    return Case.objects.visible_to(reader).filter(pk=case.pk).exists()


def flags_of_person(person: Person) -> list[RepeatFlag]:
    """What somebody is, if anything (one query)."""
    survivor = person.merged_into_id or person.pk
    rows = RepeatFlag.objects.filter(person=survivor).exclude(level=Level.NONE)
    return list(rows.select_related("because__case"))


def households_that_repeat(households: Collection[int]) -> list[RepeatFlag]:
    """What these households are, those that are anything (one query)."""
    rows = RepeatFlag.objects.filter(household__in=households).exclude(level=Level.NONE)
    return list(rows.select_related("because__case").order_by("household_id"))


def called(person: Person) -> str:
    """What to call somebody on a page; an auditor is not told."""
    return "They" if masking.on() else person.call_them


def changes_of_case(case: Case, reader: Actor) -> list[Event]:
    """How the flags of a case's incidents have changed, newest first.

    What a restricted case changed is no event of this one (ADR 19): it is told to whoever knows
    of all that explains them.
    """
    told = Q(case_reference=case.reference)
    rows = [row for row in flags_of_case(case) if row.incident_id]
    known = as_known(rows, reader)
    if len(known) == len(rows) and all(
        one is other for one, other in zip(known, rows, strict=True)
    ):
        told |= Q(subject_kind=RepeatFlag._meta.label_lower, subject_id__in=[r.pk for r in rows])
    return list(Event.objects.filter(told, verb=Verb.REPEAT_CHANGED).order_by("-id"))


def status_words(
    flags: Iterable[RepeatFlag], *, at: datetime, reader: Actor
) -> list[dict[str, str]]:
    """What people or households are, and why: "Repeat, current until …" (three queries)."""
    rows = as_known(flags, reader)
    told = RepeatFlag.objects.filter(incident__in=[row.because_id for row in rows])
    told = told.select_related(*SHOWN).prefetch_related(standing())
    of_incident = {flag.incident_id: flag for flag in as_known(told, reader)} if rows else {}
    evidence = [one for flag in of_incident.values() for one in flag.standing]  # type: ignore[attr-defined]
    opens = readable(evidence, reader)
    said = []
    for row in rows:
        incident = of_incident.get(row.because_id)
        said.append(
            {
                "heading": words.status_heading(
                    Level(row.level), row.current_until, london_date(at)
                ),
                "sentence": words.sentence(told_of(incident, opens)) if incident else "",
            }
        )
    return said
