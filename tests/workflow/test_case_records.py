"""Crime, impact, statements, HR and the company, as the pages show them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine

from cases.access import Role
from cases.casework import operations as do
from cases.casework.record_rules import GOES_ON
from cases.people.models import Entity
from tests.casework.story import Story, declared
from tests.workflow.test_case_page import text_of, url
from tests.world import World


@pytest.fixture
def now(story: Story) -> Iterator[datetime]:
    with time_machine.travel(story.at(hours=1), tick=False):
        yield story.at(hours=1)


@pytest.fixture
def led(story: Story, now: datetime) -> Story:
    story.allocated()
    declared(story, story.officer, story.manager)
    return story


@pytest.fixture
def companies(world: World) -> list[Entity]:
    return [
        Entity.objects.create(code="AMPLIUS", name="Amplius Living"),
        Entity.objects.create(code="LONGHURST", name="Longhurst Group, before Amplius"),
    ]


def page(story: Story, rest: str = "", user: Any = None) -> str:
    client = story.world.client(user or story.officer)
    return text_of(client.get(url(story, rest)).content.decode())


def test_what_the_police_decided_stands_in_the_incident_with_its_history(led: Story) -> None:
    """HC-24: who decided, when, the reference beside it; and that nothing follows from it."""
    assert "Not assessed." in page(led)
    assert GOES_ON in page(led)
    for status, reference in (("POLICE_CRIME", "35/12345/26"), ("NFA", "")):
        do.record_crime_status(
            by=led.lead,
            at=led.at(hours=1),
            incident=led.incident,
            status=status,
            decided_by="PC Hale, Wellby police",
            decided_on=date(2026, 11, 18),
            crime_reference=reference,
        )
    said = page(led)
    now, _, before = said.partition("Before that")
    assert "The police take no further action." in now
    assert "Decided by PC Hale, Wellby police on Wednesday 18 November 2026." in now
    assert "Police crime reference 35/12345/26" in now
    assert "The police recorded a crime." in before
    # The next step and what the stage needs are the same as they were.
    assert "Make first contact with Amara" in said


def test_a_decision_of_the_police_offers_no_closing(led: Story) -> None:
    before = page(led).partition("Incidents")[0]
    do.record_crime_status(
        by=led.lead,
        at=led.at(hours=1),
        incident=led.incident,
        status="POLICE_NOT_CRIME",
        decided_by="Wellby police",
        decided_on=date(2026, 11, 18),
    )
    assert page(led).partition("Incidents")[0] == before


def test_how_it_has_affected_people_is_shown(led: Story) -> None:
    do.record_impact(
        by=led.lead,
        at=led.at(hours=1),
        incident=led.incident,
        impact=3,
        impact_words="I do not sleep.",
        community_impact=2,
        property_harm="SECURITY",
    )
    said = page(led)
    for words in (
        "Afraid or unwell, needed help. “I do not sleep.”",
        "Others nearby Several households.",
        "The home No longer secure.",
    ):
        assert words in said
    history = page(led, "history/")
    assert "How it has affected them" in history
    assert "Several households" in history


def test_records_of_people_are_shown_with_their_day(led: Story) -> None:
    part = do.change_involvement(
        by=led.lead,
        at=led.at(hours=1),
        involvement=led.respondent,
        relationship="LANDLORD_COLLEAGUE",
    )
    day = date(2026, 11, 18)
    do.record_part(by=led.lead, at=led.at(hours=1), involvement=part, kind="HR_REFERRED", on=day)
    do.record_part(
        by=led.lead,
        at=led.at(hours=1),
        involvement=led.victim,
        kind="STATEMENT",
        on=day,
        with_whom="PC Hale",
        words="Signed.",
    )
    said = page(led)
    assert "Referred to HR on Wednesday 18 November 2026. Recorded by Dawn Mistry." in said
    assert "Statement taken by PC Hale on Wednesday 18 November 2026. Signed." in said
    assert "Record a referral to HR" in said
    assert "Record a statement or special measures" in said


def test_nothing_of_somebody_kept_apart_is_shown(led: Story) -> None:
    do.record_part(
        by=led.lead,
        at=led.at(hours=1),
        involvement=led.third,
        kind="STATEMENT",
        on=date(2026, 11, 18),
        with_whom="Bela’s solicitor",
    )
    assert "Bela" not in page(led)


def test_the_form_of_hr_has_no_room_for_words(led: Story) -> None:
    do.change_involvement(
        by=led.lead,
        at=led.at(hours=1),
        involvement=led.respondent,
        relationship="LANDLORD_COLLEAGUE",
    )
    html = led.world.client(led.officer).get(url(led, f"people/{led.respondent.pk}/record/"))
    form = html.content.decode()
    assert 'name="kind"' in form
    assert 'name="words"' not in form
    assert 'name="with_whom"' not in form


def test_the_company_stands_on_the_page_and_changes(led: Story, companies: list[Entity]) -> None:
    assert "Company: not known yet" in page(led)
    do.place_case(
        by=led.boss, at=led.at(hours=1), case=led.case, entity=companies[1], reason="Theirs."
    )
    assert "Company: Longhurst Group, before Amplius." in page(led)
    assert "changed which company" in page(led).lower()
    assert "Change which company it belongs to" not in page(led)
    assert "Change which company it belongs to" in page(led, user=led.manager)


def test_the_queue_is_filtered_by_company(led: Story, companies: list[Entity]) -> None:
    do.place_case(
        by=led.boss, at=led.at(hours=1), case=led.case, entity=companies[0], reason="Ours."
    )
    client = led.world.client(led.manager)

    def shown(query: str) -> bool:
        html = client.get(f"/?view=team&{query}").content.decode()
        assert "Company" in html
        return led.case.reference in html

    assert shown("")
    assert shown("company=AMPLIUS")
    assert shown("company=AMPLIUS&company=none")
    assert not shown("company=LONGHURST")
    assert not shown("company=none")
    assert "Company: Amplius Living" in text_of(
        client.get("/?view=team&company=AMPLIUS").content.decode()
    )
    # An address that means nothing is left out, and an officer is offered no such filter.
    assert client.get("/?view=team&company=%27%3B--").status_code == 200
    officers = led.world.client(led.officer).get("/?company=LONGHURST").content.decode()
    assert led.case.reference in officers
    assert 'name="company"' not in officers


def test_a_company_is_chosen_for_somebody_by_an_administrator(
    world: World, led: Story, companies: list[Entity]
) -> None:
    admin = world.client(world.user(Role.SYSADMIN))
    address = f"/users/{led.manager.pk}/companies/"
    assert "Every company" in text_of(admin.get(f"/users/{led.manager.pk}/").content.decode())
    assert admin.post(address, {"entities": ["LONGHURST"]}).status_code == 200  # says why
    answer = admin.post(address, {"entities": ["LONGHURST"], "reason": "Her patch."})
    assert answer.status_code == 302
    assert "Only 1 of them" in text_of(admin.get(answer.url).content.decode())
    led.manager.refresh_from_db()
    assert led.manager.entities == ["LONGHURST"]
    assert led.world.client(led.officer).get(address).status_code in (403, 404)
    # From the next request: a case of another company is not there.
    do.place_case(
        by=led.boss, at=led.at(hours=1), case=led.case, entity=companies[0], reason="Ours."
    )
    assert led.world.client(led.manager).get(url(led)).status_code == 404
