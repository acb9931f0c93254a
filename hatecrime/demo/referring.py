"""Referrals in each state and a meeting, on cases as the demo left them, by the operations."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.access import Actor
from cases.calendar import london_date
from cases.casework.choices import Part, Stage
from cases.casework.models import Case, Involvement
from cases.consent import asking
from cases.consent.operations import ask_permission, withdraw_permission
from cases.disclosures.pack_operations import set_item
from cases.partners.models import Agency, AgencyContact
from cases.referrals import meeting_operations as meetings
from cases.referrals import operations
from cases.referrals.models import Meeting, Referral
from hatecrime.demo.desk import Desk

STAGES = (Stage.ASSESS, Stage.PLAN, Stage.INVESTIGATE, Stage.MONITOR)
DAYS = 16
"""How many days before the end the first of them is asked about."""
ENDINGS = ("writing", "queued", "late", "accepted", "declined", "ended", "stopped")
FACTS = "Somebody near the home says hurtful things and has damaged what is theirs."
NEED = "Offer a support worker who has done this before."


def refer_some(desk: Desk) -> None:
    """One referral for each state there is, each on a case of its own; a meeting on the first."""
    unit = AgencyContact.objects.filter(agency__name=_TO).select_related("agency").get()
    cases = _cases(desk, len(ENDINGS))
    for number, (case, ending) in enumerate(zip(cases, ENDINGS, strict=False)):
        _refer(desk, case, unit, ending, desk.end - timedelta(days=DAYS, minutes=-7 * number))
    if cases:
        _meet(desk, cases[0])


_TO = "Wellby Borough Council: community safety"


def _cases(desk: Desk, count: int) -> list[Case]:
    """The newest open cases that somebody leads, of somebody known, old enough to refer."""
    long_ago = desk.end - timedelta(days=DAYS + 4)
    rows = Case.objects.filter(
        stage__in=STAGES,
        lead__isnull=False,
        restricted=False,
        opened_at__lt=long_ago,
        involvements__part=Part.VICTIM,
        involvements__person__isnull=False,
    )
    return list(rows.select_related("lead").distinct().order_by("-received_at", "pk")[:count])


def _refer(desk: Desk, case: Case, unit: AgencyContact, ending: str, asked: datetime) -> None:
    assert case.lead is not None
    by = case.lead.actor(asked)
    victim = case.involvements.filter(part=Part.VICTIM, person__isnull=False).first()
    assert victim is not None
    assert victim.who is not None
    desk.do(
        ask_permission,
        by=by,
        at=asked,
        about=victim,
        agency=unit.agency,
        purpose=asking.purpose(unit.agency.kind, unit.agency.service, victim.who.call_them),
        replies={"FACTS": "GIVEN", "IDENTITY": "GIVEN"},
        how="PHONE",
        informed_by=asking.VERSION,
        words="Yes, tell them that. Not where I work.",
    )
    referral = _begin(desk, by, asked + timedelta(minutes=20), case, victim, unit)
    if ending == "writing":
        return
    at = asked + timedelta(minutes=50)
    desk.do(
        operations.queue_referral,
        by=by,
        at=at,
        referral=referral,
        reviewed=True,
        redactions_confirmed=True,
    )
    if ending == "stopped":
        _withdraw(desk, by, asked + timedelta(hours=2), victim, unit.agency)
    elif ending != "queued":
        desk.do(operations.send_referral, by=by, at=at + timedelta(minutes=5), referral=referral)
        _afterwards(desk, by, asked, referral, ending)


def _begin(
    desk: Desk, by: Actor, at: datetime, case: Case, victim: Involvement, unit: AgencyContact
) -> Referral:
    referral = desk.do(
        operations.start_referral,
        by=by,
        at=at,
        case=case,
        about=victim,
        agency=unit.agency,
        contact=unit,
        door="D1",
        purpose=NEED,
    )
    named = {"FACTS": (None, FACTS), "IDENTITY": (victim, victim.name)}
    for field, (whose, text) in named.items():
        desk.do(
            set_item,
            by=by,
            at=at + timedelta(minutes=5),
            pack=referral.pack,
            field=field,
            whose=whose,
            text=text,
            why="So that they can help.",
        )
    return referral


def _withdraw(desk: Desk, by: Actor, at: datetime, victim: Involvement, agency: Agency) -> None:
    desk.do(
        withdraw_permission,
        by=by,
        at=at,
        about=victim,
        agency=agency,
        scopes=["IDENTITY"],
        how="PHONE",
        words="I have thought again. Leave my name out of it.",
    )


def _afterwards(desk: Desk, by: Actor, asked: datetime, referral: Referral, ending: str) -> None:
    """How it went, and what they said."""
    desk.do(
        operations.record_sent,
        by=by,
        at=asked + timedelta(hours=2),
        referral=referral,
        channel="SECURE_MAIL",
        to_whom="The duty mailbox",
        their_reference="",
        words="",
        went_at=asked + timedelta(hours=1, minutes=30),
    )
    if ending == "late":
        at = asked + timedelta(days=8)
        desk.do(
            operations.chase_referral,
            by=by,
            at=at,
            referral=referral,
            how="Rang the duty desk",
            words="It is with somebody who is away until Monday.",
            happened_at=at,
            next_on=london_date(at) + timedelta(days=5),
        )
        return
    at = asked + timedelta(days=3)
    answer = {"answered_on": london_date(at), "answered_by": "The duty officer"}
    if ending == "declined":
        why = "They have nobody who works there at the moment."
        desk.do(operations.decline_referral, by=by, at=at, referral=referral, why=why, **answer)
        return
    desk.do(operations.accept_referral, by=by, at=at, referral=referral, **answer)
    if ending == "ended":
        later = asked + timedelta(days=12)
        why = "The lights are in and the visits are over."
        desk.do(operations.end_referral, by=by, at=later, referral=referral, why=why)


def _meet(desk: Desk, case: Case) -> None:
    """A meeting about one case, with an action that is late."""
    at = desk.end - timedelta(days=6)
    assert case.lead is not None
    by, council = case.lead.actor(at), Agency.objects.get(name=_TO)
    meeting = desk.do(
        meetings.add_meeting,
        by=by,
        at=at,
        case=case,
        forum="HATE_PANEL",
        held_on=london_date(at),
        name="Wellby hate crime panel",
        terms="Terms of reference of March 2026",
        chaired_by="The community safety manager",
        joint_action=True,
        notes="Lights first, then a joint visit to the block.",
    )
    for who, agency in (("The community safety manager", council), (case.lead.full_name, None)):
        desk.do(meetings.add_attendee, by=by, at=at, meeting=meeting, who=who, agency=agency)
    desk.do(
        meetings.hear_meeting,
        by=by,
        at=at,
        meeting=meeting,
        agency=council,
        words="They have had two other reports from the same block this autumn.",
        basis="The sharing agreement about community safety",
    )
    _agree(desk, by, at, meeting, council)


def _agree(desk: Desk, by: Actor, at: datetime, meeting: Meeting, council: Agency) -> None:
    """What was agreed: one thing for the council, late by now, and one for the lead officer."""
    for what, days, owner, agency in (
        ("Put lights by the bin store", 4, None, council),
        ("Visit the block together", 20, meeting.case.lead, None),
    ):
        desk.do(
            meetings.add_action,
            by=by,
            at=at,
            meeting=meeting,
            what=what,
            due_on=london_date(at) + timedelta(days=days),
            owner=owner,
            agency=agency,
        )
