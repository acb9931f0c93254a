"""Recording that somebody was told their level, in a real browser at both widths."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browsing import Site, axe, sign_in
from tests.casework.story import Story
from tests.risk.asking import I, answers, assessed
from tests.risk.test_browser import SIZES, clean, told

__all__ = ["told"]
pytestmark = pytest.mark.browser


@SIZES
def test_who_was_told_and_how_stands_on_the_page(
    browser: Any, live_site: Site, told: Story, size: Any
) -> None:
    with live_site.in_process():
        assessed(told, answers(I))
    page = browser.page()
    page.set_viewport_size(size)
    sign_in(page, live_site, told.officer.email)
    page.goto(f"{live_site.url}/cases/{told.case.reference}/risk/")
    clean(page)
    page.get_by_text("Record that they were told").click()
    page.get_by_role("button", name="They were told").click()
    expect(page.get_by_role("link", name="Enter the day they were told")).to_be_visible()
    assert axe(page) == []
    today = timezone.localdate()
    for label, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_label(label, exact=True).fill(str(value))
    page.get_by_label("Visit").check()
    page.get_by_role("button", name="They were told").click()
    expect(page.get_by_text("Told face to face on")).to_be_visible()
    clean(page)
