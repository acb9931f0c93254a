"""Opening a case, naming who leads it, moving it on, restricting and joining it."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from cases import references
from cases.access import Actor, Answer, Role, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework import rules
from cases.casework.choices import Access, ClockState, NoteKind, Stage
from cases.casework.clock_operations import meet_clocks, refresh_next, running_kinds
from cases.casework.clocks import ClockKind
from cases.casework.conflict_operations import find_conflicts
from cases.casework.locking import held_now, lock, lock_both
from cases.casework.models import Case, CaseMember, Note
from cases.people.models import Person, Property
from cases.policy.models import PolicyVersion
from cases.rows import keep
from cases.staff.models import Course, Team, User

TRIES = 20


class NoReference(RuntimeError):
    """No free reference was found: the year's references are nearly used up."""


@operation
def open_case(
    *,
    by: Actor,
    at: datetime,
    received_at: datetime,
    victim: Person,
    policy_version: PolicyVersion,
    home: Property | None = None,
    team: Team | None = None,
    restricted: bool = False,
    provisional: bool = False,
    third_party_only: bool = False,
    domestic_abuse: bool = False,
) -> Case:
    """Open a case at Contact with a fresh reference, of the company whose home it is (HC-20);
    whoever took the report may see it until a lead is named.  Clocks, people and incidents
    are added by the caller.
    """
    enforce(rules.open_case(by))
    case = Case(
        received_at=received_at,
        received_at_original=received_at,
        opened_at=at,
        stage=Stage.CONTACT,
        policy_version=policy_version,
        team=team,
        home=home,
        entity=Case.company_of(home, victim),
        victim=victim,
        restricted=restricted,
        provisional=provisional,
        third_party_only=third_party_only,
        domestic_abuse=domestic_abuse,
    )
    _save_with_reference(case, london_date(at).year)
    held_now(case)
    if by.id is not None:
        _add_member(by, at, case, by.id, Access.INTAKE)
    record(
        Verb.CASE_OPENED,
        by=by,
        at=at,
        subject=case,
        case=case.reference,
        changes={"received_at": received_at.isoformat(), "restricted": restricted},
    )
    return case


def _save_with_reference(case: Case, year: int) -> None:
    """A reference nobody has; the database has the last word, should two draw one at once."""
    for _ in range(TRIES):
        case.reference = references.case_reference(year, secrets.choice)
        if not Case.objects.filter(reference=case.reference).exists():
            keep(case)
            return
    raise NoReference


def _give_access(by: Actor, at: datetime, case: Case, user_id: int, why: Access) -> None:
    already = case.members.filter(user_id=user_id, why=why, ended_at__isnull=True)
    if not already.exists():
        _add_member(by, at, case, user_id, why)


def _add_member(by: Actor, at: datetime, case: Case, user_id: int, why: Access) -> None:
    member = CaseMember.objects.create(case=case, user_id=user_id, why=why, from_at=at)
    record(
        Verb.ACCESS_GIVEN,
        by=by,
        at=at,
        subject=member,
        case=case.reference,
        changes={"user": user_id, "why": why},
    )


def end_access(
    by: Actor, at: datetime, case: Case, *why: Access, user_id: int | None = None
) -> None:
    """End these kinds of access to the case, everybody's or one person's."""
    members = case.members.filter(why__in=why, ended_at__isnull=True)
    if user_id is not None:
        members = members.filter(user_id=user_id)
    for member in members:
        member.ended_at = at
        member.save()
        record(
            Verb.ACCESS_ENDED,
            by=by,
            at=at,
            subject=member,
            case=case.reference,
            changes={"user": member.user_id, "why": member.why},
        )


@operation
def give_access(*, by: Actor, at: datetime, case: Case, user: User, why: Access) -> None:
    """Give somebody access for a reason: cover, a referral to them, an audit sample."""
    _give_access(by, at, case, user.pk, why)
    unchanged()


@operation
def allocate(
    *, by: Actor, at: datetime, case: Case, lead: User, reason: str = "", story: str = ""
) -> Case:
    """Name the lead officer: conflict, line and training are checked; intake access ends.

    ``story`` is what the next officer should know first; it is kept as a hand-over note.
    """
    lock(case)
    enforce(rules.allocate(by, stage=case.stage))
    find_conflicts(by=by, at=at, case=case)
    enforce(_may_lead(case, lead, at, reason))
    if case.lead_id == lead.pk:
        unchanged()
        return case
    before = case.lead_id
    end_access(by, at, case, Access.LEAD, Access.INTAKE)
    case.lead = lead
    if not case.team_id:
        case.team_id = lead.team_id
    _save(case)
    _give_access(by, at, case, lead.pk, Access.LEAD)
    if story.strip():
        Note.objects.create(
            case=case, kind=NoteKind.HANDOVER, text=story.strip(), by_id=by.user_id, at=at
        )
    record(
        Verb.CASE_ALLOCATED,
        by=by,
        at=at,
        subject=case,
        case=case.reference,
        changes={"from": before, "to": lead.pk},
        reason=reason.strip(),
    )
    meet_clocks(by=by, at=at, case=case, kinds=[ClockKind.ALLOCATE, ClockKind.REASSIGN])
    return case


