"""The clocks of a case in words: what is next, what each stage still needs, what can be added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cases import words
from cases.access import RULES, Answer, Grant
from cases.casework import rules
from cases.casework.choices import ClockState, Part, Stage
from cases.casework.clocks import DUTIES, ClockKind, Duty, MetBy
from cases.casework.models import Case, Clock, Involvement
from cases.risk.rules import assess as may_assess
from cases.workflow.case_read import ALIVE, Read
from cases.workflow.case_words import address, name_on_page, stage_name, to
from cases.workflow.time_words import promise_words

# Nothing more urgent than keeping in touch for this long: moving on is the next step.
A_DAY = timedelta(days=1)
PAGES = {
    ClockKind.PERMISSION: ("Ask who may be told", "workflow:permission"),
    ClockKind.AGENCIES_MEET: ("Record the meeting", "workflow:case-meetings"),
    ClockKind.REPEAT_ASB_REVIEW: ("See if they may ask for one", "workflow:case-review"),
}
"""Duties with a page of their own: it keeps what the promise asks for, and meets it."""
GATES = (Stage.CONTACT, Stage.ASSESS, Stage.PLAN, Stage.INVESTIGATE, Stage.MONITOR)


def say(found: Read, text: str, clock: Clock | None = None) -> str:
    """A duty's words with what to call the person it is about."""
    other = next((part for part in found.parts if clock and part.pk == clock.about_id), None)
    return text.format(name=_call(other) if other else found.call_them)


def _call(part: Involvement) -> str:
    """What to call somebody else on the case; a part kept apart has no name here."""
    who = part.who
    known = who is not None and who.identified and not part.kept_apart
    return who.call_them if known and who else name_on_page(part).lower()


def running(found: Read) -> list[Clock]:
    """The clocks that run, paused ones left out."""
    return [clock for clock in found.clocks if clock.state == ClockState.RUNNING]


def next_step(found: Read) -> dict[str, Any]:
    """The one thing to do now: the clock due next, and where it is done."""
    case = found.case
    if case.stage == Stage.ON_HOLD:
        return _look_at_hold(found)
    clocks = {clock.pk: clock for clock in running(found) if case.is_open and _for_us(found, clock)}
    chosen = rules.next_clock({pk: (clock.kind, clock.due_at) for pk, clock in clocks.items()})
    if chosen is None:
        return _nothing_due(found)
    clock = clocks[chosen]
    if clock.kind == ClockKind.UPDATE and clock.due_at and clock.due_at - found.now > A_DAY:
        onward = _nothing_due(found)
        if onward.get("href"):
            return onward
        clock = _needed_now(found, clocks.values()) or clock
    duty = DUTIES[ClockKind(clock.kind)]
    where = where_done(found, clock)
    return {
        "text": say(found, duty.step, clock),
        "promise": clock_words(found, clock, what=""),
        "why": " ".join(filter(None, [say(found, duty.note, clock), _who_else(found, clock)])),
        "button": where[0] if where else "",
        "href": where[1] if where else "",
        "rings_duty_manager": clock.kind == ClockKind.DUTY_MANAGER,
    }


def _for_us(found: Read, clock: Clock) -> bool:
    """A manager's own duty is no next step of an officer's."""
    stage = found.case.stage
    may = rules.does(found.actor, stage=stage, kind=clock.kind)
    return bool(may) or not rules.work(found.actor, stage=stage)


def _needed_now(found: Read, clocks: Iterable[Clock]) -> Clock | None:
    """The first thing that keeps the case in its stage, although no moment was promised for it."""
    by_kind = {ClockKind(clock.kind): clock for clock in clocks}
    needed = rules.needed_to_leave(found.case.stage, by_kind)
    return by_kind[needed[0]] if needed else None


