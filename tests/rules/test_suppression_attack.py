"""From any published set of tables no suppressed number can be worked out.

Hypothesis makes the tables, tests/rules/attacker.py tries every number.  `make test` tries a few
hundred sets; ``SUPPRESSION_EXAMPLES=20000`` as many as it is told.
"""

from __future__ import annotations

import os
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.reporting.choices import Profile
from cases.reporting.showing import Adds, Cell, Grid, Row, Shown, Why
from cases.reporting.suppression import Limits, show
from cases.reporting.values import Count, Rate, Share
from tests.rules.attacker import FAR, equations, only_one, worked_out

EXAMPLES = int(os.environ.get("SUPPRESSION_EXAMPLES", "120"))
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIMITS = Limits()
few = st.one_of(st.integers(0, 5), st.integers(0, 12))


def line(key: str, parts: dict[str, int], total: str) -> Grid:
    """A table of one row that adds up."""
    cells = tuple(Cell(one, Count(number)) for one, number in parts.items())
    whole = Cell(total, Count(sum(parts.values())))
    return Grid(
        key, key, (*parts, total), (Row(key, (*cells, whole)),), Adds.ACROSS, total_column=True
    )


def table(key: str, numbers: dict[tuple[str, str], int], names: tuple[str, str]) -> Grid:
    """Rows and columns with their totals; a total's id says of what, not in which table."""
    rows = list(dict.fromkeys(row for row, _ in numbers))
    columns = list(dict.fromkeys(column for _, column in numbers))

    def cell(row: str | None, column: str | None) -> Cell:
        number = sum(n for (r, c), n in numbers.items() if row in (None, r) and column in (None, c))
        if row and column:
            return Cell(f"{key}/{row}/{column}", Count(number))
        one = f"{names[0]}/{row}" if row else f"{names[1]}/{column}" if column else "all"
        return Cell(one, Count(number))

    return Grid(
        key,
        key,
        (*columns, "All"),
        tuple(
            Row(row or "All", tuple(cell(row, column) for column in (*columns, None)), row is None)
            for row in (*rows, None)
        ),
        Adds.BOTH,
        total_column=True,
    )


@st.composite
def one_line(draw: st.DrawFn) -> list[Grid]:
    numbers = draw(st.lists(few, min_size=1, max_size=6))
    return [line("line", {f"p{at}": number for at, number in enumerate(numbers)}, "all")]


@st.composite
def one_table(draw: st.DrawFn) -> list[Grid]:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    spots = [(f"r{row}", f"c{column}") for row, column in product(range(rows), range(columns))]
    return [table("table", {spot: draw(few) for spot in spots}, ("row", "column"))]


@st.composite
def tables_of_the_same(draw: st.DrawFn) -> list[Grid]:
    """The same cases by a and b, by a and c, by b and c: they share what they add up to."""
    sizes = draw(st.tuples(*[st.integers(2, 2)] * 3))
    cases = {spot: draw(st.integers(0, 4)) for spot in product(*map(range, sizes))}
    found = []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        numbers: dict[tuple[str, str], int] = {}
        for spot, number in cases.items():
            at = f"{one}{spot[one]}", f"{other}{spot[other]}"
            numbers[at] = numbers.get(at, 0) + number
        found.append(table(f"by{one}{other}", numbers, (f"d{one}", f"d{other}")))
    return found


@st.composite
def lines_that_share(draw: st.DrawFn) -> list[Grid]:
    """Any sums over one pool of numbers, so that a number stands in many of them."""
    pool = {f"p{at}": draw(few) for at in range(draw(st.integers(2, 5)))}
    found = []
    for at in range(draw(st.integers(1, 4))):
        chosen = draw(st.sets(st.sampled_from(sorted(pool)), min_size=1, max_size=4))
        found.append(line(f"line{at}", {one: pool[one] for one in sorted(chosen)}, f"t{at}"))
    return found


