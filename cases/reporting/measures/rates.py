"""Hate crime cases for each thousand homes, by area and by company (M06)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, Concat

from cases.people.models import Entity
from cases.reporting.inputs_queries import homes
from cases.reporting.measure import Asked, Chapter, Line, Measure, Together
from cases.reporting.measures.base import case_home, cases_opened
from cases.reporting.tally import counts
from cases.reporting.values import Count, Rate

ALL, AREA, ENTITY = "all", "area.", "entity."
FIXED = {ALL: "Everywhere", AREA: "Area not known", ENTITY: "Company not known"}


def by_place(asked: Asked) -> Together:
    """Hate cases at the moment each opened, in all, by the area of their home and by
    their company.
    """
    area = Concat(Value(AREA), case_home("area"), output_field=CharField())
    code = Coalesce(F("entity__code"), Value(""), output_field=CharField())
    entity = Concat(Value(ENTITY), code, output_field=CharField())
    cases = cases_opened(asked)
    return Together(
        cases.annotate(line=Value(ALL)), cases.annotate(line=area), cases.annotate(line=entity)
    )


def _rates(asked: Asked) -> list[Line]:
    """A line for every place with homes or cases; where no homes are known there is no rate."""
    known = homes(asked.at, asked.entity)
    owned = {
        day: {
            ALL: known.on(day) or 0,
            **_keyed(AREA, known.by_area(day)),
            **_keyed(ENTITY, known.by_entity(day)),
        }
        for day in {period.last for period in asked.windows.values()}
    }
    keys = sorted({key for found in owned.values() for key in found})
    lines = counts(asked, by_place(asked), dict.fromkeys(keys, ""))
    names = dict(Entity.objects.values_list("code", "name"))
    return [
        Line(
            line.key,
            _place(line.key, names),
            {
                name: Rate(value.number, owned[asked.windows[name].last].get(line.key, 0))
                for name, value in line.values.items()
                if isinstance(value, Count)
            },
            # No months: a month of one place can tell of somebody (domain 5.4).
            rows=line.rows,
        )
        for line in sorted(lines, key=lambda line: line.key)
    ]


def _keyed(prefix: str, found: Mapping[str, int]) -> dict[str, int]:
    return {f"{prefix}{key}": number for key, number in found.items()}


def _place(key: str, names: Mapping[str, str]) -> str:
    """The name of an area, or of a company by its code."""
    if key in FIXED:
        return FIXED[key]
    return key.removeprefix(AREA) if key.startswith(AREA) else names[key.removeprefix(ENTITY)]


MEASURES = (
    Measure(
        code="M06",
        name="Hate crime cases for each 1,000 homes, by area and company",
        chapter=Chapter.INTAKE,
        definition="Where hate crime is reported more, and where less, for the homes there. Few "
        "reports can mean that people do not report.",
        numerator="Hate crime cases opened in the period, of every strand: all; by the area "
        "of the home; by company.",
        denominator="All our homes there, of every class, by the newest count on or before the "
        "last day of the period. A place nobody counted has no rate.",
        cohort="By the day the case opened, in London; 12 months at least.",
        exclusions="Cases joined to another or void. Not shown for fewer than 200 homes or 5 "
        "cases.",
        source="Policy line 70; HC-20; domain 5.3 M06, 5.4",
        count=_rates,
        behind=by_place,
        headline=ALL,
        unit="per 1,000 homes",
        twelve_only=True,
    ),
)
