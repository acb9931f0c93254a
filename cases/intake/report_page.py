"""What the triage result shows, gathered once.  Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases import words
from cases.access import Actor
from cases.casework.choices import Basis, Capacity, ClockState, Holds
from cases.casework.clocks import DUTIES, ClockKind
from cases.casework.models import Clock, Perception
from cases.intake import result_words, say
from cases.intake.choices import Channel, Door, ReporterCapacity, ReportState, RouteState
from cases.intake.deciding import called, facts_kept, perceptions_of, views_recorded
from cases.intake.models import Report, RouteRecord
from cases.intake.result_words import PromiseWords
from cases.intake.triage import ASB, DA, HATE, MATE_CRIME, SAFEGUARDING, Triage, triage
from cases.people.models import Person
from cases.people.queries import safe_contact_of
from cases.policy.queries import policy_version_at

ROWS = (HATE, SAFEGUARDING, DA, MATE_CRIME, ASB)
PHONES = (Channel.PHONE_INBOUND, Channel.PHONE_OOH)
TAGS = {Holds.YES: "brand", Holds.NOT_SURE: "outline", Holds.NO: ""}
CAPACITY = {
    Capacity.VICTIM: "victim",
    Capacity.THIRD_PARTY: "third party",
    Capacity.WITNESS: "witness",
    Capacity.AGENCY: "another agency",
    Capacity.OFFICER: "colleague",
}


@dataclass(frozen=True)
class ViewRow:
    """One person's view as shown; kept apart, it has no name."""

    who: str
    tag: str
    kind: str
    when: str
    words: str = ""
    about: str = ""
    taken_back: str = ""


@dataclass(frozen=True)
class RouteRow:
    """One route, taken or not, and why."""

    name: str
    result: str
    why: str
    kind: str = "brand"


@dataclass
class Result:
    """Everything the page needs."""

    report: Report
    now: datetime
    caller: str
    on_the_line: bool
    band: result_words.Band
    when: str
    on_time: str
    late: bool
    also: list[dict[str, str]]
    say: list[str]
    reference: str
    promises: list[PromiseWords]
    not_applicable: list[str]
    runs_from: str
    views: list[ViewRow] = field(default_factory=list)
    routes: list[RouteRow] = field(default_factory=list)
    asks: str = ""
    clause: Any = None
    policy_version: str = ""
    case_reference: str = ""
    rings_duty_manager: bool = False


def result_of(report: Report, actor: Actor, now: datetime, *, whole: bool = True) -> Result:
    """The result as the actor reads it; not ``whole`` leaves out everybody's words (a conflict
    of interest: what to tell the caller can still be said).
    """
    records = list(report.routes.select_related("owner", "answered_by"))
    perceptions = perceptions_of(report)
    current = triage(facts_kept(report, perceptions))
    main = next((route for route in records if route.is_primary), None)
    clocks = list(report.case.clocks.all()) if report.case else []
    on_time, late = _on_time(report)
    band = result_words.band(
        primary=main.route if main else "",
        views=views_recorded(perceptions),
        reasons=main.reasons if main else (),
        waiting_for=current.waiting_for,
    )
    waits = report.state == ReportState.WAITING
    result = Result(
        report=report,
        now=now,
        caller=_caller(report),
        on_the_line=report.taken_by_id == actor.id,
        band=band if whole else result_words.Band(band.heading, waiting=band.waiting),
        when=f"Triaged {words.say_moment(report.triaged_at, now)}." if report.triaged_at else "",
        on_time=on_time,
        late=late,
        also=_also(records, main) if whole else [],
        say=say.sentences(_call(report, clocks, main, now)),
        reference=_reference(report),
        promises=_promises(report, records, clocks, now),
        not_applicable=_not_applicable(clocks),
        runs_from=_runs_from(report, clocks, now),
        case_reference=report.case.reference if report.case and whole else "",
        asks=current.waiting_for[0] if waits and current.waiting_for else "",
    )
    result.rings_duty_manager = _rings_duty_manager(clocks)
    if whole:
        result.views = _views(report, perceptions, now)
        result.routes = _rows(records, current)
        result.clause = _clause(current, main)
        version = report.case.policy_version if report.case else None
        result.policy_version = (version or policy_version_at(report.received_at)).version
    return result


