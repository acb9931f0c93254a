"""docs/tutorial/your-first-report.md, followed to its end by what the screen offers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cases.access import Role
from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import Case
from tests.browsing import ROOT, Site
from tests.journeys.walking import Walk, person

pytestmark = pytest.mark.browser

TUTORIAL = ROOT / "docs" / "tutorial" / "your-first-report.md"


def bold() -> set[str]:
    """What the tutorial puts in bold: what its reader looks for on the screen."""
    return {
        " ".join(words.split())
        for words in re.findall(r"\*\*(.+?)\*\*", TUTORIAL.read_text(), re.S)
    }


def take_from_the_victim(walk: Walk, script: bool = True) -> None:
    """Part 1 of the tutorial, from "Your work" to the triage result."""
    walk.reads("Your work")
    walk.look("your-work")
    walk.press("Take a report")
    walk.look("whose-story")
    walk.press("It happened to the caller")
    walk.reads("Safe where they are")
    walk.look("call-sheet")
    walk.choose("Safe where they are", "Yes")
    walk.write("What to call them", "Amina")
    walk.choose("If we are cut off", "Text first")
    for way, answer in (
        ("Ring", "Safe"),
        ("Text", "Safe"),
        ("Post", "Not safe"),
        ("Voicemail", "Not safe"),
    ):
        walk.reach(way, answer)
    walk.choose("Which to try first", "Text")
    walk.write("Say we are", "Sam")
    walk.choose("Adjustments", "Nothing needed")
    if not script:
        walk.press("Save")
    walk.write("Phone to use", "07700 900321")
    walk.write("Find Amina in our records", "Amina Diallo")
    walk.press("Search")
    walk.tick("None of these: add a new person", part="Who is calling")
    if not script:
        walk.press("Save")
    walk.write("Full name", "Amina Diallo")
    walk.write(
        "Their words",
        "The man next door shouts about my skin every time I go out. "
        "Yesterday he spat at the pram.",
    )
    walk.choose("How exact", "About")
    walk.choose("Where", "Outside the block")
    walk.choose("What kind", "Verbal abuse or insults", "Spitting")
    walk.choose("Amina thinks so", "Yes")
    walk.write("In their words", "It is because I am Black.")
    walk.choose("What it was about", "Race")
    if not script:
        walk.press("Save")
    walk.choose("Race: how is it linked?", "They are")
    walk.choose("Your own view", "Not sure")
    walk.choose("People harmed", "Amina")
    walk.choose("Children", "Saw or heard it")
    walk.choose("Who they are to Amina", "Next-door neighbour")
    walk.choose("Before", "No")
    walk.reach("Police", "No")
    walk.reach("Support service", "Yes")
    walk.choose("Read back", "Amina agreed it")
    if not script:
        walk.press("Save")
    needed = walk.page.locator("[data-needed-total]:visible")
    needed.filter(has_text=re.compile(r"^0$")).first.wait_for()
    walk.look("call-sheet-filled")
    walk.press("Send to triage")


def read_the_result(walk: Walk) -> str:
    """The triage result of Amina's report; returns the reference to read out."""
    walk.reads("This is a hate crime case")
    walk.reads("Amina thinks hate was part of it")
    walk.reads("Safeguarding")
    walk.reads("Every route, and why")
    walk.reads("Nothing will come by post. Nobody will leave a voicemail.")
    walk.look("triage-result", title="triage result")
    return str(walk.page.locator(".app-reference").inner_text()).strip()


def take_from_a_third_party(walk: Walk) -> None:
    """Part 3 of the tutorial, to the result."""
    walk.press("The caller saw it or knows about it")
    walk.choose("Safe where they are", "Yes")
    walk.write("What to call them", "Cass")
    walk.reach("Ring", "Safe")
    walk.choose("Adjustments", "Nothing needed")
    walk.write("Phone to use", "07700 900654")
    walk.choose("How the caller knows", "Witness")
    walk.tick("None of these: add a new person", part="Who is calling")
    walk.write("Full name", "Cass Whitlow")
    walk.choose("Keep their name apart", "Yes, tell nobody")
    walk.write(
        "Their words",
        "They mock the man in the wheelchair in the lift every evening. I saw it three times.",
    )
    walk.choose("Where", "Inside the block")
    walk.choose("What kind", "Harassment")
    walk.choose("Cass thinks so", "Yes")
    walk.choose("What it was about", "Disability")
    walk.choose("Your own view", "Yes, I think so")
    walk.write(
        "Who they are, as far as the caller knows", "A man who uses a wheelchair, third floor"
    )
    walk.choose("They know", "No")
    walk.choose("Would speak to us again", "Yes")
    walk.look("third-party-sheet")
    walk.press("Send to triage")
    walk.reads("This is a hate crime case")
    walk.look("third-party-result")
    assert "Cass Whitlow" not in walk.page.title()


