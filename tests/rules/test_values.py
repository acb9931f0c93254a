"""Figures: adding them up, rounding them as people do, keeping them."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reporting.values import (
    Absent,
    Count,
    Days,
    Middle,
    Rate,
    Ratio,
    Share,
    Tasks,
    Value,
    as_json,
    from_json,
    rounded,
)

some = st.integers(0, 10**6)


def test_the_regulators_example() -> None:
    """24 qualifying cases and 38,000 homes are 0.63, reported as 0.6 (domain 5.1)."""
    assert Rate(24, 38_000).per_thousand == Decimal("0.6")


@pytest.mark.parametrize(
    ("number", "of", "expected"),
    [
        (0, 38_000, "0.0"),
        (1, 38_000, "0.0"),
        (25, 38_000, "0.7"),  # 0.658
        (13, 20_000, "0.7"),  # 0.65: halves up
        (129, 200_000, "0.6"),  # 0.645
        (1, 1, "1000.0"),
    ],
)
def test_rates(number: int, of: int, expected: str) -> None:
    assert str(Rate(number, of).per_thousand) == expected


@pytest.mark.parametrize(
    ("number", "of", "expected"),
    [
        (29, 31, "94"),
        (1, 2, "50"),
        (1, 3, "33"),
        (2, 3, "67"),
        (1, 8, "13"),
        (1, 40, "3"),
        (0, 9, "0"),
    ],
)
def test_percentages(number: int, of: int, expected: str) -> None:
    """Halves up: 12.5 is 13 and 2.5 is 3."""
    assert str(Share(number, of).percent) == expected


@pytest.mark.parametrize("value", [Rate(3, 0).per_thousand, Share(0, 0).percent])
def test_of_nothing_there_is_none(value: Decimal | None) -> None:
    assert value is None


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [("0.05", 1, "0.1"), ("0.15", 1, "0.2"), ("0.25", 1, "0.3"), ("2.5", 0, "3"), ("2.49", 0, "2")],
)
def test_halves_are_rounded_up(number: str, places: int, expected: str) -> None:
    assert str(rounded(Decimal(number), places)) == expected


@given(some, some, some, some)
def test_adding_up(a: int, b: int, c: int, d: int) -> None:
    """Parts are added before they are divided: 1 of 2 and 9 of 98 are 10 of 100."""
    assert Count(a) + Count(b) == Count(a + b)
    assert Share(a, a + b) + Share(c, c + d) == Share(a + c, a + b + c + d)
    assert (Share(1, 2) + Share(9, 98)).percent == 10


@pytest.mark.parametrize(
    "value",
    [
        Ratio(0, 100, 5, 100),
        Ratio(5, 0, 5, 100),
        Ratio(5, 100, 0, 100),
        Ratio(5, 100, 5, 0),
        Ratio(),
    ],
)
def test_a_ratio_without_meaning(value: Ratio) -> None:
    assert value.ratio is None
    assert value.interval is None


def test_everybody_was_harmed() -> None:
    """All of both groups: exactly alike, and nothing left to chance."""
    assert Ratio(100, 100, 200, 200).interval == pytest.approx((1, 1))


values: st.SearchStrategy[Value] = st.one_of(
    st.builds(Count, some),
    st.builds(Days, some),
    st.builds(Tasks, some),
    st.builds(Share, some, some),
    st.builds(Rate, some, some),
    st.builds(
        Middle,
        st.none() | st.floats(0, 10**6),
        some,
        st.sampled_from(["hours", "days"]),
    ),
    st.builds(Ratio, some, some, some, some),
    st.builds(Absent, st.text()),
)


@given(values)
def test_kept_and_read_again(value: Value) -> None:
    assert from_json(json.loads(json.dumps(as_json(value)))) == value


def test_days_kept_as_a_number_once_are_still_read() -> None:
    """Before there were days, M40 kept them as a number (old reports are never rewritten)."""
    assert from_json({"kind": "count", "number": 3}) == Count(3)


def test_a_kind_nobody_knows() -> None:
    with pytest.raises(KeyError):
        from_json({"kind": "guess", "number": 1})
