"""Which strands it was about, and the cases and incidents by what, where and whose (M30, M31)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf

from cases.casework.choices import SERIOUSNESS, IncidentType, Location, Part, Strand
from cases.casework.models import Involvement
from cases.intake.choices import Channel
from cases.intake.models import Report
from cases.people.choices import Tenure
from cases.people.models import Entity
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together
from cases.reporting.measures.base import about, cases_opened, incidents_told, strands_known
from cases.reporting.measures.flags import several_shares
from cases.reporting.tally import counts_by_each

STRANDS = dict(Strand.choices)
NUMBERS = {
    "one": "One strand only",
    "several": "More than one strand",
    "none": "No strand known yet",
}
UNKNOWN = "UNKNOWN"
"""What is not known, of whatever it is about."""


def _cases_by_strand(asked: Asked) -> Rows:
    found: Rows = cases_opened(asked).annotate(known=strands_known())
    return found


OF_NUMBER = {"one": Q(known=1), "several": Q(known__gt=1), "none": Q(known=0)}
OF_STRANDS = {**{strand: about(strand) for strand in STRANDS}, **OF_NUMBER}


def strands(asked: Asked) -> Items:
    """Every case opened, on every line; it counts where it is about that strand."""
    cases = _cases_by_strand(asked)
    return Together(
        *(cases.annotate(line=Value(key), counts=asks) for key, asks in OF_STRANDS.items())
    )


def _strands(asked: Asked) -> list[Line]:
    return several_shares(asked, _cases_by_strand(asked), OF_STRANDS, {**STRANDS, **NUMBERS})


# --- M31 ---


def _keyed(prefix: str, code: Any) -> Concat:
    """The line of a code; of none, what is not known."""
    known = Coalesce(NullIf(code, Value("")), Value(UNKNOWN), output_field=CharField())
    return Concat(Value(prefix), known, output_field=CharField())


def _labels(prefix: str, choices: Any, unknown: str = "Not known") -> dict[str, str]:
    return {f"{prefix}{code}": label for code, label in {**dict(choices), UNKNOWN: unknown}.items()}


OF_INCIDENTS = {
    "of_type": _labels("type-", IncidentType.choices),
    "of_location": _labels("location-", Location.choices),
}
OF_CASES: dict[str, Mapping[str, str]] = {
    "of_tenure": _labels("tenure-", Tenure.choices),
    "of_entity": {},
    "of_area": {f"area-{UNKNOWN}": "Not known"},
    "of_channel": _labels("channel-", Channel.choices, "Opened without a report"),
}
"""The ways of dividing, each with its lines."""


def _main_type() -> Choose:
    """The one type that counts in totals: the most serious (domain 2.2c)."""
    return Choose(
        *(When(types__contains=[code], then=Value(code.value)) for code in SERIOUSNESS),
        default=Coalesce(F("types__0"), Value(IncidentType.OTHER.value)),
        output_field=CharField(),
    )


def tenure_of_case() -> Subquery:
    """The tenure recorded with whoever was harmed; that of the first of them, if of several."""
    parts = Involvement.objects.filter(
        case=OuterRef("pk"), part=Part.VICTIM, ended_at__isnull=True
    ).exclude(tenure="")
    return Subquery(parts.order_by("added_at", "pk").values("tenure")[:1])


def _incidents(asked: Asked) -> Rows:
    found: Rows = incidents_told(asked).annotate(
        of_type=_keyed("type-", _main_type()), of_location=_keyed("location-", F("location"))
    )
    return found


def _cases(asked: Asked) -> Rows:
    first = Report.objects.filter(case=OuterRef("pk")).order_by("received_at", "pk")
    area = Coalesce(
        NullIf("home__area", Value("")),
        NullIf("victim__home__area", Value("")),
        "victim__merged_into__home__area",
    )
    found: Rows = cases_opened(asked).annotate(
        of_tenure=_keyed("tenure-", tenure_of_case()),
        of_entity=_keyed("entity-", F("entity__code")),
        of_area=_keyed("area-", area),
        of_channel=_keyed("channel-", Subquery(first.values("channel")[:1])),
    )
    return found


def breakdown(asked: Asked) -> Items:
    """Incidents first told of, and cases opened, once for each way of dividing them."""
    incidents, cases = _incidents(asked), _cases(asked)
    return Together(
        *(incidents.annotate(line=F(way)) for way in OF_INCIDENTS),
        *(cases.annotate(line=F(way)) for way in OF_CASES),
    )


def _breakdown(asked: Asked) -> list[Line]:
    names = Entity.objects.order_by("name").values_list("code", "name")
    cases = {**OF_CASES, "of_entity": _labels("entity-", names)}
    lines = [
        *counts_by_each(asked, _incidents(asked), OF_INCIDENTS),
        *counts_by_each(asked, _cases(asked), cases),
    ]
    for line in lines:
        # Areas are named by themselves; none is listed before something happened there.
        line.label = line.label.removeprefix("area-")
    return lines


MEASURES = (
    Measure(
        code="M30",
        name="What it was about: strands",
        chapter=Chapter.BREAKDOWN,
        definition="The characteristics that somebody thinks hate crime cases were about, all "
        "eight of the policy. A case about two is on both lines, so the lines come to more than "
        "100 %.",
        numerator="Cases in which somebody still thinks so of that strand; cases about one "
        "strand only, more than one, and none known yet.",
        denominator="Hate crime cases opened in the period.",
        cohort="By the day the case opened, in London. Published over 12 months only.",
        exclusions="Cases joined to another and cases made void; views that were taken back.",
        source="Policy line 117; domain 2.1 and 5.3 M30",
        count=_strands,
        behind=strands,
        headline="RACE",
        unit="cases",
        twelve_only=True,
    ),
    Measure(
        code="M31",
        name="Kinds of incident, places, tenures, companies, areas and channels",
        chapter=Chapter.BREAKDOWN,
        definition="Hate incidents by their kind and where they happened; hate crime cases by "
        "tenure, company, area and how the first report reached us.",
        numerator="Incidents on each line; cases on each line. An incident of several kinds "
        "counts once, under the gravest.",
        denominator="None: numbers.",
        cohort="Incidents: by the moment the first account reached us. Cases: by the day they "
        "opened. Published over 12 months only.",
        exclusions="Cases joined to another and cases made void; a second account of the same "
        "incident. Tenure is that of whoever was harmed, as it was when they were added.",
        source="Domain 2.2, 2.6, 2.7, 2.8 and 5.3 M31",
        count=_breakdown,
        behind=breakdown,
        unit="cases",
        twelve_only=True,
        wholes={
            "type-": "Incidents by kind",
            "location-": "Incidents by place",
            "tenure-": "Cases by tenure",
            "entity-": "Cases by company",
            "area-": "Cases by area",
            "channel-": "Cases by how the first report reached us",
        },
    ),
)
