"""What is to be done better, from a recommendation to its end, in a browser: with a mouse and on a
phone, with script and without.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.access import Role, job
from cases.improving.review_operations import suggest_review_date
from cases.policy.models import PolicyVersion
from tests.browsing import Site
from tests.journeys.test_monitoring import WAYS, monitoring, walk_as
from tests.journeys.walking import Walk
from tests.world import PASSWORD

pytestmark = pytest.mark.browser
numbers = itertools.count(1)


@pytest.fixture
def manager(live_site: Site) -> Any:
    """A manager of a team of their own, and the policy whose review is late."""
    with live_site.in_process() as world:
        number = next(numbers)
        manager = world.user(
            Role.CASE_MANAGER,
            team=world.team(f"Improving{number}"),
            name=f"Sunita Bhatt {number}",
            password=PASSWORD,
            email=f"improving{number}@amplius.example",
        )
        if not PolicyVersion.objects.exists():
            world.policy()
        suggest_review_date(by=job("make_reports"), at=timezone.now())
    return manager


def day(walk: Walk, legend: str, when: date) -> None:
    boxes = walk.group(legend)
    boxes.get_by_label("Day").fill(str(when.day))
    boxes.get_by_label("Month").fill(str(when.month))
    boxes.get_by_label("Year").fill(str(when.year))


@pytest.mark.parametrize(("narrow", "script"), WAYS)
def test_a_recommendation_becomes_an_action_and_ends(
    browser: Any, live_site: Site, manager: Any, narrow: bool, script: bool
) -> None:
    way = f"{'phone' if narrow else 'wide'}-{'script' if script else 'plain'}"
    soon = timezone.localdate() + timedelta(days=30)
    with walk_as(browser, live_site, f"improving-{way}", manager.email, narrow, script) as walk:
        monitoring(walk)
        walk.follow("To do better")
        walk.look("empty-or-not")
        walk.follow("Recommendations")
        walk.follow("Add a recommendation")
        walk.arrive(walk.page.get_by_role("button", name="Add"))
        walk.refused()
        walk.reads("Choose who recommended it")
        walk.look("slip")
        walk.choose("Who recommended it?", "Housing Ombudsman")
        walk.write("Where is it published?", f"Learning report {manager.full_name} {way}")
        month = walk.group("When was it published?")
        month.get_by_label("Month").fill("7")
        month.get_by_label("Year").fill("2025")
        walk.write("What is recommended?", f"See who is reported again and again. {way}")
        walk.page.get_by_label("Who sees to it?").select_option(label=manager.full_name)
        day(walk, "By when?", soon)
        walk.arrive(walk.page.get_by_role("button", name="Add"))
        walk.reads("Housing Ombudsman, July 2025")
        walk.look("recommendation")
        walk.follow("Make an action from it")
        walk.write("What is to be done?", "Look at respondents together.")
        walk.write("What was found?", "Each team saw its own.")
        walk.page.get_by_label("Which measure shows it?").select_option("M25")
        walk.page.get_by_label("Who sees to it?").select_option(label=manager.full_name)
        day(walk, "By when?", soon)
        walk.look("action-form")
        walk.arrive(walk.page.get_by_role("button", name="Record"))
        walk.reads("A recommendation")
        walk.look("action")
        walk.follow("Record what became of it")
        walk.choose("What became of it?", "It is done")
        walk.write("How can one see that it is done", "It is on the agenda.")
        walk.arrive(walk.page.get_by_role("button", name="Record"))
        walk.reads("It is on the agenda.")
        walk.look("done")


@pytest.mark.parametrize(("narrow", "script"), WAYS)
def test_the_review_of_the_policy_and_the_duties(
    browser: Any, live_site: Site, manager: Any, narrow: bool, script: bool
) -> None:
    way = f"{'phone' if narrow else 'wide'}-{'script' if script else 'plain'}"
    with walk_as(browser, live_site, f"reviewing-{way}", manager.email, narrow, script) as walk:
        monitoring(walk)
        walk.follow("To do better")
        walk.follow("Reviewing the policy")
        walk.look("reasons")
        walk.follow("Record a reason to review it")
        walk.choose("What kind of reason is it?", "The law changed")
        walk.write("What changed, or what was found?", f"A new Act. {way}")
        walk.arrive(walk.page.get_by_role("button", name="Record"))
        walk.reads("Waits for a decision")
        walk.follow("Decide about it")
        walk.choose("What is decided?", "Review the policy")
        walk.write("Why?", "It matters to us.")
        walk.arrive(walk.page.get_by_role("button", name="Record the decision"))
        walk.refused()
        walk.reads("Say by which day the policy is reviewed")
        walk.look("decide-slip")
        day(walk, "By which day is it reviewed?", timezone.localdate() + timedelta(days=60))
        walk.arrive(walk.page.get_by_role("button", name="Record the decision"))
        walk.reads("It matters to us.")
        walk.look("decided")
        monitoring(walk)
        walk.follow("Duties and evidence")
        walk.look("duties")
        walk.follow("M10 First contact in time", first=True)
        walk.reads("First contact in time")
