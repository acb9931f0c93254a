"""Cases opened, living and closed (M03)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Value

from cases.casework.choices import Stage
from cases.casework.models import Case
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together, tables
from cases.reporting.measures.base import cases_opened, hate_cases
from cases.reporting.measures.ends import counted, of_whole
from cases.reporting.periods import Period
from cases.reporting.tally import counts

SHUT = (Stage.CLOSED, Stage.AFTERCARE, Stage.ARCHIVED)


def opened(asked: Asked) -> Rows:
    """The hate cases, at the moment each opened."""
    return cases_opened(asked, "opened")


def was_shut(moment: datetime | str, case: str = "pk") -> Exists:
    """Whether a case was closed at a moment, by its history: the newest row before says so.

    ``case`` is the path to the case, and ``moment`` may be the path to a moment of the row.
    """
    rows: Any = Case.history.model.objects
    outer, inner = moment, moment
    if isinstance(moment, str):
        outer, inner = OuterRef(moment), OuterRef(OuterRef(moment))  # type: ignore[assignment]
    later = rows.filter(
        id=OuterRef("id"), history_date__lte=inner, history_id__gt=OuterRef("history_id")
    )
    shut = rows.filter(id=OuterRef(case), history_date__lte=outer, stage__in=SHUT)
    return Exists(shut.filter(~Exists(later)))


def live_at_end(asked: Asked, period: Period) -> Rows:
    """The hate cases that were open at the end of a period, or are now if it has not ended.

    Whether one counts at all is as it is known now: a case joined to another since is not
    counted then either, as its incident is the other's.
    """
    end = min(period.ends, asked.at)
    cases = hate_cases(asked).filter(~was_shut(end), opened_at__lt=end)
    found: Rows = cases.annotate(case_ref=F("pk"), line=Value("live"))
    return found


def opened_and_live(asked: Asked) -> Items:
    """Cases opened, and those open at the end of what is asked."""
    return Together(opened(asked), *tables(of_whole(asked, live_at_end)))


def _cases(asked: Asked) -> list[Line]:
    return [
        *counts(asked, opened(asked), {"opened": "Opened"}),
        *counted(asked, live_at_end, {"live": "Open at the end"}),
    ]


MEASURES = (
    Measure(
        code="M03",
        name="Hate crime cases opened and open",
        chapter=Chapter.INTAKE,
        definition="Cases in which somebody thinks that hate was, or may have been, part of it.",
        numerator="Cases opened in the period; cases open at its end.",
        denominator="None: a number.",
        cohort="By the day the case opened, in London; open as it was at the last moment of the "
        "period.",
        exclusions="Cases joined to another and cases made void. A case nobody thinks is about "
        "hate any more is not counted from then on.",
        source="Policy lines 83 and 105; domain 5.3 M03",
        count=_cases,
        behind=opened_and_live,
        headline="opened",
        unit="cases",
        part_waits="Cases closed: once a case can be closed here.",
    ),
)
