"""What a case page reads, in a number of queries that does not grow with the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case as Either
from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Concat, JSONObject

from cases.access import Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.choices import OPEN_STAGES
from cases.casework.conflict_operations import ties_to
from cases.casework.models import (
    Account,
    Case,
    CaseMember,
    Clock,
    Conflict,
    ContactEntry,
    CrimeDecision,
    EvidenceAssessment,
    Incident,
    Involvement,
    Note,
    PartRecord,
    Perception,
    PerceptionStrand,
)
from cases.people.models import Adjustment, Person
from cases.prepared import planned
from cases.staff.models import Course, RoleHolding, TrainingRecord, User


def parts_of(case: Case) -> list[Involvement]:
    """Everybody with a part in the case now, with how it is safe to reach them.

    Each has ``needs``: their adjustments, oldest first, as ``need`` and ``at`` (ISO); and
    ``recorded``: statements, special measures and HR, oldest first, with the day ``on`` (ISO).
    """
    return _of(case, _parts(case=case.pk))


@planned
def _parts(*, case: int) -> QuerySet[Involvement]:
    # Of every record of theirs: what was asked before two were joined holds as it did (ADR 14).
    stands = Coalesce(OuterRef(OuterRef("person__merged_into")), OuterRef(OuterRef("person")))
    theirs = Person.objects.filter(Q(pk=stands) | Q(merged_into=stands)).order_by().values("pk")
    needs = Adjustment.objects.filter(person__in=theirs, ended_at__isnull=True)
    rows = Involvement.objects.filter(case=case, ended_at__isnull=True).annotate(
        needs=ArraySubquery(needs.values(said=JSONObject(need="need", at="asked_at")))
    )
    recorded = PartRecord.objects.filter(involvement=OuterRef("pk")).order_by("on", "id")
    said = JSONObject(
        kind="kind", on="on", with_whom="with_whom", words="words", by="recorded_by__full_name"
    )
    rows = rows.annotate(recorded=ArraySubquery(recorded.values(said=said)))
    return rows.select_related("person__home", "person__safe_contact", "person__merged_into__home")


def clocks_of(case: Case) -> list[Clock]:
    """Every clock of the case, the soonest due first."""
    return _of(case, _clocks(case=case.pk))


@planned
def _clocks(*, case: int) -> QuerySet[Clock]:
    return Clock.objects.filter(case=case)


def members_of(case: Case) -> list[CaseMember]:
    """Everybody who was ever given the case, with who they are, in that order."""
    return _of(case, _members(case=case.pk))


@planned
def _members(*, case: int) -> QuerySet[CaseMember]:
    return CaseMember.objects.filter(case=case).select_related("user")


def _of[M: (Involvement, Clock, CaseMember)](case: Case, rows: list[M]) -> list[M]:
    """The rows, knowing the case they were read for."""
    for row in rows:
        row.case = case
    return rows


@dataclass(frozen=True)
class WholeIncident:
    """An incident with every account and view of it, and what officers made of the evidence.

    Each view has ``linked``: "RACE:ACTUAL:COLOUR" for each strand; the row has ``crime``: what was
    decided about crime, oldest first.  Assessments, newest first, have ``text``, ``by`` and ``at``.
    """

    row: Incident
    accounts: Sequence[Account]
    views: Sequence[Perception]
    assessments: Sequence[Mapping[str, str]]


def incidents_of(case: Case) -> list[WholeIncident]:
    """The incidents of the case, and those that turned out to be one of them, whole."""
    rows = _incidents(case=case.pk)
    accounts = _by_incident(_accounts(case=case.pk) if rows else [])
    views = _by_incident(_views(case=case.pk) if rows else [])
    return [
        WholeIncident(row, accounts[row.pk], views[row.pk], row.assessed)  # type: ignore[attr-defined]
        for row in rows
    ]


@planned
def _incidents(*, case: int) -> QuerySet[Incident]:
    rows = Incident.objects.filter(pk__in=_told_of(case))
    assessed = EvidenceAssessment.objects.filter(incident=OuterRef("pk")).order_by("-at")
    said = JSONObject(text="text", by="by__full_name", at="at")
    return rows.order_by("number", "pk").annotate(
        crime=_crime_decisions(), assessed=ArraySubquery(assessed.values(said=said))
    )


def _told_of(case: int) -> QuerySet[Incident, Any]:
    """Its own incidents and those that turned out to be one of them, by id."""
    own = Incident.objects.filter(case=case).order_by()
    told = Incident.objects.filter(same_as__in=own.values("pk")).order_by()
    # Two small sets joined, rather than one "or" that reads every incident.
    return own.values("pk").union(told.values("pk"))


def _crime_decisions() -> ArraySubquery:
    """What was decided about crime, oldest first."""
    rows = CrimeDecision.objects.filter(incident=OuterRef("pk")).order_by("at", "id")
    said = JSONObject(
        status="status",
        decided_by="decided_by",
        decided_on="decided_on",
        reference="crime_reference",
        words="words",
        by="recorded_by__full_name",
        at="at",
    )
    return ArraySubquery(rows.values(said=said))


@planned
def _accounts(*, case: int) -> QuerySet[Account]:
    return Account.objects.filter(incident__in=_told_of(case)).select_related("person__merged_into")


@planned
def _views(*, case: int) -> QuerySet[Perception]:
    strands = PerceptionStrand.objects.filter(perception=OuterRef("pk")).order_by("id")
    kinds = Func("kinds", Value(","), function="array_to_string", output_field=TextField())
    said = Concat("strand", Value(":"), "basis", Value(":"), kinds, output_field=TextField())
    rows = Perception.objects.filter(incident__in=_told_of(case)).select_related(
        "person__merged_into", "colleague"
    )
    return rows.annotate(linked=ArraySubquery(strands.values(said=said)))


def _by_incident[M: (Account, Perception)](rows: Iterable[M]) -> dict[int, list[M]]:
    found: dict[int, list[M]] = defaultdict(list)
    for row in rows:
        found[row.incident_id].append(row)
    return found


# What each filter of the timeline shows; the first, everything but who may see the case.
KINDS: dict[str, frozenset[str]] = {
    "contacts": frozenset({Verb.CONTACT_LOGGED, Verb.ATTEMPT_LOGGED}),
    "decisions": frozenset(
        {
            *(Verb.CASE_OPENED, Verb.CASE_ALLOCATED, Verb.CASE_STAGE, Verb.CASE_HELD),
            *(Verb.CASE_RESTRICTED, Verb.CASE_MERGED, Verb.EXCEPTION_APPROVED),
            *(Verb.CASE_PLACED, Verb.CRIME_STATUS, Verb.PART_RECORDED),
            *(Verb.CONFLICT_FOUND, Verb.CONFLICT_DECLARED, Verb.CONFLICT_LIFTED),
            *(Verb.RISK_FINISHED, Verb.RISK_RAISED, Verb.RISK_LOWERED, Verb.RISK_FLAG_IN_ERROR),
            *(Verb.INCIDENTS_LINKED, Verb.INCIDENTS_DISTINCT, Verb.REPORT_TRIAGED),
            *(Verb.ROUTE_OPENED, Verb.ROUTE_ACCEPTED, Verb.ROUTE_DECLINED),
        }
    ),
    "notes": frozenset({Verb.NOTE_ADDED, Verb.ASSESSMENT_ADDED}),
    "clocks": frozenset(
        {
            *(Verb.CLOCK_STARTED, Verb.CLOCK_MET, Verb.CLOCK_PAUSED, Verb.CLOCK_RESUMED),
            *(Verb.CLOCK_NOT_APPLICABLE, Verb.EXCEPTION_APPROVED),
        }
    ),
    "access": frozenset(
        {
            *(Verb.ACCESS_GIVEN, Verb.ACCESS_ENDED, Verb.NO_CONFLICT_DECLARED),
            *(Verb.CASE_PRINTED, Verb.IDENTITIES_OPENED),
        }
    ),
}


@dataclass(frozen=True)
class Events:
    """Some events of a case, newest first; ``total`` counts all of the kind asked for.

    Each has ``note``: what the note it is about says, as ``kind`` and ``text``.
    """

    rows: Sequence[Event]
    total: int
    left: int

    def subjects(self, kind: str) -> set[int]:
        """The ids of the rows of one model that these events are about."""
        return {row.subject_id for row in self.rows if row.subject_kind == kind and row.subject_id}


def events_of(case: Case, *, show: str = "", before: int | None = None, each: int = 12) -> Events:
    """One page of the case's events, newest first; ``before`` is the id the page before
    ended with.  What was written down later stands where it happened.
    """
    if before is None:
        found = _newest(show, each, case=case.reference)
        total = found[0].total if found else 0  # type: ignore[attr-defined]
        return Events(found, total, total - len(found))
    total = _shown(show, case.reference).count()
    found = _older(show, each, case=case.reference, before=before)
    below = found[0].total if found else 0  # type: ignore[attr-defined]
    return Events(found, total, below - len(found))


def _shown(show: str, case: str) -> QuerySet[Event]:
    rows = Event.objects.filter(case_reference=case)
    return rows.filter(verb__in=KINDS[show]) if show else rows.exclude(verb__in=KINDS["access"])


@planned
def _newest(show: str, each: int, *, case: str) -> QuerySet[Event]:
    # The window counts before the page is cut, so that one query says both.
    rows = _shown(show, case).annotate(total=Window(Count("pk")), note=_note())
    return rows.order_by("-at", "-pk")[:each]


@planned
def _older(show: str, each: int, *, case: str, before: int) -> QuerySet[Event]:
    last = Event.objects.filter(case_reference=case, pk=before).values("at")[:1]
    older = Q(at__lt=Subquery(last)) | Q(at=Subquery(last), pk__lt=before)
    rows = _shown(show, case).filter(older).annotate(total=Window(Count("pk")), note=_note())
    return rows.order_by("-at", "-pk")[:each]


def _note() -> Either:
    """What an event's note says, as ``kind`` and ``text``; None for other events."""
    rows = Note.objects.filter(
        pk=OuterRef("subject_id"), case__reference=OuterRef("case_reference")
    ).values(said=JSONObject(kind="kind", text="text"))
    return Either(When(subject_kind="casework.note", then=Subquery(rows)), default=None)


