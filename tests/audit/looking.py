"""Looks at cases as their pages record them, at any moment."""

from __future__ import annotations

import itertools
from datetime import datetime

from cases.audit import context
from cases.audit.ledger import record_access
from cases.audit.models import Outcome
from cases.staff.models import User

_requests = itertools.count(1)


def look(
    user: User,
    case: str,
    at: datetime,
    *,
    person: int = 2,
    outcome: Outcome = Outcome.SHOWN,
    what: str = "workflow:case",
    purpose: str = "",
) -> str:
    """One request for a page of a case; returns its id."""
    request = f"look-{next(_requests)}"
    shown = [
        context.Read("casework.case", [1], case),
        context.Read("people.person", [person], case, purpose=purpose),
    ]
    sought = [context.Read("sought", case_reference=case)]
    with context.in_request(request):
        record_access(
            shown if outcome == Outcome.SHOWN else sought,
            by=user.actor(at),
            at=at,
            what=what,
            outcome=outcome,
        )
    return request
