"""The register of disclosures: by door, with nobody's name, and only what its reader may know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from cases.access import Role
from cases.audit.models import Access as Seen
from cases.casework.models import Conflict
from cases.disclosures.models import Blocked
from tests.casework.story import Story
from tests.workflow.disclosing_case import Telling, director, telling
from tests.workflow.test_case_page import text_of
from tests.world import by_hand


@pytest.fixture
def now(story: Story) -> Iterator[datetime]:
    """Two hours after the case was opened, and standing still."""
    with time_machine.travel(story.at(hours=2), tick=False):
        yield story.at(hours=2)


@pytest.fixture
def told(story: Story, now: datetime) -> Telling:
    """One page went to the council, and one to the police was refused."""
    made = telling(story)
    made.sent(made.nameless())
    made.tried(made.named(made.police))
    return made


def register(told: Telling, user: Any, **query: Any) -> str:
    answer = told.client(user).get("/register/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_went_is_listed_by_door_and_names_nobody(told: Telling) -> None:
    html = register(told, director(told.story))
    said = text_of(html)
    assert "D7: Nobody can be recognised 1" in said
    assert "Wellby Council, safer streets" in said
    assert "Told: What happened." in said
    assert "How it went is not recorded yet." in said
    assert "Dawn Mistry" in said
    for name in ("Amara", "Osei", "Larkfield", "Novak", "number 16", "spitting"):
        assert name not in html


def test_the_director_goes_to_the_case_and_the_dpo_does_not(told: Telling) -> None:
    link = f'href="/cases/{told.case.reference}/"'
    assert link in register(told, director(told.story))
    theirs = register(told, told.story.world.user(Role.DPO))
    assert link not in theirs
    assert told.case.reference in theirs


def test_what_was_refused_is_there_with_why(told: Telling) -> None:
    said = text_of(register(told, told.story.world.user(Role.DPO), show="blocked"))
    assert "Northshire Police" in said
    assert "No permission" in said
    assert "Nobody had looked at the page as it would go" in said
    assert Blocked.objects.count() == 1


def test_a_case_closed_to_its_reader_is_not_there_nor_counted(told: Telling) -> None:
    story = told.story
    for role in (Role.DIRECTOR_CO, Role.DPO):
        user = story.world.user(role)
        assert story.case.reference in register(told, user)
        with by_hand():
            Conflict.objects.create(
                case=story.case, user=user, source="DECLARED", found_at=story.at()
            )
        html = register(told, user)
        assert story.case.reference not in html
        assert "D7: Nobody can be recognised 1" not in text_of(html)
        assert "Nothing was sent." in html


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ({"door": "D7"}, True),
        ({"door": "D1"}, False),
        ({"who": "mistry"}, True),
        ({"who": "nobody"}, False),
        ({"from_on": "2026-11-19"}, True),
        ({"from_on": "2026-11-20"}, False),
        ({"to_on": "2026-11-19"}, True),
        ({"to_on": "2026-11-18"}, False),
        ({"agency": "council"}, True),
        ({"agency": "police"}, False),
    ],
    ids=str,
)
def test_each_filter_leaves_what_it_says(told: Telling, query: Any, there: bool) -> None:
    if "agency" in query:
        query = {"agency": getattr(told, query["agency"]).pk}
    html = register(told, told.story.world.user(Role.DPO), **query)
    assert (told.case.reference in html) is there
    assert "Take off this filter" in html


@pytest.mark.parametrize(
    "odd", ["\x00", "9" * 40, "-1", "' OR 1=1", "🙂", "a" * 5000], ids=lambda odd: repr(odd)[:12]
)
def test_an_odd_address_breaks_nothing(told: Telling, odd: str) -> None:
    names = ("show", "door", "agency", "who", "from_on", "to_on", "page")
    register(told, told.story.world.user(Role.DPO), **dict.fromkeys(names, odd))


@pytest.mark.parametrize(
    "role", [Role.CASE_MANAGER, Role.HOUSING_OFFICER, Role.AUDITOR, Role.SYSADMIN]
)
def test_nobody_else_reads_it(told: Telling, role: Role) -> None:
    answer = told.client(told.story.world.user(role)).get("/register/")
    assert answer.status_code == 403
    assert "Only the Director and the data protection officer" in answer.content.decode()


def test_reading_it_is_recorded(told: Telling) -> None:
    register(told, told.story.world.user(Role.DPO))
    assert Seen.objects.filter(what="workflow:register", outcome="SHOWN").exists()


@pytest.mark.parametrize("show", ["sent", "decided", "blocked", "999", "phoned"])
def test_more_rows_cost_no_more_looks(
    told: Telling, show: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        told.sent(told.nameless())
        told.tried(told.named(told.police))
    client = told.client(director(told.story))
    client.get("/register/", {"show": show})
    with django_assert_max_num_queries(20):
        client.get("/register/", {"show": show})