def _rings_duty_manager(clocks: list[Clock]) -> bool:
    return any(
        clock.kind == ClockKind.DUTY_MANAGER and clock.state == ClockState.RUNNING
        for clock in clocks
    )


def _on_time(report: Report) -> tuple[str, bool]:
    if report.triaged_at is None:
        return "", False
    return result_words.on_time(report.triage_due_at, report.triaged_at)


def _by_victim(report: Report) -> bool:
    return report.door == Door.VICTIM


def _caller(report: Report) -> str:
    """What to call whoever is on the line, in a heading."""
    if _by_victim(report) and report.reporter is not None:
        return called(report.reporter)
    return "the caller"


def _reference(report: Report) -> str:
    """The reference to give: the case's to the person harmed, the report's to anybody else."""
    return report.case.reference if report.case and _by_victim(report) else report.reference


def _call(
    report: Report, clocks: list[Clock], main: RouteRecord | None, now: datetime
) -> say.CallFacts:
    kind = ClockKind.FIRST_CONTACT if _by_victim(report) else ClockKind.THIRD_PARTY_CONTACT
    promised = next(
        (clock for clock in clocks if clock.kind == kind and clock.state == ClockState.RUNNING),
        None,
    )
    lead = report.case.lead if report.case else None
    reporter: Person | None = report.reporter
    return say.CallFacts(
        safe=safe_contact_of(reporter) if reporter else None,
        now=now,
        by_when=promised.due_at if promised else None,
        lead=lead.full_name if lead else "",
        anonymous=report.capacity == ReporterCapacity.ANONYMOUS,
        about_somebody_else=not _by_victim(report),
        route=main.route if main else "",
        waiting=report.state == ReportState.WAITING,
    )


def _also(records: list[RouteRecord], main: RouteRecord | None) -> list[dict[str, str]]:
    return [
        {
            "route": route.get_route_display(),
            "because": result_words.because(route.reasons[0]),
        }
        for route in records
        if route != main and route.state != RouteState.SUPERSEDED and route.reasons
    ]


def _promises(
    report: Report, records: list[RouteRecord], clocks: list[Clock], now: datetime
) -> list[PromiseWords]:
    """Every promise with a moment: what is met first, then the least time left."""
    if not clocks:
        own = [result_words.promise("Triage", report.triage_due_at, now, met_at=report.triaged_at)]
        return own + [_referral(route, now) for route in records if route.due_at]
    victim = report.victim
    name = called(victim) if victim and victim.identified else "the person it happened to"
    shown = [clock for clock in clocks if clock.due_at and clock.state != ClockState.NOT_APPLICABLE]
    shown.sort(key=lambda clock: (clock.met_at is None, clock.due_at, clock.pk))
    return [
        result_words.promise(
            _what(clock, name),
            clock.due_at,
            now,
            met_at=clock.met_at,
            hold=clock.state == ClockState.PAUSED,
        )
        for clock in shown
        if clock.due_at
    ]


def _what(clock: Clock, name: str) -> str:
    """ "First contact with Amara": the promise in words, and whom it is about."""
    if clock.met_at:
        return str(clock.get_kind_display())
    if clock.kind == ClockKind.FIRST_CONTACT:
        return f"First contact with {name}"
    if clock.kind in (ClockKind.ALLOCATE, ClockKind.IDENTIFY_VICTIM, ClockKind.POLICE):
        return DUTIES[ClockKind(clock.kind)].step.format(name=name)
    return str(clock.get_kind_display())


def _referral(route: RouteRecord, now: datetime) -> PromiseWords:
    assert route.due_at is not None
    answered = route.answered_at if route.state == RouteState.ACCEPTED else None
    what = f"{route.get_route_display()} referral accepted"
    return result_words.promise(what, route.due_at, now, met_at=answered)


def _not_applicable(clocks: list[Clock]) -> list[str]:
    return [
        f"{clock.get_kind_display()} does not apply. {clock.why}"
        for clock in clocks
        if clock.state == ClockState.NOT_APPLICABLE
    ]


def _runs_from(report: Report, clocks: list[Clock], now: datetime) -> str:
    """Where the clocks count from; and from when hate came up, if that was later (S22)."""
    moment = words.say_moment(report.received_at, now)
    rang = report.channel in PHONES
    received = f"when {_who_rang(report)} rang" if rang else "when we received it"
    contact = next((clock for clock in clocks if clock.kind == ClockKind.FIRST_CONTACT), None)
    if contact and contact.started_at > report.received_at:
        later = words.say_moment(contact.started_at, now)
        return (
            f"First received {moment}. The clocks run from {later}, when somebody first thought "
            "hate was part of it. Weekends count. Nobody can move them."
        )
    if not clocks:
        return f"Received {moment}."
    return f"The clocks run from {moment}, {received}. Weekends count. Nobody can move them."


