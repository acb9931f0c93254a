"""The lines at the top of a case about its requests to tell the police."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Actor
from cases.casework.clocks import ClockKind
from cases.casework.models import Case
from cases.disclosures import deciding, gate
from cases.disclosures import phone_operations as phones
from cases.disclosures.models import Message, PhoneApproval, Request, Send
from cases.disclosures.pack_operations import set_item
from cases.disclosures.request_operations import answer_question, take_back
from cases.disclosures.watching import watch
from cases.workflow.case_read import read
from cases.workflow.case_telling import asked_police, telling_links
from cases.workflow.queue_asks import Ask, View
from cases.workflow.queue_rows import Row, row_of
from cases.workflow.queue_sql import read_rows
from tests.casework.story import Story
from tests.workflow.asked import REASON, Asking, ask, begin, fill
from tests.workflow.test_case_page import text_of

pytestmark = pytest.mark.django_db
QUESTION = "The Director asked a question about telling the police. The clock keeps running."


@pytest.fixture
def asking(story: Story) -> Iterator[Asking]:
    """Asked for within the hour, so that the Director can be rung."""
    found = ask(story, urgent=True)
    with time_machine.travel(found.at(minutes=30), tick=False):
        yield found


def lines(asking: Asking, at: datetime | None = None, by: Actor | None = None) -> list[Any]:
    case = Case.objects.get(pk=asking.story.case.pk)
    found = read(case, by or asking.story.lead, at or asking.at(minutes=30))
    return [(each["words"], each["text"]) for each in asked_police(found)]


def asks(asking: Asking) -> Message:
    return deciding.ask_question(
        by=asking.boss, at=asking.at(minutes=10), request=asking.fresh(), words="When is he back?"
    )


def phoned(asking: Asking) -> PhoneApproval:
    return phones.record_phone_approval(
        by=asking.story.boss,
        at=asking.at(minutes=12),
        request=asking.fresh(),
        director=asking.director,
        called_at=asking.at(minutes=11),
        words="Yes, tell them.",
    )


def test_every_page_about_telling_others_is_linked(asking: Asking) -> None:
    found = read(asking.story.case, asking.story.lead, asking.at())
    links = telling_links(found)
    assert [each["text"] for each in links][:2] == [
        "Permission: who may be told what",
        "Told to others",
    ]
    assert all(each["href"].startswith(f"/cases/{found.case.reference}/") for each in links)


def test_a_case_that_never_asked_costs_no_query(story: Story) -> None:
    story.allocated()
    found = read(Case.objects.get(pk=story.case.pk), story.lead, story.at(hours=1))
    with CaptureQueriesContext(connection) as queries:
        assert asked_police(found) == []
    assert not queries.captured_queries


def test_what_only_waits_asks_nothing_of_anybody_here(asking: Asking) -> None:
    assert lines(asking) == []


def test_a_question_stands_until_it_is_answered(asking: Asking) -> None:
    question = asks(asking)
    assert lines(asking) == [(QUESTION, "Answer it")]
    answer_question(
        by=asking.story.lead, at=asking.at(minutes=20), question=question, words="On Sunday."
    )
    assert lines(asking) == []


def test_an_approval_says_until_when_and_goes_when_it_went(asking: Asking) -> None:
    asking.decide()
    ((said, link),) = lines(asking)
    assert said.startswith("The Director approved telling the police. It may go once, until ")
    assert link == "Send it"
    sent = gate.send_pack(by=asking.story.lead, at=asking.at(minutes=25), pack=asking.fresh().pack)
    assert isinstance(sent, Send)
    assert lines(asking) == []


def test_a_word_on_the_phone_may_be_used_until_it_is_denied(asking: Asking) -> None:
    phone = phoned(asking)
    ((said, link),) = lines(asking)
    assert said.startswith("Ruth Calloway approved telling the police by phone. It may go once, ")
    assert link == "Send it"
    assert lines(asking, phone.valid_until + timedelta(minutes=1)) == []
    phones.repudiate_phone(
        by=asking.boss, at=asking.at(minutes=20), phone=phone, words="Nobody rang me."
    )
    assert lines(asking) == [
        (
            "Ruth Calloway says that it was not said on the phone. "
            "Nothing may go on it: the request waits for a decision.",
            "See the request",
        )
    ]


def test_a_question_and_a_word_on_the_phone_are_two_lines(asking: Asking) -> None:
    asks(asking)
    phoned(asking)
    assert [link for _, link in lines(asking)] == ["Answer it", "Send it"]


def test_no_is_told_with_the_way_to_the_reason_for_a_week(asking: Asking) -> None:
    asking.decide("DECLINE")
    assert lines(asking) == [
        ("The Director declined telling the police, today at 2:01pm. Nothing is sent.", "Read why")
    ]
    assert lines(asking, asking.at(days=6))
    assert lines(asking, asking.at(days=8)) == []


def test_an_approval_that_ran_out_is_told(asking: Asking) -> None:
    asking.decide()
    late = asking.at(days=4)
    watch(late)
    ((said, link),) = lines(asking, late)
    assert said.startswith("The approval to tell the police ran out ")
    assert said.endswith(" and nothing was sent.")
    assert link == "See the request"


def test_a_page_changed_after_the_yes_is_told(asking: Asking) -> None:
    asking.decide()
    pack = asking.fresh().pack
    set_item(
        by=asking.story.lead,
        at=asking.at(minutes=25),
        pack=pack,
        field="HISTORY",
        text="Two reports since March.",
        why="It is the least.",
    )
    ((said, link),) = lines(asking)
    assert said == (
        "The page for the police was changed, so the approval no longer stands. Nothing went."
    )
    assert link == "See the request"


def test_what_was_taken_back_is_no_news(asking: Asking) -> None:
    take_back(by=asking.story.lead, at=asking.at(minutes=5), request=asking.fresh(), why="Safe.")
    assert lines(asking) == []


def test_a_new_request_puts_the_old_answer_away(asking: Asking) -> None:
    asking.decide("DECLINE")
    unit = asking.unit
    with time_machine.travel(asking.at(minutes=25), tick=False):
        made: Request = begin(asking.story, unit)
    fill(asking.story.lead, asking.at(minutes=26), made)
    assert lines(asking) == []


def test_the_case_page_shows_it_to_whoever_works_it(asking: Asking) -> None:
    asking.decide("DECLINE", reason=REASON)
    client = asking.world.client(asking.story.officer)
    page = client.get(f"/cases/{asking.story.case.reference}/").content.decode()
    assert "The Director declined telling the police" in text_of(page)
    assert f"/cases/{asking.story.case.reference}/police/{asking.request.pk}/" in page


def queue(asking: Asking) -> str:
    return text_of(asking.world.client(asking.story.officer).get("/").content.decode())


def next_of(asking: Asking, clock: ClockKind) -> Row:
    """The row of the case in the lead's queue, were this the duty due next."""
    lead, now = asking.story.lead, asking.at(minutes=30)
    (case,) = read_rows([asking.story.case.pk], lead)
    return row_of(replace(case, next_clock=clock), lead, Ask(View.MINE), now)


def test_the_queue_says_what_a_request_asks_beside_the_duty_due_first(asking: Asking) -> None:
    note = "The Director asked a question."
    assert note not in queue(asking)
    question = asks(asking)
    assert note in queue(asking)
    answer_question(
        by=asking.story.lead, at=asking.at(minutes=20), question=question, words="On Sunday."
    )
    assert note not in queue(asking)
    asking.decide(at=asking.at(minutes=22))
    assert "The police may be told, once, until " in queue(asking)
    gate.send_pack(by=asking.story.lead, at=asking.at(minutes=25), pack=asking.fresh().pack)
    assert "The police may be told" not in queue(asking)


def test_a_question_is_the_next_step_while_the_directors_clock_is_next(asking: Asking) -> None:
    before = next_of(asking, ClockKind.POLICE_APPROVAL)
    assert before.step == "Director: decide about telling the police"
    asks(asking)
    row = next_of(asking, ClockKind.POLICE_APPROVAL)
    assert (row.step, row.step_note) == (
        "Answer the Director’s question",
        "It is about telling the police.",
    )
    assert "The Director asked a question." not in row.notes
    assert "The Director asked a question." in next_of(asking, ClockKind.RISK_REVIEW).notes
