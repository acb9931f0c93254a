"""Take the pictures of docs/images from the demo data: see docs/how-to/take-the-pictures.md.

    .venv/bin/python -m tools.pictures [http://127.0.0.1:8000]

The site must be running on demo data; signs in as it prints, and changes nothing in it but what
every reader changes: the ledger, and that each of them knows nobody in the case opened.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PASSWORD = "lantern-orchard-teacup"  # noqa: S105 (printed by `make run`)
WIDE, NARROW = (1280, 860), (390, 844)
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@contextmanager
def signed_in(browser: Browser, site: str, who: str, size: tuple[int, int]) -> Iterator[Page]:
    """A page of somebody of the demo, at the front page."""
    context = browser.new_context(
        base_url=site, viewport={"width": size[0], "height": size[1]}, locale="en-GB"
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Email").fill(f"{who}@demo.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your work").wait_for()
    page.goto("/")  # without the words of having signed in
    yield page
    context.close()


def queue(page: Page) -> None:
    """The work of a manager's team."""
    page.get_by_role("link", name="My team").first.click()
    page.get_by_text("least time left first").first.wait_for()


def call_sheet(page: Page) -> None:
    """A call that was not finished."""
    page.get_by_role("link", name="Go on with the call sheet").first.click()
    page.get_by_role("heading", name="Safe now").wait_for()


def case(page: Page) -> None:
    """The first case of an officer's own work that says how to reach somebody."""
    row = page.get_by_role("row").filter(has_text="No post").first
    row.get_by_role("link").first.click()
    page.wait_for_load_state()
    nobody = page.get_by_role("button", name="No, I know nobody here")
    if nobody.count():
        nobody.click()
    page.get_by_role("heading", name="Next step").wait_for()


PICTURES: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("queue", "sunita", queue),
    ("call-sheet", "joanne", call_sheet),
    ("case", "dawn", case),
)


def main(site: str) -> None:
    """Every picture at both widths."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, who, arrive in PICTURES:
            for size in (WIDE, NARROW):
                with signed_in(browser, site, who, size) as page:
                    arrive(page)
                    page.screenshot(path=IMAGES / f"{name}-{size[0]}.png")
                    print(f"docs/images/{name}-{size[0]}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
