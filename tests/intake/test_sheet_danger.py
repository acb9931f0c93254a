"""The call sheet in danger, sent, and left: pages."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.casework.models import Case
from cases.intake.models import CallSheet, Report
from cases.intake.queries import kept_answers
from cases.people.home_operations import add_household, add_household_member
from cases.people.operations import add_person, add_property
from tests.intake.sheets import address, handler, new_sheet, post, save
from tests.world import World


@pytest.fixture(autouse=True)
def _now(world: World):
    with time_machine.travel(world.now, tick=False):
        yield


@pytest.fixture
def joanne(world: World):
    return handler(world)


@pytest.fixture
def client(world: World, joanne):
    return world.client(joanne)


@pytest.fixture
def sheet(world: World, joanne) -> CallSheet:
    return new_sheet(world, joanne)


# --- danger ---


def test_the_danger_panel_is_filled_from_the_sheet_and_asks_for_nothing(
    world, client, joanne, sheet
) -> None:
    actor = world.actor(joanne)
    home = add_property(
        by=actor, at=world.now, address="14 Larkfield Court", town="Wellby", postcode="NN99 4QT"
    )
    amara = add_person(by=actor, at=world.now, full_name="Amara Osei", home=home)
    empty = client.get(address(sheet)).content.decode()
    assert "Call 999 now. Stay with the caller." in empty
    assert "Ask: “Where are you now?”" in empty
    post(
        client,
        sheet,
        who__person=amara.reference,
        respondent__described="The man next door",
        danger__rang="OFFICER",
    )
    page = client.get(address(sheet)).content.decode()
    assert "Call 999 now. Stay with Amara." in page
    assert "14 Larkfield Court<br>Wellby, NN99 4QT" in page
    assert "Danger from: The man next door." in page
    assert "Kept at 10:41am." in page


def test_999_is_told_where_they_are_now_and_who_else_is_there(client, sheet) -> None:
    post(
        client,
        sheet,
        contact__ring="SAFE",
        contact__address="Behind the shops on Mill Lane",
        contact__phone="07700 900412",
        harmed__others="Kofi, 1\nEsi, 4",
    )
    page = client.get(address(sheet)).content.decode()
    assert '<p class="app-danger__place">Behind the shops on Mill Lane</p>' in page
    assert "Also there: Kofi, 1; Esi, 4." in page
    assert "Ringing from 07700 900412." in page


@pytest.mark.parametrize(
    ("when", "heading"),
    [
        ({"day": "19", "month": "11", "year": "2026"}, "Incident 1: today"),
        ({"day": "18", "month": "11", "year": "2026"}, "Incident 1: yesterday"),
        ({"day": "17", "month": "11", "year": "2026"}, "Incident 1: 17 November 2026"),
        ({"day": "20", "month": "11", "year": "2026"}, "Incident 1: 20 November 2026"),
        (
            {"day": "18", "month": "11", "year": "2026", "time": "4pm", "when_known": "ABOUT"},
            "Incident 1: yesterday, about 4pm",
        ),
        ({"time": "after dark"}, "Incident 1: after dark"),
        ({"day": "40"}, "Incident 1"),
    ],
)
def test_an_incident_is_headed_by_when_it_was(client, sheet, when, heading) -> None:
    post(client, sheet, **{f"incident-1__{part}": words for part, words in when.items()})
    assert f">{heading}</h3>" in client.get(address(sheet)).content.decode()


# --- finding people ---


def test_those_who_live_with_the_caller_can_be_ticked_with_their_age(
    world: World, client, joanne, sheet, amara
) -> None:
    actor = world.actor(joanne)
    home = add_property(by=actor, at=world.now, address="14 Larkfield Court")
    household = add_household(by=actor, at=world.now, home=home)
    kofi = add_person(
        by=actor, at=world.now, full_name="Kofi Osei", date_of_birth=date(2024, 11, 20)
    )
    aunt = add_person(by=actor, at=world.now, full_name="Efua Osei")
    for person in (amara, kofi, aunt):
        add_household_member(
            by=actor, at=world.now, household=household, person=person, moved_in=date(2025, 1, 1)
        )
    post(client, sheet, who__person=amara.reference)
    page = client.get(address(sheet)).content.decode()
    assert "Kofi Osei, 1</label>" in page
    assert "Efua Osei</label>" in page
    post(client, sheet, harmed__people=["", "CALLER", kofi.reference])
    assert kept_answers(sheet)["harmed.people"] == ["CALLER", kofi.reference]


@pytest.fixture
def amara(world: World, joanne):
    return add_person(by=world.actor(joanne), at=world.now, full_name="Amara Osei")


def test_a_save_with_words_in_the_search_box_searches_and_says_why(client, sheet, amara) -> None:
    answer = post(client, sheet, who__search="ama osay")
    assert answer.url == f"{address(sheet)}#ask-who.person"
    page = client.get(address(sheet)).content.decode()
    assert "1 near match" in page
    assert "<strong>Amara Osei</strong>" in page
    assert "None of these: add a new person" in page
    assert "They do not want to give a name" in page
    post(client, sheet, do="search:who", who__person=amara.reference)
    assert f'value="{amara.reference}" checked' in client.get(address(sheet)).content.decode()


def test_nothing_found_says_what_to_do(client, sheet) -> None:
    post(client, sheet, who__search="Zebedee Quux")
    page = client.get(address(sheet)).content.decode()
    assert "Nobody found. Try fewer words, or add a new person." in page


def test_a_person_kept_from_the_handler_is_counted_never_named(
    world: World, client, sheet, amara
) -> None:
    version = world.policy()
    Case.objects.create(
        reference="HC-2026-7K4R",
        received_at=world.now,
        received_at_original=world.now,
        opened_at=world.now,
        policy_version=version,
        victim=amara,
        restricted=True,
    )
    post(client, sheet, who__search="Amara Osei")
    page = client.get(address(sheet)).content.decode()
    assert "There is 1 more record that you may not see." in page
    assert "<strong>Amara" not in page
    # Nor by naming the reference in a made-up post.
    post(client, sheet, who__person=amara.reference)
    assert "Call with</span> Amara" not in client.get(address(sheet)).content.decode()


# --- sending ---


def test_sending_insists_on_two_things_links_to_them_and_keeps_everything(client, sheet) -> None:
    answer = post(client, sheet, do="send", safe__call_them="Amara")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Error: Call sheet" in html
    assert 'href="#ask-incident-1.words"' in html
    assert 'href="#ask-why.caller"' in html
    assert 'value="Amara"' in html
    assert not Report.objects.exists()


def test_a_sheet_becomes_one_report_however_often_it_is_sent(world, client, sheet) -> None:
    world.policy()
    fields = {"incident-1__words": "He spat at the pram.", "why__caller": "YES"}
    first = post(client, sheet, do="send", **fields)
    report = Report.objects.get()
    assert first.url == f"/reports/{report.reference}/#result"
    for again in (
        post(client, sheet, do="send", **fields),
        post(client, sheet, do="save", safe__now="NO"),
        client.get(address(sheet)),
    ):
        assert again.url == first.url
    assert save(client, sheet, safe__now="NO").json() == {"sent": first.url}
    assert Report.objects.count() == 1


def test_if_the_call_ended_it_can_be_sent_and_waits(world, client, sheet) -> None:
    world.policy()
    words = {"incident-1__words": "He spat at the pram."}
    refused = post(client, sheet, do="send", **words)
    assert "Did the call end before you could ask?" in refused.content.decode()
    answer = post(client, sheet, do="send-waiting", **words)
    assert Report.objects.get().state == "WAITING"
    assert answer.status_code == 302


def test_after_a_cut_off_the_why_can_wait_but_never_what_happened(world, client, sheet) -> None:
    world.policy()
    post(client, sheet, do="cut-off", safe__now="YES")
    assert post(client, sheet, do="send").status_code == 200
    post(client, sheet, do="cut-off", **{"incident-1__words": "He spat at the pram."})
    assert post(client, sheet, do="send").status_code == 302


# --- what the page that saves by itself is told ---


def test_a_save_with_script_tells_what_changed(client, sheet) -> None:
    told = save(client, sheet, contact__ring="SAFE", contact__phone="07700 900412").json()
    assert told["saved_at"] == "10:41am"
    assert "contact.ring" not in told["needed"]
    assert "why.caller" in told["needed"]
    assert "Ring only." in told["pieces"]["line"]
    assert told["uncovered"]["contact.phone"] == "07700 900412"
    assert set(told["pieces"]["marks"]) == {part["slug"] for part in told["parts"]}
    assert not told["redraw"] or "contact.phone"
    assert save(client, sheet, safe__talk="YES_NO").json()["redraw"] is True
    assert save(client, sheet, before__any="NO").json()["redraw"] is False


def test_a_save_takes_the_same_few_queries_however_full_the_sheet(client, sheet) -> None:
    def queries(number: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            answer = save(client, sheet, before__words=f"In March {number}", note=f"line {number}")
        assert answer.status_code == 200
        return len(seen)

    save(client, sheet, safe__now="YES")
    small = queries(0)
    for number in range(1, 30):
        save(client, sheet, note=f"more {number}", **{"incident-1__words": "word " * number})
    assert queries(99) == small
    assert small <= 32


def test_the_page_takes_the_same_queries_however_full_the_sheet(client, sheet) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address(sheet))
        return len(seen)

    post(client, sheet, safe__now="YES", note="one")
    small = queries()
    for number in range(2, 9):
        post(client, sheet, do="add-incident", incidents_shown=str(number - 1), note=str(number))
    assert queries() == small
    assert small <= 20
