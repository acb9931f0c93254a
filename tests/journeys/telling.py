"""Taking a short report in a browser, for walks that are about what comes after."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.walking import Walk

VICTIM_DOOR = "It happened to the caller"
OTHER_DOOR = "The caller saw it or knows about it"


def take(
    walk: Walk,
    *,
    name: str,
    words: str,
    kind: str,
    thinks: str,
    own: str,
    said: str = "",
    about: str = "",
    door: str = VICTIM_DOOR,
    more: Callable[[Walk], None] | None = None,
) -> None:
    """From "Your work" to the triage result: who, what, and why they think it happened."""
    first = name.split()[0]
    walk.press("Take a report")
    walk.press(door)
    walk.write("What to call them", first)
    walk.tick("None of these: add a new person", part="Who is calling")
    walk.part("Who is calling").get_by_label("Full name").fill(name)
    walk.write("Their words", words)
    kinds = walk.group("What kind")
    if not kinds.get_by_label(kind, exact=True).is_visible():
        kinds.locator("summary").click()
    walk.choose("What kind", kind)
    walk.choose(f"{first} thinks so", thinks)
    if said:
        walk.write("In their words", said)
    if about:
        walk.choose("What it was about", about)
    walk.choose("Your own view", own)
    if more:
        more(walk)
    walk.press("Send to triage")
    walk.page.wait_for_url("**/reports/R-*/**")


def reference(walk: Walk) -> str:
    """What is read out to the caller: the case's reference, or the report's."""
    return str(walk.page.locator(".app-reference").inner_text()).strip()


def report_reference(walk: Walk) -> str:
    """The report on the screen."""
    return str(walk.page.url.split("/reports/")[1].split("/")[0])


def open_case(walk: Walk) -> None:
    """Open the case from the result, knowing nobody in it."""
    walk.follow("Open the case")
    nobody = walk.page.get_by_role("button", name="No, I know nobody here")
    if nobody.count():
        walk.press("No, I know nobody here")
    walk.reads("Who has looked")
