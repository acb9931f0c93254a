"""Who looked at a case: every look, every person who looked, and what they are to the case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import Http404

from cases import references
from cases.access import Actor, Grant, Role
from cases.audit.context import saw
from cases.audit.models import Access, Outcome
from cases.audit.queries import OF_THE_LOG, heads_of, start_of
from cases.casework.models import Case, Conflict
from cases.staff.models import RoleHolding, User

PER_PAGE = 50
MOST_PEOPLE = 200
MOST_EXTRACTED = 5000


def load_case(actor: Actor, reference: str) -> Case:
    """The case whose looks the actor may read.  Raises Http404 exactly as for one not there.

    The data protection officer reads the looks of every case, and nothing of what it holds; a
    conflict of interest closes it to them too (domain 7.1).
    """
    rows = Case.objects.visible_to(actor)
    if actor.may(Grant.SEE_LEDGER):
        closed = Conflict.objects.filter(user_id=actor.user_id, lifted_at__isnull=True)
        rows = Case.objects.exclude(pk__in=closed.values("case"))
    case = rows.select_related("entity").filter(reference=references.tidy(reference)).first()
    if case is None:
        raise Http404
    return case


@dataclass(frozen=True)
class AskedLooks:
    """Which looks somebody asked for; ``refused`` for the attempts that showed nothing."""

    by: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None
    refused: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody who looked: how often, when first and last, at which pages, and what for."""

    user: int | None
    name: str
    first_at: datetime
    last_at: datetime
    times: int
    pages: list[str]
    purposes: list[str]


@dataclass(frozen=True)
class LooksPage:
    """Some looks, newest first, one for each request; and the id to go on from, if any."""

    looks: list[Access]
    older: int | None


def looks_at(case: Case, asked: AskedLooks) -> QuerySet[Access]:
    """Every row of the ledger about opening the case, as far as asked for."""
    rows = Access.objects.filter(case_reference=case.reference)
    if asked.refused:
        rows = rows.exclude(outcome=Outcome.SHOWN)
    else:
        rows = rows.filter(outcome=Outcome.SHOWN).exclude(subject_kind__startswith=OF_THE_LOG)
    if asked.by is not None:
        rows = rows.filter(actor_id=asked.by)
    if asked.from_on:
        rows = rows.filter(at__gte=start_of(asked.from_on))
    if asked.to_on:
        rows = rows.filter(at__lt=start_of(asked.to_on + timedelta(days=1)))
    return rows


def people_who_looked(case: Case, asked: AskedLooks) -> list[Person]:
    """Everybody who opened the case in that time, the last to look first: one query."""
    rows = (
        looks_at(case, asked)
        .values("actor_id")
        .annotate(
            name=Max("actor_name"),
            first=Min("at"),
            last=Max("at"),
            times=Count("request_id", distinct=True),
            pages=ArrayAgg("what", distinct=True),
            purposes=ArrayAgg("purpose", distinct=True, filter=~Q(purpose=""), default=[]),
        )
        .order_by("-last", "actor_id")
        .values_list("actor_id", "name", "first", "last", "times", "pages", "purposes")
    )
    return [Person(*row) for row in rows[:MOST_PEOPLE]]


def looks_page(case: Case, asked: AskedLooks, *, per_page: int = PER_PAGE) -> LooksPage:
    """One page of looks by id: new ones arriving neither skip nor double any.

    A look is the first row of its request; the others said what else the page showed.
    """
    rows = looks_at(case, asked)
    shown = Access.objects.filter(pk__in=heads_of(rows))
    if asked.before is not None:
        shown = shown.filter(pk__lt=asked.before)
    looks = list(shown.order_by("-pk")[: per_page + 1])
    more = len(looks) > per_page
    looks = looks[:per_page]
    return LooksPage(looks, looks[-1].pk if more else None)


def purposes_of(case: Case, looks: Iterable[Access]) -> dict[str, str]:
    """What each of these looks was for, by request, where a purpose was given: one query."""
    requests = [look.request_id for look in looks if look.request_id]
    rows = Access.objects.filter(case_reference=case.reference, request_id__in=requests)
    given: dict[str, list[str]] = defaultdict(list)
    for request, purpose in (
        rows.exclude(purpose="").order_by("pk").values_list("request_id", "purpose")
    ):
        if purpose not in given[request]:
            given[request].append(purpose)
    return {request: "; ".join(purposes) for request, purposes in given.items()}


@dataclass(frozen=True)
class Roles:
    """Which roles people held when, and the team each is in now."""

    held: dict[int, list[tuple[Role, object]]]
    teams: dict[int, str]

    def at(self, user: int | None, moment: datetime) -> str:
        """The roles somebody held at that moment, in words; "" for none that we know."""
        held = self.held.get(user or 0, [])
        return " and ".join(role.label for role, period in held if moment in period)  # type: ignore[operator]

    def team(self, user: int | None) -> str:
        """The name of somebody's team, or ""."""
        return self.teams.get(user or 0, "")


def roles_of(users: Collection[int]) -> Roles:
    """The roles and teams of these people: two queries."""
    held: dict[int, list[tuple[Role, object]]] = defaultdict(list)
    rows = RoleHolding.objects.filter(user__in=users).order_by("role", "pk")
    for user, role, period in rows.values_list("user_id", "role", "period"):
        held[user].append((Role(role), period))
    teams = User.objects.filter(pk__in=users, team__isnull=False).values_list("pk", "team__name")
    return Roles(held, dict(teams))


OF_ONE_PERSON = (
    *("workflow:case-show-part", "workflow:case-part", "workflow:case-part-record"),
    *("risk:sheet", "risk:higher", "risk:lower", "risk:flag", "people:"),
)
"""Pages about one person of a case; any other shows the case as a whole."""


def shown_of(case: Case, part: int, records: Collection[int], asked: AskedLooks) -> list[Access]:
    """The looks an extract for one person lists, the oldest first, at most 5,000.

    ``part`` is their part in the case and ``records`` all records of theirs.  A look counts if it
    showed the case as a whole, or them; one at somebody else is that person's to ask for.
    """
    rows = looks_at(case, asked)
    own = {"people.person": set(records), "casework.involvement": {part}}
    theirs: set[str] = set()
    of_one = Q()
    for begins in OF_ONE_PERSON:
        of_one |= Q(what__startswith=begins) if begins.endswith(":") else Q(what=begins)
    named = rows.filter(of_one, subject_kind__in=own)
    for request, kind, ids in named.values_list("request_id", "subject_kind", "subject_ids"):
        if own[kind] & set(ids):
            theirs.add(request)
    looks = Access.objects.filter(pk__in=heads_of(rows)).filter(~of_one | Q(request_id__in=theirs))
    return list(looks.order_by("pk")[:MOST_EXTRACTED])


def declare_looks(case: Case, count: int) -> None:
    """Say that the page shows so many looks at the case."""
    saw("audit.access", case=case.reference, count=count)
