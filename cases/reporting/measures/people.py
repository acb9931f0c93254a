"""Who was harmed, as different people: joined records are one, and how old they were.

Somebody is harmed in a case if the case is about them, or if they have that part in it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models import Case as Choose
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

from cases.casework.choices import Part
from cases.casework.models import Case, Involvement
from cases.people.models import Person
from cases.reporting.choices import AgeBand

UNTIL = ((25, AgeBand.UNDER_25), (45, AgeBand.FROM_25), (65, AgeBand.FROM_45))
"""The age at which each band is left; the last has no end."""


def survivor(path: str) -> Coalesce:
    """The record that stands for the person at that path (ADR 14)."""
    return Coalesce(f"{path}__merged_into_id", f"{path}_id", output_field=BigIntegerField())


def victims(cases: QuerySet[Any, Any]) -> QuerySet[Involvement]:
    """The parts of those harmed in these cases whom we have a record of."""
    return Involvement.objects.filter(
        case__in=cases.values("pk"),
        part=Part.VICTIM,
        ended_at__isnull=True,
        person__isnull=False,
    )


def harmed(cases: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Everybody harmed in these cases, once each, with the newest of the cases they are in."""
    about = cases.order_by().values_list(survivor("victim"))
    parts = victims(cases).order_by().values_list(survivor("person"))
    me = Q(person=OuterRef("pk")) | Q(person__merged_into=OuterRef("pk"))
    mine = Q(victim=OuterRef("pk")) | Q(victim__merged_into=OuterRef("pk"))
    part = victims(cases).filter(me).order_by("-case").values("case")[:1]
    of_mine = Case.objects.filter(mine, pk__in=cases.values("pk")).order_by("-pk")
    people = Person.objects.filter(pk__in=about.union(parts))
    return people.annotate(
        case_ref=Coalesce(
            Subquery(of_mine.values("pk")[:1]), Subquery(part), output_field=BigIntegerField()
        ),
    )


class YearsBefore(Func):
    """The same day so many years before; 28 February if there is none."""

    template = "(%(expressions)s - make_interval(years => %(years)s))"

    def __init__(self, day: Any, years: int) -> None:
        super().__init__(day, years=years, output_field=DateTimeField())


def age_band(born: str, on: Any) -> Choose:
    """The band of somebody born on ``born`` (a path) on a day; not known if that is not."""
    return Choose(
        When(Q(**{f"{born}__isnull": True}), then=Value(AgeBand.UNKNOWN.value)),
        *(
            When(GreaterThan(F(born), YearsBefore(on, years)), then=Value(band.value))
            for years, band in UNTIL
        ),
        default=Value(AgeBand.FROM_65.value),
        output_field=CharField(),
    )
