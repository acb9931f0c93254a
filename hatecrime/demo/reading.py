"""Who looked at the cases, and a few looks that are not as they should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.access import Role
from cases.audit import context
from cases.audit.finding_models import Finding, Verdict
from cases.audit.finding_operations import decide_finding
from cases.audit.ledger import record_access
from cases.audit.models import Outcome
from cases.audit.unusual import Pattern
from cases.calendar import london_date
from cases.casework.identity_operations import print_case
from cases.casework.models import Case, CaseMember
from cases.workflow.watch_operations import WATCH, watch_reading
from hatecrime.demo.desk import Desk

DAYS = 14
A_MORNING = 31
"""Cases somebody opened one after another."""

OFFICER = "Farah Naqvi"
REASON = "She reads every open case before she reports to the board. It is in her diary."


@dataclass(frozen=True)
class Look:
    """Somebody opens a case page, or tries to, at a moment."""

    at: datetime
    name: str
    case: Case
    outcome: Outcome = Outcome.SHOWN


def read_cases(desk: Desk) -> None:
    """Looks of the last fortnight, each as its page would have recorded it; then the watch."""
    cases = list(Case.objects.select_related("victim").order_by("received_at", "pk"))
    recent = [case for case in cases if case.opened_at > desk.end - timedelta(days=DAYS)]
    looks = [*_everyday(desk, recent), *_out_of_the_ordinary(desk, cases, recent)]
    for one in sorted(looks, key=lambda one: one.at):
        _look(desk, one)
    if recent:
        _print_on_sunday(desk, recent[-1])
    while watch_reading(by=WATCH, at=desk.end).more:
        pass
    _look_into(desk)


def _everyday(desk: Desk, cases: Iterable[Case]) -> Iterator[Look]:
    """Whoever is on a case opens it now and again while they work."""
    for case in cases:
        for member in CaseMember.objects.filter(case=case).select_related("user").order_by("pk"):
            for _ in range(desk.random.randint(1, 4)):
                at = desk.office(member.from_at + desk.some(1, 4000))
                if at < min(desk.end, member.ended_at or desk.end):
                    yield Look(at, member.user.full_name, case)


def _out_of_the_ordinary(desk: Desk, cases: list[Case], recent: list[Case]) -> Iterator[Look]:
    """A look without being on the case, a morning of many cases, and refusals."""
    if recent:
        yield Look(desk.day(2, 13, 31), "Ben Hartley", recent[-1])
    begins = desk.day(3, 11, 5)
    for number, case in enumerate(cases[-A_MORNING:]):
        yield Look(begins + timedelta(seconds=70 * number), "Ruth Calloway", case)
    for number, case in enumerate([case for case in cases if case.restricted][:1] * 3):
        at = desk.day(1, 16, 10) + timedelta(minutes=number)
        yield Look(at, "Liam Prosser", case, Outcome.NOT_FOUND)


def _print_on_sunday(desk: Desk, case: Case) -> None:
    """Late on the last Sunday evening there was."""
    ago = (london_date(desk.end).weekday() + 1) % 7 or 7
    at = desk.day(ago, 21, 40)
    desk.do(print_case, by=desk.actor("Dawn Mistry", at), at=at, case=case)


def _look(desk: Desk, one: Look) -> None:
    """One look at a case page, on the ledger as the page's own gate puts it there."""
    shown = [
        context.Read("casework.case", [one.case.pk], one.case.reference),
        context.Read("people.person", [one.case.victim_id], one.case.reference),
    ]
    sought = [context.Read("sought", case_reference=one.case.reference)]
    with context.in_request(desk.key().hex):
        record_access(
            shown if one.outcome == Outcome.SHOWN else sought,
            by=desk.actor(one.name, one.at),
            at=one.at,
            what="workflow:case",
            outcome=one.outcome,
        )


def _look_into(desk: Desk) -> None:
    """The data protection officer has looked into one of them already."""
    officer = desk.users[OFFICER].actor(desk.end)
    finding = Finding.objects.filter(pattern=Pattern.MANY_CASES).first()
    if finding is not None and officer.holds(Role.DPO):
        desk.do(
            decide_finding,
            by=officer,
            at=desk.end,
            finding=finding,
            verdict=Verdict.EXPLAINED,
            reason=REASON,
        )
