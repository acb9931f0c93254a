"""M03: cases opened, by London's months."""

from __future__ import annotations

from datetime import UTC, datetime

from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.periods import month_of
from cases.reporting.values import Count
from tests.casework.story import tell
from tests.world import World


def test_a_case_counts_in_the_month_it_opened(world: World) -> None:
    told = tell(world)
    day = told.case.opened_at.date()
    asked = Asked.of_month(month_of(day), datetime(2027, 1, 1, tzinfo=UTC))
    (opened, live) = BY_CODE["M03"].lines(asked)
    assert opened.values["month"] == Count(1)
    assert opened.values["year"] == Count(1)
    assert opened.values["before"] == Count(0)
    assert sum(month.number for month in opened.months) == 1
    assert live.values["month"] == Count(1)
