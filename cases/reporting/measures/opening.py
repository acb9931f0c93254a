"""Cases opened, living and closed (M03)."""

from __future__ import annotations

from cases.casework.choices import OPEN_STAGES
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure
from cases.reporting.measures.base import cases_opened, hate_cases
from cases.reporting.tally import counts, standing


def opened(asked: Asked) -> Items:
    """The hate cases, at the moment each opened."""
    return cases_opened(asked, "opened")


def _cases(asked: Asked) -> list[Line]:
    lines = counts(asked, opened(asked), {"opened": "Opened"})
    living = {
        name: {
            "live": hate_cases(asked)
            .filter(stage__in=OPEN_STAGES, opened_at__lt=period.ends)
            .count()
        }
        for name, period in asked.windows.items()
    }
    return [*lines, *standing(asked, living, {"live": "Open at the end"})]


MEASURES = (
    Measure(
        code="M03",
        name="Hate crime cases opened and open",
        chapter=Chapter.INTAKE,
        definition="Cases in which somebody thinks that hate was, or may have been, part of it.",
        numerator="Cases opened in the period; cases open at its end.",
        denominator="None: a number.",
        cohort="By the day the case opened, in London.",
        exclusions="Cases joined to another and cases made void. A case nobody thinks is about "
        "hate any more is not counted from then on.",
        source="Policy lines 83 and 105; domain 5.3 M03",
        count=_cases,
        behind=opened,
        headline="opened",
        unit="cases",
        part_waits="Cases closed: once a case can be closed here.",
    ),
)
