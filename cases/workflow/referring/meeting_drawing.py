"""What the pages of meetings say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases import words
from cases.access import YES, Actor, Answer
from cases.audit.context import saw
from cases.calendar import london_date
from cases.casework.models import Case
from cases.referrals import queries, rules
from cases.referrals.choices import RECEIVE_ONLY, ActionState, Direction, Forum
from cases.referrals.models import Meeting, MeetingAction, Shared
from cases.workflow.case_words import address, capital, speaker
from cases.workflow.disclosing.choosing import pack_page

NOTHING_READ = (
    "Nothing waits here. Make a page for the agency and send it; when you record how it went, "
    "choose “Read at a meeting”. Then it is in this list."
)


@dataclass(frozen=True)
class Row:
    """A meeting in a list."""

    href: str
    what: str
    held: str
    actions: str
    late: bool


def to(meeting: Meeting, page: str = "", *args: object) -> str:
    """The address of a meeting, or of one of its forms."""
    name = f"workflow:meeting-{page}" if page else "workflow:meeting"
    return address(name, meeting.case.reference, meeting.pk, *args)


def may_tell(meeting: Meeting) -> Answer:
    """Whether anything of ours may be told at such a meeting."""
    if meeting.forum in RECEIVE_ONLY:
        return Answer(f"{Forum(meeting.forum).label}. Nothing of ours is told there.")
    return YES


def rows_of(case: Case, now: datetime) -> list[Row]:
    """Every meeting about a case."""
    found = queries.meetings_of(case)
    saw("referrals.meeting", *(each.pk for each in found), case=case.reference)
    today = london_date(now)
    rows = []
    for meeting in found:
        meeting.case = case
        actions = list(meeting.actions.all())
        late = sum(_late(action, today) for action in actions)
        still = sum(action.state == ActionState.OPEN for action in actions)
        rows.append(
            Row(
                href=to(meeting),
                what=meeting.name or meeting.get_forum_display(),
                held=capital(words.say_day(meeting.held_on, today)),
                actions=_count(len(actions), still, late),
                late=bool(late),
            )
        )
    return rows


def _count(number: int, still: int, late: int) -> str:
    if not number:
        return "None"
    said = f"{still} to do of {number}" if still else f"All {number} ended"
    return f"{said}, {late} late" if late else said


def _late(action: MeetingAction, today: date) -> bool:
    return action.state == ActionState.OPEN and rules.is_late(action.due_on, today)


def page_of(meeting: Meeting, actor: Actor, now: datetime) -> dict[str, Any]:
    """The whole page of a meeting.  No queries beyond the loader's."""
    today = london_date(now)
    may = rules.meet(actor, stage=meeting.case.stage)
    shared = list(meeting.shared.all())
    actions = [_action(each, actor, today) for each in meeting.actions.all()]
    return {
        "meeting": meeting,
        "facts": list(_facts(meeting, actor, now)),
        "attendees": list(meeting.attendees.all()),
        "told": [_shared(each, actor, now) for each in shared if each.direction == Direction.OUT],
        "heard": [_shared(each, actor, now) for each in shared if each.direction == Direction.IN],
        "actions": actions,
        "late": sum(each["late"] for each in actions),
        "may": may,
        "only_hears": may_tell(meeting).reason,
        "links": [
            {"text": text, "href": to(meeting, page)}
            for text, page in LINKS
            if page != "told" or may_tell(meeting)
        ]
        if may
        else [],
    }


LINKS = (
    ("Who was there", "who"),
    ("What we told them", "told"),
    ("What they told us", "heard"),
    ("An action that was agreed", "action"),
    ("Correct the record", "change"),
)


def _facts(meeting: Meeting, actor: Actor, now: datetime) -> Iterator[dict[str, str]]:
    yield {"key": "Held", "value": capital(words.say_day(meeting.held_on, london_date(now)))}
    if meeting.name:
        yield {"key": "Called", "value": meeting.name}
    yield {"key": "Terms", "value": meeting.terms or "None written down"}
    if meeting.chaired_by:
        yield {"key": "Chaired by", "value": meeting.chaired_by}
    yield {"key": "Action together", "value": "Yes" if meeting.joint_action else "No"}
    if meeting.notes:
        yield {"key": "Agreed or decided", "value": meeting.notes}
    by = speaker(actor, meeting.made_by_id, meeting.made_by.full_name)
    at = words.say_moment(meeting.made_at, now)
    yield {"key": "Recorded", "value": capital(f"{at}, by {by}")}


def _shared(row: Shared, actor: Actor, now: datetime) -> dict[str, str]:
    """What was told: ours is a page with its door, theirs their words and the ground."""
    by = speaker(actor, row.by_id, row.by.full_name)
    said = {
        "agency": row.agency.name,
        "words": row.words,
        "basis": row.basis,
        "by": f"Written down {words.say_moment(row.at, now)} by {by}.",
        "href": "",
        "title": "",
    }
    if row.send is not None:
        row.send.pack.case = row.meeting.case
        said["title"] = row.send.pack.title
        said["href"] = pack_page(row.send.pack)
        said["basis"] = row.send.get_door_display()
    return said


def _action(action: MeetingAction, actor: Actor, today: date) -> dict[str, Any]:
    owner = action.agency.name if action.agency else ""
    if action.owner:
        owner = speaker(actor, action.owner_id, action.owner.full_name)
    late = _late(action, today)
    due = words.say_day(action.due_on, today)
    days = (today - action.due_on).days
    return {
        "what": action.what,
        "owner": capital(owner),
        "due": f"Late by {days} day{'' if days == 1 else 's'}: {due}" if late else capital(due),
        "late": late,
        "state": action.get_state_display(),
        "open": action.state == ActionState.OPEN,
        "outcome": action.outcome,
        "pk": action.pk,
    }
