"""Writing a request and asking the Director, by the operations and against PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError

from cases.access import Actor, Refused, Role
from cases.audit.models import Event
from cases.casework import operations as casework
from cases.casework.clock_operations import set_risk
from cases.casework.clocks import ClockKind
from cases.casework.models import Case
from cases.casework.promises import Promise
from cases.disclosures import request_operations as ops
from cases.disclosures.models import Alert
from cases.disclosures.request_facts import lacking
from cases.disclosures.request_queries import requests_for
from cases.partners.unit_operations import change_unit
from tests.disclosures.deciding import LONG, Desk, desk_of, fresh, raw
from tests.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_of(world)


def test_asking_makes_the_page_starts_the_clock_and_tells_the_director(desk: Desk) -> None:
    request = desk.asked()
    assert (request.state, request.risk_level) == ("WAITING", "HIGH")
    assert request.due_at == desk.now + timedelta(hours=4)
    assert request.file == request.pack.files.get()
    assert list(request.affected.all()) == [desk.packs.story.victim]
    clock = desk.case.clocks.get(kind="POLICE_APPROVAL")
    assert (clock.state, clock.due_at) == ("RUNNING", request.due_at)
    alert = Alert.objects.get()
    assert (alert.kind, alert.user, alert.request) == ("ASKED", desk.director, request)
    verbs = Event.objects.filter(verb__startswith="disclosure.").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == [
        "disclosure.started",
        "disclosure.changed",
        "disclosure.asked",
        "disclosure.word",
    ]


def test_an_urgent_request_is_due_in_an_hour(desk: Desk) -> None:
    assert desk.asked(urgent=True).due_at == desk.now + timedelta(hours=1)


def test_hours_are_elapsed_across_a_clock_change(desk: Desk) -> None:
    """On 28 March 2027 the clocks go from 1am to 2am in London: four hours really pass."""
    late = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    desk.packs.check(desk.packs.ppu, late)
    request = desk.asked(by=desk.by(desk.officer(), late), at=late)
    assert request.due_at == datetime(2027, 3, 28, 4, 30, tzinfo=UTC)


def test_the_high_risk_duty_about_the_police_is_met_by_asking(desk: Desk) -> None:
    casework.start_clocks(
        by=desk.lead,
        at=desk.now,
        case=desk.case,
        promises=[_promise("POLICE_DECISION", desk.now)],
    )
    desk.asked()
    clock = desk.case.clocks.get(kind="POLICE_DECISION")
    assert (clock.state, clock.outcome) == (
        "MET",
        "The Director is asked, without permission",
    )


def test_the_high_risk_duty_about_the_police_is_met_by_permission(desk: Desk) -> None:
    casework.start_clocks(
        by=desk.lead,
        at=desk.now,
        case=desk.case,
        promises=[_promise("POLICE_DECISION", desk.now)],
    )
    desk.packs.asking.ask({"ADDRESS": "REFUSED"})
    assert desk.case.clocks.get(kind="POLICE_DECISION").state == "RUNNING"
    desk.packs.asking.ask({"FACTS": "GIVEN"})
    clock = desk.case.clocks.get(kind="POLICE_DECISION")
    assert (clock.state, clock.outcome) == ("MET", "We may tell the police")


def _promise(kind: str, at: datetime) -> Any:
    return Promise(ClockKind(kind), at, at + timedelta(hours=4))


TEN: list[dict[str, Any]] = [
    {"harm_what": ""},
    {"harm_likely": "Very."},
    {"harm_soon": ""},
    {"why_none": ""},
    {"asked_on": []},
    {"why_police": ""},
    {"why_now": "Now."},
    {"alternatives": ""},
    {"legal_basis": ""},
    {"traced": ""},
    {"told": "NOT"},
    {"if_declined": ""},
]


@pytest.mark.parametrize("without", TEN, ids=lambda facts: next(iter(facts)))
def test_an_incomplete_request_is_not_asked(desk: Desk, without: dict[str, Any]) -> None:
    """Bar row 27: each is refused by the operation, in one sentence, and nothing is kept."""
    request = desk.draft(**without)
    desk.tell(request, "FACTS")
    with pytest.raises(ops.Incomplete) as refused:
        desk.ask(request)
    assert len(refused.value.lacking) == 1
    assert refused.value.answer.reason == refused.value.lacking[0].sentence
    assert fresh(request).state == "DRAFT"
    assert not request.pack.files.exists()
    assert not Alert.objects.exists()


def test_the_database_refuses_an_incomplete_request(desk: Desk) -> None:
    """What must not be empty cannot be, by raw SQL either (how long it is, the rule asks)."""
    request = desk.asked()
    must = ["harm_what", "harm_to", "harm_likely", "harm_soon", "why_none", "why_police"]
    for name in (*must, "why_now", "alternatives", "legal_basis", "traced", "told"):
        with pytest.raises(IntegrityError, match="request_whole"), raw(desk.now) as cursor:
            cursor.execute(
                f"UPDATE disclosures_request SET {name} = '' WHERE id = %s",
                [request.pk],
            )
    with pytest.raises(IntegrityError, match="high_or_why"), raw(desk.now) as cursor:
        cursor.execute("UPDATE disclosures_request SET risk_level = 'MEDIUM'")


@pytest.mark.parametrize("column", ["begun_by_id", "case_id", "pack_id", "begun_at"])
def test_the_first_facts_of_a_request_stay(desk: Desk, column: str) -> None:
    request = desk.draft()
    value = desk.now.replace(year=2020) if column == "begun_at" else desk.director.pk
    with pytest.raises(DatabaseError, match="Cannot update rows"), raw(desk.now) as cursor:
        cursor.execute(
            f"UPDATE disclosures_request SET {column} = %s WHERE id = %s",
            [value, request.pk],
        )


def test_an_empty_page_is_not_asked_for(desk: Desk) -> None:
    request = desk.draft()
    with pytest.raises(ops.Incomplete) as refused:
        desk.ask(request)
    assert [one.field for one in refused.value.lacking] == ["fields"]


def test_a_page_nobody_looked_at_is_not_asked_for(desk: Desk) -> None:
    request = desk.draft()
    desk.tell(request, "FACTS")
    assert [one.field for one in lacking(request, desk.now)] == ["reviewed"]
    by = desk.by(desk.officer())
    with pytest.raises(ops.Incomplete):
        ops.ask_director(by=by, at=desk.now, request=request)


def test_a_third_party_is_named_only_with_a_reason(desk: Desk) -> None:
    request = desk.draft()
    desk.tell(request, "FACTS")
    desk.tell(request, "THIRD_PARTY", "Bela Novak saw the can.", whose=desk.packs.story.third)
    with pytest.raises(ops.Incomplete) as refused:
        desk.ask(request)
    assert [one.field for one in refused.value.lacking] == ["third_party_why"]
    ops.change_request(
        by=desk.by(desk.officer()), at=desk.now, request=request, third_party_why="Only Bela saw."
    )
    assert desk.ask(request).state == "WAITING"


def test_only_a_unit_of_the_police_is_asked_for(desk: Desk) -> None:
    with pytest.raises(Refused, match="Only the police may be told in this way"):
        desk.draft(unit=desk.packs.safety)


def test_a_unit_whose_address_changed_is_checked_again_first(desk: Desk) -> None:
    request = desk.draft()
    desk.tell(request, "FACTS")
    unit = desk.packs.ppu
    change_unit(
        by=desk.packs.keeper,
        at=desk.now,
        contact=unit,
        **{
            **{name: getattr(unit, name) for name in ("unit", "person", "portal", "phone")},
            "post_address": unit.post_address,
            "hours": unit.hours,
            "secure_email": "other@police.example",
        },
    )
    with pytest.raises(ops.Incomplete) as refused:
        desk.ask(request)
    assert [one.field for one in refused.value.lacking] == ["contact"]


def test_where_risk_is_not_high_a_manager_who_did_not_ask_says_why(desk: Desk) -> None:
    set_risk(by=desk.lead, at=desk.now, case=desk.case, level="MEDIUM", provisional=False)
    request = desk.draft()
    desk.tell(request, "FACTS")
    with pytest.raises(ops.Incomplete) as refused:
        desk.ask(request)
    assert [one.field for one in refused.value.lacking] == ["not_high_why"]
    with pytest.raises(Refused, match="Only a case manager"):
        ops.explain_not_high(by=desk.lead, at=desk.now, request=request, why=LONG)
    ops.explain_not_high(by=desk.boss, at=desk.now, request=request, why=LONG)
    asked = desk.ask(request)
    assert (asked.risk_level, asked.not_high_by) == ("MEDIUM", desk.packs.story.manager)


def test_anyone_involved_can_be_at_risk(desk: Desk) -> None:
    """The respondent, the third party: whoever has a part (policy line 172, "anyone involved")."""
    story = desk.packs.story
    request = desk.draft(affected=[story.respondent, story.third])
    assert set(request.affected.all()) == {story.respondent, story.third}


def test_a_request_is_changed_only_while_it_is_written(desk: Desk) -> None:
    request = desk.asked()
    with pytest.raises(Refused, match="Take the request back to change it"):
        ops.change_request(
            by=desk.by(desk.officer()), at=desk.now, request=request, harm_to="Nobody"
        )


def test_whoever_may_decide_does_not_write_it(desk: Desk) -> None:
    both = desk.world.user(Role.CASE_MANAGER, Role.DIRECTOR_CO, team=desk.world.team())
    request = desk.draft()
    with pytest.raises(Refused, match="You may be the one who decides this"):
        ops.change_request(by=desk.by(both), at=desk.now, request=request, harm_to="x")


def test_only_whoever_began_it_asks(desk: Desk) -> None:
    request = desk.draft()
    desk.tell(request, "FACTS")
    with pytest.raises(Refused, match="Only whoever began this request"):
        desk.ask(request, by=desk.lead)


def test_one_request_of_a_case_waits_at_a_time(desk: Desk) -> None:
    desk.asked()
    other = desk.draft()
    desk.tell(other, "FACTS")
    with pytest.raises(Refused, match="waits for its decision already"):
        desk.ask(other)


def test_a_request_taken_back_is_over_and_its_page_never_goes(desk: Desk) -> None:
    request = desk.asked()
    ops.take_back(by=desk.lead, at=desk.now, request=request, why="She has agreed after all.")
    request = fresh(request)
    assert (request.state, request.pack.state) == ("TAKEN_BACK", "STOPPED")
    assert desk.case.clocks.get(kind="POLICE_APPROVAL").state == "NOT_APPLICABLE"
    with pytest.raises(Refused, match="not taken back"):
        ops.take_back(by=desk.lead, at=desk.now, request=request, why="Again.")


def test_after_a_decline_only_new_facts_are_asked_about(desk: Desk) -> None:
    first = desk.asked()
    desk.decide(first, verdict="DECLINE")
    again = desk.draft(new_facts="")
    assert again.previous == first
    desk.tell(again, "FACTS")
    with pytest.raises(ops.Incomplete) as refused:
        desk.ask(again)
    assert [one.field for one in refused.value.lacking] == ["new_facts"]
    ops.change_request(by=desk.by(desk.officer()), at=desk.now, request=again, new_facts=LONG)
    assert desk.ask(again).state == "WAITING"


def test_choices_that_are_none_are_refused_and_nothing_is_kept(desk: Desk) -> None:
    request = desk.draft()
    with pytest.raises(ValidationError):
        ops.change_request(
            by=desk.by(desk.officer()), at=desk.now, request=request, traced="PERHAPS"
        )
    assert fresh(request).traced == "MAYBE"


# --- who sees it ---


def test_who_sees_which_request(desk: Desk) -> None:
    draft, world = desk.draft(), desk.world
    delegate = desk.delegate()

    def sees(user: Any) -> bool:
        at = desk.now + timedelta(minutes=1)
        return requests_for(user.actor(at), at).filter(pk=draft.pk).exists()

    story = desk.packs.story
    others = [
        world.user(role)
        for role in (Role.SYSADMIN, Role.AUDITOR, Role.CALL_HANDLER, Role.HOUSING_OFFICER)
    ]
    others += [world.user(Role.DA_LEAD), desk.dpo]
    working = [story.officer, story.manager, desk.officer()]
    assert all(sees(user) for user in working)
    assert not any(sees(user) for user in (desk.director, delegate, desk.sponsor, *others))
    desk.tell(draft, "FACTS")
    desk.ask(draft)
    assert all(sees(user) for user in (*working, desk.director, delegate))
    assert not any(sees(user) for user in (desk.sponsor, *others))
    desk.conflict(desk.director)
    assert not sees(desk.director)
    assert not sees(delegate)
    assert sees(desk.sponsor)


def test_a_case_nobody_leads_is_decided_by_the_same(desk: Desk) -> None:
    """At night there may be no lead yet: the Director and the delegate still see it."""
    delegate = desk.delegate()
    request = desk.asked()
    lead = desk.case.lead
    desk.conflict(lead)
    assert Case.objects.get(pk=desk.case.pk).lead is None
    at = desk.now + timedelta(hours=1)
    assert list(requests_for(desk.by(delegate), at)) == [request]
    assert list(requests_for(desk.by(desk.director), at)) == [request]
    assert not requests_for(desk.by(desk.sponsor), at).exists()


def test_a_delegate_sees_what_waits_and_what_they_decided(desk: Desk) -> None:
    delegate = desk.delegate()
    at = desk.now + timedelta(hours=1)
    first = desk.asked()
    desk.decide(first, verdict="DECLINE")
    second = desk.asked()
    desk.decide(second, by=desk.by(delegate), verdict="DECLINE")
    assert list(requests_for(desk.by(delegate), at)) == [second]


def test_a_job_sees_nothing(desk: Desk) -> None:
    desk.asked()
    assert not requests_for(Actor(id=None, name="a job"), desk.now).exists()
