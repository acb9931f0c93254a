"""M18 to M40: each figure beside the rows behind it, and beside plain counting by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.periods import month_of
from tests.casework.story import tell
from tests.reporting.behind import same_as_behind
from tests.world import World

MINE = [f"M{number}" for number in range(18, 41)]


def test_every_measure_is_in_the_catalogue_once() -> None:
    assert [code for code in MINE if code in BY_CODE] == MINE
    for code in MINE:
        one = BY_CODE[code]
        assert one.collected != bool(one.waits_for), code
        told = (one.definition, one.numerator, one.denominator, one.cohort, one.exclusions)
        assert all(words.endswith((".", "?")) for words in told), code
        assert one.source, code


@pytest.mark.parametrize("code", MINE)
def test_a_figure_is_the_number_of_rows_behind_it(code: str, world: World) -> None:
    told = tell(world).allocated()
    asked = Asked.of_month(month_of(told.case.opened_at.date()), world.now + timedelta(days=40))
    same_as_behind(BY_CODE[code], asked)
