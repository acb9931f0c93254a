"""One incident told twice: linking the accounts, and taking them apart again (ADR 5).

Linking moves nothing; it points, and brings people and reports to one case.  What it changed is
kept beside it row by row, so that taking apart is its exact opposite.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Min, Q

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.casework.choices import STAGES, ClockState, Part, Stage
from cases.casework.clock_operations import refresh_next
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, CaseMember, Clock, Incident, IncidentPair, Involvement
from cases.casework.operations import add_involvement, join_case, start_clocks
from cases.casework.promises import Promise
from cases.intake import rules
from cases.intake.choices import RouteState
from cases.intake.models import Linking, Report, ReportIncident, RouteRecord
from cases.intake.opening import add_third_party, telling_of
from cases.intake.route_operations import ENDED_BY_HATE, let_in
from cases.lifecycle import may_become
from cases.rows import keep

CARRIED = (
    ClockKind.THIRD_PARTY_CONTACT,
    ClockKind.SUPPORT_THIRD_PARTY,
    ClockKind.SAFEGUARDING,
    ClockKind.CHILDREN,
)
"""Promises to people of a joined case that its own clocks would otherwise end."""
APART = "The two accounts were of two incidents after all."

type State = dict[str, dict[str, Any]]


def link(by: Actor, at: datetime, pair: IncidentPair) -> None:
    """Make two accounts one incident, and keep what that changed."""
    rows = _touched(pair)
    before = _state(rows)
    _link(by, at, pair)
    Linking.objects.create(pair=pair, at=at, before=before, after=_state(rows))


@operation
def take_apart(*, by: Actor, at: datetime, pair: IncidentPair, reason: str) -> IncidentPair:
    """Say that two accounts linked as one were of two incidents: every row says again what it
    said before, but for what was added, which is ended, and the ledger.

    The last linked is the first to be taken apart.  Raises Refused.
    """
    pair = (
        IncidentPair.objects.select_for_update(of=("self",))
        .select_related("first__case", "second__case")
        .get(pk=pair.pk)
    )
    done = Linking.objects.filter(pair=pair, undone_at__isnull=True).first()
    for case in sorted({one.case for one in (pair.first, pair.second) if one.case}, key=_pk):
        lock(case)
    last = done is not None and _as_left(done)
    linked = done is not None and pair.decision == "SAME"
    enforce(rules.take_apart(by, linked=linked, last=last, reason=reason))
    assert done is not None  # the rule saw to it
    _undo(by, at, done)
    done.undone_at, done.undone_by_id = at, by.id
    keep(done)
    pair.decision, pair.reason = "DISTINCT", reason.strip()
    pair.decided_by_id, pair.decided_at = by.id, at
    keep(pair)
    changed(Fact.INCIDENT, pair.first_id, pair.second_id)
    cases = {one.case.reference for one in (pair.first, pair.second) if one.case}
    for reference in sorted(cases) or [""]:
        record(Verb.INCIDENTS_UNLINKED, by=by, at=at, subject=pair, case=reference)
    return pair


def _pk(row: models.Model) -> int:
    return int(row.pk)


WATCHED: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "incident": (Incident, ("same_as_id",)),
    "case": (Case, ("stage", "merged_into_id")),
    "report": (Report, ("case_id",)),
    "route": (RouteRecord, ("state", "is_primary")),
    "clock": (Clock, ("state", "why")),
    "part": (Involvement, ()),
    "member": (CaseMember, ()),
}
"""What linking may touch: of each table the fields it changes, none where it only adds."""


def _touched(pair: IncidentPair) -> dict[str, Q]:
    """Which rows of each table linking these two can touch."""
    firsts = {one.same_as_id or one.pk for one in (pair.first, pair.second)}
    told = Q(pk__in=firsts) | Q(same_as__in=firsts)
    incidents = set(Incident.objects.filter(told).values_list("pk", flat=True))
    cases = {
        pk for pk in Incident.objects.filter(pk__in=incidents).values_list("case", flat=True) if pk
    }
    behind = Q(incident_links__incident__in=incidents) | Q(case__in=cases)
    reports = set(Report.objects.filter(behind).values_list("pk", flat=True))
    return {
        "incident": Q(pk__in=incidents),
        "case": Q(pk__in=cases),
        "report": Q(pk__in=reports),
        "route": Q(report__in=reports),
        "clock": Q(case__in=cases),
        "part": Q(case__in=cases),
        "member": Q(case__in=cases),
    }


def _state(rows: dict[str, Q]) -> State:
    found: State = {}
    for name, where in rows.items():
        model, fields = WATCHED[name]
        values = model._default_manager.filter(where).order_by().values_list("pk", *fields)
        found[name] = {str(pk): said for pk, *said in values}
    return found


def _as_left(done: Linking) -> bool:
    """Whether the incidents still point as this linking left them."""
    left = done.after["incident"]
    now = dict(Incident.objects.filter(pk__in=left).values_list("pk", "same_as"))
    later = Incident.objects.filter(same_as__in=left).exclude(pk__in=left)
    return all(now[int(pk)] == said[0] for pk, said in left.items()) and not later.exists()


def _undo(by: Actor, at: datetime, done: Linking) -> None:
    """Put back, table by table, what is still as the linking left it; end what it added."""
    for name in ("incident", "case", "report", "route"):
        _put_back(name, done)
    ReportIncident.objects.filter(by_pair=done.pair_id).delete()
    _clocks_again(done)
    for name in ("part", "member"):
        model, _ = WATCHED[name]
        added = done.after[name].keys() - done.before[name].keys()
        for row in model._default_manager.filter(pk__in=added, ended_at__isnull=True):
            row.ended_at = at  # type: ignore[attr-defined]
            keep(row)
    for case in Case.objects.filter(pk__in=done.before["case"]).order_by("pk"):
        refresh_next(case)


def _put_back(name: str, done: Linking) -> None:
    model, fields = WATCHED[name]
    for row in _different(model, name, done):
        for field, said in zip(fields, done.before[name][str(row.pk)], strict=True):
            setattr(row, field, said)
        if isinstance(row, Case):
            row.version += 1
        keep(row)


def _different(model: type[models.Model], name: str, done: Linking) -> Iterable[Any]:
    """The rows that linking changed and nobody has changed since."""
    _, fields = WATCHED[name]
    before, after = done.before[name], done.after[name]
    ids = [pk for pk in before if after.get(pk) != before[pk]]
    for row in model._default_manager.filter(pk__in=ids).order_by("pk"):
        if [getattr(row, field) for field in fields] == after[str(row.pk)]:
            yield row


def _clocks_again(done: Linking) -> None:
    """What the joining ended runs again as promised; what it promised anew no longer applies."""
    for clock in _different(Clock, "clock", done):
        state, why = done.before["clock"][str(clock.pk)]
        clock.state, clock.why = ClockState.RUNNING, ""
        keep(clock)
        if state == ClockState.PAUSED:
            clock.state, clock.why = state, why
            keep(clock)
    added = done.after["clock"].keys() - done.before["clock"].keys()
    for clock in Clock.objects.filter(pk__in=added, state=ClockState.RUNNING):
        clock.state, clock.why = ClockState.NOT_APPLICABLE, APART
        keep(clock)


def _link(by: Actor, at: datetime, pair: IncidentPair) -> None:
    """Point the later account, and whatever pointed to it, to the incident first told of."""
    kept, again = _first_told(_first(pair.first), _first(pair.second))
    if kept == again:
        return  # both were found to be of one incident already, through a third account
    for account in (again, *again.told_again.all()):
        account.same_as = kept
        keep(account)
    reports = list(Report.objects.filter(incident_links__incident=again).select_related("case"))
    for report in reports:
        if not ReportIncident.objects.filter(report=report, incident=kept).exists():
            ReportIncident.objects.create(report=report, incident=kept, by_pair=pair)
    if kept.case is not None:
        _bring_together(by, at, kept.case, again.case, reports)


def _bring_together(
    by: Actor, at: datetime, into: Case, other: Case | None, reports: list[Report]
) -> None:
    """One case for one incident: the other case is joined, or a record without one brought."""
    if other is None:
        for report in reports:
            _bring_report(by, at, report, into)
    elif other.pk != into.pk:
        _join(by, at, other, into)


def _first(incident: Incident) -> Incident:
    """The incident itself, or the one it was found to be."""
    return incident.same_as or incident


def _first_told(one: Incident, other: Incident) -> tuple[Incident, Incident]:
    """Which incident stays and which account points to it: a case before none, then the one
    reported first.
    """

    def place(incident: Incident) -> tuple[bool, datetime, int]:
        told = ReportIncident.objects.filter(incident=incident).aggregate(
            first=Min("report__received_at")
        )["first"]
        return (incident.case_id is None, told or incident.recorded_at, incident.pk)

    first, second = sorted((one, other), key=place)
    return first, second


def _bring_report(by: Actor, at: datetime, report: Report, case: Case) -> None:
    """A report without a case of its own now stands behind the case of its incident, and who
    told us is a third party to it.
    """
    if report.case_id is not None:
        return
    telling = telling_of(by, at, report)
    known = case.involvements.filter(person=telling.third_party, part=Part.THIRD_PARTY)
    if not telling.told.caller_is_harmed and not (telling.third_party and known.exists()):
        add_third_party(telling, case)
    report.case = case
    keep(report)
    for route in report.routes.filter(route__in=ENDED_BY_HATE).exclude(state=RouteState.SUPERSEDED):
        route.state, route.is_primary = RouteState.SUPERSEDED, False
        route.save()
    _let_owners_in(by, at, report)


def _let_owners_in(by: Actor, at: datetime, report: Report) -> None:
    """Whoever was offered a part of the report can read the case it now stands behind."""
    for route in report.routes.select_related("owner"):
        let_in(by, at, report, route)


def _join(by: Actor, at: datetime, joined: Case, into: Case) -> None:
    """Bring the people of a case to the other, and join it if nothing else is in it."""
    _bring_people(by, at, joined, into)
    if joined.incidents.filter(same_as__isnull=True).exists():
        return
    if not may_become(STAGES, joined.stage, Stage.MERGED, called="The case"):
        return
    carried = joined.clocks.filter(kind__in=CARRIED, state=ClockState.RUNNING)
    promises = [Promise(ClockKind(clock.kind), clock.started_at, clock.due_at) for clock in carried]
    start_clocks(by=by, at=at, case=into, promises=promises)
    join_case(by=by, at=at, case=joined, into=into)
    for report in joined.reports.all():
        report.case = into
        report.save()
        _let_owners_in(by, at, report)


def _bring_people(by: Actor, at: datetime, joined: Case, into: Case) -> None:
    """Third parties and witnesses keep their part, their willingness and their secrecy."""
    already = set(into.involvements.filter(ended_at__isnull=True).values_list("person_id", "part"))
    brought = joined.involvements.filter(
        part__in=[Part.THIRD_PARTY, Part.WITNESS], ended_at__isnull=True
    )
    for part in brought.select_related("person"):
        if part.person_id is not None and (part.person_id, part.part) in already:
            continue
        add_involvement(
            by=by,
            at=at,
            case=into,
            part=part.part,
            person=part.person,
            described_as=part.described_as,
            kept_apart=True,
            gave_report=part.gave_report,
            would_speak_again=part.would_speak_again,
            would_witness=part.would_witness,
        )
