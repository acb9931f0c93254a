"""Routes, pairs and views beyond the scenarios: the ways things go that nobody tells twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.access import Refused, Role
from cases.casework.choices import Access, Capacity, ClockState, Holds, Part, Stage
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Incident, IncidentPair, Perception
from cases.casework.operations import hold
from cases.intake.choices import Door, ReporterCapacity, RouteState
from cases.intake.models import Report
from cases.intake.operations import (
    accept_route,
    add_view,
    correct_received,
    decide_pair,
    decline_route,
    offer_route_again,
)
from cases.people.models import Person
from tests.scenarios.story import Story, clock, hate_case, keys, london, routes
from tests.world import World

RECEIVED = london(2026, 3, 2, 9, 10)
AT = RECEIVED + timedelta(hours=1)
WHY = "The same evening and the same words."
DECLINE = "They do not need care or support."


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def told(**more: Any) -> dict[str, Any]:
    return {
        **keys("who", person="new", full_name="Ada Poole"),
        **keys("incident-1", words="He shouted.", types=["VERBAL"], place="COMMUNAL_INSIDE"),
        **keys("incident-1", day="1", month="3", year="2026", when_known="EXACT"),
        **keys("why", caller="YES", own="YES"),
        **more,
    }


def test_a_referral_nobody_receives_is_taken_on_by_whoever_holds_the_role(world: World) -> None:
    """Nobody holds the role yet: the report is taken all the same, and the manager sees it."""
    story = Story(world)
    lena = story.safeguarding
    lena.holdings.all().update(period=("2024-01-01T00:00Z", "2025-01-01T00:00Z"))
    report = story.report(told(**keys("harmed", children="SAW")), received=RECEIVED)
    route = report.routes.get(route="SAFEGUARDING")
    assert route.owner is None
    listed = world.client(story.manager).get("/referrals/").content.decode()
    assert report.reference in listed
    page = world.client(story.manager).get(f"/reports/{report.reference}/").content.decode()
    assert "Nobody receives it yet." in page
    later = world.user(Role.SAFEGUARDING_LEAD, name="Ines Cole")
    accept_route(by=story.actor(later), at=AT, route=route)
    route.refresh_from_db()
    assert (route.owner, route.state) == (later, RouteState.ACCEPTED)
    assert Case.objects.visible_to(story.actor(later)).exists()


def test_a_decliner_no_longer_looks_in_and_a_new_offer_has_its_own_time(story: Story) -> None:
    report = story.report(told(**keys("harmed", at_risk=["ADULT"])), received=RECEIVED)
    case, lena = hate_case(report), story.actor(story.safeguarding)
    route = report.routes.get(route="SAFEGUARDING")
    assert route.reasons == ["An adult may be at risk."]
    decline_route(by=lena, at=AT, route=route, reason=DECLINE)
    decline_route(by=lena, at=AT, route=route, reason=DECLINE)
    assert not Case.objects.visible_to(lena).exists()
    met = clock(case, ClockKind.SAFEGUARDING)
    assert (met.state, met.outcome) == (ClockState.MET, "Declined")
    with pytest.raises(Refused, match="Only a case manager"):
        offer_route_again(by=lena, at=AT, route=route)
    other = story.world.user(Role.SAFEGUARDING_LEAD, name="Ines Cole")
    tomorrow = AT + timedelta(days=1)
    again = offer_route_again(by=story.actor(story.manager), at=tomorrow, route=route, owner=other)
    assert again.due_at == london(2026, 3, 3, 17, 0)
    assert clock(case, ClockKind.SAFEGUARDING).due_at == london(2026, 3, 3, 17, 0)
    assert case.members.filter(user=other, why=Access.REFERRED, ended_at__isnull=True).exists()
    with pytest.raises(Refused, match="offered to somebody else"):
        accept_route(by=lena, at=tomorrow, route=route)
    page = story.world.client(story.manager).get(f"/reports/{report.reference}/")
    assert "Waiting for Ines Cole to accept." in page.content.decode()


def test_domestic_abuse_is_answered_by_its_own_lead(story: Story) -> None:
    report = story.report(told(**keys("respondent", relation="PARTNER_EX")), received=RECEIVED)
    route = report.routes.get(is_primary=True)
    assert (route.route, route.due_at) == ("DA", RECEIVED + timedelta(hours=24))
    helen = story.actor(story.da_lead)
    accept_route(by=helen, at=AT, route=route)
    decline_late = pytest.raises(Refused, match="already been answered")
    with decline_late:
        decline_route(by=helen, at=AT, route=route, reason=DECLINE)


def pair_of(story: Story, first: dict[str, Any], second: dict[str, Any]) -> IncidentPair:
    """Two reports about one person, an hour apart, by two callers."""
    person = story.tenant("Gita Abrams", story.home("31 Fen House", "NN98 1AB"))
    story.report({**first, "who.person": person.reference}, received=RECEIVED)
    story.report(
        {
            **second,
            **keys("who", person="new", full_name="Jo Tennant"),
            **keys("harmed", person=person.reference),
        },
        received=RECEIVED + timedelta(hours=1),
        door=Door.THIRD_PARTY,
    )
    return IncidentPair.objects.earliest("pk")


def test_the_same_respondent_is_enough(story: Story) -> None:
    pair = pair_of(
        story,
        told(**keys("respondent", described="The man at 16")),
        told(
            **keys("respondent", described="the man at 16."),
            **keys("incident-1", types=["THREAT"], place="ESTATE_STREET"),
        ),
    )
    assert pair.matches == ["respondent"]


@pytest.mark.parametrize(
    ("day", "kind", "place", "suggested"),
    [
        ("1", "VERBAL", "ESTATE_STREET", True),
        ("2", "THREAT", "COMMUNAL_INSIDE", True),
        ("28", "VERBAL", "COMMUNAL_INSIDE", True),  # 28 February, the day before
        ("27", "VERBAL", "COMMUNAL_INSIDE", False),
        ("1", "THREAT", "ESTATE_STREET", False),
    ],
)
def test_what_is_suggested(story: Story, day: str, kind: str, place: str, suggested: bool) -> None:
    """At most a day apart, and one thing alike (domain 6.2, rule 11)."""
    person = story.tenant("Gita Abrams", story.home("31 Fen House", "NN98 1AB"))
    about = {"who.person": person.reference}
    story.report({**told(), **about}, received=RECEIVED)
    month = "2" if int(day) > 20 else "3"
    again = {**keys("incident-1", day=day, month=month, types=[kind], place=place)}
    story.report({**told(), **about, **again}, received=RECEIVED + timedelta(hours=2))
    assert IncidentPair.objects.exists() == suggested


def test_a_case_with_something_else_in_it_is_not_joined(story: Story) -> None:
    """Only one of its two incidents is the same: both cases go on, the accounts are linked."""
    second = told(
        incidents="2",
        **keys("incident-2", words="Another week.", types=["THREAT"], place="PARK"),
        **keys("incident-2", day="1", month="2", year="2026", when_known="EXACT"),
    )
    pair = pair_of(story, told(), second)
    decide_pair(by=story.actor(story.manager), at=AT, pair=pair, same=True, reason=WHY)
    assert Case.objects.filter(stage=Stage.CONTACT).count() == 2
    assert Incident.objects.filter(same_as__isnull=False).count() == 1


def test_a_case_on_hold_is_linked_and_not_joined(story: Story) -> None:
    pair = pair_of(story, told(), told())
    case = pair.second.case
    assert case is not None
    hold(
        by=story.actor(story.manager),
        at=AT,
        case=case,
        reason="The police asked us to wait.",
        review_on=london(2026, 4, 1).date(),
    )
    decide_pair(by=story.actor(story.manager), at=AT, pair=pair, same=True, reason=WHY)
    case.refresh_from_db()
    assert case.stage == Stage.ON_HOLD


def test_two_antisocial_records_of_one_incident(story: Story) -> None:
    no = keys("why", caller="NO", own="NO")
    pair = pair_of(story, {**told(), **no}, {**told(), **no})
    assert pair.first.case is None
    decide_pair(by=story.actor(story.manager), at=AT, pair=pair, same=True, reason=WHY)
    assert Incident.objects.filter(same_as=pair.first).count() == 1
    assert not Case.objects.exists()


def test_one_pair_decided_leaves_the_clock_running_for_the_other(story: Story) -> None:
    pair_of(story, told(), told())
    person = Person.objects.get(full_name="Gita Abrams")
    story.report(
        {**told(), **keys("who", person=person.reference)},
        received=RECEIVED + timedelta(hours=3),
    )
    pairs = list(IncidentPair.objects.order_by("pk"))
    assert len(pairs) == 3
    third = Report.objects.latest("received_at")
    by = story.actor(story.manager)
    ours = [pair for pair in pairs if pair.second.case_id == hate_case(third).pk]
    decide_pair(by=by, at=AT, pair=ours[0], same=False, reason=WHY)
    assert clock(hate_case(third), ClockKind.SAME_INCIDENT).state == ClockState.RUNNING
    decide_pair(by=by, at=AT, pair=ours[1], same=False, reason=WHY)
    assert clock(hate_case(third), ClockKind.SAME_INCIDENT).state == ClockState.MET


def test_a_colleague_tells_of_somebody_else(story: Story) -> None:
    """They may be named unless they ask not to be; what the person harmed said is theirs."""
    report = story.report(
        told(
            **keys("who", full_name="Col Reeve", keep_apart="NO"),
            **keys("harmed", person="new", full_name="Lou Marsh", role="VISITOR"),
            **keys("why", caller="NOT_SURE", harmed="YES", harmed_words="It is because of me."),
        ),
        received=RECEIVED,
        door=Door.COLLEAGUE,
    )
    case = hate_case(report)
    assert report.capacity == ReporterCapacity.COLLEAGUE
    views = {view.who: view for view in Perception.objects.filter(incident__case=case)}
    assert views["Lou Marsh"].capacity == Capacity.VICTIM
    assert views["Lou Marsh"].words == "It is because of me."
    assert not views["Col Reeve"].kept_apart
    # What somebody else says of them is not theirs to deny: a told "no" is left to them.
    assert views["Col Reeve"].holds == Holds.NOT_SURE
    reasons = report.routes.get(route="HATE").reasons
    assert "Col is not sure." in reasons
    assert "Lou is said to visit one of our homes." in reasons
    assert ClockKind.THIRD_PARTY_CONTACT not in set(case.clocks.values_list("kind", flat=True))


def test_what_another_says_they_do_not_think_is_not_their_view(story: Story) -> None:
    report = story.report(
        told(**keys("harmed", person="new", full_name="Lou Marsh"), **keys("why", harmed="NO")),
        received=RECEIVED,
        door=Door.THIRD_PARTY,
    )
    assert not Perception.objects.filter(
        incident__case=hate_case(report), capacity=Capacity.VICTIM
    ).exists()


def test_a_new_colleague_is_known_as_one(story: Story) -> None:
    story.world.user(Role.HOUSING_OFFICER, team=story.team, name="Navin Brar")
    report = story.report(
        told(**keys("who", full_name="Navin Brar"), **keys("harmed", role="COLLEAGUE")),
        received=RECEIVED,
    )
    case = hate_case(report)
    assert case.victim.is_colleague
    assert case.restricted
    # The only manager is of Navin's own line, so nobody there is named: the Director sees it.
    assert case.team is None
    assert not Case.objects.visible_to(story.actor(story.manager)).exists()
    assert Case.objects.visible_to(story.actor(story.director)).exists()
    victim = case.involvements.get(part=Part.VICTIM)
    assert victim.victim_role == "COLLEAGUE"


def test_somebody_kept_from_the_officer_cannot_be_chosen(story: Story) -> None:
    """A reference typed into the post does not open a record the search would not show."""
    other = story.world.user(Role.CALL_HANDLER, name="Other Handler")
    first = story.report(
        told(**keys("who", full_name="Navin Brar"), **keys("harmed", role="COLLEAGUE")),
        received=RECEIVED,
    )
    hidden = first.victim
    assert hidden is not None
    second = story.report(told(**keys("who", person=hidden.reference)), received=RECEIVED, by=other)
    assert second.victim != hidden
    assert second.victim is not None
    assert not second.victim.identified


def test_a_view_about_one_of_two_incidents(story: Story) -> None:
    no = keys("why", caller="NO", own="NO")
    report = story.report(
        told(
            **no,
            incidents="2",
            **keys("incident-2", words="Another week.", types=["THREAT"], place="PARK"),
        ),
        received=RECEIVED,
    )
    assert routes(report) == ["ASB"]
    second = Incident.objects.latest("pk")
    add_view(
        by=story.actor(story.handler),
        at=AT,
        report=report,
        capacity=Capacity.VICTIM,
        holds=Holds.YES,
        person=report.victim,
        incident=second,
    )
    case = hate_case(report)
    assert case.incidents.count() == 2
    assert list(Incident.objects.hate()) == [second]


def test_a_report_without_a_case_is_corrected_too(story: Story) -> None:
    report = story.report(told(**keys("why", caller="NO", own="NO")), received=RECEIVED)
    correct_received(
        by=story.actor(story.manager),
        at=AT,
        report=report,
        received_at=RECEIVED - timedelta(hours=2),
        reason="It was on the answerphone since then.",
    )
    report.refresh_from_db()
    assert report.triage_due_at == RECEIVED + timedelta(hours=2)
