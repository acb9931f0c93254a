"""Meetings of several agencies: who was there, what was told, who promised what (HC-11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cases import calendar
from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case
from cases.casework.operations import meet_clocks
from cases.disclosures.choices import Channel
from cases.disclosures.models import Send
from cases.partners.models import Agency
from cases.referrals import rules
from cases.referrals.choices import ActionState, Direction
from cases.referrals.models import Attendee, Meeting, MeetingAction, Shared
from cases.rows import keep
from cases.staff.models import User

MET = "Met"


@operation
def add_meeting(
    *, by: Actor, at: datetime, case: Case, forum: str, held_on: date, **facts: Any
) -> Meeting:
    """Record a meeting that was held, which keeps the promise that the agencies meet.

    ``facts``: name, terms, chaired_by, joint_action, notes.
    """
    lock(case)
    today = calendar.london_date(at)
    enforce(rules.meet(by, stage=case.stage, held_on=held_on, today=today))
    meeting = Meeting(
        case=case, forum=forum, held_on=held_on, made_by_id=by.user_id, made_at=at, **facts
    )
    keep(meeting)
    _say(Verb.MEETING_ADDED, by, at, meeting, meeting, forum=forum, held_on=held_on.isoformat())
    _keep_promise(by, at, meeting, today)
    return meeting


def _keep_promise(by: Actor, at: datetime, meeting: Meeting, today: date) -> None:
    """The clock that asked for it is met, on the day it was held, by the end of that day."""
    case, kinds = meeting.case, [ClockKind.AGENCIES_MEET]
    clock = case.clocks.filter(kind=ClockKind.AGENCIES_MEET, met_at__isnull=True).first()
    if clock is None or meeting.held_on < calendar.london_date(clock.started_at):
        return
    met_at = at
    if meeting.held_on < today:
        held = datetime.combine(meeting.held_on, calendar.CLOSES, calendar.LONDON)
        met_at = max(min(held, at), clock.started_at)
    meet_clocks(by=by, at=at, case=case, kinds=kinds, met_at=met_at, outcome=MET)


@operation
def change_meeting(
    *, by: Actor, at: datetime, meeting: Meeting, forum: str, held_on: date, **facts: Any
) -> Meeting:
    """Correct the record of a meeting; what stood before stays in the history.

    Raises Refused if the forum would become one where nothing of ours is told, and something
    was.
    """
    meeting = _locked(meeting)
    today = calendar.london_date(at)
    enforce(rules.meet(by, stage=meeting.case.stage, held_on=held_on, today=today))
    told = meeting.shared.filter(direction=Direction.OUT).exists()
    enforce(rules.change_forum(forum, told=told))
    for name, value in {"forum": forum, "held_on": held_on, **facts}.items():
        setattr(meeting, name, value)
    keep(meeting)
    _say(Verb.MEETING_CHANGED, by, at, meeting, meeting, forum=forum, held_on=held_on.isoformat())
    return meeting


def _locked(meeting: Meeting) -> Meeting:
    lock(meeting.case)
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("case").get(pk=meeting.pk)


@operation
def add_attendee(
    *, by: Actor, at: datetime, meeting: Meeting, who: str, agency: Agency | None
) -> Attendee:
    """Somebody who was there, for an agency or as one of us.  Raises ValidationError twice."""
    meeting = _locked(meeting)
    enforce(rules.meet(by, stage=meeting.case.stage))
    row = Attendee(meeting=meeting, agency=agency, who=who.strip(), by_id=by.user_id, at=at)
    keep(row)
    _say(Verb.MEETING_ATTENDED, by, at, meeting, row, agency=agency.pk if agency else None)
    return row


@operation
def tell_meeting(*, by: Actor, at: datetime, meeting: Meeting, send: Send) -> Shared:
    """Record that a page which left through the gate was what we told this meeting."""
    meeting = _locked(meeting)
    enforce(rules.meet(by, stage=meeting.case.stage))
    known = Shared.objects.filter(send=send).first()
    if known is not None and known.meeting_id == meeting.pk:
        unchanged()
        return known
    last = send.outcomes.last()
    enforce(
        rules.tell_meeting(
            meeting.forum,
            same_case=send.case_id == meeting.case_id,
            at_meeting=last is not None and last.channel == Channel.MEETING,
            there=meeting.attendees.filter(agency=send.agency_id).exists(),
            already=known is not None,
        )
    )
    row = Shared(
        meeting=meeting,
        direction=Direction.OUT,
        agency_id=send.agency_id,
        send=send,
        by_id=by.user_id,
        at=at,
    )
    keep(row)
    _say(Verb.MEETING_SHARED, by, at, meeting, row, direction="OUT", send=send.pk)
    return row


@operation
def hear_meeting(
    *, by: Actor, at: datetime, meeting: Meeting, agency: Agency, words: str, basis: str
) -> Shared:
    """What an agency told us there, and on what ground."""
    meeting = _locked(meeting)
    enforce(rules.meet(by, stage=meeting.case.stage))
    enforce(rules.hear_meeting(words=words, basis=basis))
    row = Shared(
        meeting=meeting,
        direction=Direction.IN,
        agency=agency,
        words=words.strip(),
        basis=basis.strip(),
        by_id=by.user_id,
        at=at,
    )
    keep(row)
    _say(Verb.MEETING_SHARED, by, at, meeting, row, direction="IN", agency=agency.pk)
    return row


@operation
def add_action(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    what: str,
    due_on: date,
    owner: User | None = None,
    agency: Agency | None = None,
) -> MeetingAction:
    """What somebody promised there: one owner, a colleague or an agency, and a day."""
    meeting = _locked(meeting)
    enforce(rules.meet(by, stage=meeting.case.stage))
    enforce(rules.due_after(due_on, meeting.held_on))
    row = MeetingAction(
        meeting=meeting, what=what.strip(), owner=owner, agency=agency, due_on=due_on
    )
    keep(row)
    _say(
        Verb.MEETING_ACTION,
        by,
        at,
        meeting,
        row,
        owner=owner.pk if owner else None,
        agency=agency.pk if agency else None,
        due_on=due_on.isoformat(),
    )
    return row


@operation
def end_action(
    *, by: Actor, at: datetime, action: MeetingAction, to: str, outcome: str
) -> MeetingAction:
    """It was done, or it was not, and how."""
    meeting = _locked(action.meeting)
    enforce(rules.meet(by, stage=meeting.case.stage))
    rows = MeetingAction.objects.select_for_update(of=("self",), no_key=True)
    action = rows.get(pk=action.pk)
    if action.state == to and action.outcome == outcome.strip():
        unchanged()
        return action
    enforce(rules.end_action(state=action.state, to=to, outcome=outcome))
    action.state, action.ended_at, action.outcome = ActionState(to), at, outcome.strip()
    keep(action)
    _say(Verb.MEETING_ACTION_ENDED, by, at, meeting, action, to=to)
    return action


def _say(
    verb: Verb, by: Actor, at: datetime, meeting: Meeting, subject: Any, **changes: object
) -> None:
    record(
        verb,
        by=by,
        at=at,
        subject=subject,
        case=meeting.case.reference,
        changes={"meeting": meeting.pk, **changes},
    )
