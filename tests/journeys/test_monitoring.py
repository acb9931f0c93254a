"""The month's report in a browser, as S16 and the picture of its first page ask: read, questioned
down to the case, asked for and downloaded; with a mouse and on a phone, with script and without.
"""

from __future__ import annotations

import itertools
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.access import Role, job
from cases.reporting.making import make_report, make_waiting
from cases.reporting.models import Run
from cases.reporting.periods import Period, month_before
from cases.reporting.run_operations import ask_for_report
from cases.staff.models import User
from tests.browsing import Site
from tests.casework.story import Story, declared, tell
from tests.journeys.walking import Walk, person
from tests.world import PASSWORD

pytestmark = pytest.mark.browser
MAKER = job("make_reports")
numbers = itertools.count(1)
WAYS = [
    pytest.param(False, True, id="wide"),
    pytest.param(True, True, id="phone"),
    pytest.param(False, False, id="wide without script"),
    pytest.param(True, False, id="phone without script"),
]


def last_month() -> Period:
    return month_before(timezone.localdate())


@pytest.fixture(scope="module")
def reported(live_site: Site) -> None:
    """The report of last month, which is the same for everybody."""
    with live_site.in_process():
        now = timezone.now()
        manager = User.objects.get(email=live_site.emails[Role.CASE_MANAGER])
        run = ask_for_report(by=manager.actor(now), at=now, period=last_month())
        run = make_report(by=MAKER, at=now, run=run)
        assert run.state == "DONE", run.why_failed


@pytest.fixture
def told(live_site: Site, reported: None) -> Story:
    """A case of today in a team of its own, and the report of last month."""
    with live_site.in_process() as world:
        world.now = timezone.now() - timedelta(hours=5)
        story = tell(world, team=f"Monitoring{next(numbers)}", password=PASSWORD).allocated()
        declared(story, story.officer, story.manager)
    return story


def walk_as(browser: Any, site: Site, name: str, who: Any, narrow: bool, script: bool) -> Walk:
    walk = person(browser, site, name, narrow=narrow, script=script)
    walk.sign_in(who)
    return walk


def monitoring(walk: Walk) -> None:
    """By the menu, which script folds on a phone."""
    toggle = walk.page.get_by_role("button", name="Menu", exact=True)
    if toggle.count() and toggle.is_visible():
        toggle.click()
    walk.follow("Monitoring", first=True)


def one_chart(walk: Walk, narrow: bool) -> None:
    """The other one is in no accessibility tree."""
    pictures = walk.page.get_by_role("img", name=re.compile("by quarter"))
    expect(pictures).to_have_count(1)
    kind = "lying" if narrow else "upright"
    assert f"app-chart--{kind}" in pictures.get_attribute("class")


@pytest.mark.parametrize(("narrow", "script"), WAYS)
def test_a_manager_reads_the_report_down_to_the_case(
    browser: Any, live_site: Site, told: Story, narrow: bool, script: bool
) -> None:
    name = f"monitoring-{'phone' if narrow else 'wide'}-{'script' if script else 'plain'}"
    with walk_as(browser, live_site, name, told.manager.email, narrow, script) as walk:
        monitoring(walk)
        walk.look("first-page", title=last_month().words)
        walk.reads("Version to share.")
        one_chart(walk, narrow)
        walk.open("The same as a table")
        walk.reads("The last 12 months")
        walk.open("What this counts")
        walk.look("first-page-opened")
        walk.follow("Next page")
        walk.look("intake")
        walk.follow("Summary")
        walk.follow("Show the full numbers")
        walk.reads("Contains small numbers: do not forward")
        walk.look("full-numbers")
        walk.open("What this counts")
        walk.follow("Measure M03")
        walk.page.get_by_label("Month").first.select_option(f"{timezone.localdate():%Y-%m}")
        walk.arrive(walk.page.get_by_role("button", name="Show"))
        walk.reads("This month is not over")
        walk.look("measure")
        walk.arrive(walk.page.get_by_role("link", name=re.compile(r"See the cases")).first)
        walk.look("cases-behind")
        walk.follow(told.case.reference)
        walk.reads(told.case.reference)


