"""The list of the directory, what it costs, and what other parts choose from."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.access import Actor
from cases.partners import agreement_operations, operations, unit_operations
from cases.partners.models import Agency
from cases.partners.queries import checks_at, choosable, unit_checked
from cases.staff.models import User
from tests.partners.entries import add_police, add_unit
from tests.world import World

pytestmark = pytest.mark.django_db

# The agencies of domain 2.12, and our own teams.
FIRST = {
    *("police", "victim-support", "stop-hate-uk", "crimestoppers", "british-muslim-trust"),
    *("tell-mama", "cst", "galop", "mencap", "dimensions", "arc-safety-net", "age-uk"),
    *("hourglass", "sophie-lancaster-foundation", "changing-faces"),
    *("friends-families-and-travellers", "report-racism-grt", "asb-help"),
    *("safeguarding-team", "domestic-abuse-team", "antisocial-behaviour-team"),
    "human-resources",
}
NUMBERS = {
    "police": "999 or 101",
    "stop-hate-uk": "0800 138 1625",
    "crimestoppers": "0800 555 111",
}


@pytest.fixture
def client(world: World, manager: User) -> Client:
    return world.client(manager)


def at(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=args)


def test_the_directory_begins_with_what_we_know_of_and_nobody_has_checked(db: None) -> None:
    agencies = {agency.slug: agency for agency in Agency.objects.all()}
    assert set(agencies) == FIRST
    assert {slug: each.public_phone for slug, each in agencies.items() if each.public_phone} == (
        NUMBERS
    )
    assert not any(each.verified_on or each.verified_by_id for each in agencies.values())
    ours = {slug for slug, each in agencies.items() if each.is_ours}
    assert ours == {slug for slug in FIRST if slug.endswith("-team")} | {"human-resources"}
    assert agencies["galop"].strands == ["GENDER_ID", "SEX_ORIENT"]
    for each in agencies.values():  # the write named who did it, and is in the history
        assert each.history.get().history_type == "+"


def test_what_can_be_chosen_serves_them_there(world: World, by: Actor, police: Agency) -> None:
    unit = add_unit(by, world.now, police)
    gone = add_unit(by, world.now, police, unit="Old desk")
    unit_operations.end_unit(by=by, at=world.now, contact=gone, why="It was closed.")
    ended = add_police(by, world.now, "Old Police")
    operations.end_agency(by=by, at=world.now, agency=ended, why="It merged.")
    everywhere = choosable()
    assert police in everywhere
    assert ended not in everywhere
    found = next(agency for agency in everywhere if agency == police)
    assert found.units == [unit]  # type: ignore[attr-defined]
    slugs = {agency.slug for agency in choosable(strands=["AGE"], area="wellby")}
    assert {"age-uk", "northshire-police", "victim-support"} <= slugs
    assert "galop" not in slugs
    assert police not in choosable(area="Fenmoor")


def test_choosing_costs_two_queries(world: World, by: Actor, police: Agency) -> None:
    for number in range(3):
        add_unit(by, world.now, police, unit=f"Unit {number}")
    with CaptureQueriesContext(connection) as counted:
        choosable(strands=["RACE"], area="Wellby")
    assert len(counted) == 2


def test_a_unit_is_sent_to_only_while_it_is_checked(
    world: World, by: Actor, police: Agency
) -> None:
    unit = add_unit(by, world.now, police)
    assert not unit_checked(unit, world.now)
    since = checks_at(world.now).since
    for day, counts in ((since, True), (date(2026, 5, 18), False)):
        unit = unit_operations.verify_unit(
            by=by, at=world.now, contact=unit, how="Rang.", checked_on=day
        )
        assert bool(unit_checked(unit, world.now)) is counts
    assert since == date(2026, 5, 19)
    unit_operations.verify_unit(by=by, at=world.now, contact=unit, how="Rang.")
    operations.end_agency(by=by, at=world.now, agency=police, why="It merged.")
    unit.refresh_from_db()
    unit.agency.refresh_from_db()
    assert unit_checked(unit, world.now).reason.startswith("This entry was ended.")


def test_the_list_is_filtered_by_its_address(world: World, client: Client, by: Actor) -> None:
    add_police(by, world.now)
    operations.add_agency(
        by=by, at=world.now, name="Race service", kind="RACE", strands=["RACE"], areas=["Fenmoor"]
    )
    ended = add_police(by, world.now, "Old Police")
    operations.end_agency(by=by, at=world.now, agency=ended, why="It merged.")
    race = Agency.objects.get(slug="race-service")
    add_unit(by, world.now, race, unit="Casework")
    ours = {"Northshire Police", "Race service", "Old Police"}

    def names(**query: str) -> set[str]:
        found = set()
        for number in (1, 2):
            context = client.get(at("directory"), {**query, "page": str(number)}).context
            found |= {agency.name for agency, *_ in context["rows"]}
        return found & ours

    in_use = ours - {"Old Police"}
    assert names() == in_use
    assert names(text="RACE SERV") == {"Race service"}
    assert names(text="casew") == {"Race service"}
    assert names(kind="POLICE") == {"Northshire Police"}
    assert names(strand="AGE") == {"Northshire Police"}
    assert names(strand="RACE") == in_use
    assert names(area="Fenmoor") == {"Race service"}
    assert names(state="ended") == {"Old Police"}
    assert names(kind="KINGS", strand="x", area="Paris", order="?", state="?") == in_use
    assert names(text="\x00") == in_use


def test_what_was_checked_longest_ago_comes_first(
    world: World, client: Client, by: Actor, police: Agency
) -> None:
    operations.verify_agency(by=by, at=world.now, agency=police, how="Rang.")
    old = add_police(by, world.now, "Southshire Police")
    operations.verify_agency(
        by=by, at=world.now, agency=old, how="Rang.", checked_on=date(2026, 3, 1)
    )
    query = {"kind": "POLICE", "order": "checked"}
    rows = client.get(at("directory"), query).context["rows"]
    assert [agency.slug for agency, *_ in rows] == [
        "police",  # it came with the directory, and nobody has checked it
        "southshire-police",
        "northshire-police",
    ]


def test_the_list_costs_the_same_at_any_length(world: World, client: Client, by: Actor) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(at("directory"), {"kind": "POLICE"}).status_code == 200
        return len(counted)

    client.get(at("directory"))
    few = queries()
    for number in range(8):
        agency = add_police(by, world.now, f"Force {number}")
        add_unit(by, world.now, agency)
    assert queries() == few


def test_an_agencys_page_costs_the_same_however_much_hangs_on_it(
    world: World, client: Client, by: Actor, police: Agency
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(at("agency", police.slug)).status_code == 200
        return len(counted)

    def more(number: int) -> None:
        unit = add_unit(by, world.now, police, unit=f"Unit {number}")
        unit_operations.verify_unit(by=by, at=world.now, contact=unit, how="Rang.")
        agreement_operations.add_agreement(
            by=by,
            at=world.now,
            agency=police,
            title=f"Agreement {number}",
            purposes="Safety.",
            begins_on=world.now.date(),
        )

    more(0)
    queries()
    few = queries()
    for number in range(1, 6):
        more(number)
    assert queries() == few
