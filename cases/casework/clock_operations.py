"""Starting, meeting and pausing the clocks.  Nothing can re-date one (domain 4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework import rules
from cases.casework.choices import ClockState, ContactKind
from cases.casework.clocks import ClockKind
from cases.casework.locking import derive, lock
from cases.casework.models import Case, Clock, Involvement
from cases.casework.promises import Promise, next_contact
from cases.people.choices import Reach
from cases.policy.queries import settings_at
from cases.rows import keep


def running(case: Case) -> list[Clock]:
    """The case's clocks that still run, in the order they are due."""
    return list(case.clocks.filter(state=ClockState.RUNNING))


def running_kinds(case: Case) -> list[ClockKind]:
    """The kinds of the clocks that keep the case in its stage: running or paused."""
    states = [ClockState.RUNNING, ClockState.PAUSED]
    return [
        ClockKind(kind)
        for kind in case.clocks.filter(state__in=states).values_list("kind", flat=True)
    ]


def refresh_next(case: Case, known: Iterable[Clock] | None = None) -> None:
    """Keep on the case which clock is due next, for the queue's order.

    ``known`` are the case's clocks, if the caller has them.
    """
    every = running(case) if known is None else known
    clocks = {clock.pk: clock for clock in every if clock.state == ClockState.RUNNING}
    chosen = rules.next_clock({pk: (clock.kind, clock.due_at) for pk, clock in clocks.items()})
    derive(
        case,
        next_due_at=clocks[chosen].due_at if chosen else None,
        next_clock=clocks[chosen].kind if chosen else "",
    )


@operation
def start_clocks(
    *, by: Actor, at: datetime, case: Case, promises: Iterable[Promise]
) -> list[Clock]:
    """Store every promise as made.  A clock of the kind that already runs is left alone."""
    lock(case)
    alive = list(case.clocks.filter(state__in=[ClockState.RUNNING, ClockState.PAUSED]))
    already = {(clock.kind, clock.about_id) for clock in alive}
    wanted = [each for each in promises if (each.kind, each.about_id) not in already]
    clocks = [_clock(case, promise) for promise in wanted]
    if not clocks:
        unchanged()
        return []
    Clock.objects.bulk_create(clocks)
    record(
        Verb.CLOCK_STARTED,
        by=by,
        at=at,
        subject=case,
        case=case.reference,
        changes={clock.kind: clock.due_at.isoformat() if clock.due_at else "" for clock in clocks},
    )
    refresh_next(case, [*alive, *clocks])
    return clocks


def _clock(case: Case, promise: Promise) -> Clock:
    state = ClockState.RUNNING
    if promise.met_at:
        state = ClockState.MET
    elif promise.not_applicable:
        state = ClockState.NOT_APPLICABLE
    return Clock(
        case=case,
        kind=promise.kind,
        about_id=promise.about_id,
        started_at=promise.started_at,
        due_at=promise.due_at,
        met_at=promise.met_at,
        state=state,
        why=promise.not_applicable,
    )


@operation
def meet_clocks(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    kinds: Sequence[ClockKind],
    met_at: datetime | None = None,
    about: Involvement | None = None,
    only: bool = False,
    outcome: str = "",
) -> list[Clock]:
    """Meet the clocks of these kinds that run or are paused; late is recorded late.

    Those about nobody in particular are met with those of ``about``, unless ``only``.
    """
    lock(case)
    whose = Q(about=about) if only else Q(about=about) | Q(about__isnull=True)
    clocks = list(
        case.clocks.select_for_update(no_key=True).filter(
            whose,
            kind__in=kinds,
            state__in=[ClockState.RUNNING, ClockState.PAUSED],
        )
    )
    for clock in clocks:
        clock.state, clock.met_at, clock.outcome = ClockState.MET, met_at or at, outcome
        keep(clock)
        record(
            Verb.CLOCK_MET,
            by=by,
            at=at,
            subject=clock,
            case=case.reference,
            changes={"kind": clock.kind, "late": clock.was_late},
        )
    if clocks:
        refresh_next(case)
    else:
        unchanged()
    return clocks


