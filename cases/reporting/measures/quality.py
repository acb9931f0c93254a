"""How good the records are: what cases opened do not say (M38)."""

from __future__ import annotations

from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import Clock, Incident
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together
from cases.reporting.measures.base import cases_opened, strands_known
from cases.reporting.measures.breakdown import tenure_of_case
from cases.reporting.measures.flags import several_shares

LINES = {
    "strand": "No strand known",
    "age": "Age not known",
    "police": "Not recorded whether the police know",
    "tenure": "Tenure not known",
}
ABOUT_THE_POLICE = (ClockKind.POLICE, ClockKind.POLICE_DECISION)


def _opened(asked: Asked) -> Rows:
    found: Rows = cases_opened(asked).annotate(
        born=Coalesce("victim__merged_into__date_of_birth", "victim__date_of_birth"),
        tenure=tenure_of_case(),
        known=strands_known(),
    )
    return found


def _missing() -> dict[str, Q]:
    """What each line finds not said of a case."""
    spoken = Clock.objects.filter(
        case=OuterRef("pk"), kind__in=ABOUT_THE_POLICE, state=ClockState.MET
    )
    crime = Incident.objects.filter(case=OuterRef("pk")).exclude(crime_reference="")
    return {
        "strand": Q(known=0),
        "age": Q(born__isnull=True),
        "police": ~Q(Exists(spoken)) & ~Q(Exists(crime)),
        "tenure": Q(tenure__isnull=True),
    }


def missing(asked: Asked) -> Items:
    """Every case opened, on every line; it counts where that is not said."""
    return Together(
        *(
            _opened(asked).annotate(
                line=Value(key), counts=Choose(When(condition, then=True), default=False)
            )
            for key, condition in _missing().items()
        )
    )


def _quality(asked: Asked) -> list[Line]:
    return several_shares(asked, _opened(asked), _missing(), LINES)


MEASURES = (
    Measure(
        code="M38",
        name="What the records do not say",
        chapter=Chapter.QUALITY,
        definition="Cases in which something is not recorded that we need to know who is harmed "
        "and served how.",
        numerator="Cases with no strand known; with no date of birth of the person harmed; with "
        "nothing recorded of whether the police know; with no tenure of the person harmed.",
        denominator="Hate crime cases opened in the period.",
        cohort="By the day the case opened; as it is recorded now.",
        exclusions="Cases joined to another and cases made void. Somebody with no tenancy of "
        "ours, as a visitor, has no tenure and counts here.",
        source="Domain 5.3 M38, 5.7 (key data)",
        count=_quality,
        behind=missing,
        headline="strand",
        unit="cases",
        part_waits="Identity other than age: once people can say so here, if they wish.",
    ),
)
