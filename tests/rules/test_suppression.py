"""What a version to share shows: the examples of domain 5.4, and the words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cases.reporting.choices import Profile
from cases.reporting.equality import disproportionality
from cases.reporting.showing import Adds, Cell, Grid, Row, Shown, Why
from cases.reporting.suppression import Limits, differencing, show
from cases.reporting.values import Absent, Count, Days, Middle, Rate, Ratio, Share, Value

LIMITS = Limits()
RATIO = Ratio(10, 1000, 20, 9000)


def across(*numbers: int, total: bool = True, key: str = "") -> Grid:
    """A table of one row that adds up: the parts are p0, p1, ... and the sum is "all"."""
    cells = [Cell(f"{key}p{at}", Count(number)) for at, number in enumerate(numbers)]
    if total:
        cells.append(Cell(f"{key}all", Count(sum(numbers))))
    names = tuple(cell.id for cell in cells)
    return Grid(key, "Cases", names, (Row("Cases", tuple(cells)),), Adds.ACROSS, total)


def alone(*values: Value) -> Grid:
    """A table of which nothing adds up."""
    rows = tuple(Row(f"Row {at}", (Cell(f"v{at}", one),)) for at, one in enumerate(values))
    return Grid("alone", "Figures", ("12 months",), rows)


def published(*grids: Grid, limits: Limits = LIMITS) -> dict[str, Shown]:
    return show(grids, Profile.PUBLISHED, limits)


def shorts(*grids: Grid, limits: Limits = LIMITS) -> list[str]:
    return [one.short for one in published(*grids, limits=limits).values()]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        # domain 5.4, word for word
        ((7, 2, 6), ["7", "<5", "c", "15"]),
        ((0, 0, 12), ["0", "0", "12", "12"]),
        # nothing small, nothing hidden
        ((8, 7, 10, 6), ["8", "7", "10", "6", "31"]),
        ((0, 0, 0), ["0", "0", "0", "0"]),
        ((1200,), ["1,200", "1,200"]),
        # the quarters of the report's own first page
        ((6, 3, 9, 7), ["c", "<5", "9", "7", "25"]),
        # the next smallest is never a 0, nor one that is hidden already
        ((2, 0, 9, 7), ["<5", "0", "9", "c", "20"]),
        ((2, 3, 9), ["<5", "<5", "9", "15"]),
        # a total that is small itself
        ((1, 2), ["<5", "<5", "<5"]),
        ((3,), ["<5", "<5"]),
        # a whole small group in one place
        ((0, 0, 3), ["c", "c", "c", "<5"]),
        # both as large, or as small, as they can be: a third is hidden, or which is which
        ((10, 4, 4), ["c", "<5", "<5", "20"]),
        ((9, 1, 1), ["c", "<5", "<5", "10"]),
        ((4, 4), ["<5", "c", "10"]),
    ],
)
def test_a_row_that_adds_up(numbers: tuple[int, ...], expected: list[str]) -> None:
    assert shorts(across(*numbers)) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [((7, 2, 6), ["7", "<5", "c"]), ((0, 0, 3), ["c", "c", "c"]), ((4, 4), ["<5", "<5"])],
)
def test_the_sum_may_be_known_without_standing_there(
    numbers: tuple[int, ...], expected: list[str]
) -> None:
    assert shorts(across(*numbers, total=False)) == expected


def test_a_table_both_ways() -> None:
    """A hidden cell takes one with it in its row, in its column, and in theirs."""
    numbers = ((2, 9, 20), (8, 11, 30), (14, 16, 40))
    rows = [
        Row(
            f"r{at}",
            (
                *(Cell(f"r{at}c{column}", Count(number)) for column, number in enumerate(row)),
                Cell(f"r{at}", Count(sum(row))),
            ),
        )
        for at, row in enumerate(numbers)
    ]
    sums = [sum(column) for column in zip(*numbers, strict=True)]
    whole = [Cell(f"c{at}", Count(number)) for at, number in enumerate(sums)]
    rows.append(Row("All", (*whole, Cell("all", Count(sum(sums)))), total=True))
    grid = Grid("g", "G", ("a", "b", "c", "All"), tuple(rows), Adds.BOTH, True)
    shown = published(grid)
    assert [[shown[cell.id].short for cell in row.cells] for row in rows] == [
        ["<5", "c", "20", "30"],
        ["c", "c", "30", "50"],
        ["14", "16", "40", "70"],
        ["25", "35", "90", "150"],
    ]
    assert shown["r2"].why == Why.PLAIN
    assert shown["c2"].why == Why.PLAIN
    assert shown["all"].why == Why.ROUNDED


def test_hidden_in_one_table_hidden_in_all() -> None:
    first = across(7, 2, 6)
    second = Grid(
        "second",
        "By team",
        ("Cases",),
        (
            Row("North", (Cell("p2", Count(6)),)),
            Row("South", (Cell("south", Count(8)),)),
            Row("East", (Cell("east", Count(30)),)),
            Row("All", (Cell("teams", Count(44)),), total=True),
        ),
        Adds.DOWN,
    )
    shown = published(first, second, alone(Count(2)))
    assert shown["p2"].short == "c"
    assert shown["south"].short == "c"
    assert (shown["east"].short, shown["teams"].text) == ("30", "about 45")


def test_lines_that_do_not_add_up_hide_nothing_beside() -> None:
    """A case can have more than one strand."""
    assert shorts(alone(Count(14), Count(8), Count(3), Count(0))) == ["14", "8", "<5", "0"]


def test_a_figure_that_gives_a_hidden_count_away_is_hidden_too() -> None:
    """6 cases hidden beside 2: so is 20.0 for each 1,000 of 300 homes, in any table."""
    cases = Grid(
        "cases",
        "By area",
        ("Cases",),
        (
            Row("Barnet", (Cell("barnet", Count(6)),)),
            Row("Luton", (Cell("luton", Count(2)),)),
            Row("Ealing", (Cell("ealing", Count(40)),)),
        ),
        Adds.DOWN,
    )
    rates = Grid(
        "rates",
        "By area",
        ("Rate",),
        (
            Row("Barnet", (Cell("barnet rate", Rate(6, 300)),)),
            Row("Luton", (Cell("luton rate", Rate(2, 300)),)),
            Row("Ealing", (Cell("ealing rate", Rate(40, 4000)),)),
        ),
    )
    shown = published(cases, rates)
    assert [one.short for one in shown.values()] == ["c", "<5", "40", "c", "too few", "10.0"]


@pytest.mark.parametrize("share", [Share(9, 90), Share(81, 90)])
def test_nor_does_a_percentage_elsewhere_tell_it(share: Share) -> None:
    """10% of 90 whose tenure is not known: 90 less 68, 12 and 9 is the 1 starter tenant."""
    shown = published(across(68, 1, 12, 9), alone(share, Share(9, 80), Share(70, 90)))
    assert [one.short for one in shown.values()] == [
        *("68", "<5", "12", "c", "90"),
        *("c", "11%", "78%"),
    ]


@pytest.mark.parametrize(
    ("value", "text", "short", "why"),
    [
        (Count(0), "0", "0", Why.PLAIN),
        (Count(1), "fewer than 5", "<5", Why.FEWER),
        (Count(4), "fewer than 5", "<5", Why.FEWER),
        (Count(5), "5", "5", Why.PLAIN),
        (Share(29, 31), "94%", "94%", Why.PLAIN),
        (Share(14, 18), "78%", "78%", Why.PLAIN),
        (Share(9, 9), "too few to give a percentage", "too few", Why.TOO_FEW),
        (Share(0, 9), "too few to give a percentage", "too few", Why.TOO_FEW),
        (Share(10, 10), "100%", "100%", Why.PLAIN),
        (Share(0, 10), "0%", "0%", Why.PLAIN),
        (Share(4, 100), "too few to give a percentage", "too few", Why.TOO_FEW),
        (Share(5, 100), "5%", "5%", Why.PLAIN),
        (Share(0, 0), "nothing to count", "none", Why.ABSENT),
        (Share(999, 1000), "more than 99%", ">99%", Why.PLAIN),
        (Share(5, 2000), "less than 1%", "<1%", Why.PLAIN),
        (Rate(24, 38000), "0.6", "0.6", Why.PLAIN),
        (Rate(4, 38000), "too few to give a rate", "too few", Why.TOO_FEW),
        (Rate(0, 38000), "0.0", "0.0", Why.PLAIN),
        (Rate(7, 199), "too few to give a rate", "too few", Why.TOO_FEW),
        (Rate(7, 200), "35.0", "35.0", Why.PLAIN),
        # days are about nobody, so none of them is hidden
        (Days(0), "0 days", "0 days", Why.PLAIN),
        (Days(1), "1 day", "1 day", Why.PLAIN),
        (Days(4), "4 days", "4 days", Why.PLAIN),
        (Days(1204), "1,204 days", "1,204 days", Why.PLAIN),
        # nobody counted the homes: that is said, however many cases there were
        (Rate(7, 0), "No count of homes has been entered.", "no figure", Why.ABSENT),
        (Rate(2, 0), "No count of homes has been entered.", "no figure", Why.ABSENT),
        (Rate(0, 0), "No count of homes has been entered.", "no figure", Why.ABSENT),
        (Middle(19.0, 10), "19 hours", "19 hours", Why.PLAIN),
        (Middle(1.0, 10, "days"), "1 day", "1 day", Why.PLAIN),
        (Middle(1234.56, 10), "1,234.6 hours", "1,234.6 hours", Why.PLAIN),
        (Middle(19.0, 9), "too few to give a middle time", "too few", Why.TOO_FEW),
        (Middle(None, 0), "nothing to count", "none", Why.ABSENT),
        (
            RATIO,
            "4.5 times as likely (between 2.1 and 9.6): more than chance explains",
            "4.5 (2.1 to 9.6)",
            Why.PLAIN,
        ),
        (Ratio(4, 1000, 20, 9000), "too few to compare", "too few", Why.TOO_FEW),
        (Absent("Not yet collected."), "Not yet collected.", "no figure", Why.ABSENT),
        (Absent(), "no figure", "no figure", Why.ABSENT),
    ],
)
def test_a_figure_by_itself(value: Value, text: str, short: str, why: Why) -> None:
    shown = published(alone(value))["v0"]
    assert (shown.text, shown.short, shown.why) == (text, short, why)
    assert (shown.number is None) == (why != Why.PLAIN)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Count(1), "1"),
        (Days(1), "1 day"),
        # a percentage, and what it is made of
        (Share(1, 2), "50% (1 of 2)"),
        (Share(29, 31), "94% (29 of 31)"),
        (Share(999, 1000), "more than 99% (999 of 1,000)"),
        (Share(0, 0), "nothing to count"),
        (Rate(1, 100), "10.0"),
        (Middle(3.0, 2), "3 hours"),
        (
            Ratio(2, 1000, 2, 9000),
            "9.0 times as likely (between 1.3 and 63.8): more than chance explains",
        ),
    ],
)
def test_in_full_everything_is_given(value: Value, text: str) -> None:
    assert show([alone(value)], Profile.INTERNAL, LIMITS)["v0"].text == text


def test_in_full_a_table_is_as_it_is() -> None:
    shown = show([across(7, 2, 6)], Profile.INTERNAL, LIMITS)
    assert [one.number for one in shown.values()] == [Decimal(one) for one in (7, 2, 6, 15)]
    assert {one.why for one in shown.values()} == {Why.PLAIN}


def test_one_percentage_left_out_is_not_what_the_others_leave() -> None:
    """Of 40 reports 3 went one way: of the others the smallest is left out as well."""
    ways = (20, 3, 10, 7)
    rows = [Row(f"w{at}", (Cell(f"w{at}", Share(way, 40)),)) for at, way in enumerate(ways)]
    rows.append(Row("All", (Cell("all", Share(40, 40)),), total=True))
    grid = Grid("mix", "Routes", ("12 months",), tuple(rows), Adds.DOWN)
    assert shorts(grid) == ["50%", "too few", "25%", "c", "100%"]


@pytest.mark.parametrize(
    ("harmed", "expected"),
    [
        # all but one are compared: 32 less 10 less 18 would be its 4
        ((10, 18, 4), ["c", "ratio", "no figure"]),
        # 4 and 4 are the 8 that are left; 4 and 3 could be 3 and 4
        ((10, 14, 4, 4), ["c", "ratio", "no figure", "no figure"]),
        ((10, 14, 4, 3), ["ratio", "ratio", "no figure", "no figure"]),
        # 2 people are left for the two of them
        ((10, 14, 1, 1), ["c", "ratio", "no figure", "no figure"]),
        # nobody is left, and nobody hidden
        ((10, 14, 0), ["ratio", "ratio", "no figure"]),
        ((10, 14), ["ratio", "ratio"]),
    ],
)
def test_groups_compared_do_not_tell_of_those_that_are_not(
    harmed: tuple[int, ...], expected: list[str]
) -> None:
    """M32: whoever knows the residents works each number out of its ratio."""
    known = sum(harmed)
    values = [disproportionality(one, 1000, known - one, 9000, known, known + 1) for one in harmed]
    shown = shorts(alone(*values))
    assert [one if one in ("c", "no figure") else "ratio" for one in shown] == expected


def test_other_limits() -> None:
    """They are settings of the policy."""
    assert shorts(across(7, 2, 60), limits=Limits(under=10, round_to=10)) == [
        "<10",
        "<10",
        "60",
        "70",
    ]
    assert shorts(across(7, 2, 6), limits=Limits(under=1, round_to=1)) == ["7", "2", "6", "15"]


def test_what_would_round_to_nothing_is_hidden() -> None:
    assert shorts(across(2, 3), limits=Limits(under=3, round_to=20)) == ["<3", "c", "c"]


def test_fewer_than_two_would_be_one() -> None:
    assert shorts(alone(Count(1), Count(2)), limits=Limits(under=2)) == ["c", "2"]


def test_one_quantity_has_one_number() -> None:
    with pytest.raises(ValueError, match="p0 in second is another number elsewhere"):
        published(across(7), Grid("second", "", ("",), (Row("", (Cell("p0", Count(8)),)),)))


def test_a_whole_that_is_not_the_sum_is_no_help() -> None:
    """Different people in each part: the parts are hidden, and nothing is concluded."""
    cells = (Cell("a", Count(7)), Cell("b", Count(2)), Cell("c", Count(6)), Cell("all", Count(13)))
    grid = Grid("people", "", ("a", "b", "c", "All"), (Row("", cells),), Adds.ACROSS, True)
    assert shorts(grid) == ["7", "<5", "c", "15"]


def test_no_tables_nothing_shown() -> None:
    assert published() == {}
    assert published(Grid("empty", "", ("Cases",), (), Adds.BOTH, True)) == {}


@pytest.mark.parametrize(
    ("total", "others", "allowed"),
    [
        (31, [], True),
        (31, [31], True),
        (31, [36, 26], True),
        (31, [30], False),
        (31, [50, 35], False),
        (27, [31], False),
        (0, [5], True),
        (5, [0], True),
        # one of them is not given at all
        (0, [4], True),
        (6, [4], True),
        (4, [6], True),
        (3, [1, 2], True),
        (6, [4, 8], False),
    ],
)
def test_two_filters_that_differ_by_a_few(total: int, others: list[int], allowed: bool) -> None:
    answer = differencing(total, others, LIMITS)
    assert bool(answer) is allowed
    assert allowed or "fewer than 5" in answer.reason
