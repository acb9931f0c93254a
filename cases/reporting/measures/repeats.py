"""Repeat victimisation: incidents, people and households harmed again, and patterns (M20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import BooleanField, OuterRef, Q, Subquery, Value, When
from django.db.models import Case as Choose
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from cases.calendar import london_date
from cases.casework.choices import Stage
from cases.casework.models import Case, Incident
from cases.people.models import Household
from cases.repeats.choices import Level
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together, tables
from cases.reporting.measures.base import incidents_told
from cases.reporting.measures.ends import OfWindow, counted, of_whole
from cases.reporting.measures.flags import several_shares
from cases.reporting.measures.people import harmed, victims
from cases.reporting.periods import Period
from cases.reporting.tally import within
from cases.reporting.values import Count, Share
from cases.reporting.values import Value as Figure

SHARE = {"repeat": "Repeat incidents"}
UNITS = {"people": "Different people harmed", "households": "Different households harmed"}
PATTERN = {"pattern": "Pattern only: harmed before, outside the 12 months"}

_HOUSEHOLDS = """
WITH told(id, happened) AS (SELECT * FROM unnest(%s::bigint[], %s::date[])),
harmed(who, happened) AS (
    SELECT coalesce(p.merged_into_id, p.id), told.happened
    FROM told
    JOIN casework_incident i ON i.id = told.id OR i.same_as_id = told.id
    JOIN casework_case c ON c.id = i.case_id AND c.stage <> 'VOID'
    JOIN people_person p ON p.id = c.victim_id
    UNION
    SELECT coalesce(p.merged_into_id, p.id), told.happened
    FROM told
    JOIN casework_incident i ON i.id = told.id OR i.same_as_id = told.id
    JOIN casework_case c ON c.id = i.case_id AND c.stage <> 'VOID'
    JOIN casework_involvement v ON v.case_id = c.id AND v.part = 'VICTIM' AND v.ended_at IS NULL
    JOIN people_person p ON p.id = v.person_id
)
SELECT m.household_id
FROM harmed
JOIN people_person p ON p.id = harmed.who OR p.merged_into_id = harmed.who
JOIN people_householdmembership m ON m.person_id = p.id AND m.period @> harmed.happened
"""


@dataclass(frozen=True)
class Again:
    """A repeat incident: when it was first told of, and the day it happened."""

    id: int
    told: datetime
    happened: date


def _again(asked: Asked) -> list[Again]:
    """Every repeat incident of all that is asked, read once for all windows."""
    found = within(incidents_told(asked).filter(repeat__level=Level.REPEAT), asked.whole)
    rows = found.order_by("pk").values_list("pk", "at", "occurred_on")
    return [Again(pk, at, on or london_date(at)) for pk, at, on in rows]


def _incidents(asked: Asked, level: Level, key: str) -> Rows:
    flagged = When(repeat__level=level, then=True)
    found: Rows = incidents_told(asked).annotate(
        line=Value(key), counts=Choose(flagged, default=False, output_field=BooleanField())
    )
    return found


def _accounts(incidents: Sequence[Again]) -> Rows:
    """The cases of every account of these incidents."""
    accounts = Incident.objects.annotate(of=Coalesce("same_as_id", "pk"))
    told = accounts.filter(of__any_of=[one.id for one in incidents])
    found: Rows = Case.objects.filter(pk__in=told.values("case")).exclude(stage=Stage.VOID)
    return found


def _people(incidents: Sequence[Again]) -> Rows:
    """Everybody harmed in these incidents, in any account of them."""
    people = harmed(_accounts(incidents))
    found: Rows = people.annotate(line=Value("people"), counts=Value(value=True))
    return found


def _households(incidents: Sequence[Again]) -> Rows:
    """The households those people lived in on the day it happened."""
    arrays = [[one.id for one in incidents], [one.happened for one in incidents]]
    lived = RawSQL(_HOUSEHOLDS, arrays)  # noqa: S611 -- words of our own
    theirs = victims(_accounts(incidents)).filter(person__memberships__household=OuterRef("pk"))
    found: Rows = Household.objects.filter(pk__in=lived).annotate(
        case_ref=Subquery(theirs.order_by("-case").values("case")[:1]),
        line=Value("households"),
        counts=Value(value=True),
    )
    return found


def _units(every: Sequence[Again]) -> OfWindow:
    """The people and the households of the repeat incidents of each window."""

    def rows_of(_: Asked, period: Period) -> Items:
        incidents = [one for one in every if period.holds(one.told)]
        return Together(_people(incidents), _households(incidents))

    return rows_of


def repeats(asked: Asked) -> Items:
    """Incidents told of, and the people and households harmed again in all that is asked."""
    return Together(
        _incidents(asked, Level.REPEAT, "repeat"),
        *tables(of_whole(asked, _units(_again(asked)))),
        _incidents(asked, Level.PATTERN, "pattern").filter(counts=True),
    )


def _repeats(asked: Asked) -> list[Line]:
    told = {level: Q(repeat__level=level.upper()) for level in (*SHARE, *PATTERN)}
    repeat, pattern = several_shares(asked, incidents_told(asked), told, {**SHARE, **PATTERN})
    pattern.values = {name: _number(value) for name, value in pattern.values.items()}
    pattern.months = [_number(value) for value in pattern.months]
    if pattern.rows is not None:
        pattern.rows = replace(pattern.rows, ids=pattern.rows.counting)
    return [repeat, *counted(asked, _units(_again(asked)), UNITS), pattern]


def _number(value: Figure) -> Count:
    """Patterns are a number beside the share of repeats."""
    assert isinstance(value, Share)
    return Count(value.number)


MEASURES = (
    Measure(
        code="M20",
        name="Repeat victimisation",
        chapter=Chapter.RISK,
        definition="Hate incidents that happened within 12 months of an earlier one, reported "
        "before, to the same person, their immediate family or their household.",
        numerator="Incidents flagged as a repeat. The different people harmed in them, and the "
        "different households these lived in on the day. Beside it, incidents that are only a "
        "pattern: linked, and outside the 12 months, or going on.",
        denominator="Distinct hate incidents first reported in the period (M02).",
        cohort="By the moment the first account of the incident reached us.",
        exclusions="A second account of the same incident is no repeat. Somebody joined records "
        "stand for is one person. Somebody we know no household of is in no household.",
        source="Policy line 113; domain 6.2 (rule set RV-1) and 5.3 M20",
        count=_repeats,
        behind=repeats,
        headline="repeat",
        unit="incidents",
    ),
)
