"""Comparing groups: the floors of M32, its interval worked by hand, the gaps of M33 and M35."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reporting.equality import Gap, disproportionality, enforcement, gap
from cases.reporting.values import Absent, Ratio, Share


def test_worked_by_hand() -> None:
    """10 of 1,000 against 20 of 9,000: 0.01 / 0.00222 = 4.5.

    1/10 - 1/1000 + 1/20 - 1/9000 = 0.148889; its root 0.385861; x 1.96 = 0.756288;
    e to that = 2.13036; so from 4.5 / 2.13036 = 2.1123 to 4.5 x 2.13036 = 9.5866.
    """
    ratio = disproportionality(10, 1000, 20, 9000, known=30, all_victims=40)
    assert isinstance(ratio, Ratio)
    assert ratio.ratio == pytest.approx(4.5)
    assert ratio.interval == pytest.approx((2.1123, 9.5866), abs=1e-4)


def test_as_likely_as_the_others() -> None:
    """5 of 100 against 50 of 1,000: 1.

    1/5 - 1/100 + 1/50 - 1/1000 = 0.209; its root 0.457165; x 1.96 = 0.896044;
    e to that = 2.44989; so from 1 / 2.44989 = 0.40818.
    """
    ratio = disproportionality(5, 100, 50, 1000, known=55, all_victims=55)
    assert isinstance(ratio, Ratio)
    assert ratio.ratio == pytest.approx(1)
    assert ratio.interval == pytest.approx((0.4082, 2.4499), abs=1e-4)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"harmed": 4}, "Fewer than 5 victims in this group."),
        ({"harmed": 0}, "Fewer than 5 victims in this group."),
        ({"others_harmed": 4}, "Fewer than 5 victims outside this group."),
        ({"residents": 99}, "Fewer than 100 residents in this group."),
        ({"others": 0}, "There are no residents outside this group."),
        ({"known": 59}, "This is known for fewer than 60 in 100 of the victims."),
        ({"known": 0, "all_victims": 0}, "There were no victims."),
        (
            {"harmed": 101},
            "There are more victims than residents: the number of residents is too old.",
        ),
        (
            {"others_harmed": 101},
            "There are more victims than residents: the number of residents is too old.",
        ),
        ({}, ""),
        ({"harmed": 100, "residents": 100, "others_harmed": 100, "others": 100}, ""),
    ],
)
def test_each_floor_says_why(changed: dict[str, int], why: str) -> None:
    facts = {
        "harmed": 5,
        "residents": 100,
        "others_harmed": 5,
        "others": 100,
        "known": 60,
        "all_victims": 100,
    }
    found = disproportionality(**{**facts, **changed})
    assert (found.why if isinstance(found, Absent) else "") == why


some = st.integers(0, 300)


@given(some, some, some, some, some, some)
def test_whatever_is_counted_there_is_an_answer(
    harmed: int, residents: int, others_harmed: int, others: int, known: int, victims: int
) -> None:
    found = disproportionality(harmed, residents, others_harmed, others, known, victims)
    if isinstance(found, Absent):
        assert found.why.endswith(".")
        return
    assert found.ratio is not None
    assert found.interval is not None
    assert found.interval[0] <= found.ratio <= found.interval[1]


@pytest.mark.parametrize(
    ("group", "others", "points", "flagged", "words"),
    [
        (Share(16, 20), Share(90, 100), "-10.0", True, "10 points lower than for everybody else"),
        (Share(90, 100), Share(16, 20), "10.0", True, "10 points higher than for everybody else"),
        (Share(801, 1000), Share(9, 10), "-9.9", False, "9.9 points lower than for everybody else"),
        (Share(10, 10), Share(10, 10), "0.0", False, "the same as for everybody else"),
        (Share(50, 100), Share(51, 100), "-1.0", False, "1 point lower than for everybody else"),
        # 9.95 reads as 10.0, and is taken for it.
        (Share(1000, 10000), Share(1995, 10000), "-10.0", True, "10 points lower"),
        (Share(1000, 10000), Share(1994, 10000), "-9.9", False, "9.9 points lower"),
    ],
)
def test_a_gap(group: Share, others: Share, points: str, flagged: bool, words: str) -> None:
    found = gap(group, others)
    assert found is not None
    assert (found.points, found.flagged) == (Decimal(points), flagged)
    assert found.words.startswith(words)


@pytest.mark.parametrize(
    ("group", "others"),
    [(Share(0, 9), Share(90, 100)), (Share(90, 100), Share(9, 9)), (Share(), Share())],
)
def test_no_gap_between_few(group: Share, others: Share) -> None:
    assert gap(group, others) is None


@pytest.mark.parametrize(
    ("group", "others", "known", "everybody", "expected"),
    [
        (Share(6, 12), Share(10, 40), 52, 60, Gap(Decimal("25.0"), True)),
        (
            Share(4, 12),
            Share(10, 40),
            52,
            60,
            Absent("Fewer than 5 respondents we took legal action against in this group."),
        ),
        (Share(5, 9), Share(10, 40), 49, 60, Absent("Fewer than 10 respondents to compare.")),
        (
            Share(6, 12),
            Share(10, 40),
            52,
            100,
            Absent("This is known for fewer than 60 in 100 of the respondents."),
        ),
        (Share(), Share(), 0, 0, Absent("There were no respondents.")),
    ],
)
def test_enforcement(
    group: Share, others: Share, known: int, everybody: int, expected: Gap | Absent
) -> None:
    assert enforcement(group, others, known, everybody) == expected
