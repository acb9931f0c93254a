"""S19 (age only, by keyboard alone) and S21 (the officer doubts it) of domain section 9."""

from __future__ import annotations

from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest

from cases.access import Role
from cases.casework.choices import Strand
from cases.casework.models import Case, PerceptionStrand
from tests.browsing import Site
from tests.journeys.telling import open_case, reference, take
from tests.journeys.walking import Walk, person
from tests.workflow.test_case_everybody import NEGATES, controls

pytestmark = pytest.mark.browser

ACTIVE = "document.activeElement"


def tab_to(walk: Walk, name: str, value: str = "") -> None:
    """Press Tab until the control of this name (and value), or with these words, has focus."""
    at = f"{ACTIVE}.name + '|' + ({ACTIVE}.value ?? '') + '|' + {ACTIVE}.innerText.trim()"
    for _ in range(250):
        walk.page.keyboard.press("Tab")
        called, holds, words = walk.page.evaluate(at).split("|", 2)
        if (called == name and value in ("", holds)) or words.startswith(name):
            return
    raise AssertionError(f"Tab never comes to {name}")


def type_in(walk: Walk, name: str, words: str) -> None:
    tab_to(walk, name)
    walk.page.keyboard.type(words)


def pick(walk: Walk, name: str, value: str) -> None:
    """Choose a radio as a keyboard does: Tab to its group, then the arrows or Space."""
    tab_to(walk, name)
    if walk.page.evaluate(f"{ACTIVE}.type") == "checkbox":
        while walk.page.evaluate(f"{ACTIVE}.value") != value:
            walk.page.keyboard.press("Tab")
        walk.page.keyboard.press("Space")
        return
    walk.page.keyboard.press("Space")
    while walk.page.evaluate(f"{ACTIVE}.value") != value:
        walk.page.keyboard.press("ArrowDown")


def enter(walk: Walk, words: str) -> None:
    """Tab to a button or link with these words and press Enter."""
    tab_to(walk, words)
    with walk.page.expect_navigation(wait_until="load"):
        walk.page.keyboard.press("Enter")


def test_s19_age_only_is_hate_and_is_taken_by_keyboard_alone(browser: Any, live_site: Site) -> None:
    with person(browser, live_site, "s19") as walk:
        walk.sign_in(Role.CALL_HANDLER)
        enter(walk, "Take a report")
        enter(walk, "It happened to the caller")
        pick(walk, "safe.now", "YES")
        type_in(walk, "safe.call_them", "Vera")
        pick(walk, "who.person", "new")
        type_in(walk, "who.full_name", "Vera Stannard")
        type_in(walk, "incident-1.words", "The youths say I am a burden and should die.")
        pick(walk, "incident-1.types", "VERBAL")
        pick(walk, "why.caller", "YES")
        type_in(walk, "why.caller_words", "It is because I am old.")
        pick(walk, "why.strands", "AGE")
        pick(walk, "why.others", "YES")
        type_in(walk, "why.others_who", "Her neighbour")
        pick(walk, "why.own", "NOT_SURE")
        enter(walk, "Send to triage")
        walk.page.wait_for_url("**/reports/R-*/**")
        walk.reads("This is a hate crime case")
        walk.look("result")
        told = reference(walk)
        enter(walk, "Open the case")
        enter(walk, "No, I know nobody here")
        walk.reads("Who has looked")
        walk.look("case")
        walk.reads("Age")
    with live_site.in_process():
        case = Case.objects.get(reference=told)
        strands = PerceptionStrand.objects.filter(perception__incident__case=case)
        assert set(strands.values_list("strand", flat=True)) == {Strand.AGE}
        assert case.priority == "EMERGENCY"


def pages_of(walk: Walk, told: str) -> dict[str, str]:
    """Every page of the case that its own links lead to, by address."""
    home = walk.page.url
    found: dict[str, str] = {}
    waiting = [urldefrag(home).url]
    while waiting:
        address = waiting.pop()
        if address in found or len(found) > 60:
            continue
        answer = walk.page.goto(address)
        assert answer.status < 400, address
        found[address] = walk.page.content()
        links = walk.page.locator("main a[href]").evaluate_all("all => all.map(a => a.href)")
        waiting += [urldefrag(urljoin(home, link)).url for link in links if told in link]
    return found


@pytest.fixture
def doubted(browser: Any, live_site: Site) -> str:
    """A case whose officer saw no sign of hate; its reference."""
    with person(browser, live_site, "s21") as walk:
        walk.sign_in(Role.CALL_HANDLER)
        take(
            walk,
            name="Xenia Marku",
            words="He keeps complaining to you about my cooking.",
            kind="Complaints made because of who somebody is",
            thinks="Yes",
            said="It is because I am from abroad.",
            about="Race",
            own="I saw no sign of it",
        )
        walk.reads("This is a hate crime case")
        walk.look("result")
        assert_nothing_negates({"the result": walk.page.content()})
        told = reference(walk)
        open_case(walk)
        assert_nothing_negates(pages_of(walk, told))
    return told


def test_s21_an_officer_who_doubts_it_finds_no_control_that_says_so(
    browser: Any, live_site: Site, doubted: str
) -> None:
    """Whoever else can open the case: every page that its links lead to (HC-23, HC-33)."""
    for role in (Role.CASE_MANAGER, Role.DIRECTOR_CO):
        with person(browser, live_site, f"s21-{role.value.lower()}") as walk:
            walk.sign_in(role)
            walk.follow("All I may see")
            row = walk.page.get_by_role("row").filter(has_text=doubted)
            while row.count() == 0:  # other journeys' cases stand before it
                walk.follow("Next page")
            walk.arrive(row.get_by_role("link", name="Xenia Marku"))
            walk.press("No, I know nobody here")
            walk.look("case")
            assert_nothing_negates(pages_of(walk, doubted))
    with live_site.in_process():
        case = Case.objects.get(reference=doubted)
        assert (case.priority, case.provisional) == ("EMERGENCY", False)


def assert_nothing_negates(pages: dict[str, str]) -> None:
    """No control on any of the pages could take a view away."""
    assert pages
    for address, page in pages.items():
        offered = [words for words in controls(page) if NEGATES.search(words)]
        assert offered == [], address
