"""What is to be done better, as a report gives it: numbers and days, never anybody's words.

Of all companies together.  Source: domain 5.3 (M40), 5.4, 5.6; HC-46, HC-47, HC-50.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from cases.improving.choices import State
from cases.improving.models import Improvement, Recommendation, ReviewReason
from cases.improving.queries import late_on, open_at
from cases.reporting.measure import MONTH, Asked
from cases.reporting.measures.ends import last_day, last_moment
from cases.reporting.periods import Period
from cases.reporting.values import Tasks

LABELS = {
    "open": "Things to do better, still to be done",
    "late": "Of them late",
    "recommended": "Recommendations to us that are not closed",
    "undecided": "Reasons to review the policy that wait for a decision",
}


def standing(asked: Asked, period: Period) -> dict[str, Tasks]:
    """How many there were when a period ended, or now if it has not, by line."""
    moment, day = min(last_moment(period), asked.at), last_day(asked, period)
    still = open_at(moment)
    actions = Improvement.objects.aggregate(
        open=Count("pk", filter=still), late=Count("pk", filter=still & late_on(day))
    )
    undecided = Q(found_at__lte=moment) & (Q(decided_at=None) | Q(decided_at__gt=moment))
    return {
        **{key: Tasks(number) for key, number in actions.items()},
        "recommended": Tasks(Recommendation.objects.filter(still).count()),
        "undecided": Tasks(ReviewReason.objects.filter(undecided).count()),
    }


# --- the lists of the report ---

Log = Mapping[str, list[dict[str, Any]]]
"""By list, a row each: codes and days, as they are kept in a snapshot."""


def log_of(asked: Asked) -> Log:
    """What was to be done in the month of a report, and what of it ended; none of other dates."""
    period = asked.windows.get(MONTH)
    if period is None:
        return {}
    begins, moment = period.begins, min(last_moment(period), asked.at)
    reasons = ReviewReason.objects.filter(found_at__lte=moment)
    reasons = reasons.filter(Q(decided_at=None) | Q(decided_at__gte=begins))
    return {
        "actions": _owned(Improvement.objects.all(), "because", begins, moment),
        "recommendations": _owned(Recommendation.objects.all(), "source", begins, moment),
        "reasons": [
            {
                "number": row.pk,
                "kind": row.kind,
                "measure": row.measure,
                "noticed": row.noticed_on.isoformat(),
                **_decided(row, moment),
            }
            for row in reasons.order_by("noticed_on", "pk")
        ],
    }


def _decided(row: ReviewReason, moment: datetime) -> dict[str, Any]:
    if row.decided_at is None or row.decided_at > moment:
        return {"decision": "", "by": None}
    return {"decision": row.decision, "by": _day(row.review_by)}


def _owned(
    rows: QuerySet[Any, Any], kind: str, begins: datetime, moment: datetime
) -> list[dict[str, Any]]:
    """Those open at the moment, and those that ended since the month began."""
    listed = rows.filter(added_at__lte=moment)
    listed = listed.filter(Q(ended_at=None) | Q(ended_at__gte=begins))
    return [
        {
            "number": row.pk,
            "kind": getattr(row, kind),
            "due": row.due_on.isoformat(),
            "state": row.state if row.ended_at and row.ended_at <= moment else State.OPEN.value,
        }
        for row in listed.order_by("due_on", "pk")
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
