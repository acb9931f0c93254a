"""Family, homes, imports and joining in a real browser: both widths, errors, no JavaScript."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.access import Role, job
from cases.casework.operations import add_involvement, open_case
from cases.people import operations
from cases.people.importing import import_files
from cases.policy.models import PolicyVersion
from cases.staff.models import User
from tests.browsing import NARROW, WIDE, axe, sign_in
from tests.world import NOW

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("PICTURES", "")
BAD = (
    "person_key,full_name,date_of_birth,phone\n"
    "P1,Ana Byrne,1980-01-01,07700 900321\nP2,,1980-01-01,\nP3,Jo Doyle,2001-02-30,\n"
    "P3b,Jo Doyle,,CALL ME\n"
)


def picture(page: Any, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@pytest.fixture(scope="module")
def known(live_site: Any, tmp_path_factory: Any) -> dict[str, Any]:
    """Amara, who is here twice, her daughter, her home, and a file with broken rows."""
    with live_site.in_process():
        user = User.objects.get(email=live_site.emails[Role.HOUSING_OFFICER])
        doing: dict[str, Any] = {"by": user.actor(NOW), "at": NOW}
        home = operations.add_property(
            **doing, address="14 Larkfield Court", town="Wellby", postcode="NN99 4QT", area="North"
        )
        born = {"date_of_birth": date(1985, 4, 3)}
        amara = operations.add_person(
            **doing, full_name="Amara Osei", pronouns="she/her", home=home, **born
        )
        twice = operations.add_person(
            **doing, full_name="Amarah Ossei", phone="07700 900999", **born
        )
        efua = operations.add_person(**doing, full_name="Efua Osei", pronouns="she/her")
        household = operations.add_household(**doing, home=home)
        operations.add_household_member(
            **doing, household=household, person=amara, moved_in=date(2019, 1, 7), relation="TENANT"
        )
        operations.add_tenancy(
            **doing,
            reference="T-77",
            home=home,
            holder=amara,
            tenure="ASSURED",
            starts=date(2019, 1, 7),
        )
        operations.set_safe_contact(**doing, person=amara, ring="SAFE", text="SAFE")
        operations.set_safe_contact(**doing, person=twice, ring="SAFE", post="NOT_SAFE")
        link = operations.add_family_link(**doing, person=amara, relative=efua, kind="CHILD")
        lodgers = operations.add_household(**doing, home=home)
        for name in ("Ren Whitlock", "Oluwaseun Featherstonehaugh-Adeyemi"):
            operations.add_household_member(
                **doing,
                household=lodgers,
                person=operations.add_person(**doing, full_name=name, home=home),
                moved_in=date(2024, 2, 1),
                relation="LODGER",
            )
        case = open_case(
            **doing,
            received_at=NOW,
            victim=amara,
            home=home,
            team=user.team,
            policy_version=PolicyVersion.objects.latest("pk"),
        )
        add_involvement(**doing, case=case, part="VICTIM", person=amara)
        third = operations.add_person(**doing, full_name="Amara Osey", **born)
        joined = operations.merge_people(**doing, survivor=amara, loser=third)
        path = tmp_path_factory.mktemp("import") / "people.csv"
        path.write_text(BAD, encoding="utf-8")
        place = household.memberships.get().pk
        [run] = import_files([path], by=job("import_people"), system="orchard")
    return {
        "amara": amara.reference,
        "twice": twice.reference,
        "efua": efua.reference,
        "third": third.reference,
        "home": home.pk,
        "link": link.pk,
        "place": place,
        "merge": joined.pk,
        "run": run.pk,
    }


OFFICERS = {
    "person": "/people/{amara}/",
    "family": "/people/{amara}/family/",
    "add-relative": "/people/{amara}/family/add/",
    "change-relative": "/people/{amara}/family/{link}/",
    "correct-member": "/people/{amara}/household/{place}/put-right/",
    "join": "/people/{amara}/join/{twice}/",
    "not-same": "/people/{amara}/join/{twice}/not-the-same/",
    "take-apart": "/people/{amara}/joined/{merge}/take-apart/",
    "duplicates": "/people/possible-duplicates/",
    "home": "/homes/{home}/",
}
MANAGERS = {"imports": "/people/imports/", "import": "/people/imports/{run}/"}
PRESS = {"add-relative": "Save", "join": "Join the two records"}


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["1280", "390"])
@pytest.mark.parametrize(
    ("role", "pages"),
    [(Role.HOUSING_OFFICER, OFFICERS), (Role.CASE_MANAGER, MANAGERS)],
    ids=["officer", "manager"],
)
def test_every_page_is_clean_for_axe_at_both_widths_in_error_too(
    browser, live_site, known, width, role, pages
):
    page = browser.page()
    page.set_viewport_size(width)
    sign_in(page, live_site, role)
    for name, path in pages.items():
        page.goto(live_site.url + path.format(**known))
        assert page.title().endswith(" - Hate crime casework"), name
        assert "Amara" not in page.title()
        assert axe(page) == [], name
        picture(page, f"{name}-{width['width']}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        if name in PRESS:
            page.get_by_role("button", name=PRESS[name], exact=True).first.click()
            expect(page).to_have_title(re.compile("^Error: "))
            assert axe(page) == [], name
            picture(page, f"{name}-error-{width['width']}")


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["1280", "390"])
def test_somebody_who_is_here_twice_is_looked_at_without_scripts(browser, live_site, known, width):
    """From the list of pairs to both records side by side, and the home with two households."""
    page = browser.context(java_script_enabled=False).new_page()
    page.set_viewport_size(width)
    sign_in(page, live_site, Role.HOUSING_OFFICER)
    page.goto(f"{live_site.url}/people/possible-duplicates/")
    names = f"{known['amara']} and {known['twice']}"
    expect(page.get_by_role("link", name=f"Not the same : {names}")).to_be_visible()
    picture(page, f"pairs-plain-{width['width']}")
    page.get_by_role("link", name=f"Look at both : {names}").click()
    expect(page.get_by_role("button", name="Join the two records")).to_be_visible()
    picture(page, f"join-plain-{width['width']}")
    page.goto(f"{live_site.url}/homes/{known['home']}/")
    for name in ("Amara Osei", "Ren Whitlock", "Oluwaseun Featherstonehaugh-Adeyemi"):
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    picture(page, f"home-plain-{width['width']}")


def test_a_relative_is_found_not_retyped_dated_and_taken_back(browser, live_site, known):
    """Without JavaScript, and by the keyboard alone once the form is filled."""
    page = browser.context(java_script_enabled=False).new_page()
    sign_in(page, live_site, Role.HOUSING_OFFICER)
    page.goto(f"{live_site.url}/people/{known['efua']}/family/add/")
    page.get_by_label("Their full name").fill("Kwame Osei")
    page.get_by_role("group", name="What are they to Efua Osei?").get_by_label(
        "Brother or sister", exact=True
    ).check()
    page.get_by_label("They told us themselves").check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Already here?")).to_be_visible()
    page.get_by_label("None of these: add a new person").check()
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    row = page.get_by_role("row").filter(has_text="Kwame Osei is her brother or sister")
    expect(row).to_be_visible()
    row.get_by_role("link", name="Change or end").click()
    page.get_by_text("Recorded by mistake?").click()
    page.get_by_role("button", name="Take the mistake back").click()
    expect(page.get_by_text("The mistake is taken back")).to_be_visible()
    expect(page.get_by_text("Kwame Osei is her brother")).to_have_count(0)


def test_two_records_are_joined_field_by_field_and_taken_apart(browser, live_site, known):
    page = browser.page()
    sign_in(page, live_site, Role.HOUSING_OFFICER)
    page.goto(f"{live_site.url}/people/{known['amara']}/join/{known['twice']}/")
    assert "900999" not in page.content()
    page.get_by_role("button", name="Show them").click()
    page.get_by_label("Phone number: 07700 900999").check()
    picture(page, "join-shown-1280")
    assert axe(page) == []
    page.get_by_label("I have looked at both: this is one person").check()
    page.get_by_role("button", name="Join the two records").click()
    expect(page.get_by_text(f"{known['twice']} is joined to this record.")).to_be_visible()
    expect(page.get_by_text("Ring only.").or_(page.get_by_text("Ring")).first).to_be_visible()
    picture(page, "joined-1280")
    page.goto(f"{live_site.url}/people/{known['twice']}/")
    assert page.url.endswith(f"/people/{known['amara']}/")
    page.get_by_role("link", name="Take them apart").click()
    page.get_by_role("button", name="Take them apart").click()
    expect(page).to_have_url(f"{live_site.url}/people/{known['twice']}/")
    expect(page.get_by_role("heading", name="Amarah Ossei")).to_be_visible()
    page.goto(f"{live_site.url}/people/{known['amara']}/")
    page.get_by_role("button", name="Show contact details").click()
    expect(page.get_by_role("link", name="14 Larkfield Court")).to_be_visible()
    expect(page.get_by_text("07700 900999")).to_have_count(0)
    expect(page.get_by_text("Efua Osei is her daughter")).to_be_visible()