def _look_at_hold(found: Read) -> dict[str, Any]:
    case = found.case
    day = words.say_day(case.hold_review_on, found.now) if case.hold_review_on else ""
    may = rules.move(found.actor, stage=case.stage, to=case.held_from, held_from=case.held_from)
    return {
        "text": "Ask if the hold still stands",
        "why": f"Look at it again {day}. Clocks keep running while a case is on hold.",
        "button": "Take it off hold" if may else "",
        "href": to(case, "stage") if may else "",
    }


def _nothing_due(found: Read) -> dict[str, Any]:
    case = found.case
    if not case.is_open:
        return {"text": "Nothing is due", "why": f"The case is {stage_name(case.stage).lower()}."}
    onward = [stage for stage in rules.onward(case.stage) if _may_move(found, stage)]
    if onward:
        return {
            "text": f"Move on to {onward[0].label}",
            "why": "Everything this stage needs is done.",
            "button": f"Move to {onward[0].label}",
            "href": to(case, "stage"),
        }
    return {"text": f"Keep in touch with {found.call_them}", "why": "Nothing is due."}


def _may_move(found: Read, stage: Stage) -> Answer:
    kinds = [ClockKind(clock.kind) for clock in found.clocks if clock.state in ALIVE]
    return rules.move(found.actor, stage=found.case.stage, to=stage, running=kinds)


def where_done(found: Read, clock: Clock) -> tuple[str, str] | None:
    """The button's words and the page where a duty is done, if this reader may do it."""
    case, kind = found.case, ClockKind(clock.kind)
    duty = DUTIES[kind]
    if kind in (ClockKind.ALLOCATE, ClockKind.REASSIGN):
        allowed = rules.allocate(found.actor, stage=case.stage)
        return ("Name a lead officer", to(case, "allocate")) if allowed else None
    if duty.met_by is MetBy.SYSTEM:
        return _system_place(found, kind)
    if not rules.does(found.actor, stage=case.stage, kind=kind):
        return None
    if duty.met_by is MetBy.INTERACTION:
        return ("Log a contact or an attempt", _contact_address(found, kind))
    if kind in PAGES:
        text, page = PAGES[kind]
        return (text, address(page, case.reference))
    return ("Record how it ended", to(case, "duty", clock.pk))


def duty_page(case: Case, kind: ClockKind) -> str:
    """Where a promise that still runs is ended in another way than by its own page, or ""."""
    pk = case.clocks.filter(kind=kind, state__in=ALIVE).values_list("pk", flat=True).first()
    return to(case, "duty", pk) if pk else ""


def _system_place(found: Read, kind: ClockKind) -> tuple[str, str] | None:
    """Where something is done that the work itself meets, if this reader can go there.

    Each place has a rule of its own: whoever takes reports adds views and asks about risk.
    """
    actor, stage, here = found.actor, found.case.stage, found.case.reference
    if kind is ClockKind.SETTLE_VIEW and rules.add_view(actor, stage=stage):
        return ("Add somebody’s view", to(found.case, "view"))
    if kind is ClockKind.SAME_INCIDENT and rules.does(actor, stage=stage, kind=kind):
        return ("Compare the accounts", address("intake:pairs", here))
    if kind in (ClockKind.RISK, ClockKind.RISK_REVIEW) and may_assess(actor, stage=stage):
        return ("Ask about risk", address("risk:history", here))
    if kind is ClockKind.SAFEGUARDING and actor.may(Grant.RECEIVE_SAFEGUARDING):
        return ("See the referral", address("intake:routes"))
    return None


def _contact_address(found: Read, kind: ClockKind) -> str:
    parts: tuple[str, ...] = (Part.VICTIM,)
    if kind is ClockKind.THIRD_PARTY_CONTACT:
        parts = (Part.THIRD_PARTY, Part.WITNESS)
    chosen = next((part for part in found.parts if part.part in parts), None)
    where = to(found.case, "contact")
    return f"{where}?with={chosen.pk}" if chosen else where


