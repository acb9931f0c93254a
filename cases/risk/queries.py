"""The level that stands, for whoever shows a case."""

from __future__ import annotations

from django.db.models import QuerySet

from cases.casework.models import Case
from cases.prepared import planned
from cases.risk.models import Level


def risk_of(case: Case) -> Level | None:
    """The level a case carries and why: the highest of anybody's newest (one query).

    None for a case from before there were assessments, whose level was recorded by hand.
    """
    return next((row for row in _newest(case=case.pk) if row.level == case.risk), None)


@planned
def _newest(*, case: int) -> QuerySet[Level]:
    levels = Level.objects.filter(about__case=case, about__ended_at__isnull=True)
    return levels.order_by("about_id", "-pk").distinct("about_id")