@operation
def set_aside(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    kinds: Sequence[ClockKind],
    why: str,
    about_id: int | None,
) -> list[Clock]:
    """End promises that another takes the place of, or that no longer apply, and say why."""
    lock(case)
    alive = case.clocks.select_for_update(no_key=True).filter(
        about_id=about_id, kind__in=kinds, state__in=[ClockState.RUNNING, ClockState.PAUSED]
    )
    clocks = list(alive)
    for clock in clocks:
        clock.state, clock.why = ClockState.NOT_APPLICABLE, why
        keep(clock)
        record(
            Verb.CLOCK_NOT_APPLICABLE,
            by=by,
            at=at,
            subject=clock,
            case=case.reference,
            changes={"kind": clock.kind},
        )
    if clocks:
        refresh_next(case)
    else:
        unchanged()
    return clocks


@operation
def set_risk(*, by: Actor, at: datetime, case: Case, level: str, provisional: bool) -> Case:
    """Keep on the case the level of risk that its assessments give, for all who read it.

    A higher one brings the next contact forward, as often as that level asks (SLA_UPDATE).
    """
    lock(case)
    if (case.risk, case.risk_provisional) == (level, provisional):
        unchanged()
        return case
    before, case.risk, case.risk_provisional = case.risk, level, provisional
    # Derived for reading only, so it leaves no history row of its own.
    Case.objects.filter(pk=case.pk).update(risk=level, risk_provisional=provisional)
    record(
        Verb.RISK_LEVEL,
        by=by,
        at=at,
        subject=case,
        case=case.reference,
        changes={"from": before, "to": level, "provisional": provisional},
    )
    _contact_as_often(by, at, case)
    return case


def _contact_as_often(by: Actor, at: datetime, case: Case) -> None:
    """Promise the next contact sooner if the one that runs is later than the level allows."""
    running = case.clocks.filter(kind=ClockKind.UPDATE, state=ClockState.RUNNING).first()
    promise = next_contact(at, case.risk, settings_at(at))
    if running is None or running.due_at is None or promise.due_at is None:
        return
    if running.due_at > promise.due_at:
        why = f"Sooner: the risk is {case.get_risk_display()}"
        set_aside(by=by, at=at, case=case, kinds=[ClockKind.UPDATE], why=why, about_id=None)
        start_clocks(by=by, at=at, case=case, promises=[promise])


@operation
def do_duty(
    *, by: Actor, at: datetime, case: Case, clock: Clock, outcome: str, words: str
) -> Clock:
    """Record by hand that a duty was done, how it ended, and in a few words what was done."""
    lock(case)
    clock = case.clocks.select_for_update(no_key=True).get(pk=clock.pk)
    enforce(
        rules.do_duty(
            by,
            stage=case.stage,
            kind=clock.kind,
            outcome=outcome,
            words=words,
            running=running_kinds(case),
        )
    )
    if clock.state in (ClockState.MET, ClockState.NOT_APPLICABLE):
        unchanged()
        return clock
    clock.state, clock.met_at = ClockState.MET, at
    clock.outcome = f"{outcome}: {words.strip()}"
    keep(clock)
    record(
        Verb.CLOCK_MET,
        by=by,
        at=at,
        subject=clock,
        case=case.reference,
        changes={"kind": clock.kind, "outcome": outcome, "late": clock.was_late},
    )
    refresh_next(case)
    return clock


