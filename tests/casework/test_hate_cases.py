"""The database keeps which cases and incidents are hate, whoever writes the views (ADR 27)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from cases.audit import context
from cases.casework import operations as do
from cases.casework.models import Case, HateCase, HateIncident, Incident, IncidentPair, Perception
from cases.intake.operations import decide_pair
from cases.people.operations import add_person
from hatecrime.integrity import findings
from tests.casework.story import Story, make_case, tell
from tests.casework.test_races import at_once
from tests.world import World

WHY = "The same afternoon, the same wall, the same words."


@pytest.fixture
def story(world: World) -> Story:
    return tell(world)


def view(story: Story, incident: Incident, **facts: Any) -> Perception:
    said: dict[str, Any] = {
        "holds": "YES",
        "capacity": "WITNESS",
        "described_as": "A postman",
        "strands": {"RACE": "ACTUAL"},
    }
    return do.add_perception(
        by=story.by(story.handler), at=story.at(), incident=incident, **{**said, **facts}
    )


def take_back(story: Story, given: Perception) -> None:
    do.retract_perception(
        by=story.lead,
        at=story.at(hours=1),
        view=given,
        words="I do not think so any more.",
        witness=story.manager,
    )


def strands_of(case: Case) -> list[str] | None:
    """The strands a case is kept as a hate case for; None if it is none."""
    found = HateCase.objects.filter(case=case).first()
    return found.strands if found else None


def another(story: Story, name: str = "Somebody else") -> Incident:
    """An incident of a case of somebody else's, which nobody has a view of yet."""
    by, at = story.by(story.handler), story.at()
    case = make_case(
        story.world,
        by,
        story.case.policy_version,
        victim=add_person(by=by, at=at, full_name=name),
    )
    return do.add_incident(
        by=by, at=at, case=case, when_known="ABOUT", occurred_on=date(2026, 11, 18), types=["NOISE"]
    )


def with_more(story: Story, incident: Incident) -> Incident:
    """The incident, its case having another one: it is not joined, and goes on by itself."""
    assert incident.case is not None
    do.add_incident(by=story.by(story.handler), at=story.at(), case=incident.case, types=["NOISE"])
    return incident


def same(story: Story, first: Incident, second: Incident) -> None:
    with transaction.atomic(), context.acting_as(story.boss, at=story.at(), purpose="test"):
        pair = IncidentPair.objects.create(first=first, second=second, found_at=story.at())
    decide_pair(by=story.boss, at=story.at(hours=1), pair=pair, same=True, reason=WHY)


def test_a_case_is_hate_for_what_is_said_of_it(story: Story) -> None:
    view(story, story.incident, strands={"RELIGION": "ACTUAL", "AGE": "NOT_STATED"})
    assert strands_of(story.case) == ["AGE", "RACE", "RELIGION"]
    assert HateIncident.objects.get().incident == story.incident


def test_not_sure_is_enough_and_no_is_not(story: Story) -> None:
    incident = another(story)
    assert incident.case is not None
    view(story, incident, holds="NO", strands={})
    assert strands_of(incident.case) is None
    view(story, incident, holds="NOT_SURE", strands={})
    assert strands_of(incident.case) == []


def test_what_was_taken_back_stands_no_more(story: Story) -> None:
    other = view(story, story.incident, strands={"AGE": "ACTUAL"})
    take_back(story, story.view)
    assert strands_of(story.case) == ["AGE"]
    take_back(story, other)
    assert strands_of(story.case) is None
    assert not HateIncident.objects.exists()


def test_a_view_of_the_second_account_is_of_the_first_ones_case(story: Story) -> None:
    incident = with_more(story, another(story))
    assert incident.case is not None
    view(story, incident, strands={"DISABILITY": "ACTUAL"})
    same(story, story.incident, incident)
    assert strands_of(story.case) == ["DISABILITY", "RACE"]
    assert strands_of(incident.case) is None
    assert HateIncident.objects.get().incident == story.incident
    view(story, incident, described_as="A neighbour", strands={"AGE": "ACTUAL"})
    assert strands_of(story.case) == ["AGE", "DISABILITY", "RACE"]
    take_back(story, story.view)
    assert strands_of(story.case) == ["AGE", "DISABILITY"]
    assert not [one.what for one in findings() if "kept as" in one.what]


def test_an_incident_is_told_of_when_the_first_account_of_it_is(story: Story) -> None:
    incident = another(story)
    earlier = story.incident.reported_at - timedelta(hours=3)
    with transaction.atomic(), context.acting_as(story.boss, at=story.at(), purpose="test"):
        Incident.objects.filter(pk=incident.pk).update(reported_at=earlier)
    same(story, story.incident, incident)
    kept = HateIncident.objects.get()
    assert kept.told_at == earlier


def test_nobody_writes_it_by_hand(story: Story) -> None:
    for words in (
        "INSERT INTO casework_hatecase (case_id, strands) VALUES (%s, '{}')",
        "UPDATE casework_hatecase SET strands = '{}' WHERE case_id = %s",
        "DELETE FROM casework_hatecase WHERE case_id = %s",
        "DELETE FROM casework_hateincident WHERE incident_id = %s",
    ):
        with (
            pytest.raises(Error, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(words, [story.case.pk])
    assert strands_of(story.case) == ["RACE"]


def test_two_cases_of_one_incident_written_at_once(own_world: World) -> None:
    """A view given on one account while the last is taken back on the other: still hate."""
    story = tell(own_world).allocated()
    incident = with_more(story, another(story))
    same(story, story.incident, incident)
    account = Incident.objects.get(pk=incident.pk)
    given = at_once(
        [lambda: view(story, account), lambda: take_back(story, Perception.objects.get())]
    )
    assert not [one for one in given if isinstance(one, Exception)]
    assert strands_of(story.case) == ["RACE"]
    assert not [one.what for one in findings() if "kept as" in one.what]