def _may_lead(case: Case, lead: User, at: datetime, reason: str) -> Answer:
    roles = lead.actor(at).roles
    colleagues = case.involvements.filter(person__is_colleague=True, ended_at__isnull=True)
    teams = User.objects.filter(staff_links__kind="SELF", staff_links__person__parts__in=colleagues)
    return rules.may_lead(
        name=lead.full_name,
        conflicted=case.conflicts.filter(user=lead, lifted_at__isnull=True).exists(),
        works_cases=lead.is_active and bool(roles & {Role.HOUSING_OFFICER, Role.CASE_MANAGER}),
        same_line=lead.team_id is not None and teams.filter(team_id=lead.team_id).exists(),
        trained=trained_on(lead, london_date(at)),
        reason=reason,
        in_scope=not lead.entities or case.entity is None or case.entity.code in lead.entities,
    )


def trained_on(user: User, day: date) -> bool:
    """Whether the user's hate crime training counts on that day."""
    return user.training.filter(
        course=Course.HATE_CRIME, completed_on__lte=day, expires_on__gt=day
    ).exists()


def _save(case: Case) -> None:
    case.version += 1
    case.clean_fields()
    case.save()


@operation
def move_stage(*, by: Actor, at: datetime, case: Case, to: str, reason: str = "") -> Case:
    """Move the case to a stage its table and its gate allow.

    ``reason`` is needed only to void a case that was entered in error.
    """
    lock(case)
    running = running_kinds(case)
    enforce(rules.move(by, stage=case.stage, to=to, running=running, held_from=case.held_from))
    if to == Stage.VOID:
        enforce(rules.explained(reason, "Say why the case is void"))
    before, case.stage = case.stage, to
    if before == Stage.ON_HOLD:
        case.held_from, case.hold_review_on = "", None
    if to == Stage.VOID:
        changed(Fact.INCIDENT, *case.incidents.values_list("pk", flat=True))
    changed(Fact.STAGE, case.pk)
    if (before, to) == (Stage.MONITOR, Stage.INVESTIGATE):
        changed(Fact.PLAN, case.pk)  # Watching was not enough: we act again.
    _save(case)
    record(
        Verb.CASE_STAGE,
        by=by,
        at=at,
        subject=case,
        case=case.reference,
        changes={"from": before, "to": to},
        reason=reason.strip(),
    )
    return case


@operation
def hold(*, by: Actor, at: datetime, case: Case, reason: str, review_on: date) -> Case:
    """Put the case on hold (the police or a court asked), with a day to look again."""
    lock(case)
    today = london_date(at)
    enforce(rules.hold(by, stage=case.stage, reason=reason, review_on=review_on, today=today))
    before = case.stage
    case.held_from, case.stage, case.hold_review_on = before, Stage.ON_HOLD, review_on
    _save(case)
    record(
        Verb.CASE_HELD,
        by=by,
        at=at,
        subject=case,
        case=case.reference,
        changes={"from": before, "review_on": review_on.isoformat()},
        reason=reason.strip(),
    )
    return case


@operation
def restrict_case(*, by: Actor, at: datetime, case: Case, reason: str, named: list[User]) -> Case:
    """Restrict the case to the lead, the Director and the people named (domain 7.1).

    Whoever took the report, covers or samples, and is not named, loses access.
    """
    lock(case)
    enforce(rules.restrict(by, stage=case.stage))
    enforce(rules.explained(reason, "Say why the case is restricted"))
    case.restricted = True
    _save(case)
    keep = {user.pk for user in named}
    others = case.members.filter(ended_at__isnull=True).exclude(user__in=keep)
    for user_id in set(others.values_list("user_id", flat=True)):
        end_access(by, at, case, Access.INTAKE, Access.COVER, Access.SAMPLE, user_id=user_id)
    for user in named:
        _give_access(by, at, case, user.pk, Access.NAMED)
    record(
        Verb.CASE_RESTRICTED, by=by, at=at, subject=case, case=case.reference, reason=reason.strip()
    )
    return case


@operation
def join_case(*, by: Actor, at: datetime, case: Case, into: Case) -> Case:
    """Join a case to another because their incident is the same one.

    Nothing is moved or lost: the joined case keeps its records and points to the other; its
    running clocks no longer apply, because the other case's clocks do.
    """
    lock_both(case, into)
    enforce(rules.join(by, stage=case.stage, into=into.stage, itself=case.pk == into.pk))
    for clock in case.clocks.filter(state__in=[ClockState.RUNNING, ClockState.PAUSED]):
        clock.state, clock.why = ClockState.NOT_APPLICABLE, f"Joined to {into.reference}"
        clock.save()
    before, case.stage, case.merged_into = case.stage, Stage.MERGED, into
    _save(case)
    refresh_next(case)
    record(
        Verb.CASE_MERGED,
        by=by,
        at=at,
        subject=case,
        case=case.reference,
        changes={"from": before, "into": into.reference},
    )
    record(
        Verb.CASE_MERGED,
        by=by,
        at=at,
        subject=into,
        case=into.reference,
        changes={"joined": case.reference},
    )
    return case
