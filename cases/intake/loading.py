"""The only way a view gets a report, a route or a pair: scoped to the actor, and recorded."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from cases import references
from cases.access import Actor, Grant
from cases.audit.context import saw
from cases.casework.models import Case, Conflict, Incident, IncidentPair
from cases.intake.choices import ReportState, RouteState
from cases.intake.models import Report, RouteRecord
from cases.intake.owners import RECEIVES


def get_report(actor: Actor, reference: str) -> Report:
    """The report, if the actor may see it.  Raises Http404 exactly as for one not there."""
    report = _report(Report.objects.visible_to(actor), reference)
    if report is None:
        raise Http404
    return report


def get_own_result(actor: Actor, reference: str) -> Report | None:
    """A report the actor has just taken and may not read, because of a conflict of interest:
    what to tell the caller is still theirs to say, until somebody leads the case.
    """
    tied = Conflict.objects.filter(user_id=actor.id or 0, lifted_at__isnull=True)
    taken = Report.objects.filter(
        taken_by_id=actor.id or 0, case__lead__isnull=True, case__conflicts__in=tied
    )
    return _report(taken.distinct(), reference)


def _report(rows: QuerySet[Report], reference: str) -> Report | None:
    report = (
        rows.select_related(
            "case__policy_version", "case__lead", "victim", "reporter", "taken_by", "team"
        )
        .filter(reference=references.tidy(reference))
        .first()
    )
    if report is not None:
        saw("intake.report", report.pk, case=report.case.reference if report.case else "")
    return report


def routes_visible(actor: Actor) -> QuerySet[RouteRecord]:
    """Routes the actor receives, and for a manager those of the team that came back or have
    nobody to receive them.  Never one of a report that is kept from them.
    """
    mine = Q(owner_id=actor.id or 0)
    if actor.may(Grant.ALLOCATE):
        astray = Q(state=RouteState.DECLINED) | Q(state=RouteState.OFFERED, owner__isnull=True)
        mine |= astray & Q(report__team_id=actor.team_id)
    return (
        RouteRecord.objects.filter(mine, route__in=list(RECEIVES))
        .filter(report__in=_readable(actor))
        .select_related("report__case", "report__victim", "owner", "answered_by")
    )


def _readable(actor: Actor) -> QuerySet[Report]:
    return Report.objects.visible_to(actor).order_by()


def get_route(actor: Actor, pk: int) -> RouteRecord:
    """One of those routes.  Raises Http404."""
    route = routes_visible(actor).filter(pk=pk).first()
    if route is None:
        raise Http404
    case = route.report.case
    saw("intake.routerecord", route.pk, case=case.reference if case else "")
    return route


def waiting_reports(actor: Actor) -> list[Report]:
    """Reports that wait until somebody is asked why, least time left first."""
    return list(
        Report.objects.visible_to(actor)
        .filter(state=ReportState.WAITING)
        .select_related("victim")
        .order_by("triage_due_at", "pk")[:50]
    )


def incidents_visible(actor: Actor) -> QuerySet[Incident]:
    """Incidents of the cases, and of the reports without one, that the actor may see."""
    return Incident.objects.filter(
        Q(case__in=Case.objects.visible_to(actor).order_by())
        | Q(case__isnull=True, report_links__report__in=_readable(actor))
    ).order_by()


def get_pair(actor: Actor, pk: int) -> IncidentPair:
    """Two accounts, if the actor may read both.  Raises Http404."""
    seen = incidents_visible(actor).values("pk")
    pair = (
        IncidentPair.objects.filter(pk=pk, first__in=seen, second__in=seen)
        .select_related("first__case", "second__case", "decided_by")
        .first()
    )
    if pair is None:
        raise Http404
    for one in (pair.first, pair.second):
        saw("casework.incident", one.pk, case=one.case.reference if one.case else "")
    return pair


def pairs_of_case(actor: Actor, case: Case) -> list[IncidentPair]:
    """The pairs of a case the actor may read whole, undecided ones first."""
    seen = incidents_visible(actor).values("pk")
    return list(
        IncidentPair.objects.filter(Q(first__case=case) | Q(second__case=case))
        .filter(first__in=seen, second__in=seen)
        .select_related("first__case", "second__case", "decided_by")
        .order_by("decision", "pk")
    )