def contacts_in(case: Case, ids: Collection[int]) -> dict[int, ContactEntry]:
    """These contacts of the case by id, with whom they were."""
    return {row.pk: row for row in _contacts(case=case.pk, ids=list(ids))} if ids else {}


@planned
def _contacts(*, case: int, ids: list[int]) -> QuerySet[ContactEntry]:
    rows = ContactEntry.objects.filter(case=case, pk__any_of=ids)
    return rows.select_related("involvement__person__merged_into")


@dataclass(frozen=True)
class Officer:
    """Somebody who could lead the case, and what to know before naming them."""

    user: User
    open_cases: int
    trained_until: Any
    conflicted: bool


def officers_for(
    case: Case, at: datetime, *, text: str = "", ids: Iterable[int] = (), limit: int = 10
) -> list[Officer]:
    """Officers by name, or those of the case's team; the fewest open cases first."""
    rows = User.objects.working().filter(Exists(_works_cases(at)))
    text = text.replace("\x00", "").strip()
    if text:
        rows = rows.filter(full_name__icontains=text)
    elif ids:
        rows = rows.filter(pk__in=list(ids))
    elif case.team_id:
        rows = rows.filter(team_id=case.team_id)
    rows = rows.select_related("team").annotate(
        open_cases=Count("cases_led", filter=Q(cases_led__stage__in=OPEN_STAGES))
    )
    found = list(rows.order_by("open_cases", "full_name")[:limit])
    day = london_date(at)
    trained = dict(
        TrainingRecord.objects.filter(
            user__in=found, course=Course.HATE_CRIME, completed_on__lte=day
        )
        .order_by("expires_on")
        .values_list("user_id", "expires_on")
    )
    standing = Conflict.objects.filter(case=case, lifted_at__isnull=True)
    kept_off = set(standing.values_list("user_id", flat=True)) | ties_to(case, at)
    return [
        Officer(user, user.open_cases, trained.get(user.pk), user.pk in kept_off) for user in found
    ]


