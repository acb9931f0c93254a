"""What was done with other agencies, in words for the timeline: referrals, meetings, the review.

An event carries codes and ids, so what those rows are called is read for a whole page at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.disclosures.choices import Door
from cases.partners.models import Agency
from cases.referrals.choices import ActionState, Direction, Forum
from cases.referrals.models import Meeting, Referral
from cases.words import say_day
from cases.workflow.case_read import Read
from cases.workflow.case_words import address, capital, label_of

Said = tuple[str, str]


@dataclass(frozen=True)
class Others:
    """What the rows are called that some events name by number."""

    agencies: dict[int, str] = field(default_factory=dict)
    referred: dict[int, str] = field(default_factory=dict)
    """The agency of each referral."""
    meetings: dict[int, Meeting] = field(default_factory=dict)

    def agency(self, event: Event) -> str:
        """The agency an event names, or ""."""
        return self.agencies.get(event.changes.get("agency", 0), "")


NONE = Others()


def others_of(found: Read, events: Sequence[Event]) -> Others:
    """Read what these events name: three queries at most, none for a page without any."""
    told = [event for event in events if event.verb in MET]
    referrals = _ids(event.subject_id for event in events if event.verb in REFERRED)
    meetings = _ids(event.changes.get("meeting") for event in told)
    agencies = _ids(event.changes.get("agency") for event in told)
    of_case = Referral.objects.filter(case=found.case, pk__in=referrals)
    held = Meeting.objects.filter(case=found.case, pk__in=meetings)
    named = Agency.objects.filter(pk__in=agencies)
    return Others(
        agencies=dict(named.values_list("pk", "name")) if agencies else {},
        referred=dict(of_case.values_list("pk", "agency__name")) if referrals else {},
        meetings={row.pk: row for row in held} if meetings else {},
    )


def _ids(values: Iterable[object]) -> set[int]:
    return {value for value in values if isinstance(value, int)}


REFERRED: dict[str, str] = {
    Verb.REFERRAL_STARTED: "Referral to {agency} begun",
    Verb.REFERRAL_QUEUED: "Referral to {agency} ready to go",
    Verb.REFERRAL_SENT: "Referral to {agency} sent",
    Verb.REFERRAL_ACCEPTED: "{agency} accepted the referral",
    Verb.REFERRAL_DECLINED: "{agency} declined the referral",
    Verb.REFERRAL_CHASED: "Asked {agency} what became of the referral",
    Verb.REFERRAL_ENDED: "Referral to {agency} ended",
    Verb.REFERRAL_REVOKED: "Referral to {agency} stopped before it went",
}


def say(found: Read, event: Event, others: Others) -> Said | None:
    """The line of such an event; None for any other, or where its row is not known."""
    if event.verb in REFERRED:
        return _referral(found, event, others)
    return MET[event.verb](found, event, others) if event.verb in MET else None


def where(found: Read, event: Event) -> str:
    """The page of the referral, the meeting or the review; whoever reads the case may open it."""
    here = found.case.reference
    if event.verb in REFERRED and event.subject_id:
        return address("workflow:referral", here, event.subject_id)
    if event.verb == Verb.CASE_REVIEW_TOLD:
        return address("workflow:case-review", here)
    if event.verb in MET and (pk := event.changes.get("meeting")):
        return address("workflow:meeting", here, pk)
    return ""


def _referral(found: Read, event: Event, others: Others) -> Said | None:
    agency = others.referred.get(event.subject_id or 0)
    if agency is None:
        return None
    door = label_of(Door, str(event.changes.get("door", "")))
    again = _day(found, event.changes.get("next_on"))
    words = [f"{door}." if door else "", f"To be asked again {again}." if again else ""]
    return REFERRED[event.verb].format(agency=agency), " ".join(filter(None, words))


def _day(found: Read, code: object) -> str:
    """A day of an event as people say it, or ""."""
    try:
        day = date.fromisoformat(str(code))
    except ValueError:
        return ""
    return say_day(day, london_date(found.now))


def _which(found: Read, event: Event, others: Others) -> str:
    """Which meeting: "Hate crime panel, Monday 16 November."."""
    meeting = others.meetings.get(event.changes.get("meeting", 0))
    if meeting is None:
        return ""
    day = say_day(meeting.held_on, london_date(found.now))
    return f"{meeting.name or meeting.get_forum_display()}, {day}."


def _held(found: Read, event: Event, others: Others) -> Said | None:
    """As it was recorded then: its kind and its day may have been corrected since."""
    forum = label_of(Forum, str(event.changes.get("forum", "")))
    day = _day(found, event.changes.get("held_on"))
    if not forum:
        return None
    head = "Record of a meeting changed" if event.verb == Verb.MEETING_CHANGED else "Agencies met"
    return f"{head}: {forum}", f"Held {day}." if day else ""


def _there(found: Read, event: Event, others: Others) -> Said:
    who = others.agency(event) or "One of us"
    return f"{who} was at a meeting", _which(found, event, others)


def _told(found: Read, event: Event, others: Others) -> Said:
    which = _which(found, event, others)
    if event.changes.get("direction") == Direction.OUT:
        return "A page that went was told at a meeting", which
    return f"{others.agency(event) or 'An agency'} told us something at a meeting", which


def _action(found: Read, event: Event, others: Others) -> Said:
    names = {member.user_id: member.user.full_name for member in found.members}
    whose = others.agency(event) or names.get(event.changes.get("owner"), "")
    due = _day(found, event.changes.get("due_on"))
    words = " ".join(filter(None, [f"for {whose}" if whose else "", f"by {due}" if due else ""]))
    which = _which(found, event, others)
    said = [f"{capital(words)}." if words else "", which]
    return "Action agreed at a meeting", " ".join(filter(None, said))


def _ended(found: Read, event: Event, others: Others) -> Said:
    became = label_of(ActionState, str(event.changes.get("to", ""))).lower() or "ended"
    return f"Action agreed at a meeting: {became}", _which(found, event, others)


def _review(found: Read, event: Event, others: Others) -> Said:
    counted = event.changes.get("counted")
    said = f"{counted} {'report' if counted == 1 else 'reports'} counted." if counted else ""
    if not event.changes.get("may_be"):
        return "ASB case review looked at: not yet", said
    told = "they were told" if event.changes.get("told") else "they are not told yet"
    return f"ASB case review: they may be eligible, and {told}", said


MET: dict[str, Callable[[Read, Event, Others], Said | None]] = {
    Verb.MEETING_ADDED: _held,
    Verb.MEETING_CHANGED: _held,
    Verb.MEETING_ATTENDED: _there,
    Verb.MEETING_SHARED: _told,
    Verb.MEETING_ACTION: _action,
    Verb.MEETING_ACTION_ENDED: _ended,
    Verb.CASE_REVIEW_TOLD: _review,
}
