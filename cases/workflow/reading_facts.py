"""The facts the watch on reading goes by: who opened which case, and what they are to it.

Everything is asked for many looks at once: so many queries whatever the number of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from cases import references
from cases.access import Role
from cases.audit.models import Access, Event, Outcome
from cases.audit.queries import OF_THE_LOG
from cases.audit.unusual import A_DAY, Deed, Found, Look, Tie, before_conflict
from cases.audit.verbs import Verb
from cases.casework.models import Case, CaseMember, Conflict, Involvement
from cases.people.models import StaffLink
from cases.people.rules import name_key
from cases.staff.models import RoleHolding, User

SEE_BY_ROLE = frozenset({Role.DIRECTOR_CO.value})
"""Whose role reaches every case (domain 11).  Reading the log of a case is not reading it."""

TAKEN_OUT = (Verb.CASE_PRINTED, Verb.LOOKS_EXTRACTED)
CONFLICTS = (Verb.CONFLICT_FOUND, Verb.CONFLICT_DECLARED)

Row = tuple[datetime, int, str, str, str, str]


@dataclass(frozen=True)
class _Case:
    """What there is to know of a case: whose it is, and the names and homes in it."""

    pk: int
    team: int | None
    restricted: bool
    names: frozenset[str]
    homes: frozenset[int]
    postcodes: frozenset[str]


@dataclass(frozen=True)
class _Reader:
    """What there is to know of a reader."""

    team: int | None
    last_name: str
    homes: frozenset[int]
    postcodes: frozenset[str]


def looks_between(after: int, upto: int) -> list[Look]:
    """Every look at a case in this stretch of the ledger, and those of a day before it that
    count together with them.  One look is one request, however much of the case it showed.
    """
    rows = Access.objects.filter(actor_id__isnull=False).exclude(
        Q(case_reference="") | Q(subject_kind__startswith=OF_THE_LOG)
    )
    new = rows.filter(pk__gt=after, pk__lte=upto)
    first = new.aggregate(at=Min("at"))["at"]
    if first is None:
        return []
    whose = new.order_by()
    before = rows.filter(pk__lte=after, at__gt=first - A_DAY).filter(
        Q(case_reference__in=whose.values("case_reference"))
        | Q(actor_id__in=whose.values("actor_id"))
    )
    columns = ("at", "actor_id", "actor_name", "case_reference", "outcome", "request_id")
    found: list[Any] = [*before.values_list(*columns), *new.values_list(*columns)]
    return _with_facts(_requests(found))


def _requests(rows: Iterable[Row]) -> list[tuple[datetime, int, str, str, bool]]:
    """One for each request, person and case; refused if nothing of it was shown."""
    seen: dict[tuple[Any, ...], tuple[datetime, int, str, str, bool]] = {}
    for at, user, name, case, outcome, request in rows:
        key = (request or at, user, references.tidy(case))
        refused = outcome != Outcome.SHOWN
        if key not in seen or not refused:
            seen[key] = (at, user, name, key[2], refused)
    return sorted(seen.values())


def _with_facts(asked: list[tuple[datetime, int, str, str, bool]]) -> list[Look]:
    cases = _cases({case for *_, case, _ in asked})
    users = {user for _, user, *_ in asked}
    readers, ids = _readers(users), [case.pk for case in cases.values()]
    members, roles, closed = _members(users, ids), _roles(users), _closed(users, ids)
    return [
        _look(at, user, name, reference, refused, cases, readers, members, roles, closed)
        for at, user, name, reference, refused in asked
        if reference in cases and user in readers
    ]


def _look(
    at: datetime,
    user: int,
    name: str,
    reference: str,
    refused: bool,
    cases: dict[str, _Case],
    readers: dict[int, _Reader],
    members: Any,
    roles: Any,
    closed: Any,
) -> Look:
    case, reader = cases[reference], readers[user]
    named = any(
        begins <= at and (ends is None or at < ends) for begins, ends in members[case.pk, user]
    )
    by_team = reader.team is not None and reader.team == case.team and not case.restricted
    by_role = any(at in period for period in roles[user])
    tie = Tie.HOME if reader.homes & case.homes else ""
    return Look(
        at=at,
        user=user,
        name=name,
        case=reference,
        refused=refused,
        on_it=named or by_team or by_role,
        restricted=case.restricted,
        closed=(case.pk, user) in closed,
        same_name=reader.last_name in case.names,
        tie=tie or (Tie.POSTCODE if reader.postcodes & case.postcodes else ""),
    )


def _cases(wanted: Collection[str]) -> dict[str, _Case]:
    rows = Case.objects.filter(reference__in=wanted).values_list(
        "pk", "reference", "team_id", "restricted", "home_id", "home__postcode"
    )
    names: dict[int, set[str]] = defaultdict(set)
    homes: dict[int, set[int | None]] = defaultdict(set)
    codes: dict[int, set[str | None]] = defaultdict(set)
    ids = [row[0] for row in rows]
    for case, name, home, code in _parties(ids):
        names[case].add(_last(name or ""))
        homes[case].add(home)
        codes[case].add(code)
    return {
        reference: _Case(
            pk,
            team,
            restricted,
            frozenset(names[pk] - {""}),
            frozenset(one for one in homes[pk] | {home} if one),
            frozenset(one for one in codes[pk] | {code} if one),
        )
        for pk, reference, team, restricted, home, code in rows
    }


def _parties(cases: Collection[int]) -> Iterable[tuple[int, str, int | None, str | None]]:
    parts = Involvement.objects.filter(case__in=cases, person__isnull=False).values_list(
        "case_id", "person__full_name", "person__home_id", "person__home__postcode"
    )
    victims = Case.objects.filter(pk__in=cases).values_list(
        "pk", "victim__full_name", "victim__home_id", "victim__home__postcode"
    )
    return [*parts.order_by(), *victims.order_by()]


def _readers(users: Collection[int]) -> dict[int, _Reader]:
    """What we hold of a reader's own: no address, but the homes they told us they are tied to."""
    homes: dict[int, set[int | None]] = defaultdict(set)
    codes: dict[int, set[str | None]] = defaultdict(set)
    links = StaffLink.objects.filter(user__in=users).values_list(
        "user_id", "home_id", "home__postcode", "person__home_id", "person__home__postcode"
    )
    for user, home, code, lives_at, its_code in links:
        homes[user] |= {home, lives_at}
        codes[user] |= {code, its_code}
    rows = User.objects.filter(pk__in=users).values_list("pk", "team_id", "full_name")
    return {
        pk: _Reader(
            team,
            _last(name),
            frozenset(one for one in homes[pk] if one),
            frozenset(one for one in codes[pk] if one),
        )
        for pk, team, name in rows
    }


