"""The database refuses too, raw SQL by the application's own role included."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cases.referrals import meeting_operations as meetings
from tests.referrals.making import Referring
from tests.referrals.test_meetings import attend, meet
from tests.world import by_hand

pytestmark = pytest.mark.django_db


def refuses(sql: str, params: list[Any], words: str) -> None:
    """The statement is refused, in these words."""
    with (
        pytest.raises(DatabaseError, match=words),
        by_hand(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, params)


SET_STATE = "UPDATE referrals_referral SET state = %s WHERE id = %s"


def test_a_referral_is_sent_by_the_gate_alone(refer: Referring) -> None:
    referral = refer.queued()
    refuses(
        "UPDATE referrals_referral SET state = 'SENT', sent_at = now() WHERE id = %s",
        [referral.pk],
        "sent when its page goes through the gate",
    )
    refuses(
        "UPDATE referrals_referral SET state = 'REVOKED', ended_at = now(), ended_why = 'x' "
        "WHERE id = %s",
        [referral.pk],
        "stopped when its page is",
    )
    refuses(SET_STATE, ["ACCEPTED", referral.pk], "(?i)transition|gate")


def test_one_that_is_being_written_does_not_wait_to_go(refer: Referring) -> None:
    referral = refer.start()
    refuses(SET_STATE, ["QUEUED", referral.pk], "waits to go when its page is ready")


def test_an_agency_other_than_the_one_that_was_sent_to(refer: Referring) -> None:
    referral = refer.sent()
    refuses(
        "UPDATE referrals_referral SET agency_id = %s WHERE id = %s",
        [refer.agency("FIRE").pk, referral.pk],
        "goes through the gate",
    )


def test_what_was_sent_stays_sent(refer: Referring) -> None:
    referral = refer.sent()
    for state in ("DRAFT", "QUEUED", "REVOKED"):
        refuses(SET_STATE, [state, referral.pk], ".+")
    refuses("DELETE FROM referrals_referral WHERE id = %s", [referral.pk], ".+")


def test_a_referral_keeps_its_page(refer: Referring) -> None:
    referral, other = refer.start(), refer.start("FIRE")
    refuses(
        "UPDATE referrals_referral SET pack_id = %s WHERE id = %s",
        [other.pack_id, referral.pk],
        ".+",
    )


TELL = (
    "INSERT INTO referrals_shared (meeting_id, direction, agency_id, send_id, words, basis, by_id, "
    "at) VALUES (%s, 'OUT', %s, %s, '', '', %s, now())"
)


def test_nothing_is_told_a_meeting_but_by_the_gate(refer: Referring) -> None:
    referral, meeting, mappa = refer.sent(), meet(refer), meet(refer, "MAPPA")
    send, officer = refer.read_at_meeting(referral), refer.story.officer.pk
    support, fire = refer.agency("VICTIM_SUPPORT").pk, refer.agency("FIRE").pk
    refuses(TELL, [mappa.pk, support, send.pk, officer], "At MAPPA we only receive")
    refuses(TELL, [meeting.pk, fire, send.pk, officer], "left for that agency")
    refuses(TELL, [meeting.pk, support, None, officer], "referrals_shared_through_the_gate")


def test_what_was_told_and_heard_is_never_altered(refer: Referring) -> None:
    meeting = meet(refer)
    attend(refer, meeting)
    heard = meetings.hear_meeting(
        by=refer.story.lead,
        at=refer.at(hours=7),
        meeting=meeting,
        agency=refer.agency("POLICE"),
        words="He is known.",
        basis="An agreement",
    )
    refuses("UPDATE referrals_shared SET words = 'x' WHERE id = %s", [heard.pk], ".+")
    refuses("DELETE FROM referrals_attendee WHERE meeting_id = %s", [meeting.pk], ".+")
    refuses("DELETE FROM referrals_meeting WHERE id = %s", [meeting.pk], ".+")
