"""Conflicts of interest: found from what we know, declared at first open, cleared by two.

A conflict hides the case from its subject from the next request, whatever the role
(domain 7.1).  It is a row, so ``visible_to`` needs no second way of knowing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import add_working_hours, london_date
from cases.casework import rules
from cases.casework.choices import Access, ClockState, ConflictSource
from cases.casework.clock_operations import refresh_next
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, Clock, Conflict, Declaration
from cases.people.choices import LinkKind
from cases.people.models import StaffLink
from cases.people.queries import near_to, records_of
from cases.policy.queries import holidays, settings_at
from cases.rows import keep
from cases.staff.models import User

SOURCES = {
    LinkKind.SELF: ConflictSource.SELF,
    LinkKind.RELATIVE: ConflictSource.RELATIVE,
    LinkKind.LIVES_AT: ConflictSource.ADDRESS,
}


def _links(case: Case, at: datetime) -> Iterable[StaffLink]:
    """Colleagues tied to somebody in the case, their family, household or an address of theirs."""
    parts = case.involvements.filter(ended_at__isnull=True, person__isnull=False)
    named = list(parts.values_list("person_id", "person__home_id"))
    parties = {*(person for person, _ in named), case.victim_id}
    # A tie may have been declared on a joined record of any of them.
    people = records_of({*parties, *near_to(parties, london_date(at))})
    homes = {*(home for _, home in named), case.home_id}
    return StaffLink.objects.filter(
        Q(person__in=people) | Q(home__in=[home for home in homes if home])
    )


def ties_to(case: Case, at: datetime) -> set[int]:
    """The colleagues our records tie to the case, whose tie no two people have cleared."""
    cleared = set(case.conflicts.filter(lifted_at__isnull=False).values_list("user_id", "source"))
    links = {(link.user_id, SOURCES[LinkKind(link.kind)]) for link in _links(case, at)}
    return {user_id for user_id, _ in links - cleared}


@operation
def find_conflicts(*, by: Actor, at: datetime, case: Case) -> list[Conflict]:
    """Record every conflict our own records show and that is not yet known."""
    lock(case)
    known = set(case.conflicts.values_list("user_id", "source"))
    found = []
    for link in _links(case, at):
        source = SOURCES[LinkKind(link.kind)]
        if (link.user_id, source) in known:
            continue
        known.add((link.user_id, source))
        found.append(_conflict(by, at, case, link.user_id, source, Verb.CONFLICT_FOUND))
    unchanged()
    return found


@operation
def find_conflicts_of(*, by: Actor, at: datetime, user: User) -> list[Conflict]:
    """Look through the open cases a colleague's newly declared links touch."""
    links = StaffLink.objects.filter(user=user)
    declared = set(links.filter(person__isnull=False).values_list("person_id", flat=True))
    homes = links.filter(home__isnull=False).values("home")
    people = list(records_of({*declared, *near_to(declared, london_date(at))}))
    cases = Case.objects.open().filter(
        Q(involvements__person__in=people)
        | Q(victim__in=people)
        | Q(involvements__person__home__in=homes)
        | Q(home__in=homes)
    )
    found = [
        conflict
        for case in cases.distinct()
        for conflict in find_conflicts(by=by, at=at, case=case)
    ]
    unchanged()
    return found


def _conflict(
    by: Actor, at: datetime, case: Case, user_id: int, source: ConflictSource, verb: Verb
) -> Conflict:
    conflict = Conflict(case=case, user_id=user_id, source=source, found_at=at)
    keep(conflict)
    record(
        verb,
        by=by,
        at=at,
        subject=conflict,
        case=case.reference,
        changes={"user": user_id, "source": source},
    )
    _take_off(by, at, case, user_id)
    return conflict


