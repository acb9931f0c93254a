"""The officer's request: begun, answered in groups, checked item by item, asked, and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from cases.access import Role
from cases.disclosures import deciding, gate
from cases.disclosures.choices import RequestState
from cases.disclosures.models import Afterwards, Emergency, PhoneApproval, Request, Send
from cases.disclosures.request_operations import ask_director
from cases.staff.models import User
from tests.casework.story import Story
from tests.workflow.asked import FACTS, REASON, Asking, ask, begin, fill, prepare
from tests.workflow.test_desk import said_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(story: Story) -> Iterator[Asking]:
    """A request that is written and not asked yet."""
    found = ask(story, asked=False)
    with time_machine.travel(found.at(minutes=10), tick=False):
        yield found


def address(asking: Asking, name: str = "request", *args: Any) -> str:
    return reverse(
        f"workflow:police-{name}",
        args=[asking.story.case.reference, *(args or [asking.request.pk])],
    )


def get(asking: Asking, name: str = "request", user: User | None = None, status: int = 200) -> str:
    client = asking.world.client(user or asking.story.officer)
    response = client.get(address(asking, name))
    assert response.status_code == status
    return said_in(response.content.decode())


def post(asking: Asking, where: str, user: Any = None, status: Any = 302, **said: Any) -> str:
    response = asking.world.client(user or asking.story.officer).post(where, said)
    whole = response.content.decode()
    assert response.status_code == status, said_in(whole)
    assert ("<title>Error: " in whole) == (status == 200)
    return said_in(whole)


def moment(at: datetime, name: str) -> dict[str, str]:
    return {
        f"{name}_day": str(at.day),
        f"{name}_month": str(at.month),
        f"{name}_year": str(at.year),
        f"{name}_time": f"{at:%H:%M}",
    }


def test_begun_on_the_case_and_led_to_the_first_group(story: Story) -> None:
    director, _, unit = prepare(story)
    del director
    with time_machine.travel(story.at(hours=3), tick=False):
        client = story.world.client(story.officer)
        where = reverse("workflow:police-new", args=[story.case.reference])
        empty = client.post(where, {})
        assert "Which unit would be told?" in said_in(empty.content.decode())
        assert not Request.objects.exists()
        said = {"about": story.victim.pk, "contact": unit.pk, "urgent": "no"}
        response = client.post(where, said)
        made = Request.objects.get()
        assert response.headers["Location"].endswith(f"/police/{made.pk}/harm/")
        assert not made.urgent


@pytest.mark.parametrize(
    ("group", "said", "field"),
    [
        ("harm", {"harm_what": "A fire."}, "harm_what"),
        ("permission", {"why_none": "NOT_SAFE", "asked_on": "17/11/2026\n10 nov 2026"}, "asked_on"),
        ("reasons", {"legal_basis": "VITAL"}, "legal_basis"),
        ("meaning", {"traced": "NO"}, "traced"),
        ("affected", {"third_party_why": "Nobody else saw it."}, "third_party_why"),
    ],
)
def test_a_group_is_kept_as_far_as_it_is_answered(
    asking: Asking, group: str, said: dict[str, str], field: str
) -> None:
    post(asking, address(asking, "group", asking.request.pk, group), **said)
    kept = getattr(asking.fresh(), field)
    if field == "asked_on":
        assert [day.isoformat() for day in kept] == ["2026-11-10", "2026-11-17"]
    else:
        assert kept == said[field]


@pytest.mark.parametrize(
    ("group", "said", "sentence"),
    [
        ("permission", {"asked_on": "yesterday"}, "“yesterday” is not a day"),
        ("permission", {"asked_on": "31/2/2026"}, "must be a real date"),
        ("permission", {"why_none": "MAYBE"}, "Select a valid choice"),
        ("permission", {"why_none": "\x00"}, "Select a valid choice"),
        ("harm", {"harm_what": "x" * 4001}, "at most 4000 characters"),
        ("harm", {"harm_what": "a\x00b"}, "Null characters are not allowed"),
        ("affected", {"affected": ["9" * 40]}, "Select a valid choice"),
        ("unit", {"contact": "9" * 40, "urgent": "no"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_said_beside_the_field(
    asking: Asking, group: str, said: dict[str, Any], sentence: str
) -> None:
    page = post(asking, address(asking, "group", asking.request.pk, group), None, 200, **said)
    assert sentence in page
    assert asking.fresh().harm_what == FACTS["harm_what"]


def test_no_such_group_is_not_found(asking: Asking) -> None:
    client = asking.world.client(asking.story.officer)
    for group in ("nothing", "page-1"):
        where = address(asking, "group", asking.request.pk, group)
        assert client.get(where).status_code == 404


def test_the_check_lists_what_is_missing_with_links(story: Story) -> None:
    _, _, unit = prepare(story)
    with time_machine.travel(story.at(hours=3), tick=False):
        made = begin(story, unit)
        where = reverse("workflow:police-check", args=[story.case.reference, made.pk])
        html = story.world.client(story.officer).get(where).content.decode()
    said = said_in(html)
    for sentence in (
        "Say what serious harm could be done.",
        "Say why there is no permission.",
        "Choose what the police would be told: nothing is chosen yet.",
        "Say what happens if the Director declines.",
        "The Director cannot be asked yet.",
    ):
        assert sentence in said, sentence
    assert f"/police/{made.pk}/harm/#id_harm_what" in html
    assert f"/police/{made.pk}/page/" in html


def test_asked_only_when_the_page_was_read(asking: Asking) -> None:
    page = post(asking, address(asking, "check"), None, 200, token="one")
    assert "Look at the page itself" in page
    assert asking.fresh().state == RequestState.DRAFT
    post(asking, address(asking, "check"), reviewed="on")
    assert asking.fresh().state == RequestState.WAITING
    said = get(asking)
    assert "Waiting for a decision" in said
    assert "4 hours left" in said or "3 hours 59 minutes left" in said


def test_somebody_else_does_not_ask(asking: Asking) -> None:
    other = asking.story.manager
    page = post(asking, address(asking, "check"), other, 200, reviewed="on")
    assert "Only whoever began this request asks the Director." in page


def asked(asking: Asking) -> Asking:
    ask_director(
        by=asking.story.lead, at=asking.at(minutes=1), request=asking.request, reviewed=True
    )
    return asking


def test_a_question_is_answered_on_the_request(asking: Asking) -> None:
    asked(asking)
    question = deciding.ask_question(
        by=asking.boss, at=asking.at(minutes=5), request=asking.fresh(), words="When is he back?"
    )
    assert "Answer the Director’s question" in get(asking)
    where = address(asking, "answer", question.pk)
    assert "Enter your answer" in post(asking, where, None, 200, words=" ")
    post(asking, where, words="On Sunday, his sister says.")
    said = get(asking)
    assert "On Sunday, his sister says." in said
    assert "Answer the Director’s question" not in said


def test_declined_says_why_and_a_new_one_needs_new_facts(asking: Asking) -> None:
    asked(asking).decide("DECLINE", at=asking.at(minutes=5))
    said = get(asking)
    assert "Declined" in said
    assert REASON in said
    assert "A new request needs new facts." in said
    again = begin(asking.story, asking.unit)
    fill(asking.story.lead, asking.at(minutes=8), again)
    where = reverse("workflow:police-check", args=[asking.story.case.reference, again.pk])
    client = asking.world.client(asking.story.officer)
    assert "Say what is new since then" in said_in(client.get(where).content.decode())


def test_approved_leads_to_sending_and_sent_to_what_followed(asking: Asking) -> None:
    asked(asking).decide(at=asking.at(minutes=5))
    said = get(asking)
    assert "Approved, as shown" in said
    assert "Send it" in said
    sent = gate.send_pack(by=asking.story.lead, at=asking.at(minutes=8), pack=asking.fresh().pack)
    assert isinstance(sent, Send)
    assert "What followed" in get(asking)
    where = address(asking, "after")
    now = asking.at(minutes=9)
    post(asking, where, kind="TOLD", words="She knows.", **moment(now, "happened_at"))
    assert Afterwards.objects.get().words == "She knows."
    assert "She knows." in get(asking, "after")


def test_taken_back(asking: Asking) -> None:
    asked(asking)
    post(asking, address(asking, "take-back"), words="She said yes after all.")
    assert "Taken back" in get(asking)


def test_a_manager_says_why_it_is_asked_when_risk_is_not_high(asking: Asking) -> None:
    where = address(asking, "not-high")
    why = "He has hurt somebody before, and the assessment was made before we knew of that."
    page = post(asking, where, None, 200, words=why)
    assert "Only a case manager can say why" in page
    post(asking, where, asking.story.manager, words=why)
    assert asking.fresh().not_high_why == why


def test_a_word_by_phone_is_written_down_by_a_manager(asking: Asking, story: Story) -> None:
    asked(asking)
    with time_machine.travel(story.at(hours=9), tick=False):
        where = address(asking, "phone")
        assert asking.world.client(story.officer).get(where).status_code == 403
        said = {
            "director": asking.director.pk,
            "words": "Yes, tell them tonight.",
            **moment(story.at(hours=8), "called_at"),
        }
        page = post(asking, where, story.manager, 200, **{**said, "director": asking.sponsor.pk})
        assert "Select a valid choice" in page
        post(asking, where, story.manager, **said)
        phone = PhoneApproval.objects.get()
        client = asking.world.client(asking.director)
        desk = said_in(client.get(reverse("workflow:decisions")).content.decode())
        assert "Is this what you said?" in desk
        where = reverse("workflow:decision-phone", args=[phone.pk])
        assert "Yes, tell them tonight." in said_in(client.get(where).content.decode())
        assert client.post(where, {"answer": "yes", "words": REASON}).status_code == 302
        phone.refresh_from_db()
        assert phone.state == "CONFIRMED"


def test_999_is_written_down_and_looked_back_at(asking: Asking) -> None:
    where = reverse("workflow:police-999", args=[asking.story.case.reference])
    said = {
        "rung_by": "Dawn Mistry",
        "affected": asking.story.victim.pk,
        "why": "He was at the door with petrol.",
        "said": "The address and his name.",
        **moment(asking.at(minutes=5), "rung_at"),
    }
    page = post(asking, where, None, 200, **{**said, "why": ""})
    assert "Ring 999 first. Nobody waits for this page." in page
    post(asking, where, **said)
    call = Emergency.objects.get()
    client = asking.world.client(asking.director)
    desk = said_in(client.get(reverse("workflow:decisions")).content.decode())
    assert "999 was rung, life at risk" in desk
    where = reverse("workflow:decision-999", args=[call.pk])
    assert "He was at the door with petrol." in said_in(client.get(where).content.decode())
    assert client.post(where, {"verdict": "RIGHT", "words": REASON}).status_code == 302
    assert call.review.verdict == "RIGHT"
    assert "Looked back at" in said_in(
        asking.world.client(asking.story.officer)
        .get(reverse("workflow:police-999-after", args=[asking.story.case.reference, call.pk]))
        .content.decode()
    )


def test_somebody_of_another_case_finds_nothing(asking: Asking) -> None:
    stranger = asking.world.user(Role.HOUSING_OFFICER, name="Tom Ellery")
    get(asking, "request", stranger, 404)
    get(asking, "check", stranger, 404)
