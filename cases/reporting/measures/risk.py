"""The risk profile: levels at opening and now, levels set by hand, reviews on time (M19)."""

from __future__ import annotations

from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat

from cases.casework.choices import OPEN_STAGES, RiskLevel
from cases.casework.clocks import ClockKind
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together, tables
from cases.reporting.measures.base import cases_opened, clocks_due, hate_cases
from cases.reporting.measures.ends import counted, of_whole
from cases.reporting.periods import Period
from cases.reporting.tally import counts, shares
from cases.risk.choices import JudgementKind
from cases.risk.models import Judgement, Level

NONE = "NONE"
BANDS = {
    RiskLevel.HIGH.value: "High",
    RiskLevel.MEDIUM.value: "Medium",
    RiskLevel.STANDARD.value: "Standard",
    NONE: "Not assessed yet",
}
FIRST = {f"first-{band}": f"{words}, when assessed first" for band, words in BANDS.items()}
NOW = {f"end-{band}": f"{words}, at the end" for band, words in BANDS.items()}
JUDGED = {JudgementKind.RAISED: "raised", JudgementKind.LOWERED: "lowered"}
BY_HAND = {"raised": "Set higher by somebody", "lowered": "Set lower by a manager"}
REVIEWED = {"reviews": "Reviews on time"}
GRAVITY = Choose(
    *(When(level=level, then=Value(rank)) for rank, level in enumerate(RiskLevel.values)),
    output_field=IntegerField(),
)


def _line(prefix: str, level: Any) -> Concat:
    return Concat(
        Value(prefix), Coalesce(level, Value(NONE), output_field=CharField()),
        output_field=CharField(),
    )  # fmt: skip


def _opened(asked: Asked) -> Rows:
    """Cases by the first level that stood for anybody on them."""
    first = Level.objects.filter(about__case=OuterRef("pk"), at__lte=asked.at).order_by("pk")
    found: Rows = cases_opened(asked).annotate(
        line=_line("first-", Subquery(first.values("level")[:1]))
    )
    return found


def _judged(asked: Asked) -> Rows:
    chosen = (When(kind=kind, then=Value(line)) for kind, line in JUDGED.items())
    found: Rows = Judgement.objects.filter(
        kind__in=list(JUDGED), at__lte=asked.at, assessment__case__in=hate_cases(asked)
    )
    found = found.annotate(
        case_ref=F("assessment__case_id"), line=Choose(*chosen, output_field=CharField())
    )
    return found


def _reviews(asked: Asked) -> Rows:
    found: Rows = clocks_due(asked, ClockKind.RISK_REVIEW).annotate(line=Value("reviews"))
    return found


def _standing(asked: Asked, end: Period) -> Items:
    """Cases open at the end of a period by the highest level that stood for anybody then."""
    until = min(end.ends, asked.at)
    later = Level.objects.filter(about=OuterRef("about"), pk__gt=OuterRef("pk"), at__lt=until)
    newest = Level.objects.filter(~Exists(later), about__case=OuterRef("pk"), at__lt=until)
    highest = newest.annotate(rank=GRAVITY).order_by("-rank").values("level")[:1]
    cases = hate_cases(asked).filter(stage__in=OPEN_STAGES, opened_at__lt=end.ends)
    return cases.annotate(case_ref=F("pk"), line=_line("end-", Subquery(highest)))


def profile(asked: Asked) -> Items:
    """Cases at opening and at the end of what is asked, levels set by hand, reviews due."""
    return Together(
        _opened(asked), *tables(of_whole(asked, _standing)), _judged(asked), _reviews(asked)
    )


def _profile(asked: Asked) -> list[Line]:
    return [
        *counts(asked, _opened(asked), FIRST),
        *counted(asked, _standing, NOW, at_end=True),
        *counts(asked, _judged(asked), BY_HAND),
        *shares(asked, _reviews(asked), REVIEWED),
    ]


MEASURES = (
    Measure(
        code="M19",
        name="Risk: levels, changes by hand, and reviews on time",
        chapter=Chapter.RISK,
        definition="How grave the risk was when it was assessed first and is at the end of the "
        "period, how often somebody set a level by hand, and whether risk was asked about again "
        "in time.",
        numerator="Cases opened, by the first level that stood for anybody on them. Cases open "
        "at the end, by the highest level that stands. Levels set higher, and lower. Reviews "
        "done by the moment they were due.",
        denominator="None: numbers; for reviews, those due in the period.",
        cohort="First levels: by the day the case opened. At the end: as it stands then. Set by "
        "hand: by the moment it was done. Reviews: by the moment they were due.",
        exclusions="Reviews on hold, or whose place another took. A red flag ticked in error is "
        "no level set by hand.",
        source="Domain 3.3, 3.4 and 5.3 M19",
        count=_profile,
        behind=profile,
        headline="reviews",
        unit="cases",
        wholes={
            "first-": "Cases opened, by their risk when assessed first",
            "end-": "Cases open at the end, by their risk",
        },
        part_waits="What was open then and is closed since: once a case can be closed here.",
    ),
)