@operation
def pause_clock(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    clock: Clock,
    ground: str,
    why: str,
    until: date | None,
) -> Clock:
    """Pause a clock until a later day: they asked, or three safe attempts failed (manager)."""
    lock(case)
    enforce(
        rules.pause(
            by,
            stage=case.stage,
            ground=ground,
            attempts=_safe_attempts(case),
            why=why,
            until=until,
            today=london_date(at),
        )
    )
    clock = case.clocks.select_for_update(no_key=True).get(pk=clock.pk)
    if clock.state != ClockState.RUNNING:
        unchanged()
        return clock
    clock.state, clock.why, clock.paused_until = ClockState.PAUSED, why.strip(), until
    clock.paused_for = ground
    return _changed(by, at, case, clock, Verb.CLOCK_PAUSED)


def _safe_attempts(case: Case) -> int:
    """Attempts to reach somebody in a way they say is safe."""
    rows = case.contacts.filter(kind=ContactKind.ATTEMPT)
    tried = rows.select_related("involvement__person__safe_contact")
    return sum(
        getattr(
            getattr(entry.involvement.person, "safe_contact", None), entry.channel, Reach.NOT_ASKED
        )
        == Reach.SAFE
        for entry in tried
    )


@operation
def resume_clock(*, by: Actor, at: datetime, case: Case, clock: Clock) -> Clock:
    """Let a paused clock run again; its due moment stays as promised."""
    lock(case)
    enforce(rules.work(by, stage=case.stage))
    clock = case.clocks.select_for_update(no_key=True).get(pk=clock.pk)
    if clock.state != ClockState.PAUSED:
        unchanged()
        return clock
    clock.state, clock.paused_until = ClockState.RUNNING, None
    return _changed(by, at, case, clock, Verb.CLOCK_RESUMED)


@operation
def resume_due(*, by: Actor, at: datetime, case: Case) -> list[Clock]:
    """Let the clocks of an open case run again that were paused until a day that has come.

    Nobody has to remember them: ``manage.py resume_clocks`` asks for every case, daily.
    """
    lock(case)
    due = case.clocks.select_for_update(no_key=True).filter(
        state=ClockState.PAUSED, paused_until__lte=london_date(at)
    )
    clocks = list(due) if rules.still_open(case.stage) else []
    for clock in clocks:
        clock.state, clock.paused_until = ClockState.RUNNING, None
        _changed(by, at, case, clock, Verb.CLOCK_RESUMED)
    if not clocks:
        unchanged()
    return clocks


@operation
def withdraw_clocks(
    *, by: Actor, at: datetime, case: Case, kinds: Sequence[ClockKind], why: str
) -> list[Clock]:
    """End what was promised because of something that turned out not to be so."""
    lock(case)
    clocks = list(
        case.clocks.select_for_update(no_key=True).filter(
            kind__in=kinds, state__in=[ClockState.RUNNING, ClockState.PAUSED]
        )
    )
    for clock in clocks:
        clock.state, clock.why, clock.paused_until = ClockState.NOT_APPLICABLE, why, None
        _changed(by, at, case, clock, Verb.CLOCK_NOT_APPLICABLE)
    if not clocks:
        unchanged()
    return clocks


@operation
def approve_exception(*, by: Actor, at: datetime, case: Case, clock: Clock, reason: str) -> Clock:
    """A manager agrees that a duty does not apply here, and says why (HC-40)."""
    lock(case)
    enforce(rules.approve_exception(by, stage=case.stage, lead_id=case.lead_id, reason=reason))
    clock = case.clocks.select_for_update(no_key=True).get(pk=clock.pk)
    if clock.state in (ClockState.MET, ClockState.NOT_APPLICABLE):
        unchanged()
        return clock
    clock.state, clock.why = ClockState.NOT_APPLICABLE, reason.strip()
    return _changed(by, at, case, clock, Verb.EXCEPTION_APPROVED)


def _changed(by: Actor, at: datetime, case: Case, clock: Clock, verb: Verb) -> Clock:
    keep(clock)
    record(
        verb,
        by=by,
        at=at,
        subject=clock,
        case=case.reference,
        changes={"kind": clock.kind, "state": clock.state},
    )
    refresh_next(case)
    return clock
