"""Sending a call sheet to triage: once, whole, and with everything that follows from it."""

from __future__ import annotations

from datetime import datetime

from cases import references
from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.promises import triage_due
from cases.intake import rules, sheet_rules
from cases.intake.choices import ReportState, SheetState
from cases.intake.deciding import facts_told, kept
from cases.intake.models import CallSheet, Report
from cases.intake.opening import Telling, open_hate_case, record_incidents
from cases.intake.owners import outside_manager, team_for
from cases.intake.pair_operations import find_pairs
from cases.intake.people_of_report import People, make_people
from cases.intake.reading import read_sheet
from cases.intake.route_operations import open_routes
from cases.intake.told import Told
from cases.intake.triage import HATE, Triage, triage
from cases.policy.queries import settings_at
from cases.rows import keep
from cases.staff.models import Team


@operation
def submit(*, by: Actor, at: datetime, sheet: CallSheet) -> Report:
    """Make a report of the sheet, triage it, and open what it becomes, in one transaction.

    Once for a sheet: a second press, a reload or ten at once all get the first report.
    Without the motivation answers the report waits, its triage clock running (domain 10).
    Raises Refused for somebody else's sheet, or when nothing says what happened.
    """
    locked = CallSheet.objects.select_for_update(of=("self",)).select_related("taken_by")
    sheet = locked.get(pk=sheet.pk)
    if sheet.state == SheetState.SENT:
        unchanged()
        return Report.objects.get(sheet=sheet)
    read = read_sheet(sheet)
    enforce(
        rules.submit(
            by,
            taken_by_id=sheet.taken_by_id,
            said_what_happened=sheet_rules.said_what_happened(read.answers),
        )
    )
    told = read.told
    people = make_people(by=by, at=at, told=told, received_at=sheet.received_at)
    facts = facts_told(told, people, by, london_date(sheet.received_at))
    result = triage(facts)
    report = _report(by, at, sheet, told, people, result)
    apart = told.keep_apart and not told.by_victim
    report.facts = {**kept(facts), **people.kept(), "kept_apart": apart}
    keep(report)
    _close(by, at, sheet, report, result)
    telling = Telling(by, at, report, told, people, read.said_at)
    case = open_hate_case(telling, result) if result.takes(HATE) else None
    record_incidents(telling, case)
    open_routes(by=by, at=at, report=report, result=result)
    find_pairs(by=by, at=at, report=report)
    return report


def _report(
    by: Actor, at: datetime, sheet: CallSheet, told: Told, people: People, result: Triage
) -> Report:
    triaged = not result.waiting_for
    return Report(
        reference=_free_reference(london_date(at).year),
        sheet=sheet,
        door=sheet.door,
        channel=sheet.channel,
        capacity=told.capacity,
        received_at=sheet.received_at,
        received_at_original=sheet.received_at,
        submitted_at=at,
        triage_due_at=triage_due(sheet.received_at, settings_at(sheet.received_at)),
        triaged_at=at if triaged else None,
        state=ReportState.TRIAGED if triaged else ReportState.WAITING,
        reporter=people.reporter,
        reporter_agency=told.agency,
        victim=people.victim,
        taken_by=sheet.taken_by,
        team=_team(by, at, people),
    )


def _team(by: Actor, at: datetime, people: People) -> Team | None:
    """The team that will work it: never the line of a colleague who was harmed (S12)."""
    if people.victim.is_colleague:
        manager = outside_manager(people.victim, at)
        return manager.team if manager else None
    return team_for(people.home, by)


def _free_reference(year: int) -> str:
    while Report.objects.filter(reference=(made := references.report_reference(year))).exists():
        pass
    return made


def _close(by: Actor, at: datetime, sheet: CallSheet, report: Report, result: Triage) -> None:
    sheet.state = SheetState.SENT
    sheet.save()
    record(
        Verb.REPORT_SUBMITTED,
        by=by,
        at=at,
        subject=report,
        changes={"report": report.reference, "channel": report.channel, "door": report.door},
    )
    if report.triaged_at:
        record_triage(by, at, report, result)


def record_triage(by: Actor, at: datetime, report: Report, result: Triage) -> None:
    """Put the result on the ledger as codes."""
    record(
        Verb.REPORT_TRIAGED,
        by=by,
        at=at,
        subject=report,
        case=report.case.reference if report.case else "",
        changes={
            "report": report.reference,
            "primary": result.primary,
            "routes": [route.route for route in result.taken],
            "provisional": result.provisional,
            "late": at > report.triage_due_at,
        },
    )
