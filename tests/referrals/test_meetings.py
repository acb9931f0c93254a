"""Meetings of several agencies: what was told went through the gate, actions are late (HC-11)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases.access import Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.operations import start_clocks
from cases.casework.promises import Promise
from cases.referrals import meeting_operations as operations
from cases.referrals import queries
from cases.referrals.models import Attendee, Meeting, Shared
from tests.referrals.making import Referring

pytestmark = pytest.mark.django_db
HELD = date(2026, 11, 20)


def meet(refer: Referring, forum: str = "HATE_PANEL", **facts: Any) -> Meeting:
    values: dict[str, Any] = {
        "held_on": HELD,
        "name": "Wellby hate crime panel",
        "terms": "March 2026",
        **facts,
    }
    return operations.add_meeting(
        by=refer.story.lead, at=refer.at(hours=5), case=refer.story.case, forum=forum, **values
    )


def attend(refer: Referring, meeting: Meeting, kind: str = "VICTIM_SUPPORT") -> Attendee:
    return operations.add_attendee(
        by=refer.story.lead,
        at=refer.at(hours=6),
        meeting=meeting,
        who="Jo, casework",
        agency=refer.agency(kind),
    )


def promise(refer: Referring, started: float = 0, due: float = 3) -> None:
    begun = refer.at(days=started)
    start_clocks(
        by=refer.story.lead,
        at=begun,
        case=refer.story.case,
        promises=[Promise(ClockKind.AGENCIES_MEET, begun, refer.at(days=due))],
    )


def test_recording_a_meeting_keeps_the_promise_that_agencies_meet(refer: Referring) -> None:
    promise(refer)
    meet(refer)
    clock = refer.story.clock("AGENCIES_MEET")
    assert (clock.state, clock.outcome, clock.met_at) == (
        ClockState.MET,
        "Met",
        refer.at(hours=5),
    )


def test_a_meeting_before_it_was_promised_keeps_nothing(refer: Referring) -> None:
    promise(refer)
    meet(refer, held_on=HELD - timedelta(days=3))
    assert refer.story.clock("AGENCIES_MEET").state == ClockState.RUNNING


def test_a_meeting_recorded_later_is_met_by_the_end_of_its_day(refer: Referring) -> None:
    promise(refer, due=1)
    operations.add_meeting(
        by=refer.story.lead,
        at=refer.at(days=5),
        case=refer.story.case,
        forum="CASE_MEETING",
        held_on=HELD,
    )
    clock = refer.story.clock("AGENCIES_MEET")
    assert clock.met_at is not None
    assert clock.met_at.isoformat() == "2026-11-20T17:00:00+00:00"
    assert not clock.was_late


def test_a_meeting_is_recorded_once_it_was_held(refer: Referring) -> None:
    with pytest.raises(Refused, match="once it was held"):
        meet(refer, held_on=HELD + timedelta(days=1))
    with pytest.raises(ValidationError):
        meet(refer, forum="TEA")
    assert not Meeting.objects.exists()


def test_what_we_told_is_a_page_that_was_read_there(refer: Referring) -> None:
    referral, meeting = refer.sent(), meet(refer)
    facts: dict[str, Any] = {"by": refer.story.lead, "at": refer.at(hours=7), "meeting": meeting}
    assert queries.untold_sends(refer.story.case) == []
    from_post = referral.pack.send
    with pytest.raises(Refused, match="Record first that the page was"):
        operations.tell_meeting(send=from_post, **facts)
    send = refer.read_at_meeting(referral)
    assert queries.untold_sends(refer.story.case) == [send]
    with pytest.raises(Refused, match="Nobody of that agency was there"):
        operations.tell_meeting(send=send, **facts)
    attend(refer, meeting)
    row = operations.tell_meeting(send=send, **facts)
    assert (row.direction, row.agency) == ("OUT", refer.agency("VICTIM_SUPPORT"))
    assert operations.tell_meeting(send=send, **facts) == row
    assert queries.untold_sends(refer.story.case) == []
    another = meet(refer)
    attend(refer, another)
    with pytest.raises(Refused, match="told at a meeting already"):
        operations.tell_meeting(send=send, **{**facts, "meeting": another})


def test_at_mappa_we_only_receive(refer: Referring) -> None:
    referral, meeting = refer.sent(), meet(refer, "MAPPA")
    attend(refer, meeting)
    send = refer.read_at_meeting(referral)
    facts: dict[str, Any] = {"by": refer.story.lead, "at": refer.at(hours=7), "meeting": meeting}
    with pytest.raises(Refused, match="Nothing of ours is told there"):
        operations.tell_meeting(send=send, **facts)
    heard = operations.hear_meeting(
        agency=refer.agency("POLICE"), words="He is released on Monday.", basis="MAPPA", **facts
    )
    assert heard.direction == "IN"


def test_a_meeting_we_told_something_cannot_become_mappa(refer: Referring) -> None:
    referral, meeting = refer.sent(), meet(refer)
    attend(refer, meeting)
    send = refer.read_at_meeting(referral)
    facts: dict[str, Any] = {"by": refer.story.lead, "at": refer.at(hours=7), "meeting": meeting}
    operations.tell_meeting(send=send, **facts)
    with pytest.raises(Refused, match="not one where we only hear"):
        operations.change_meeting(forum="MAPPA", held_on=HELD, **facts)
    changed = operations.change_meeting(forum="RISK_PANEL", held_on=HELD, name="Panel", **facts)
    assert changed.history.count() == 2


def test_what_they_told_us_has_a_ground(refer: Referring) -> None:
    facts: dict[str, Any] = {
        "by": refer.story.lead,
        "at": refer.at(hours=7),
        "meeting": meet(refer),
    }
    with pytest.raises(Refused, match="on what ground"):
        operations.hear_meeting(agency=refer.agency("POLICE"), words="x", basis=" ", **facts)
    assert not Shared.objects.exists()


def test_somebody_is_there_once(refer: Referring) -> None:
    meeting = meet(refer)
    attend(refer, meeting)
    with pytest.raises(ValidationError, match="listed already"):
        attend(refer, meeting)


def test_an_action_has_one_owner_a_day_and_an_end(refer: Referring) -> None:
    meeting = meet(refer)
    facts: dict[str, Any] = {"by": refer.story.lead, "at": refer.at(hours=7), "meeting": meeting}
    both: dict[str, Any] = {"owner": refer.story.officer, "agency": refer.agency("POLICE")}
    for owners in ({}, both):
        with pytest.raises(ValidationError, match="Name one owner"):
            operations.add_action(what="Light the bins.", due_on=HELD, **owners, **facts)
    with pytest.raises(Refused, match="before the meeting"):
        operations.add_action(what="x", due_on=HELD - timedelta(days=1), **both, **facts)
    action = operations.add_action(
        what="Light the bin store.", due_on=HELD, owner=refer.story.officer, **facts
    )
    end: dict[str, Any] = {"by": refer.story.lead, "at": refer.at(days=3), "action": action}
    with pytest.raises(Refused, match="Say how it ended"):
        operations.end_action(to="DONE", outcome=" ", **end)
    operations.end_action(to="DONE", outcome="Lit since Monday.", **end)
    operations.end_action(to="DONE", outcome="Lit since Monday.", **end)  # pressed twice
    with pytest.raises(Refused, match="ended already: done"):
        operations.end_action(to="DROPPED", outcome="No.", **end)
    assert Event.objects.filter(verb=Verb.MEETING_ACTION_ENDED).count() == 1


def test_no_event_of_a_meeting_holds_narrative(refer: Referring) -> None:
    meeting = meet(refer, notes="They watch him.")
    operations.hear_meeting(
        by=refer.story.lead,
        at=refer.at(hours=7),
        meeting=meeting,
        agency=refer.agency("POLICE"),
        words="He is known to them.",
        basis="Their own terms",
    )
    said = " ".join(str(each.changes) for each in Event.objects.all())
    for words in ("watch him", "known to them", "own terms", "Wellby hate crime panel"):
        assert words not in said
