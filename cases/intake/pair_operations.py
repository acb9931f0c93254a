"""Two accounts that may be of one incident: found on save, decided by somebody (domain 6.2.11).

Nothing is moved or lost when they are the same: the later account points to the earlier
incident, both reports tell of it, and a case opened for it alone is joined to the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases import calendar
from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.memory import recall
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.casework.choices import Location, Part, Stage
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Incident, IncidentPair
from cases.casework.operations import (
    meet_clocks,
    start_clocks,
)
from cases.casework.promises import Promise
from cases.intake import rules
from cases.intake.linking import link
from cases.intake.models import Report, ReportIncident
from cases.people.matching import name_key
from cases.people.models import Person
from cases.people.operations import JUST_ADDED
from cases.policy.queries import holidays, settings_at
from cases.rows import keep

NEAR = timedelta(days=1)
SURVIVOR = Coalesce("merged_into", "pk")


@dataclass(frozen=True)
class _About:
    """Who and where an account is about, and the day to look near."""

    people: frozenset[int]
    homes: frozenset[int]
    day: date


@operation
def find_pairs(*, by: Actor, at: datetime, report: Report) -> list[IncidentPair]:
    """Suggest accounts that may be of one incident: the same victim, household or address, at
    most a day apart, and the same place, kind or respondent.  Each must be decided within a
    working day; until then neither counts twice.
    """
    mine = Incident.objects.filter(report_links__report=report, same_as__isnull=True)
    told = [(one, _told_of(one, [report])) for one in mine.select_related("case").order_by("pk")]
    unchanged()
    return _find(by, at, told)


@operation
def find_pairs_of(*, by: Actor, at: datetime, incidents: Iterable[int]) -> list[IncidentPair]:
    """The same for any incidents, from everything told of them and the cases they are on.

    For when two records turn out to be of one person or home after the reports were sent.
    Incidents told of in one report were told as different ones, and stay so.
    """
    mine = Incident.objects.filter(pk__in=set(incidents), same_as__isnull=True)
    reports: dict[int, list[Report]] = defaultdict(list)
    told_by: dict[int, set[int]] = defaultdict(set)
    told = ReportIncident.objects.filter(report__incident_links__incident__in=mine)
    for row in told.select_related("report").distinct():
        reports[row.incident_id].append(row.report)
        told_by[row.report_id].add(row.incident_id)
    unchanged()
    found = []
    for one in mine.select_related("case").order_by("pk"):
        about = _with_case(_told_of(one, reports[one.pk]), one)
        together = {pk for report in reports[one.pk] for pk in told_by[report.pk]}
        found += _find(by, at, [(one, about)], together)
    return found


@operation
def look_again(
    *, by: Actor, at: datetime, people: Collection[int] = (), incidents: Collection[int] = ()
) -> None:
    """Look for accounts of one incident after a date, a household or an identity changed.

    A report looks for its own when it is sent, and is not looked at twice.
    """
    unchanged()
    records = _every_record(people) if people else set()
    harmed = Q(case__involvements__person__in=records, case__involvements__part=Part.VICTIM)
    ids = set(
        Incident.objects.filter(pk__in=incidents, same_as__isnull=True)
        .exclude(recorded_at=at, report_links__isnull=False)
        .values_list("pk", flat=True)
    )
    if records:
        ids |= set(Incident.objects.filter(harmed).values_list("pk", flat=True))
    if ids:
        find_pairs_of(by=by, at=at, incidents=ids)


def _told_of(incident: Incident, reports: Iterable[Report]) -> _About:
    people, homes = set[int | None](), {incident.place_id}
    received = None
    for report in reports:
        people |= {*report.facts["harmed"], *report.facts["at_home"], report.victim_id}
        homes |= {report.facts["home"]}
        received = min(received or report.received_at, report.received_at)
    day = _day(incident, received)
    return _About(frozenset(people - {None}), frozenset(homes - {None}), day)  # type: ignore[arg-type]


def _with_case(about: _About, incident: Incident) -> _About:
    case = incident.case
    if case is None:
        return about
    harmed = case.involvements.filter(part=Part.VICTIM, person__isnull=False)
    people: set[int] = {case.victim_id, *(part.person_id for part in harmed if part.person_id)}
    homes = {case.home_id} if case.home_id else set[int]()
    return replace(about, people=about.people | people, homes=about.homes | homes)


def _find(
    by: Actor,
    at: datetime,
    told: list[tuple[Incident, _About]],
    together: Collection[int] = (),
) -> list[IncidentPair]:
    """Every incident beside those near it that no pair holds yet; ``together`` are no pairs."""
    mine = [one for one, _ in told]
    apart = {*together, *(one.pk for one in mine)}
    near = [(one, other) for one, about in told for other in _near(about, apart)]
    known = _pairs_of(mine) if near else set()
    found = []
    for one, other in near:
        first, second = sorted((one, other), key=lambda each: each.pk)
        if (first.pk, second.pk) in known or not (matches := _alike(one, other)):
            continue
        known.add((first.pk, second.pk))
        found.append(_suggest(by, at, first, second, matches))
    return found


def _pairs_of(incidents: list[Incident]) -> set[tuple[int, int]]:
    pairs = IncidentPair.objects.filter(Q(first__in=incidents) | Q(second__in=incidents))
    return set(pairs.values_list("first_id", "second_id"))


def _near(about: _About, apart: Collection[int]) -> list[Incident]:
    """Other incidents of the same people or address about the same day."""
    if not about.homes and all(recall(JUST_ADDED, pk) for pk in about.people):
        return []  # nobody knew any of them until now
    first_told = (
        ReportIncident.objects.filter(incident=OuterRef("pk"))
        .values("incident")
        .annotate(first=Min("report__received_at"))
        .values("first")
    )
    about = replace(about, people=frozenset(_every_record(about.people)))
    days = (about.day - NEAR, about.day + NEAR)
    rows: QuerySet[Any] = (
        Incident.objects.filter(pk__in=_of_the_same(about), same_as__isnull=True)
        .filter(Q(occurred_on__range=days) | Q(occurred_on__isnull=True))
        .exclude(pk__in=apart)
        .exclude(case__stage=Stage.VOID)
        .annotate(first_told=Subquery(first_told))
        .select_related("case")
        .order_by("pk")
    )
    return [other for other in rows if abs(_day(other, other.first_told) - about.day) <= NEAR]


def _every_record(people: Iterable[int]) -> set[int]:
    """These people's records, and every other record joined with one of them (ADR 14)."""
    survivors = Person.objects.filter(pk__in=people).values(first=SURVIVOR)
    same = Person.objects.filter(pk__in=survivors).values("pk")
    joined = Person.objects.filter(merged_into__in=survivors).values("pk")
    return {row["pk"] for row in same.union(joined)}


