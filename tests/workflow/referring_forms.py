"""Every form of a referral, a meeting and a case review as a row: where, what, what it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cases.audit.verbs import Verb
from cases.referrals import meeting_operations as meetings
from cases.referrals.models import Meeting, MeetingAction
from tests.referrals.making import Referring


def meeting_of(refer: Referring) -> Meeting:
    return meetings.add_meeting(
        by=refer.story.lead,
        at=refer.at(hours=5),
        case=refer.story.case,
        forum="HATE_PANEL",
        held_on=refer.at().date(),
        name="Wellby panel",
    )


def action_of(refer: Referring, meeting: Meeting) -> MeetingAction:
    return meetings.add_action(
        by=refer.story.lead,
        at=refer.at(hours=5),
        meeting=meeting,
        what="Light the bin store.",
        due_on=refer.at().date(),
        owner=refer.story.officer,
    )


def day_of(name: str, day: str = "20") -> dict[str, str]:
    return {f"{name}_day": day, f"{name}_month": "11", f"{name}_year": "2026"}


@dataclass(frozen=True)
class Row:
    """A form: its address (and what must be there first), a good answer, what it leaves."""

    name: str
    page: Callable[[Referring], str]
    answer: Callable[[Referring], dict[str, Any]]
    verb: Verb
    needed: str

    def __str__(self) -> str:
        return self.name


def of_sent(rest: str) -> Callable[[Referring], str]:
    return lambda refer: f"referrals/{refer.sent().pk}/{rest}/"


def of_meeting(rest: str) -> Callable[[Referring], str]:
    return lambda refer: f"meetings/{meeting_of(refer).pk}/{rest}/"


def _new(refer: Referring) -> str:
    about, agency = refer.story.victim.pk, refer.agency("VICTIM_SUPPORT").pk
    return f"referrals/new/?about={about}&agency={agency}"


def _action(refer: Referring) -> str:
    meeting = meeting_of(refer)
    return f"meetings/{meeting.pk}/actions/{action_of(refer, meeting).pk}/"


MEETING = {"forum": "MARAC", "notes": "They will visit.", **day_of("held_on")}
FORMS = [
    Row(
        "new",
        _new,
        lambda refer: {
            "contact": refer.units["VICTIM_SUPPORT"].pk,
            "door": "D1",
            "purpose": "Ring her about a support worker.",
        },
        Verb.REFERRAL_STARTED,
        "purpose",
    ),
    Row(
        "accept",
        of_sent("accept"),
        lambda _: {"answered_by": "Jo", **day_of("answered_on")},
        Verb.REFERRAL_ACCEPTED,
        "answered_by",
    ),
    Row(
        "decline",
        of_sent("decline"),
        lambda _: {"answered_by": "Jo", "why": "They are full.", **day_of("answered_on")},
        Verb.REFERRAL_DECLINED,
        "why",
    ),
    Row(
        "chase",
        of_sent("chase"),
        lambda _: {
            "how": "Rang the desk",
            "words": "Not looked at yet.",
            "happened_at_time": "3pm",
            **day_of("happened_at"),
        },
        Verb.REFERRAL_CHASED,
        "words",
    ),
    Row("end", of_sent("end"), lambda _: {"words": "She is well."}, Verb.REFERRAL_ENDED, "words"),
    Row(
        "stop",
        lambda refer: f"referrals/{refer.queued().pk}/stop/",
        lambda _: {"words": "She has moved."},
        Verb.REFERRAL_REVOKED,
        "words",
    ),
    Row("meeting", lambda _: "meetings/new/", lambda _: MEETING, Verb.MEETING_ADDED, "forum"),
    Row("change", of_meeting("change"), lambda _: MEETING, Verb.MEETING_CHANGED, "forum"),
    Row(
        "who",
        of_meeting("who"),
        lambda refer: {"who": "Jo", "agency": refer.agency("POLICE").pk},
        Verb.MEETING_ATTENDED,
        "who",
    ),
    Row(
        "heard",
        of_meeting("heard"),
        lambda refer: {
            "agency": refer.agency("POLICE").pk,
            "words": "He is known to them.",
            "basis": "An agreement",
        },
        Verb.MEETING_SHARED,
        "basis",
    ),
    Row(
        "action",
        of_meeting("actions/new"),
        lambda refer: {"what": "Patrol", "agency": refer.agency("POLICE").pk, **day_of("due_on")},
        Verb.MEETING_ACTION,
        "what",
    ),
    Row(
        "action ended",
        _action,
        lambda _: {"to": "DONE", "outcome": "Lit."},
        Verb.MEETING_ACTION_ENDED,
        "outcome",
    ),
    Row(
        "review",
        lambda refer: f"case-review/{refer.story.victim.pk}/",
        lambda _: {"told": "yes", "words": "She will think about it."},
        Verb.CASE_REVIEW_TOLD,
        "told",
    ),
]
