"""What somebody asked for when they said yes stands beside every page it is about."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine

from cases.consent.operations import ask_permission
from tests.casework.story import Story
from tests.workflow.disclosing_case import Telling, telling
from tests.workflow.test_case_page import text_of

WISH = "Not the officer who came in March."


@pytest.fixture
def told(story: Story) -> Telling:
    return telling(story)


def with_a_wish(told: Telling) -> None:
    ask_permission(
        by=told.lead,
        at=told.at(),
        about=told.story.victim,
        agency=told.council,
        purpose="to put in lighting",
        replies={"FACTS": "GIVEN", "IDENTITY": "GIVEN"},
        how="PHONE",
        conditions=WISH,
        informed_by="1",
    )


@pytest.mark.parametrize("rest", ["", "preview/", "send/"])
def test_a_condition_stands_on_each_page_before_it_goes(told: Telling, rest: str) -> None:
    with_a_wish(told)
    pack = told.named()
    told.ready(pack)
    now: datetime = told.story.at(hours=2)
    with time_machine.travel(now, tick=False):
        said = text_of(told.client().get(told.url(pack, rest)).content.decode())
    assert "What they asked for when we spoke about this agency" in said
    assert WISH in said


def test_nothing_stands_there_without_one_or_for_a_page_that_names_nobody(told: Telling) -> None:
    bare = told.named()
    with_a_wish(told)
    nameless = told.nameless()
    other = told.start(told.police)
    with time_machine.travel(told.story.at(hours=2), tick=False):
        client = told.client()
        assert WISH in client.get(told.url(bare)).content.decode()
        for pack in (nameless, other):
            assert WISH not in client.get(told.url(pack)).content.decode()
