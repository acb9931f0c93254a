"""Everything that happened to a case, newest first, and who has looked at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cases import words
from cases.access import Grant
from cases.audit.models import Event
from cases.audit.presenters import sentence_of
from cases.audit.queries import Looked, who_looked
from cases.audit.verbs import Verb
from cases.casework import queries
from cases.casework.choices import Access, ContactKind, Holds, NoteKind
from cases.casework.clocks import ClockKind
from cases.casework.models import ContactEntry
from cases.casework.record_choices import CrimeStatus, RecordKind
from cases.intake.choices import Route
from cases.people.choices import Channel
from cases.workflow.case_deeds import DEEDS
from cases.workflow.case_incidents import holder, when_words
from cases.workflow.case_others import NONE, Others, others_of, say, where
from cases.workflow.case_read import Read
from cases.workflow.case_words import (
    address,
    address_of,
    capital,
    label_of,
    name_and_part,
    name_on_page,
    speaker,
    stage_name,
)
from cases.workflow.looks_words import often
from cases.workflow.looks_words import why as why_may

FILTERS = ("contacts", "decisions", "notes", "clocks", "access")


def timeline(found: Read, *, show: str, before: int | None) -> dict[str, Any]:
    """A page of the timeline with its filters; earlier entries are another page."""
    show = show if show in FILTERS else ""
    events = queries.events_of(found.case, show=show, before=before)
    contacts = queries.contacts_in(found.case, events.subjects("casework.contactentry"))
    others = others_of(found, events.rows)
    here = address("workflow:case", found.case.reference)
    shown = len(events.rows)
    return {
        "entries": [_entry(found, event, contacts, others) for event in events.rows],
        "filters": [
            {"text": name, "href": f"{here}?show={name}#timeline", "active": name == show}
            for name in FILTERS
        ],
        "everything": f"{here}#timeline" if show or before else "",
        "count": _count(events.total, shown, show, later=before is not None),
        "left": events.left,
        "earlier": _earlier(here, show, events) if events.left else "",
    }


def _earlier(here: str, show: str, events: queries.Events) -> str:
    chosen = f"show={show}&" if show else ""
    return f"{here}?{chosen}before={events.rows[-1].pk}#timeline"


def _count(total: int, shown: int, show: str, *, later: bool) -> str:
    what = f" about {show}" if show else ""
    if not total:
        return f"Nothing{what} yet."
    if shown == total:
        return f"Showing all {total}{what}, newest first."
    return f"Showing {shown} {'earlier ' if later else ''}of {total}{what}, newest first."


def _entry(
    found: Read, event: Event, contacts: dict[int, ContactEntry], others: Others = NONE
) -> dict[str, str]:
    title, said = _words(found, event, contacts, others)
    return {
        "title": title,
        "by": speaker(found.actor, event.actor_id, event.actor_name),
        "when": capital(words.say_moment(event.at, found.now)),
        "words": said,
        "iso": event.at.isoformat(),
        "href": _report(event) or where(found, event),
    }


def _words(
    found: Read, event: Event, contacts: dict[int, ContactEntry], others: Others
) -> tuple[str, str]:
    subject = event.subject_id or 0
    if event.subject_kind == "casework.contactentry" and subject in contacts:
        return _contact(found, contacts[subject])
    note = getattr(event, "note", None)
    if note:
        return NoteKind(note["kind"]).label, note["text"]
    title = capital(sentence_of(event.verb))
    more = DEEDS.get(event.verb) or MORE.get(event.verb)
    title, said = more(found, event, title) if more else (title, "")
    title, said = say(found, event, others) or (title, said)
    reason = f"“{event.reason}”" if event.reason else ""
    return title, " ".join(filter(None, [said, reason]))


def _contact(found: Read, entry: ContactEntry) -> tuple[str, str]:
    who = name_on_page(entry.involvement)
    way = Channel(entry.channel).label
    if entry.kind == ContactKind.ATTEMPT:
        title = f"{way}: tried to reach {who}. No reply yet"
        note = "An attempt. It does not meet the clock."
    elif entry.direction == "IN":
        title, note = f"{way}: {who} contacted us", ""
    else:
        title, note = f"{way}: in touch with {who}", ""
    when = ""
    if entry.recorded_at.replace(second=0, microsecond=0) > entry.at:
        when = f"It happened {words.say_moment(entry.at, found.now)}."
    # "No reply yet" stands in the title already.
    said = "" if entry.summary.rstrip(".").lower() == "no reply yet" else entry.summary
    return title, " ".join(filter(None, [said, note, when]))


def _clock_kind(code: str) -> str:
    return label_of(ClockKind, code) or code


def _of_clock(found: Read, event: Event, title: str) -> tuple[str, str]:
    kind = _clock_kind(str(event.changes.get("kind", "")))
    late = "Late." if event.changes.get("late") else ""
    outcome = str(event.changes.get("outcome", ""))
    return f"{kind}: {title[:1].lower()}{title[1:]}", " ".join(
        filter(None, [f"{outcome}." if outcome else "", late])
    )


def _met(found: Read, event: Event, title: str) -> tuple[str, str]:
    _, said = _of_clock(found, event, title)
    return f"{_clock_kind(str(event.changes.get('kind', '')))}: done", said


def _started(found: Read, event: Event, title: str) -> tuple[str, str]:
    kinds = [_clock_kind(code) for code in event.changes]
    return ("Clock started" if len(kinds) == 1 else "Clocks started"), f"{', '.join(kinds)}."


def _stage(found: Read, event: Event, title: str) -> tuple[str, str]:
    before, after = event.changes.get("from", ""), event.changes.get("to", "")
    return f"Moved to {stage_name(after)}", f"From {stage_name(before)}." if before else ""


def _held(found: Read, event: Event, title: str) -> tuple[str, str]:
    return "Put on hold", f"From {stage_name(event.changes.get('from', ''))}."


def _triaged(found: Read, event: Event, title: str) -> tuple[str, str]:
    routes = [str(route) for route in event.changes.get("routes", [])]
    names = [name for route in routes if (name := label_of(Route, route))]
    said = ["Treated as hate for now."] if event.changes.get("provisional") else []
    said += ["Late."] if event.changes.get("late") else []
    return f"Triaged: {', '.join(names)}" if names else title, " ".join(said)


def _report(event: Event) -> str:
    """The page of the report an event is about, for what was said and why it was routed so."""
    reference = str(event.changes.get("report", "")) if event.changes else ""
    return address_of("intake:report", reference) if reference else ""


def _allocated(found: Read, event: Event, title: str) -> tuple[str, str]:
    names = {member.user_id: member.user.full_name for member in found.members}
    lead = event.changes.get("to")
    if lead == found.actor.id:
        return "You became the lead officer", ""
    return f"{names.get(lead, 'Somebody')} became the lead officer", ""


def _view(found: Read, event: Event, title: str) -> tuple[str, str]:
    views = {view.pk: view for one in found.incidents for view in one.views}
    view = views.get(event.subject_id or 0)
    if view is None:
        return title, ""
    who = holder(view, found.apart)
    if event.verb == Verb.VIEW_RETRACTED:
        return f"{who} took back their view", f"“{view.retraction_words}”"
    said = f"{Holds(view.holds).label}."
    return f"{who}’s view was added", f"{said} “{view.words}”" if view.words else said


def _incident(found: Read, event: Event, title: str) -> tuple[str, str]:
    numbers = {one.row.pk: one.row for one in found.incidents}
    row = numbers.get(event.subject_id or 0)
    return title, f"Incident {row.number}. {when_words(row)}." if row else ""


def _part(found: Read, event: Event, title: str) -> tuple[str, str]:
    part = next((each for each in found.parts if each.pk == event.subject_id), None)
    return title, f"{name_and_part(part)}." if part else ""


def _crime(found: Read, event: Event, title: str) -> tuple[str, str]:
    status = event.changes.get("status", "")
    _, which = _incident(found, event, title)
    label = f"{name}." if (name := label_of(CrimeStatus, status)) else ""
    return "Police and crime", " ".join(filter(None, [label, which]))


def _recorded(found: Read, event: Event, title: str) -> tuple[str, str]:
    kind = event.changes.get("kind", "")
    _, who = _part(found, event, title)
    return label_of(RecordKind, kind) or title, who


def _access(found: Read, event: Event, title: str) -> tuple[str, str]:
    names = {member.user_id: member.user.full_name for member in found.members}
    why = event.changes.get("why", "")
    label = label_of(Access, why)
    return title, f"{names.get(event.changes.get('user'), 'Somebody')}. {label}."


MORE: dict[str, Callable[[Read, Event, str], tuple[str, str]]] = {
    Verb.CLOCK_MET: _met,
    Verb.CLOCK_PAUSED: _of_clock,
    Verb.CLOCK_RESUMED: _of_clock,
    Verb.EXCEPTION_APPROVED: _of_clock,
    Verb.CLOCK_STARTED: _started,
    Verb.CASE_STAGE: _stage,
    Verb.REPORT_TRIAGED: _triaged,
    Verb.CASE_HELD: _held,
    Verb.CASE_ALLOCATED: _allocated,
    Verb.VIEW_ADDED: _view,
    Verb.VIEW_RETRACTED: _view,
    Verb.INCIDENT_ADDED: _incident,
    Verb.INCIDENT_CHANGED: _incident,
    Verb.IMPACT_RECORDED: _incident,
    Verb.CRIME_STATUS: _crime,
    Verb.PART_RECORDED: _recorded,
    Verb.PART_ADDED: _part,
    Verb.PART_CHANGED: _part,
    Verb.PART_SHOWN: _part,
    Verb.ACCESS_GIVEN: _access,
    Verb.ACCESS_ENDED: _access,
}


def looks(found: Read) -> dict[str, Any]:
    """Who has opened this case, why they may, when last, how often.

    The page now being made is recorded when it is sent, so it is added here.
    """
    rows = who_looked(found.case.reference)
    me = found.actor.id
    before = next((row.times for row in rows if row.actor_id == me), 0)
    listed = [
        {
            "who": "You",
            "why": why_may(found.members, found.managers, me, found.now),
            "last": "Now",
            "often": often(before + 1),
        }
    ]
    strangers = 0
    for row in rows:
        if row.actor_id == me:
            continue
        why = why_may(found.members, found.managers, row.actor_id, found.now)
        strangers += not why
        listed.append(_look(found, row, why))
    each = found.actor.may(Grant.SEE_LOOKS)
    return {
        "rows": listed,
        "words": _opened(len(listed)),
        "strangers": strangers,
        "href": address("workflow:case-looks", found.case.reference) if each else "",
    }


def _look(found: Read, row: Looked, why: str) -> dict[str, str]:
    return {
        "who": row.actor_name,
        "why": why or "Not on the case.",
        "last": capital(words.say_moment(row.last_at, found.now)),
        "often": often(row.times),
    }


def _opened(count: int) -> str:
    if count == 1:
        return "Only you have opened this case."
    return f"{count} people have opened this case."
