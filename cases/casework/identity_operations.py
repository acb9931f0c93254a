"""What leaves the usual page: who is who for a masked reader (domain 11), and paper (7.1)."""

from __future__ import annotations

from datetime import datetime

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb
from cases.casework import rules
from cases.casework.models import Case


@operation
def open_identities(*, by: Actor, at: datetime, case: Case, purpose: str) -> None:
    """Write down that an auditor opens who is who, and what for, before anything is shown.

    Raises Refused without a purpose, or for anybody whose pages are not masked.
    """
    enforce(rules.open_identities(by, purpose=purpose))
    record(
        Verb.IDENTITIES_OPENED,
        by=by,
        at=at,
        subject=case,
        case=case.reference,
        reason=purpose.strip(),
    )


@operation
def print_case(*, by: Actor, at: datetime, case: Case) -> None:
    """Write down that somebody prints a page of the case, which carries who and when."""
    record(Verb.CASE_PRINTED, by=by, at=at, subject=case, case=case.reference)
