"""Telling another agency, page by page: from none, to exactly those bytes, or to why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from cases.disclosures.models import Pack
from tests.casework.story import Story
from tests.workflow.disclosing_case import (
    HAPPENED,
    PURPOSE,
    TITLE,
    Telling,
    hidden,
    send_form,
    telling,
)
from tests.workflow.test_case_page import text_of


@pytest.fixture
def now(story: Story) -> Iterator[datetime]:
    """Two hours after the case was opened, and standing still."""
    with time_machine.travel(story.at(hours=2), tick=False):
        yield story.at(hours=2)


@pytest.fixture
def told(story: Story, now: datetime) -> Telling:
    return telling(story)


def page(told: Telling, pack: Pack | None = None, rest: str = "", user: Any = None) -> str:
    answer = told.client(user).get(told.url(pack, rest))
    assert answer.status_code == 200, answer.status_code
    return text_of(answer.content.decode())


# --- beginning ---


def test_the_list_begins_empty_and_says_so(told: Telling) -> None:
    said = page(told)
    assert "Nobody has been told anything about this case, and nothing waits." in said
    assert "Tell another agency" in said


def test_a_page_begins_with_whom_and_who(told: Telling) -> None:
    client = told.client()
    html = client.get(told.url(rest="new/")).content.decode()
    assert "Wellby Council, safer streets" in html
    assert "checked" not in re.findall(r"<input[^>]*>", html)
    assert " checked" not in "".join(re.findall(r"<input[^>]*>", html))
    query = {"about": told.story.victim.pk, "agency": told.council.pk}
    said = text_of(client.get(told.url(rest="new/"), query).content.decode())
    assert "Tell Wellby Council, safer streets" in said
    assert "Community safety team" in said
    assert "Checked 19 November 2026." in said
    assert "Their permission" in said
    assert "Nobody can be recognised" in said
    for never in ("Safeguarding policy", "Domestic Abuse policy", "999", "Director"):
        assert never not in said


def test_whom_and_who_must_be_chosen(told: Telling) -> None:
    answer = told.client().get(told.url(rest="new/"), {"about": "", "agency": "x"})
    html = answer.content.decode()
    assert re.search(r"<title>\s*Error: ", html)
    assert "Choose whom it is about" in html


def begun(told: Telling, **changes: Any) -> Any:
    client = told.client()
    address = f"{told.url(rest='new/')}?about={told.story.victim.pk}&agency={told.council.pk}"
    answer = {
        "contact": told.units[told.council.pk].pk,
        "door": "D1",
        "title": TITLE,
        "purpose": PURPOSE,
        **changes,
    }
    return send_form(client, address, {key: value for key, value in answer.items() if value})


def test_it_is_begun_with_nothing_on_it(told: Telling) -> None:
    answer = begun(told)
    pack = Pack.objects.get()
    assert answer.url == told.url(pack)
    assert (pack.door, pack.state, pack.title, pack.items.count()) == ("D1", "DRAFT", TITLE, 0)
    said = page(told, pack)
    assert "They would be told nothing." in said
    assert "Left out: What happened, where" in said
    assert "Put in the first thing" in said


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("contact", "Choose the unit or person it goes to"),
        ("door", "Choose why they may be told"),
        ("title", "Say what the page is called"),
        ("purpose", "Say what they are to do with it"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(
    told: Telling, missing: str, sentence: str
) -> None:
    html = begun(told, **{missing: ""}).content.decode()
    assert sentence in html
    assert "There is a problem" in html
    for kept in {"title": TITLE, "purpose": PURPOSE, "door": 'value="D1" checked'}.items():
        if kept[0] != missing:
            assert kept[1] in html
    assert not Pack.objects.exists()


def test_what_the_law_requires_is_named(told: Telling) -> None:
    html = begun(told, door="D2").content.decode()
    assert "Say which law, order or proceedings it is for." in html
    assert begun(told, door="D2", citation="Order of Wellby County Court").status_code == 302


def test_about_nobody_there_is_one_door(told: Telling) -> None:
    query = {"about": "nobody", "agency": told.council.pk}
    html = told.client().get(told.url(rest="new/"), query).content.decode()
    assert re.findall(r'name="door"[^>]*value="(\w+)"', html) == ["D7"]


def test_a_unit_nobody_checked_lately_is_warned_of(told: Telling) -> None:
    with time_machine.travel(told.story.at(days=300), tick=False):
        query = {"about": told.story.victim.pk, "agency": told.council.pk}
        answer = told.client().get(told.url(rest="new/"), query)
        assert "ring and check before you rely on it" in answer.content.decode()


# --- what is on it ---


def test_one_thing_is_put_in_whose_and_why(told: Telling) -> None:
    pack = told.start()
    client, address = told.client(), told.url(pack, "put/IDENTITY/")
    html = client.get(address).content.decode()
    assert "Amara Osei" in html
    victim = told.story.victim.pk
    assert f'href="?use={victim}"' in html
    taken = client.get(f"{address}?use={victim}").content.decode()
    assert "Amara Osei</textarea>" in taken.replace("\n", "")
    answer = send_form(
        client, address, {"whose": victim, "text": "Amara Osei", "why": "To know whom to visit."}
    )
    assert answer.url == told.url(pack)
    item = pack.items.get()
    assert (item.field, item.text, item.whose) == ("IDENTITY", "Amara Osei", told.story.victim)
    said = page(told, pack)
    assert "A. Against whom Amara Osei" in said
    assert "Why: To know whom to visit." in said


def test_why_it_must_be_in_is_asked_and_what_was_typed_kept(told: Telling) -> None:
    pack = told.start()
    answer = send_form(told.client(), told.url(pack, "put/FACTS/"), {"text": HAPPENED})
    html = answer.content.decode()
    assert "Say why it must be in" in html
    assert HAPPENED in html
    assert not pack.items.exists()


def test_nothing_of_whoever_is_kept_apart_is_suggested(told: Telling) -> None:
    html = told.client().get(told.url(told.start(), "put/THIRD_PARTY/")).content.decode()
    assert "Novak" not in html
    assert "?use=" not in html


def test_a_field_is_changed_and_taken_out(told: Telling) -> None:
    pack = told.named()
    item = pack.items.get(field="FACTS")
    address = told.url(pack, f"items/{item.pk}/")
    changed = {"text": "Spitting, twice.", "why": "It is the least."}
    assert send_form(told.client(), address, changed).status_code == 302
    item.refresh_from_db()
    assert item.text == "Spitting, twice."
    assert send_form(told.client(), address, {"do": "out"}).status_code == 302
    item.refresh_from_db()
    assert item.taken_out
    assert "Spitting, twice." not in page(told, pack)


def test_two_who_change_one_field_lose_nothing(told: Telling) -> None:
    pack = told.named()
    item = pack.items.get(field="FACTS")
    address = told.url(pack, f"items/{item.pk}/")
    first, second = told.client(), told.client(told.story.manager)
    drawn = hidden(second.get(address).content.decode())
    send_form(first, address, {"text": "Spitting, twice.", "why": "The least."})
    answer = second.post(address, {**drawn, "text": "Shouting.", "why": "The least."})
    assert answer.status_code == 409
    both = text_of(answer.content.decode())
    assert "Spitting, twice." in both
    assert "Shouting." in both


def test_words_are_blacked_out_and_in_no_markup(told: Telling) -> None:
    pack = told.start()
    told.put(pack, "FACTS", "Shouting by the tall neighbour at the bin store.")
    address = told.url(pack, "black-out/")
    assert send_form(told.client(), address, {"words": "tall Neighbour\n\n"}).status_code == 302
    html = told.client().get(told.url(pack, "preview/")).content.decode()
    shown = html.partition('class="app-pack__lines"')[2].partition("</dl>")[0]
    assert "blacked out" in shown
    assert "neighbour" not in shown