@st.composite
def parts_of_parts(draw: st.DrawFn) -> list[Grid]:
    """Quarters of months: what is a total in one table is a part in the next."""
    halves = {}
    found = []
    for at in range(draw(st.integers(1, 3))):
        parts = {f"p{at}{one}": draw(few) for one in range(draw(st.integers(1, 3)))}
        found.append(line(f"half{at}", parts, f"h{at}"))
        halves[f"h{at}"] = sum(parts.values())
    return [*found, line("whole", halves, "all")]


worlds = st.one_of(
    one_line(), one_table(), tables_of_the_same(), lines_that_share(), parts_of_parts()
)


def published(grids: list[Grid]) -> dict[str, Shown]:
    return show(grids, Profile.PUBLISHED, LIMITS)


def numbers(grids: list[Grid]) -> dict[str, int]:
    cells = [cell for grid in grids for row in grid.rows for cell in row.cells]
    return {cell.id: cell.value.number for cell in cells if isinstance(cell.value, Count)}


@many
@given(worlds)
def test_nothing_hidden_can_be_worked_out(grids: list[Grid]) -> None:
    assert worked_out(grids, published(grids)) == []


@many
@given(worlds)
def test_what_is_shown_is_true(grids: list[Grid]) -> None:
    """1 to 4 is never given, 5 and more never called fewer, what is given is right."""
    shown = published(grids)
    for key, number in numbers(grids).items():
        one = shown[key]
        if 0 < number < 5:
            assert one.why in (Why.FEWER, Why.BESIDE)
        else:
            assert one.why in (Why.PLAIN, Why.ROUNDED, Why.BESIDE)
        assert one.number is None if one.hidden else one.number is not None
        if one.why == Why.PLAIN:
            assert one.number == number
        if one.why == Why.ROUNDED:
            assert one.number is not None
            assert one.number % 5 == 0
            assert abs(one.number - number) <= 2


@many
@given(worlds)
def test_each_line_keeps_the_rule(grids: list[Grid]) -> None:
    """No part is hidden alone beside others that could be, and no total beside it is exact."""
    shown, truth = published(grids), numbers(grids)
    for total, parts in equations(grids):
        hidden = [one for one in parts if shown[one].hidden]
        if hidden:
            assert shown[total].why != Why.PLAIN or not truth[total]
        if len(hidden) == 1:
            assert not any(truth[one] for one in parts if one not in hidden)


@many
@given(worlds)
def test_no_small_group_is_seen_in_one_place(grids: list[Grid]) -> None:
    """Of 1 to 4 people nobody can tell that all of them are of one kind, out of several."""
    shown, truth = published(grids), numbers(grids)
    for total, parts in equations(grids):
        if 0 < truth[total] < 5 and len(parts) > 1:
            assert sum(shown[one].hidden for one in parts) > 1


@many
@given(worlds)
def test_nothing_is_hidden_without_need(grids: list[Grid]) -> None:
    truth = numbers(grids)
    if not any(0 < number < 5 for number in truth.values()):
        assert {one.why for one in published(grids).values()} <= {Why.PLAIN}


@many
@given(worlds)
def test_in_full_nothing_is_hidden(grids: list[Grid]) -> None:
    shown = show(grids, Profile.INTERNAL, LIMITS)
    assert {key: one.text for key, one in shown.items()} == {
        key: str(number) for key, number in numbers(grids).items()
    }