def _who_else(found: Read, clock: Clock) -> str:
    """Who does it, when this reader cannot."""
    if where_done(found, clock):
        return ""
    if clock.kind in (ClockKind.ALLOCATE, ClockKind.REASSIGN):
        return str(Grant.ALLOCATE)
    if clock.kind == ClockKind.SAFEGUARDING and found.actor.may(Grant.WORK_CASES):
        return "It was sent at triage, and is met when the Safeguarding lead answers it."
    stage = found.case.stage
    if not found.actor.may(Grant.WORK_CASES) and rules.add_view(found.actor, stage=stage):
        return "Whoever works the case does this."
    return rules.does(found.actor, stage=stage, kind=clock.kind).reason


def _whose_it_is(found: Read, clock: Clock) -> str:
    """Why a reader finds nothing to press beside a clock that asks for a decision."""
    if clock.kind != ClockKind.SAME_INCIDENT or where_done(found, clock):
        return ""
    return "The lead officer or a case manager reads both accounts and decides."


def clock_words(found: Read, clock: Clock, *, what: str | None = None) -> Any:
    """A clock as ``components/time_left.html`` takes it."""
    said = promise_words(
        clock.kind,
        started_at=None,
        due_at=clock.due_at,
        now=found.now,
        met_at=clock.met_at,
        on_hold=clock.state == ClockState.PAUSED,
    )
    shown = {
        "state": said.state,
        "words": said.words,
        "what": f"{said.what}," if said.due_words else said.what,
        "due_words": said.due_words,
        "fraction": None,
    }
    if what is not None:
        shown["what"] = what
        shown["due_words"] = words_first(said.due_words)
    return shown


def words_first(text: str) -> str:
    """The words with a capital: "Due tomorrow at 10:41am"."""
    return text[:1].upper() + text[1:]


FEW = 4
"""So many promises that have ended stand beside the running ones; more are folded away."""


def clocks(found: Read) -> dict[str, Any]:
    """Every promise with what can be done about it; those met or not applying come last."""
    work = rules.work(found.actor, stage=found.case.stage)
    manage = work and found.actor.may(Grant.APPROVE_EXCEPTION)
    alive = [clock for clock in found.clocks if clock.state in ALIVE]
    timed = [clock for clock in alive if clock.due_at]
    running = [
        {
            "promise": clock_words(found, clock),
            "links": _clock_links(found, clock, bool(manage)),
            "note": _whose_it_is(found, clock),
        }
        for clock in timed
    ]
    ended = [clock for clock in found.clocks if clock.state not in ALIVE]
    shown = [_ended(found, clock) for clock in ended]
    if len(ended) <= FEW:
        return {"shown": [*running, *shown], "ended": [], "words": ""}
    return {"shown": running, "ended": shown, "words": _ended_words(ended)}


def _ended_words(ended: list[Clock]) -> str:
    """How the promises that ended did: "14 done or not applying, 2 of them late"."""
    late = sum(1 for clock in ended if clock.was_late)
    said = f"{len(ended)} done or not applying"
    return f"{said}, {late} of them late" if late else f"{said}, none late"


def _ended(found: Read, clock: Clock) -> dict[str, Any]:
    if clock.state == ClockState.MET:
        said = clock_words(found, clock)
        level = clock.outcome.partition(": ")[0]
        said["due_words"] = level if level and clock.kind != ClockKind.RISK else ""
        said["what"] = ClockKind(clock.kind).label + (":" if said["due_words"] else "")
        return {"promise": said, "links": []}
    said = {"state": "hold", "words": "Does not apply", "what": f"{ClockKind(clock.kind).label}:"}
    return {"promise": {**said, "due_words": clock.why, "fraction": None}, "links": []}


def _clock_links(found: Read, clock: Clock, manage: bool) -> list[dict[str, Any]]:
    links = []
    label = ClockKind(clock.kind).label
    # What keeps the case in a stage is listed under its stage; the rest is only here.
    where = where_done(found, clock)
    if where and not DUTIES[ClockKind(clock.kind)].gate:
        links.append({"text": where[0], "href": where[1], "hidden": label})
    if clock.state == ClockState.PAUSED and rules.work(found.actor, stage=found.case.stage):
        address = to(found.case, "resume", clock.pk)
        links.append({"text": "Let it run again", "post": address, "hidden": label})
    elif manage:
        links.append({"text": "Pause", "href": to(found.case, "pause", clock.pk), "hidden": label})
    return links


