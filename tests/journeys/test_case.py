"""The case page and its forms in a real browser, as an officer with the phone ringing."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.casework import operations as do
from tests.browsing import NARROW, WIDE, Site, axe, sign_in
from tests.casework.story import Story, declared, tell
from tests.journeys.walking import ERROR
from tests.world import PASSWORD

pytestmark = pytest.mark.browser
numbers = itertools.count(1)


@pytest.fixture
def told(live_site: Site) -> Story:
    """The story, two hours old, in a team of its own on the running site."""
    with live_site.in_process() as world:
        world.now = timezone.now() - timedelta(hours=2)
        story = tell(world, team=f"East{next(numbers)}", password=PASSWORD)
        story.allocated()
        declared(story, story.handler, story.manager)
    return story


def arrive(page: Any, site: Site, story: Story, who: Any) -> str:
    """Sign in and open the case, knowing nobody in it."""
    sign_in(page, site, who.email)
    address = f"{site.url}/cases/{story.case.reference}/"
    page.goto(address)
    nobody = page.get_by_role("button", name="No, I know nobody here")
    if nobody.count():
        nobody.click()
    return address


def test_first_contact_is_logged_and_its_clock_met(
    browser: Any, live_site: Site, told: Story
) -> None:
    page = browser.page()
    arrive(page, live_site, told, told.officer)
    expect(page).to_have_title(f"{told.case.reference} overview - Hate crime casework")
    page.get_by_role("link", name="Log a contact or an attempt").first.click()
    page.get_by_label("An attempt: no reply yet").check()
    page.get_by_label("Post").check()
    page.get_by_label("What was said or done").fill("Texted as Sam.")
    page.get_by_role("button", name="Save the contact").click()
    expect(page).to_have_title(ERROR)
    expect(page.get_by_label("What was said or done")).to_have_value("Texted as Sam.")
    page.get_by_role("link", name="Do not write to Amara Osei").click()
    assert page.evaluate("document.activeElement.name") == "channel"
    page.get_by_label("Text").check()
    page.get_by_role("button", name="Save the contact").click()
    page.get_by_text("The contact is in the timeline.").wait_for()
    assert page.get_by_text("Make first contact with Amara").count() >= 1
    page.get_by_role("link", name="Log a contact or an attempt").first.click()
    page.get_by_label("We spoke or wrote to each other").check()
    page.get_by_label("Ring").check()
    page.get_by_label("What was said or done").fill("She is safe tonight.")
    page.get_by_role("button", name="Save the contact").click()
    page.get_by_text("The contact is in the timeline.").wait_for()
    assert page.get_by_role("heading", name="First contact: done").count() == 1
    page.get_by_role("link", name="Nothing: it can move on").click()
    page.get_by_label("Assess").check()
    page.get_by_role("button", name="Move the case").click()
    page.get_by_text("The case has moved on.").wait_for()


def test_a_view_is_added_and_its_strand_asked_once_ticked(
    browser: Any, live_site: Site, told: Story
) -> None:
    page = browser.page()
    arrive(page, live_site, told, told.officer)
    page.get_by_role("link", name="Somebody’s view that hate was part of it").click()
    page.get_by_label("Somebody else", exact=True).check()
    page.get_by_label("If somebody else or an agency").fill("The postwoman")
    page.get_by_label("Yes, they think so").check()
    linked = page.get_by_role("group", name="Race: how is it linked")
    expect(linked).not_to_be_visible()
    page.get_by_label("Race", exact=True).check()
    linked.get_by_label("They are thought to be").check()
    page.get_by_role("button", name="Keep this view").click()
    page.get_by_text("The view is kept.").wait_for()
    assert page.get_by_text("Race, they are thought to be.").count() == 1


def test_it_all_works_without_script(browser: Any, live_site: Site, told: Story) -> None:
    page = browser.page(java_script_enabled=False)
    address = arrive(page, live_site, told, told.officer)
    page.goto(f"{address}views/new/")
    page.get_by_label("Amara Osei, victim").check()
    page.get_by_label("They are not sure").check()
    page.get_by_label("Religion", exact=True).check()
    page.get_by_role("group", name="Religion: how is it linked").get_by_label(
        "They are", exact=True
    ).check()
    page.get_by_role("button", name="Keep this view").click()
    expect(page.get_by_text("Religion, they are.")).to_have_count(1)
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("Bela Novak")).not_to_have_count(0)


def test_the_pinned_line_stays_and_covers_no_heading(
    browser: Any, live_site: Site, told: Story
) -> None:
    page = browser.page()
    arrive(page, live_site, told, told.officer)
    page.get_by_role("link", name="Timeline").click()
    line = page.locator(".app-pinned").bounding_box()
    heading = page.locator("#timeline").bounding_box()
    assert line["y"] == pytest.approx(0, abs=1)
    assert heading["y"] >= line["y"] + line["height"] - 1


PAGES = [
    "",
    "history/",
    "declare/",
    "contacts/new/",
    "notes/new/",
    "stage/",
    "hold/",
    "incidents/new/",
    "views/new/",
    "people/new/",
    "duties/{risk}/",
    "incidents/{incident}/correct/",
    "incidents/{incident}/words/",
    "incidents/{incident}/evidence/",
    "incidents/{incident}/crime/",
    "incidents/{incident}/impact/",
    "people/{victim}/record/",
    "company/",
    "views/{view}/take-back/",
    "people/{respondent}/",
    "lead/",
    "restrict/",
    "exceptions/new/",
    "conflicts/",
    "clocks/{risk}/pause/",
]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_every_page_is_accessible_also_in_error(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    """axe finds nothing, and nothing scrolls sideways; forms are sent empty as well."""
    with live_site.in_process():
        ids = {
            "risk": told.clock("SUPPORT_OWN").pk,
            "incident": told.incident.pk,
            "view": told.view.pk,
            "respondent": told.respondent.pk,
            "victim": told.victim.pk,
        }
        do.declare(by=told.by(told.handler), at=timezone.now(), case=told.case, knows_somebody=True)
    page = browser.page()
    page.set_viewport_size(size)
    address = arrive(page, live_site, told, told.manager)
    faults = {}
    for rest in PAGES:
        page.goto(address + rest.format(**ids))
        found = look(page)
        save = page.locator("main form button:not([name])")
        if rest and save.count():
            save.last.click()
            found += look(page)
        if found:
            faults[rest] = found
    assert faults == {}


def look(page: Any) -> list[Any]:
    """What axe finds, and whether the page is wider than the window."""
    found: list[Any] = axe(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found
