"""Referrals from their beginning to their end, by the operations (HC-11, HC-37, domain 7.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases.access import Actor, Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import CaseMember
from cases.casework.operations import start_clocks
from cases.casework.promises import Promise
from cases.disclosures import pack_operations as packs
from cases.disclosures.models import Blocked, Pack, PackFile, Send
from cases.partners.operations import end_agency
from cases.referrals import operations, queries
from cases.referrals.choices import ReferralState
from cases.referrals.models import Chase, Referral
from tests.referrals.making import Referring, lead_of

pytestmark = pytest.mark.django_db


def verbs(referral: Referral) -> list[str]:
    rows = Event.objects.filter(subject_kind="referrals.referral", subject_id=referral.pk)
    return list(rows.order_by("pk").values_list("verb", flat=True))


def state_of(referral: Referral) -> str:
    """Its state as the database has it."""
    referral.refresh_from_db()
    return referral.state


def test_the_whole_road_of_a_referral(refer: Referring) -> None:
    refer.permit()
    referral = refer.start()
    refer.fill(referral)
    refer.ready(referral)
    assert state_of(referral) == ReferralState.QUEUED
    sent = refer.send(referral)
    assert isinstance(sent, Send)
    assert state_of(referral) == ReferralState.SENT
    assert referral.sent_at == sent.sent_at
    # Sent on Friday 20 November: five working days later is Friday 27.
    assert referral.chase_on is not None
    assert referral.chase_on.isoformat() == "2026-11-27"
    refer.accept(referral)
    assert state_of(referral) == ReferralState.ACCEPTED
    operations.end_referral(
        by=refer.story.lead, at=refer.at(days=9), referral=referral, why="She is well."
    )
    assert verbs(referral) == [
        Verb.REFERRAL_STARTED,
        Verb.REFERRAL_QUEUED,
        Verb.REFERRAL_SENT,
        Verb.REFERRAL_ACCEPTED,
        Verb.REFERRAL_ENDED,
    ]


def test_no_event_holds_narrative(refer: Referring) -> None:
    referral = refer.sent()
    operations.decline_referral(
        by=refer.story.lead,
        at=refer.at(days=1),
        referral=referral,
        answered_on=london_date(refer.at(days=1)),
        answered_by="Jo at the desk",
        why="Nobody there speaks Twi.",
    )
    said = " ".join(str(each.changes) for each in Event.objects.filter(subject_id=referral.pk))
    for words in ("Twi", "Jo at", "support worker", "Amara"):
        assert words not in said


def test_a_referral_without_permission_is_blocked_and_stays(refer: Referring) -> None:
    referral = refer.start()
    refer.fill(referral)
    refer.ready(referral)
    result = refer.send(referral)
    assert isinstance(result, Blocked)
    assert "NO_PERMISSION" in result.reasons
    referral.refresh_from_db()
    assert referral.state == ReferralState.QUEUED
    assert not Send.objects.exists()


def test_a_change_after_it_was_ready_has_it_written_again(refer: Referring) -> None:
    referral = refer.queued()
    refer.fill(referral, "FACTS")
    referral.refresh_from_db()
    assert referral.state == ReferralState.QUEUED  # the same words change nothing
    item = referral.pack.items.get(field="IDENTITY")
    packs.take_out(by=refer.story.lead, at=refer.at(minutes=25), pack=referral.pack, item=item)
    referral.refresh_from_db()
    assert referral.state == ReferralState.DRAFT
    with pytest.raises(Refused, match="make the page ready"):
        refer.send(referral)


def test_it_follows_its_page_to_another_agency(refer: Referring) -> None:
    referral = refer.start()
    packs.change_pack(
        by=refer.story.lead,
        at=refer.at(minutes=15),
        pack=referral.pack,
        title="Referral",
        purpose="Visit her home.",
        agency=refer.agency("FIRE"),
        contact=refer.units["FIRE"],
        door="D1",
        about=refer.story.victim,
    )
    refer.permit(kind="FIRE")
    refer.fill(referral)
    refer.ready(referral)
    assert isinstance(refer.send(referral), Send)
    referral.refresh_from_db()
    assert referral.agency == refer.agency("FIRE")
    assert refer.story.case.clocks.filter(kind="FIRE_SERVICE", state="RUNNING").count() == 0


def test_a_withdrawal_stops_it_in_the_same_transaction(refer: Referring) -> None:
    referral = refer.queued()
    refer.withdraw("IDENTITY")
    referral.refresh_from_db()
    assert referral.state == ReferralState.REVOKED
    assert referral.ended_why.startswith("Permission was taken back")
    withdrawn = Event.objects.get(verb=Verb.PERMISSION_WITHDRAWN)
    revoked = Event.objects.get(verb=Verb.REFERRAL_REVOKED)
    assert revoked.at == withdrawn.at
    with pytest.raises(Refused, match="stopped before it went"):
        refer.send(referral)


def test_a_withdrawal_of_something_else_leaves_it(refer: Referring) -> None:
    refer.permit("FACTS", "IDENTITY", "HEALTH")
    referral = refer.queued()
    refer.withdraw("HEALTH")
    referral.refresh_from_db()
    assert referral.state == ReferralState.QUEUED


def test_a_withdrawal_does_not_touch_what_went(refer: Referring) -> None:
    referral = refer.sent()
    refer.withdraw()
    referral.refresh_from_db()
    assert referral.state == ReferralState.SENT


def test_a_support_agency_meets_the_promise_of_specialist_support(refer: Referring) -> None:
    referral = refer.sent()
    clock = refer.story.clock("SUPPORT_SPECIALIST")
    assert clock.state == ClockState.MET
    assert clock.met_at == referral.sent_at
    assert refer.story.clock("SUPPORT_OWN").state == ClockState.RUNNING


def test_one_that_is_blocked_or_names_nobody_meets_nothing(refer: Referring) -> None:
    referral = refer.start()
    refer.fill(referral)
    refer.ready(referral)
    assert isinstance(refer.send(referral), Blocked)
    nobody = refer.queued(door="D7", about=None)
    assert isinstance(refer.send(nobody), Send)
    assert refer.story.clock("SUPPORT_SPECIALIST").state == ClockState.RUNNING


def safeguarding(refer: Referring) -> tuple[Referral, Actor]:
    """A referral to our own Safeguarding team that its lead has approved, and the lead."""
    lead = lead_of(refer.story)
    referral = refer.queued("SAFEGUARDING_TEAM", door="D4")
    assert isinstance(refer.send(referral), Blocked)
    file = PackFile.objects.get(pack=referral.pack)
    packs.approve_pack(by=lead, at=refer.at(minutes=25), file=file, words="She is at risk.")
    assert isinstance(refer.send(referral), Send)
    referral.refresh_from_db()
    return referral, lead


def test_our_safeguarding_lead_is_let_in_and_answers(refer: Referring) -> None:
    referral, lead = safeguarding(refer)
    access = CaseMember.objects.get(case=refer.story.case, user_id=lead.user_id)
    assert (access.why, access.ended_at) == ("REFERRED", None)
    with pytest.raises(Refused, match="Only the Safeguarding lead"):
        refer.accept(referral)
    refer.accept(referral, lead)
    access.refresh_from_db()
    assert access.ended_at is None


def test_a_lead_who_declines_looks_in_no_longer(refer: Referring) -> None:
    referral, lead = safeguarding(refer)
    at = refer.at(days=1)
    operations.decline_referral(
        by=lead,
        at=at,
        referral=referral,
        answered_on=london_date(at),
        answered_by="Ruth",
        why="She has a plan with the council.",
    )
    access = CaseMember.objects.get(case=refer.story.case, user_id=lead.user_id)
    assert access.ended_at == at


def test_the_safeguarding_promise_is_met_by_the_answer(refer: Referring) -> None:
    from_start = refer.story.case.clocks.filter(kind="SAFEGUARDING")
    if not from_start.exists():
        _promise(refer)
    referral, lead = safeguarding(refer)
    assert refer.story.clock("SAFEGUARDING").state == ClockState.RUNNING
    refer.accept(referral, lead)
    clock = refer.story.clock("SAFEGUARDING")
    assert (clock.state, clock.outcome) == (ClockState.MET, "Accepted")


def _promise(refer: Referring) -> None:
    start_clocks(
        by=refer.story.lead,
        at=refer.at(),
        case=refer.story.case,
        promises=[Promise(ClockKind.SAFEGUARDING, refer.at(), refer.at(days=3))],
    )


def test_hr_hears_only_with_permission(refer: Referring) -> None:
    with pytest.raises(Refused, match="HR is told only with permission"):
        refer.start("HR", door="")
    referral = refer.start("HR")
    refer.fill(referral)
    refer.ready(referral)
    assert isinstance(refer.send(referral), Blocked)


def test_our_antisocial_behaviour_team_needs_no_door(refer: Referring) -> None:
    referral = refer.queued("ASB_TEAM", door="")
    assert isinstance(refer.send(referral), Send)
    with pytest.raises(Refused, match="Only a case manager"):
        refer.accept(referral)
    refer.accept(referral, refer.story.boss)


def test_asking_after_it_puts_the_next_day_on(refer: Referring) -> None:
    referral = refer.sent()
    at = refer.at(days=7, minutes=5)
    facts: dict[str, Any] = {
        "how": "Rang the desk",
        "words": "They look into it.",
        "happened_at": at,
    }
    operations.chase_referral(by=refer.story.lead, at=at, referral=referral, **facts)
    referral.refresh_from_db()
    assert referral.chase_on is not None
    assert referral.chase_on.isoformat() == "2026-12-04"
    planned = london_date(at) + timedelta(days=1)
    operations.chase_referral(
        by=refer.story.lead, at=at, referral=referral, next_on=planned, **facts
    )
    referral.refresh_from_db()
    assert referral.chase_on == planned
    assert Chase.objects.filter(referral=referral).count() == 2
    with pytest.raises(Refused, match="after today"):
        operations.chase_referral(
            by=refer.story.lead, at=at, referral=referral, next_on=london_date(at), **facts
        )
    with pytest.raises(ValidationError, match="how"):
        operations.chase_referral(
            by=refer.story.lead, at=at, referral=referral, how=" ", words="x", happened_at=at
        )


def test_which_referrals_are_to_be_asked_after(refer: Referring) -> None:
    referral = refer.sent()
    day = referral.chase_on
    assert day is not None
    boss, lead = refer.story.boss, refer.story.lead
    stranger = refer.story.by(refer.story.world.user(Role.HOUSING_OFFICER))
    for actor in (boss, lead):
        assert list(queries.late_for(actor, day)) == [referral]
        assert not queries.late_for(actor, day - timedelta(days=1)).exists()
    assert not queries.late_for(stranger, day).exists()
    refer.accept(referral)
    assert not queries.late_for(lead, day).exists()


def test_stopping_by_hand_stops_the_page_too(refer: Referring) -> None:
    referral = refer.queued()
    why = "She has gone to her sister."
    operations.revoke_referral(
        by=refer.story.lead, at=refer.at(hours=1), referral=referral, why=why
    )
    pack = Pack.objects.get(pk=referral.pack_id)
    assert (pack.state, pack.stopped_why) == ("STOPPED", why)
    again = operations.revoke_referral(
        by=refer.story.lead, at=refer.at(hours=2), referral=referral, why="Twice."
    )
    assert again.ended_why == why
    with pytest.raises(Refused, match="stopped before it went"):
        refer.accept(referral)


def test_what_went_cannot_be_stopped(refer: Referring) -> None:
    referral = refer.sent()
    with pytest.raises(Refused, match="gone already"):
        operations.revoke_referral(
            by=refer.story.lead, at=refer.at(hours=1), referral=referral, why="Too late."
        )


def test_an_ended_entry_takes_no_referral(refer: Referring) -> None:
    agency = refer.agency("FIRE")
    end_agency(by=refer.story.boss, at=refer.at(), agency=agency, why="It has merged.")
    refer.units["FIRE"].agency.refresh_from_db()
    with pytest.raises(Refused, match="This entry of the directory was ended"):
        refer.start("FIRE")


def test_who_may_not(refer: Referring) -> None:
    handler = refer.story.by(refer.story.handler)
    with pytest.raises(Refused, match="Only the people who work a case"):
        refer.start(by=handler)
    referral = refer.queued()
    with pytest.raises(Refused, match="Only the people who work a case"):
        operations.send_referral(by=handler, at=refer.at(hours=1), referral=referral)


def test_they_answer_on_a_day_that_can_be(refer: Referring) -> None:
    referral = refer.sent()
    for days, why in ((3, "in the future"), (-1, "before it was sent")):
        day = london_date(refer.at(days=days))
        with pytest.raises(Refused, match=why):
            refer.accept(referral, answered_on=day)
