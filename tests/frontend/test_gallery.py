"""Components and the four main screens in Chromium: axe, widths, and how the call sheet behaves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test.signals import template_rendered
from playwright.sync_api import expect

from hatecrime import drawing
from hatecrime.templatetags import house
from tests.browsing import NARROW, WIDE, axe
from tests.frontend.gallery import SCREENS, html, open_screen

COMPONENTS = Path(__file__).resolve().parents[2] / "templates" / "components"
Open = Callable[..., Any]


@pytest.fixture
def opened(chromium: Any) -> Iterator[Open]:
    """Open a screen of the gallery at a size, with or without script."""
    contexts = []

    def open_it(screen: str, size: Any = WIDE, fragment: str = "", script: bool = True) -> Any:
        context = chromium.new_context(viewport=size, java_script_enabled=script)
        contexts.append(context)
        return open_screen(context, screen, fragment)

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_a_template_asks_for_is_missing(screen: str) -> None:
    """An undefined variable fails the test by itself (tests/undefined.py)."""
    assert "</html>" in html(screen)


def test_every_component_is_shown() -> None:
    shown = set()
    for drawn in (house.icon, drawing._pieces):  # once a process, perhaps by an earlier page
        drawn.cache_clear()

    def note(template: Any, **kwargs: Any) -> None:
        shown.add(template.name)

    template_rendered.connect(note)
    try:
        for screen in SCREENS:
            html(screen)
    finally:
        template_rendered.disconnect(note)
    names = {f"components/{path.relative_to(COMPONENTS)}" for path in COMPONENTS.rglob("*.html")}
    assert names - shown == set()


@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(opened: Open, screen: str, size: Any) -> None:
    assert axe(opened(screen, size)) == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1920])
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_slides_sideways(opened: Open, screen: str, width: int) -> None:
    page = opened(screen, {"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_danger_opens_without_script_and_never_covers_the_notepad(opened: Open) -> None:
    page = opened("sheet", script=False)
    before = page.locator("#part-safe-now").bounding_box()
    page.get_by_text("Someone is in danger now").click()
    panel = page.locator(".app-danger__panel")
    expect(panel.get_by_role("heading", name="Call 999 now")).to_be_visible()
    assert page.locator("#part-safe-now").bounding_box() == before
    notepad = page.get_by_role("textbox", name="Write a line").bounding_box()
    box = panel.bounding_box()
    assert box["x"] + box["width"] <= notepad["x"]
    page.get_by_text("Someone is in danger now").click()
    assert panel.is_hidden()


@pytest.mark.browser
def test_danger_fills_a_phone_below_the_bar(opened: Open) -> None:
    page = opened("sheet", NARROW, fragment="#part-why-it-happened")
    page.get_by_text("Someone is in danger now").click()
    page.wait_for_timeout(100)
    box = page.locator(".app-danger__panel").bounding_box()
    bar = page.locator(".app-bar").bounding_box()
    assert box["y"] == pytest.approx(bar["y"] + bar["height"], abs=3)
    assert box["width"] == NARROW["width"]
    assert box["y"] + box["height"] >= NARROW["height"] - 8


@pytest.mark.browser
def test_escape_closes_the_panel_and_gives_the_focus_back(opened: Open) -> None:
    page = opened("sheet")
    button = page.locator("summary", has_text="Someone is in danger now")
    button.click()
    page.get_by_label("A colleague did").focus()
    page.keyboard.press("Escape")
    assert page.locator(".app-danger__panel").is_hidden()
    assert button.evaluate("element => element === document.activeElement")


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 1280, "height": 720}, NARROW], ids=["desk", "phone"])
def test_a_jump_lands_below_the_bar(opened: Open, size: Any) -> None:
    page = opened("sheet", size)
    page.get_by_role("link", name="Permission").first.click()
    bar = page.locator(".app-bar").bounding_box()
    heading = page.locator("#part-permission-heading").bounding_box()
    assert heading["y"] >= bar["y"] + bar["height"]
    assert heading["y"] < size["height"] / 2


@pytest.mark.browser
def test_rail_and_notepad_stay_whole_in_a_low_window(opened: Open) -> None:
    page = opened("sheet", {"width": 1280, "height": 720}, fragment="#part-permission")
    for selector in (".app-needed", ".app-pop--hard .app-pop__panel"):
        box = page.locator(selector).bounding_box()
        assert box["y"] >= 72
        assert box["y"] + box["height"] <= 720


@pytest.mark.browser
def test_on_a_phone_the_notepad_is_pinned_and_its_panels_open_upward(opened: Open) -> None:
    page = opened("sheet", NARROW)
    box = page.get_by_role("textbox", name="Write a line").bounding_box()
    assert box["y"] + box["height"] <= NARROW["height"]
    page.locator("summary", has_text="Hard moment").click()
    words = page.get_by_text("You have done nothing wrong by ringing.")
    assert words.bounding_box()["y"] < box["y"]
    page.locator("summary", has_text="Still needed").click()
    assert words.is_hidden()  # one at a time
    assert page.get_by_role("textbox", name="Write a line").bounding_box() == box


@pytest.mark.browser
def test_pinned_things_let_go_when_the_window_is_very_low(opened: Open) -> None:
    page = opened("sheet", {"width": 390, "height": 400}, fragment="#part-permission")
    assert page.locator(".app-bar").bounding_box()["y"] < -72
    assert page.get_by_role("textbox", name="Write a line").bounding_box()["y"] > 400


@pytest.mark.browser
def test_the_case_line_stays_at_every_scroll_position(opened: Open) -> None:
    page = opened("case", NARROW)
    for place in ("Incidents", "Timeline", "Who looked", "People"):
        page.get_by_role("link", name=place, exact=True).click()
        page.wait_for_timeout(50)
        line = page.locator(".app-pinned").bounding_box()
        assert line["y"] == pytest.approx(0, abs=1)
        heading = page.locator(f"[id='{place.lower().replace(' ', '-')}']").bounding_box()
        assert heading["y"] >= line["height"]


@pytest.mark.browser
def test_on_a_phone_the_first_case_starts_on_the_first_screen(opened: Open) -> None:
    page = opened("queue", NARROW)
    assert page.locator(".app-queue tbody tr").first.bounding_box()["y"] < NARROW["height"] - 150


@pytest.mark.browser
def test_what_to_tell_the_caller_comes_first_on_a_phone(opened: Open) -> None:
    page = opened("triage", NARROW)
    tell = page.locator("#tell").bounding_box()["y"]
    assert tell < page.get_by_role("heading", name="Who thinks so").bounding_box()["y"]
    assert tell < NARROW["height"]
