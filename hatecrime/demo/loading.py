"""The whole demo, in one transaction: all of it is there, or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from cases.casework import operations as ops
from cases.casework.choices import Access
from cases.casework.models import Case, IncidentPair
from cases.intake import operations as intake
from cases.intake.choices import RouteState, SheetState
from cases.intake.models import Report, RouteRecord
from cases.people.choices import LinkKind
from cases.people.operations import declare_staff_link
from cases.policy.queries import holidays
from hatecrime.demo import population, sheets
from hatecrime.demo.asking import ask_the_director
from hatecrime.demo.desk import COMMAND, Desk, at_the_desk
from hatecrime.demo.directory import make_directory
from hatecrime.demo.figures import enter_figures
from hatecrime.demo.improving import improve
from hatecrime.demo.looked_at import leave_to_look_at
from hatecrime.demo.reading import read_cases
from hatecrime.demo.referring import refer_some
from hatecrime.demo.scenarios import SCENARIOS, UNFINISHED
from hatecrime.demo.stories import Story, Turn, generated
from hatecrime.demo.working import Casework

Tick = Callable[[], object]
STEPS = 330
"""About how many residents and stories there are, for the progress bar."""


@transaction.atomic
def load(end: datetime, tick: Tick, only: int | None = None, *, scenarios: bool = True) -> Desk:
    """Make everything up to ``end``; ``only`` so many of the generated reports (for tests)."""
    with at_the_desk(end) as desk:
        population.make_organisation(desk)
        desk.holidays = holidays()
        population.make_residents(desk, tick)
        make_directory(desk, population.began(desk))
        for story in plan(desk, only, scenarios=scenarios):
            tell(desk, story)
            tick()
        for story, who, state in UNFINISHED:
            _leave_unfinished(desk, story, who, state)
        _sample(desk)
        refer_some(desk)
        ask_the_director(desk)
        leave_to_look_at(desk)
        read_cases(desk)
        enter_figures(desk)
        improve(desk)
        return desk


def plan(desk: Desk, only: int | None = None, *, scenarios: bool = True) -> list[Story]:
    """Every story in the order the reports came in."""
    residents = [
        key
        for key in desk.people
        if key.startswith("resident") and not key.endswith(("partner", "child"))
    ]
    stories = generated(desk.random, residents)[-only if only else None :]
    stories += SCENARIOS if scenarios else ()
    return sorted(stories, key=lambda story: (sheets.received_at(desk, story), story.key))


def tell(desk: Desk, story: Story) -> None:
    """One report from its first word to where it stands now."""
    report = sheets.take(desk, story)
    begun = report.submitted_at
    if story.turn == Turn.SAME:
        _same_incident(desk, report, begun)
        return
    _answer_routes(desk, story, report, begun)
    if story.turn == Turn.HATE_LATER:
        begun = begun + timedelta(days=19)
        report = _later_view(desk, report, begun)
    case = Case.objects.filter(reports=report).select_related("team", "victim").first()
    if case is None:
        return
    casework = Casework(desk, story, case, begun)
    casework.tell_duty_manager()
    if story.turn == Turn.UNALLOCATED:
        return
    casework.work()
    if story.turn == Turn.CONFLICT:
        _conflict(desk, story, case, begun + timedelta(hours=3))


def _answer_routes(desk: Desk, story: Story, report: Report, begun: datetime) -> None:
    at = desk.office(begun + desk.some(60, 300))
    if story.turn == Turn.OFFERED or at >= desk.end:
        return
    offered = RouteRecord.objects.filter(report=report, state=RouteState.OFFERED)
    for route in offered.select_related("owner"):
        if route.owner is None:
            continue
        by = route.owner.actor(at)
        if story.turn == Turn.DECLINED:
            reason = "It belongs with the environmental health team of the council."
            desk.do(intake.decline_route, by=by, at=at, route=route, reason=reason)
        else:
            desk.do(intake.accept_route, by=by, at=at, route=route)


def _later_view(desk: Desk, report: Report, at: datetime) -> Report:
    return desk.do(
        intake.add_view,
        by=desk.actor("Dawn Mistry", at),
        at=at,
        report=report,
        capacity="VICTIM",
        holds="YES",
        person=report.victim,
        words="I think now it is because I am gay. They shouted it on the stairs.",
        strands={"SEX_ORIENT": "ACTUAL"},
    )


def _same_incident(desk: Desk, report: Report, begun: datetime) -> None:
    """The suggested pair is decided: two accounts, one incident, one case (S08)."""
    at = desk.office(begun + desk.some(60, 200))
    for pair in IncidentPair.objects.filter(second__report_links__report=report, decision=""):
        desk.do(
            intake.decide_pair,
            by=desk.actor("Anna Weir", at),
            at=at,
            pair=pair,
            same=True,
            reason="The same door, the same paint and the same morning.",
        )


def _conflict(desk: Desk, story: Story, case: Case, at: datetime) -> None:
    """The lead says the respondent is a relative: the case leaves their sight (S13)."""
    at = min(desk.office(at), desk.end)
    lead = desk.users[story.lead]
    desk.do(
        declare_staff_link,
        by=lead.actor(at),
        at=at,
        user=lead,
        kind=LinkKind.RELATIVE,
        person=desk.people[story.teller],
    )
    desk.do(ops.find_conflicts_of, by=lead.actor(at), at=at, user=lead)


SAMPLED = ("joan", "leah", "miriam")
"""Whose cases the auditor was given, as a sample."""


def _sample(desk: Desk) -> None:
    """Some cases for the auditor, who reads them masked."""
    auditor, at = desk.users["Peter Lund"], desk.end - timedelta(days=1)
    people = [desk.people[key] for key in SAMPLED if key in desk.people]
    for case in Case.objects.filter(victim__in=people, received_at__lt=at).order_by("received_at"):
        desk.do(ops.give_access, by=COMMAND, at=at, case=case, user=auditor, why=Access.SAMPLE)


def _leave_unfinished(desk: Desk, story: Story, who: str, state: str) -> None:
    at = sheets.received_at(desk, story)
    by = desk.actor(who, at)
    sheet = desk.do(
        intake.start_sheet,
        by=by,
        at=at,
        key=desk.key(),
        door=story.door,
        channel=story.channel,
        received_at=at,
    )
    said = sheets.answers_of(desk, story, at)
    begun = {key: value for key, value in said.items() if key.startswith(("safe.", "incident-1."))}
    desk.do(
        intake.save_answers,
        by=by,
        at=at + timedelta(minutes=4),
        sheet=sheet,
        answers=begun,
        line=story.happening.words.split(".")[0],
        line_key=desk.key(),
    )
    leave = {SheetState.CUT_OFF: intake.cut_off, SheetState.PARKED: intake.park_sheet}.get(
        SheetState(state)
    )
    if leave is not None:
        desk.do(leave, by=by, at=at + timedelta(minutes=6), sheet=sheet)
