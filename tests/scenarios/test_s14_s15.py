"""S14 and S15 of domain section 9: High risk and no permission; and recorded at their wish."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.access import Refused, Role
from cases.casework.clocks import ClockKind as K
from cases.casework.models import Case, Involvement
from cases.casework.operations import do_duty
from cases.disclosures import (
    deciding,
    emergency_operations,
    gate,
    pack_operations,
    phone_operations,
    request_operations,
)
from cases.disclosures.models import Blocked, Request, Send
from cases.partners.models import AgencyContact
from cases.partners.operations import add_agency
from cases.partners.unit_operations import add_unit, verify_unit
from tests.disclosures.deciding import REASON, WHOLE
from tests.scenarios.story import Story, clock, london
from tests.scenarios.test_risk import assess, level, told


def unit_of_the_police(story: Story, at: datetime) -> AgencyContact:
    """A checked unit of the police."""
    by = story.world.user(Role.DPO).actor(at)
    agency = add_agency(by=by, at=at, name="Northam Police", kind="POLICE")
    unit = add_unit(by=by, at=at, agency=agency, unit="Duty inspector", phone="01632 960101")
    verify_unit(by=by, at=at, contact=unit, how="Rang the switchboard.")
    unit.refresh_from_db()
    return unit


def request_of(
    story: Story, case: Case, unit: AgencyContact, at: datetime, **facts: Any
) -> Request:
    """A whole request with what happened, where and the risk, and nobody's name."""
    by, about = story.officer.actor(at), Involvement.objects.get(case=case, part="VICTIM")
    request = request_operations.start_request(
        by=by, at=at, case=case, about=about, contact=unit, urgent=True
    )
    words = "Please do not tell the police."
    said = {**WHOLE, "asked_on": [at.date()], "their_words": words, **facts}
    request = request_operations.change_request(by=by, at=at, request=request, **said)
    for name, text in (
        ("FACTS", "A man says that he will burn a neighbour out; he was seen with petrol."),
        ("PLACE", "A block in Northam, by the bin store."),
        ("RISK", "High."),
    ):
        pack_operations.set_item(by=by, at=at, pack=request.pack, field=name, text=text)
    return request_operations.ask_director(
        by=by, at=at, request=request, reviewed=True, redactions_confirmed=True
    )


@pytest.fixture
def night(story: Story) -> tuple[Story, Case, datetime]:
    """Q's case at 23:40, risk High: a threat, and means."""
    q = story.tenant("Quinn Hale", story.home())
    at = london(2026, 3, 5, 23, 0)
    case = told(story, q, at, types=["THREAT"], words="He says he will burn me out.")
    assess(story, case, at + timedelta(minutes=30), RF1="YES", RF3="YES")
    assert level(case) == "HIGH"
    return story, Case.objects.get(pk=case.pk), at + timedelta(minutes=40)


def test_s14_999_comes_first_and_is_looked_back_at(night: tuple[Story, Case, datetime]) -> None:
    story, case, at = night
    call = emergency_operations.record_emergency(
        by=story.officer.actor(at),
        at=at,
        case=case,
        rung_at=at - timedelta(minutes=5),
        rung_by="Dawn Mistry",
        why="He is at the bin store with petrol.",
        said="Where, and that somebody is in the flat above.",
    )
    assert call.review_due_at == at + timedelta(hours=24)
    assert list(call.alerts.values_list("user", flat=True)) == [story.director.pk]


def test_s14_whoever_asks_cannot_approve(night: tuple[Story, Case, datetime]) -> None:
    story, case, at = night
    request = request_of(story, case, unit_of_the_police(story, at), at)
    assert request.risk_level == "HIGH"
    assert {"RF1", "RF3"} <= set(request.red_flags)
    assert request.their_words == "Please do not tell the police."
    assert clock(case, K.POLICE_DECISION).state == "MET"
    assert request.file is not None
    with pytest.raises(Refused, match="Only the Director"):
        deciding.decide(
            by=story.officer.actor(at),
            at=at,
            request=request,
            verdict="APPROVE",
            reason=REASON,
            seal=request.file.seal,
        )
    blocked = gate.send_pack(by=story.manager.actor(at), at=at, pack=request.pack)
    assert isinstance(blocked, Blocked)


def test_s14_the_director_says_yes_by_phone_at_night(
    night: tuple[Story, Case, datetime],
) -> None:
    story, case, at = night
    request = request_of(story, case, unit_of_the_police(story, at), at)
    at += timedelta(minutes=20)
    sender = story.manager.actor(at)
    phone = phone_operations.record_phone_approval(
        by=sender,
        at=at,
        request=request,
        director=story.director,
        called_at=at - timedelta(minutes=2),
        words="Yes. Tonight, and only that.",
    )
    assert isinstance(gate.send_pack(by=sender, at=at, pack=request.pack), Send)
    morning = at + timedelta(hours=8)
    phone_operations.confirm_phone(
        by=story.director.actor(morning), at=morning, phone=phone, words="I said that."
    )
    assert Request.objects.get(pk=request.pk).state == "SENT"
    safety = clock(case, K.SHARED_SAFETY)
    assert safety.due_at is not None
    assert safety.due_at.date() == (at + timedelta(hours=24)).date()


def test_s15_nothing_is_asked_of_the_director_unless_serious_harm_is_reasoned(
    story: Story,
) -> None:
    r = story.tenant("Rafi Stone", story.home())
    at = london(2026, 3, 6, 18, 0)
    case = told(story, r, at, types=["ASSAULT"], words="They punched me and mocked my accent.")
    assess(story, case, at + timedelta(hours=1), RF4="YES", Q3="D")
    case, at = Case.objects.get(pk=case.pk), at + timedelta(hours=2)
    do_duty(
        by=story.officer.actor(at),
        at=at,
        case=case,
        clock=clock(case, K.POLICE_DECISION),
        outcome="Not told: no serious harm is expected",
        words="Strangers, once, away from home.",
    )
    assert not case.requests.exists()
    with pytest.raises(request_operations.Incomplete) as refused:
        request_of(story, case, unit_of_the_police(story, at), at, harm_what="He was punched.")
    assert [one.field for one in refused.value.lacking] == ["harm_what"]
    assert not case.requests.filter(state="WAITING").exists()
    assert not Send.objects.exists()
