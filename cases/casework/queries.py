"""What a case page reads, in a number of queries that does not grow with the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    Window,
)
from django.db.models.functions import Concat, JSONObject

from cases.access import Actor, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.choices import OPEN_STAGES, Part, Stage
from cases.casework.conflict_operations import ties_to
from cases.casework.models import (
    Account,
    Case,
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
from cases.people.models import Adjustment, HouseholdMembership
from cases.staff.models import Course, RoleHolding, TrainingRecord, User


def parts_of(case: Case) -> list[Involvement]:
    """Everybody with a part in the case now, with how it is safe to reach them.

    Each has ``needs``: their adjustments, oldest first, as ``need`` and ``at`` (ISO); and
    ``recorded``: statements, special measures and HR, oldest first, with the day ``on`` (ISO).
    """
    needs = Adjustment.objects.filter(person=OuterRef("person"), ended_at__isnull=True)
    rows = case.involvements.filter(ended_at__isnull=True).annotate(
        needs=ArraySubquery(needs.values(said=JSONObject(need="need", at="asked_at")))
    )
    recorded = PartRecord.objects.filter(involvement=OuterRef("pk")).order_by("on", "id")
    said = JSONObject(
        kind="kind", on="on", with_whom="with_whom", words="words", by="recorded_by__full_name"
    )
    rows = rows.annotate(recorded=ArraySubquery(recorded.values(said=said)))
    return list(rows.select_related("person__home", "person__safe_contact"))


def clocks_of(case: Case) -> list[Clock]:
    """Every clock of the case, the soonest due first."""
    return list(case.clocks.all())


def incidents_of(case: Case) -> list[Incident]:
    """The incidents of the case, and those that turned out to be one of them, whole.

    Each has ``accounts``, ``perceptions`` (with ``linked``, "RACE:ACTUAL" for each strand) and
    ``assessments`` at hand, and ``crime``: what was decided about crime, oldest first.
    """
    strands = PerceptionStrand.objects.filter(perception=OuterRef("pk")).order_by("id")
    said = Concat("strand", Value(":"), "basis", output_field=TextField())
    views = Perception.objects.select_related("person", "colleague").annotate(
        linked=ArraySubquery(strands.values(said=said))
    )
    own = Incident.objects.filter(case=case).order_by()
    told = Incident.objects.filter(same_as__in=own.values("pk")).order_by()
    # Two small sets joined, rather than one "or" that reads every incident.
    rows = Incident.objects.filter(pk__in=own.values("pk").union(told.values("pk")))
    rows = rows.order_by("number", "pk").annotate(crime=_crime_decisions())
    return list(
        rows.prefetch_related(
            Prefetch("perceptions", views),
            Prefetch("accounts", Account.objects.select_related("person")),
            Prefetch("assessments", EvidenceAssessment.objects.select_related("by")),
        )
    )


def _crime_decisions() -> ArraySubquery:
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


# What each filter of the timeline shows; the first, everything but who may see the case.
KINDS: dict[str, frozenset[str]] = {
    "contacts": frozenset({Verb.CONTACT_LOGGED, Verb.ATTEMPT_LOGGED}),
    "decisions": frozenset(
        {
            *(Verb.CASE_OPENED, Verb.CASE_ALLOCATED, Verb.CASE_STAGE, Verb.CASE_HELD),
            *(Verb.CASE_RESTRICTED, Verb.CASE_MERGED, Verb.EXCEPTION_APPROVED),
            *(Verb.CASE_PLACED, Verb.CRIME_STATUS, Verb.PART_RECORDED),
            *(Verb.CONFLICT_FOUND, Verb.CONFLICT_DECLARED, Verb.CONFLICT_LIFTED),
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
    "access": frozenset({Verb.ACCESS_GIVEN, Verb.ACCESS_ENDED, Verb.NO_CONFLICT_DECLARED}),
}


@dataclass(frozen=True)
class Events:
    """Some events of a case, newest first; ``total`` counts all of the kind asked for."""

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
    rows = Event.objects.filter(case_reference=case.reference)
    rows = rows.filter(verb__in=KINDS[show]) if show else rows.exclude(verb__in=KINDS["access"])
    # The window counts before the page is cut, so that one query says both.
    counted = rows.annotate(total=Window(Count("pk")))
    if before is not None:
        total = rows.count()
        last = Event.objects.filter(case_reference=case.reference, pk=before).values("at")[:1]
        older = Q(at__lt=Subquery(last)) | Q(at=Subquery(last), pk__lt=before)
        counted = rows.filter(older).annotate(total=Window(Count("pk")))
        found = list(counted.order_by("-at", "-pk")[:each])
        below = found[0].total if found else 0
        return Events(found, total, below - len(found))
    found = list(counted.order_by("-at", "-pk")[:each])
    total = found[0].total if found else 0
    return Events(found, total, total - len(found))


def contacts_in(case: Case, ids: Collection[int]) -> dict[int, ContactEntry]:
    """These contacts of the case by id, with whom they were."""
    rows = case.contacts.filter(pk__in=ids).select_related("involvement__person")
    return {row.pk: row for row in rows}


def notes_in(case: Case, ids: Collection[int]) -> dict[int, Note]:
    """These notes of the case by id."""
    return {row.pk: row for row in case.notes.filter(pk__in=ids)}


def earlier_cases(case: Case, actor: Actor) -> list[Any]:
    """Earlier cases of the same person or household that the actor may see, newest first.

    Each has ``incident_count``.  A fact about the records, no claim that it is a repeat.
    """
    homes = HouseholdMembership.objects.filter(person=case.victim_id).values("household")
    together = HouseholdMembership.objects.filter(household__in=homes).values("person")
    harmed = Involvement.objects.filter(part=Part.VICTIM).order_by()
    theirs = harmed.filter(person=case.victim_id).values("case")
    # Two small sets joined, rather than one "or" that reads every case.
    same = theirs.union(harmed.filter(person__in=together).values("case"))
    return list(
        Case.objects.visible_to(actor)
        .filter(pk__in=same, received_at__lt=case.received_at)
        .exclude(pk=case.pk)
        .exclude(stage__in=[Stage.VOID, Stage.MERGED])
        .annotate(incident_count=Count("incidents"))
        .order_by("-received_at", "-pk")
    )


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
    kept_off = set(standing.values_list("user_id", flat=True)) | ties_to(case)
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
    by_role = Q(role=Role.DIRECTOR_CO)
    if not case.restricted:
        by_role |= Q(role=Role.CASE_MANAGER, user__team_id=case.team_id or 0)
    if case.entity:
        by_role &= Q(user__entities=[]) | Q(user__entities__contains=[case.entity.code])
    held = RoleHolding.objects.filter(by_role, period__contains=at, user__is_active=True)
    labels = {Role.DIRECTOR_CO: Role.DIRECTOR_CO.label, Role.CASE_MANAGER: "Manager of the team"}
    return {user_id: labels[Role(role)] for user_id, role in held.values_list("user_id", "role")}


def colleague_called(text: str) -> list[User]:
    """The colleagues with exactly this name or work email, at most two."""
    named = Q(full_name__iexact=text.strip()) | Q(email__iexact=text.strip())
    return list(User.objects.working().filter(named)[:2])


def conflicts_of(case: Case) -> list[Conflict]:
    """Every conflict of interest in the case, those that stand first."""
    rows = case.conflicts.select_related("user", "proposed_lift_by", "lifted_by")
    return list(rows.order_by(F("lifted_at").asc(nulls_first=True), "found_at"))
