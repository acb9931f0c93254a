"""The data protection officer finds out who read a case, and answers whoever asks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from cases.access import Role
from cases.staff.models import User
from cases.workflow.watch_operations import WATCH, watch_reading
from tests.audit.looking import look
from tests.browsing import NARROW, WIDE, Site, sign_in
from tests.casework.story import Story
from tests.journeys.test_case import arrive, told
from tests.journeys.walking import Walk

__all__ = ["told"]
pytestmark = pytest.mark.browser


def read_by_a_stranger(site: Site, story: Story) -> None:
    """Somebody of another team opens the case, and the watch comes by."""
    with site.in_process():
        stranger = User.objects.get(full_name="Tom Ellery")
        look(stranger, story.case.reference, timezone.now(), purpose="cover for a call")
        watch_reading(by=WATCH, at=timezone.now())


@pytest.mark.parametrize(
    ("size", "script"), [(WIDE, False), (NARROW, True)], ids=["1280-no-script", "390"]
)
def test_unusual_reading_is_looked_into_and_an_extract_is_given(
    browser: Any, live_site: Site, told: Story, size: dict[str, int], script: bool
) -> None:
    read_by_a_stranger(live_site, told)
    page = browser.page(java_script_enabled=script)
    page.set_viewport_size(size)
    sign_in(page, live_site, Role.DPO)
    eye = None if script else browser.page()
    with Walk(page, live_site, f"reading-{size['width']}", eye=eye) as walk:
        page.goto(live_site.url)
        walk.arrive(page.locator("main").get_by_role("link", name=re.compile("^Unusual reading")))
        walk.look("the list", title="Unusual reading")
        walk.arrive(page.get_by_role("link", name=re.compile(told.case.reference)).first)
        walk.look("one finding", title="Unusual reading")
        walk.press("Keep what came of it")
        walk.refused()
        walk.look("nothing said yet")
        walk.choose("What did you find?", "Explained")
        walk.write("What did you do, and what were you told?", "He covered a call at reception.")
        walk.press("Keep what came of it")
        walk.reads("He covered a call at reception.")
        walk.follow(f"Who looked at {told.case.reference}")
        walk.reads("Not on the case.")
        walk.reads("Cover for a call")
        walk.look("who looked", title="who looked")
        walk.follow("Make an extract")
        walk.look("what the extract is for")
        walk.choose("Who is it for?", "Amara Osei")
        walk.write("What is it for?", "She asked on 3 March who has read her case.")
        walk.press("Show it to print")
        walk.reads("For Amara Osei, victim.")
        walk.reads("Housing officer, South team")
        walk.look("the extract", title="an extract")
        assert "Tom Ellery" not in walk.text()


def test_a_manager_reads_each_look_and_everything_done(
    browser: Any, live_site: Site, told: Story
) -> None:
    read_by_a_stranger(live_site, told)
    page = browser.page()
    arrive(page, live_site, told, told.manager)
    with Walk(page, live_site, "reading-manager") as walk:
        walk.follow("Each look at this case", first=True)
        walk.reads("1 is not on the case.")
        walk.look("each look", title="who looked")
        walk.follow(told.case.reference)
        walk.follow("Everything done, in sentences")
        walk.look("everything done", title="everything done")
        walk.follow("How this record has changed", first=True)
        walk.look("how it changed", title="history")
