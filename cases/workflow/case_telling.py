"""What other people are told about a case: where that is done, and what waits for somebody here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from cases import words
from cases.access import Grant
from cases.casework.clocks import ClockKind
from cases.disclosures.choices import Capacity, PhoneState, RequestState
from cases.disclosures.models import Message, PhoneApproval, Request
from cases.workflow.case_read import Read
from cases.workflow.case_words import address

APPROVED = (RequestState.APPROVED, RequestState.REDUCED)
ENDED = (RequestState.DECLINED, RequestState.LAPSED, RequestState.VOID)
NEWS = timedelta(days=7)
"""How long what ended a request stands at the top of the case, unless another is begun."""

QUESTION = "The Director asked a question about telling the police. The clock keeps running."
CHANGED = "The page for the police was changed, so"
SEE = "See the request"
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


def asked_police(found: Read) -> list[dict[str, Any]]:
    """What somebody here has to go on with, or to know, of the requests to the Director.

    Each line: words, text and href of its link, and ``calm`` where no time runs.  One query, and
    none for a case whose clocks say that the Director was never asked.
    """
    if not any(clock.kind == ClockKind.POLICE_APPROVAL for clock in found.clocks):
        return []
    questions = Message.objects.filter(
        request=OuterRef("pk"), answers__isnull=True, answer__isnull=True
    )
    later = Request.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
    rows = (
        Request.objects.filter(case=found.case, state__in=(RequestState.WAITING, *APPROVED, *ENDED))
        .annotate(has_question=Exists(questions), has_later=Exists(later))
        .select_related("decision__decided_by", "phone__director")
        .order_by("pk")
    )
    return [
        {
            "words": said,
            "text": text if found.actor.may(Grant.WORK_CASES) else SEE,
            "href": address("workflow:police-request", found.case.reference, row.pk),
            "calm": row.state in ENDED,
        }
        for row in rows
        for said, text in _stands(row, found.now)
    ]


def _stands(row: Any, now: datetime) -> Iterator[tuple[str, str]]:
    """Each thing to say of a request, and the words of its link."""
    if row.state == RequestState.WAITING:
        if row.has_question:
            yield QUESTION, "Answer it"
        yield from _phoned(getattr(row, "phone", None), now)
    elif row.state in APPROVED:
        until = words.say_moment(row.valid_until, now) if row.valid_until else ""
        yield f"{_who(row)} approved telling the police. It may go once, until {until}.", "Send it"
    elif not row.has_later and row.ended_at and now - row.ended_at <= NEWS:
        yield _ended(row, words.say_moment(row.ended_at, now))


def _phoned(phone: PhoneApproval | None, now: datetime) -> Iterator[tuple[str, str]]:
    """The Director's word on the phone, while it may be used; and that it was denied."""
    if phone is None:
        return
    name = phone.director.full_name
    if phone.state == PhoneState.REPUDIATED:
        yield (
            f"{name} says that it was not said on the phone. "
            "Nothing may go on it: the request waits for a decision.",
            SEE,
        )
    elif now <= phone.valid_until:
        until = words.say_moment(phone.valid_until, now)
        said = f"{name} approved telling the police by phone. It may go once, until {until}."
        yield said, "Send it"


def _ended(row: Any, when: str) -> tuple[str, str]:
    if row.state == RequestState.DECLINED:
        said = f"{_who(row)} declined telling the police, {when}. Nothing is sent."
        return said, "Read why"
    if row.state == RequestState.LAPSED:
        return f"The approval to tell the police ran out {when}, and nothing was sent.", SEE
    if getattr(row, "decision", None) is None:
        return f"{CHANGED} the Director has to be asked again. Nothing went.", SEE
    return f"{CHANGED} the approval no longer stands. Nothing went.", SEE


def _who(row: Any) -> str:
    """Who decided: the Director, or by name and as what."""
    said = getattr(row, "decision", None)
    if said is None or said.capacity == Capacity.DIRECTOR:
        return "The Director"
    return f"{said.decided_by.full_name}, {Capacity(said.capacity).label},"
