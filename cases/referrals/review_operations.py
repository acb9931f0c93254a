"""The ASB case review: somebody may be eligible, and was told, or why not yet (HC-11).

Nothing is ever applied for here: the right is theirs.
"""

from __future__ import annotations

from datetime import datetime

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb
from cases.casework.clocks import DUTIES, ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, Involvement
from cases.casework.operations import meet_clocks
from cases.referrals import review_rules
from cases.referrals.counting import review_of
from cases.referrals.models import ReviewTold
from cases.rows import keep

TOLD, NOT_SAFE, NOT_YET = DUTIES[ClockKind.REPEAT_ASB_REVIEW].outcomes


@operation
def tell_review(
    *, by: Actor, at: datetime, case: Case, about: Involvement, told: bool, words: str
) -> ReviewTold:
    """Record that they were told they may be eligible, or that they were not and why.

    What was counted that day is kept with it.  Raises Refused without a reason.
    """
    lock(case)
    found = review_of(case, about, by, at).eligibility
    enforce(
        review_rules.tell_review(by, stage=case.stage, may_be=found.may_be, told=told, words=words)
    )
    row = ReviewTold(
        case=case,
        about=about,
        may_be_eligible=found.may_be,
        counted=found.number,
        told=told,
        words=words.strip() or ("" if told else review_rules.too_few(found)),
        by_id=by.user_id,
        at=at,
    )
    keep(row)
    record(
        Verb.CASE_REVIEW_TOLD,
        by=by,
        at=at,
        subject=row,
        case=case.reference,
        changes={"may_be": found.may_be, "counted": found.number, "told": told},
    )
    outcome = (TOLD if told else NOT_SAFE) if found.may_be else NOT_YET
    kinds = [ClockKind.REPEAT_ASB_REVIEW]
    meet_clocks(by=by, at=at, case=case, kinds=kinds, about=about, outcome=outcome)
    return row
