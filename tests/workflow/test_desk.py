"""The Director's desk: what waits, one decision on one screen, and who may make it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from cases.access import Role
from cases.casework.operations import declare
from cases.disclosures import request_operations
from cases.disclosures.choices import RequestState
from cases.disclosures.models import Decision, Message
from cases.staff.models import RoleHolding, User
from tests.casework.story import Story
from tests.workflow.asked import REASON, Asking, ask
from tests.workflow.test_case_page import text_of
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(story: Story) -> Iterator[Asking]:
    found = ask(story)
    with time_machine.travel(found.at(minutes=48), tick=False):
        yield found


def get(asking: Asking, user: User, name: str, *args: Any, status: int = 200) -> str:
    response = asking.world.client(user).get(reverse(f"workflow:{name}", args=args))
    assert response.status_code == status, response.status_code
    return said_in(response.content.decode())


def said_in(html: str) -> str:
    """The words of the page, as they are read."""
    return re.sub(r" ([.,])", r"\1", text_of(html))


def post(asking: Asking, user: User, status: int = 302, **said: Any) -> str:
    address = reverse("workflow:decide", args=[asking.request.pk])
    file = asking.fresh().file
    data = {"verdict": "APPROVE", "reason": REASON, "seal": file.seal if file else "", **said}
    response = asking.world.client(user).post(address, data)
    whole = response.content.decode()
    assert response.status_code == status, whole
    assert ("<title>Error: " in whole) == (status == 200)
    return said_in(whole)


def test_the_queue_shows_what_waits_without_a_name(asking: Asking) -> None:
    said = get(asking, asking.director, "decisions")
    assert "Tell Northshire Police" in said
    assert asking.story.case.reference in said
    assert "Risk: High, 2 red flags." in said
    assert "3 hours 12 minutes left" in said
    assert "Amara" not in said
    whole = asking.world.client(asking.director).get(reverse("workflow:decisions"))
    assert "Decisions (1)" in whole.content.decode()
    assert "Director of Customer Operations" in whole.content.decode()


def test_the_one_screen_has_the_whole_story(asking: Asking) -> None:
    said = get(asking, asking.director, "decision", asking.request.pk)
    for words in (
        "Tell the police, without permission?",
        "3 hours 12 minutes left",
        "Dawn Mistry asks to send 3 facts about Amara Osei to Northshire Police.",
        "Amara said no, three times.",
        "An attack on her in her home",
        "2 red flags",
        "“Please don’t. If the police knock he will know it was me.”",
        "Asked on 10, 17 and 18 November.",
        "Public Protection Unit",
        "A. What happened",
        "to this unit, once, within 72 hours",
        "The respondent may guess. Two other people also heard him.",
        "The safety plan stands.",
        "The Director of Customer Operations will approve any such disclosure.",
        "Open the whole case",
        "You may decide this",
        "Go to your decision",
        "Sign in again and decide",
    ):
        assert words in said, words


def test_approving_is_kept_and_shown(asking: Asking) -> None:
    post(asking, asking.director)
    assert asking.fresh().state == RequestState.APPROVED
    assert Decision.objects.get().reason == REASON
    said = get(asking, asking.director, "decision", asking.request.pk)
    assert "Approved, as shown" in said
    assert "It may go once, to Public Protection Unit, until" in said
    assert "Sign in again and decide" not in said


def test_approving_less_takes_out_what_is_ticked(asking: Asking) -> None:
    place = asking.items()[1]
    post(asking, asking.director, verdict="APPROVE_REDUCED", take_out=[str(place.pk)])
    assert asking.fresh().state == RequestState.REDUCED
    said = get(asking, asking.director, "decision", asking.request.pk)
    assert "Taken out: Where." in said


def test_a_question_is_no_decision(asking: Asking) -> None:
    post(asking, asking.director, verdict="ASK", reason="When is he back?")
    assert not Decision.objects.exists()
    assert Message.objects.get().words == "When is he back?"
    said = get(asking, asking.director, "decision", asking.request.pk)
    assert "When is he back?" in said
    assert "Not answered yet." in said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"verdict": ""}, "Choose what you decide"),
        ({"verdict": "\x00"}, "Choose what you decide"),
        ({"verdict": "MAYBE"}, "Choose what you decide"),
        ({"reason": ""}, "Give your reason"),
        ({"reason": "Yes."}, "Give your reason (at least 50 characters)."),
        ({"verdict": "APPROVE_REDUCED"}, "Choose what is taken out"),
        ({"verdict": "APPROVE_REDUCED", "take_out": ["9" * 30]}, "Select a valid choice"),
        ({"take_out": "first"}, "choose “Approve less”"),
        ({"seal": "0" * 64}, "Nothing was decided"),
    ],
)
def test_bad_input_is_said_and_everything_stays(
    asking: Asking, said: dict[str, Any], sentence: str
) -> None:
    if said.get("take_out") == "first":
        said = {"take_out": [str(asking.items()[0].pk)]}
    page = post(asking, asking.director, status=200, **said)
    assert sentence in page
    if said.get("reason") is None:
        assert REASON in page
    assert not Decision.objects.exists()


def test_decided_twice_shows_what_was_decided_first(asking: Asking) -> None:
    other = asking.world.user(Role.DIRECTOR_CO, name="Second Director")
    post(asking, asking.director, verdict="DECLINE")
    said = post(asking, other, status=409)
    assert "Ruth Calloway" in said
    assert "Decline" in said
    assert "Approve, as shown" in said
    assert Decision.objects.count() == 1


def test_whoever_raised_it_reads_why_they_may_not(story: Story) -> None:
    asking = ask(story)
    with time_machine.travel(asking.at(minutes=48), tick=False):
        said = get(asking, story.officer, "decision", asking.request.pk, status=403)
        assert "Only the Director of Customer Operations decides" in said


def test_a_conflicted_director_sees_nothing(asking: Asking) -> None:
    declare(by=asking.boss, at=asking.at(minutes=40), case=asking.story.case, knows_somebody=True)
    get(asking, asking.director, "decision", asking.request.pk, status=404)
    said = get(asking, asking.director, "decisions")
    assert asking.story.case.reference not in said
    assert "No decisions are waiting." in said
    # The policy sponsor decides it then.
    assert "You may decide this" in get(asking, asking.sponsor, "decision", asking.request.pk)


def test_the_sponsor_sees_nothing_the_director_can_decide(asking: Asking) -> None:
    get(asking, asking.sponsor, "decision", asking.request.pk, status=404)


def test_taken_back_leaves_nothing_to_decide(asking: Asking) -> None:
    request_operations.take_back(
        by=asking.story.lead, at=asking.at(minutes=47), request=asking.request, why="She said yes."
    )
    said = get(asking, asking.director, "decision", asking.request.pk)
    assert "Taken back" in said
    assert "Sign in again and decide" not in said


def test_eleven_minutes_later_they_show_again_who_they_are_and_the_reason_is_kept(
    asking: Asking,
) -> None:
    """Screens 9: signing in again returns to the same decision with the reason still typed."""
    asking.director.set_password(PASSWORD)
    asking.director.save()
    client = asking.world.client(asking.director, ago=11 * 60)
    file = asking.fresh().file
    assert file is not None
    where = reverse("workflow:decide", args=[asking.request.pk])
    place = str(asking.items()[1].pk)
    said = {"verdict": "APPROVE_REDUCED", "reason": REASON, "take_out": [place], "seal": file.seal}
    sent = client.post(where, said)
    assert sent.headers["Location"].startswith("/account/reauthenticate/")
    assert not Decision.objects.exists()
    again = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": where})
    assert again.headers["Location"] == where
    page = client.get(where).content.decode()
    assert REASON in page
    assert re.search(rf'value="{place}" checked', page)
    assert 'name="typed_again"' in page
    assert client.post(where, {**said, "typed_again": "1"}).status_code == 302
    assert Decision.objects.get().verdict == "APPROVE_REDUCED"


def test_whoever_acts_for_the_director_reads_it_on_every_page(asking: Asking) -> None:
    """Domain 7.5: named, dated, with a reason, shown while it lasts and not after."""
    other = asking.world.user(name="Marion Hale")
    boss, now = asking.world.client(asking.director), asking.at(minutes=48)
    ends = asking.at(hours=30)
    said = {
        "user": "Marion Hale",
        "reason": "The Director is on leave until Thursday.",
        **{f"begins_at_{part}": value for part, value in boxes(now).items()},
        **{f"ends_at_{part}": value for part, value in boxes(ends).items()},
    }
    bad = boss.post(reverse("workflow:delegates"), {**said, "user": "Nobody Here"})
    assert "Nobody who signs in is called" in bad.content.decode()
    assert boss.post(reverse("workflow:delegates"), said).status_code == 302
    client = asking.world.client(other)
    for name in ("workflow:decisions", "audit:own-log", "policy:policy"):
        page = client.get(reverse(name)).content.decode()
        assert "Acting for the Director" in page, name
        assert "Ruth Calloway" in page
        assert "on leave until Thursday" in page
    assert "You may decide this" in get(asking, other, "decision", asking.request.pk)
    holding = RoleHolding.objects.get(role=Role.ACTING_DIRECTOR)
    where = reverse("workflow:delegate-end", args=[holding.pk])
    assert boss.post(where, {"reason": "The Director is back."}).status_code == 302
    with time_machine.travel(asking.at(minutes=50), tick=False):
        page = client.get(reverse("policy:policy")).content.decode()
        assert "Acting for the Director" not in page
        get(asking, other, "decision", asking.request.pk, status=403)


def boxes(at: datetime) -> dict[str, str]:
    return {
        "day": str(at.day),
        "month": str(at.month),
        "year": str(at.year),
        "time": f"{at:%H:%M}",
    }


def test_the_desk_asks_the_same_number_of_questions_for_more_rows(
    asking: Asking, django_assert_max_num_queries: Any
) -> None:
    client = asking.world.client(asking.director)
    client.get(reverse("workflow:decisions"))
    with django_assert_max_num_queries(40):
        client.get(reverse("workflow:decisions"))
    with django_assert_max_num_queries(60):
        client.get(reverse("workflow:decision", args=[asking.request.pk]))
