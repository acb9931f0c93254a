"""Restricted records somebody may know of and not see (domain 7.1).

Only a place and whom to speak to: no reference, person, time or link.  Only for people who work
cases; never to somebody with a conflict of interest in the case, and never where the person
harmed is a colleague, whose case it is would then be plain to their own team.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case as SqlCase
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from cases.access import Actor, Grant
from cases.casework.choices import Access
from cases.casework.models import Case, CaseMember, Conflict

MOST = 5
LOOKED_AT = 50


@dataclass(frozen=True)
class Restricted:
    """A restricted record: where, and whom to ask before going or writing there."""

    place: str
    speak_to: str


def conflicted(actor: Actor) -> Exists:
    """Whether the actor has a conflict of interest in the case of the query around this."""
    return Exists(
        Conflict.objects.filter(case=OuterRef("pk"), user_id=actor.id or 0, lifted_at__isnull=True)
    )


def beside(actor: Actor) -> list[Restricted]:
    """Those the actor has business with: at the home of a case of theirs, or in their patch."""
    mine = CaseMember.objects.filter(
        case__home=OuterRef("home"), user_id=actor.id or 0, ended_at__isnull=True
    )
    return _known(actor, Q(home__team_id=actor.team_id) | Q(Exists(mine)))


def at_homes(actor: Actor, homes: QuerySet[Any]) -> list[Restricted]:
    """Those at homes the actor has just searched for by address."""
    return _known(actor, Q(home__in=homes))


def _known(actor: Actor, where: Q) -> list[Restricted]:
    if not actor.may(Grant.WORK_CASES) or actor.may(Grant.SEE_ALL_CASES):
        return []
    there = list(
        Case.objects.open()
        .filter(where, restricted=True, home__isnull=False, victim__is_colleague=False)
        .order_by("home__address", "pk")
        .values_list("pk", flat=True)[:LOOKED_AT]
    )
    if not there:  # as almost always: nothing more to ask
        return []
    visible = Case.objects.visible_to(actor).filter(pk__in=there).values("pk")
    hidden = (
        Case.objects.filter(pk__in=there)
        .filter(~Q(pk__in=visible) & ~conflicted(actor))
        .order_by("home__address", "pk")
        .annotate(speak_to=_who_knows())
        .values_list("home_id", "home__address", "speak_to")
    )
    homes = {home: Restricted(place, name or "a case manager") for home, place, name in hidden}
    return list(homes.values())[:MOST]


def _who_knows() -> Subquery:
    """Somebody named on the restricted case, its lead before others."""
    named = CaseMember.objects.filter(
        case=OuterRef("pk"), why__in=[Access.LEAD, Access.NAMED], ended_at__isnull=True
    )
    leads_first = SqlCase(When(why=Access.LEAD, then=Value(0)), default=Value(1))
    return Subquery(named.order_by(leads_first, "from_at").values("user__full_name")[:1])
