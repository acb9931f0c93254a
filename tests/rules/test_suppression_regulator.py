"""The regulator's two numbers are of the same cases: neither tells what the other hides."""

from __future__ import annotations

import pytest

from cases.reporting.choices import Profile
from cases.reporting.composing_figures import cell_id
from cases.reporting.composing_grids import sums
from cases.reporting.measure import YEAR, Line
from cases.reporting.showing import Shown, Why
from cases.reporting.suppression import Limits, show
from cases.reporting.values import Absent, Count
from tests.rules.attacker import only_one, read

NONE = Absent("not supplied")


def shown(outside: int, strands: int, twice: int, counted: int, theirs: int) -> dict[str, Shown]:
    """Both measures of a year; nobody is left out of part 1 for the strand."""
    policy = outside + strands + twice + counted
    one = {
        "theirs": theirs,
        "added": policy - outside - twice - theirs,
        "outside": outside,
        "same": twice,
    }
    two = {
        "policy": policy,
        "outside": outside,
        "strands": strands,
        "same": twice,
        "counted": counted,
    }
    lines = {
        code: {key: Line(key, key, {YEAR: Count(number)}) for key, number in numbers.items()}
        for code, numbers in {"M05": one, "M04": two}.items()
    }
    for code, keys in {"M05": ("rate", "asb", "total"), "M04": ("rate",)}.items():
        lines[code] |= {key: Line(key, key, {YEAR: NONE}) for key in keys}
    return show(sums(lines), Profile.PUBLISHED, Limits())


@pytest.mark.parametrize(
    "numbers",
    [(1, 2, 0, 7, 0), (9, 2, 0, 40, 0), (6, 4, 1, 46, 12), (2, 0, 0, 30, 30), (4, 11, 4, 46, 0)],
)
def test_what_part_one_leaves_out_cannot_be_worked_out(numbers: tuple[int, ...]) -> None:
    """The one home outside: all 10 cases, less the 9 that are added, was the leak."""
    outside, strands, twice, counted, theirs = numbers
    found = shown(*numbers)
    truth = {
        "theirs": theirs,
        "added": strands + counted - theirs,
        "outside": outside,
        "same": twice,
    }
    bounds = {key: read(found[cell_id("M05", key, YEAR)], number) for key, number in truth.items()}
    policy = outside + strands + twice + counted
    bounds["policy"] = policy, policy
    for key, number in truth.items():
        hidden = found[cell_id("M05", key, YEAR)].hidden
        assert not (hidden and only_one(key, number, bounds, [("policy", [*truth])])), key


def test_the_same_homes_are_hidden_in_both() -> None:
    found = shown(6, 3, 0, 46, 0)
    assert found[cell_id("M04", "outside", YEAR)].why == Why.BESIDE
    assert found[cell_id("M05", "outside", YEAR)].hidden
