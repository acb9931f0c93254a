"""A case as a row of the queue, and the parts of the page around the rows, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases import words
from cases.access import Actor
from cases.calendar import london_date
from cases.casework.choices import Stage
from cases.casework.clocks import DUTIES, ClockKind
from cases.people.rules import Line, safe_contact_line
from cases.repeats.words import queue_words
from cases.workflow.case_words import address
from cases.workflow.queue_asks import STAGES, VIEW_WORDS, Ask, Due, Risk, View
from cases.workflow.queue_queries import Queue
from cases.workflow.queue_sql import QueueCase
from cases.workflow.time_words import PromiseWords, hold_words, promise_words

# What these ask for concerns somebody else than the person harmed, whose line would mislead.
ABOUT_OTHERS = frozenset(
    {
        ClockKind.THIRD_PARTY_CONTACT,
        ClockKind.SUPPORT_THIRD_PARTY,
        ClockKind.DUTY_MANAGER,
        ClockKind.ALLOCATE,
        ClockKind.REASSIGN,
        ClockKind.MANAGER_REVIEW,
    }
)


@dataclass(frozen=True)
class Row:
    """One case as ``components/queue_row.html`` takes it."""

    promise: PromiseWords
    href: str
    name: str
    reference: str
    notes: list[str]
    risk: str
    repeat: str
    repeat_rest: str
    stage: str
    step: str
    step_note: str
    line: Line | None

    @property
    def shown(self) -> dict[str, Any]:
        """The row as ``{% draw %}`` takes it."""
        line = {"parts": [part._asdict() for part in self.line.parts]} if self.line else None
        return {**vars(self), "promise": vars(self.promise), "line": line}


def rows_of(queue: Queue, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """The rows of a page, for the template."""
    return [row_of(case, actor, queue.ask, now).shown for case in queue.cases]


def row_of(case: QueueCase, actor: Actor, ask: Ask, now: datetime) -> Row:
    """The row of a case read by ``queue_queries.read_queue``."""
    repeat, rest = _repeat(case)
    step, note = _step(case, now)
    return Row(
        promise=_promise(case, now),
        href=address("workflow:case", case.reference),
        name=case.name,
        reference=case.reference,
        notes=list(_notes(case, actor, ask, now)),
        risk=case.risk.lower(),
        repeat=repeat,
        repeat_rest=rest,
        stage=Stage(case.stage).label,
        step=step,
        step_note=note,
        line=_line(case),
    )


def _promise(case: QueueCase, now: datetime) -> PromiseWords:
    held = case.stage == Stage.ON_HOLD
    if held and case.next_due_at is None and case.hold_review_on:
        return hold_words(case.hold_review_on, now)
    return promise_words(
        case.next_clock,
        started_at=case.clock_started,
        due_at=case.next_due_at,
        now=now,
        on_hold=held,
    )


def _notes(case: QueueCase, actor: Actor, ask: Ask, now: datetime) -> Iterator[str]:
    if case.adjustments:
        yield ". ".join(need.rstrip(".") for need in case.adjustments)
    if not case.identified:
        by = " Reported by a third party." if case.third_party_only else ""
        yield f"Not yet identified.{by}"
    elif case.third_party_only:
        yield "Reported by a third party."
    if case.risk_provisional:
        yield "Risk is provisional."
    if case.provisional:
        yield "Somebody is not sure: ask again."
    elif london_date(case.opened_at) == london_date(now):
        yield "New today."
    yield from _police(case, now)
    if ask.view is not View.MINE:
        yield _leads(case, actor)


def _police(case: QueueCase, now: datetime) -> Iterator[str]:
    """What a request to tell the police asks for, beside a duty that is due before it."""
    if case.police_until:
        yield f"The police may be told, once, until {words.say_moment(case.police_until, now)}."
    if case.director_asks and case.next_clock != ClockKind.POLICE_APPROVAL:
        yield "The Director asked a question."


def _leads(case: QueueCase, actor: Actor) -> str:
    if case.lead_name is None:
        return "Nobody leads it yet."
    return "You lead it." if case.lead_id == actor.id else f"Lead: {case.lead_name}"


def _repeat(case: QueueCase) -> tuple[str, str]:
    if not case.identified:
        return "", "Not known until identified"
    return queue_words(case.repeat_said)


def _step(case: QueueCase, now: datetime) -> tuple[str, str]:
    name = case.call_them if case.identified else "them"
    if case.hold_review_on and case.stage == Stage.ON_HOLD:
        by = words.say_day(case.hold_review_on, now)
        return "Ask if the hold still stands", f"Look at the hold again by {by}."
    if not case.next_clock:
        return f"Keep in touch with {name}", ""
    if case.next_clock == ClockKind.POLICE_APPROVAL and case.director_asks:
        return "Answer the Director’s question", "It is about telling the police."
    duty = DUTIES[ClockKind(case.next_clock)]
    if case.next_clock == ClockKind.FIRST_CONTACT and case.attempts:
        tried = "1 attempt" if case.attempts == 1 else f"{case.attempts} attempts"
        return f"Try to reach {name} again", f"{tried} so far. Attempts do not stop the clock."
    return duty.step.format(name=name), duty.note.format(name=name)


def _line(case: QueueCase) -> Line | None:
    """The safe-contact line, where the next step is about the person it belongs to."""
    if not case.identified or case.next_clock in ABOUT_OTHERS:
        return None
    return safe_contact_line(case.safe)


def views_of(queue: Queue) -> list[dict[str, Any]]:
    """The views as ``components/sub_navigation.html`` takes them."""
    return [
        {
            "text": VIEW_WORDS[view],
            "href": Ask(view).address(),
            "active": view is queue.ask.view,
            "count": count,
        }
        for view, count in queue.counts.views.items()
    ]


def showing(queue: Queue) -> str:
    """How many, in what order: "Showing all 7, least time left first. No filters are on." """
    total, order = queue.counts.shown, "least time left first"
    start = f"Showing all {total:,}" if total > 1 else f"Showing {total}"
    if queue.page.pages > 1:
        start = f"Showing {queue.page.first:,} to {queue.page.last:,} of {total:,}"
    if not queue.ask.filters:
        return f"{start}, {order}. No filters are on."
    return f"{start} of the {queue.counts.here:,} in this view, {order}."


def filters_on(
    ask: Ask, teams: Mapping[str, str], companies: Mapping[str, str]
) -> list[dict[str, str]]:
    """The filters that are on, each with the address that takes it off."""
    stages: dict[str, str] = {stage: stage.label for stage in STAGES}
    says: dict[str, Any] = {
        "due": lambda code: Due(code).words,
        "stage": lambda code: stages[code],
        "risk": lambda code: f"Risk: {Risk(code).words.lower()}",
        "clock": lambda code: f"Due next: {ClockKind(code).label}",
        "team": lambda code: teams.get(code, "Another team"),
        "company": lambda code: f"Company: {companies.get(code, 'another')}",
    }
    return [
        {"text": says[name](code), "remove": ask.without(name, code)} for name, code in ask.filters
    ]
