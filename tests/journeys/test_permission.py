"""Asking who may be told in a real browser, without and with a change of mind (S15, S24)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cases.consent.models import Talk
from tests.browsing import NARROW, WIDE, Site
from tests.casework.story import Story
from tests.journeys.test_case import arrive, told
from tests.journeys.walking import Walk

__all__ = ["told"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_asked_one_thing_at_a_time_and_taken_back(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    page = browser.page()
    page.set_viewport_size(size)
    arrive(page, live_site, told, told.officer)
    with Walk(page, live_site, f"permission-{size['width']}") as walk:
        walk.follow("Permission: who may be told what")
        walk.look("nothing asked", title="permission")
        assert page.locator("main input[type=radio]:checked").count() == 0
        walk.press("Save what Amara said")
        walk.refused()
        walk.look("nothing answered")
        _ask(walk)
        _change_her_mind(walk)
        walk.follow("A third party")
        walk.look("a third party of their own")
        assert "Bela" not in walk.text()
    with live_site.in_process():
        newest = Talk.objects.filter(about=told.victim).latest("id")
        said = dict(newest.said.values_list("scope", "reply"))
    assert said == {"FACTS": "WITHDRAWN"}


def _ask(walk: Walk) -> None:
    walk.choose("Say: “May I tell them what happened?”", "Yes")
    walk.choose("Say: “May I tell them your name?”", "No")
    walk.write("In Amara’s words", "Not my name. They can know it is happening.")
    walk.choose("How it was asked", "By phone")
    walk.open("Interpreter, easy read")
    walk.look("everything open")
    walk.press("Save what Amara said")
    walk.reads("What Amara said is kept.")
    walk.look("one conversation kept")
    walk.reads("“Not my name. They can know it is happening.”")


def _change_her_mind(walk: Walk) -> None:
    walk.arrive(walk.page.locator("main").get_by_role("link", name=re.compile("^Change")))
    walk.look("what stands now beside each question")
    walk.choose("Say: “May I tell them what happened?”", "No")
    walk.choose("How it was asked", "By phone")
    walk.press("Save what Amara said")
    walk.reads("Nothing is saved yet.")
    walk.look("what stops and what had gone")
    walk.press("Take it back, and save what Amara said")
    walk.reads("Withdrawn")
    walk.look("taken back")
