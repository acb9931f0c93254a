"""Respondents and places that recur: numbers alone, never who or where (M25).

The measure names no rows: a list of the cases behind a pattern would say whom it is about.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from cases.casework.choices import Location
from cases.reporting.measure import Asked, Chapter, Line, Measure
from cases.reporting.measures.base import incidents_told
from cases.reporting.periods import Period, twelve_months
from cases.reporting.tally import within
from cases.reporting.values import Count

INCIDENTS, VICTIMS, PLACES = 2, 2, 3
"""So many incidents, different people harmed, and incidents in one place, make a pattern."""
AT_HOME = (Location.VICTIM_HOME, Location.VICTIM_GARDEN_BALCONY)
LINES = {
    "either": "Respondents with two incidents, or two people harmed",
    "incidents": "Respondents with at least two incidents",
    "victims": "Respondents with at least two people harmed",
    "places": "Places with at least three incidents",
}

# Joined records are followed to the one that stands for them; only who is named can recur.
_PATTERNS = """
WITH counted(id, case_id) AS ({told}),
harmed AS (
    SELECT c.id AS case_id, coalesce(p.merged_into_id, p.id) AS who
    FROM casework_case c JOIN people_person p ON p.id = c.victim_id
    WHERE c.id IN (SELECT case_id FROM counted)
    UNION
    SELECT v.case_id, coalesce(p.merged_into_id, p.id)
    FROM casework_involvement v JOIN people_person p ON p.id = v.person_id
    WHERE v.part = 'VICTIM' AND v.ended_at IS NULL
        AND v.case_id IN (SELECT case_id FROM counted)
),
alleged AS (
    SELECT DISTINCT v.case_id, named.id AS who
    FROM casework_involvement v
    JOIN people_person p ON p.id = v.person_id
    JOIN people_person named ON named.id = coalesce(p.merged_into_id, p.id)
    WHERE v.part = 'RESPONDENT' AND v.ended_at IS NULL AND named.full_name <> ''
        AND v.case_id IN (SELECT case_id FROM counted)
),
respondents AS (
    SELECT alleged.who, count(DISTINCT counted.id) AS incidents,
        count(DISTINCT harmed.who) AS victims
    FROM alleged
    JOIN counted ON counted.case_id = alleged.case_id
    JOIN harmed ON harmed.case_id = alleged.case_id
    GROUP BY alleged.who
),
places AS (
    SELECT coalesce(i.place_id, CASE WHEN i.location = ANY(%s) THEN c.home_id END) AS place
    FROM counted
    JOIN casework_incident i ON i.id = counted.id
    JOIN casework_case c ON c.id = i.case_id
)
SELECT
    (SELECT count(*) FROM respondents WHERE incidents >= %s OR victims >= %s),
    (SELECT count(*) FROM respondents WHERE incidents >= %s),
    (SELECT count(*) FROM respondents WHERE victims >= %s),
    (SELECT count(*) FROM (
        SELECT place FROM places WHERE place IS NOT NULL GROUP BY place HAVING count(*) >= %s
    ) AS recurring)
"""


def _patterns(asked: Asked, year: Period) -> dict[str, Count]:
    told = within(incidents_told(asked), year).order_by().values_list("pk", "case_id")
    sql, params = told.query.sql_with_params()
    ours: list[Any] = [
        [str(one) for one in AT_HOME],
        INCIDENTS,
        VICTIMS,
        INCIDENTS,
        VICTIMS,
        PLACES,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PATTERNS.format(told=sql), [*params, *ours])
        row = cursor.fetchone() or ()
    return {key: Count(number) for key, number in zip(LINES, row, strict=True)}


def _respondents(asked: Asked) -> list[Line]:
    """The twelve months that end with each window, those of the same end counted once."""
    years = {name: twelve_months(period.last) for name, period in asked.windows.items()}
    found = {year: _patterns(asked, year) for year in set(years.values())}
    return [
        Line(key, label, {name: found[year][key] for name, year in years.items()})
        for key, label in LINES.items()
    ]


MEASURES = (
    Measure(
        code="M25",
        name="Respondents and places that recur",
        chapter=Chapter.PATTERNS,
        definition="How many respondents recur in 12 months, and how many places: numbers only. "
        "Whatever is said of a respondent is alleged.",
        numerator="Respondents with at least two hate incidents, or at least two different "
        "people harmed; places with at least three hate incidents.",
        denominator="None: numbers.",
        cohort="Incidents first reported in the 12 months that end with the period.",
        exclusions="Respondents nobody has named are never taken for one another. Records that "
        "were joined are one person. Places we hold no address of. Cases joined to another and "
        "cases made void. No list is given: it would say whom a pattern is about.",
        source="Domain 5.3 M25, 5.7 (Ombudsman); policy line 113",
        count=_respondents,
        headline="either",
        unit="respondents",
        twelve_only=True,
    ),
)
