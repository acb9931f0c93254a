"""What waits on the Director's desk, and what there is to know, as rows in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from cases import words
from cases.access import Actor, Grant
from cases.audit.context import saw
from cases.disclosures.choices import PhoneState, RequestState
from cases.disclosures.models import Emergency, PhoneApproval, Request
from cases.disclosures.request_queries import (
    calls_for,
    exceptions,
    phones_for,
    requests_for,
)
from cases.workflow.case_words import address, address_of
from cases.workflow.desk.dossier import promise
from cases.workflow.desk.outcome import HEADINGS, decider_of

LATELY = timedelta(days=30)
MOST = 25
DECIDED = (
    RequestState.APPROVED,
    RequestState.REDUCED,
    RequestState.DECLINED,
    RequestState.SENT,
)


def desk_of(actor: Actor, now: datetime) -> dict[str, Any]:
    """The whole desk of somebody who decides, in a fixed number of queries."""
    rows = requests_for(actor, now).select_related("decision__decided_by")
    waits = rows.filter(state=RequestState.WAITING).order_by("-urgent", "due_at", "pk")
    waiting = list(waits[:MOST])
    phones = list(phones_for(actor, now)[:MOST])
    calls = list(calls_for(actor, now)[:MOST])
    since = now - LATELY
    lapsed = rows.filter(state=RequestState.LAPSED, ended_at__gte=since)
    unsent = list(lapsed.order_by("-ended_at")[:MOST])
    seen = requests_for(actor, now).order_by().values("pk")
    wrong = list(exceptions(now).filter(request__in=seen, recorded_at__gte=since)[:MOST])
    done = rows.filter(state__in=DECIDED, decision__decided_at__gte=since)
    decided = list(done.order_by("-decision__decided_at")[:MOST])
    _tell(waiting, phones, calls, unsent, wrong, decided)
    return {
        "now": now,
        "waiting": [waiting_row(row, now) for row in waiting],
        "phones": [phone_row(row, now) for row in phones],
        "calls": [call_row(row, now) for row in calls],
        "exceptions": [
            *(_lapsed_row(row, now) for row in unsent),
            *(_wrong_row(row, now) for row in wrong),
        ],
        "done": [_done_row(row, now) for row in decided],
        "links": _links(actor),
    }


def _tell(*lists: Iterable[Any]) -> None:
    """Declare every record that is shown."""
    for rows in lists:
        for row in rows:
            case = row.request.case if isinstance(row, PhoneApproval) else row.case
            saw(row._meta.label_lower, row.pk, case=case.reference)


def waiting_row(asked: Request, now: datetime) -> dict[str, Any]:
    """One decision that waits: no name stands on the list."""
    return {
        "href": address("workflow:decision", asked.pk),
        "what": f"Tell {asked.pack.agency.name}",
        "reference": asked.case.reference,
        "words": f"{asked.case.reference}. {_risk(asked)}",
        "promise": promise(asked, now),
        "urgent": asked.urgent,
    }


def _risk(asked: Request) -> str:
    flags = len(asked.red_flags)
    level = asked.get_risk_level_display() or "Not assessed"
    if not flags:
        return f"Risk: {level}, no red flags."
    return f"Risk: {level}, {flags} red flag{'' if flags == 1 else 's'}."


def phone_row(phone: PhoneApproval, now: datetime) -> dict[str, Any]:
    """A word on the phone that waits to be confirmed."""
    left = words.time_left(phone.due_at, now)
    due = f"{words.say_day(phone.due_at, now)} at {words.say_time(phone.due_at)}"
    return {
        "href": address("workflow:decision-phone", phone.pk),
        "what": "Is this what you said?",
        "reference": phone.request.case.reference,
        "words": f"{phone.request.case.reference}. Written down by {phone.recorded_by.full_name} "
        f"{words.say_moment(phone.recorded_at, now)}.",
        "promise": {
            "state": left.state,
            "words": left.words,
            "what": "Confirm it",
            "due_words": f"by {due}",
        },
    }


def call_row(call: Emergency, now: datetime) -> dict[str, Any]:
    """A call to 999 that waits to be looked back at."""
    left = words.time_left(call.review_due_at, now)
    due = f"{words.say_day(call.review_due_at, now)} at {words.say_time(call.review_due_at)}"
    return {
        "href": address("workflow:decision-999", call.pk),
        "what": "999 was rung, life at risk",
        "reference": call.case.reference,
        "words": f"{call.case.reference}. Rung {words.say_moment(call.rung_at, now)}.",
        "promise": {
            "state": left.state,
            "words": left.words,
            "what": "Look back at it",
            "due_words": f"by {due}",
        },
    }


def _lapsed_row(asked: Request, now: datetime) -> dict[str, Any]:
    when = words.say_moment(asked.ended_at, now) if asked.ended_at else ""
    return {
        "href": address("workflow:decision", asked.pk),
        "what": "An approval lapsed unsent",
        "reference": asked.case.reference,
        "words": f"{asked.case.reference}. {asked.pack.agency.name}.",
        "when": f"Lapsed {when}",
    }


def _wrong_row(phone: PhoneApproval, now: datetime) -> dict[str, Any]:
    denied = phone.state == PhoneState.REPUDIATED
    what = "A word on the phone was denied" if denied else "A word on the phone, not confirmed"
    return {
        "href": address("workflow:decision", phone.request_id),
        "what": what,
        "reference": phone.request.case.reference,
        "words": f"{phone.request.case.reference}. {phone.director.full_name}.",
        "when": f"Recorded {words.say_moment(phone.recorded_at, now)}",
    }


def _done_row(asked: Request, now: datetime) -> dict[str, Any]:
    said = asked.decision
    return {
        "href": address("workflow:decision", asked.pk),
        "what": HEADINGS[RequestState(asked.state)],
        "reference": asked.case.reference,
        "words": f"{asked.case.reference}. {asked.pack.agency.name}. By {decider_of(said)}.",
        "when": f"Decided {words.say_moment(said.decided_at, now)}",
    }


def _links(actor: Actor) -> list[dict[str, str]]:
    register = address_of("workflow:register") if actor.may(Grant.SEE_REGISTER) else ""
    return [{"text": "The register of disclosures", "href": register}] if register else []
