"""What a case knows from the first moment: Care and Support, the respondent, whose home."""

from __future__ import annotations

from cases.casework.choices import Part
from cases.casework.clocks import DUTIES, ClockKind
from cases.casework.operations import change_involvement
from cases.people.choices import Tenure
from cases.people.models import Entity, Property
from tests.scenarios.story import Story, clock, hate_case, keys, kinds, london

RECEIVED = london(2026, 3, 18, 10, 0)
TOLD = {
    **keys("incident-1", words="He shouts at her.", types=["VERBAL"]),
    **keys("why", caller="YES", own="YES", strands=["DISABILITY"]),
}


def test_care_and_support_asks_about_capacity_an_advocate_and_the_regulator(story: Story) -> None:
    """HC-21, by the tenure or by the place; needed before the case leaves Assess."""
    c = story.tenant("Cora Finn", story.home("2 Elm Lodge"), tenure=Tenure.SUPPORTED_LICENCE)
    case = hate_case(story.report({**keys("who", person=c.reference), **TOLD}, received=RECEIVED))
    asked = clock(case, ClockKind.CARE_SUPPORT)
    assert asked.due_at == london(2026, 3, 19, 10, 0)
    duty = DUTIES[ClockKind.CARE_SUPPORT]
    assert duty.gate == "ASSESS"
    for word in ("capacity", "advocate", "regulated service"):
        assert word in duty.note
    d = story.tenant("Dev Shaw", story.home("3 Elm Lodge"))
    there = {**TOLD, "incident-1.place": "SCHEME_CARE_SUPPORT"}
    other = hate_case(story.report({**keys("who", person=d.reference), **there}, received=RECEIVED))
    assert ClockKind.CARE_SUPPORT in kinds(other)
    plain = hate_case(story.report({**keys("who", person=d.reference), **TOLD}, received=RECEIVED))
    assert ClockKind.CARE_SUPPORT not in kinds(plain)


def test_what_is_known_of_the_respondent_is_kept_and_grows(story: Story) -> None:
    """Domain 2.5 and S12: a customer, under 18; once found, their own tenure comes with them."""
    v = story.tenant("Vic Noble", story.home("5 Elm Lodge"))
    t = story.tenant("Tom Reed", story.home("6 Elm Lodge"), tenure=Tenure.SHARED_OWNER)
    told = {
        **TOLD,
        **keys("who", person=v.reference),
        **keys("respondent", described="The boy upstairs", customer="YES", under_18="YES"),
    }
    case = hate_case(story.report(told, received=RECEIVED))
    part = case.involvements.get(part=Part.RESPONDENT)
    assert (part.customer, part.under_18, part.tenure) == ("YES", "YES", "")
    found = change_involvement(
        by=story.actor(story.officer), at=RECEIVED, involvement=part, person=t
    )
    assert found.tenure == Tenure.SHARED_OWNER


def test_the_case_is_of_the_company_whose_home_it_is(story: Story) -> None:
    """HC-20: from the victim's home; of nobody known when there is none."""
    predecessor = Entity.objects.create(code="GRAND_UNION", name="Grand Union, before Amplius")
    v = story.tenant("Vic Noble", story.home("5 Elm Lodge"))
    Property.objects.filter(pk=v.home_id).update(entity=predecessor)
    case = hate_case(story.report({**keys("who", person=v.reference), **TOLD}, received=RECEIVED))
    assert case.entity == predecessor
    nameless = {**TOLD, **keys("who", person="no-name")}
    assert hate_case(story.report(nameless, received=RECEIVED)).entity is None
