"""S07, then S08, then another night (domain 9): one incident told twice, and a repeat by two.

Gita, Rob and Tali are in our records, as the housing system brings them in; the rest is what the
screen offers, with script and without.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.access import Role
from cases.casework.choices import Stage
from cases.casework.models import Case
from cases.people.choices import MemberRelation
from tests.browsing import NARROW, WIDE, Site
from tests.journeys.keys import press_on, stop, tab_to
from tests.journeys.telling import OTHER_DOOR, VICTIM_DOOR, open_case, report_reference
from tests.journeys.test_repeats import telling_on
from tests.journeys.walking import Walk, person

pytestmark = pytest.mark.browser


def at_home(site: Site, family: str) -> None:
    """Gita, her partner and her daughter, at one door."""
    with site.in_process() as world:
        telling = telling_on(site, world)
        household = telling.household(telling.home(f"31 {family} House"))
        gita = telling.person(f"Gita {family}", known_as="Gita", pronouns="she/her")
        rob = telling.person(f"Rob {family}", date_of_birth=date(1981, 4, 4))
        tali = telling.person(f"Tali {family}", date_of_birth=date(2014, 7, 7))
        telling.lives(gita, household, relation=MemberRelation.TENANT)
        telling.lives(rob, household, relation=MemberRelation.PARTNER)
        telling.lives(tali, household, relation=MemberRelation.CHILD)


def found(walk: Walk, part: str, name: str) -> None:
    """Somebody we know already, searched for and chosen."""
    place = walk.part(part)
    place.get_by_label(re.compile("^Find .* in our records")).fill(name)
    walk.arrive(place.get_by_role("button", name="Search"))
    walk.tick(name, part=part)


def happened(walk: Walk, days_ago: int, *, known: bool) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    part = walk.part("What happened")
    part.get_by_label("Day").fill(str(day.day))
    part.get_by_label("Month").fill(str(day.month))
    part.get_by_label("Year").fill(str(day.year))
    walk.choose("How exact", "Exact" if known else "About")


def painted(walk: Walk, words: str, days_ago: int, *, known: bool = True) -> None:
    """What was painted on the door, when, and why they think so."""
    walk.write("Their words", words)
    kinds = walk.group("What kind")
    if not kinds.get_by_label("Offensive graffiti", exact=True).is_visible():
        kinds.locator("summary").click()
    walk.choose("What kind", "Offensive graffiti")
    happened(walk, days_ago, known=known)
    walk.choose("Where", "In the home")


def thinks_so(walk: Walk, name: str) -> None:
    walk.choose(f"{name} thinks so", "Yes")
    walk.choose("What it was about", "Religion")
    walk.choose("Your own view", "Yes, I think so")


def send(walk: Walk) -> str:
    walk.press("Send to triage")
    walk.page.wait_for_url("**/reports/R-*/**")
    return report_reference(walk)


def gita_rings(walk: Walk, family: str, words: str, days_ago: int) -> str:
    walk.press("Take a report")
    walk.press(VICTIM_DOOR)
    walk.write("What to call them", "Gita")
    found(walk, "Who is calling", f"Gita {family}")
    painted(walk, words, days_ago)
    thinks_so(walk, "Gita")
    return send(walk)


def jo_rings(walk: Walk, family: str) -> str:
    """The neighbour, who saw a car, does not want to be named, and would be a witness."""
    walk.press("Take a report")
    walk.press(OTHER_DOOR)
    walk.write("What to call them", "Jo")
    walk.tick("None of these: add a new person", part="Who is calling")
    if walk.eye:  # Without script the questions that follow come with the next save.
        walk.arrive(walk.page.get_by_role("button", name="Save", exact=True).first)
    walk.part("Who is calling").get_by_label("Full name").fill(f"Jo {family}-Tennant")
    painted(walk, "A grey car drove away from that door at half past three.", 1, known=False)
    thinks_so(walk, "Jo")
    walk.choose("How the caller knows", "Neighbour")
    walk.choose("Keep their name apart", "Yes, tell nobody")
    found(walk, "Who is harmed", f"Gita {family}")
    walk.choose("Would be a witness", "Yes")
    return send(walk)


def decide(walk: Walk, answer: str, why: str, *, keys: bool = False) -> None:
    """From a case to both accounts side by side, and what they are; by ``keys`` alone."""
    walk.follow("Compare the accounts", first=True)
    if keys:
        by_keyboard(walk, answer, why)
        return
    walk.follow("Read both accounts and decide", first=True)
    walk.page.set_viewport_size(NARROW)
    walk.look("side-by-side-narrow")
    walk.page.set_viewport_size(WIDE)
    walk.look("side-by-side")
    walk.choose("Are these of the same incident?", answer)
    walk.write("Why?", why)
    walk.press("Keep this decision")
    walk.reads("Decided by")
    walk.look("decided")


def by_keyboard(walk: Walk, answer: str, why: str) -> None:
    """The same with Tab, arrows, letters and Enter."""
    keyboard = walk.page.keyboard
    press_on(walk.page, "Read both accounts and decide")
    walk.reads("One incident, or two?")
    tab_to(walk.page, "Yes, one incident told twice")
    keyboard.press("ArrowDown")  # one stop for the question; arrows choose
    assert stop(walk.page).startswith(answer)
    tab_to(walk.page, "Why?")
    keyboard.type(why)
    press_on(walk.page, "Keep this decision")
    walk.reads("Decided by")


def to_work(walk: Walk) -> None:
    """A call is over: back to one's work."""
    if walk.page.get_by_role("button", name="Call finished").count():
        walk.press("Call finished")
    walk.page.get_by_role("link", name="Your work").first.wait_for()
    walk.follow("Your work", first=True)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_one_incident_told_twice_and_then_a_repeat(
    browser: Any, live_site: Site, script: bool
) -> None:
    family = "Abrams" if script else "Benaim"
    at_home(live_site, family)
    with person(browser, live_site, f"s07-{family.lower()}", script=script) as walk:
        walk.sign_in(Role.CASE_MANAGER)
        gita_rings(walk, family, "Symbols painted on our front door.", 1)
        walk.look("s07-result")
        open_case(walk)
        first_case = walk.page.url.split("/cases/")[1].strip("/")
        for name in (f"Gita {family}", f"Rob {family}", f"Tali {family}"):
            walk.reads(name)  # whoever lives there is harmed
        walk.reads("Photograph of the graffiti")
        walk.reads("Graffiti removed")
        assert "Second incident" not in walk.text()
        walk.look("s07-case")
        to_work(walk)

        jo_rings(walk, family)
        walk.look("s08-result")
        open_case(walk)
        joined = walk.page.url.split("/cases/")[1].strip("/")
        decide(walk, "Yes, one incident told twice", "The same night, door and paint.")
        assert f"Jo {family}" not in walk.text()
        walk.follow(f"Gita {family}, {first_case}")
        assert "Second incident" not in walk.text()  # one incident, told twice
        walk.look("s08-case")
        to_work(walk)

        gita_rings(walk, family, "They have painted the door again.", 0)
        open_case(walk)
        again = walk.page.url.split("/cases/")[1].strip("/")
        decide(
            walk, "No, two incidents", "Another day, and other paint over the first.", keys=script
        )
        walk.follow(f"Gita {family}, {again}")
        walk.reads("Second incident")
        walk.look("repeat-banner")
        walk.follow("See why")
        walk.reads("Why this is a repeat")
        assert first_case in walk.text()
        walk.page.set_viewport_size(NARROW)
        walk.look("why-narrow")
        walk.page.set_viewport_size(WIDE)
        walk.look("why")
    with live_site.in_process():
        kept = Case.objects.get(reference=first_case)
        assert Case.objects.get(reference=joined).stage == Stage.MERGED
        assert kept.incidents.filter(same_as=None).count() == 1
        repeat = Case.objects.get(reference=again).incidents.get().repeat
        assert (repeat.level, repeat.basis, repeat.number) == ("REPEAT", "PERSON", 2)
