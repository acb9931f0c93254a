"""Risk in a real browser: asked in any order, raised, finished, lowered; script on and off."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.casework.models import Case
from cases.risk.models import Answer, Judgement
from tests.browsing import NARROW, WIDE, Site, axe, sign_in
from tests.casework.story import Story, declared, tell
from tests.journeys.walking import ERROR, FITS
from tests.risk.asking import WHY, train
from tests.world import PASSWORD

pytestmark = pytest.mark.browser
numbers = itertools.count(1)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])


@pytest.fixture
def told(live_site: Site) -> Story:
    """The story, two hours old, in a team of its own on the running site."""
    with live_site.in_process() as world:
        world.now = timezone.now() - timedelta(hours=2)
        story = tell(world, team=f"Risk{next(numbers)}", password=PASSWORD)
        story.allocated()
        train(world, story.officer, story.manager)
        declared(story, story.officer, story.manager)
    return story


def clean(page: Any) -> None:
    assert axe(page) == []
    assert page.evaluate(FITS), "wider than the screen"


def pick(page: Any, number: int, answer: str) -> None:
    group = page.get_by_role("group", name=re.compile(rf"^{number} "))
    group.get_by_label(answer, exact=True).check()


def ask(page: Any, site: Site, story: Story, who: Any) -> None:
    """From the case page to the questions."""
    sign_in(page, site, who.email)
    page.goto(f"{site.url}/cases/{story.case.reference}/")
    page.get_by_role("link", name="Assess the risk").first.click()
    page.get_by_role("button", name="Ask Amara about risk").click()
    page.get_by_role("heading", name="Risk, as Amara sees it").wait_for()


def kept(page: Any) -> None:
    expect(page.locator("form[data-risk]")).to_have_attribute("data-unsaved", "0")


@SIZES
def test_asked_raised_finished_and_set_lower(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    page = browser.page()
    page.set_viewport_size(size)
    ask(page, live_site, told, told.officer)
    clean(page)
    # In any order; each answer is kept by itself, and the level follows.
    pick(page, 14, "Small worries")
    pick(page, 1, "At least monthly")
    pick(page, 3, "Threat, spitting, damage, targeted graffiti")
    kept(page)
    page.get_by_text("Because the score is 5.").wait_for()
    page.get_by_label("What would make you feel safer tonight?").fill("A lock on the post.")
    page.get_by_label("Broke injunction, bail or order").check()
    kept(page)
    page.get_by_role("status").get_by_text("High").wait_for()
    page.get_by_text("5 things begin today").wait_for()
    clean(page)
    page.get_by_label("Broke injunction, bail or order").uncheck()
    page.get_by_text("Because the score is 5.").wait_for()
    page.reload()
    assert page.get_by_label("Small worries").is_checked()
    expect(page.get_by_label("What would make you")).to_have_value("A lock on the post.")
    # Finishing too soon lists what is missing, and where.
    page.get_by_role("button", name="Finish: freeze these answers").click()
    expect(page).to_have_title(ERROR)
    clean(page)
    page.get_by_role("link", name="Question 2: choose an answer, or not known.").click()
    assert page.evaluate("document.activeElement.name") == "Q2"
    page.get_by_role("button", name="Mark the rest as not known").click()
    page.get_by_text("Provisional: 12 answers are not known.").wait_for()
    # Up: at once, with a reason.
    page.get_by_text("Set it higher than Medium").click()
    page.get_by_label("High", exact=True).last.check()
    page.get_by_label("Why is it higher?").fill("A knife.")
    page.get_by_role("button", name="Set it higher").click()
    expect(page).to_have_title(ERROR)
    clean(page)
    page.get_by_label("Why is it higher?").fill(WHY)
    page.get_by_role("button", name="Set it higher").click()
    page.get_by_text("Because Dawn Mistry set it higher.").wait_for()
    page.get_by_role("button", name="Finish: freeze these answers").click()
    page.get_by_text("These answers are frozen.").wait_for()
    clean(page)
    page.get_by_role("link", name="Risk on this case").click()
    clean(page)
    page.get_by_role("link", name=told.case.reference).first.click()
    assert page.get_by_text("Police: permission, or the Director").count()
    clean(page)
    lower(browser, live_site, told, size)


def lower(browser: Any, site: Site, story: Story, size: dict[str, int]) -> None:
    """Down: a manager who does not lead the case, with a reason and evidence."""
    page = browser.page()
    page.set_viewport_size(size)
    sign_in(page, site, story.manager.email)
    page.goto(f"{site.url}/cases/{story.case.reference}/risk/")
    page.get_by_role("link", name=re.compile("^Finished")).click()
    page.get_by_role("link", name="Set it lower").click()
    page.get_by_role("button", name="Set it lower").click()
    expect(page).to_have_title(ERROR)
    clean(page)
    page.get_by_label("Medium").check()
    page.get_by_label("Why?").fill("The police have arrested him and he is held until trial.")
    page.get_by_label("What shows it?").fill("Call with the officer in the case, today.")
    page.get_by_role("button", name="Set it lower").click()
    page.get_by_text("The level is lower from now on.").wait_for()
    clean(page)
    with site.in_process():
        assert Case.objects.get(pk=story.case.pk).risk == "MEDIUM"
        kinds = Judgement.objects.filter(assessment__case=story.case).values_list("kind", flat=True)
        assert list(kinds) == ["RAISED", "LOWERED"]


@SIZES
def test_without_script_the_save_button_does_it(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    page = browser.page(java_script_enabled=False)
    page.set_viewport_size(size)
    ask(page, live_site, told, told.officer)
    pick(page, 5, "Same block or street")
    page.get_by_label("Says not safe tonight").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("says not safe tonight. Any red flag means High").wait_for()
    assert page.get_by_label("Same block or street").is_checked()
    page.get_by_label("Says not safe tonight").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Because the score is 2.").wait_for()
    page.get_by_role("button", name="Mark the rest as not known").click()
    page.get_by_role("button", name="Finish: freeze these answers").click()
    page.get_by_text("These answers are frozen.").wait_for()


def test_by_keyboard_each_question_is_one_stop(browser: Any, live_site: Site, told: Story) -> None:
    page = browser.page()
    ask(page, live_site, told, told.officer)
    page.locator("#id_Q1_0").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.get_by_label("At least monthly").is_checked()
    stops = []
    for _ in range(16):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.name || document.activeElement.id"))
    asked = [f"Q{n}" for n in (*range(2, 15), 16, 17, 18)]
    assert stops == asked
    # A link in the band goes to its question.
    page.get_by_role("link", name="question 14").click()
    assert page.evaluate("document.activeElement.name") == "Q14"


def test_what_could_not_be_saved_is_said_and_kept_trying(
    browser: Any, live_site: Site, told: Story
) -> None:
    page = browser.page()
    ask(page, live_site, told, told.officer)
    page.route("**/risk/*/", lambda route: route.abort())
    page.get_by_label("At least monthly").check()
    page.get_by_text("We cannot reach the server.").wait_for()
    clean(page)
    page.unroute("**/risk/*/")
    page.get_by_text("We cannot reach the server.").wait_for(state="hidden")
    kept(page)
    with live_site.in_process():
        saved = Answer.objects.filter(assessment__case=told.case, question="Q1")
        assert [row.value for row in saved] == ["C"]
        assert not page.evaluate("localStorage.length + sessionStorage.length")
