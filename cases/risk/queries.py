"""The level that stands, for whoever shows a case."""

from __future__ import annotations

from cases.casework.models import Case
from cases.risk.models import Level


def risk_of(case: Case) -> Level | None:
    """The level a case carries and why: the highest of anybody's newest (one query).

    None for a case from before there were assessments, whose level was recorded by hand.
    """
    newest = (
        Level.objects.filter(about__case=case, about__ended_at__isnull=True)
        .order_by("about_id", "-pk")
        .distinct("about_id")
    )
    return next((row for row in newest if row.level == case.risk), None)
