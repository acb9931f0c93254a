"""What reached us, and what became of it at triage (M01, M02, M07, M08)."""

from __future__ import annotations

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from cases.casework.choices import Stage
from cases.casework.models import Perception
from cases.intake.choices import Channel, ReporterCapacity, Route, RouteState
from cases.intake.models import Report, RouteRecord
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together
from cases.reporting.measures.base import incidents_told, reports
from cases.reporting.measures.flags import Part, Which, behind, parts
from cases.reporting.tally import counts, shares

CAPACITIES = {f"capacity.{code}": label for code, label in ReporterCapacity.choices}
CHANNELS = {f"channel.{code}": label for code, label in Channel.choices}
ROUTES = {code: f"takes_{code.lower()}" for code in Route.values}
OUTCOMES = {code: Part(label, Which((ROUTES[code],))) for code, label in Route.choices}


def _kept(asked: Asked) -> QuerySet[Report]:
    """Reports, but for those of a case that was entered in error."""
    return reports(asked).exclude(case__stage=Stage.VOID)


def _received(asked: Asked, line: Concat | Value) -> Rows:
    found: Rows = _kept(asked).annotate(case_ref=F("case_id"), at=F("received_at"), line=line)
    return found


def _by(prefix: str, field: str) -> Concat:
    return Concat(Value(f"{prefix}."), F(field), output_field=CharField())


def received(asked: Asked) -> Items:
    """Reports at the moment they reached us: all, by who told us, and by which way."""
    return Together(
        _received(asked, Value("total")),
        _received(asked, _by("capacity", "capacity")),
        _received(asked, _by("channel", "channel")),
    )


def _reports(asked: Asked) -> list[Line]:
    return counts(asked, received(asked), {"total": "All reports", **CAPACITIES, **CHANNELS})


def _incidents(asked: Asked) -> list[Line]:
    return counts(asked, incidents_told(asked), {"": "Hate incidents"})


def _triaged(asked: Asked) -> Rows:
    found: Rows = (
        _kept(asked)
        .filter(triaged_at__lte=asked.at)
        .annotate(case_ref=F("case_id"), at=F("triaged_at"), line=Value(""))
    )
    return found


def _routed(asked: Asked) -> Rows:
    """Triaged reports with a flag for each route that one takes, as it stands: not what ended
    because the report became a hate case.
    """
    standing = RouteRecord.objects.filter(report=OuterRef("pk")).exclude(
        state=RouteState.SUPERSEDED
    )
    flags = {route: Exists(standing.filter(route=code)) for code, route in ROUTES.items()}
    found: Rows = _triaged(asked).annotate(**flags)
    return found


def outcomes(asked: Asked) -> Together:
    """Reports at the moment of triage, once for each route; ``counts`` if one takes it."""
    return behind(_routed(asked), OUTCOMES)


def _outcomes(asked: Asked) -> list[Line]:
    """Each route's share of all reports triaged; one report may take several routes."""
    return parts(asked, _routed(asked), ROUTES.values(), OUTCOMES)


def asked_why(asked: Asked) -> Rows:
    """Triaged reports; ``counts`` if anybody's answer to whether it was hate was recorded.

    Any answer is one: yes, no, not sure; also one taken back since.
    """
    answers = Perception.objects.filter(incident__report_links__report=OuterRef("pk"))
    found: Rows = _triaged(asked).annotate(counts=Exists(answers))
    return found


def _asked_why(asked: Asked) -> list[Line]:
    return shares(asked, asked_why(asked), {"": "Reports in which it was asked"})


MEASURES = (
    Measure(
        code="M01",
        name="Reports received",
        chapter=Chapter.INTAKE,
        definition="What people told us, whoever they are and whichever way it reached us, before "
        "anybody decided what it was.",
        numerator="Reports received in the period: all; by in what capacity somebody told us; by "
        "the way it reached us.",
        denominator="None: a number.",
        cohort="By the moment Amplius first received it, as corrected if it was, in London.",
        exclusions="Reports of a case made void. For one company: reports without a case, which "
        "belong to none.",
        source="Policy lines 83 and 166; domain 2.8 and 5.3 M01",
        count=_reports,
        behind=received,
        headline="total",
        unit="reports",
        wholes={
            "capacity.": "Reports received, by who told us",
            "channel.": "Reports received, by the way they reached us",
        },
    ),
    Measure(
        code="M02",
        name="Different hate incidents",
        chapter=Chapter.INTAKE,
        definition="Incidents in which somebody thinks that hate was part of it. One that several "
        "people told us about is one.",
        numerator="Hate incidents first told of in the period.",
        denominator="None: a number.",
        cohort="By the moment the first report of it was received, in London.",
        exclusions="Incidents of a case made void; a further account of the same incident.",
        source="Policy lines 105 and 113; domain 6.2 and 5.3 M02",
        count=_incidents,
        behind=incidents_told,
        headline="",
        unit="incidents",
    ),
    Measure(
        code="M07",
        name="What became of reports at triage",
        chapter=Chapter.INTAKE,
        definition="Which routes reports took: hate crime, safeguarding, domestic abuse, "
        "antisocial behaviour, signposting. One report can take several.",
        numerator="Reports that take the route, as it stands now.",
        denominator="Reports triaged in the period.",
        cohort="By the moment of the first triage, in London.",
        exclusions="Reports still waiting for why it happened; routes that ended because the "
        "report became a hate case; reports of a case made void.",
        source="Policy line 129; domain 10 and 5.3 M07",
        count=_outcomes,
        behind=outcomes,
        headline=Route.HATE.value,
        unit="reports",
    ),
    Measure(
        code="M08",
        name="Why it happened was asked",
        chapter=Chapter.INTAKE,
        definition="Reports in which it was asked, and recorded, whether somebody thinks that "
        "hate was part of it. It should be all of them.",
        numerator="Reports with an answer of anybody, whatever it was.",
        denominator="All reports triaged in the period, whichever route they took.",
        cohort="By the moment of the first triage, in London.",
        exclusions="Reports still waiting for that answer; reports of a case made void.",
        source="Policy line 129; HC-29; domain 5.3 M08",
        count=_asked_why,
        behind=asked_why,
        headline="",
        unit="reports",
    ),
)
