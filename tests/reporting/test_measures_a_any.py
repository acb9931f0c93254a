"""Whatever happened, on whatever edge of a month: M01 to M17 are what is counted by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from cases.people.choices import StockClass
from cases.people.models import Entity, Property
from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.models import AsbTotal, HomesCount
from cases.reporting.periods import Period, month_of, months_to
from tests.reporting.behind import same_as_behind
from tests.reporting.beside_a import compare
from tests.reporting.test_measures_b_any import FULL
from tests.reporting.worlds_b import ASKED_AT, EDGES, Living, Told, whatever_happened
from tests.world import LONG_AGO, World, by_hand

FROM_OUTSIDE = {"M05"}
"""Lines whose number the antisocial behaviour team gives have no rows of ours behind them."""
MINE = [f"M{number:02}" for number in range(1, 18) if f"M{number:02}" not in FROM_OUTSIDE]


def _outside(last: date) -> None:
    """Homes of each company and class on three days, and the totals of two years, some in part."""
    companies = [None, *Entity.objects.order_by("code")]
    with by_hand():
        for number, entity in enumerate(companies):
            for day in (date(2024, 1, 1), date(2025, 3, 31), date(2026, 3, 31)):
                HomesCount.objects.create(
                    entity=entity,
                    area=("", "Wellby")[number % 2],
                    stock_class=StockClass.values[(number + day.month) % 3],
                    homes=900 + 10 * number + day.month,
                    counted_on=day,
                    source="The register",
                    at=LONG_AGO,
                )
            for month in months_to(last):
                AsbTotal.objects.create(
                    entity=entity,
                    month=month.first,
                    opened=month.first.month + number,
                    with_hate=(month.first.month + number) % 3 == 0,
                    source="Their system",
                    at=LONG_AGO,
                )


def _check(world: World, facts: list[Told], asked: Asked, joined: bool) -> dict[str, int]:
    with transaction.atomic():
        living = Living(type(world)())
        Property.objects.filter(pk=living.homes[1].pk).update(stock_class=StockClass.LCHO)
        Property.objects.filter(pk=living.homes[2].pk).update(stock_class=StockClass.OTHER)
        for one in sorted(facts, key=lambda each: each.received):
            living.tell(one)
        if joined:
            living.join()
        _outside(asked.whole.last)
        found = compare(asked)
        for code in MINE:
            same_as_behind(BY_CODE[code], asked)
        transaction.set_rollback(True)
    return found


@whatever_happened
def test_any_month(
    world: World, facts: list[Told], last: date, at: datetime, entity: str, joined: bool
) -> None:
    _check(world, facts, Asked.of_month(month_of(last), at, entity), joined)


def test_any_two_dates_of_a_full_world(world: World) -> None:
    days = Period(date(2025, 10, 26), date(2026, 3, 31))
    found = _check(world, FULL, Asked.of_dates(days, ASKED_AT[0]), joined=True)
    # Reports, third parties and talks are told in tests of their own.
    some = {"M02", "M03", "M04", "M05", "M06", "M10", "M11", "M12", "M13", "M15", "M16", "M17"}
    assert {code for code in some if not found[code]} == set()


def test_a_full_world_month_by_month(world: World) -> None:
    """The windows of a month's report are sums of months, and agree with counting by hand."""
    assert len(EDGES) == len({*EDGES})
    asked = Asked.of_month(month_of(date(2026, 3, 31)), ASKED_AT[0] + timedelta(days=1))
    found = _check(world, FULL, asked, joined=False)
    assert found["M04"] > 12
