"""Whether a version to share may be made beside those that are shared already.

Two reports of one month, of a company and of all together, tell the rest by subtraction; so
their totals differ by enough or not at all, and so does what is left beside all the companies
that are shared.  Source: domain 5.4 ("refuse to publish two filters whose totals differ by < t").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cases.reporting.choices import Profile
from cases.reporting.collecting import Figures
from cases.reporting.models import Run, Snapshot
from cases.reporting.suppression import Limits, differencing
from cases.reporting.values import Count

TOTALS = ("M01", "M02", "M03")
"""Reports, incidents and cases: the totals everything else is a part of."""

Totals = Mapping[tuple[str, str, str], int]
"""By measure, line and window."""


def withheld_because(run: Run, figures: Figures, limits: Limits) -> str:
    """Why a report has no version to share, a sentence; "" if it has one."""
    others = shared(run)
    companies = [totals for entity, totals in others.items() if entity is not None]
    everybody = others.get(None)
    for key, total in totals_of(figures).items():
        beside = [one[key] for one in companies if key in one]
        if run.entity_id is None:
            answer = differencing(total, [*beside, sum(beside)] if beside else [], limits)
        elif everybody is not None and key in everybody:
            rest = everybody[key] - sum(beside)
            answer = differencing(total, [everybody[key], rest], limits)
        else:
            continue
        if not answer:
            return answer.reason
    return ""


def shared(run: Run) -> dict[int | None, Totals]:
    """The totals of the newest version to share of the same days, of every other company, or
    (None) of all together.
    """
    rows = Snapshot.objects.filter(
        run__first=run.first, run__last=run.last, files__profile=Profile.PUBLISHED
    )
    found: dict[int | None, Totals] = {}
    newest = rows.order_by("-as_at", "-id").values_list("run__entity", "figures")
    for entity, figures in newest.iterator():
        if entity != run.entity_id and entity not in found:
            found[entity] = totals_of(Figures.from_json(figures))
    return found


def totals_of(figures: Figures) -> Totals:
    """The totals of some figures."""
    return dict(_totals(figures))


def _totals(figures: Figures) -> Iterable[Any]:
    for code in TOTALS:
        for line in figures.lines.get(code, ()):
            for window, value in line.values.items():
                if isinstance(value, Count):
                    yield (code, line.key, window), value.number
