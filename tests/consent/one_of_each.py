"""Everything a conversation can hold, kept by the operations, for whoever needs one of each."""

from __future__ import annotations

from datetime import datetime

from cases.access import Actor
from cases.casework.models import Case
from cases.consent.operations import ask_permission
from cases.partners.models import Agency
from tests.consent.asking import ALL

PAGES = ("permission-of", "permission-another", "permission-ask", "permission-withdraw")


def keep_permission(by: Actor, at: datetime, case: Case, agency: Agency) -> dict[str, int]:
    """A yes about one agency and a best-interests decision about another; the part's id by page."""
    part = case.involvements.filter(part="VICTIM").first()
    assert part is not None
    facts = {"by": by, "at": at, "about": part, "how": "PHONE", "informed_by": "asking 1"}
    ask_permission(
        **facts,  # type: ignore[arg-type]
        agency=agency,
        purpose="to look into it",
        replies={"FACTS": "GIVEN", "HEALTH": "REFUSED"},
        words="Not my health.",
        conditions="Not the officer who came.",
        interpreter="Ms Rao",
        guardian="Ama Osei",
        guardian_basis="She is the mother.",
        childs_view="Not my school.",
        again="RAISED",
        again_words="She rang about it.",
    )
    support = Agency.objects.get(slug="victim-support")
    ask_permission(
        **facts,  # type: ignore[arg-type]
        agency=support,
        purpose="for help",
        replies=dict.fromkeys(ALL, "LACKS_CAPACITY"),
        decided_by="Dr Hale",
        best_interests="They are told nothing yet.",
    )
    return {f"workflow:{page}": part.pk for page in PAGES}
