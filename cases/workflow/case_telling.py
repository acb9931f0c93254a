"""What other people are told about a case: where that is done, and what waits for somebody here."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from cases import words
from cases.casework.clocks import ClockKind
from cases.disclosures.choices import RequestState
from cases.disclosures.models import Message, Request
from cases.workflow.case_read import Read
from cases.workflow.case_words import address

ALIVE = (RequestState.WAITING, RequestState.APPROVED, RequestState.REDUCED)
PAGES = (
    ("Permission: who may be told what", "permission"),
    ("Told to others", "sent"),
    ("Referrals", "case-referrals"),
    ("Meetings with other agencies", "case-meetings"),
    ("The police, without permission; 999", "police"),
    ("ASB case review", "case-review"),
)


def telling_links(found: Read) -> list[dict[str, str]]:
    """The pages about what is told to others, in the order in which they are needed."""
    here = found.case.reference
    return [{"text": text, "href": address(f"workflow:{name}", here)} for text, name in PAGES]


def asked_police(found: Read) -> list[dict[str, str]]:
    """Each request to the Director that somebody here has to go on with.

    One query, and none for a case whose clocks say that the Director was never asked.
    """
    if not any(clock.kind == ClockKind.POLICE_APPROVAL for clock in found.clocks):
        return []
    questions = Message.objects.filter(
        request=OuterRef("pk"), answers__isnull=True, answer__isnull=True
    )
    rows = Request.objects.filter(case=found.case, state__in=ALIVE).order_by("pk")
    lines = []
    for row in rows.annotate(has_question=Exists(questions)):
        said = _stands(row, found)
        if said:
            href = address("workflow:police-request", found.case.reference, row.pk)
            lines.append({"words": said[0], "text": said[1], "href": href})
    return lines


def _stands(row: Request, found: Read) -> tuple[str, str] | None:
    if row.state == RequestState.WAITING:
        asked = bool(getattr(row, "has_question", False))
        said = "The Director asked a question about telling the police. The clock keeps running."
        return (said, "Answer it") if asked else None
    until = words.say_moment(row.valid_until, found.now) if row.valid_until else ""
    return (f"The Director approved telling the police. It may go once, until {until}.", "Send it")