@pytest.mark.parametrize(("narrow", "script"), WAYS)
def test_two_dates_and_a_slip(
    browser: Any, live_site: Site, told: Story, narrow: bool, script: bool
) -> None:
    name = f"monitoring-dates-{'phone' if narrow else 'wide'}-{'script' if script else 'plain'}"
    with walk_as(browser, live_site, name, told.manager.email, narrow, script) as walk:
        monitoring(walk)
        walk.follow("Measures")
        walk.look("measures")
        walk.follow("Hate crime cases opened and open")
        dates(walk, last_month().last, last_month().first)
        walk.refused()
        walk.reads("The last day is before the first.")
        walk.look("slip")
        dates(walk, last_month().first, last_month().last)
        walk.look("between")
        assert last_month().words in walk.text()


def dates(walk: Walk, first: Any, last: Any) -> None:
    for day, group in ((first, "From"), (last, "To")):
        boxes = walk.group(group)
        boxes.get_by_label("Day").fill(str(day.day))
        boxes.get_by_label("Month").fill(str(day.month))
        boxes.get_by_label("Year").fill(str(day.year))
    walk.arrive(walk.page.get_by_role("button", name="Count"))


@pytest.mark.parametrize(("narrow", "script"), WAYS)
def test_a_report_is_asked_for_left_and_downloaded(
    browser: Any, live_site: Site, told: Story, narrow: bool, script: bool
) -> None:
    name = f"monitoring-run-{'phone' if narrow else 'wide'}-{'script' if script else 'plain'}"
    with walk_as(browser, live_site, name, told.manager.email, narrow, script) as walk:
        monitoring(walk)
        walk.follow("Kept reports")
        walk.look("reports")
        walk.follow("Have a report made")
        walk.arrive(walk.page.get_by_role("button", name="Make it"))
        walk.refused()
        walk.reads("Choose a month")
        walk.look("ask-slip")
        walk.page.get_by_label("Month").select_option(f"{last_month().first:%Y-%m}")
        walk.page.get_by_label("Company").select_option("all")
        walk.arrive(walk.page.get_by_role("button", name="Make it"))
        walk.reads("You can leave this page")
        walk.look("being-made")
        with live_site.in_process():
            make_waiting(by=MAKER, now=timezone.now)
        walk.follow("Look again")
        walk.look("made")
        with walk.page.expect_download() as kept:
            walk.page.get_by_role("button", name=re.compile("spreadsheet.*Version")).click()
        assert re.fullmatch(r"monthly-report-\d{4}-\d\d-published\.xlsx", file_of(kept))


def file_of(kept: Any) -> str:
    return str(kept.value.suggested_filename)


@pytest.mark.parametrize(("narrow", "script"), WAYS)
def test_everybodys_work_and_the_figures_from_outside(
    browser: Any, live_site: Site, told: Story, narrow: bool, script: bool
) -> None:
    name = f"monitoring-work-{'phone' if narrow else 'wide'}-{'script' if script else 'plain'}"
    with walk_as(browser, live_site, name, told.manager.email, narrow, script) as walk:
        monitoring(walk)
        walk.follow("Everybody’s work")
        walk.look("work")
        walk.arrive(walk.page.get_by_role("link", name=re.compile("Open cases, ")).first)
        walk.look("open-cases")
        walk.reads(told.case.reference)
        monitoring(walk)
        walk.follow("Figures from outside")
        walk.look("figures")
        walk.follow("Enter a new number", first=True)
        walk.press("Keep it")
        walk.refused()
        walk.look("figure-slip")
        walk.page.get_by_label("Company").select_option("all")
        walk.page.get_by_label("Class of home").select_option("LCRA")
        walk.write("How many homes?", "38,000")
        day(walk, told.world.now)
        walk.write("Where is the number from?", "Stock report")
        walk.arrive(walk.page.get_by_role("button", name="Keep it"))
        walk.reads("38,000")
        walk.look("figures-entered")
        walk.follow("Everything that was entered", first=True)
        walk.reads("Counts now")
        walk.look("history")


def day(walk: Walk, when: datetime) -> None:
    boxes = walk.group("Counted on")
    boxes.get_by_label("Day").fill(str(when.day))
    boxes.get_by_label("Month").fill(str(when.month))
    boxes.get_by_label("Year").fill(str(when.year))


def test_whoever_only_reads_sees_the_version_to_share_alone(
    browser: Any, live_site: Site, told: Story
) -> None:
    with walk_as(browser, live_site, "monitoring-viewer", Role.REPORT_VIEWER, True, True) as walk:
        monitoring(walk)
        walk.look("first-page")
        assert "Show the full numbers" not in walk.text()
        walk.open("What this counts")
        walk.follow("Measure M03")
        walk.reads("Only case managers and the Director see the full numbers.")
        walk.look("measure")
    with live_site.in_process():
        assert Run.objects.filter(state="DONE").exists()