def _works_cases(at: datetime) -> QuerySet[RoleHolding]:
    return RoleHolding.objects.filter(
        user=OuterRef("pk"),
        role__in=[Role.HOUSING_OFFICER, Role.CASE_MANAGER],
        period__contains=at,
    )


def managers_of(case: Case, at: datetime) -> dict[int | None, str]:
    """Who may see the case by role alone, and as what: its team's managers, the Director."""
    labels = {Role.DIRECTOR_CO: Role.DIRECTOR_CO.label, Role.CASE_MANAGER: "Manager of the team"}
    team = 0 if case.restricted else case.team_id or 0
    held = _holders(team, case.entity.code if case.entity else "", at=at)
    return {user_id: labels[Role(role)] for user_id, role in held}


@planned
def _holders(team: int, entity: str, *, at: datetime) -> QuerySet[RoleHolding, tuple[int, str]]:
    by_role = Q(role=Role.DIRECTOR_CO)
    if team:
        by_role |= Q(role=Role.CASE_MANAGER, user__team_id=team)
    if entity:
        by_role &= Q(user__entities=[]) | Q(user__entities__contains=[entity])
    held = RoleHolding.objects.filter(by_role, period__contains=at, user__is_active=True)
    return held.values_list("user_id", "role")


def colleague_called(text: str) -> list[User]:
    """The colleagues with exactly this name or work email, at most two."""
    named = Q(full_name__iexact=text.strip()) | Q(email__iexact=text.strip())
    return list(User.objects.working().filter(named)[:2])


def conflicts_of(case: Case) -> list[Conflict]:
    """Every conflict of interest in the case, those that stand first."""
    rows = case.conflicts.select_related("user", "proposed_lift_by", "lifted_by")
    return list(rows.order_by(F("lifted_at").asc(nulls_first=True), "found_at"))