@st.composite
def shares(draw: st.DrawFn) -> list[Grid]:
    """How many of each company's cases were on time, and of all."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        of = draw(st.integers(0, 25))
        parts.append(Share(draw(st.integers(0, of)), of))
    return [_down("on time", parts, sum(parts, Share()))]


@st.composite
def mixes(draw: st.DrawFn) -> list[Grid]:
    """Of all reports, how many went which way."""
    ways = draw(st.lists(few, min_size=1, max_size=5))
    whole = sum(ways)
    return [_down("route", [Share(way, whole) for way in ways], Share(whole, whole))]


def _down(key: str, parts: list[Share], total: Share) -> Grid:
    rows = [Row(f"{at}", (Cell(f"s{at}", part),)) for at, part in enumerate(parts)]
    return Grid(
        key, key, ("12 months",), (*rows, Row("All", (Cell("all", total),), True)), Adds.DOWN
    )


def behind(values: dict[str, Share], shown: dict[str, Shown]) -> dict[str, tuple[int, int]]:
    """What the attacker thinks possible of each numerator; both numbers of what is given."""
    bounds = {}
    for key, value in values.items():
        if not shown[key].hidden:
            assert not value.of or (value.of >= 10 and (not value.number or value.number >= 5))
            bounds[key] = value.number, value.number
        elif shown[key].why == Why.TOO_FEW:
            bounds[key] = (1, 4) if value.of >= 10 else (0, 9)
        else:
            bounds[key] = (5 if value.number >= 5 and value.of >= 10 else 0), FAR
    return bounds


def of_grid(grid: Grid) -> dict[str, Share]:
    cells = [row.cells[0] for row in grid.rows]
    return {cell.id: cell.value for cell in cells if isinstance(cell.value, Share)}


@many
@given(st.one_of(shares(), mixes()))
def test_no_percentage_can_be_worked_out(grids: list[Grid]) -> None:
    shown, values = published(grids), of_grid(grids[0])
    bounds, sums = behind(values, shown), equations(grids)
    for key, value in values.items():
        assert not (shown[key].hidden and only_one(key, value.number, bounds, sums))


@many
@given(mixes())
def test_nor_of_parts_that_nobody_called_parts(grids: list[Grid]) -> None:
    """Of all reports, how many went which way; the table does not say that those are all."""
    grid = Grid("mix", "", ("12 months",), grids[0].rows[:-1])
    shown, values = published([grid]), of_grid(grid)
    whole = sum(value.number for value in values.values())
    bounds = {**behind(values, shown), "whole": (whole, whole)}
    for key, value in values.items():
        hidden = shown[key].hidden and len(values) > 1
        assert not (hidden and only_one(key, value.number, bounds, [("whole", [*values])]))


@many
@given(st.lists(st.tuples(few, st.integers(150, 400)), min_size=1, max_size=4))
def test_no_rate_tells_a_hidden_count(areas: list[tuple[int, int]]) -> None:
    """Cases, and cases for each thousand homes, side by side."""
    rows = [
        Row(f"Area {at}", (Cell(f"n{at}", Count(number)), Cell(f"r{at}", Rate(number, homes))))
        for at, (number, homes) in enumerate(areas)
    ]
    whole = Cell("n", Count(sum(number for number, _ in areas)))
    both = Grid("both", "both", ("Cases", "Rate"), (*rows, Row("All", (whole,), True)), Adds.DOWN)
    shown = published([both])
    for at, _ in enumerate(areas):
        assert shown[f"r{at}"].hidden or not shown[f"n{at}"].hidden


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((7, 2, 6), ("7", "<5", "6", "15")),  # the second is 15 - 7 - 6
        ((4, 4), ("<5", "<5", "8")),  # both are as large as they can be
        ((9, 1, 1), ("9", "<5", "<5", "11")),  # both are as small as they can be
    ],
)
def test_the_attacker_can_attack(parts: tuple[int, ...], words: tuple[str, ...]) -> None:
    """Hidden carelessly, it does find them."""
    grids = [line("line", {f"p{at}": number for at, number in enumerate(parts)}, "all")]
    careless = {
        key: Shown(word, word, None, Why.FEWER if word == "<5" else Why.PLAIN)
        for key, word in zip(numbers(grids), words, strict=True)
    }
    assert worked_out(grids, careless) == [k for k, one in careless.items() if one.text == "<5"]
