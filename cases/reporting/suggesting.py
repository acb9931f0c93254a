"""After a month's report: does what it counted suggest a review of the policy (HC-50)?

A measure that missed its aim in three months running does, and so does the day by which the
policy was to be reviewed.  Aims are settings; where none is set (0), nothing is missed.
"""

from __future__ import annotations

from datetime import datetime

from cases.access import Actor
from cases.improving.review_operations import suggest_missed_aim, suggest_review_date
from cases.improving.rules import RUNNING, missed_running
from cases.policy.models import PolicyVersion
from cases.policy.queries import settings_at
from cases.reporting.catalogue import BY_CODE
from cases.reporting.collecting import Figures
from cases.reporting.values import Share

AIMS = {
    "M08": "AIM_MOTIVATION_ASKED_PERCENT",
    "M09": "AIM_TRIAGE_PERCENT",
    "M10": "AIM_FIRST_CONTACT_PERCENT",
    "M12": "AIM_RISK_PERCENT",
    "M13": "AIM_PLAN_PERCENT",
}
"""The measures of what we promise, and the settings that hold what is aimed at."""


def suggest_reviews(*, by: Actor, at: datetime, figures: Figures) -> None:
    """Record what the figures of a month suggest.  A report of one company suggests nothing:
    the policy is of all.
    """
    if figures.entity or not PolicyVersion.objects.exists():
        return
    suggest_review_date(by=by, at=at)
    settings = settings_at(at)
    for code, key in AIMS.items():
        months = months_of(figures, code)
        if missed_running(months, settings[key]):
            suggest_missed_aim(
                by=by,
                at=at,
                measure=code,
                month=figures.months[-1].first,
                words=_words(code, settings[key], months),
            )


def months_of(figures: Figures, code: str) -> list[tuple[int, int]]:
    """How many of how many, month by month, of the line that speaks for a measure."""
    line = figures.line(code, BY_CODE[code].headline)
    return [(one.number, one.of) for one in line.months if isinstance(one, Share)]


def _words(code: str, aim: int, months: list[tuple[int, int]]) -> str:
    """Percentages alone: how many cases there were is for the report to show or hide."""
    return (
        f"{code} {BY_CODE[code].name}: under {aim}% in each of the last {RUNNING} months, "
        f"with {' and '.join(_each(months))}."
    )


def _each(months: list[tuple[int, int]]) -> list[str]:
    shares = [f"{100 * number // of}%" for number, of in months[-RUNNING:]]
    return [", ".join(shares[:-1]), shares[-1]]
