"""Whatever is posted to the call sheet: never a fault, never a word lost, never a word leaked."""

from __future__ import annotations

import threading
import time
import uuid

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.intake import script
from cases.intake.choices import Door
from cases.intake.models import CallSheet, Report, SheetAnswer
from cases.intake.queries import kept_answers
from cases.intake.submit import submit
from tests.intake.sheets import address, handler, new_sheet, post, save
from tests.world import World

# Bar row 41 and the table of names and signs that broke other systems' searches.
STRANGE = [
    "O'Brien",
    "Ŵyn Llŷr ap Rhŷs",
    "أمارة أوسي",
    "阿玛拉",
    "👩🏾‍🍼🚼",
    "\u202eevil\u202c",
    "a\u0301e\u0300",
    "  spaces  ",
    "tab\there",
    "line\nbreak",
    "' \" & % _ \\ ( ) / ; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% csrf_token %}",
    "%s %(x)s {0} $1",
    "=cmd|' /C calc'!A0",
    "\ufeff\u200b\u2028",
    "null",
    "\x01\x02\x7f",
    "-1",
    "1e999",
    "x" * 5000,
]
KEYS = [asked.key for asked in script.questions(2)]
EXTRA = ["window", "seen", "note", "note_key", "do", "incidents_shown", "incidents", "next", "x"]


@pytest.fixture
def sheet_and_client(world: World):
    world.policy()
    user = handler(world)
    return new_sheet(world, user), world.client(user)


@pytest.mark.parametrize("words", STRANGE)
def test_text_comes_back_as_it_was_given(sheet_and_client, words: str) -> None:
    sheet, client = sheet_and_client
    post(client, sheet, **{"incident-1__words": words, "who__search": words, "note": words})
    assert kept_answers(sheet)["incident-1.words"] == words
    page = client.get(address(sheet))
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_the_one_letter_a_database_refuses_is_left_out(sheet_and_client) -> None:
    sheet, client = sheet_and_client
    assert post(client, sheet, **{"incident-1__words": "a\0b", "note": "c\0d"}).status_code == 302
    assert kept_answers(sheet)["incident-1.words"] == "ab"
    assert sheet.lines.get().text == "cd"


def test_bytes_that_are_no_text_are_no_fault(sheet_and_client) -> None:
    sheet, client = sheet_and_client
    body = b"window=one&incident-1.words=%ED%A0%80%FF&safe.now=%00YES&do=save"
    answer = client.post(address(sheet), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (302, 400)


def test_more_than_a_page_accepts_is_refused_and_breaks_nothing(sheet_and_client) -> None:
    sheet, client = sheet_and_client
    assert post(client, sheet, note="x" * 1_100_000).status_code == 413
    assert client.post(address(sheet), {f"k{n}": "x" for n in range(2_100)}).status_code == 413
    assert client.get(address(sheet)).status_code == 200


values = st.one_of(
    st.text(max_size=40),
    st.sampled_from(STRANGE),
    st.sampled_from(["YES", "NO", "NOT_SURE", "RACE", "new", "no-name", "CALLER", "VICTIM"]),
    st.sampled_from(["send", "keep", "cut-off", "search:who", "strike:", "add-incident"]),
    st.integers().map(str),
    st.uuids().map(str),
)
posts = st.dictionaries(
    st.one_of(st.sampled_from(KEYS), st.sampled_from(EXTRA), st.text(max_size=12)),
    st.lists(values, min_size=1, max_size=3),
    max_size=12,
)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(fields=posts, door=st.sampled_from(list(Door)), script_runs=st.booleans())
def test_no_post_is_a_fault(world: World, sheet_and_client, fields, door, script_runs) -> None:
    first, client = sheet_and_client
    sheet = new_sheet(world, first.taken_by, door)
    headers = {"accept": "application/json"} if script_runs else {}
    answer = client.post(address(sheet), fields, headers=headers)
    assert answer.status_code in (200, 302)
    assert client.get(address(sheet)).status_code in (200, 302)
    for row in sheet.answers.exclude(question="incidents"):
        assert script.question(row.question) is not None


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    fields=st.dictionaries(
        st.sampled_from(
            ["key", "door", "no_name", "channel", "next"]
            + [f"received_at_{part}" for part in ("day", "month", "year", "time")]
        ),
        values,
    )
)
def test_no_start_is_a_fault(sheet_and_client, fields) -> None:
    _, client = sheet_and_client
    assert client.post("/reports/new/", fields).status_code in (200, 302)


# --- many at once, on a database where commits are real ---


def together(count: int, job) -> list:
    """Do a job in so many threads at the same moment; what each gave."""
    gate = threading.Barrier(count)
    given_back: list = [None] * count

    def run(place: int) -> None:
        try:
            gate.wait()
            given_back[place] = job(place)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given_back


def test_ten_presses_at_once_start_one_sheet(own_world: World) -> None:
    user = handler(own_world)
    form = {"door": "VICTIM", "key": str(uuid.uuid4())}
    clients = [own_world.client(user) for _ in range(10)]
    answers = together(10, lambda place: clients[place].post("/reports/new/", form))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    assert CallSheet.objects.count() == 1


def test_ten_sends_at_once_make_one_report(own_world: World) -> None:
    own_world.policy()
    user = handler(own_world)
    sheet = new_sheet(own_world, user)
    clients = [own_world.client(user) for _ in range(10)]
    fields = {"incident-1__words": "He spat at the pram.", "why__caller": "YES"}
    answers = together(10, lambda place: post(clients[place], sheet, do="send", **fields))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    assert Report.objects.count() == 1


def test_many_windows_at_once_lose_no_answer_and_no_line(own_world: World) -> None:
    user = handler(own_world)
    sheet = new_sheet(own_world, user)
    clients = [own_world.client(user) for _ in range(8)]

    def window(place: int) -> set[int]:
        codes = set()
        for turn in range(5):
            answer = save(
                clients[place],
                sheet,
                window=f"window {place}",
                before__words=f"{place} said {turn}",
                note=f"line {place} {turn}",
                note_key=str(uuid.uuid4()),
            )
            codes.add(answer.status_code)
        return codes

    assert together(8, window) == [{200}] * 8
    said = set(SheetAnswer.objects.filter(question="before.words").values_list("value", flat=True))
    assert said == {f"{place} said {turn}" for place in range(8) for turn in range(5)}
    assert sheet.lines.count() == 40


def test_sent_in_another_window_while_this_one_saves_shows_the_result(own_world: World) -> None:
    own_world.policy()
    user = handler(own_world)
    sheet = new_sheet(own_world, user)
    fields = {"incident-1__words": "He spat at the pram.", "why__caller": "YES"}
    mine, other = own_world.client(user), own_world.client(user)
    save(mine, sheet, **fields)

    def act(place: int):
        if place == 0:
            with transaction.atomic():
                CallSheet.objects.select_for_update().get(pk=sheet.pk)
                time.sleep(1)  # the other window has read the sheet, and waits for it
                return submit(by=own_world.actor(user), at=own_world.now, sheet=sheet)
        time.sleep(0.3)
        return post(other, sheet, safe__now="NO")

    report, answer = together(2, act)
    assert answer.status_code == 302
    assert answer.url.startswith(f"/reports/{report.reference}/")