def _of_the_same(about: _About) -> QuerySet[Any, Any]:
    """The ids of every incident of these people or homes.

    Each way of being so is asked for by itself, because an OR across tables reads them whole.
    """
    of_case, told = Incident.objects.order_by(), ReportIncident.objects.all()
    harmed = Q(case__involvements__person__in=about.people, case__involvements__part=Part.VICTIM)
    return (
        of_case.filter(case__victim__in=about.people)
        .values("pk")
        .union(
            of_case.filter(harmed).values("pk"),
            of_case.filter(case__home__in=about.homes).values("pk"),
            of_case.filter(place__in=about.homes).values("pk"),
            told.filter(report__victim__in=about.people).values("incident"),
            told.filter(report__victim__home__in=about.homes).values("incident"),
        )
    )


def _day(incident: Incident, first_told: datetime | None) -> date:
    """When it happened, or was first told of if that is not known (domain 6.2, rule 2)."""
    return incident.occurred_on or calendar.london_date(first_told or incident.recorded_at)


def _alike(one: Incident, other: Incident) -> list[str]:
    """What the two accounts share, as codes; nothing, when they cannot be the same."""
    matches = []
    if one.location == other.location != Location.UNKNOWN:
        matches.append("location")
    if set(one.types) & set(other.types):
        matches.append("type")
    if _respondents(one) & _respondents(other):
        matches.append("respondent")
    return matches


def _respondents(incident: Incident) -> set[str]:
    if incident.case is None:
        return set()
    parts = incident.case.involvements.filter(part=Part.RESPONDENT, ended_at__isnull=True)
    return {
        f"person {part.person_id}" if part.person_id else name_key(part.described_as)
        for part in parts
    }


def _suggest(
    by: Actor, at: datetime, first: Incident, second: Incident, matches: list[str]
) -> IncidentPair:
    pair = IncidentPair(first=first, second=second, matches=matches, found_at=at)
    keep(pair)
    changed(Fact.INCIDENT, first.pk, second.pk)
    days = settings_at(at)["SLA_DUPLICATE_CHECK_DAYS"]
    due = calendar.add_working_days(at, days, holidays())
    case = second.case or first.case
    if case is not None:
        promise = Promise(ClockKind.SAME_INCIDENT, at, due)
        start_clocks(by=by, at=at, case=case, promises=[promise])
    return pair


@operation
def decide_pair(
    *, by: Actor, at: datetime, pair: IncidentPair, same: bool, reason: str
) -> IncidentPair:
    """Say that two accounts are of one incident, or of two, and why.  Decided once."""
    pair = (
        IncidentPair.objects.select_for_update(of=("self",))
        .select_related("first__case", "second__case", "first__same_as", "second__same_as")
        .get(pk=pair.pk)
    )
    wanted = "SAME" if same else "DISTINCT"
    if pair.decision == wanted and pair.decided_by_id == by.id:
        unchanged()
        return pair
    enforce(rules.decide_pair(by, decided=bool(pair.decision), reason=reason))
    pair.decision, pair.reason = wanted, reason.strip()
    pair.decided_by_id, pair.decided_at = by.id, at
    keep(pair)
    cases = [one.case for one in (pair.first, pair.second) if one.case]
    for reference in sorted({case.reference for case in cases}) or [""]:
        record(
            Verb.INCIDENTS_LINKED if same else Verb.INCIDENTS_DISTINCT,
            by=by,
            at=at,
            subject=pair,
            case=reference,
            changes={"matches": pair.matches},
        )
    if same:
        link(by, at, pair)
    changed(Fact.INCIDENT, pair.first_id, pair.second_id)
    for case in cases:
        _answered(by, at, case)
    return pair


def _answered(by: Actor, at: datetime, case: Case) -> None:
    """The clock is met once nothing about this case is left to decide."""
    open_pairs = IncidentPair.objects.filter(
        Q(first__case=case) | Q(second__case=case), decision=""
    )
    if not open_pairs.exists():
        meet_clocks(by=by, at=at, case=case, kinds=[ClockKind.SAME_INCIDENT])
