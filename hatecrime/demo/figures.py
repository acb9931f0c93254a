"""Figures from outside for the monitoring reports: homes, the ASB team's totals, residents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from cases.calendar import LONDON, add_months, london_date
from cases.people.choices import StockClass
from cases.people.models import Entity
from cases.reporting import input_operations as figures
from cases.reporting.choices import AgeBand, Characteristic
from cases.reporting.periods import reporting_year
from hatecrime.demo import places, population
from hatecrime.demo.desk import Desk

KEEPER = "Sunita Bhatt"
HOMES = 38_000
LCHO_OF_TEN = 1
"""One home in ten is a shared owner's."""
RESIDENTS = {
    AgeBand.UNDER_25: 24_300,
    AgeBand.FROM_25: 27_900,
    AgeBand.FROM_45: 21_600,
    AgeBand.FROM_65: 15_200,
}
TEN = time(10, 0)


def enter_figures(desk: Desk) -> None:
    """What a manager enters when the year turns and when a month is over."""
    _homes(desk)
    _residents(desk)
    _asb_totals(desk)


def _homes(desk: Desk) -> None:
    """The homes of each company in each area, at the last two turns of the year."""
    areas = [area for _, area, *_ in places.AREAS]
    companies = list(Entity.objects.all())
    this_year = reporting_year(london_date(desk.end)).first
    each = HOMES // (len(areas) * len(companies) * 10)
    for day in (add_months(this_year, -12), this_year):
        counted_on = day - timedelta(days=1)
        for company in companies:
            for area in areas:
                for stock_class, tenths in (
                    (StockClass.LCRA, 10 - LCHO_OF_TEN),
                    (StockClass.LCHO, LCHO_OF_TEN),
                ):
                    _enter(
                        desk,
                        figures.count_homes,
                        day,
                        entity=company,
                        area=area,
                        stock_class=stock_class,
                        homes=each * tenths,
                        counted_on=counted_on,
                        source="The housing system, at the year end",
                    )


def _residents(desk: Desk) -> None:
    day = reporting_year(london_date(desk.end)).first
    for group, residents in RESIDENTS.items():
        _enter(
            desk,
            figures.count_residents,
            day,
            entity=None,
            characteristic=Characteristic.AGE,
            group=group,
            residents=residents,
            counted_on=day - timedelta(days=1),
            source="The housing system, at the year end",
        )


def _asb_totals(desk: Desk) -> None:
    """Each whole month's since the demo began, entered once it is over."""
    month = add_months(london_date(population.began(desk)).replace(day=1), 1)
    while (over := add_months(month, 1)) <= london_date(desk.end):
        opened, source = desk.random.randint(88, 141), "The ASB team’s monthly return"
        act, all_of_us = figures.enter_asb_total, {"entity": None, "with_hate": False}
        _enter(desk, act, over, month=month, opened=opened, source=source, **all_of_us)
        month = over


def _enter(desk: Desk, act: Callable[..., object], day: date, **values: object) -> None:
    """At ten on that day, or as soon as there was somebody to do it."""
    first = population.began(desk) + timedelta(days=1)
    at = min(max(datetime.combine(day, TEN, LONDON), first), desk.end)
    desk.do(act, by=desk.actor(KEEPER, at), at=at, **values)
