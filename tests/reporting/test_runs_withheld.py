"""No two versions to share tell the few people between them by subtraction (domain 5.4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.access import Role
from cases.people.company_operations import add_company
from cases.people.models import Entity
from cases.reporting.collecting import Figures, collect
from cases.reporting.files import draw_files, profiles_of
from cases.reporting.making import make_report
from cases.reporting.measure import MONTH, Asked, Line
from cases.reporting.models import ReportFile, Run, Snapshot
from cases.reporting.periods import month_of
from cases.reporting.run_operations import Made, ask_for_report, begin_run, keep_report
from cases.reporting.run_queries import withheld
from cases.reporting.suppression import Limits
from cases.reporting.values import Count
from cases.reporting.withholding import withheld_because
from tests.casework.story import tell
from tests.reporting.pages import at, text_of
from tests.reporting.test_runs_make import DECEMBER, JOB, NOVEMBER, one_file
from tests.reporting.test_runs_restating import other_case
from tests.world import COMMAND, LONG_AGO, World

LIMITS = Limits()
SENTENCE = "This cannot be shared: its total differs by fewer than 5"


def company(code: str) -> Entity:
    return add_company(by=COMMAND, at=LONG_AGO, code=code, name=f"Company {code}")


def figures(opened: int) -> Figures:
    """Figures of the month in which so many cases were opened."""
    asked = Asked.of_month(NOVEMBER, DECEMBER)
    line = Line("opened", "Opened", {MONTH: Count(opened)})
    return Figures(asked.windows, asked.months, "", DECEMBER, "1", {"M03": (line,)})


def run_of(entity: Entity | None) -> Run:
    run = ask_for_report(by=JOB, at=DECEMBER, period=NOVEMBER, entity=entity)
    begun = begin_run(by=JOB, at=DECEMBER, run=run)
    assert begun is not None
    return begun


def share(entity: Entity | None, opened: int, why: str = "") -> Snapshot:
    """A report that is kept, and shared unless something was withheld."""
    run = run_of(entity)
    snapshot = Snapshot(
        run=run,
        as_at=DECEMBER,
        queries="1",
        policy="-",
        stamp="-",
        figures=replace(figures(opened), withheld=why).as_json(),
    )
    files: list[ReportFile] = [] if why else list(one_file(snapshot, LIMITS, DECEMBER, _nothing))
    return keep_report(by=JOB, at=DECEMBER, made=Made(run, snapshot, [], files))


def _nothing(done: int, step: str) -> None:
    """Nobody looks."""


@pytest.mark.parametrize(
    ("own", "everybody", "shared"),
    [(12, 12, True), (12, 13, False), (12, 16, False), (12, 17, True), (0, 4, True), (0, 5, True)],
)
def test_a_company_beside_all_together(
    world: World, own: int, everybody: int, shared: bool
) -> None:
    share(None, everybody)
    why = withheld_because(run_of(company("KHN")), figures(own), LIMITS)
    assert why.startswith("" if shared else SENTENCE)
    assert bool(why) is not shared


@pytest.mark.parametrize(("everybody", "shared"), [(30, True), (33, False), (35, True)])
def test_what_is_left_beside_several_companies(world: World, everybody: int, shared: bool) -> None:
    """Two companies and all together tell the third one."""
    share(None, everybody)
    share(company("ONE"), 10)
    share(company("TWO"), 10)
    assert bool(withheld_because(run_of(company("SIX")), figures(10), LIMITS)) is not shared


def test_all_together_after_a_company(world: World) -> None:
    share(company("KHN"), 12)
    assert withheld_because(run_of(None), figures(14), LIMITS).startswith(SENTENCE)


def test_it_says_which_report_was_shared_first_and_what_to_do(world: World) -> None:
    share(company("KHN"), 12)
    share(company("ONE"), 40)
    why = withheld_because(run_of(None), figures(53), LIMITS).splitlines()
    assert why[0].startswith(SENTENCE)
    assert why[1] == (
        "Shared first: the report of Company KHN, of Thursday 3 December 2026 at 9:30am; the "
        "report of Company ONE, of Thursday 3 December 2026 at 9:30am."
    )
    assert why[2].startswith("What to do: next month have the report of all of Amplius made first")
    why = withheld_because(run_of(None), figures(13), LIMITS).splitlines()
    assert "Company KHN" in why[1]
    assert "ONE" not in why[1]


def test_a_company_is_told_that_all_together_were_shared_first(world: World) -> None:
    share(None, 14)
    why = withheld_because(run_of(company("KHN")), figures(12), LIMITS).splitlines()
    assert why[1].startswith("Shared first: the report of all of Amplius, of Thursday 3 December")
    assert why[2].startswith("What to do: share the report of all of Amplius")


def test_what_was_itself_withheld_tells_nothing(world: World) -> None:
    share(None, 14, why="Too few.")
    assert not withheld_because(run_of(company("KHN")), figures(12), LIMITS)


def test_another_month_tells_nothing(world: World) -> None:
    share(None, 14)
    other = month_of(NOVEMBER.first.replace(month=10))
    run = ask_for_report(by=JOB, at=DECEMBER, period=other, entity=company("KHN"))
    assert not withheld_because(run, figures(12), LIMITS)


def test_the_report_of_the_same_company_may_differ_from_its_last(world: World) -> None:
    """It is restated, and says so."""
    own = company("KHN")
    share(own, 12)
    assert not withheld_because(run_of(own), figures(13), LIMITS)


def test_a_report_that_is_withheld_is_kept_in_full_numbers_only(world: World) -> None:
    story = tell(world)
    for number in range(4):
        other_case(story, f"Somebody {number}")
    share(company("KHN"), 7)  # and all together are 5
    run = ask_for_report(by=JOB, at=DECEMBER, period=NOVEMBER)
    assert make_report(by=JOB, at=DECEMBER, run=run).state == "DONE"
    snapshot = Snapshot.objects.get(run=run)
    assert withheld(snapshot).startswith(SENTENCE)
    kinds = set(snapshot.files.values_list("profile", "kind"))
    assert kinds == {("internal", kind) for kind in ("pdf", "xlsx", "csv")}
    full, shared = (
        at("report", "2026-11", version, "summary") for version in ("internal", "published")
    )
    manager = text_of(world.client(story.manager).get(at("run", run.pk)))
    assert f'href="{full}"' in manager
    assert f'href="{shared}"' not in manager
    viewer = world.client(world.user(Role.REPORT_VIEWER))
    assert "Read the newest report" not in text_of(viewer.get(at("run", run.pk)))
    assert "All of Amplius." in text_of(viewer.get(shared))


def test_what_was_shared_before_stays_a_step_away(world: World) -> None:
    before = share(None, 14)
    share(None, 15, why="Too few.")
    viewer = world.client(world.user(Role.REPORT_VIEWER))
    shown = text_of(viewer.get(at("report", "2026-11", "published", "summary")))
    assert f'href="{at("run", before.run_id)}">The report shared before' in shown


def test_every_version_is_written_in_every_kind(world: World) -> None:
    run = run_of(None)
    snapshot = Snapshot(
        run=run,
        as_at=DECEMBER,
        queries="1",
        policy="Policy version 1.0.",
        stamp="1-abc",
        figures=collect(Asked.of_month(NOVEMBER, DECEMBER)).as_json(),
    )
    told: list[int] = []
    files = draw_files(snapshot, LIMITS, DECEMBER, lambda done, _: told.append(done))
    assert {(file.profile, file.kind) for file in files} == {
        (profile, kind) for profile in profiles_of(snapshot) for kind in ("pdf", "xlsx", "csv")
    }
    begins = {"pdf": b"%PDF", "xlsx": b"PK", "csv": b"PK"}
    assert all(bytes(file.content).startswith(begins[file.kind]) for file in files)
    assert all((file.pages or 0) > 1 for file in files if file.kind == "pdf")
    assert told == sorted(told)
    assert told[-1] == 100