def _last(name: str) -> str:
    """A last name, as names are compared: "Siân Pryce" and "PRYCE" agree."""
    return (name_key(name).split() or [""])[-1]


def _members(users: Collection[int], cases: Collection[int]) -> Any:
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    rows = CaseMember.objects.filter(case__in=cases, user__in=users)
    for case, user, begins, ends in rows.values_list("case_id", "user_id", "from_at", "ended_at"):
        found[case, user].append((begins, ends))
    return found


def _roles(users: Collection[int]) -> Any:
    found: dict[int, list[Any]] = defaultdict(list)
    rows = RoleHolding.objects.filter(user__in=users, role__in=SEE_BY_ROLE)
    for user, period in rows.values_list("user_id", "period"):
        found[user].append(period)
    return found


def _closed(users: Collection[int], cases: Collection[int]) -> set[tuple[int, int]]:
    rows = Conflict.objects.filter(case__in=cases, user__in=users, lifted_at__isnull=True)
    return set(rows.values_list("case_id", "user_id"))


def deeds_between(after: int, upto: int) -> list[Deed]:
    """Every case taken out of here, printed or as a copy, in this stretch of the ledger."""
    rows = Event.objects.filter(
        pk__gt=after, pk__lte=upto, verb__in=TAKEN_OUT, actor_id__isnull=False
    )
    return [Deed(row.at, row.actor_id or 0, row.actor_name, row.case_reference) for row in rows]


def read_before_conflicts(after: int, upto: int) -> list[Found]:
    """What somebody had opened of a case when it became known that they must not (S13)."""
    found = []
    for event in Event.objects.filter(pk__gt=after, pk__lte=upto, verb__in=CONFLICTS):
        user = event.changes.get("user")
        rows = Access.objects.filter(
            actor_id=user,
            case_reference=event.case_reference,
            outcome=Outcome.SHOWN,
            at__lte=event.at,
        ).exclude(subject_kind__startswith=OF_THE_LOG)
        shown = rows.aggregate(
            first=Min("at"),
            last=Max("at"),
            times=Count("request_id", distinct=True),
            name=Max("actor_name"),
        )
        if user and shown["first"]:
            look = Look(shown["first"], user, shown["name"], event.case_reference)
            found.append(before_conflict(look, shown["times"], shown["last"]))
    return found
