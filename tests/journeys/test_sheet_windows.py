"""The call sheet in two windows, on any screen, and sent once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.access import Role
from cases.intake.models import Report
from tests.browsing import NARROW, WIDE, Site, axe, sign_in
from tests.journeys.sheet_steps import choose, kept, press, start_call, write
from tests.journeys.test_sheet import answers, tell_the_story
from tests.journeys.walking import ERROR

pytestmark = pytest.mark.browser


WORDS = "He shouts about my skin every time I go out. Yesterday he spat at the pram."


SENT = re.compile(r"/reports/R-[^/]+/(#.*)?$")


LOW = {"width": 1280, "height": 720}


def test_two_windows_keep_both_answers_and_say_so(browser: Any, live_site: Site) -> None:
    one = browser.page()
    start_call(one, live_site)
    two = one.context.new_page()
    two.goto(one.url)
    choose(two, "why.caller", "Not sure")
    write(two, "before.words", "In March, my sister")
    press(two, "Save")
    kept(two)
    choose(one, "why.caller", "Yes")
    kept(one)
    one.get_by_text("Also answered in another window at").wait_for()
    assert ": Not sure" in one.locator('[id="notes-why.caller"]').inner_text()
    # What this window never touched is as the other one left it, a full save included.
    press(one, "Save")
    one.get_by_role("button", name="Add another incident").click()
    one.wait_for_load_state()
    assert answers(one, live_site)["before.words"] == "In March, my sister"
    assert answers(one, live_site)["why.caller"] == "YES"


def test_two_presses_of_send_make_one_report(browser: Any, live_site: Site) -> None:
    page = browser.page(java_script_enabled=False)
    start_call(page, live_site)
    write(page, "incident-1.words", WORDS)
    choose(page, "why.caller", "Yes")
    page.get_by_role("button", name="Send to triage").dblclick()
    page.wait_for_url(SENT)
    reference = page.url.split("/reports/")[1].split("/")[0]
    page.go_back()
    page.reload()
    assert f"/reports/{reference}/" in page.url
    with live_site.in_process():
        sheet = Report.objects.get(reference=reference).sheet
        assert Report.objects.filter(sheet=sheet).count() == 1


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_no_state_of_the_sheet_has_a_violation_or_slides_sideways(
    browser: Any, live_site: Site, size: dict[str, int]
) -> None:
    page = browser.page()
    page.set_viewport_size(size)
    sign_in(page, live_site, Role.CALL_HANDLER)

    def fine(state: str) -> None:
        assert axe(page) == [], state
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], state

    page.goto("/reports/new/")
    fine("doors")
    page.get_by_role("button", name="The caller saw it").click()
    page.wait_for_url("**/reports/sheets/**")
    fine("empty, third party")
    tell_the_story(page)
    choose(page, "safe.talk", "Yes or no only")
    choose(page, "respondent.relation", "Family")
    page.locator("#id_note").fill("“shouts about my skin every time I go out”")
    page.locator("#id_note").press("Enter")
    kept(page)
    fine("half way, yes or no only")
    write(page, "who.search", "Nobody Atall")
    page.locator('[id="id_who.search"]').press("Enter")
    page.get_by_text("Nobody found.").wait_for()
    fine("nobody found")
    page.locator(".app-danger__button").click()
    fine("danger")
    page.locator(".app-danger__button").click()
    for summary in page.locator("main details > summary").all():
        if summary.is_visible():
            summary.click()
    fine("everything open")
    write(page, "incident-1.words", "")
    page.get_by_label("Spitting", exact=True).uncheck()
    kept(page)
    press(page, "Send to triage")
    page.get_by_role("heading", name="There is a problem").wait_for()
    expect(page).to_have_title(ERROR)
    fine("cannot be sent")


def test_nothing_changes_size_when_it_is_touched(browser: Any, live_site: Site) -> None:
    page = browser.page()
    page.set_viewport_size(NARROW)
    start_call(page, live_site)
    page.locator('[id="id_safe.call_them"]').scroll_into_view_if_needed()
    for where in ("#id_note", '[id="id_safe.call_them"]', '[id="id_incident-1.words"]'):
        box = page.locator(where)
        before = box.bounding_box()
        box.evaluate("(box) => box.focus({ preventScroll: true })")
        after = box.bounding_box()
        assert (before["width"], before["height"]) == (after["width"], after["height"])
    heights = page.evaluate("document.documentElement.scrollHeight")
    page.locator("#id_note").evaluate("(box) => box.blur()")
    assert page.evaluate("document.documentElement.scrollHeight") == heights


def test_a_low_window_shows_the_rail_and_the_notepad_whole(browser: Any, live_site: Site) -> None:
    page = browser.page()
    page.set_viewport_size(LOW)
    start_call(page, live_site)
    choose(page, "safe.now", "Yes")
    for number in range(9):
        page.locator("#id_note").fill(f"line {number}")
        page.locator("#id_note").press("Enter")
    kept(page)
    page.evaluate("window.scrollTo(0, 1500)")
    page.wait_for_timeout(200)
    for part in (".app-parts", "#id_note", ".app-pop--hard"):
        box = page.locator(part).bounding_box()
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= LOW["height"], part
    newest = page.locator("[data-note-lines] li").last.bounding_box()
    note = page.locator("#id_note").bounding_box()
    assert 0 <= note["y"] - (newest["y"] + newest["height"]) < 40


def test_contact_details_are_covered_until_safe_contact_is_asked(
    browser: Any, live_site: Site
) -> None:
    page = browser.page()
    start_call(page, live_site)
    phone = page.locator('[id="id_contact.phone"]')
    assert phone.is_hidden()
    choose(page, "contact.ring", "Safe")
    phone.wait_for()
    phone.fill("07700 900412")
    kept(page)
    choose(page, "contact.ring", "Not asked")
    kept(page)
    assert phone.is_hidden()
    expect(phone).to_have_value("")
    choose(page, "contact.text", "Safe")
    phone.wait_for()
    expect(phone).to_have_value("07700 900412")
