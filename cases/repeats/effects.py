"""What a repeat or a pattern changes on its case: duties, promised once (domain 6.4).

The manager is told, the plan is agreed again, support and the police are offered again, the
history of the respondent and the place is looked at.  A duty that already runs is left alone,
and nobody is told twice: not when a flag goes and comes back, nor when a pattern becomes a repeat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from cases import calendar
from cases.access import Actor
from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import Case
from cases.casework.operations import start_clocks, withdraw_clocks
from cases.casework.promises import Promise
from cases.policy.queries import holidays, settings_at
from cases.repeats.choices import Level
from cases.repeats.models import RepeatEvidence, RepeatFlag
from cases.rows import keep

OURS = (ClockKind.REPEAT_TOLD, ClockKind.REPEAT_HISTORY, ClockKind.REPEAT_ASB_REVIEW)
"""Duties that make sense only while it is a repeat or a pattern."""
STOP = "Asked not to be asked again"
NO_LONGER = "A fact was corrected: it is not a repeat or a pattern after all."


def promise_what_follows(*, by: Actor, at: datetime, flags: Iterable[RepeatFlag]) -> None:
    """Promise, or withdraw, what follows on the cases of incidents whose flag changed."""
    raised, fallen = dict[int, list[RepeatFlag]](), dict[int, Case]()
    for flag in flags:
        case = flag.incident.case if flag.incident else None
        if case is None or not case.is_open:
            continue
        if flag.level == Level.NONE:
            fallen[case.pk] = case
        elif flag.told_at is None:
            raised.setdefault(case.pk, []).append(flag)
    for rows in raised.values():
        assert rows[0].incident is not None  # only such flags have a case
        case = rows[0].incident.case
        assert case is not None
        start_clocks(by=by, at=at, case=case, promises=list(_promises(case, at)))
        for row in rows:
            row.told_at = at
            keep(row)
    for pk in fallen.keys() - raised.keys():
        _withdraw(by, at, fallen[pk])


def promise_apart(
    *, by: Actor, at: datetime, flags: Iterable[RepeatFlag], because: Collection[int]
) -> None:
    """Promise nothing on the cases of these flags, which would tell of a restricted one; whoever
    is named on that one decides who must know (ADR 19).  ``because`` are its incidents.
    """
    told = [row for row in flags if row.level != Level.NONE and row.told_at is None]
    earlier = RepeatEvidence.objects.filter(
        flag__in=told, earlier__in=because, ended_at__isnull=True
    )
    cases = Case.objects.open().filter(pk__in=earlier.values("earlier__case")).order_by("pk")
    soon = _days(at, settings_at(at), "SLA_MANAGER_REVIEW_DAYS", holidays()) if told else at
    for case in cases if told else ():
        start_clocks(by=by, at=at, case=case, promises=[Promise(ClockKind.REPEAT_APART, at, soon)])
    for row in told:
        row.told_at = at
        keep(row)


def _promises(case: Case, at: datetime) -> Iterator[Promise]:
    settings, free = settings_at(at), holidays()
    soon = _days(at, settings, "SLA_MANAGER_REVIEW_DAYS", free)
    plan = _days(at, settings, "SLA_ACTION_PLAN_DAYS", free)
    yield Promise(ClockKind.REPEAT_TOLD, at, soon)
    yield Promise(ClockKind.REPEAT_HISTORY, at, plan)
    yield Promise(ClockKind.REPEAT_ASB_REVIEW, at, plan)
    yield Promise(ClockKind.ACTION_PLAN, at, plan)
    yield Promise(ClockKind.SUPPORT_SPECIALIST, at, None)
    if not case.clocks.filter(kind=ClockKind.POLICE, outcome__startswith=STOP).exists():
        hours = settings["SLA_FIRST_CONTACT_HOURS"]
        yield Promise(ClockKind.POLICE, at, calendar.add_elapsed(at, hours))


def _days(at: datetime, settings: Mapping[str, Any], name: str, free: Collection[date]) -> datetime:
    return calendar.add_working_days(at, settings[name], free)


def _withdraw(by: Actor, at: datetime, case: Case) -> None:
    """End what only a repeat asks for, unless another incident of the case still is one."""
    flagged = RepeatFlag.objects.filter(incident__case=case).exclude(level=Level.NONE)
    if flagged.exists():
        return
    unmet = case.clocks.filter(kind=ClockKind.REPEAT_TOLD, state=ClockState.RUNNING).exists()
    withdraw_clocks(by=by, at=at, case=case, kinds=OURS, why=NO_LONGER)
    if unmet:
        # Nobody was told yet, so they are if it becomes one again.
        for row in RepeatFlag.objects.filter(incident__case=case, told_at__isnull=False):
            row.told_at = None
            keep(row)
