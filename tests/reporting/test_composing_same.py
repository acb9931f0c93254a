"""A number that two measures both give is one number: hidden in one, it is hidden in the other.

The policy's number of M04 is the number of cases opened of M03; and what was opened since
1 April is made of the same months as the quarters of the first page (domain 5.4).
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cases.reporting.choices import Profile
from cases.reporting.collecting import Figures
from cases.reporting.composing import Numbers, compose
from cases.reporting.composing_figures import cell_id
from cases.reporting.measure import MONTH, TO_DATE, YEAR, Line
from cases.reporting.showing import Shown
from cases.reporting.suppression import Limits
from cases.reporting.values import Count, Rate
from tests.reporting.made import HOMES, of_months, snapshot_of

NOTHING = [0] * 24


def told(months: Sequence[int]) -> dict[str, Shown]:
    """What is shown of a report in which the regulator counts every case."""
    counted = of_months(months, "counted", "Counted")
    rates = {
        name: Rate(value.number, HOMES)
        for name, value in counted.values.items()
        if isinstance(value, Count)
    }
    lines = [
        Line("rate", "NM01 part 2", {**rates}),
        of_months(months, "policy", "Opened, by the policy"),
        *(of_months(NOTHING, key, key) for key in ("outside", "strands", "same")),
        counted,
    ]
    figures = snapshot_of({"M03": [of_months(months)], "M04": lines}).figures
    numbers = Numbers(Figures.from_json(figures), Profile.PUBLISHED, Limits())
    return dict(numbers.told.cells)


def test_what_one_measure_hides_the_other_does_not_say() -> None:
    """8 in October of 9 in its quarter: 8 was hidden, and stood again as the policy's number."""
    shown = told([6] * 21 + [1, 0, 8])
    assert shown[cell_id("M04", "policy", MONTH)].hidden
    assert shown[cell_id("M04", "counted", MONTH)].hidden
    exact = {key for key, one in shown.items() if one.text in ("8", "9")}
    assert not exact


@pytest.mark.parametrize(
    ("months", "quarters"),
    [
        ([9] * 17 + [2] + [7] * 6, (7, 8)),  # April alone
        ([9] * 15 + [1, 1, 6] + [7] * 6, (6, 7, 8)),  # the two months before April
    ],
)
def test_quarters_do_not_tell_the_months_beside_the_first_of_april(
    months: list[int], quarters: tuple[int, ...]
) -> None:
    """Since April 44; the two newest quarters 21 each: April was 2."""
    shown = told(months)
    tell = [cell_id("M03", "opened", f"quarter{number}") for number in quarters]
    texts = [shown[key].text for key in (*tell, cell_id("M04", "policy", TO_DATE))]
    assert not all(text.isdecimal() for text in texts), texts
    assert shown[cell_id("M03", "opened", YEAR)].number is not None


def test_what_is_enough_is_shown() -> None:
    shown = told([9] * 24)
    assert {one.text for key, one in shown.items() if key.startswith("M03")} == {
        "9",
        "108",
        "27",
        "63",
    }
    assert shown[cell_id("M04", "policy", TO_DATE)].text == "63"


def test_a_total_rounded_in_one_table_and_exact_in_another_says_why() -> None:
    """90 cases opened, of which 2 outside the stock: "about 90" among its parts."""
    months = [0] * 23 + [90]
    counted = of_months([0] * 23 + [88], "counted", "Counted")
    lines = [
        of_months(months, "policy", "Opened, by the policy"),
        of_months([0] * 23 + [2], "outside", "outside"),
        *(of_months(NOTHING, key, key) for key in ("strands", "same")),
        counted,
    ]
    rates = {
        name: Rate(value.number, HOMES)
        for name, value in counted.values.items()
        if isinstance(value, Count)
    }
    snapshot = snapshot_of(
        {"M03": [of_months(months)], "M04": [Line("rate", "NM01 part 2", {**rates}), *lines]}
    )
    for profile, why in ((Profile.PUBLISHED, True), (Profile.INTERNAL, False)):
        report = compose(snapshot, profile, Limits())
        tables = {one.key: one for one in report.tables}
        ((_, opened, _),) = tables["M03"].rows
        policy = next(cells for label, cells, _ in tables["M04"].rows if label.startswith("Opened"))
        assert opened[0].text == "90"
        assert policy[0].text == ("about 90" if why else "90")
        assert ("rounded in this table" in tables["M04"].note) is why
