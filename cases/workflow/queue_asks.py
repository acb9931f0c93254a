"""What somebody asks of the queue: which view, which filters, which page.

All of it stands in the address, as codes only: no name is ever there.  What an address asks
for and does not exist (an old bookmark, a typed one) is left out, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from cases.access import Actor, Grant
from cases.calendar import LONDON, london_date
from cases.casework.choices import OPEN_STAGES, Access, Stage
from cases.casework.clocks import ClockKind
from cases.casework.models import CaseMember
from cases.people.models import Entity

OWN = (Access.LEAD, Access.COVER, Access.INTAKE, Access.REFERRED)
"""The kinds of access that make a case somebody's own work."""


NO_COMPANY = "none"
"""The code, in the address, of the cases whose company nobody knows yet."""

CODE = re.compile(r"[A-Za-z0-9_]{1,40}")


class View(StrEnum):
    """The views of the work; the value stands in the address."""

    MINE = "mine"
    TEAM = "team"
    UNALLOCATED = "unallocated"
    LATE = "late"
    ALL = "all"


VIEW_WORDS: dict[View, str] = {
    View.MINE: "My work",
    View.TEAM: "My team",
    View.UNALLOCATED: "Not yet allocated",
    View.LATE: "Late",
    View.ALL: "All I may see",
}

# A view is offered to whoever holds one of these grants: to others it would say the same
# as their own work, or nothing.
VIEW_NEEDS: dict[View, tuple[Grant, ...]] = {
    View.MINE: (Grant.WORK_CASES, Grant.TAKE_REPORT, Grant.RECEIVE_SAFEGUARDING, Grant.RECEIVE_DA),
    View.TEAM: (Grant.SEE_TEAM_CASES,),
    View.UNALLOCATED: (Grant.ALLOCATE, Grant.SEE_ALL_CASES),
    View.LATE: (Grant.OPEN_CASES,),
    View.ALL: (Grant.OPEN_CASES,),
}


def views_for(actor: Actor) -> list[View]:
    """The views that mean something to this actor, in the order they are offered."""
    return [view for view in View if any(actor.may(grant) for grant in VIEW_NEEDS[view])]


def first_view(views: Sequence[View]) -> View:
    """Where somebody begins: with their team if they answer for one, else with their own.

    Never with what is late: an empty list of that says that nothing is, to whoever sees none.
    """
    order = (View.TEAM, View.MINE, View.UNALLOCATED, View.ALL)
    return next(view for view in order if view in views)


class Risk(StrEnum):
    """Risk as the queue filters it: the level that stands on the case."""

    HIGH = "high"
    MEDIUM = "medium"
    STANDARD = "standard"
    NONE = "none"

    @property
    def words(self) -> str:
        return "Not assessed" if self is Risk.NONE else self.value.capitalize()


class Due(StrEnum):
    """How soon the next promise falls due."""

    LATE = "late"
    TODAY = "today"

    @property
    def words(self) -> str:
        return "Late" if self is Due.LATE else "Due today"


# A case begins at Contact; what comes before is a report, what comes after is closed.
_BEFORE = (Stage.RECEIVED, Stage.TRIAGE)
STAGES = tuple(stage for stage in Stage if stage in OPEN_STAGES and stage not in _BEFORE)