def open_the_third_partys_case(walk: Walk) -> None:
    walk.follow("Open the case")
    walk.look("do-you-know-anyone")
    walk.press("No, I know nobody here")
    walk.reads("Victim, not identified yet")
    assert "Cass" not in walk.text()
    walk.reads("Third party")
    walk.look("third-party-case")
    walk.sign_out()


def name_a_lead(walk: Walk, reference: str) -> None:
    """Part 4, as the manager."""
    walk.sign_in(Role.CASE_MANAGER)
    walk.arrive(walk.page.get_by_role("link", name="Not yet allocated").first)
    walk.reads(reference)
    walk.look("not-yet-allocated")
    open_from_the_queue(walk, reference)
    walk.press("No, I know nobody here")
    walk.look("case-of-the-manager")
    walk.follow("Name or change the lead officer")
    walk.choose("Lead officer", "Dawn Mistry")
    walk.write("What should they know first?", "Text first. She will ring back.")
    walk.look("name-a-lead")
    walk.press("Name them")
    walk.reads("Who has looked")
    walk.reads("Dawn Mistry")
    walk.sign_out()


def open_from_the_queue(walk: Walk, reference: str) -> None:
    """Open the person's name in the row with this reference."""
    row = walk.page.get_by_role("row").filter(has_text=reference)
    walk.arrive(row.get_by_role("link", name="Amina Diallo"))


def make_contact(walk: Walk, reference: str) -> None:
    """Part 5, as the officer, to the clock that is met."""
    walk.sign_in(Role.HOUSING_OFFICER)
    walk.reads("My work")
    walk.look("my-work")
    open_from_the_queue(walk, reference)
    walk.press("No, I know nobody here")
    for words in ("Text first", "No post", "No voicemail"):
        walk.reads(words)
    walk.look("case-of-the-officer")
    walk.follow("Make first contact with Amina")
    walk.look("log-a-contact")
    walk.choose("What was it?", "We spoke or wrote to each other")
    walk.choose("How?", "Text")
    walk.write("What was said or done", "She is safe today. We talk again tomorrow at ten.")
    walk.press("Save the contact")
    walk.reads("Who has looked")
    walk.look("clock-met")
    assert re.search(r"Done at [^\n]+\s+First contact", walk.text())
    for name in ("Joanne Pike", "Sunita Bhatt"):
        assert name in walk.text()


def met(site: Site, reference: str) -> bool:
    """Whether the database agrees that first contact was made in time."""
    with site.in_process():
        clock = Case.objects.get(reference=reference).clocks.get(kind=ClockKind.FIRST_CONTACT)
        return clock.state == ClockState.MET and clock.met_at <= clock.due_at


READ_BY_THE_TEST = {
    "Your work", "Still needed", "Nothing.", "This is a hate crime case", "First contact", "Done",
    "Amina thinks hate was part of it", "Every route, and why", "Victim, not identified yet",
    "Third party", "Not yet allocated", "Amina Diallo", "My work", "Text first", "No post",
    "No voicemail", "Who has looked", "Email", "Password", "bold",
}  # fmt: skip


def test_the_tutorial_can_be_followed_to_its_end(browser: Any, trained_site: Site) -> None:
    with person(browser, trained_site, "tutorial-1280") as walk:
        walk.page.goto(trained_site.url + "/")
        walk.look("sign-in")
        walk.sign_in(Role.CALL_HANDLER)
        take_from_the_victim(walk)
        reference = read_the_result(walk)
        walk.go("Call finished")
        take_from_a_third_party(walk)
        open_the_third_partys_case(walk)
        name_a_lead(walk, reference)
        make_contact(walk, reference)
    assert met(trained_site, reference)
    assert bold() - READ_BY_THE_TEST - walk.used == set()


def test_the_first_report_on_a_phone_without_script(browser: Any, trained_site: Site) -> None:
    with person(browser, trained_site, "tutorial-390", narrow=True, script=False) as walk:
        walk.sign_in(Role.CALL_HANDLER)
        take_from_the_victim(walk, script=False)
        reference = read_the_result(walk)
        walk.go("Call finished")
        walk.sign_out()
        name_a_lead(walk, reference)
        make_contact(walk, reference)
    assert met(trained_site, reference)
