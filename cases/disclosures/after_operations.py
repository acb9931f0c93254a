"""What followed telling the police without permission, or a 999 call: they heard, it led to."""

from __future__ import annotations

from datetime import datetime

from cases.access import Actor, Answer, Refused, enforce
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb
from cases.casework.clock_operations import meet_clocks
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.disclosures import phone_rules
from cases.disclosures.choices import AfterKind, Door
from cases.disclosures.models import Afterwards, Emergency, Send
from cases.rows import keep

MEETS = {
    AfterKind.TOLD: ClockKind.SHARED_TOLD,
    AfterKind.NOT_TOLD: ClockKind.SHARED_TOLD,
    AfterKind.OUTCOME: ClockKind.SHARED_OUTCOME,
}


@operation
def record_afterwards(
    *,
    by: Actor,
    at: datetime,
    about: Send | Emergency,
    kind: str,
    happened_at: datetime,
    words: str,
) -> Afterwards:
    """Keep what followed: they were told, or were not and why; what came of it.

    More than one row may be kept: a correction is another.  Raises Refused.
    """
    case = lock(about.case)
    enforce(phone_rules.afterwards(by, words=words, happened_at=happened_at, now=at))
    if kind not in AfterKind.values:
        raise Refused(Answer("Choose what followed."))
    if isinstance(about, Send) and about.door != Door.DIRECTOR:
        raise Refused(Answer("This went with permission or by law: its outcome is kept there."))
    row = Afterwards(
        **({"send": about} if isinstance(about, Send) else {"emergency": about}),
        kind=kind,
        happened_at=happened_at,
        words=words.strip(),
        by_id=by.user_id,
        at=at,
    )
    keep(row)
    record(
        Verb.SHARED_AFTERWARDS,
        by=by,
        at=at,
        subject=row,
        case=case.reference,
        changes={"kind": str(kind), "on": happened_at.isoformat()},
    )
    if isinstance(about, Send):
        part = about.pack.about
        met_at = min(happened_at, at) if kind != AfterKind.NOT_TOLD else at
        kinds = [MEETS[AfterKind(kind)]]
        meet_clocks(by=by, at=at, case=case, kinds=kinds, about=part, met_at=met_at)
    return row
