"""What became of a request, in words, for whoever asked and whoever decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases import words
from cases.disclosures.choices import Capacity, PhoneState, RequestState, Verdict
from cases.disclosures.models import Decision, PhoneApproval, Request

HEADINGS = {
    RequestState.DRAFT: "Being written",
    RequestState.WAITING: "Waiting for a decision",
    RequestState.APPROVED: "Approved, as shown",
    RequestState.REDUCED: "Approved, with less",
    RequestState.DECLINED: "Declined",
    RequestState.SENT: "Sent",
    RequestState.LAPSED: "Lapsed: it was not sent in time",
    RequestState.VOID: "The pack was changed",
    RequestState.TAKEN_BACK: "Taken back",
}
LIVE = frozenset({RequestState.APPROVED, RequestState.REDUCED})
BY_PHONE = "Approved by phone, to be confirmed"


def decision_of(asked: Request) -> Decision | None:
    """The one decision, or None."""
    return getattr(asked, "decision", None)


def phone_of(asked: Request) -> PhoneApproval | None:
    """The Director's word on the phone, or None."""
    return getattr(asked, "phone", None)


def may_go_by_phone(asked: Request, now: datetime) -> bool:
    """Whether the page may go on the Director's word on the phone: not denied, and in time."""
    phone = phone_of(asked)
    return (
        asked.state == RequestState.WAITING
        and phone is not None
        and phone.state == PhoneState.WAITING
        and now <= phone.valid_until
    )


def decider_of(said: Decision) -> str:
    """Who decided, and as what where it was not the Director (domain 7.5)."""
    name = said.decided_by.full_name
    if said.capacity == Capacity.DIRECTOR:
        return name
    return f"{name}, {Capacity(said.capacity).label}"


def outcome(asked: Request, now: datetime) -> dict[str, Any]:
    """Heading, sentences and the reason given: ``templates/workflow/desk/_decided.html``."""
    said = decision_of(asked)
    by_phone = may_go_by_phone(asked, now)
    # What was said in confirming a word on the phone is the reason: it is told once.
    reason = said.reason if said and not said.by_phone else ""
    return {
        "heading": BY_PHONE if by_phone else HEADINGS[RequestState(asked.state)],
        "lines": [line for line in (*_decided(asked, said, now), *phoned(asked, now)) if line],
        "reason": reason,
        "by": decider_of(said) if said else "",
        "at": said.decided_at if said else None,
    }


def _decided(asked: Request, said: Decision | None, now: datetime) -> list[str]:
    """A sentence or two about where it stands."""
    state = RequestState(asked.state)
    unit = asked.pack.contact.unit if asked.pack.contact else asked.pack.agency.name
    ended = words.say_moment(asked.ended_at, now) if asked.ended_at else ""
    if state in LIVE and asked.valid_until:
        until = words.say_moment(asked.valid_until, now)
        return [_taken_out(asked, said), f"It may go once, to {unit}, until {until}."]
    if state == RequestState.DECLINED:
        return ["Nothing is sent. A new request needs new facts."]
    if state == RequestState.LAPSED:
        return [f"It could be sent until {ended}, and was not. Ask again if it is still needed."]
    if state == RequestState.VOID:
        if said is None:
            return [f"The pack was changed {ended}, before anything was decided. Nothing went."]
        return [f"The pack was changed {ended}, so the approval no longer stands. Nothing went."]
    if state == RequestState.TAKEN_BACK:
        return [f"It was taken back {ended} by those who asked."]
    if state == RequestState.SENT:
        sent = getattr(asked.pack, "send", None)
        when = words.say_moment(sent.sent_at, now) if sent else ended
        return [_taken_out(asked, said), f"It went to {asked.pack.agency.name}, {unit}, {when}."]
    return []


def _taken_out(asked: Request, said: Decision | None) -> str:
    if said is None or said.verdict != Verdict.APPROVE_REDUCED:
        return ""
    rows = asked.pack.items.filter(taken_out=True)
    names = ", ".join(row.get_field_display() for row in rows)
    return f"Taken out: {names}." if names else ""


def phoned(asked: Request, now: datetime) -> list[str]:
    """What was said on the phone, and what became of it: sentences, none if nothing was."""
    phone = phone_of(asked)
    if phone is None:
        return []
    when = words.say_moment(phone.called_at, now)
    first = (
        f"{phone.director.full_name} approved it by phone {when}, as {phone.recorded_by.full_name} "
        f"wrote down: “{phone.words}”"
    )
    if phone.state == PhoneState.WAITING:
        due = words.say_moment(phone.due_at, now)
        if now > phone.due_at:
            return [first, f"It was to be confirmed by {due}, and was not. Nothing goes on it now."]
        return [first, f"It is to be confirmed by {due}."]
    verb = "confirmed it" if phone.state == PhoneState.CONFIRMED else "says that it was not said"
    who = phone.answered_by.full_name if phone.answered_by else phone.director.full_name
    return [first, f"{who} {verb}: {phone.answer}"]
