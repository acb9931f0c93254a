"""What is to be done better, in the month's report: numbers and days, and not a word of anybody."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cases.access import Actor, Role, job
from cases.improving import operations, review_operations
from cases.improving.models import ReviewReason
from cases.policy.operations import change_setting
from cases.reporting import suggesting
from cases.reporting.catalogue import BY_CODE
from cases.reporting.choices import Profile
from cases.reporting.collecting import Figures
from cases.reporting.composing import compose
from cases.reporting.exports import csv_zip
from cases.reporting.measure import BEFORE, MONTH, TO_DATE, YEAR, Asked, Line
from cases.reporting.models import Snapshot
from cases.reporting.periods import month_of, months_to
from cases.reporting.suppression import Limits
from cases.reporting.values import Absent, Share, Tasks
from cases.staff.models import User
from tests.improving.one_of_each import act, reason, recommend
from tests.reporting.beside_hand import compare
from tests.reporting.pages import made
from tests.world import LONDON, World

pytestmark = pytest.mark.django_db
OCTOBER = month_of(date(2026, 10, 1))
NOVEMBER = datetime(2026, 11, 4, 9, tzinfo=LONDON)
WORDS = "Quillon"  # in every text that is written, and in no report


def on(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def kept(world: World, by: Actor, officer: User) -> None:
    """Actions at the edges of October, a recommendation and two reasons to review the policy."""
    said = {"what": f"{WORDS} to do", "finding": f"{WORDS} found"}
    act(by, on(9, 1), officer, due_on=date(2026, 10, 30), **said)  # late on the last day
    act(by, on(9, 1), officer, due_on=date(2026, 10, 31), **said)  # due on it: not late
    act(by, on(10, 31, 23, 59), officer, **said)
    act(by, on(11, 1, 0, 0), officer, **said)  # not there yet
    for ended in (on(9, 30), on(10, 15), on(11, 1, 0, 1)):
        row = act(by, on(9, 1), officer, **said)
        operations.end_improvement(
            by=by, at=ended, improvement=row, to="DONE", evidence=f"{WORDS} done"
        )
    recommend(by, on(9, 1), officer, words=f"{WORDS} recommended", title=f"{WORDS} report")
    reason(by, on(9, 2), words=f"{WORDS} law")
    decided = reason(by, on(10, 2), words=f"{WORDS} regulation", kind="REGULATION")
    review_operations.decide_reason(
        by=by,
        at=on(10, 9),
        reason=decided,
        decision="FORWARD",
        why=f"{WORDS} why",
        review_by=date(2027, 1, 29),
    )


def month(code: str = "M40") -> dict[str, Any]:
    lines = BY_CODE[code].lines(Asked.of_month(OCTOBER, NOVEMBER))
    return {line.key: line.values[MONTH] for line in lines}


def test_what_is_still_to_be_done_when_the_month_ends(kept: None) -> None:
    found = month()
    assert found["open"] == Tasks(4)
    assert found["late"] == Tasks(2)  # and the one that was ended the day after
    assert found["recommended"] == Tasks(1)
    assert found["undecided"] == Tasks(1)


@pytest.mark.parametrize(("number", "year"), [(9, 2026), (10, 2026), (11, 2026), (12, 2026)])
def test_it_is_what_is_counted_by_hand(kept: None, number: int, year: int) -> None:
    asked = Asked.of_month(month_of(date(year, number, 1)), NOVEMBER)
    assert compare(asked, ["M40"])["M40"]


def snapshot(world: World, manager: User) -> Snapshot:
    run = made(world, manager)
    return Snapshot.objects.get(run=run)


def test_the_report_lists_kinds_and_days_alone(
    world: World, kept: None, manager: User, officer: User
) -> None:
    frozen = snapshot(world, manager)  # of November, made on 3 December
    assert WORDS not in str(frozen.figures)
    for profile in Profile:
        report = compose(frozen, profile, Limits())
        tables = {table.key: table for table in report.tables}
        rows = {
            key: [[cell.text for cell in cells] for _, cells, _ in tables[key].rows]
            for key in ("actions", "register", "reviewing")
        }
        assert [row[1:] for row in rows["actions"]] == [
            ["Thursday 1 October 2026", "Done"],
            ["Friday 30 October 2026", "Late"],
            ["Saturday 31 October 2026", "Late"],
            ["Monday 30 November 2026", "To be done"],
            ["Tuesday 1 December 2026", "To be done"],
        ]
        assert {row[0] for row in rows["actions"]} == {"A promise we missed"}
        assert [row[0] for row in rows["register"]] == ["Housing Ombudsman"]
        # What was decided in October is no line of November's.
        assert rows["reviewing"] == [
            ["The law changed", "Wednesday 2 September 2026", "Waits for a decision"]
        ]
        chapter = next(one for one in report.chapters if one.key == "policy")
        assert [one.key for one in chapter.tables] == ["M40", "actions", "register", "reviewing"]
        m40 = {label: cells[0].text for label, cells, _ in tables["M40"].rows}
        assert m40["Things to do better, still to be done"] == "4"
        archive = zipfile.ZipFile(io.BytesIO(csv_zip(report)))
        text = "".join(archive.read(name).decode() for name in archive.namelist())
        assert "Friday 30 October 2026" in text
        assert WORDS not in text
        assert officer.full_name not in text


def test_a_report_from_before_there_was_a_list_is_still_read(
    world: World, kept: None, manager: User
) -> None:
    frozen = snapshot(world, manager)
    frozen.figures.pop("log")
    frozen.figures["measures"]["M40"]["lines"] = frozen.figures["measures"]["M40"]["lines"][:2]
    report = compose(frozen, Profile.PUBLISHED, Limits())
    assert not {"actions", "register", "reviewing"} & {table.key for table in report.tables}


# --- what a month's figures suggest ---

JOB = job("make_reports")


def figures(*, entity: str = "", **months: list[tuple[int, int]]) -> Figures:
    """The figures of October, with these shares by month of the measures named."""
    windows = Asked.of_month(OCTOBER, NOVEMBER).windows
    lines = {}
    for code in suggesting.AIMS:
        values = [Share(*pair) for pair in months.get(code, [(0, 0)] * 3)]
        none = dict.fromkeys((MONTH, YEAR, BEFORE, TO_DATE), Absent())
        lines[code] = (Line(BY_CODE[code].headline, "", {**none}, list(values)),)
    return Figures(
        windows=windows,
        months=months_to(OCTOBER.last),
        entity=entity,
        at=NOVEMBER,
        queries="1",
        lines=lines,
    )


MISSED = [(9, 10), (8, 10), (9, 10)]


def suggested(found: Figures) -> list[tuple[str, str]]:
    suggesting.suggest_reviews(by=JOB, at=NOVEMBER, figures=found)
    return sorted(ReviewReason.objects.values_list("kind", "measure"))


def test_a_review_is_suggested_where_an_aim_is_missed_three_months_running(
    world: World, manager: User
) -> None:
    for _ in range(2):
        assert suggested(figures(M08=MISSED)) == [("NOT_EFFECTIVE", "M08"), ("REVIEW_DATE", "")]
    row = ReviewReason.objects.get(measure="M08")
    assert row.month == date(2026, 10, 1)
    assert row.words == (
        "M08 Why it happened was asked: under 100% in each of the last 3 months, "
        "with 90%, 80% and 90%."
    )


@pytest.mark.parametrize(
    "found",
    [
        figures(M08=[(9, 10), (10, 10), (9, 10)]),
        figures(M08=[(9, 10), (0, 0), (9, 10)]),
        figures(M09=[(0, 10)] * 3, M10=[(0, 10)] * 3, M12=[(0, 10)] * 3, M13=[(0, 10)] * 3),
    ],
    ids=["one month reached", "one month without any", "no aim is set"],
)
def test_no_review_is_suggested_otherwise(world: World, manager: User, found: Figures) -> None:
    assert suggested(found) == [("REVIEW_DATE", "")]


def test_one_company_suggests_nothing(world: World, manager: User) -> None:
    assert suggested(figures(entity="AMPLIUS", M08=MISSED)) == []


def test_an_aim_that_is_set_counts(world: World, manager: User) -> None:
    from_day = NOVEMBER - timedelta(days=9)
    admin = world.actor(world.user(Role.SYSADMIN))
    change_setting(
        by=admin, at=from_day, key="AIM_FIRST_CONTACT_PERCENT", value=95, reason="The board."
    )
    found = figures(M10=[(94, 100), (19, 21), (9, 10)])
    assert ("NOT_EFFECTIVE", "M10") in suggested(found)


def test_making_the_report_suggests(world: World, manager: User) -> None:
    made(world, manager)
    row = ReviewReason.objects.get()
    assert (row.kind, row.found_by) == ("REVIEW_DATE", None)
