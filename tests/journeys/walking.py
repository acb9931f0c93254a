"""Somebody at a browser who uses only what the screen offers, with axe at their shoulder."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from cases.access import Role
from tests.browsing import NARROW, ROOT, WIDE, Site, axe

ERROR = re.compile("^Error: ")
WANTED = os.environ.get("PICTURES", "")
"""Where pictures of every page are wanted, if they are: drawing them is a fifth of a walk."""
PICTURES = Path(WANTED) if WANTED else ROOT / "var" / "journeys"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
SCRIPTS = re.compile(r"<script\b.*?</script>", re.S)


class Walk:
    """One person's way through the site.

    No address is ever typed but the front page's.  Every page passed through is named with
    :meth:`look`, which fails on anything axe finds, and keeps a picture if asked to.  ``used``
    collects the words of every link, button and label used, so that a written guide can be held
    to them.
    ``eye`` is a page with script, for axe to look at what a page without script shows.
    """

    def __init__(self, page: Any, site: Site, name: str, eye: Any = None) -> None:
        self.page = page
        self.eye = eye
        self.site = site
        self.folder = PICTURES / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.used: set[str] = set()
        self.seen: list[str] = []

    def __enter__(self) -> Walk:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Keep a picture of where a walk ended that did not come through."""
        if kind is not None:
            self.page.screenshot(path=self.folder / "failed.png", full_page=True)

    # What the eye does

    def look(self, name: str, *, title: str = "") -> None:
        """Arrive at a page: its title, nothing for axe to find, and a picture if wanted."""
        self.seen.append(name)
        if WANTED:
            picture = self.folder / f"{len(self.seen):02d}-{name}.png"
            self.page.screenshot(path=picture, full_page=True)
        page = self._copy() if self.eye else self.page
        found = axe(page)
        assert found == [], f"{name}: {found}"
        assert page.evaluate(FITS), f"{name} is wider than the screen"
        assert self.page.title().endswith("Hate crime casework"), self.page.title()
        if title:
            assert title in self.page.title()

    def _copy(self) -> Any:
        """What the page shows now, in a page in which axe can run, none of ours in it."""
        address, body = self.page.url, SCRIPTS.sub("", self.page.content())
        self.eye.unroute_all()
        self.eye.route(
            address.split("#")[0],
            lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"),
        )
        self.eye.goto("about:blank")
        self.eye.goto(address)
        return self.eye

    def reads(self, words: str, *, within: str = "main") -> None:
        """The words stand on the page."""
        self.page.locator(within).get_by_text(words).first.wait_for()

    def refused(self) -> None:
        """The page came back with something to mend; its title may be a moment in coming."""
        expect(self.page).to_have_title(ERROR)

    def text(self) -> str:
        return str(self.page.locator("main").inner_text())

    # What the hand does

    def follow(self, words: str, *, first: bool = False) -> None:
        """Click the link with these words (unseen ones may follow), and wait for its page."""
        name = re.compile(rf"^{re.escape(words)}(?=$|\W)")
        link = self.page.get_by_role("link", name=name)
        self.arrive(link.first if first else link)
        self.used.add(words)

    def arrive(self, control: Any) -> None:
        """Click, and wait for the page it leads to.

        What is clicked may stand on a page that is still to come: that one has come first, or
        its coming would be taken for where the click led.
        """
        control.wait_for()
        self.page.wait_for_load_state("load")
        with self.page.expect_navigation(wait_until="load"):
            control.click()

    def press(self, words: str, *, first: bool = False) -> None:
        """Press the button with these words (a door's name is its first words)."""
        button = self.page.get_by_role("button", name=re.compile(rf"^{re.escape(words)}"))
        (button.first if first else button).click()
        self.used.add(words)

    def go(self, words: str) -> None:
        """Press the button, or the link that looks like one, and wait for its page."""
        self.arrive(self.page.get_by_role("button", name=re.compile(rf"^{re.escape(words)}")))
        self.used.add(words)

    def group(self, legend: str) -> Any:
        """The choices under a legend."""
        return self.page.get_by_role("group", name=re.compile(rf"^{re.escape(legend)}")).first

    def part(self, name: str) -> Any:
        """A numbered part of the call sheet."""
        return self.page.get_by_role("region", name=re.compile(rf"^[0-9]+ {re.escape(name)}"))

    def tick(self, option: str, *, part: str) -> None:
        """Choose in a part of the call sheet, whatever its legend says just now."""
        self.part(part).get_by_label(re.compile(rf"^{re.escape(option)}")).first.check()
        self.used.add(option)

    def reach(self, way: str, answer: str) -> None:
        """One line of a grid: Ring, Safe."""
        row = self.page.get_by_role("radiogroup", name=way, exact=True).first
        row.get_by_role("radio", name=answer, exact=True).check()
        self.used.update({way, answer})

    def choose(self, legend: str, *options: str) -> None:
        """Choose under a legend: radios or checkboxes, whatever stands there."""
        group = self.group(legend)
        for option in options:
            name = re.compile(rf"^{re.escape(option)}")
            either = group.get_by_role("radio", name=name).or_(
                group.get_by_role("checkbox", name=name)
            )
            either.first.check()
            self.used.update({legend, option})

    def write(self, label: str, words: str, *, first: bool = True) -> None:
        """Write in the box with this label."""
        box = self.page.get_by_label(re.compile(rf"^{re.escape(label)}"))
        (box.first if first else box.last).fill(words)
        self.used.add(label)

    def open(self, summary: str) -> None:
        """Unfold what is folded."""
        self.page.locator("summary", has_text=summary).first.click()
        self.used.add(summary)

    # Coming and going

    def sign_in(self, who: Role | str) -> None:
        """From the front page, by the form."""
        self.page.goto(self.site.url + "/")
        email = self.site.emails[who] if isinstance(who, Role) else who
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password", exact=True).fill(self.site.password)
        self.go("Sign in")
        self.page.get_by_role("heading", level=1).first.wait_for()

    def sign_out(self) -> None:
        """By the menu."""
        self.go("Sign out")


def person(
    browser: Any, site: Site, name: str, *, narrow: bool = False, script: bool = True
) -> Walk:
    """A fresh person at a computer of their own, or with a phone; pictures under ``name``."""
    size = NARROW if narrow else WIDE
    page = browser.page(java_script_enabled=script)
    page.set_viewport_size(size)
    eye = None
    if not script:
        eye = browser.page()
        eye.set_viewport_size(size)
    return Walk(page, site, name, eye)
