"""The call sheet in a real browser: with and without script, by keyboard, and when things fail."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from cases.access import Role
from cases.intake.models import CallSheet, SheetAnswer
from tests.browsing import Site, axe, sign_in
from tests.journeys.sheet_steps import choose, kept, press, start_call, write

pytestmark = pytest.mark.browser

WORDS = "He shouts about my skin every time I go out. Yesterday he spat at the pram."
SENT = re.compile(r"/reports/R-[^/]+/(#.*)?$")
LOW = {"width": 1280, "height": 720}


def sheet_of(page: Any, site: Site) -> Any:
    """The sheet on the page, from the database."""
    key = page.url.split("/sheets/")[1].split("/")[0]
    return CallSheet.objects.get(key=key)


def answers(page: Any, site: Site) -> dict[str, Any]:
    """What the server has of the sheet on the page."""
    with site.in_process():
        rows = SheetAnswer.objects.filter(sheet=sheet_of(page, site)).order_by("id")
        return {row.question: row.value for row in rows}


def tell_the_story(page: Any) -> None:
    """A short call, in the order a frightened person tells it."""
    choose(page, "safe.now", "Yes")
    write(page, "safe.call_them", "Amara")
    write(page, "incident-1.words", WORDS)
    choose(page, "contact.text", "Safe")
    choose(page, "contact.post", "Not safe")
    write(page, "contact.say_we_are", "Sam")
    choose(page, "incident-1.types", "Spitting")
    choose(page, "why.caller", "Yes")
    choose(page, "why.strands", "Race")
    choose(page, "why.own", "Yes, I think so")
    choose(page, "respondent.relation", "Next-door neighbour")
    choose(page, "end.read_back", "Something was changed")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_call_is_taken_and_sent(browser: Any, live_site: Site, script: bool) -> None:
    page = browser.page(java_script_enabled=script)
    start_call(page, live_site)
    tell_the_story(page)
    press(page, "Save")
    if script:
        kept(page)
        # The name is taken up everywhere at once, without the page being left.
        page.get_by_text("Amara agreed it").wait_for()
        page.reload()
    assert page.locator(".app-bar h1").inner_text() == "Call with Amara"
    assert page.locator(".app-bar__line").inner_text().endswith("Say “Sam”.")
    expect(page.locator('[id="id_incident-1.words"]')).to_have_value(WORDS)
    expect(page).to_have_title("Call sheet - Hate crime casework")

    press(page, "Send to triage")
    page.wait_for_url(SENT)
    assert "This is a hate crime case" in page.locator("main").inner_text()


def test_every_answer_is_kept_by_itself_and_a_closed_browser_loses_nothing(
    browser: Any, live_site: Site
) -> None:
    page = browser.page()
    start_call(page, live_site)
    choose(page, "safe.now", "No")
    kept(page)
    write(page, "incident-1.words", WORDS)
    page.wait_for_timeout(2500)  # nobody leaves the box: two seconds after typing stops
    assert answers(page, live_site)["incident-1.words"] == WORDS
    note = page.locator("#id_note")
    note.fill("crying. give her time")
    note.press("Enter")
    note.fill("two lines")
    note.press("Shift+Enter")
    assert page.locator("[data-note-lines] li").count() == 1
    note.press("Enter")
    kept(page)
    address = page.url
    page.context.close()

    again = browser.page()
    sign_in(again, live_site, Role.CALL_HANDLER)
    again.goto(address)
    expect(again.locator('[id="id_incident-1.words"]')).to_have_value(WORDS)
    assert again.locator("[data-note-lines] li").count() == 2
    assert again.get_by_label("No", exact=True).first.is_checked()


def test_nothing_said_is_left_in_the_browser(browser: Any, live_site: Site) -> None:
    page = browser.page()
    start_call(page, live_site)
    write(page, "incident-1.words", WORDS)
    write(page, "safe.call_them", "Amara")
    press(page, "Save")
    kept(page)
    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])"
    )
    assert "skin" not in stored
    assert "Amara" not in stored + page.title()
    databases = page.evaluate("indexedDB.databases().then((found) => found.length)")
    assert databases == 0


def test_keys_go_to_the_notepad_what_is_needed_and_danger_and_back(
    browser: Any, live_site: Site
) -> None:
    page = browser.page()
    start_call(page, live_site)

    def focused() -> str:
        return str(page.evaluate("document.activeElement.id || document.activeElement.className"))

    page.locator('[id="id_safe.call_them"]').focus()
    page.keyboard.type("Amara")
    page.keyboard.press("F2")
    assert focused() == "id_note"
    page.keyboard.type("crying")
    page.keyboard.press("Enter")
    page.keyboard.press("F2")
    assert focused() == "id_safe.call_them"
    kept(page)

    page.keyboard.press("F4")
    assert focused().startswith("id_incident-1.words")
    page.keyboard.press("F4")
    assert focused().startswith("id_why.caller")

    panel = page.locator(".app-danger")
    page.keyboard.press("F8")
    assert panel.get_attribute("open") is not None
    assert "app-danger__button" in focused()
    page.keyboard.press("Escape")
    assert panel.get_attribute("open") is None


def test_the_whole_sheet_is_reached_by_keyboard_in_the_order_seen(
    browser: Any, live_site: Site
) -> None:
    page = browser.page()
    start_call(page, live_site)
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(() => { const at = document.activeElement;"
                " return at.closest('.app-bar') ? 'bar' : at.closest('.app-sheet__rail') ? 'rail'"
                " : at.closest('main') ? 'parts' : at.closest('aside') ? 'notepad' : 'frame' })()"
            )
        )
    order = [place for n, place in enumerate(seen) if n == 0 or place != seen[n - 1]]
    assert order == ["frame", "bar", "rail", "parts"]
    page.keyboard.press("Shift+Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    shadow = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
    after = page.evaluate(
        "getComputedStyle(document.activeElement.nextElementSibling ?? document.body, '::before')"
        ".outlineStyle"
    )
    assert {outline, after} != {"none"} or shadow != "none"


def test_a_sheet_is_filled_and_sent_by_keyboard_alone(browser: Any, live_site: Site) -> None:
    page = browser.page()
    sign_in(page, live_site, Role.CALL_HANDLER)
    page.goto("/reports/new/")
    door = page.get_by_role("button", name="It happened to the caller")
    door.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/sheets/**")
    page.locator('[id="id_incident-1.words"]').focus()
    page.keyboard.type(WORDS)
    page.locator('[id="id_why.caller_a0"]').focus()
    page.keyboard.press("Space")
    kept(page)
    assert answers(page, live_site)["incident-1.words"] == WORDS
    page.get_by_role("button", name="Send to triage").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(SENT)
    assert "This is a hate crime case" in page.locator("main").inner_text()


def test_when_the_server_cannot_be_reached_typing_goes_on_and_is_saved_later(
    browser: Any, live_site: Site
) -> None:
    page = browser.page()
    start_call(page, live_site)
    choose(page, "safe.now", "Yes")
    kept(page)
    page.route("**/reports/sheets/**", lambda route: route.abort())
    write(page, "incident-1.words", WORDS)
    page.locator("#id_note").fill("a line in the dark")
    page.locator("#id_note").press("Enter")
    page.locator('[data-saved="not"]').wait_for()
    assert "Not saved since" in page.locator("#saved").inner_text()
    notice = page.locator("[data-not-saved]").inner_text()
    assert notice.startswith("We cannot reach the server. Keep talking and keep typing.")
    assert "ring the duty manager on" in notice
    assert axe(page) == []
    # Sending does not leave the page, and nothing typed is gone.
    page.get_by_role("button", name="Send to triage").click()
    page.wait_for_timeout(500)
    expect(page.locator('[id="id_incident-1.words"]')).to_have_value(WORDS)
    assert "a line in the dark" in page.locator("[data-note-lines]").inner_text()

    page.unroute("**/reports/sheets/**")
    kept(page)
    assert page.locator("[data-not-saved]").is_hidden()
    assert answers(page, live_site)["incident-1.words"] == WORDS
    with live_site.in_process():
        assert sheet_of(page, live_site).lines.count() == 1


def test_a_database_that_is_gone_is_said_and_the_words_stay(browser: Any, live_site: Site) -> None:
    page = browser.page()
    start_call(page, live_site)
    page.route(
        "**/reports/sheets/**",
        lambda route: route.fulfill(status=503, body="<h1>503</h1>", content_type="text/html"),
    )
    write(page, "incident-1.words", WORDS)
    page.locator('[id="id_safe.call_them"]').focus()
    page.locator('[data-saved="not"]').wait_for()
    expect(page.locator('[id="id_incident-1.words"]')).to_have_value(WORDS)


def end_sessions(site: Site) -> None:
    with site.in_process():
        Session.objects.all().delete()


def test_signed_out_in_mid_call_the_same_person_signs_in_and_loses_nothing(
    browser: Any, live_site: Site
) -> None:
    page = browser.page()
    start_call(page, live_site)
    choose(page, "safe.now", "Yes")
    kept(page)
    end_sessions(live_site)
    write(page, "incident-1.words", WORDS)
    page.locator('[id="id_safe.call_them"]').focus()
    page.get_by_text("You have been signed out. Keep talking").wait_for()
    assert "01900" not in page.locator("[data-not-saved]").inner_text()

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    sign_in(opened.value, live_site, Role.CALL_HANDLER)
    page.bring_to_front()
    kept(page)
    assert answers(page, live_site)["incident-1.words"] == WORDS


def test_the_next_person_on_this_computer_sees_nothing_of_the_call(
    browser: Any, live_site: Site
) -> None:
    page = browser.page()
    start_call(page, live_site)
    choose(page, "safe.now", "Yes")
    kept(page)
    end_sessions(live_site)
    write(page, "incident-1.words", WORDS)
    other = page.context.new_page()
    sign_in(other, live_site, Role.HOUSING_OFFICER)
    assert other.goto(page.url).status == 404
    assert WORDS not in other.content()

    page.bring_to_front()
    page.get_by_role("heading", name="This call sheet is covered").wait_for()
    assert page.locator('[id="id_incident-1.words"]').is_hidden()
    assert axe(page) == []

    with live_site.in_process():
        Session.objects.all().delete()
    sign_in(other, live_site, Role.CALL_HANDLER)
    page.bring_to_front()
    page.locator('[id="id_incident-1.words"]').wait_for()
    kept(page)
    assert answers(page, live_site)["incident-1.words"] == WORDS


def test_signed_out_without_script_what_was_typed_comes_back_after_signing_in(
    browser: Any, live_site: Site
) -> None:
    page = browser.page(java_script_enabled=False)
    start_call(page, live_site)
    choose(page, "safe.now", "Yes")
    press(page, "Save")
    address = page.url.split("#")[0]
    with live_site.in_process():
        # As time does it: the row stays until it is swept away.
        Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
    write(page, "incident-1.words", WORDS)
    press(page, "Save")
    assert "/account/login" in page.url
    assert WORDS not in page.content()

    page.locator("input[name=login]").fill(live_site.emails[Role.CALL_HANDLER])
    page.locator("input[name=password]").fill(live_site.password)
    press(page, "Sign in")
    assert page.get_by_role("heading", level=1).inner_text() == (
        "What you typed is here, and nothing is lost"
    )
    expect(page.get_by_text(WORDS)).to_be_visible()
    press(page, "Send it again")
    assert page.url.startswith(address)
    expect(page.locator('[id="id_incident-1.words"]')).to_have_value(WORDS)
