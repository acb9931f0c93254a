"""S09 and S10 of domain section 9 in a browser, and the sister's case that is not the reader's.

The earlier reports are months old, so they are told by the operations; the pages are read as the
officer reads them, at both widths, by keyboard and without JavaScript.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.access import Role
from cases.calendar import add_months, london_date
from cases.casework.choices import Access
from cases.casework.models import Case
from cases.casework.operations import give_access
from cases.repeats import words
from cases.staff.models import User
from tests.browsing import NARROW, WIDE, Site
from tests.journeys.keys import press_on, stops, tab_to
from tests.journeys.walking import Walk, person
from tests.repeats.telling import Telling, moment

pytestmark = pytest.mark.browser


def telling_on(site: Site, world: Any) -> Telling:
    officer = User.objects.get(email=site.emails[Role.HOUSING_OFFICER])
    manager = User.objects.get(email=site.emails[Role.CASE_MANAGER])
    return Telling(world, officer, manager)


def days() -> tuple[date, date]:
    """Yesterday, and the day whose twelve months end yesterday."""
    last = london_date(timezone.now()) - timedelta(days=1)
    first = add_months(last, -12)
    while add_months(first, 12) < last:
        first += timedelta(days=1)
    return first, last


def open_as_officer(walk: Walk, case: Case, site: Site) -> None:
    walk.sign_in(Role.HOUSING_OFFICER)
    walk.page.goto(f"{site.url}/cases/{case.reference}/")
    nobody = walk.page.get_by_role("button", name="No, I know nobody here")
    if nobody.count():
        walk.arrive(nobody)


def see_why(walk: Walk, name: str) -> str:
    """The page of the explanation at both widths, axe clean at each."""
    walk.follow("See why")
    walk.page.set_viewport_size(NARROW)
    walk.look(f"{name}-narrow")
    expect(walk.page.locator(".app-timepic--down")).to_be_visible()
    expect(walk.page.locator(".app-timepic--across")).not_to_be_visible()
    walk.page.set_viewport_size(WIDE)
    walk.look(name, title="repeat")
    return walk.text()


def test_s09_a_repeat_on_the_anniversary(browser: Any, live_site: Site) -> None:
    first, last = days()
    with live_site.in_process() as world:
        telling = telling_on(live_site, world)
        kay = telling.person("Kay Lindqvist", known_as="Kay")
        before = (first - timedelta(days=2)).isoformat()
        telling.incident(kay, first.isoformat(), before)
        case = telling.incident(kay, last.isoformat()).case
        assert case is not None
    with person(browser, live_site, "s09") as walk:
        open_as_officer(walk, case, live_site)
        walk.reads("Second incident")
        walk.look("banner")
        text = see_why(walk, "repeat")
        assert "Why this is a repeat" in text
        assert f"up to and including {words.day(last)}" in text
        assert "Risk is never below Medium, and question 15 is filled in" in text
        said = walk.page.locator(".app-timepic--across desc").text_content()
        assert said.strip().endswith("a repeat.")
        walk.follow("Tell the case manager that this is not the first time")
        walk.look("told")


def a_repeat(site: Site, name: str) -> Case:
    """Somebody harmed twice, ten months apart."""
    first, last = days()
    with site.in_process() as world:
        telling = telling_on(site, world)
        somebody = telling.person(name, known_as=name.split()[0])
        telling.incident(somebody, (first + timedelta(days=60)).isoformat())
        case = telling.incident(somebody, last.isoformat()).case
        assert case is not None
        return case


def test_the_explanation_is_walked_by_keyboard(browser: Any, live_site: Site) -> None:
    case = a_repeat(live_site, "Nia Solberg")
    with person(browser, live_site, "why-keys") as walk:
        open_as_officer(walk, case, live_site)
        press_on(walk.page, "See why")
        walk.reads("Why this is a repeat")
        seen = walk.page.locator("main a:visible, main summary:visible").all_inner_texts()
        assert stops(walk.page) == [words.strip() for words in seen]  # all, in the order seen
        tab_to(walk.page, "The same in words")
        walk.page.keyboard.press("Enter")
        expect(walk.page.locator(".app-repeat__table")).not_to_be_visible()
        walk.page.keyboard.press("Enter")
        expect(walk.page.locator(".app-repeat__table")).to_be_visible()
        press_on(walk.page, "Correct a date")
        assert "Nia" in walk.text()


@pytest.mark.parametrize("narrow", [False, True], ids=["1280", "390"])
def test_the_explanation_without_script(browser: Any, live_site: Site, narrow: bool) -> None:
    case = a_repeat(live_site, "Ola Narrow" if narrow else "Ola Wide")
    with person(browser, live_site, f"why-plain-{narrow}", narrow=narrow, script=False) as walk:
        open_as_officer(walk, case, live_site)
        walk.follow("See why")
        walk.look("why", title="repeat")
        for words_there in ("Second incident", "The same in words", "Is something wrong?"):
            walk.reads(words_there)
        expect(walk.page.locator(".app-repeat__table")).to_be_visible()
        walk.open("The same in words")
        expect(walk.page.locator(".app-repeat__table")).not_to_be_visible()
        walk.follow("How this has changed")
        assert "Became a repeat." in walk.text()


def test_s10_the_day_after_is_a_pattern(browser: Any, live_site: Site) -> None:
    first, last = days()
    with live_site.in_process() as world:
        telling = telling_on(live_site, world)
        lee = telling.person("Lee Park", known_as="Lee")
        telling.incident(lee, (first - timedelta(days=1)).isoformat())
        case = telling.incident(lee, last.isoformat(), types=["THREAT"]).case
        assert case is not None
    with person(browser, live_site, "s10") as walk:
        open_as_officer(walk, case, live_site)
        walk.reads("Pattern")
        text = see_why(walk, "pattern")
        ended = last - timedelta(days=1)
        assert f"The 12 months ended on {words.day(ended)}, one day before." in text.replace(
            " (" + reference_in(text) + ")", ""
        )
        assert words.SAME_HANDLING in text


def reference_in(text: str) -> str:
    """The first case reference in the sentence, of the earlier case."""
    return next(word.strip("(),") for word in text.split() if word.startswith("(HC-"))


def test_the_case_of_a_sister_that_is_not_yours(browser: Any, live_site: Site) -> None:
    first, last = days()
    with live_site.in_process() as world:
        telling = telling_on(live_site, world)
        amara = telling.person("Amara Asante", known_as="Amara", pronouns="she/her")
        efua = telling.person("Efua Asante", pronouns="she/her")
        telling.family(amara, efua, "SIBLING")
        earlier = telling.incident(efua, (first + timedelta(days=60)).isoformat()).case
        case = telling.incident(amara, last.isoformat()).case
        assert case is not None
        assert earlier is not None
        reader = User.objects.get(email=live_site.emails[Role.SAFEGUARDING_LEAD])
        give_access(by=telling.boss, at=moment(last), case=case, user=reader, why=Access.REFERRED)
    with person(browser, live_site, "sister") as walk:
        walk.sign_in(Role.SAFEGUARDING_LEAD)
        walk.page.goto(f"{live_site.url}/cases/{case.reference}/repeat/")
        walk.press("No, I know nobody here")
        walk.look("not-yours")
        text = walk.text()
        assert "Second incident in the family" in text
        assert "In a case you may not open" in text
        assert "Amara may not know that her sister told us." in text
        assert earlier.reference not in walk.page.content()
        assert "Efua" not in walk.page.content()
