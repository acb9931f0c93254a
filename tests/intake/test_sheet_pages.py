"""The doors and the call sheet as pages, without script."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import time_machine

from cases.access import Role
from cases.audit.models import Access
from cases.intake.choices import Channel, Door, SheetState
from cases.intake.models import CallSheet
from cases.intake.queries import kept_answers
from cases.staff.operations import end_role
from tests.intake.sheets import address, handler, new_sheet, post, save
from tests.world import World

NEW = "/reports/new/"


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


# --- the doors ---


@pytest.mark.parametrize("door", list(Door))
def test_one_press_starts_a_call_now_by_phone(client, world: World, door: Door) -> None:
    answer = client.post(NEW, {"door": door, "key": str(uuid.uuid4())})
    sheet = CallSheet.objects.get()
    assert answer.url == address(sheet)
    assert (sheet.door, sheet.channel) == (door, Channel.PHONE_INBOUND)
    assert sheet.received_at == world.now


def test_a_reload_of_the_press_starts_no_second_sheet(client) -> None:
    form = {"door": "VICTIM", "key": str(uuid.uuid4())}
    assert client.post(NEW, form).url == client.post(NEW, form).url
    assert CallSheet.objects.count() == 1


@pytest.mark.parametrize("channel", list(Channel))
def test_every_way_a_report_comes_can_be_chosen(client, channel: Channel) -> None:
    client.post(NEW, {"door": "AGENCY", "channel": channel})
    assert CallSheet.objects.get().channel == channel


def test_a_letter_counts_from_the_day_it_came(client) -> None:
    came = {"received_at_day": "17", "received_at_month": "11", "received_at_year": "2026"}
    client.post(NEW, {"door": "VICTIM", "channel": "LETTER", "received_at_time": "9am", **came})
    assert CallSheet.objects.get().received_at.isoformat() == "2026-11-17T09:00:00+00:00"


@pytest.mark.parametrize(
    "fields",
    [
        {"door": ""},
        {"door": "NOBODY"},
        {"door": "VICTIM", "channel": "PIGEON"},
        {"door": "VICTIM", "received_at_day": "20", "received_at_time": "9am"},
        {"door": "VICTIM", "received_at_day": "31", "received_at_time": "9am"},
        {"door": "VICTIM", "received_at_day": "17", "received_at_time": "late"},
    ],
)
def test_what_cannot_be_is_said_and_starts_nothing(client, fields) -> None:
    if "received_at_day" in fields:
        fields = {"received_at_month": "11", "received_at_year": "2026", **fields}
    answer = client.post(NEW, fields)
    assert answer.status_code == 200
    assert "Error: Take a report" in answer.content.decode()
    assert not CallSheet.objects.exists()


def test_no_name_is_one_tick_at_the_door(client) -> None:
    sheet_page = client.post(NEW, {"door": "VICTIM", "no_name": "on"}, follow=True)
    assert "somebody who gives no name" in sheet_page.content.decode()


def test_sheets_not_finished_are_offered_first_and_never_whose_voice(client, sheet) -> None:
    post(client, sheet, safe__call_them="Amara")
    page = client.get(NEW).content.decode()
    assert "1 call sheet is not finished" in page
    assert address(sheet) in page
    assert "Amara" not in page


# --- whose it is ---


def without_token(answer) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", answer.content.decode())


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_sheet_is_nobody_elses_and_not_found_is_all_they_learn(
    world: World, sheet, method
) -> None:
    for role in (Role.CALL_HANDLER, Role.CASE_MANAGER):
        other = world.client(world.user(role, team=world.team()))
        theirs = getattr(other, method)(address(sheet))
        nobodys = getattr(other, method)(f"/reports/sheets/{uuid.uuid4()}/")
        assert theirs.status_code == nobodys.status_code == 404
        assert without_token(theirs) == without_token(nobodys)


@pytest.mark.parametrize(
    "role", [Role.DIRECTOR_CO, Role.AUDITOR, Role.DPO, Role.SYSADMIN, Role.REPORT_VIEWER]
)
def test_who_takes_no_reports_is_told_so(world: World, sheet, role) -> None:
    other = world.client(world.user(role, team=world.team()))
    for path in (NEW, address(sheet)):
        answer = other.get(path)
        assert answer.status_code == 403
        assert "take reports" in answer.content.decode()


def test_a_role_that_ended_ends_the_sheet_with_the_next_request(world, client, joanne, sheet):
    from cases.access import Actor

    assert client.get(address(sheet)).status_code == 200
    admin = Actor(id=None, name="x", roles=frozenset({Role.SYSADMIN}))
    ends = world.now - timedelta(minutes=1)
    end_role(by=admin, at=ends, holding=joanne.holdings.get(), reason="moved")
    assert client.get(address(sheet)).status_code == 403
    assert post(client, sheet, safe__now="YES").status_code == 403
    assert "safe.now" not in kept_answers(sheet)


def test_other_verbs_are_refused(client, sheet) -> None:
    for path in (NEW, address(sheet)):
        for method in ("put", "patch", "delete"):
            assert getattr(client, method)(path).status_code == 405


def test_looking_is_recorded(client, sheet) -> None:
    client.get(address(sheet))
    row = Access.objects.filter(what="intake:sheet", subject_kind="intake.callsheet").get()
    assert row.subject_ids == [sheet.pk]


# --- saving ---


def test_a_save_comes_back_to_the_part_that_changed_with_everything_there(client, sheet) -> None:
    answer = post(
        client,
        sheet,
        safe__call_them="Amara O’Neill-Òsei 🙂",
        **{"incident-1__words": "“<b>Go home</b>” & worse\n\nسلام", "why__strands": ["", "RACE"]},
    )
    assert answer.status_code == 302
    assert answer.url == f"{address(sheet)}#part-why-it-happened"
    page = client.get(address(sheet))
    html = page.content.decode()
    assert "Call with</span> Amara O’Neill-Òsei 🙂" in html
    assert "“&lt;b&gt;Go home&lt;/b&gt;” &amp; worse\n\nسلام</textarea>" in html
    assert "<b>Go home" not in html
    assert "<title>Call sheet - Hate crime casework</title>" in html


def test_a_save_never_refuses_a_date_that_cannot_be(client, sheet) -> None:
    date = {"incident-1__day": "31", "incident-1__month": "11", "incident-1__year": "2026"}
    assert post(client, sheet, **date).status_code == 302
    page = client.get(address(sheet)).content.decode()
    assert "There is no such date. It is kept as you wrote it." in page
    assert 'name="incident-1.day" type="text" value="31"' in page


def test_contact_details_stand_covered_until_safe_contact_is_asked(client, sheet) -> None:
    phone = "07700 900412"
    post(client, sheet, contact__ring="SAFE", contact__phone=phone)
    assert f'value="{phone}"' in client.get(address(sheet)).content.decode()

    post(client, sheet, window="two", contact__ring="NOT_ASKED", seen="999999")
    page = client.get(address(sheet)).content.decode()
    assert f'value="{phone}"' not in page
    assert "Contact details show once safe contact has been asked." in page
    assert "Safe contact not asked. Do not ring, write or leave a message." in page


def test_yes_or_no_only_changes_the_words_to_say(client, sheet) -> None:
    assert "app-say--yes-no" not in client.get(address(sheet)).content.decode()
    post(client, sheet, safe__talk="YES_NO")
    page = client.get(address(sheet)).content.decode()
    assert "Yes, no, or not sure?”" in page
    assert "app-say--yes-no" in page


def test_all_that_is_needed_is_listed_and_nothing_marked_before_the_first_answer(
    client, sheet
) -> None:
    first = client.get(address(sheet))
    page = first.content.decode()
    assert page.count("Not started</p>") == 10
    assert "still needed</span>" not in page
    assert first.context["needed"]["total"] == 9
    assert 'href="#ask-safe.now">' in page
    assert [group["name"] for group in first.context["needed"]["groups"]] == [
        "Before triage",
        "Before you hang up",
    ]
    post(client, sheet, safe__now="YES")
    page = client.get(address(sheet))
    total = page.context["needed"]["total"]
    assert total == 8
    rings = sum(part["needed"] for part in page.context["parts"])
    tags = len(re.findall(r'data-need="[^"]+">', page.content.decode()))
    assert rings == total == tags


def test_another_door_asks_other_questions(client, sheet) -> None:
    post(client, sheet, door="THIRD_PARTY")
    page = client.get(address(sheet)).content.decode()
    assert "“Do they know you are ringing?”" in page
    assert "“Would you speak to us again? Would you be a witness?”" in page
    assert "because of who they are, or who somebody thinks they are?”" in page


def test_two_windows_are_told_of_each_other(client, sheet) -> None:
    post(client, sheet, window="two", why__caller="NOT_SURE")
    answer = post(client, sheet, window="one", why__caller="YES")
    assert answer.status_code == 200
    assert "Also answered in another window at 10:41am: Not sure" in answer.content.decode()
    told = save(client, sheet, window="three", why__caller="NO").json()
    assert told["others"] == {"why.caller": "Also answered in another window at 10:41am: Yes"}


def test_notepad_lines_are_added_struck_and_used(client, sheet) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        post(client, sheet, note="crying. give her time", note_key=key)
    page = client.get(address(sheet)).content.decode()
    assert '10:41</span> <span class="app-note__words">crying. give her time' in page
    post(client, sheet, **{"incident-1__lines": ["", key]})
    assert "10:41am, from the notepad" in client.get(address(sheet)).content.decode()
    answer = post(client, sheet, do=f"strike:{key}")
    assert answer.url.endswith("#notepad")
    assert "Struck out: </span>crying" in client.get(address(sheet)).content.decode()
    for nonsense in ("strike:", "strike:x", f"strike:{uuid.uuid4()}", "whatever", ""):
        assert post(client, sheet, do=nonsense).status_code == 302


def test_another_incident_is_added_once(client, sheet) -> None:
    for _ in range(2):
        answer = post(client, sheet, do="add-incident", incidents_shown="1")
        assert answer.url == f"{address(sheet)}#incident-2"
    post(client, sheet, **{"incident-2__words": "And again on Friday."})
    page = client.get(address(sheet)).content.decode()
    assert "And again on Friday." in page
    assert "incident-3" not in page


def test_keep_and_cut_off(client, sheet) -> None:
    post(client, sheet, safe__cut_off="TEXT", safe__call_them="Amara")
    assert post(client, sheet, do="cut-off").url == f"{address(sheet)}#cut-off"
    page = client.get(address(sheet)).content.decode()
    assert "Amara said before: text first. Do not ring." in page
    assert post(client, sheet, do="keep").url == "/"
    sheet.refresh_from_db()
    assert sheet.state == SheetState.PARKED
