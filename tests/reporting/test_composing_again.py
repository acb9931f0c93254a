"""A whole report made again, beside the version of it that was shared before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.reporting.choices import Profile
from cases.reporting.collecting import Figures
from cases.reporting.composing import Numbers, compose
from cases.reporting.measure import MONTH, YEAR, Line
from cases.reporting.models import Snapshot
from cases.reporting.suppression import Limits
from cases.reporting.values import Count, Rate
from tests.reporting.made import everything, snapshot_of

LIMITS = Limits()


def again(first: Snapshot) -> Snapshot:
    """Made again when one more person was found to live outside the area counted."""
    figures = Figures.from_json(first.figures)
    for code in ("M08", "M20", "M25", "M31"):
        for line in figures.lines[code]:
            value = line.values.get(YEAR)
            if isinstance(value, Count) and not line.months:
                line.values[YEAR] = Count(value.number + 1)
    made = everything(1)
    made.figures, made.before = figures.as_json(), first
    return made


@pytest.mark.django_db
def test_nothing_is_given_that_was_hidden_and_is_the_same() -> None:
    first = everything(1)
    second = again(first)
    then = Numbers(Figures.from_json(first.figures), Profile.PUBLISHED, LIMITS)
    now = Numbers(Figures.from_json(second.figures), Profile.PUBLISHED, LIMITS, then.read)
    values = {cell.id: cell.value for grid in now.grids for row in grid.rows for cell in row.cells}
    was = {cell.id: cell.value for grid in then.grids for row in grid.rows for cell in row.cells}
    same = [key for key in values if was.get(key) == values[key]]
    changed = [key for key in values if key in was and key not in same]
    assert len(same) > 500
    assert changed
    for key in same:
        assert now.told.cells[key].hidden or not then.told.cells[key].hidden, key
    for key in changed:
        assert now.told.cells[key].why != "plain" or then.told.cells[key].hidden, key
    few = sum(one.hidden for one in then.told.cells.values())
    many = sum(one.hidden for one in now.told.cells.values())
    assert few <= many < few + 40


@pytest.mark.django_db
def test_made_again_of_the_same_figures_it_is_the_same() -> None:
    first = everything(2)
    second = replace_before(everything(2), first)
    for profile in Profile:
        made, before = compose(second, profile, LIMITS), compose(first, profile, LIMITS)
        assert replace(made, stamp="") == replace(before, stamp="")


@pytest.mark.django_db
def test_what_was_withheld_was_never_read() -> None:
    """The version to share says what it restates of one that was shared, and of no other."""
    first = everything(1)
    first.figures["withheld"] = "Too few."
    second = again(first)
    second.restated = [
        {
            **{"measure": "M03", "line": "opened", "label": "Opened", "window": YEAR},
            "before": {"kind": "count", "number": 8},
            "after": {"kind": "count", "number": 10},
            "reasons": [{"reason": "late", "rows": 2}],
        }
    ]
    assert not compose(second, Profile.PUBLISHED, LIMITS).restated
    assert compose(second, Profile.INTERNAL, LIMITS).restated


def replace_before(snapshot: Snapshot, before: Snapshot) -> Snapshot:
    snapshot.before = before
    return snapshot


def test_what_a_version_does_not_give_it_does_not_restate() -> None:
    """Of one place there is no month in what is shared (domain 5.4)."""
    first, second = (
        snapshot_of({"M06": [Line("all", "Everywhere", {MONTH: Rate(cases, 9000)})]})
        for cases in (8, 9)
    )
    second.before = first
    second.restated = [
        {
            **{"measure": "M06", "line": "all", "label": "Everywhere", "window": MONTH},
            "before": {"kind": "rate", "number": 8, "of": 9000},
            "after": {"kind": "rate", "number": 9, "of": 9000},
            "reasons": [{"reason": "late", "rows": 1}],
        }
    ]
    assert not compose(second, Profile.PUBLISHED, LIMITS).restated
    assert "restated from 0.9 to 1.0" in compose(second, Profile.INTERNAL, LIMITS).restated[0]
