"""999 was rung during a call: the case that is opened carries it, for the Director to look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cases.access import Actor
from cases.casework.models import Case
from cases.disclosures.emergency_operations import record_emergency
from cases.intake.models import Report
from cases.intake.script import RANG_999

RANG = {
    "OFFICER": "{taken_by}, who took the call",
    "COLLEAGUE": "A colleague of {taken_by}, who took the call",
    "CALLER": "Whoever rang us",
}
WHY = "Somebody was in danger during the call. The call sheet has what was said then."
SAID = "The call sheet does not say what they were told."


def carry_999(
    by: Actor,
    at: datetime,
    case: Case,
    report: Report,
    rang: str,
    said_at: Mapping[str, datetime],
) -> None:
    """Write down on a new case that 999 was rung while its report was taken (domain 7.5, D8).

    ``rang`` is the answer of the danger panel; nobody yet is nothing to write down.
    """
    if rang in RANG:
        taken_by = report.taken_by.full_name if report.taken_by else by.name
        record_emergency(
            by=by,
            at=at,
            case=case,
            rung_at=min(said_at.get(RANG_999.key, report.received_at), at),
            rung_by=RANG[rang].format(taken_by=taken_by),
            why=WHY,
            said=SAID,
            from_sheet=True,
        )
