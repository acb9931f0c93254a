"""999 was rung: never refused, told at once, looked back at in a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from cases.access import Refused, Role
from cases.casework import operations as casework
from cases.disclosures import emergency_operations as ops
from cases.disclosures.models import Alert, Emergency
from cases.disclosures.request_queries import alerts_for, calls_for
from cases.disclosures.watching import watch
from cases.staff.models import User
from tests.disclosures.deciding import Desk, desk_of, raw
from tests.world import World

WHY = "He was at her door with a can of petrol."


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_of(world)


def ring(desk: Desk, by: User | None = None, **more: Any) -> Emergency:
    facts: dict[str, Any] = {
        "case": desk.case,
        "rung_at": desk.now - timedelta(minutes=10),
        "rung_by": "Dawn Mistry",
        "why": WHY,
        "said": "Where, that he has petrol, and that she and a child are inside.",
        "log_number": "0412",
        "affected": desk.packs.story.victim,
    }
    by = by or desk.officer()
    return ops.record_emergency(by=desk.by(by), at=desk.now, **{**facts, **more})


def test_the_director_is_told_at_once_with_nothing_of_what_happened(
    desk: Desk, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TELL_BY_MAIL = True
    settings.SITE_ADDRESS = "https://casework.example/"
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        call = ring(desk)
    assert call.review_due_at == desk.now + timedelta(hours=24)
    assert desk.case.clocks.get(kind="EMERGENCY_REVIEW").due_at == call.review_due_at
    (row,) = alerts_for(desk.by(desk.director))
    assert (row.kind, row.at, row.emergency) == ("EMERGENCY", desk.now, call)
    (one,) = mail.outbox
    assert (one.subject, one.to) == (f"999 was rung: {desk.case.reference}", [desk.director.email])
    assert one.body.startswith("Sign in to look at it: https://casework.example/")
    assert not any(word in one.body for word in ("Amara", "petrol", "0412", "Dawn"))


def test_nobody_who_works_the_case_is_refused_whatever_its_stage(desk: Desk) -> None:
    for user in (desk.officer(), desk.packs.story.officer, desk.packs.story.manager):
        ring(desk, user)
    why = "Opened twice by mistake, on the same call."
    casework.move_stage(by=desk.boss, at=desk.now, case=desk.case, to="VOID", reason=why)
    ring(desk, affected=None, log_number="")
    assert desk.case.emergencies.count() == 4
    with pytest.raises(Refused):
        ring(desk, desk.world.user(Role.SYSADMIN))


def test_what_was_said_and_why_must_be_there(desk: Desk) -> None:
    wrong: dict[str, Any]
    for wrong in ({"why": "  "}, {"said": ""}, {"rung_by": " "}):
        with pytest.raises(ValidationError):
            ring(desk, None, **wrong)
    with pytest.raises(ValidationError, match="cannot be in the future"):
        ring(desk, rung_at=desk.now + timedelta(minutes=1))


def look(desk: Desk, call: Emergency, by: User | None = None, **more: Any) -> Any:
    at = more.pop("at", desk.now + timedelta(hours=3))
    facts = {"verdict": "RIGHT", "words": "There was no time to ask.", **more}
    who = (by or desk.director).actor(at)
    return ops.review_emergency(by=who, at=at, emergency=call, **facts)


def test_the_director_looks_back_once(desk: Desk) -> None:
    call = ring(desk)
    assert list(calls_for(desk.by(desk.director), desk.now)) == [call]
    bad: dict[str, Any]
    for bad in ({"verdict": "X"}, {"words": " "}):
        with pytest.raises(Refused):
            look(desk, call, None, **bad)
    review = look(desk, call)
    assert (review.capacity, desk.case.clocks.get(kind="EMERGENCY_REVIEW").state) == (
        "DIRECTOR",
        "MET",
    )
    with pytest.raises(Refused, match="looked back at this call already"):
        look(desk, call)
    assert not calls_for(desk.by(desk.director), desk.now).exists()
    assert not alerts_for(desk.by(desk.director)).exists()


def test_two_calls_are_each_looked_back_at(desk: Desk) -> None:
    first = ring(desk)
    second = ops.record_emergency(
        by=desk.lead,
        at=desk.now + timedelta(hours=2),
        case=desk.case,
        rung_at=desk.now + timedelta(hours=1),
        rung_by="Amara",
        why=WHY,
        said="The same.",
    )
    look(desk, first)
    clock = desk.case.clocks.get(kind="EMERGENCY_REVIEW", state="RUNNING")
    assert clock.due_at == second.review_due_at
    look(desk, second)
    assert not desk.case.clocks.filter(kind="EMERGENCY_REVIEW", state="RUNNING").exists()


def test_a_late_look_back_is_told_once_and_shown_late(desk: Desk) -> None:
    call = ring(desk)
    assert watch(call.review_due_at).late == 0
    assert watch(call.review_due_at + timedelta(seconds=1)).late == 1
    assert watch(call.review_due_at + timedelta(hours=1)).late == 0
    look(desk, call, at=call.review_due_at + timedelta(hours=2))
    assert desk.case.clocks.get(kind="EMERGENCY_REVIEW").was_late


def test_whoever_cannot_decide_does_not_look_back(desk: Desk) -> None:
    both = desk.world.user(Role.CASE_MANAGER, Role.DIRECTOR_CO, team=desk.world.team())
    call = ring(desk, both)
    at = desk.now + timedelta(hours=3)
    insert = """INSERT INTO disclosures_emergencyreview
        (emergency_id, verdict, words, capacity, by_id, at)
        VALUES (%s, 'RIGHT', 'Yes.', %s, %s, %s)"""
    others = [
        (both, "DIRECTOR", "You wrote down this call, so somebody else looks back at it"),
        (desk.sponsor, "SPONSOR", "The Director can decide this"),
        (desk.officer(), "DIRECTOR", "Only the Director"),
        (desk.dpo, "DIRECTOR", "Only the Director"),
    ]
    for user, capacity, why in others:
        with pytest.raises(Refused, match=why):
            look(desk, call, user)
        with pytest.raises(DatabaseError), raw(at) as cursor:
            cursor.execute(insert, [call.pk, capacity, user.pk, at])
    assert look(desk, call).by == desk.director


def test_the_sponsor_is_told_where_no_director_can_look(desk: Desk) -> None:
    desk.conflict(desk.director)
    call = ring(desk)
    assert [row.user for row in Alert.objects.all()] == [desk.sponsor]
    assert not calls_for(desk.by(desk.director), desk.now).exists()
    assert list(calls_for(desk.by(desk.sponsor), desk.now)) == [call]
    assert look(desk, call, desk.sponsor).capacity == "SPONSOR"
