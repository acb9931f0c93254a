"""An action, a recommendation and a reason to review the policy, made by the real operations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from cases.access import Actor
from cases.calendar import london_date
from cases.improving.models import Improvement, Recommendation, ReviewReason
from cases.improving.operations import add_improvement, end_improvement
from cases.improving.recommendation_operations import add_recommendation, end_recommendation
from cases.improving.review_operations import decide_reason, record_reason
from cases.staff.models import User


def act(by: Actor, at: datetime, owner: User, **said: Any) -> Improvement:
    """Something to do better, within a month."""
    values: dict[str, Any] = {
        "what": "Ask why it happened before every triage.",
        "because": "PROMISE",
        "finding": "It was not asked in a few reports.",
        "measure": "M08",
        "due_on": london_date(at) + timedelta(days=30),
    }
    return add_improvement(by=by, at=at, owner=owner, **{**values, **said})


def recommend(by: Actor, at: datetime, owner: User, **said: Any) -> Recommendation:
    """A line of the register, within two months."""
    values: dict[str, Any] = {
        "source": "OMBUDSMAN",
        "title": "Learning report",
        "said_in": date(2025, 7, 1),
        "words": "See who is reported again and again.",
        "due_on": london_date(at) + timedelta(days=60),
    }
    return add_recommendation(by=by, at=at, owner=owner, **{**values, **said})


def reason(by: Actor, at: datetime, **said: Any) -> ReviewReason:
    """Something that may bring the review forward."""
    values: dict[str, Any] = {
        "kind": "LEGISLATION",
        "words": "A new Act changes what landlords may ask a court for.",
        "noticed_on": london_date(at),
    }
    return record_reason(by=by, at=at, **{**values, **said})


def keep_improving(by: Actor, at: datetime, owner: User) -> dict[str, int]:
    """One of each, and the row of each address."""
    row, register, why = act(by, at, owner), recommend(by, at, owner), reason(by, at)
    return {
        **dict.fromkeys(
            (f"improving:{name}improvement" for name in ("", "change-", "end-")), row.pk
        ),
        **dict.fromkeys(
            (f"improving:{name}recommendation" for name in ("", "change-", "end-")), register.pk
        ),
        **dict.fromkeys((f"improving:{name}reason" for name in ("", "decide-")), why.pk),
    }


def end_all(by: Actor, at: datetime, owner: User) -> None:
    """One of each that has come to its end, with words in every column."""
    evidence = "The script asks it, and M08 is counted."
    end_improvement(by=by, at=at, improvement=act(by, at, owner), to="DONE", evidence=evidence)
    closed = recommend(by, at, owner, title="Spotlight")
    end_recommendation(
        by=by, at=at, recommendation=closed, to="NOT_NEEDED", evidence="We have no such homes."
    )
    decide_reason(
        by=by, at=at, reason=reason(by, at), decision="NOT_NOW", why="It changes nothing for us."
    )
