"""Linking two accounts and taking them apart are exact opposites, but for the ledger."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from cases.access import Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.choices import ClockState, Stage
from cases.casework.clocks import ClockKind
from cases.casework.models import (
    Account,
    Case,
    CaseMember,
    Clock,
    Incident,
    IncidentPair,
    Involvement,
    Perception,
)
from cases.intake.models import Report, ReportIncident, RouteRecord
from cases.intake.operations import decide_pair, take_apart
from cases.people.models import Person
from cases.repeats.checking import differences
from cases.repeats.effects import OURS
from cases.repeats.models import RepeatFlag
from tests.scenarios.story import Story, london
from tests.scenarios.test_s06_s12 import graffiti, neighbour
from tests.world import World

WHY = "The same night, the same door and the same paint."
APART = "Jo saw another car, on the night before the paint."
WATCHED: tuple[type[models.Model], ...] = (
    Case,
    Incident,
    Account,
    Perception,
    Report,
    ReportIncident,
    RouteRecord,
    Clock,
    Involvement,
    CaseMember,
    Person,
)
# A version counts saves, and what is due next is read from the clocks.
LEFT_OUT = {"version", "next_due_at", "next_clock"}
DECIDING = {ClockKind.SAME_INCIDENT, *OURS}


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def everything() -> dict[str, dict[int, dict[str, Any]]]:
    """Every row of every table that a case is made of, as it stands."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for model in WATCHED:
        rows = model._default_manager.order_by("pk").values()
        found[model.__name__] = {
            row["id"]: {name: said for name, said in row.items() if name not in LEFT_OUT}
            for row in rows
        }
    return found


def decided(story: Story, pair: IncidentPair) -> None:
    at = london(2026, 4, 7, 11, 0)
    decide_pair(by=story.actor(story.manager), at=at, pair=pair, same=True, reason=WHY)


def apart(story: Story, pair: IncidentPair, reason: str = APART) -> None:
    at = london(2026, 4, 8, 11, 0)
    take_apart(by=story.actor(story.manager), at=at, pair=pair, reason=reason)


def differing(before: Any, after: Any) -> list[tuple[str, int, Any, Any]]:
    """Rows of before that say something else now, and rows there were not that still stand."""
    wrong = []
    for table, rows in after.items():
        for pk, now in rows.items():
            was = before[table].get(pk)
            if table == "Clock" and now["kind"] in DECIDING:
                continue  # it was decided, and now that they are two, what follows is promised
            if was is None and _ended(table, now):
                continue
            if now != was:
                wrong.append((table, pk, was, now))
        wrong += [(table, pk, was, None) for pk, was in before[table].items() if pk not in rows]
    return wrong


def _ended(table: str, row: dict[str, Any]) -> bool:
    if table == "Clock":
        return row["state"] == ClockState.NOT_APPLICABLE
    return row.get("ended_at") is not None


def test_every_row_is_as_before(story: Story) -> None:
    first = graffiti(story)
    second = neighbour(story, first)
    before = everything()
    pair = IncidentPair.objects.get()
    decided(story, pair)
    assert Case.objects.get(stage=Stage.MERGED) == second.case or second.case is None
    assert everything() != before
    apart(story, pair)
    assert differing(before, everything()) == []
    pair.refresh_from_db()
    assert (pair.decision, pair.reason) == ("DISTINCT", APART)
    assert Event.objects.filter(verb=Verb.INCIDENTS_UNLINKED).count() == 2
    assert list(differences()) == []


def test_apart_they_are_two_and_the_second_is_a_repeat(story: Story) -> None:
    """Together they are one incident and nothing follows; apart the later counts."""
    first = graffiti(story)
    second = neighbour(story, first)
    pair = IncidentPair.objects.get()
    assert not RepeatFlag.objects.exclude(level="NONE").exists()
    decided(story, pair)
    assert not RepeatFlag.objects.exclude(level="NONE").exists()
    apart(story, pair)
    second.refresh_from_db()
    flags = RepeatFlag.objects.filter(incident__isnull=False).exclude(level="NONE")
    assert [flag.incident.case for flag in flags if flag.incident] == [second.case]


def test_it_is_done_once_with_a_reason_and_by_who_works_cases(story: Story) -> None:
    neighbour(story, graffiti(story))
    pair = IncidentPair.objects.get()
    with pytest.raises(Refused, match="not recorded as one"):
        apart(story, pair)
    decided(story, pair)
    with pytest.raises(Refused, match="Say why"):
        apart(story, pair, "no")
    with pytest.raises(Refused):
        take_apart(
            by=story.actor(story.director), at=london(2026, 4, 8, 11, 0), pair=pair, reason=APART
        )
    apart(story, pair)
    with pytest.raises(Refused, match="not recorded as one"):
        apart(story, pair)


def test_each_account_stays_apart_from_the_other_person(story: Story) -> None:
    """Linked or not: the neighbour has no name on the victim's side."""
    neighbour(story, graffiti(story))
    decided(story, IncidentPair.objects.get())
    brought = Involvement.objects.filter(part="THIRD_PARTY", ended_at__isnull=True)
    assert all(part.kept_apart for part in brought)
    assert brought.count() == 2
    assert Account.objects.get(capacity="THIRD_PARTY").kept_apart


def test_the_page_asks_why_and_says_what_goes_back(story: Story) -> None:
    neighbour(story, graffiti(story))
    pair = IncidentPair.objects.get()
    client = story.world.client(story.manager)
    address = f"/same-incident/{pair.pk}/apart/"
    assert client.get(address).status_code == 403  # nothing to take apart yet
    decided(story, pair)
    assert address in client.get(f"/same-incident/{pair.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert "Were these two incidents after all?" in page
    assert "Say why" in client.post(address, {"reason": ""}).content.decode()
    assert client.post(address, {"reason": APART}).status_code == 302
    pair.refresh_from_db()
    assert pair.decision == "DISTINCT"
