"""How it has affected the person, others nearby and the home, as the sheet asks it (HC-15)."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from cases.casework.choices import VictimRole
from cases.casework.models import Incident
from cases.casework.record_choices import CommunityImpact, Impact, PropertyHarm, Willing
from cases.intake.choices import Door
from cases.intake.models import CallSheet
from cases.intake.queries import answers_of
from cases.intake.script import question
from cases.intake.sheet_operations import save_answers
from cases.intake.submit import submit
from tests.intake.sheets import address, handler, new_sheet, save
from tests.world import World

pytestmark = pytest.mark.django_db

TOLD = {
    "incident-1.words": "They set fire to the door.",
    "incident-1.types": ["ARSON"],
    "incident-1.place": "VICTIM_HOME",
    "who.person": "no-name",
    "why.caller": "YES",
    "why.own": "YES",
}


def reported(world: World, **answers: str) -> Incident:
    world.policy()
    user = handler(world)
    sheet = new_sheet(world, user)
    said = {key.replace("__", "-", 1).replace("_", ".", 1): value for key, value in answers.items()}
    save_answers(by=world.actor(user), at=world.now, sheet=sheet, answers={**TOLD, **said})
    submit(by=world.actor(user), at=world.now, sheet=sheet)
    return Incident.objects.get()


def test_the_lists_of_the_sheet_are_those_of_the_case() -> None:
    """Every level of domain 2.4 can be told, and every kind of willingness of HC-39."""
    for key, codes in (
        ("harmed.impact", Impact.values),
        ("harmed.community", CommunityImpact.values),
        ("incident-3.property_harm", PropertyHarm.values),
        ("end.witness", Willing.values),
    ):
        asked = question(key)
        assert asked is not None
        assert asked.values == {str(code) for code in codes}


def test_what_was_told_is_on_the_incident(world: World) -> None:
    incident = reported(
        world,
        harmed_impact="3",
        harmed_impact_words="I am afraid to sleep.",
        harmed_community="2",
        incident__1_property_harm="SECURITY",
    )
    assert (incident.impact, incident.impact_words) == (3, "I am afraid to sleep.")
    assert (incident.community_impact, incident.property_harm) == (2, "SECURITY")
    assert incident.case
    assert incident.case.clocks.filter(kind="SECURE_HOME").exists()


def test_not_asked_is_not_none(world: World) -> None:
    incident = reported(world)
    assert (incident.impact, incident.community_impact) == (9, 9)
    assert incident.property_harm == PropertyHarm.NOT_ASKED


def test_a_home_nobody_can_live_in_is_a_night_to_plan_for(world: World) -> None:
    incident = reported(world, incident__1_property_harm="UNINHABITABLE")
    assert incident.case
    kinds = set(incident.case.clocks.values_list("kind", flat=True))
    assert {"SAFETY_TONIGHT", "SECURE_HOME"} <= kinds


def test_harm_to_the_home_arises_only_with_what_can_harm_it(world: World) -> None:
    user = handler(world)
    sheet = new_sheet(world, user)
    client = world.client(user)

    def hidden() -> bool:
        page = client.get(address(sheet)).content.decode()
        tag = re.search(r'<div [^>]*data-question="incident-1.property_harm"[^>]*>', page)
        assert tag
        return " hidden" in tag[0]

    save(client, sheet, **{"incident-1__types": ["VERBAL"]})
    assert hidden()
    save(client, sheet, **{"incident-1__types": ["GRAFFITI"]})
    assert not hidden()


def test_it_happened_to_a_colleague(world: World) -> None:
    """Its own door: their story in the first person, and who they are to us known (S12)."""
    user = handler(world)
    client = world.client(user)
    page = client.get(reverse("intake:take-report")).content.decode()
    assert "It happened to a colleague, who is telling us" in page
    answer = client.post(reverse("intake:take-report"), {"door": "COLLEAGUE_HARMED"})
    assert answer.status_code == 302
    sheet = CallSheet.objects.get()
    assert sheet.door == Door.VICTIM
    assert answers_of(sheet)["harmed.role"] == VictimRole.COLLEAGUE
    said = client.get(answer.url).content.decode()
    assert "Do you think it happened because of who you are" in said
