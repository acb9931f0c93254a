"""M01 to M17 over the demo data: the scenarios of domain section 9, and some cases beside them."""

from __future__ import annotations

from datetime import date

from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.periods import Period, month_of
from tests.built import DEMO_END
from tests.reporting.behind import same_as_behind
from tests.reporting.beside_a import compare
from tests.reporting.brute_a_more import BY_HAND

DAYS = Period(date(2026, 3, 29), date(2026, 10, 25))


def test_the_demo_is_what_is_counted_by_hand(demo: None) -> None:
    asked = Asked.of_month(month_of(DEMO_END.date()), DEMO_END)
    found = compare(asked)
    assert {code for code in BY_HAND if not found[code]} == set()
    for code in sorted(set(BY_HAND) - {"M05"}):
        same_as_behind(BY_CODE[code], asked)
    compare(Asked.of_dates(DAYS, DEMO_END))
