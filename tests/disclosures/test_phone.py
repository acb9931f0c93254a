"""The Director's word on the phone: who says it, that it goes once, and what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.disclosures import phone_operations as phones
from cases.disclosures import request_operations
from cases.disclosures.models import Alert, Decision, PhoneApproval, Request
from cases.disclosures.request_queries import exceptions, phones_for, requests_for
from cases.disclosures.watching import watch
from tests.disclosures.deciding import Desk, desk_of, fresh, raw, seal_of
from tests.disclosures.packs import blocked, sent
from tests.world import LONDON, World

NIGHT = datetime(2026, 11, 21, 23, 10, tzinfo=LONDON)
WORDS = "Yes. Send it to Public Protection now, just that page."


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_of(world)


def asked(desk: Desk, at: datetime = NIGHT - timedelta(minutes=20), **more: Any) -> Request:
    return desk.asked(by=desk.by(desk.officer(), at), at=at, **more)


def rung(desk: Desk, request: Request, **more: Any) -> PhoneApproval:
    """The manager writes it down ten minutes after the call."""
    facts = {"director": desk.director, "called_at": NIGHT, "words": WORDS, **more}
    at = facts.pop("at", NIGHT + timedelta(minutes=10))
    by = facts.pop("by", desk.boss)
    return phones.record_phone_approval(by=by, at=at, request=request, **facts)


def test_a_word_at_night_lets_it_go_once_and_is_confirmed_by_morning(desk: Desk) -> None:
    request = asked(desk)
    assert blocked(desk.send(request, NIGHT)) == ["NOT_APPROVED"]
    phone = rung(desk, request)
    assert phone.due_at == phone.valid_until == NIGHT + timedelta(hours=12)
    assert desk.case.clocks.get(kind="POLICE_APPROVAL").state == "MET"
    assert desk.case.clocks.get(kind="PHONE_CONFIRM").due_at == phone.due_at
    send = sent(desk.send(request, NIGHT + timedelta(minutes=15)))
    assert (send.seal, fresh(request).state) == (phone.seal, "SENT")
    assert blocked(desk.send(request, NIGHT + timedelta(minutes=16))) == ["ALREADY_SENT"]
    morning = NIGHT + timedelta(hours=9)
    assert list(phones_for(desk.by(desk.director), morning)) == [phone]
    said = phones.confirm_phone(
        by=desk.by(desk.director), at=morning, phone=phone, words="Yes, I said that."
    )
    assert (said.by_phone, said.decided_at, said.capacity) == (True, NIGHT, "DIRECTOR")
    assert (fresh(request).state, Decision.objects.count()) == ("SENT", 1)
    assert desk.case.clocks.get(kind="PHONE_CONFIRM").state == "MET"
    assert not exceptions(morning).exists()


def test_confirmed_before_it_went_it_is_an_approval_like_others(desk: Desk) -> None:
    request = asked(desk)
    phone = rung(desk, request)
    at = NIGHT + timedelta(hours=8)
    said = phones.confirm_phone(by=desk.by(desk.director), at=at, phone=phone, words="Yes.")
    assert (fresh(request).state, said.valid_until) == ("APPROVED", NIGHT + timedelta(hours=72))
    assert sent(desk.send(request, NIGHT + timedelta(hours=30)))


def test_denied_before_it_went_it_does_not_go_and_waits_again(desk: Desk) -> None:
    request = asked(desk)
    phone = rung(desk, request)
    at = NIGHT + timedelta(hours=1)
    phones.repudiate_phone(by=desk.by(desk.director), at=at, phone=phone, words="Nobody rang me.")
    assert blocked(desk.send(request, at)) == ["NOT_APPROVED"]
    assert desk.case.clocks.filter(kind="POLICE_APPROVAL", state="RUNNING").exists()
    assert desk.decide(request, by=desk.by(desk.director, at), at=at, verdict="DECLINE")


def test_denied_after_it_went_it_is_an_exception_and_three_are_told(
    desk: Desk, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TELL_BY_MAIL = True
    request = asked(desk)
    phone = rung(desk, request)
    desk.send(request, NIGHT + timedelta(minutes=15))
    at = NIGHT + timedelta(hours=9)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        phones.repudiate_phone(by=desk.by(desk.director), at=at, phone=phone, words="Not I.")
    assert fresh(request).state == "SENT"
    told = set(Alert.objects.filter(kind="REPUDIATED").values_list("user", flat=True))
    assert told == {desk.dpo.pk, desk.director.pk, desk.sponsor.pk}
    assert [one.to for one in mail.outbox] == [
        [user.email] for user in sorted((desk.dpo, desk.director, desk.sponsor), key=lambda u: u.pk)
    ]
    assert {one.subject for one in mail.outbox} == {
        f"Word on the phone denied: {desk.case.reference}"
    }
    assert not any("Amara" in one.body or "Not I" in one.body for one in mail.outbox)
    assert list(exceptions(at)) == [phone]
    with pytest.raises(Refused, match="answered this already"):
        phones.confirm_phone(by=desk.by(desk.director), at=at, phone=phone, words="Yes, I.")


def test_unconfirmed_it_is_the_sponsors_once_and_stays_an_exception(
    desk: Desk, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TELL_BY_MAIL = True
    request = asked(desk)
    phone = rung(desk, request)
    desk.send(request, NIGHT + timedelta(minutes=15))
    assert watch(phone.due_at).unconfirmed == 0
    mail.outbox.clear()
    late = phone.due_at + timedelta(minutes=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert watch(late).unconfirmed == 1
        assert watch(late).unconfirmed == 0
    (one,) = mail.outbox
    assert one.to == [desk.sponsor.email]
    assert one.subject == f"Word on the phone not confirmed: {desk.case.reference}"
    assert Event.objects.filter(verb="disclosure.phone_unconfirmed").count() == 1
    assert list(requests_for(desk.by(desk.sponsor), late)) == [request]
    phones.confirm_phone(by=desk.by(desk.director), at=late, phone=phone, words="I did.")
    assert list(exceptions(late)) == [phone]
    assert Event.objects.get(verb="disclosure.phone_confirmed").changes == {"late": True}


def test_a_word_goes_no_further_than_its_12_hours(desk: Desk) -> None:
    request = asked(desk)
    phone = rung(desk, request)
    assert blocked(desk.send(request, phone.valid_until + timedelta(seconds=1))) == ["TOO_LATE"]
    assert sent(desk.send(request, phone.valid_until))


def test_a_page_changed_after_the_call_does_not_go(desk: Desk) -> None:
    request = asked(desk)
    phone = rung(desk, request)
    desk.tell(request, "PLACE", "Outside number 16.")
    desk.packs.make(request.pack)
    assert fresh(request).state == "VOID"
    assert blocked(desk.send(request, NIGHT + timedelta(minutes=15))) == ["CHANGED"]
    at = NIGHT + timedelta(hours=8)
    phones.confirm_phone(by=desk.by(desk.director), at=at, phone=phone, words="I said so, then.")
    assert fresh(request).state == "VOID"
    assert blocked(desk.send(request, at)) == ["CHANGED"]


def test_in_office_hours_only_an_urgent_request_goes_by_phone(desk: Desk) -> None:
    monday = datetime(2026, 11, 23, 11, 0, tzinfo=LONDON)
    at = monday + timedelta(minutes=10)
    request = asked(desk, monday)
    with pytest.raises(Refused, match="In office hours, and not urgent"):
        rung(desk, request, called_at=at, at=at)
    request_operations.take_back(by=desk.lead, at=at, request=request, why="It is urgent now.")
    urgent = asked(desk, monday, urgent=True)
    rung(desk, urgent, called_at=at, at=at)
    assert sent(desk.send(urgent, at)).sent_at == at


def test_who_may_write_it_down(desk: Desk) -> None:
    request = asked(desk)
    for role in (Role.HOUSING_OFFICER, Role.SYSADMIN, Role.DPO, Role.DIRECTOR_CO):
        with pytest.raises(Refused, match="Only a case manager"):
            rung(desk, request, by=desk.by(desk.world.user(role)))
    rung(desk, request)
    with pytest.raises(Refused, match="recorded already"):
        rung(desk, request)


def test_only_one_who_could_decide_can_have_said_it(desk: Desk) -> None:
    request, at = asked(desk), NIGHT + timedelta(minutes=10)
    manager, other = desk.packs.story.manager, desk.world.user(Role.HOUSING_OFFICER)
    late = desk.delegate(begins_at=desk.now - timedelta(days=9), days=7)
    conflicted = desk.world.user(Role.DIRECTOR_CO, name="Una Park")
    desk.conflict(conflicted)
    for who in (other, late, conflicted, desk.sponsor):
        with pytest.raises(Refused, match="They could not decide this when they were rung"):
            rung(desk, request, director=who)
    with pytest.raises(Refused, match="decides here, not by phone"):
        rung(desk, request, director=manager)
    insert = """INSERT INTO disclosures_phoneapproval (request_id, director_id, recorded_by_id,
        recorded_at, called_at, words, file_id, seal, valid_until, due_at, state, answer)
        VALUES (%s, %s, %s, %s, %s, 'Yes.', %s, %s, %s, %s, 'WAITING', '')"""
    for who in (manager, other, late, conflicted, desk.sponsor, desk.officer()):
        row = [
            *(request.pk, who.pk, desk.boss.id, at, NIGHT, request.file_id, seal_of(request)),
            *(at, at),
        ]
        with pytest.raises(DatabaseError), raw(at) as cursor:
            cursor.execute(insert, row)
    assert not PhoneApproval.objects.exists()


def test_the_delegate_who_was_rung_confirms_it_even_when_it_is_over(desk: Desk) -> None:
    delegate = desk.delegate(begins_at=NIGHT - timedelta(hours=5), days=0.3)
    request = asked(desk)
    phone = rung(desk, request, director=delegate)
    after = NIGHT + timedelta(hours=5)
    assert not delegate.actor(after).roles & {Role.ACTING_DIRECTOR}
    with pytest.raises(Refused, match="Only whoever was rung"):
        phones.confirm_phone(by=desk.by(desk.director), at=after, phone=phone, words="Yes.")
    said = phones.confirm_phone(by=delegate.actor(after), at=after, phone=phone, words="Yes.")
    assert said.capacity == "DELEGATE"


def test_the_director_settles_the_word_before_deciding_here(desk: Desk) -> None:
    request = asked(desk)
    rung(desk, request)
    with pytest.raises(Refused, match="What was said on the phone is recorded"):
        desk.decide(request, at=NIGHT + timedelta(hours=1))


def test_nobody_says_by_raw_sql_that_it_was_confirmed_without_a_word(desk: Desk) -> None:
    request = asked(desk)
    insert = """INSERT INTO disclosures_decision (request_id, case_id, asked_by_id, lead_id,
        verdict, capacity, decided_by_id, decided_at, reason, by_phone, file_id, seal, valid_until)
        VALUES (%s, %s, %s, %s, 'APPROVE', 'DIRECTOR', %s, %s, 'Yes.', true, %s, %s, %s)"""
    row = [
        *(request.pk, desk.case.pk, request.begun_by_id, desk.case.lead_id, desk.director.pk),
        *(NIGHT, request.file_id, seal_of(request), NIGHT + timedelta(hours=72)),
    ]
    with pytest.raises(DatabaseError, match="Nobody confirmed"), raw(NIGHT) as cursor:
        cursor.execute(insert, row)
    rung(desk, request)
    with pytest.raises(DatabaseError, match="Nobody confirmed"), raw(NIGHT) as cursor:
        cursor.execute(insert, row)


@pytest.mark.parametrize("column", ["words", "called_at", "director_id", "seal", "valid_until"])
def test_what_was_written_down_stays(desk: Desk, column: str) -> None:
    phone = rung(desk, asked(desk))
    value: Any = {
        "words": "No.",
        "seal": "0" * 64,
        "director_id": desk.officer().pk,
    }.get(column, NIGHT + timedelta(days=1))
    with pytest.raises(DatabaseError, match="Cannot update rows"), raw(NIGHT) as cursor:
        cursor.execute(
            f"UPDATE disclosures_phoneapproval SET {column} = %s WHERE id = %s",
            [value, phone.pk],
        )
