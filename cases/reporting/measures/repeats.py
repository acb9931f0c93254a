"""Repeat victimisation: incidents, people and households harmed again, and patterns (M20)."""

from __future__ import annotations

from django.db.models import BooleanField, OuterRef, Q, Subquery, Value, When
from django.db.models import Case as Choose
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, TruncDate

from cases.calendar import LONDON
from cases.casework.choices import Stage
from cases.casework.models import Case, Incident
from cases.people.models import Household
from cases.repeats.choices import Level
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together, tables
from cases.reporting.measures.base import incidents_told
from cases.reporting.measures.ends import counted, of_whole
from cases.reporting.measures.people import harmed, victims
from cases.reporting.periods import Period
from cases.reporting.tally import several_shares, within
from cases.reporting.values import Count, Share
from cases.reporting.values import Value as Figure

SHARE = {"repeat": "Repeat incidents"}
UNITS = {"people": "Different people harmed", "households": "Different households harmed"}
PATTERN = {"pattern": "Pattern only: harmed before, outside the 12 months"}

_HOUSEHOLDS = """
WITH told(id, happened) AS ({told}),
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


def _flagged(asked: Asked, level: Level) -> Rows:
    found: Rows = incidents_told(asked).filter(repeat__level=level)
    return found


def _share(asked: Asked) -> Rows:
    repeat = Q(repeat__level=Level.REPEAT)
    found: Rows = incidents_told(asked).annotate(
        line=Value("repeat"),
        counts=Choose(When(repeat, then=True), default=False, output_field=BooleanField()),
    )
    return found


def _patterns(asked: Asked) -> Rows:
    found: Rows = _flagged(asked, Level.PATTERN).annotate(
        line=Value("pattern"), counts=Value(value=True)
    )
    return found


def _people(asked: Asked, period: Period) -> Rows:
    """Everybody harmed in the repeat incidents of a period, in any account of them."""
    told = within(_flagged(asked, Level.REPEAT), period).values("pk")
    accounts = Incident.objects.annotate(of=Coalesce("same_as_id", "pk")).filter(of__in=told)
    cases = Case.objects.filter(pk__in=accounts.values("case")).exclude(stage=Stage.VOID)
    found: Rows = harmed(cases).annotate(line=Value("people"), counts=Value(value=True))
    return found


def _households(asked: Asked, period: Period) -> Rows:
    """The households those people lived in on the day it happened."""
    happened = Coalesce("occurred_on", TruncDate("at", tzinfo=LONDON))
    told = within(_flagged(asked, Level.REPEAT), period).annotate(happened=happened)
    sql, params = told.values_list("pk", "happened").query.sql_with_params()
    cases = Case.objects.filter(pk__in=_flagged(asked, Level.REPEAT).values("case"))
    theirs = victims(cases).filter(person__memberships__household=OuterRef("pk"))
    found: Rows = Household.objects.filter(
        pk__in=RawSQL(_HOUSEHOLDS.format(told=sql), params)  # noqa: S611 -- pieces of our own
    )
    found = found.annotate(
        case_ref=Subquery(theirs.order_by("-case").values("case")[:1]),
        line=Value("households"),
        counts=Value(value=True),
    )
    return found


def _units(asked: Asked, period: Period) -> Items:
    return Together(_people(asked, period), _households(asked, period))


def repeats(asked: Asked) -> Items:
    """Incidents told of, and the people and households harmed again in all that is asked."""
    return Together(_share(asked), *tables(of_whole(asked, _units)), _patterns(asked))


def _repeats(asked: Asked) -> list[Line]:
    told = {level: Q(repeat__level=level.upper()) for level in (*SHARE, *PATTERN)}
    repeat, pattern = several_shares(asked, incidents_told(asked), told, {**SHARE, **PATTERN})
    pattern.values = {name: _number(value) for name, value in pattern.values.items()}
    pattern.months = [_number(value) for value in pattern.months]
    return [
        repeat,
        *counted(asked, _units, UNITS),
        pattern,
    ]


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
