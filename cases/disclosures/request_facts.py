"""A request and its page, read as the facts that the rules judge."""

from __future__ import annotations

from datetime import datetime

from cases.access import YES, Answer
from cases.calendar import london_date
from cases.casework.choices import RiskLevel
from cases.casework.models import Case
from cases.disclosures.choices import Door, PackState, Verdict
from cases.disclosures.models import Pack, Request
from cases.disclosures.request_rules import Missing, RequestFacts, missing, unit_answer
from cases.partners.choices import AgencyKind
from cases.partners.queries import unit_checked
from cases.risk.hearing import hear, previous_of

_SAME = (
    *("harm_what", "harm_to", "harm_likely", "harm_soon", "not_high_why"),
    *("why_none", "why_none_words", "asked_on", "efforts", "why_police", "why_now"),
    *("alternatives", "legal_basis", "third_party_why", "traced", "traced_words"),
    *("told", "told_words", "if_sent", "if_declined", "new_facts"),
)


def facts_of(request: Request, at: datetime, *, reviewed: bool = False) -> RequestFacts:
    """What the rules need of a request at that moment.

    ``reviewed``: its page is being made now, looked at by whoever asks.
    """
    pack = request.pack
    fields = pack.items.filter(taken_out=False).values_list("field", flat=True)
    return RequestFacts(
        **{name: getattr(request, name) for name in _SAME},
        high=request.case.risk == RiskLevel.HIGH,
        fields=list(fields),
        unit=unit_of(pack, at),
        reviewed=reviewed or pack.state == PackState.READY,
        declined=request.previous is not None
        and request.previous.decision.verdict == Verdict.DECLINE,
    )


def lacking(request: Request, at: datetime, *, reviewed: bool = False) -> list[Missing]:
    """What the request still has not, item by item, in the order of its pages."""
    return missing(facts_of(request, at, reviewed=reviewed), today=london_date(at))


def unit_of(pack: Pack, at: datetime) -> Answer:
    """Whether the pack names one unit of the police whose details were checked in time."""
    contact = pack.contact
    if pack.door != Door.DIRECTOR:
        return Answer("The page was given another way to go. Begin a new request.")
    return unit_answer(
        named=contact is not None,
        police=pack.agency.kind == AgencyKind.POLICE,
        checked=unit_checked(contact, at) if contact else YES,
    )


def red_flags_of(case: Case, at: datetime) -> list[str]:
    """The red flags of the newest assessment of everybody on the case, each once."""
    found: list[str] = []
    for part in case.involvements.filter(ended_at__isnull=True):
        if (newest := previous_of(part)) is not None:
            found += hear(newest, at).weighed().flags
    return list(dict.fromkeys(found))
