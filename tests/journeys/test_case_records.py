"""Police and crime, impact, statements, HR, the company: recorded and read in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from cases.access import Role
from cases.casework import operations as do
from cases.people.models import Entity
from tests.browsing import NARROW, WIDE, Site, sign_in
from tests.casework.story import Story
from tests.journeys.test_case import arrive, told
from tests.journeys.walking import Walk
from tests.world import PASSWORD, by_hand

__all__ = ["told"]
pytestmark = pytest.mark.browser

NOTHING_CHANGES = "Whatever the police decide, we go on helping and the case counts just the same."


def companies(site: Site) -> None:
    with site.in_process(), by_hand():
        for code, name in (("AMPLIUS", "Amplius Living"), ("LONGHURST", "Longhurst Group")):
            Entity.objects.get_or_create(code=code, defaults={"name": name})


def day(walk: Walk, legend: str) -> None:
    """Type a day that has been."""
    group = walk.group(legend)
    for part, typed in (("Day", "2"), ("Month", "March"), ("Year", "2026")):
        group.get_by_label(part, exact=True).fill(typed)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_an_officer_records_what_was_decided_and_how_it_hurts(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    with live_site.in_process():
        do.change_involvement(
            by=told.lead,
            at=told.at(hours=1),
            involvement=told.respondent,
            relationship="LANDLORD_COLLEAGUE",
        )
    page = browser.page()
    page.set_viewport_size(size)
    arrive(page, live_site, told, told.officer)
    with Walk(page, live_site, f"records-{size['width']}") as walk:
        _crime(walk)
        _impact(walk)
        _people(walk)
        walk.look("case with its records")


def _crime(walk: Walk) -> None:
    page = walk.page
    walk.reads("Not assessed.")
    walk.follow("Police and crime")
    walk.reads(NOTHING_CHANGES)
    page.get_by_label("The police recorded a crime").check()
    page.get_by_label("Who decided?").fill("PC Hale, Wellby police")
    day(walk, "When?")
    walk.press("Keep this")
    walk.refused()
    walk.look("a crime without its reference")
    page.get_by_label("Police crime reference").fill("35/12345/26")
    walk.press("Keep this")
    walk.reads("It is kept. Nothing about the case changes.", within="body")
    walk.follow("Police and crime")
    page.get_by_label("The police take no further action").check()
    page.get_by_label("Who decided?").fill("Wellby police")
    day(walk, "When?")
    walk.look("police and crime")
    walk.press("Keep this")
    walk.reads("The police take no further action.")
    walk.reads("Before that")
    walk.reads("Decided by PC Hale, Wellby police on Monday 2 March 2026.")
    walk.reads(NOTHING_CHANGES)


def _impact(walk: Walk) -> None:
    page = walk.page
    walk.follow("How it has affected people")
    page.get_by_label("Afraid or unwell, needed help").check()
    page.get_by_label("In their own words").fill("I do not sleep.")
    page.get_by_label("Several households").check()
    page.get_by_label("No longer secure").check()
    walk.look("impact")
    walk.press("Save")
    walk.reads("“I do not sleep.”")
    walk.reads("Several households.")


def _people(walk: Walk) -> None:
    page = walk.page
    walk.follow("Record a statement or special measures", first=True)
    page.get_by_label("Statement taken").check()
    day(walk, "When?")
    page.get_by_label("Who took the statement").fill("PC Hale")
    walk.look("a statement")
    walk.press("Keep this")
    walk.reads("Statement taken by PC Hale on Monday 2 March 2026.")
    walk.follow("Record a referral to HR")
    assert page.get_by_label("What else to know").count() == 0
    day(walk, "When?")
    walk.look("HR")
    walk.press("Keep this")
    walk.reads("Referred to HR on Monday 2 March 2026.")


def test_a_manager_places_the_case_and_filters_by_company(
    browser: Any, live_site: Site, told: Story
) -> None:
    companies(live_site)
    page = browser.page()
    arrive(page, live_site, told, told.manager)
    with Walk(page, live_site, "company") as walk:
        walk.reads("Company: not known yet")
        walk.follow("Change which company it belongs to")
        page.get_by_label("Longhurst Group").check()
        page.get_by_label("Why does it change?").fill("The block was theirs.")
        walk.look("company")
        walk.press("Save")
        walk.reads("Company: Longhurst Group.")
        page.goto(f"{live_site.url}/?view=team&company=AMPLIUS")
        assert told.case.reference not in walk.text()
        walk.reads("Company: Amplius Living")
        walk.look("queue of another company")
        page.goto(f"{live_site.url}/?view=team&company=LONGHURST")
        walk.reads(told.case.reference)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_an_administrator_limits_somebody_and_checks_the_words(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    companies(live_site)
    with live_site.in_process() as world:
        email = f"iain{size['width']}@amplius.example"
        world.user(Role.SYSADMIN, name="Iain Mackie", email=email, password=PASSWORD)
    page = browser.page()
    page.set_viewport_size(size)
    sign_in(page, live_site, email)
    with Walk(page, live_site, f"limits-{size['width']}") as walk:
        page.goto(f"{live_site.url}/users/{told.manager.pk}/")
        walk.look("a user")
        walk.follow("Limit the companies they work for")
        page.get_by_label("Amplius Living").check()
        walk.look("companies of a user")
        page.get_by_label("Why?").fill("Her patch.")
        walk.press("Save")
        walk.reads("Only 1 of them")
        page.goto(f"{live_site.url}/settings/")
        walk.look("settings")
        walk.follow("What to do when a caller to 999 cannot speak")
        walk.look("words")
        walk.follow("I have checked them")
        day(walk, "When did you check it?")
        walk.look("check the words")
        walk.press("Keep them")
        walk.reads("Last checked 2 March 2026.")
        walk.look("words that are stale")
        walk.reads("Check them again.")
