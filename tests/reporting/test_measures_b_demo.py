"""M18 to M40 over the demo data: the scenarios of domain section 9, and some cases beside them."""

from __future__ import annotations

from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.periods import month_of
from tests.built import DEMO_END
from tests.reporting.behind import same_as_behind
from tests.reporting.beside_hand import compare
from tests.reporting.brute_b_more import BY_HAND


def test_the_demo_is_what_is_counted_by_hand(demo: None) -> None:
    asked = Asked.of_month(month_of(DEMO_END.date()), DEMO_END)
    found = compare(asked)
    for code in BY_HAND:
        same_as_behind(BY_CODE[code], asked)
    # The demo's officers told nobody of a case review this month, and no respondent recurs.
    assert {code for code in BY_HAND if not found.get(code)} <= {"M25", "M29", "M39"}
