"""After the police were told: the person hears of it, safety is looked at, what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from cases.access import Refused, Role
from cases.casework.clocks import ClockKind
from cases.disclosures import after_operations, gate
from cases.disclosures.models import Afterwards, Request, Send
from tests.disclosures.deciding import Desk, desk_of, raw
from tests.disclosures.packs import sent
from tests.world import World

DELETE = "DELETE FROM disclosures_afterwards"
SHARED = (ClockKind.SHARED_TOLD, ClockKind.SHARED_SAFETY, ClockKind.SHARED_OUTCOME)


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_of(world)


def gone(desk: Desk, **facts: Any) -> Send:
    request: Request = desk.asked(**facts)
    desk.decide(request)
    return sent(desk.send(request))


def after(desk: Desk, send: Send, kind: str, **more: Any) -> Afterwards:
    at = more.pop("at", send.sent_at + timedelta(hours=2))
    facts = {"happened_at": at, "words": "Rang her at her sister’s.", **more}
    by = facts.pop("by", desk.lead)
    return after_operations.record_afterwards(by=by, at=at, about=send, kind=kind, **facts)


def clocks(desk: Desk) -> dict[str, Any]:
    return {clock.kind: clock for clock in desk.case.clocks.filter(kind__in=SHARED)}


def test_what_went_asks_three_things_of_us_once(desk: Desk) -> None:
    send = gone(desk)
    found = clocks(desk)
    assert set(found) == set(SHARED)
    assert all(clock.started_at == send.sent_at for clock in found.values())
    assert found["SHARED_TOLD"].due_at == send.sent_at + timedelta(hours=24)
    day = (send.sent_at + timedelta(days=1)).date()
    assert found["SHARED_SAFETY"].due_at.date() == day
    gate.record_outcome(
        by=desk.lead,
        at=send.sent_at + timedelta(minutes=5),
        send=send,
        channel="SECURE_MAIL",
        to_whom="PC Hale",
        went_at=send.sent_at + timedelta(minutes=4),
    )
    assert desk.case.clocks.filter(kind__in=SHARED).count() == 3


@pytest.mark.parametrize(
    ("plan", "state"), [("BEFORE", "RUNNING"), ("AFTER", "RUNNING"), ("NOT", "NOT_APPLICABLE")]
)
def test_they_are_told_as_the_request_planned(desk: Desk, plan: str, state: str) -> None:
    gone(desk, told=plan, told_words="He reads her messages.")
    assert clocks(desk)["SHARED_TOLD"].state == state


def test_telling_them_and_what_came_of_it_meet_the_promises(desk: Desk) -> None:
    send = gone(desk)
    after(desk, send, "TOLD")
    after(desk, send, "OUTCOME", words="He was arrested on Sunday.")
    found = clocks(desk)
    assert [found[kind].state for kind in SHARED] == ["MET", "RUNNING", "MET"]
    assert [row.kind for row in send.afterwards.all()] == ["TOLD", "OUTCOME"]


def test_not_telling_them_is_said_with_its_reason(desk: Desk) -> None:
    send = gone(desk)
    with pytest.raises(Refused, match="or why not"):
        after(desk, send, "NOT_TOLD", words=" ")
    after(desk, send, "NOT_TOLD", words="He answered her telephone.")
    assert clocks(desk)["SHARED_TOLD"].state == "MET"


def test_what_is_no_answer_is_refused(desk: Desk) -> None:
    send = gone(desk)
    later = send.sent_at + timedelta(days=3)
    with pytest.raises(Refused, match="Choose what followed"):
        after(desk, send, "SOMETHING")
    with pytest.raises(Refused, match="in the future"):
        after(desk, send, "TOLD", happened_at=later)
    with pytest.raises(Refused, match="Only the people who work a case"):
        after(desk, send, "TOLD", by=desk.by(desk.world.user(Role.DIRECTOR_CO)))


def test_what_went_with_permission_is_not_followed_here(desk: Desk) -> None:
    desk.packs.asking.ask({"FACTS": "GIVEN"})
    send = sent(desk.packs.send(desk.packs.ready()))
    assert not clocks(desk)
    with pytest.raises(Refused, match="with permission"):
        after(desk, send, "TOLD")


def test_what_followed_is_never_altered(desk: Desk) -> None:
    row = after(desk, gone(desk), "TOLD")
    for change in ("UPDATE disclosures_afterwards SET words = 'x'", DELETE):
        with pytest.raises(DatabaseError), raw(desk.now) as cursor:
            cursor.execute(change)
    assert Afterwards.objects.get() == row
