"""The pages of what is to be done better."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.access import Actor, Grant, Refused, Role
from cases.improving.models import Improvement, Recommendation, ReviewReason
from cases.improving.operations import change_improvement, end_improvement
from cases.staff.models import User
from tests.audit.pages import ritual
from tests.improving.one_of_each import act, end_all, keep_improving, reason, recommend
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
LISTS = ("improvements", "recommendations", "reasons")
NEW = {
    "because": "GAP",
    "what": "Ring back within a day.",
    "finding": "Some are rung later.",
    "due_on_day": "4",
    "due_on_month": "1",
    "due_on_year": "2027",
}


@pytest.fixture(autouse=True)
def at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(world: World, manager: User) -> Client:
    return world.client(manager)


def at(name: str, *args: object) -> str:
    return reverse(f"improving:{name}", args=args)


def page(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


@pytest.mark.parametrize("name", LISTS)
def test_who_looks_over_it(world: World, manager: User, officer: User, name: str) -> None:
    keep_improving(world.actor(manager), world.now, officer)
    for role in (Role.DIRECTOR_CO, Role.AUDITOR, Role.DPO, Role.POLICY_SPONSOR):
        text = page(world.client(world.user(role)).get(at(name)))
        assert (at(f"add-{name.removesuffix('s')}") in text) is (role is Role.DIRECTOR_CO)
    needs = Grant.SEE_IMPROVEMENTS.value
    ritual(
        world,
        allowed=manager,
        refused=world.user(Role.REPORT_VIEWER),
        address=at(name),
        sentence=needs,
    )


@pytest.mark.parametrize("name", ["add-improvement", "add-recommendation", "add-reason"])
def test_who_keeps_it(world: World, manager: User, name: str) -> None:
    for role in (Role.AUDITOR, Role.DPO, Role.HOUSING_OFFICER):
        response = world.client(world.user(role)).get(at(name))
        assert response.status_code == 403
        assert Grant.KEEP_IMPROVEMENTS.value in response.content.decode()


def test_a_colleague_sees_what_is_theirs_and_nothing_else(
    world: World, by: Actor, manager: User, officer: User
) -> None:
    mine, other = act(by, world.now, officer), act(by, world.now, manager, what="Another thing.")
    own, others = recommend(by, world.now, officer), recommend(by, world.now, manager, title="B")
    client = world.client(officer)
    text = page(client.get(at("improvements")))
    assert mine.what in text
    assert other.what not in text
    assert client.get(at("improvement", mine.pk)).status_code == 200
    assert client.get(at("improvement", other.pk)).status_code == 404
    assert client.get(at("recommendation", own.pk)).status_code == 200
    assert client.get(at("recommendation", others.pk)).status_code == 404
    assert client.get(at("reasons")).status_code == 403


def test_an_action_is_recorded_once_however_often_it_is_sent(
    world: World, client: Client, officer: User
) -> None:
    sent = {**NEW, "owner": officer.pk, "token": "a-b-c"}
    first = client.post(at("add-improvement"), sent)
    row = Improvement.objects.get()
    assert first["Location"] == at("improvement", row.pk)
    assert client.post(at("add-improvement"), sent).status_code == 302
    assert Improvement.objects.count() == 1
    text = page(client.get(at("improvement", row.pk)))
    for words in (row.what, row.finding, "Dawn Mistry", "Monday 4 January 2027", "A gap between"):
        assert words in text


def test_nothing_is_chosen_beforehand_and_what_is_missing_is_said(
    client: Client, manager: User
) -> None:
    text = page(client.get(at("add-improvement")))
    assert " checked" not in text
    text = page(client.post(at("add-improvement"), {"what": "Ring back."}))
    for words in (
        "Choose why it is to be done",
        "Say what was found",
        "Choose who sees to it",
        "Enter the day it is due",
    ):
        assert words in text
    assert "Ring back." in text
    assert "<title>Error: " in text
    assert not Improvement.objects.exists()


BAD: list[dict[str, Any]] = [
    {"owner": "999999999999999999999"},
    {"owner": "x"},
    {"due_on_day": "31", "due_on_month": "2"},
    {"due_on_year": "99999"},
    {"due_on_year": "2020"},
    {"due_on_year": "9999"},
    {"because": "WHIM"},
    {"measure": "M99"},
    {"what": "a\0b"},
    {"finding": "x" * 1001},
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_bad_input_is_a_sentence(client: Client, officer: User, bad: dict[str, Any]) -> None:
    text = page(client.post(at("add-improvement"), {**NEW, "owner": officer.pk, **bad}))
    assert "There is a problem" in text
    assert not Improvement.objects.exists()


def test_an_action_is_made_from_what_the_address_names(
    world: World, client: Client, by: Actor, officer: User
) -> None:
    register, why = recommend(by, world.now, officer), reason(by, world.now)
    said = {**NEW, "owner": officer.pk}
    said.pop("because")
    for name, row in (("recommendation", register), ("review", why)):
        address = f"{at('add-improvement')}?{name}={row.pk}"
        assert row.words in page(client.get(address))
        made = client.post(address, said)
        assert made.status_code == 302
        assert NEW["what"] in page(client.get(at("reason" if name == "review" else name, row.pk)))
    assert [row.because for row in Improvement.objects.order_by("pk")] == [
        "RECOMMENDATION",
        "REVIEW",
    ]
    for bad in ("0", "x", "99999999999999999999", "²", "-1"):
        for name in ("recommendation", "review"):
            assert client.get(f"{at('add-improvement')}?{name}={bad}").status_code == 404


def test_it_is_changed_and_ended(world: World, client: Client, by: Actor, officer: User) -> None:
    row = act(by, world.now, officer)
    drawn = client.get(at("change-improvement", row.pk))
    seen = drawn.context["form"].initial["seen"]
    sent = {**NEW, "owner": officer.pk, "seen": seen}
    assert client.post(at("change-improvement", row.pk), sent).status_code == 302
    row.refresh_from_db()
    assert row.what == NEW["what"]
    # Whoever saves second reads both.
    change_improvement(
        by=by,
        at=world.now,
        improvement=row,
        what="Third.",
        finding=row.finding,
        owner=officer,
        due_on=row.due_on,
    )
    stale = client.post(at("change-improvement", row.pk), {**sent, "what": "Second."})
    assert stale.status_code == 409
    assert "Third." in stale.content.decode()
    text = page(client.post(at("end-improvement", row.pk), {}))
    assert "Choose what became of it" in text
    ended = {"to": "DONE", "evidence": "The script asks it."}
    assert client.post(at("end-improvement", row.pk), ended).status_code == 302
    text = page(client.get(at("improvement", row.pk)))
    assert "The script asks it." in text
    assert "Record what became of it" not in text
    assert row.what not in page(client.get(at("improvements")))
    assert "Third." in page(client.get(at("improvements") + "?state=ended"))


def test_what_is_late_says_so(world: World, client: Client, by: Actor, officer: User) -> None:
    with time_machine.travel(NOW.replace(month=8), tick=False):
        act(by, NOW.replace(month=8), officer)
    act(by, world.now, officer, what="Not late.")
    text = page(client.get(at("improvements") + "?state=late"))
    assert "62 days late" in text
    assert "Not late." not in text
    assert page(client.get(at("improvements") + "?state=nonsense&page=abc"))
    assert "Nothing matches" in page(client.get(at("improvements") + "?code=COMPLAINT"))


def test_the_list_asks_the_database_no_more_for_more_rows(
    world: World,
    client: Client,
    by: Actor,
    officer: User,
    manager: User,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(25):
        act(by, world.now, officer if number % 2 else manager, what=f"Thing {number}.")
    with django_assert_max_num_queries(16):
        client.get(at("improvements"))


def test_a_recommendation_is_added_and_closed(world: World, client: Client, officer: User) -> None:
    sent = {
        "source": "REGULATOR",
        "title": "A judgement",
        "said_in_month": "3",
        "said_in_year": "2026",
        "words": "Count it.",
        "owner": officer.pk,
        "due_on_day": "4",
        "due_on_month": "1",
        "due_on_year": "2027",
    }
    for bad in ({"said_in_month": "13"}, {"said_in_year": "2099"}, {"said_in_month": ""}):
        assert "There is a problem" in page(client.post(at("add-recommendation"), {**sent, **bad}))
    assert client.post(at("add-recommendation"), sent).status_code == 302
    row = Recommendation.objects.get()
    assert row.said_in.isoformat() == "2026-03-01"
    again = page(client.post(at("add-recommendation"), sent))
    assert "This recommendation is in the register already." in again
    ended = {"to": "NOT_NEEDED", "evidence": "We have no such homes."}
    assert client.post(at("end-recommendation", row.pk), ended).status_code == 302
    assert "We have no such homes." in page(client.get(at("recommendation", row.pk)))


def test_a_reason_is_recorded_and_decided(client: Client, manager: User) -> None:
    sent = {"kind": "ENHANCEMENT", "words": "A new service."}
    assert "There is a problem" in page(
        client.post(at("add-reason"), {**sent, "kind": "REVIEW_DATE"})
    )
    assert client.post(at("add-reason"), sent).status_code == 302
    row = ReviewReason.objects.get()
    decide, day = at("decide-reason", row.pk), {"review_by_day": "4", "review_by_month": "1"}
    day["review_by_year"] = "2027"
    for bad in (
        {},
        {"decision": "FORWARD", "why": "It matters."},
        {"decision": "NOT_NOW", "why": "It does not.", **day},
        {"decision": "FORWARD", "why": "", **day},
        {"decision": "FORWARD", "why": "Yes.", **day, "review_by_year": "2020"},
    ):
        assert "There is a problem" in page(client.post(decide, bad))
    assert client.post(decide, {"decision": "FORWARD", "why": "Yes.", **day}).status_code == 302
    assert "Monday 4 January 2027" in page(client.get(at("reason", row.pk)))
    late = page(client.post(decide, {"decision": "NOT_NOW", "why": "No."}))
    assert "This was decided already." in late


def test_every_page_shows_what_ended(
    world: World, client: Client, by: Actor, officer: User
) -> None:
    end_all(by, world.now, officer)
    for row, name in (
        (Improvement.objects.get(), "improvement"),
        (Recommendation.objects.get(), "recommendation"),
        (ReviewReason.objects.get(), "reason"),
    ):
        assert (
            "Record" not in page(client.get(at(name, row.pk))).split("<main")[1].split("<table")[0]
        )
    ended = Improvement.objects.get()
    refused = page(client.post(at("end-improvement", ended.pk), {"to": "DONE", "evidence": "Now."}))
    assert "It was ended already." in refused
    with pytest.raises(Refused, match="ended already"):
        end_improvement(by=by, at=world.now, improvement=ended, to="DONE", evidence="Now.")


@pytest.mark.parametrize("pk", ["999999999", "99999999999999999999999"])
def test_what_is_not_there(client: Client, manager: User, pk: str) -> None:
    for place in ("improvements", "recommendations", "review"):
        assert client.get(f"/monitoring/{place}/{pk}/").status_code == 404