def needs(found: Read) -> list[dict[str, Any]]:
    """What each stage from here on still needs, the present one first."""
    stage = found.case.stage
    if not found.case.is_open or stage not in GATES:
        return []
    alive = {clock.kind: clock for clock in found.clocks if clock.state in ALIVE}
    here = rules.needed_to_leave(stage, [ClockKind(kind) for kind in alive])
    listed = [_need(found, Stage(stage), here, alive)] if here or stage != Stage.MONITOR else []
    for gate in GATES[GATES.index(Stage(stage)) + 1 :]:
        due = [kind for kind in ClockKind if kind in alive and DUTIES[kind].gate == gate]
        if due:
            listed.append(_need(found, gate, due, alive))
    return listed


def _need(
    found: Read, stage: Stage, kinds: Iterable[ClockKind], alive: dict[str, Clock]
) -> dict[str, Any]:
    tasks = [_task(found, alive[kind]) for kind in kinds]
    if not tasks:
        may = rules.work(found.actor, stage=found.case.stage)
        href = to(found.case, "stage") if may else ""
        tasks = [{"text": "Nothing: it can move on", "href": href, "hint": ""}]
    return {"stage": stage.label, "tasks": tasks}


def _task(found: Read, clock: Clock) -> dict[str, str]:
    duty: Duty = DUTIES[ClockKind(clock.kind)]
    where = where_done(found, clock)
    return {
        "text": say(found, duty.step, clock),
        "href": where[1] if where else "",
        "hint": "On hold: " + clock.why
        if clock.state == ClockState.PAUSED
        else say(found, duty.note, clock),
    }


def add_links(found: Read) -> list[dict[str, str]]:
    """What this reader may add."""
    case, actor = found.case, found.actor
    links = []
    work = rules.work(actor, stage=case.stage)
    if work:
        links.append(("Log a contact or an attempt", to(case, "contact")))
    if rules.add_view(actor, stage=case.stage):
        links.append(("Another incident", to(case, "incident")))
        links.append(("Somebody’s view that hate was part of it", to(case, "view")))
        links.append(("A person and their part", to(case, "person")))
    if work:
        links.append(("A note", to(case, "note")))
    return [{"text": text, "href": href} for text, href in links]


# Words, page, rule: what is decided about the case as a whole.
MANAGE = (
    ("Move to another stage", "stage", "casework.work"),
    ("Put on hold", "hold", "casework.may_hold"),
    ("Name or change the lead officer", "allocate", "casework.allocate"),
    ("Restrict to named people", "restrict", "casework.restrict"),
    ("Change which company it belongs to", "company", "casework.place"),
)


def manage_links(found: Read) -> list[dict[str, str]]:
    """Decisions this reader may make, then what everybody may open."""
    case, actor = found.case, found.actor
    links = [
        {"text": text, "href": to(case, page)}
        for text, page, rule in MANAGE
        if RULES[rule](actor, stage=case.stage)
    ]
    if actor.may(Grant.APPROVE_EXCEPTION) and rules.still_open(case.stage):
        links.append({"text": "Approve an exception", "href": to(case, "exception")})
    if actor.may(Grant.LIFT_CONFLICT):
        links.append({"text": "Conflicts of interest", "href": to(case, "conflicts")})
    if actor.may(Grant.SEE_LOOKS):
        links.append({"text": "Each look at this case", "href": to(case, "looks")})
    return [
        *links,
        {"text": "I know somebody in this case", "href": to(case, "declare")},
        {"text": "Everything done, in sentences", "href": to(case, "events")},
        {"text": "How each record has changed", "href": to(case, "history")},
    ]
