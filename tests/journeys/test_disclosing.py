"""S24 in a real browser: her name to the council is not sent; facts that name nobody are."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cases.access import Role
from cases.consent.operations import withdraw_permission
from cases.disclosures.models import Blocked, Pack, Send
from tests.browsing import NARROW, WIDE, Site
from tests.casework.story import Story
from tests.journeys.test_case import arrive, told
from tests.journeys.walking import Walk
from tests.workflow.disclosing_case import COUNCIL, HAPPENED, PURPOSE, TITLE, with_agencies

__all__ = ["told"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_s24_is_blocked_with_its_alternatives_and_then_goes(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    with live_site.in_process():
        made = with_agencies(told)
        made.says_yes(made.police, "FACTS", "IDENTITY")
    page = browser.page(accept_downloads=True)
    page.set_viewport_size(size)
    arrive(page, live_site, told, told.officer)
    with Walk(page, live_site, f"disclosing-{size['width']}") as walk:
        _begin(walk)
        _compose(walk)
        _make_ready(walk)
        _blocked(walk)
        _name_nobody(walk)
        _make_ready(walk)
        _send(walk)
        _how_it_went(walk)
    with live_site.in_process():
        pack = Pack.objects.get(case=told.case)
        assert (pack.door, pack.state) == ("D7", "GONE")
        assert Blocked.objects.get(pack=pack).reasons == ["NO_PERMISSION"]
        assert Send.objects.filter(pack=pack).count() == 1


def _begin(walk: Walk) -> None:
    walk.follow("Told to others")
    walk.look("told to others, nobody yet")
    walk.press("Tell another agency")
    walk.reads("First whom it is about")
    walk.look("whom and who")
    walk.press("Go on")
    walk.refused()
    walk.look("whom and who, not chosen")
    walk.choose("Whom is it about?", "Amara Osei")
    walk.page.get_by_label("Who would be told?").select_option(label=COUNCIL)
    walk.press("Go on")
    walk.reads("Begin the page")
    walk.look("the unit and the door")
    walk.press("Begin the page")
    walk.refused()
    walk.look("the unit and the door, not chosen")
    walk.page.get_by_label("Community safety team").check()
    walk.page.get_by_label("Their permission").check()
    walk.write("What is the page called?", TITLE)
    walk.write("What are they to do with it?", PURPOSE)
    walk.press("Begin the page")
    walk.reads("It is being written")


def _compose(walk: Walk) -> None:
    walk.look("nothing on it")
    _put_in(walk, "What happened")
    walk.look("one thing")
    walk.write("What they are told", HAPPENED)
    walk.write("Why must it be in?", "They cannot help without it.")
    walk.press("Put it on the page")
    _put_in(walk, "Against whom")
    walk.follow("Begin with these words", first=True)
    if walk.page.get_by_label("Amara Osei, victim").count():
        walk.page.get_by_label("Amara Osei, victim").check()
    walk.write("Why must it be in?", "To know whom to visit.")
    walk.look("her name")
    walk.press("Put it on the page")
    walk.reads("B. Against whom")
    walk.look("two things on it")


def _put_in(walk: Walk, field: str) -> None:
    """Follow the link whose hidden words say which field it is of."""
    name = re.compile(rf"^Put in ?: {field}")
    walk.arrive(walk.page.get_by_role("link", name=name))


def _make_ready(walk: Walk) -> None:
    walk.press("Read it through")
    walk.reads("What you make ready is what goes")
    walk.look("read through")
    walk.page.get_by_label("I have read the page, to the end").check()
    walk.page.get_by_label("What is blacked out is right").check()
    walk.press("Make the page ready")
    walk.reads("Exactly what would be sent")
    walk.look("ready")


def _blocked(walk: Walk) -> None:
    walk.press("Send it")
    walk.reads("You download it once")
    walk.look("where it goes")
    walk.page.get_by_label(f"This goes to {COUNCIL}, Community safety team").check()
    walk.press("Download it, once, to send it")
    walk.reads(f"Nothing has gone to {COUNCIL}.")
    walk.reads("Amara has not said")
    walk.look("not sent")


def _name_nobody(walk: Walk) -> None:
    walk.follow("Send facts that name nobody", first=True)
    walk.look("what comes out")
    walk.press("Take these out, and name nobody")
    walk.reads("It is being written")
    assert "Osei" not in walk.page.locator(".app-pack").inner_text()


def _send(walk: Walk) -> None:
    page = walk.page
    walk.reads("It may go")
    walk.press("Send it")
    walk.reads("You download it once")
    page.get_by_label(f"This goes to {COUNCIL}, Community safety team").check()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download it, once, to send it").click()
    target = walk.folder / "sent.pdf"
    caught.value.save_as(target)
    assert target.read_bytes().startswith(b"%PDF")
    assert re.fullmatch(r"amplius-\d+\.pdf", caught.value.suggested_filename)
    walk.follow("Say how it went")


def _how_it_went(walk: Walk) -> None:
    page = walk.page
    walk.look("how it went")
    page.get_by_label("Secure email").check()
    walk.write("Who took it there?", "The duty desk")
    when = walk.group("When?")
    day = page.evaluate("new Date().toLocaleDateString('en-GB', {timeZone: 'Europe/London'})")
    for part, typed in zip(("Day", "Month", "Year"), day.split("/"), strict=True):
        when.get_by_label(part, exact=True).fill(typed)
    clock = "new Date().toLocaleTimeString('en-GB', {timeZone: 'Europe/London'}).slice(0, 5)"
    when.get_by_label("Time", exact=True).fill(page.evaluate(clock))
    walk.press("Keep this")
    walk.reads("It went once")
    walk.look("gone")
    walk.follow("Told to others")
    walk.reads("Tried, and not sent")
    walk.look("told to others")


def test_without_script_a_withdrawal_stops_what_waits(
    browser: Any, live_site: Site, told: Story
) -> None:
    with live_site.in_process():
        made = with_agencies(told)
        made.says_yes(made.council, "FACTS", "IDENTITY")
        pack = made.named()
        made.ready(pack)
    page = browser.page(java_script_enabled=False)
    address = arrive(page, live_site, told, told.officer)
    page.goto(f"{address}sent/{pack.pk}/")
    page.get_by_role("heading", name="It may go").wait_for()
    with live_site.in_process():
        withdraw_permission(
            by=made.lead,
            at=made.at(),
            about=told.victim,
            agency=made.council,
            scopes=["IDENTITY"],
            how="PHONE",
        )
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("The page is not ready to go.").wait_for()
    page.goto(f"{address}sent/{pack.pk}/")
    page.get_by_role("heading", name="Stopped. Nothing went.").wait_for()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_the_register_reads_at_both_widths(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    with live_site.in_process():
        made = with_agencies(told)
        made.sent(made.nameless())
        made.tried(made.named(made.police))
    page = browser.page()
    page.set_viewport_size(size)
    with Walk(page, live_site, f"register-{size['width']}") as walk:
        walk.sign_in(Role.DIRECTOR_CO)
        if size is NARROW:
            page.get_by_role("button", name="Menu").click()
        walk.follow("Register")
        walk.look("register")
        walk.open("Filter the register")
        walk.follow("Not sent")
        walk.look("register, not sent")
        assert "Osei" not in walk.text()
