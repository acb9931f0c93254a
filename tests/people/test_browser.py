"""The people pages in a real browser: both widths, error states too, nothing for axe to say."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.access import Role
from cases.people import operations
from cases.staff.models import User
from tests.browsing import NARROW, WIDE, axe, sign_in
from tests.world import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(scope="module")
def somebody(live_site: Any) -> str:
    """Amara's reference, with a household, a tenancy, safe contact and an adjustment."""
    with live_site.in_process():
        user = User.objects.get(email=live_site.emails[Role.HOUSING_OFFICER])
        by = user.actor(NOW)
        doing = {"by": by, "at": NOW}
        home = operations.add_property(
            **doing, address="14 Larkfield Court", town="Wellby", postcode="NN99 4QT"
        )
        born = date(1985, 4, 3)
        amara = operations.add_person(
            **doing,
            full_name="Amara Osei",
            known_as="Amara",
            date_of_birth=born,
            phone="07700 900412",
            email="amara@example.org",
            home=home,
        )
        kofi = operations.add_person(**doing, full_name="Kofi Osei", home=home)
        household = operations.add_household(**doing, home=home)
        for person, relation in ((amara, "TENANT"), (kofi, "CHILD")):
            operations.add_household_member(
                **doing,
                household=household,
                person=person,
                moved_in=date(2019, 1, 7),
                relation=relation,
            )
        operations.add_tenancy(
            **doing,
            reference="T-0012345",
            home=home,
            holder=amara,
            tenure="ASSURED",
            starts=date(2019, 1, 7),
        )
        operations.set_safe_contact(
            **doing,
            person=amara,
            text="SAFE",
            ring="SAFE",
            post="NOT_SAFE",
            voicemail="NOT_SAFE",
            first_choice="text",
            safe_times="9:30am to 3pm",
            say_we_are="Sam",
            who_could_find_out="A neighbour takes post from a shared shelf.",
        )
        operations.add_adjustment(
            **doing, person=amara, kind="INTERPRETER", need="Interpreter: Twi"
        )
        operations.change_person(
            **doing, person=amara, phone="07700 900999", safe="SAFE", told_by="THEMSELVES"
        )
        return amara.reference


PAGES = {
    "find": "/people/",
    "add": "/people/add/",
    "my-links": "/people/i-know/",
    "add-property": "/homes/add/",
    "person": "/people/{}/",
    "history": "/people/{}/history/",
    "change": "/people/{}/change/",
    "change-contact": "/people/{}/contact-details/",
    "safe-contact": "/people/{}/safe-contact/",
    "adjustments": "/people/{}/adjustments/",
    "household": "/people/{}/household/",
    "move-in": "/people/{}/household/move-in/",
    "add-member": "/people/{}/household/add/",
    "add-tenancy": "/people/{}/tenancy/add/",
}
PRESS = {
    "add": "Add this person",
    "my-links": "Tell us about this person",
    "add-property": "Add this address",
    "change-contact": "Save",
    "adjustments": "Save",
    "move-in": "Save",
    "add-member": "Save",
    "add-tenancy": "Save",
}


def picture(page: Any, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def fits(page: Any) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["1280", "390"])
def test_every_page_is_clean_for_axe_at_both_widths_in_error_too(
    browser, live_site, somebody, width
):
    page = browser.page()
    page.set_viewport_size(width)
    sign_in(page, live_site, Role.HOUSING_OFFICER)
    for name, path in PAGES.items():
        page.goto(live_site.url + path.format(somebody))
        assert page.title().endswith(" - Hate crime casework"), name
        assert "Amara" not in page.title()
        assert axe(page) == [], name
        assert fits(page), name
        picture(page, f"{name}-{width['width']}")
        if name in PRESS:
            page.get_by_role("button", name=PRESS[name], exact=True).first.click()
            expect(page).to_have_title(re.compile("^Error: "))
            assert axe(page) == [], name
            assert fits(page), name
            picture(page, f"{name}-error-{width['width']}")


def test_somebody_is_found_shown_and_uncovered(browser, live_site, somebody):
    page = browser.page()
    sign_in(page, live_site, Role.HOUSING_OFFICER)
    page.goto(live_site.url + "/people/")
    page.get_by_label("Find a person").fill("ama osay nn99 4qt")
    page.get_by_role("button", name="Search").click()
    assert page.url == live_site.url + "/people/"
    assert axe(page) == []
    picture(page, "found-1280")
    page.get_by_role("link", name="Amara Osei").click()
    expect(page.get_by_text("Text first").first).to_be_visible()
    assert "900999" not in page.content()
    page.get_by_role("button", name="Show contact details").click()
    expect(page.get_by_text("07700 900999")).to_be_visible()
    assert axe(page) == []
    picture(page, "shown-1280")
    page.get_by_role("link", name="How this record has changed").click()
    assert "900412" not in page.content()
    page.get_by_role("button", name="Show contact details as they were").click()
    expect(page.get_by_text("07700 900412").first).to_be_visible()
    assert axe(page) == []
    picture(page, "history-shown-1280")


def test_somebody_already_here_is_offered_before_another_is_added(browser, live_site, somebody):
    page = browser.context(java_script_enabled=False).new_page()
    sign_in(page, live_site, Role.CALL_HANDLER)
    page.goto(live_site.url + "/people/add/")
    page.get_by_label("Full name").fill("Amarah Ossei")
    page.get_by_label("Phone number").fill("07700 900999")
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("heading", name="Already here?")).to_be_visible()
    picture(page, "already-1280")
    expect(page.get_by_label("Phone number")).to_have_value("07700 900999")
    page.get_by_label("Amara Osei, tenant, 14 Larkfield Court, Wellby").check()
    page.get_by_role("button", name="Add this person").click()
    assert somebody in page.url
