"""A restated version to share and the one shared before: together they tell nothing hidden.

Hypothesis changes some numbers of a set of tables; tests/rules/attacker.py reads both versions,
and knows that what has not changed is the same.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.reporting.choices import Profile
from cases.reporting.earlier import Earlier
from cases.reporting.showing import Grid, Shown, Why
from cases.reporting.suppression import Limits, show
from cases.reporting.values import Count, Share
from tests.rules.attacker import FAR, Bounds, Equation, equations, narrowed, only_one, read
from tests.rules.test_suppression import across, alone
from tests.rules.test_suppression_attack import few, line, numbers, table

EXAMPLES = int(os.environ.get("SUPPRESSION_EXAMPLES", "60"))
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIMITS = Limits()
Both = tuple[list[Grid], list[Grid]]


def two(before: list[Grid], after: list[Grid]) -> tuple[dict[str, Shown], dict[str, Shown]]:
    """The version shared first, and the one made beside it."""
    first = show(before, Profile.PUBLISHED, LIMITS)
    return first, show(after, Profile.PUBLISHED, LIMITS, earlier=Earlier(before, first))


def told_by_both(before: list[Grid], after: list[Grid], shown: list[dict[str, Shown]]) -> list[str]:
    """What either hides and the attacker knows, who reads both."""
    was, now = numbers(before), numbers(after)
    names = {key: key if now.get(key) == number else f"was {key}" for key, number in was.items()}
    truth = now | {names[key]: number for key, number in was.items()}
    bounds: Bounds = {key: read(shown[1][key], number) for key, number in now.items()}
    for key, number in was.items():
        low, high = read(shown[0][key], number)
        least, most = bounds.get(names[key], (0, FAR))
        bounds[names[key]] = max(low, least), min(high, most)
    sums: list[Equation] = [
        *equations(after),
        *((names[total], [names[one] for one in parts]) for total, parts in equations(before)),
    ]
    hidden = {key for key in now if shown[1][key].hidden}
    hidden |= {names[key] for key in was if shown[0][key].hidden}
    # What one version gives the other may not hide: it is no secret.
    hidden -= {names[key] for key in was if not shown[0][key].hidden}
    left = narrowed(bounds, sums)
    assert left is not None
    return [key for key in sorted(hidden) if only_one(key, truth[key], bounds, sums)]


@st.composite
def lines(draw: st.DrawFn) -> Both:
    parts = draw(st.lists(few, min_size=1, max_size=5))
    more = [number + draw(st.sampled_from((0, 0, 0, 1, 2, 6, -1))) for number in parts]
    return tuple(  # type: ignore[return-value]
        [line("line", {f"p{at}": max(number, 0) for at, number in enumerate(each)}, "all")]
        for each in (parts, more)
    )


@st.composite
def tables(draw: st.DrawFn) -> Both:
    spots = [(f"r{row}", f"c{column}") for row in range(2) for column in range(2)]
    was = {spot: draw(few) for spot in spots}
    now = {spot: number + draw(st.sampled_from((0, 0, 0, 1, 7))) for spot, number in was.items()}
    return [table("t", was, ("row", "column"))], [table("t", now, ("row", "column"))]


@many
@given(st.one_of(lines(), tables()))
def test_nothing_hidden_in_either_can_be_worked_out(both: Both) -> None:
    before, after = both
    assert told_by_both(before, after, list(two(before, after))) == []


@many
@given(st.one_of(lines(), tables()))
def test_what_was_hidden_and_has_not_changed_stays_hidden(both: Both) -> None:
    before, after = both
    first, later = two(before, after)
    was, now = numbers(before), numbers(after)
    for key, number in was.items():
        assert now[key] != number or not first[key].hidden or later[key].hidden


@many
@given(st.one_of(lines(), tables()))
def test_nobody_new_is_told_of_by_a_difference_of_a_few(both: Both) -> None:
    """90 and then 91 is one person, who could be recognised: 91 is "about 90"."""
    before, after = both
    first, later = two(before, after)
    was, now = numbers(before), numbers(after)
    for key, number in was.items():
        if 0 < abs(now[key] - number) < LIMITS.under and not first[key].hidden:
            assert later[key].why != Why.PLAIN or not now[key]


@many
@given(st.one_of(lines(), tables()))
def test_nothing_restated_nothing_more_hidden(both: Both) -> None:
    before, _ = both
    first, again = two(before, before)
    assert again == first


def test_made_each_by_itself_they_do_tell() -> None:
    """7, 2 and 6; then 7, 2 and 16.  What the one hides beside the 2, the other gives."""
    before, after = [across(7, 2, 6)], [across(7, 2, 16)]
    alone_each = [show(grids, Profile.PUBLISHED, LIMITS) for grids in (before, after)]
    assert "p1" in told_by_both(before, after, alone_each)
    shown = two(before, after)
    assert told_by_both(before, after, list(shown)) == []
    assert shown[1]["p0"].why == Why.PLAIN


@pytest.mark.parametrize(
    ("was", "now", "text"),
    [
        (90, 90, "90"),
        (90, 91, "about 90"),
        (90, 94, "about 95"),
        (90, 95, "95"),
        (94, 90, "about 90"),
        (3, 6, "6"),
        (6, 3, "fewer than 5"),
        (2, 2, "fewer than 5"),
    ],
)
def test_a_number_by_itself(was: int, now: int, text: str) -> None:
    _, shown = two([alone(Count(was))], [alone(Count(now))])
    assert shown["v0"].text == text


def test_what_was_shared_before_the_last_is_still_known() -> None:
    """6 was given, then hidden beside a 2; whoever has the first still knows it."""
    versions = [[across(7, 9, 6)], [across(7, 2, 6)], [across(7, 2, 6)]]
    earlier = Earlier()
    for grids in versions:
        shown = show(grids, Profile.PUBLISHED, LIMITS, earlier=earlier)
        earlier = Earlier(grids, shown).after(earlier)
    assert earlier.shown["p2"].text == "6"
    assert shown["p1"].hidden


def test_percentages_and_tables_that_are_gone() -> None:
    before = [alone(Share(3, 40), Share(20, 40)), across(7, 2, 6, key="gone ")]
    _, shown = two(before, [alone(Share(3, 40), Share(21, 40))])
    assert shown["v0"].hidden
    assert shown["v1"].text == "53%"