def _who_rang(report: Report) -> str:
    return _caller(report)


def _views(report: Report, perceptions: list[Perception], now: datetime) -> list[ViewRow]:
    """Each view once, although it is kept with every incident it was given about."""
    rows: dict[tuple[Any, ...], ViewRow] = {}
    for one, shown in zip(perceptions, _shown_as(perceptions), strict=True):
        key = (one.person_id, one.colleague_id, one.described_as, one.holds, one.said_at)
        rows.setdefault(key, _view_row(report, one, shown, now))
    return list(rows.values())


def _shown_as(perceptions: list[Perception]) -> list[str]:
    return [
        ("A third party" if one.person_id else "The caller") if one.kept_apart else one.who
        for one in perceptions
    ]


def _view_row(report: Report, one: Perception, shown: str, now: datetime) -> ViewRow:
    took = one.colleague_id is not None and one.colleague_id == report.taken_by_id
    role = "took the report" if took else CAPACITY[Capacity(one.capacity)]
    told = "asked" if one.colleague_id else "told us"
    taken_back = ""
    if one.retracted_at:
        when = words.say_moment(one.retracted_at, now)
        taken_back = f"Taken back {when}: “{one.retraction_words}”"
    return ViewRow(
        who=shown,
        tag=str(one.get_holds_display()),
        kind=TAGS[Holds(one.holds)],
        when=f"{role}, {told} {words.say_moment(one.said_at, now)}",
        words=one.words,
        about=_about(report, one),
        taken_back=taken_back,
    )


def _about(report: Report, one: Perception) -> str:
    """ "Race. Linked because Amara is.": what it was about and how it is linked."""
    name = called(report.victim) if report.victim else "they"
    linked = {
        Basis.ACTUAL: f"Linked because {name} is.",
        Basis.PERCEIVED: f"Linked because {name} is thought to be.",
        Basis.ASSOCIATION: f"Linked because somebody close to {name} is.",
        Basis.NOT_STATED: "",
    }
    said = [
        f"{strand.get_strand_display()}. {linked[Basis(strand.basis)]}".strip()
        for strand in one.strands.all()
    ]
    return " ".join(said)


def _rows(records: list[RouteRecord], current: Triage) -> list[RouteRow]:
    """Every route with its reason: as recorded if taken, as the rule says now if not."""
    taken = {record.route: record for record in records}
    codes = [*ROWS, *(code for code in taken if code not in ROWS)]
    return [_row(code, taken.get(code), current) for code in codes]


def _row(code: str, record: RouteRecord | None, current: Triage) -> RouteRow:
    name = result_words.ROUTE_NAMES[code]
    if code == MATE_CRIME:
        why = " ".join(current.mate_crime.reasons)
        applies = current.mate_crime.applies
        return RouteRow(name, "To Safeguarding" if applies else "", why)
    if record is None:
        return RouteRow(name, "", " ".join(current.route(code).reasons))
    if record.state == RouteState.SUPERSEDED:
        return RouteRow(name, "Until then", f"{' '.join(record.reasons)} Now a hate case.", "")
    why = f"{' '.join(record.reasons)} {_answer_words(record)}".strip()
    beside = "Also" if current.primary else "Already"
    return RouteRow(name, "Main route" if record.is_primary else beside, why)


def _answer_words(record: RouteRecord) -> str:
    """Who receives it and what they answered."""
    if record.route not in (SAFEGUARDING, DA, ASB):
        return ""
    owner = record.owner.full_name if record.owner else ""
    if record.state == RouteState.ACCEPTED:
        return f"{owner} has accepted it."
    if record.state == RouteState.DECLINED:
        return f"{owner} declined it: {record.answer_reason}"
    return f"Waiting for {owner} to accept." if owner else "Nobody receives it yet."


def _clause(current: Triage, main: RouteRecord | None) -> Any:
    """The policy's words for the main route; they stay those of hate once it was hate."""
    if main is None:
        return None
    return current.route(main.route).clause or (current.clause if main.route != HATE else None)
