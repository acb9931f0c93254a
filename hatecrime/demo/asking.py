"""Requests to tell the police without permission, as the Director's desk has them (S14).

Tess's waits, one was approved, sent and told of, one was declined; 999 was rung once.  Each is on
a case of High risk as the demo left it, and made by the operations.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.access import Actor
from cases.calendar import london_date
from cases.casework.choices import OPEN_STAGES, Part, RiskLevel
from cases.casework.models import Case, Involvement
from cases.consent import asking
from cases.consent.operations import ask_permission
from cases.disclosures import after_operations, deciding, emergency_operations, gate
from cases.disclosures import request_operations as requests
from cases.disclosures.models import Request, Send
from cases.disclosures.pack_operations import set_item
from cases.partners.models import AgencyContact
from hatecrime.demo.desk import Desk

DIRECTOR = "Ruth Calloway"
LEAST = (
    ("FACTS", "Threats to kill, in person, twice in two weeks.", "They cannot act without it."),
    ("PLACE", "The block where it happened, and outside it.", "To know where to look."),
    ("RISK", "High. Threat to kill.", "To know how soon."),
    ("SAFE", "Do not visit. Do not ring. Speak to Amplius first.", "A visit would point to them."),
)
NO_POLICE = "Please don’t. If the police knock he will know it was me."
YES = "The threats are plain, he is back within days, and nothing else we can do would stop him."
NO = "The harm is feared and not yet likely; the locks are in, and there is time to ask again."


def ask_the_director(desk: Desk) -> None:
    """Three cases that are asked about, each with its own ending, and one where 999 was rung."""
    unit = AgencyContact.objects.select_related("agency").get(
        agency__name="Northshire Police", unit="Public Protection Unit"
    )
    for key, act in (("tess", _waits), ("carla", _sent), ("daniel", _declined)):
        if case := _newest(desk, key, risk=RiskLevel.HIGH):
            act(desk, case, unit)
    if case := _newest(desk, "sian"):
        _rung(desk, case)


def _newest(desk: Desk, key: str, **facts: object) -> Case | None:
    """Their newest case, if it is open and somebody leads it."""
    rows = Case.objects.filter(
        victim=desk.people[key],
        stage__in=OPEN_STAGES,
        lead__isnull=False,
        involvements__part=Part.VICTIM,
        involvements__person=desk.people[key],
        **facts,
    )
    return rows.select_related("lead").order_by("-received_at", "pk").first()


def _victim(case: Case) -> Involvement:
    rows = case.involvements.filter(part=Part.VICTIM, person__isnull=False)
    return rows.select_related("person").order_by("pk")[0]


def _lead(case: Case, at: datetime) -> Actor:
    assert case.lead is not None
    return case.lead.actor(at)


def _ask(desk: Desk, case: Case, unit: AgencyContact, asked_at: datetime) -> Request:
    """The whole request, written in an hour, and asked at that moment."""
    begun = asked_at - timedelta(hours=1)
    by, about = _lead(case, begun), _victim(case)
    for earlier in (timedelta(days=1), timedelta(minutes=20)):
        _refused(desk, about, unit, by, begun - earlier)
    request = desk.do(requests.start_request, by=by, at=begun, case=case, about=about, contact=unit)
    desk.do(
        requests.change_request,
        by=by,
        at=begun + timedelta(minutes=30),
        request=request,
        **_facts(case, about.who.call_them if about.who else "them", begun),
    )
    for field, text, why in LEAST:
        at = begun + timedelta(minutes=40)
        desk.do(set_item, by=by, at=at, pack=request.pack, field=field, text=text, why=why)
    return desk.do(
        requests.ask_director,
        by=by,
        at=asked_at,
        request=request,
        reviewed=True,
        redactions_confirmed=True,
    )


def _refused(desk: Desk, about: Involvement, unit: AgencyContact, by: Actor, at: datetime) -> None:
    """They were asked again, as their risk is looked at again, and said no again."""
    desk.do(
        ask_permission,
        by=by,
        at=at,
        about=about,
        agency=unit.agency,
        purpose="to keep you safe from him",
        replies={"FACTS": "REFUSED", "IDENTITY": "REFUSED"},
        how="PHONE",
        informed_by=asking.VERSION,
        words=NO_POLICE,
        again="REVIEW",
    )


def _facts(case: Case, name: str, at: datetime) -> dict[str, object]:
    today = london_date(at)
    before = today - timedelta(days=2)
    last = f"{before.day} {before:%B}"
    return {
        "harm_what": f"An attack at home, as the respondent has said twice. ({name}, {last})",
        "harm_to": f"{name}. (Nobody else named)",
        "harm_likely": "Likely. He waited outside twice this week. (A third party, yesterday) "
        "History of violence. (Our records)",
        "harm_soon": "From the weekend, when he is back from work. (A third party, yesterday)",
        "why_none": "REFUSED",
        "asked_on": [london_date(case.received_at), today - timedelta(days=1), today],
        "efforts": "Benefits explained each time.\n"
        "Offered to speak together with a specialist service.\nOffered a move tonight.",
        "their_words": NO_POLICE,
        "why_police": "Only they can act on the threats, and warn or arrest him before he comes.",
        "why_now": "He is away until the weekend: they can act before that, and not after it.",
        "alternatives": "Locks and letterbox guard fitted.\n"
        "A warning letter was not sent: it would point straight to them.",
        "legal_basis": "CRIME",
        "traced": "MAYBE",
        "traced_words": "Two other people also heard him.",
        "told": "BEFORE",
        "told_words": "The lead officer rings at 7pm, in the way that is safe.",
        "if_sent": "Safety is looked at again tomorrow. The plan is agreed again.",
        "if_declined": "The safety plan stands. Permission is asked for again on Saturday.",
    }


def _waits(desk: Desk, case: Case, unit: AgencyContact) -> None:
    _ask(desk, case, unit, desk.end - timedelta(minutes=48))


def _decide(desk: Desk, request: Request, at: datetime, verdict: str, reason: str) -> None:
    assert request.file is not None
    desk.do(
        deciding.decide,
        by=desk.actor(DIRECTOR, at),
        at=at,
        request=request,
        verdict=verdict,
        reason=reason,
        seal=request.file.seal,
    )


def _declined(desk: Desk, case: Case, unit: AgencyContact) -> None:
    at = desk.day(1, 11, 20)
    request = _ask(desk, case, unit, at)
    _decide(desk, request, at + timedelta(minutes=95), "DECLINE", NO)


def _sent(desk: Desk, case: Case, unit: AgencyContact) -> None:
    at = desk.day(2, 14, 10)
    request = _ask(desk, case, unit, at)
    _decide(desk, request, at + timedelta(minutes=50), "APPROVE", YES)
    went = at + timedelta(minutes=75)
    by = _lead(case, went)
    sent = desk.do(gate.send_pack, by=by, at=went, pack=request.pack)
    assert isinstance(sent, Send)
    desk.do(
        gate.record_outcome,
        by=by,
        at=went + timedelta(minutes=10),
        send=sent,
        channel="SECURE_MAIL",
        to_whom="The duty sergeant",
        their_reference="NP/26/4417",
        words="Read within the hour.",
        went_at=went + timedelta(minutes=5),
    )
    desk.do(
        after_operations.record_afterwards,
        by=by,
        at=went + timedelta(hours=1),
        about=sent,
        kind="TOLD",
        happened_at=went + timedelta(minutes=50),
        words="Rang at 7pm in the way that is safe. They know, and were not angry.",
    )


def _rung(desk: Desk, case: Case) -> None:
    rung = desk.end - timedelta(hours=5)
    at = rung + timedelta(minutes=25)
    by = _lead(case, at)
    desk.do(
        emergency_operations.record_emergency,
        by=by,
        at=at,
        case=case,
        affected=_victim(case),
        rung_at=rung,
        rung_by=by.name,
        why="Her brother stood in the door with a knife and would not let her out.",
        said="The name, the address, that he held a knife and which room she was in.",
        log_number="NP-0412",
    )
