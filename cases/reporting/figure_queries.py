"""Figures from outside: what counts now, and everything that was ever entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from cases.access import Actor
from cases.reporting.choices import AgeBand
from cases.reporting.models import AsbTotal, HomesCount, ResidentCount

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of figure from outside.  ``same`` are the fields of which the newest counts."""

    code: str
    title: str
    model: type[Any]
    same: tuple[str, ...]
    newest: tuple[str, ...]
    words: str


HOMES = Kind(
    "homes",
    "Homes",
    HomesCount,
    ("entity_id", "area", "stock_class"),
    ("-counted_on", "-id"),
    "How many homes each company owns, by area and class. Rates are worked out from them.",
)
ASB = Kind(
    "asb",
    "Antisocial behaviour cases",
    AsbTotal,
    ("entity_id", "month"),
    ("-id",),
    "How many cases the antisocial behaviour team opened, month by month.",
)
RESIDENTS = Kind(
    "residents",
    "Residents",
    ResidentCount,
    ("entity_id", "characteristic", "group"),
    ("-counted_on", "-id"),
    "How many residents there are of each age. Equality figures are worked out from them.",
)
KINDS = {kind.code: kind for kind in (HOMES, ASB, RESIDENTS)}
YOUNGEST_FIRST = Case(*(When(group=one, then=Value(at)) for at, one in enumerate(AgeBand.values)))
ORDER: dict[str, tuple[Any, ...]] = {
    "homes": ("entity__name", "area", "stock_class"),
    "asb": ("-month", "entity__name"),
    "residents": ("entity__name", "characteristic", YOUNGEST_FIRST, "group"),
}


def entered(actor: Actor, kind: Kind) -> Rows:
    """Everything that was entered of a kind, newest first, as far as it is of the actor's own
    companies (HC-20).
    """
    rows: Rows = kind.model.objects.select_related("entity", "by").order_by("-at", "-id")
    return rows.filter(entity__code__in=actor.entities) if actor.entities else rows


def counting(actor: Actor, kind: Kind) -> Rows:
    """The rows that count now: the newest of each company, area, group or month."""
    newest = (
        entered(actor, kind).order_by(*kind.same, *kind.newest).distinct(*kind.same).values("pk")
    )
    rows: Rows = kind.model.objects.select_related("entity", "by").filter(pk__in=newest)
    return rows.order_by(*ORDER[kind.code], "pk")
