"""The register of all disclosures, by door, for the Director and the data protection officer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.access import Grant
from cases.audit.context import saw
from cases.audit.log_links import filters_on, link
from cases.audit.pages import StaffRequest, page
from cases.disclosures.choices import Door, PackField, PhoneState
from cases.disclosures.models import Blocked, Decision, Emergency, PhoneApproval, Send
from cases.paging import page_of
from cases.words import say_moment
from cases.workflow.case_words import address, capital, label_of
from cases.workflow.disclosing import register_queries as queries
from cases.workflow.disclosing.refusals import refusal_words
from cases.workflow.disclosing.register_forms import RegisterForm
from cases.workflow.disclosing.register_queries import AskedRegister, Show

SHOWS = (
    (Show.SENT, "Sent"),
    (Show.DECIDED, "Decided"),
    (Show.BLOCKED, "Not sent"),
    (Show.RUNG, "999"),
    (Show.PHONED, "Approved by phone"),
)
EMPTY = {
    Show.SENT: "Nothing was sent.",
    Show.DECIDED: "No request was decided.",
    Show.BLOCKED: "Nothing was stopped at the gate.",
    Show.RUNG: "Nobody rang 999.",
    Show.PHONED: "Nothing was approved by phone.",
}
SAYS = {
    "door": "Door: {}",
    "agency": "Agency: {}",
    "who": "Colleague: {}",
    "from_on": "From {:%-d %B %Y}",
    "to_on": "To {:%-d %B %Y}",
}
OURS = "Our own team"


@page(Grant.SEE_REGISTER)
def show_register(request: StaffRequest) -> HttpResponse:
    """Everything that left and everything that was refused, a page at a time; no names."""
    form = RegisterForm(request.GET, agencies=queries.agencies_told())
    given = form.given
    wanted = request.GET.get("show", "")
    asked = AskedRegister(
        show=Show(wanted) if wanted in Show else Show.SENT,
        door=given.get("door", ""),
        agency=given.get("agency"),
        who=given.get("who", ""),
        from_on=given.get("from_on"),
        to_on=given.get("to_on"),
    )
    rows = queries.register_rows(request.actor, asked)
    pages = page_of(
        request.GET.get("page", ""), rows.count(), query=dict(request.GET.lists()), per_page=25
    )
    found = list(rows[pages.rows])
    now = timezone.now()
    saw("disclosures.register", count=len(found))
    named = {**given, "agency": form.agencies.get(given.get("agency") or 0)}
    return render(
        request,
        "workflow/disclosing/register.html",
        {
            "now": now,
            "views": _views(request, asked),
            "filter": form,
            "on": filters_on(request.GET, named, SAYS),
            "lines": _lines(request, found, asked, now),
            "page_of": pages,
            "doors": _doors(queries.sent_by_door(request.actor, asked)),
            "empty": EMPTY[asked.show],
        },
    )


def _views(request: StaffRequest, asked: AskedRegister) -> list[dict[str, Any]]:
    return [
        {"text": text, "href": link(request.GET, show=key, page=""), "active": key == asked.show}
        for key, text in SHOWS
    ]


def _doors(counted: dict[str, int]) -> list[dict[str, Any]]:
    """Every door anything went through, with how much did."""
    named = [(door.value, f"{door.value}: {door.label}") for door in Door] + [("", OURS)]
    return [{"text": text, "times": counted[code]} for code, text in named if counted.get(code, 0)]


def _lines(
    request: StaffRequest, rows: list[Any], asked: AskedRegister, now: datetime
) -> list[dict[str, Any]]:
    say = WORDS[asked.show]
    source = queries.SOURCES[asked.show]
    cases = {row.pk: row.request.case if source.case != "case" else row.case for row in rows}
    opened = queries.openable(request.actor, {case.pk for case in cases.values()})
    return [
        {
            "at": getattr(row, source.at),
            "who": getattr(row, source.who).full_name,
            "case": cases[row.pk].reference,
            "href": address("workflow:case", cases[row.pk].reference)
            if cases[row.pk].pk in opened
            else "",
            **say(row, now),
        }
        for row in rows
    ]


def door_words(code: str) -> str:
    """A door with its code: "D1: Their permission"; our own teams need none."""
    return f"{code}: {label_of(Door, code)}" if code else OURS


def _sent(row: Send, now: datetime) -> dict[str, Any]:
    told = [label_of(PackField, code) for code in row.file.fields]
    outcome = max(row.outcomes.all(), key=lambda each: each.pk, default=None)
    how = f"{outcome.get_channel_display()}." if outcome else "How it went is not recorded yet."
    return {"what": row.agency.name, "door": door_words(row.door), "more": [_told(told), how]}


def _told(told: list[str]) -> str:
    return f"Told: {', '.join([told[0], *(_small(each) for each in told[1:])])}." if told else ""


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _decided(row: Decision, now: datetime) -> dict[str, Any]:
    more = [f"Asked by {row.asked_by.full_name}. Decided as {row.get_capacity_display()}."]
    more.append(f"Now: {_small(row.request.get_state_display())}.")
    return {
        "what": f"{row.get_verdict_display()}: {row.request.pack.agency.name}",
        "door": door_words(Door.DIRECTOR),
        "more": more,
    }


def _blocked(row: Blocked, now: datetime) -> dict[str, Any]:
    why = [refusal_words(code) for code in row.reasons]
    return {"what": row.agency.name, "door": door_words(row.door), "more": why}


def _rung(row: Emergency, now: datetime) -> dict[str, Any]:
    review = getattr(row, "review", None)
    if review is not None:
        looked = f"Looked back at by {review.by.full_name}: {_small(review.get_verdict_display())}."
    else:
        late = "Late: the" if row.review_due_at < now else "The"
        looked = f"{late} look back is due {say_moment(row.review_due_at, now)}."
    return {"what": "Police, by 999", "door": door_words(Door.EMERGENCY), "more": [looked]}


def _phoned(row: PhoneApproval, now: datetime) -> dict[str, Any]:
    said = f"{row.get_state_display()}."
    if row.answered_by:
        by = "says" if row.state == PhoneState.REPUDIATED else "by"
        said = f"{row.get_state_display()}, {by} {row.answered_by.full_name}."
    if row.sponsor_told_at:
        said += " Not confirmed in time, so the policy sponsor was told: an exception."
    return {
        "what": f"{row.request.pack.agency.name}: {row.director.full_name} on the phone",
        "door": door_words(Door.DIRECTOR),
        "more": [capital(said)],
    }


WORDS: dict[Show, Callable[[Any, datetime], dict[str, Any]]] = {
    Show.SENT: _sent,
    Show.DECIDED: _decided,
    Show.BLOCKED: _blocked,
    Show.RUNG: _rung,
    Show.PHONED: _phoned,
}
