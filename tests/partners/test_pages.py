"""The pages of the partner directory."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.access import Actor, Grant, Role
from cases.audit.models import Access, Event
from cases.partners import operations, unit_operations
from cases.partners.models import Agency, AgencyContact, ReviewTerms, SharingAgreement
from cases.staff.models import User
from tests.audit.pages import ritual
from tests.partners.entries import add_police, add_unit, keep_one_of_each
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
RING = "ring and check before you rely on it."
AGENCY = {"name": "Southshire Police", "kind": "POLICE", "areas": "Wellby\nFenmoor"}
UNIT = {"unit": "Public Protection Unit", "secure_email": "ppu@police.example"}
DAY = {"begins_on_day": "1", "begins_on_month": "1", "begins_on_year": "2026"}
NUMBERS = {
    "threshold_number": "3",
    "hate_threshold_number": "1",
    "report_within_months": "1",
    "apply_within_months": "6",
    "how": "Their page.",
}


@pytest.fixture
def client(world: World, manager: User) -> Client:
    return world.client(manager)


def at(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=args)


def page(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


@pytest.mark.parametrize("name", ["directory", "agency", "terms"])
def test_whoever_works_cases_may_look(world: World, manager: User, name: str) -> None:
    viewer = world.user(Role.REPORT_VIEWER)
    agency, _ = keep_one_of_each(world.actor(manager), world.now)
    address = at(name, *([agency.slug] if name == "agency" else []))
    ritual(
        world, allowed=manager, refused=viewer, address=address, sentence=Grant.SEE_PARTNERS.value
    )
    officer = world.client(world.user(Role.HOUSING_OFFICER))
    text = page(officer.get(address))
    assert "Add an agency" not in text
    assert "Add a unit" not in text
    assert Access.objects.filter(what=f"partners:{name}").exists()


@pytest.mark.parametrize(
    "name",
    [
        *("add-agency", "change-agency", "check-agency", "end-agency", "add-unit", "change-unit"),
        *("check-unit", "end-unit", "add-agreement", "end-agreement", "add-terms", "change-terms"),
    ],
)
def test_only_who_keeps_the_directory_has_the_forms(
    world: World, manager: User, officer: User, name: str
) -> None:
    agency, rows = keep_one_of_each(world.actor(manager), world.now)
    parts = () if name in ("add-agency", "add-terms", "change-terms") else (agency.slug,)
    row = rows.get(f"partners:{name}")
    address = at(name, *parts, *([row] if row else []))
    sentence = Grant.KEEP_PARTNERS.value
    ritual(
        world,
        allowed=manager,
        refused=officer,
        address=address,
        sentence=sentence,
        verbs=("get", "post"),
    )


def test_what_is_not_there_is_not_found(world: World, client: Client, police: Agency) -> None:
    other = add_police(client_actor(world), world.now, "Southshire Police")
    unit = add_unit(client_actor(world), world.now, other)
    for address in (
        at("agency", "nobody"),
        at("check-unit", police.slug, unit.pk),  # of another agency
        at("end-unit", police.slug, 10**12),
        at("end-agreement", police.slug, 1),
        at("change-terms", 1),
    ):
        assert client.get(address).status_code == 404, address


def client_actor(world: World) -> Actor:
    return world.actor(world.user(Role.DPO))


def test_stale_details_say_so_wherever_they_stand(
    world: World, client: Client, by: Actor, police: Agency, unit: AgencyContact
) -> None:
    operations.verify_agency(by=by, at=world.now, agency=police, how="Rang their desk.")
    unit_operations.verify_unit(by=by, at=world.now, contact=unit, how="Rang the sergeant.")

    def shown(when: datetime) -> tuple[str, str]:
        with time_machine.travel(when, tick=False):
            own = world.client(world.user(Role.CASE_MANAGER))
            listed = page(own.get(at("directory"), {"text": police.name}))
            return listed, page(own.get(at("agency", police.slug)))

    listed, whole = shown(world.now + timedelta(days=2))
    assert "Checked 2 days ago" in listed
    assert RING not in listed + whole
    assert "unit to check" not in listed
    assert "Rang their desk." in whole
    assert "Rang the sergeant." in whole
    assert "by Sunita Bhatt" in whole
    listed, whole = shown(world.now + timedelta(days=250))
    assert "<strong>Checked 8 months ago</strong>" in listed
    assert "1 of 1 unit to check" in listed
    assert whole.count(f"Checked 8 months ago: {RING}") == 2


def test_an_ended_agency_can_only_be_read(
    world: World, client: Client, by: Actor, police: Agency, unit: AgencyContact
) -> None:
    operations.end_agency(by=by, at=world.now, agency=police, why="It merged.")
    whole = page(client.get(at("agency", police.slug)))
    assert "We no longer work with them" in whole
    assert "It merged." in whole
    for words in ("I have checked it", "Add a unit", "Record an agreement", "End this entry"):
        assert words not in whole
    refused = page(client.post(at("add-unit", police.slug), UNIT))
    assert "This entry was ended." in refused
    assert AgencyContact.objects.filter(agency=police).count() == 1


def test_an_agency_is_added_and_its_page_is_next(client: Client) -> None:
    for _ in range(2):  # a double press makes one
        response = client.post(at("add-agency"), AGENCY)
        assert response.status_code == 302
        assert response.headers["Location"] == at("agency", "southshire-police")
    agency = Agency.objects.get(slug="southshire-police")
    assert agency.areas == ["Fenmoor", "Wellby"]
    assert Event.objects.filter(subject_kind="partners.agency", subject_id=agency.pk).count() == 1
    assert "Not checked yet" in page(client.get(at("agency", agency.slug)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Enter the name of the agency"),
        ({"name": "Victim SUPPORT"}, "There is an entry of this name already."),
        ({"name": "x" * 201}, "at most 200"),
        ({"name": "A\x00B"}, "Null characters are not allowed."),
        ({"kind": ""}, "Choose what kind of agency it is"),
        ({"kind": "KINGS"}, "KINGS is not one of the available choices"),
        ({"service": "ADULT_CARE"}, "Only a council has a service."),
        ({"strands": ["SHOES"]}, "SHOES is not one of the available choices"),
        ({"strands": ["UNKNOWN_HATE"]}, "is not one of the available choices"),
        ({"public_phone": "ring me"}, "Enter a phone number, like 01632 960 001"),
        ({"website": "javascript:alert(1)"}, "Enter a web address that begins with https://"),
        ({"website": "ftp://police.example"}, "Enter a web address that begins with https://"),
        ({"website": "http://["}, "Enter a web address that begins with https://"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_what_was_typed(
    client: Client, change: dict[str, Any], words: str
) -> None:
    before = Agency.objects.count()
    whole = page(client.post(at("add-agency"), {**AGENCY, "note": "Ask for Sam", **change}))
    assert words in whole
    assert "<title>Error: Add an agency" in whole
    assert "Ask for Sam" in whole
    assert Agency.objects.count() == before


def test_nothing_typed_is_half_saved(client: Client) -> None:
    before = Agency.objects.count()
    assert "Enter the name" in page(client.post(at("add-agency"), {}))
    assert Agency.objects.count() == before


def test_a_change_over_somebody_elses_is_shown_both_ways(
    world: World, client: Client, by: Actor, police: Agency, unit: AgencyContact
) -> None:
    address = at("change-unit", police.slug, unit.pk)
    seen = client.get(address).context["form"]["seen"].value()
    assert client.post(address, {**UNIT, "phone": "101", "seen": seen}).status_code == 302
    again = client.post(address, {**UNIT, "phone": "101", "seen": seen})
    assert again.status_code == 302  # the same form sent twice
    stale = client.post(address, {**UNIT, "phone": "999", "seen": seen})
    assert stale.status_code == 409
    assert "101" in stale.content.decode()
    assert "999" in stale.content.decode()
    unit.refresh_from_db()
    assert unit.phone == "101"


def test_nobody_checks_an_address_they_have_not_seen(
    world: World, client: Client, by: Actor, police: Agency, unit: AgencyContact
) -> None:
    address = at("check-unit", police.slug, unit.pk)
    first = client.get(address)
    assert "ppu@police.example" in page(first)
    seen = first.context["form"]["seen"].value()
    said = {"unit": unit.unit, "secure_email": "elsewhere@police.example"}
    unit_operations.change_unit(by=by, at=world.now, contact=unit, **said)
    stale = client.post(address, {"how": "Rang them.", "seen": seen})
    assert stale.status_code == 409
    assert "elsewhere@police.example" in stale.content.decode()
    unit.refresh_from_db()
    assert unit.verified_on is None
    fresh = client.get(address).context["form"]["seen"].value()
    assert client.post(address, {"how": "Rang them.", "seen": fresh}).status_code == 302
    unit.refresh_from_db()
    assert unit.verified_how == "Rang them."


def test_a_check_of_a_unit_asks_who_it_is_again(
    world: World, police: Agency, unit: AgencyContact
) -> None:
    late = world.client(world.user(Role.CASE_MANAGER, password=PASSWORD), ago=3600)
    response = late.get(at("check-unit", police.slug, unit.pk))
    assert response.status_code == 302
    assert "reauthenticate" in response.headers["Location"]


def test_a_check_says_how_and_not_tomorrow(client: Client, police: Agency) -> None:
    day = {"checked_on_day": "1", "checked_on_month": "2", "checked_on_year": "2999"}
    whole = page(client.post(at("check-agency", police.slug), {"how": "", **day}))
    assert "Say how you checked it" in whole
    assert "It cannot have been checked in the future" in whole
    police.refresh_from_db()
    assert police.verified_on is None


def test_units_need_a_way_to_be_reached(client: Client, police: Agency) -> None:
    whole = page(client.post(at("add-unit", police.slug), {"unit": "Unit"}))
    assert "Give at least one way to reach them" in whole
    portal = {**UNIT, "portal": "http://police.example/in"}
    whole = page(client.post(at("add-unit", police.slug), portal))
    assert "Enter a web address that begins with https://" in whole
    assert not police.contacts.exists()


def test_a_unit_twice_is_one_and_ends_with_a_reason(client: Client, police: Agency) -> None:
    for _ in range(2):
        assert client.post(at("add-unit", police.slug), UNIT).status_code == 302
    unit = police.contacts.get()
    address = at("end-unit", police.slug, unit.pk)
    assert "Say why" in page(client.post(address, {"why": " "}))
    assert client.post(address, {"why": "It was closed."}).status_code == 302
    assert "nothing can be sent there" in page(client.get(at("agency", police.slug)))


def test_agreements_say_when_they_run_out(world: World, client: Client, police: Agency) -> None:
    said = {"title": "Sharing", "purposes": "Safety.", **DAY}
    address = at("add-agreement", police.slug)
    wrong = {"last_day_day": "1", "last_day_month": "1", "last_day_year": "2025"}
    assert "cannot be before" in page(client.post(address, {**said, **wrong}))
    assert "The first day must be a real date" in page(
        client.post(address, {**said, "begins_on_day": "32"})
    )
    for _ in range(2):
        assert client.post(address, said).status_code == 302
    agreement = SharingAgreement.objects.get(agency=police)
    whole = page(client.get(at("agency", police.slug)))
    assert "Has no end" in whole
    last = {"last_day_day": "31", "last_day_month": "3", "last_day_year": "2026"}
    end = at("end-agreement", police.slug, agreement.pk)
    assert client.post(end, {**last, "why": "A new one."}).status_code == 302
    with time_machine.travel(world.now, tick=False):
        own = world.client(world.user(Role.CASE_MANAGER))
        assert "Ran out 7 months ago" in page(own.get(at("agency", police.slug)))


def test_a_councils_terms_are_kept_and_checked_again(client: Client) -> None:
    said = {"local_authority": "Wellby", **NUMBERS}
    for _ in range(2):
        assert client.post(at("add-terms"), said).status_code == 302
    terms = ReviewTerms.objects.get()
    assert (terms.threshold_number, terms.hate_threshold_number) == (3, 1)
    whole = page(client.get(at("terms")))
    assert "1 report with hate" in whole
    address = at("change-terms", terms.pk)
    seen = client.get(address).context["form"]["seen"].value()
    change = {**NUMBERS, "hate_threshold_number": "", "seen": seen}
    assert client.post(address, change).status_code == 302
    assert "No fewer with hate" in page(client.get(at("terms")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"threshold_number": "0"}, "Enter a number from 1 to 60"),
        ({"threshold_number": "9" * 30}, "Enter a number from 1 to 60"),
        ({"report_within_months": "one"}, "Enter a number from 1 to 60"),
        ({"apply_within_months": ""}, "Enter a number from 1 to 60"),
        ({"hate_threshold_number": "4"}, "no more reports can be needed than elsewhere"),
        ({"local_authority": ""}, "Enter the name of the council"),
        ({"how": ""}, "Say where you found this"),
    ],
)
def test_terms_no_council_has(client: Client, change: dict[str, str], words: str) -> None:
    whole = page(client.post(at("add-terms"), {"local_authority": "Wellby", **NUMBERS, **change}))
    assert words in whole
    assert not ReviewTerms.objects.exists()
