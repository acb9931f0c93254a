"""A referral that went, one being written and a meeting, for tests that ask every address."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.access import Actor
from cases.calendar import london_date
from cases.casework.models import Case
from cases.disclosures.models import Blocked
from cases.disclosures.pack_operations import set_item
from cases.partners.models import Agency, AgencyContact
from cases.partners.operations import add_agency
from cases.partners.unit_operations import add_unit, verify_unit
from cases.referrals import meeting_operations as meetings
from cases.referrals import operations
from cases.referrals.models import Meeting, Referral
from cases.referrals.review_operations import tell_review

NAME = "A support service for tests"


def unit_of(by: Actor, at: datetime) -> AgencyContact:
    """A unit that was checked that day; the same one however often it is asked for."""
    known = AgencyContact.objects.filter(agency__name=NAME).select_related("agency").first()
    if known is not None:
        return known
    agency = add_agency(by=by, at=at, name=NAME, kind="VICTIM_SUPPORT")
    unit = add_unit(by=by, at=at, agency=agency, unit="The desk", phone="01632 960 777")
    return verify_unit(by=by, at=at, contact=unit, how="Rang them.", checked_on=london_date(at))


def refer(by: Actor, at: datetime, case: Case, *, went: bool) -> Referral:
    """A referral about nobody by name, so that nobody has to be asked first."""
    unit = unit_of(by, at)
    referral = operations.start_referral(
        by=by,
        at=at,
        case=case,
        about=None,
        agency=unit.agency,
        contact=unit,
        door="D7",
        purpose="Say who could help.",
    )
    if not went:
        return referral
    set_item(
        by=by, at=at, pack=referral.pack, field="FACTS", text="Somebody shouts.", why="To advise."
    )
    operations.queue_referral(
        by=by, at=at, referral=referral, reviewed=True, redactions_confirmed=True
    )
    result = operations.send_referral(by=by, at=at, referral=referral)
    assert not isinstance(result, Blocked), result.reasons
    return referral


def meet(by: Actor, at: datetime, case: Case) -> tuple[Meeting, int]:
    """A meeting with everything a meeting can hold, and its action."""
    agency: Agency = unit_of(by, at).agency
    meeting = meetings.add_meeting(
        by=by,
        at=at,
        case=case,
        forum="CASE_MEETING",
        held_on=london_date(at),
        name="Panel",
        terms="Its own",
        chaired_by="The council",
        notes="They agreed.",
    )
    meetings.add_attendee(by=by, at=at, meeting=meeting, who="Jo", agency=agency)
    meetings.hear_meeting(
        by=by, at=at, meeting=meeting, agency=agency, words="They know.", basis="An agreement"
    )
    action = meetings.add_action(
        by=by, at=at, meeting=meeting, what="Ring", due_on=london_date(at), agency=agency
    )
    return meeting, action.pk


def rows_of(by: Actor, at: datetime, case: Case) -> dict[str, int]:
    """The row that each address of referrals, meetings and the review names."""
    went, draft = refer(by, at, case, went=True), refer(by, at, case, went=False)
    meeting, action = meet(by, at, case)
    of_went = ("accept", "decline", "chase", "end")
    of_meeting = ("change", "who", "told", "heard", "action", "action-end")
    return {
        "workflow:referral": went.pk,
        **{f"workflow:referral-{page}": went.pk for page in of_went},
        "workflow:referral-stop": draft.pk,
        "workflow:meeting": meeting.pk,
        **{f"workflow:meeting-{page}": meeting.pk for page in of_meeting},
        "workflow:meeting-action-end child": action,
        "workflow:case-review-told": case.involvements.filter(part="VICTIM").earliest("pk").pk,
    }


def say_all(by: Actor, at: datetime, case: Case, rows: dict[str, int]) -> None:
    """Words in every column of them that holds somebody's words."""
    referral = Referral.objects.get(pk=rows["workflow:referral"])
    operations.chase_referral(
        by=by, at=at, referral=referral, how="Rang Jo", words="Not yet.", happened_at=at
    )
    later = at + timedelta(minutes=1)
    operations.decline_referral(
        by=by,
        at=later,
        referral=referral,
        answered_on=london_date(at),
        answered_by="Jo",
        why="They are full.",
    )
    stopped = Referral.objects.get(pk=rows["workflow:referral-stop"])
    operations.revoke_referral(by=by, at=later, referral=stopped, why="It is too late.")
    meeting = Meeting.objects.get(pk=rows["workflow:meeting"])
    action = meeting.actions.get(pk=rows["workflow:meeting-action-end child"])
    meetings.end_action(by=by, at=later, action=action, to="DONE", outcome="Rang.")
    victim = case.involvements.get(pk=rows["workflow:case-review-told"])
    tell_review(by=by, at=later, case=case, about=victim, told=True, words="She knows.")
