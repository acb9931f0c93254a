"""What a report hides for the sake of another that is shared already (domain 5.4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event as Signal

import pytest
from django.db import connections

from cases.reporting.beside import Cells, beside_the_shared, weighed
from cases.reporting.choices import Profile
from cases.reporting.collecting import Beside, Figures
from cases.reporting.composing import Numbers
from cases.reporting.making import make_report
from cases.reporting.models import Run, Snapshot
from cases.reporting.run_operations import ask_for_report
from cases.reporting.suppression import Limits
from cases.reporting.withholding import withheld_because
from tests.casework.story import tell
from tests.reporting.test_runs_make import DECEMBER, JOB, NOVEMBER, one_file
from tests.reporting.test_runs_withheld import company, figures, run_of, share
from tests.world import World

LIMITS = Limits()
OPENED = "M03/opened/month"


def test_the_third_company_is_not_told_by_the_two_others(world: World) -> None:
    """21 in all, 12 and 5 in two companies: "fewer than 5" of the third would be 4."""
    share(None, 21)
    share(company("ONE"), 12)
    share(company("TWO"), 4)
    run = run_of(company("SIX"))
    assert not withheld_because(run, figures(5), LIMITS)
    assert beside_the_shared(run, figures(5), LIMITS) == Beside(hidden=(OPENED,))


def test_what_an_earlier_version_gave_is_not_taken_back(world: World) -> None:
    """12 and 4 of 21 are shared, and 5 was: to hide the 5 now keeps nothing from anybody."""
    six = company("SIX")
    share(six, 5)
    share(None, 21)
    share(company("ONE"), 12)
    share(company("TWO"), 4)
    assert not beside_the_shared(run_of(six), figures(5), LIMITS).hidden


def test_what_is_hidden_for_another_is_kept_with_the_report() -> None:
    kept = replace(figures(5), beside=Beside((OPENED,), ("M02//month",))).as_json()
    read = Figures.from_json(kept)
    assert read.beside == Beside((OPENED,), ("M02//month",))
    assert Numbers(read, Profile.PUBLISHED, LIMITS).told.cells[OPENED].text == "hidden"
    assert Numbers(read, Profile.INTERNAL, LIMITS).told.cells[OPENED].text == "5"
    del kept["beside"]
    assert Figures.from_json(kept).beside == Beside()


def cells(given: int | None = None, hidden: int | None = None) -> Cells:
    return Cells({} if given is None else {"a": given}, {} if hidden is None else {"a": hidden})


@pytest.mark.parametrize(
    ("own", "others", "hidden", "known"),
    [
        # a company beside all together
        (cells(9), {None: cells(12)}, True, False),
        (cells(9), {None: cells(14)}, False, False),
        (cells(9), {None: cells(9)}, False, False),
        (cells(9), {None: cells(hidden=12)}, False, False),
        (cells(9), {1: cells(12)}, False, False),
        # the third, of which one says "fewer than 5", or hides what is more, or none
        (cells(9), {None: cells(20), 1: cells(8), 2: cells(hidden=3)}, True, False),
        (cells(9), {None: cells(30), 1: cells(8), 2: cells(hidden=13)}, True, False),
        (cells(9), {None: cells(17), 1: cells(8), 2: cells(hidden=0)}, True, False),
        (cells(9), {None: cells(30), 1: cells(8), 2: cells(hidden=6)}, False, False),
        (cells(9), {None: cells(30), 1: cells(hidden=8), 2: cells(hidden=13)}, False, False),
        # what is known of one that hides it
        (cells(hidden=9), {None: cells(20), 1: cells(11)}, False, True),
        (cells(hidden=9), {None: cells(20), 1: cells(hidden=11)}, False, False),
        (cells(hidden=9), {None: cells(30), 1: cells(11)}, False, False),
    ],
)
def test_one_company_beside_the_others(
    own: Cells, others: dict[int | None, Cells], hidden: bool, known: bool
) -> None:
    found = weighed(own, 3, others, LIMITS)
    assert found == Beside(("a",) * hidden, ("a",) * known)


@pytest.mark.parametrize(
    ("own", "companies", "hidden", "known"),
    [
        (cells(12), [cells(9)], True, False),
        (cells(12), [cells(9), cells(3)], False, False),
        (cells(12), [cells(9), cells(hidden=3)], True, False),
        (cells(12), [cells(hidden=9), cells(hidden=3)], False, False),
        (cells(0), [cells(hidden=0), cells(hidden=0)], False, False),
        (cells(hidden=12), [cells(7), cells(5)], False, True),
        (cells(hidden=12), [cells(7), cells(hidden=5)], False, False),
    ],
)
def test_all_together_beside_the_companies(
    own: Cells, companies: list[Cells], hidden: bool, known: bool
) -> None:
    others: dict[int | None, Cells] = dict(enumerate(companies))
    assert weighed(own, None, others, LIMITS) == Beside(("a",) * hidden, ("a",) * known)


def test_two_reports_of_a_month_are_made_one_after_the_other(own_world: World) -> None:
    """Made at once, neither would know what the other shares."""
    tell(own_world)
    whole = ask_for_report(by=JOB, at=DECEMBER, period=NOVEMBER)
    part = ask_for_report(by=JOB, at=DECEMBER, period=NOVEMBER, entity=company("ONE"))
    begun, go_on = Signal(), Signal()

    def slow(*drawing: object) -> object:
        begun.set()
        assert go_on.wait(60)
        return one_file(*drawing)  # type: ignore[arg-type]

    def make(run: Run, draw: object) -> Run:
        try:
            return make_report(by=JOB, at=DECEMBER, run=run, draw=draw)  # type: ignore[arg-type]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        first = both.submit(make, whole, slow)
        assert begun.wait(60)
        assert both.submit(make, part, one_file).result().state == "WAITING"
        go_on.set()
        assert first.result().state == "DONE"
    assert make(part, one_file).state == "DONE"
    assert Snapshot.objects.count() == 2
