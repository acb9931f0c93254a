"""An extract of who looked at a case, for somebody in it who asks."""

from __future__ import annotations

from datetime import datetime

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb
from cases.casework.choices import Part
from cases.casework.models import Involvement
from cases.workflow import looks_rules


@operation
def make_extract(
    *,
    by: Actor,
    at: datetime,
    about: Involvement,
    purpose: str,
    names: bool = False,
    why_names: str = "",
) -> None:
    """Write down for whom and what for an extract is made, before any of it is shown.

    ``names`` is whether it names colleagues, which is then decided with a reason.  Raises Refused
    without a purpose, for a respondent, and for anybody but the data protection officer.
    """
    enforce(
        looks_rules.extract(
            by,
            respondent=about.part == Part.RESPONDENT,
            purpose=purpose,
            names=names,
            why_names=why_names,
        )
    )
    said = [purpose.strip(), f"Colleagues are named: {why_names.strip()}" if names else ""]
    record(
        Verb.LOOKS_EXTRACTED,
        by=by,
        at=at,
        subject=about,
        case=about.case.reference,
        changes={"names": names},
        reason=" ".join(filter(None, said)),
    )