@dataclass(frozen=True)
class Ask:
    """One view of the queue with its filters."""

    view: View
    stages: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    page: str = "1"

    @classmethod
    def read(cls, asked: QueryDict, actor: Actor) -> Ask:
        """The ask of an address, as far as it means anything to this actor."""
        views = views_for(actor)
        view = asked.get("view", "")
        teams = [t for t in asked.getlist("team") if t.isascii() and t.isdigit() and len(t) < 10]
        companies = [c for c in asked.getlist("company") if CODE.fullmatch(c)]
        return cls(
            view=View(view) if view in views else first_view(views),
            stages=_known(asked.getlist("stage"), STAGES),
            risks=_known(asked.getlist("risk"), Risk),
            due=_known(asked.getlist("due"), Due),
            clocks=_known(asked.getlist("clock"), ClockKind.values)[:1],
            teams=tuple(teams) if actor.may(Grant.SEE_ALL_CASES) else (),
            companies=tuple(companies) if filters_companies(actor) else (),
            page=asked.get("page", "1"),
        )

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The filters that are on: name and code, in the order of the form."""
        named: Sequence[tuple[str, Sequence[str]]] = (
            ("due", self.due),
            ("stage", self.stages),
            ("risk", self.risks),
            ("clock", self.clocks),
            ("team", self.teams),
            ("company", self.companies),
        )
        return [(name, code) for name, codes in named for code in codes]

    @property
    def query(self) -> dict[str, list[str]]:
        """The address without its page: codes only."""
        query: dict[str, list[str]] = {"view": [self.view.value]}
        for name, code in self.filters:
            query.setdefault(name, []).append(code)
        return query

    def address(self, **changes: Any) -> str:
        """The address of this ask with something changed, from its first page."""
        return "?" + urlencode(replace(self, **changes).query, doseq=True)

    def without(self, name: str, code: str) -> str:
        """The address with one filter taken off."""
        field = FIELDS.get(name, f"{name}s")
        return self.address(**{field: tuple(c for c in getattr(self, field) if c != code)})

    @property
    def bare_of_page(self) -> Ask:
        """The same view and filters, from their first page."""
        return replace(self, page="1")

    @property
    def bare(self) -> Ask:
        """The same view without filters."""
        return Ask(self.view)


FIELDS = {"due": "due", "company": "companies"}
"""Where the codes of a filter stand, if not under its name in the plural."""


def filters_companies(actor: Actor) -> bool:
    """Whoever sees more than their own work may look at one company's (HC-20)."""
    return bool(actor.may(Grant.SEE_ALL_CASES) or actor.may(Grant.SEE_TEAM_CASES))


def _known(codes: Iterable[str], choices: Collection[str]) -> tuple[str, ...]:
    asked = set(codes)
    return tuple(str(choice) for choice in choices if choice in asked)


def view_condition(view: View, actor: Actor, now: datetime) -> Q:
    """Which of the open cases the actor may see belong to a view."""
    if view is View.MINE:
        own = CaseMember.objects.filter(user_id=actor.id or 0, why__in=OWN, ended_at__isnull=True)
        return Q(pk__in=own.values("case"))
    if view is View.TEAM:
        return Q(team_id=actor.team_id)
    if view is View.UNALLOCATED:
        return Q(lead__isnull=True)
    if view is View.LATE:
        return Q(next_due_at__lt=now)
    return Q()


def midnight_after(now: datetime) -> datetime:
    """When the London day ends."""
    midnight = datetime.combine(london_date(now) + timedelta(days=1), time(0), LONDON)
    return midnight.astimezone(UTC)


def due_condition(due: str, now: datetime, midnight: datetime) -> Q:
    """Late, or due in what is left of the London day."""
    if due == Due.LATE:
        return Q(next_due_at__lt=now)
    return Q(next_due_at__gte=now, next_due_at__lt=midnight)


def filter_condition(ask: Ask, now: datetime, midnight: datetime) -> Q:
    """What the filters leave: any of the codes of each kind, all kinds together."""
    condition = Q()
    if ask.stages:
        condition &= Q(stage__in=ask.stages)
    if ask.clocks:
        condition &= Q(next_clock__in=ask.clocks)
    if ask.teams:
        condition &= Q(team_id__in=[int(team) for team in ask.teams])
    if ask.companies:
        condition &= _company_condition(ask.companies)
    if ask.risks:
        condition &= Q(risk__in=[_RISKS[Risk(risk)] for risk in ask.risks])
    if ask.due:
        condition &= _any(due_condition(due, now, midnight) for due in ask.due)
    return condition


def _any(conditions: Iterable[Q]) -> Q:
    joined = Q()
    for condition in conditions:
        joined |= condition
    return joined


def _company_condition(codes: Collection[str]) -> Q:
    """The cases of some companies, or of none that anybody knows yet."""
    theirs = Q(entity__in=Entity.objects.filter(code__in=sorted(codes)))
    return theirs | Q(entity__isnull=True) if NO_COMPANY in codes else theirs


_RISKS: dict[Risk, str] = {risk: risk.value.upper() for risk in Risk} | {Risk.NONE: ""}