def _take_off(by: Actor, at: datetime, case: Case, user_id: int) -> None:
    """Whoever leads with a conflict leads no longer; a new lead is due in working hours."""
    for member in case.members.filter(user_id=user_id, ended_at__isnull=True):
        if member.why == Access.NAMED:
            continue
        member.ended_at = at
        member.save()
        record(
            Verb.ACCESS_ENDED,
            by=by,
            at=at,
            subject=member,
            case=case.reference,
            changes={"user": user_id, "why": member.why},
        )
    if case.lead_id != user_id:
        return
    case.lead = None
    case.version += 1
    case.save()
    hours = settings_at(at)["CONFLICT_REASSIGN_HOURS"]
    states = [ClockState.RUNNING, ClockState.PAUSED]
    running = case.clocks.filter(kind=ClockKind.REASSIGN, state__in=states)
    if not running.exists():
        due = add_working_hours(at, hours, holidays())
        Clock.objects.create(case=case, kind=ClockKind.REASSIGN, started_at=at, due_at=due)
        record(
            Verb.CLOCK_STARTED,
            by=by,
            at=at,
            subject=case,
            case=case.reference,
            changes={ClockKind.REASSIGN: due.isoformat()},
        )
    refresh_next(case)


@operation
def declare(*, by: Actor, at: datetime, case: Case, knows_somebody: bool) -> Conflict | None:
    """Answer, at first open or when it turns out, whether the actor knows anybody in the case.

    The same answer twice is one answer.
    """
    lock(case)
    if case.declarations.filter(user_id=by.user_id, knows_somebody=knows_somebody).exists() and (
        not knows_somebody or _standing(case, by)
    ):
        unchanged()
        return _standing(case, by)
    declaration = Declaration.objects.create(
        case=case, user_id=by.user_id, knows_somebody=knows_somebody, at=at
    )
    if not knows_somebody:
        record(Verb.NO_CONFLICT_DECLARED, by=by, at=at, subject=declaration, case=case.reference)
        return None
    if (already := _standing(case, by)) is not None:
        unchanged()
        return already
    return _conflict(by, at, case, by.user_id, ConflictSource.DECLARED, Verb.CONFLICT_DECLARED)


def _standing(case: Case, actor: Actor) -> Conflict | None:
    """The conflict the actor declared, if nobody has cleared it."""
    return case.conflicts.filter(
        user_id=actor.id or 0, source=ConflictSource.DECLARED, lifted_at__isnull=True
    ).first()


def _locked(conflict: Conflict) -> Conflict:
    return (
        Conflict.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case")
        .get(pk=conflict.pk)
    )


@operation
def propose_lift(*, by: Actor, at: datetime, conflict: Conflict) -> Conflict:
    """The first of the two people who must agree that a conflict does not stand."""
    conflict = _locked(conflict)
    enforce(rules.lift_conflict(by, user_id=conflict.user_id, proposed_by_id=None, second=False))
    if conflict.proposed_lift_by_id is not None or conflict.lifted_at is not None:
        unchanged()
        return conflict
    conflict.proposed_lift_by_id = by.id
    keep(conflict)
    record(
        Verb.CONFLICT_LIFTED,
        by=by,
        at=at,
        subject=conflict,
        case=conflict.case.reference,
        changes={"step": "proposed"},
    )
    return conflict


@operation
def lift(*, by: Actor, at: datetime, conflict: Conflict) -> Conflict:
    """The second person agrees; the subject may see the case again if otherwise allowed."""
    conflict = _locked(conflict)
    if conflict.lifted_at is not None:
        unchanged()
        return conflict
    enforce(
        rules.lift_conflict(
            by, user_id=conflict.user_id, proposed_by_id=conflict.proposed_lift_by_id, second=True
        )
    )
    conflict.lifted_by_id, conflict.lifted_at = by.id, at
    keep(conflict)
    record(
        Verb.CONFLICT_LIFTED,
        by=by,
        at=at,
        subject=conflict,
        case=conflict.case.reference,
        changes={"step": "cleared"},
    )
    return conflict
