"""What a list of cases says of repeats, as its reader may know it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from cases.access import Actor
from cases.casework.models import Case, Incident
from cases.repeats.facts import Level
from cases.repeats.knowing import as_known, kept_among
from cases.repeats.models import RepeatEvidence, RepeatFlag
from cases.repeats.queries import gravest


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of a case ("REPEAT FAMILY 2"), the cases that explain it, and whether these
    are all that came before.
    """

    words: str
    cases: Sequence[int]
    whole: bool


def repeats_as_known(rows: Mapping[int, Row], reader: Actor) -> dict[int, str]:
    """What a list says of cases, by id, as the reader may know it.

    One query where nothing of it is kept from the reader, as almost always; and never more for
    more cases, or for more of them that are kept.
    """
    known = {case: row.words for case, row in rows.items()}
    hidden = kept_among({one for row in rows.values() for one in row.cases}, reader)
    doubtful = [
        case for case, row in rows.items() if not row.whole or not hidden.isdisjoint(row.cases)
    ]
    return known | (_worked_out(doubtful, reader) if doubtful else {})


def _worked_out(cases: Collection[int], reader: Actor) -> dict[int, str]:
    """What is known of an incident of each case, else of whom it is about."""
    rows = Incident.objects.filter(case__in=cases).order_by()
    told = list(rows.values_list("case", Coalesce("same_as", "pk")))
    whom = Coalesce("victim__merged_into", "victim")
    people = dict(Case.objects.filter(pk__in=cases).values_list("pk", whom))
    found = _standing({one for _, one in told}, set(people.values()))
    flags = as_known(found, reader)
    incidents = {flag.incident_id: flag for flag in flags if flag.incident_id}
    status = {flag.person_id: flag for flag in flags if flag.person_id}
    known = {}
    for case in cases:
        own = gravest(incidents[one] for of, one in told if of == case and one in incidents)
        known[case] = _words(own or status.get(people[case]))
    return known


def _standing(incidents: Collection[int], people: Collection[int]) -> QuerySet[RepeatFlag]:
    """The flags of these that say anything, with the evidence that holds now."""
    evidence = RepeatEvidence.objects.filter(ended_at__isnull=True).select_related("earlier")
    found = RepeatFlag.objects.filter(Q(incident__in=incidents) | Q(person__in=people))
    found = found.exclude(level=Level.NONE).order_by("pk")
    return found.prefetch_related(Prefetch("evidence", evidence, to_attr="standing"))


def _words(flag: RepeatFlag | None) -> str:
    if flag is None:
        return ""
    number = str(flag.number) if flag.incident_id else ""
    return " ".join(filter(None, [flag.level, flag.basis or "PERSON", number]))
