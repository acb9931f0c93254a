"""Accounts of one incident: found, joined, kept apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.casework.choices import Capacity, Holds, Part, Stage
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Incident, IncidentPair, Perception
from cases.casework.operations import retract_perception
from cases.intake.choices import Door, RouteState
from cases.intake.models import Report
from cases.intake.operations import (
    add_view,
    correct_received,
    decide_pair,
    decline_route,
    settle_provisional,
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


def report_about(story: Story, person: Person, *, hour: int, **more: Any) -> Report:
    """Another report by the same person, so many hours after the first."""
    return story.report(
        {**told(), **keys("who", person=person.reference), **more},
        received=RECEIVED + timedelta(hours=hour),
    )


def test_three_accounts_of_one_incident_in_any_order(story: Story) -> None:
    """However they are decided, everything points to the first told, and one case lives."""
    person = story.tenant("Gita Abrams", story.home("31 Fen House", "NN98 1AB"))
    first, second, third = (report_about(story, person, hour=hour) for hour in (0, 1, 2))
    by = story.actor(story.manager)
    pairs = list(IncidentPair.objects.order_by("-pk"))
    assert len(pairs) == 3
    for pair in pairs:
        decide_pair(by=by, at=AT, pair=pair, same=True, reason=WHY)
    kept = Incident.objects.get(same_as__isnull=True)
    assert set(kept.report_links.values_list("report", flat=True)) == {
        first.pk,
        second.pk,
        third.pk,
    }
    assert kept.case == hate_case(first)
    assert Case.objects.exclude(stage=Stage.MERGED).get() == hate_case(first)


def test_both_incidents_of_a_report_are_of_the_first(story: Story) -> None:
    """Told as two, found to be one: the report is linked once, and its case joined at last."""
    again = keys("incident-2", day="1", month="3", year="2026", when_known="EXACT")
    second = told(incidents="2", **again, **keys("incident-2", types=["VERBAL"], words="Later."))
    pair_of(story, told(), second)
    by = story.actor(story.manager)
    for pair in IncidentPair.objects.order_by("pk"):
        decide_pair(by=by, at=AT, pair=pair, same=True, reason=WHY)
    kept = Incident.objects.get(same_as__isnull=True)
    assert kept.report_links.count() == 2
    assert Case.objects.filter(stage=Stage.MERGED).count() == 1


def test_both_incidents_of_an_antisocial_record(story: Story) -> None:
    again = keys("incident-2", day="1", month="3", year="2026", when_known="EXACT")
    no = keys("why", caller="NO", own="NO")
    second = told(incidents="2", **again, **keys("incident-2", types=["VERBAL"]), **no)
    pair_of(story, told(), second)
    by = story.actor(story.manager)
    for pair in IncidentPair.objects.order_by("pk"):
        decide_pair(by=by, at=AT, pair=pair, same=True, reason=WHY)
    case = Case.objects.get()
    assert case.reports.count() == 2
    assert case.involvements.filter(part=Part.THIRD_PARTY).count() == 1


def test_the_same_person_first_said_no(story: Story) -> None:
    """Their own earlier record stands behind the case; they are not a third party to it."""
    person = story.tenant("Gita Abrams", story.home("31 Fen House", "NN98 1AB"))
    asb = report_about(story, person, hour=0, **keys("why", caller="NO", own="NO"))
    hate = report_about(story, person, hour=1)
    pair = IncidentPair.objects.get()
    decide_pair(by=story.actor(story.manager), at=AT, pair=pair, same=True, reason=WHY)
    asb.refresh_from_db()
    assert asb.case == hate_case(hate)
    assert not hate_case(hate).involvements.filter(part=Part.THIRD_PARTY).exists()


def test_a_third_party_who_rings_twice_is_there_once(story: Story) -> None:
    person = story.tenant("Gita Abrams", story.home("31 Fen House", "NN98 1AB"))
    jo = story.tenant("Jo Tennant", story.home("33 Fen House", "NN98 1AB"))
    about = {**keys("who", person=jo.reference), **keys("harmed", person=person.reference)}
    first, second = (
        story.report(
            {**told(), **about},
            received=RECEIVED + timedelta(hours=hour),
            door=Door.THIRD_PARTY,
        )
        for hour in (0, 1)
    )
    pair = IncidentPair.objects.get()
    decide_pair(by=story.actor(story.manager), at=AT, pair=pair, same=True, reason=WHY)
    assert hate_case(second) == hate_case(first)
    assert hate_case(first).involvements.filter(person=jo).count() == 1


def test_two_incidents_of_one_case_found_to_be_one(story: Story) -> None:
    """Somebody compares two of the case's own: they are linked, and the case stays itself."""
    again = keys("incident-2", day="1", month="3", year="2026", when_known="EXACT")
    report = story.report(
        told(incidents="2", **again, **keys("incident-2", types=["VERBAL"], words="Later.")),
        received=RECEIVED,
    )
    first, second = Incident.objects.order_by("pk")
    pair = IncidentPair.objects.create(first=first, second=second, found_at=AT)
    decide_pair(by=story.actor(story.manager), at=AT, pair=pair, same=True, reason=WHY)
    second.refresh_from_db()
    assert second.same_as == first
    assert hate_case(report).stage == Stage.CONTACT


def test_a_correction_leaves_alone_what_it_does_not_bring_forward(story: Story) -> None:
    """An hour earlier the same day: the manager's review was due at the end of the next anyway."""
    report = story.report(told(), received=RECEIVED)
    case = hate_case(report)
    before = clock(case, ClockKind.MANAGER_REVIEW)
    correct_received(
        by=story.actor(story.manager),
        at=AT,
        report=report,
        received_at=RECEIVED - timedelta(hours=1),
        reason="It was on the answerphone since then.",
    )
    assert clock(case, ClockKind.MANAGER_REVIEW).pk == before.pk
    assert clock(case, ClockKind.FIRST_CONTACT).due_at == RECEIVED + timedelta(hours=23)


def test_a_record_that_was_antisocial_behaviour_before_is_not_offered_twice(story: Story) -> None:
    report = story.report(told(**keys("why", caller="NO", own="NO")), received=RECEIVED)
    handler = story.actor(story.handler)
    view: dict[str, Any] = {"by": handler, "report": report, "capacity": Capacity.OFFICER}
    add_view(at=AT, holds=Holds.NOT_SURE, **view)
    case = hate_case(report)
    assert case.provisional
    unsure = Perception.objects.get(holds=Holds.NOT_SURE)
    retract_perception(by=handler, at=AT, view=unsure, words="I have asked again.")
    assert settle_provisional(by=handler, at=AT, case=case)
    assert report.routes.get(route="ASB").state == RouteState.SUPERSEDED
    assert routes(report) == ["HATE"]


def test_a_decliner_is_not_let_in_again_by_a_later_view(story: Story) -> None:
    report = story.report(told(**keys("harmed", children="SAW")), received=RECEIVED)
    lena = story.actor(story.safeguarding)
    decline_route(by=lena, at=AT, route=report.routes.get(route="SAFEGUARDING"), reason=DECLINE)
    add_view(
        by=story.actor(story.handler),
        at=AT,
        report=report,
        capacity=Capacity.WITNESS,
        holds=Holds.YES,
        described_as="Her sister",
    )
    assert not Case.objects.visible_to(lena).exists()
