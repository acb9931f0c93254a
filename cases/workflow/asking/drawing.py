"""Where a request stands and what can be done next, for the people who work the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases import words
from cases.access import Actor
from cases.casework.models import Case
from cases.disclosures import request_rules as rules
from cases.disclosures.choices import AfterKind, RequestState
from cases.disclosures.models import Emergency, Request
from cases.workflow.case_words import address, address_of
from cases.workflow.desk.dossier import promise
from cases.workflow.desk.outcome import (
    BY_PHONE,
    HEADINGS,
    LIVE,
    decider_of,
    decision_of,
    may_go_by_phone,
    outcome,
    phone_of,
)


def list_of(case: Case, now: datetime) -> dict[str, Any]:
    """Every request and every 999 call of the case, the newest first."""
    rows = (
        Request.objects.filter(case=case)
        .select_related("pack__agency", "begun_by", "decision__decided_by", "phone")
        .order_by("-begun_at", "-pk")
    )
    calls = Emergency.objects.filter(case=case).select_related("recorded_by", "review")
    return {
        "requests": [_request_row(row, case, now) for row in rows],
        "emergencies": [_call_row(row, case, now) for row in calls],
    }


def _request_row(asked: Request, case: Case, now: datetime) -> dict[str, Any]:
    begun = words.say_moment(asked.begun_at, now)
    said = [f"{asked.pack.agency.name}. Begun {begun} by {asked.begun_by.full_name}."]
    decision = decision_of(asked)
    if decision is not None:
        when = words.say_moment(decision.decided_at, now)
        said.append(f"Decided {when} by {decider_of(decision)}.")
    by_phone = may_go_by_phone(asked, now)
    return {
        "pk": asked.pk,
        "heading": BY_PHONE if by_phone else HEADINGS[RequestState(asked.state)],
        "words": " ".join(said),
        "href": address("workflow:police-request", case.reference, asked.pk),
        "promise": promise(asked, now),
    }


def _call_row(call: Emergency, case: Case, now: datetime) -> dict[str, Any]:
    looked = getattr(call, "review", None)
    due = words.say_moment(call.review_due_at, now)
    return {
        "pk": call.pk,
        "heading": f"999 was rung {words.say_moment(call.rung_at, now)}",
        "words": f"{looked.get_verdict_display()}."
        if looked
        else f"To be looked back at by {due}.",
        "href": address("workflow:police-999-after", case.reference, call.pk),
    }


def state_of(asked: Request, actor: Actor, now: datetime) -> dict[str, Any]:
    """Where the request stands, the one thing to do now, and what else there is."""
    state = {**outcome(asked, now), "button": "", "href": ""}
    pack = _pack_page(asked)
    works = bool(rules.take_back(actor, state=RequestState.DRAFT))
    if works and (asked.state in LIVE or may_go_by_phone(asked, now)) and pack:
        state |= {"button": "Send it", "href": pack}
    return {
        "state": state,
        "links": _links(asked, actor, pack),
        "questions": _questions(asked) if works else [],
    }


def _questions(asked: Request) -> list[dict[str, str]]:
    """What the Director still waits to hear: it stands first, whatever else there is."""
    if asked.state != RequestState.WAITING:
        return []
    rows = asked.messages.filter(answers__isnull=True, answer__isnull=True).select_related("by")
    return [
        {
            "who": row.by.full_name,
            "words": row.words,
            "href": address("workflow:police-answer", asked.case.reference, row.pk),
        }
        for row in rows
    ]


def _pack_page(asked: Request) -> str:
    return address_of("workflow:pack", asked.case.reference, asked.pack_id)


def _links(asked: Request, actor: Actor, pack: str) -> list[dict[str, str]]:
    here, pk, state = asked.case.reference, asked.pk, asked.state
    links = []
    if state == RequestState.WAITING:
        if rules.phone(actor, state=state, already=phone_of(asked) is not None):
            href = address("workflow:police-phone", here, pk)
            links.append(("Record what the Director said on the phone", href))
        if rules.take_back(actor, state=state):
            links.append(("Take the request back", address("workflow:police-take-back", here, pk)))
    not_high = asked.risk_level != "HIGH" or not asked.asked_at
    if not_high and rules.explain_not_high(actor, state=state, asked_by_id=asked.begun_by_id):
        href = address("workflow:police-not-high", here, pk)
        links.append(("Say why it is asked although risk is not High", href))
    if state == RequestState.SENT:
        links.append(("What followed", address("workflow:police-after", here, pk)))
        if pack:
            links.append(("What went, and how", pack))
    return [{"text": text, "href": href} for text, href in links]


def followed(rows: Any, now: datetime) -> list[dict[str, Any]]:
    """What was done after the police were told, oldest first."""
    return [
        {
            "what": AfterKind(row.kind).label,
            "words": row.words,
            "when": words.say_moment(row.happened_at, now),
            "by": row.by.full_name,
        }
        for row in rows
    ]
