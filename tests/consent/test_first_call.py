"""Part 9 of the call sheet: what becomes of it when the case is opened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cases.access import Role
from cases.audit.models import Event
from cases.consent.choices import Scope
from cases.consent.first_call import the_one
from cases.consent.models import Said, Talk
from cases.consent.queries import live_scopes
from cases.intake.sheet_permission import how_asked, on_the_call, read_permission, said_of_telling
from cases.partners.models import Agency
from cases.partners.operations import add_agency
from tests.bench.work import TOLD
from tests.scenarios.story import Story
from tests.world import World

AT = datetime(2026, 11, 20, 9, 31, tzinfo=UTC)


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def opened(story: Story, **answers: str) -> Any:
    """The case of a report with these answers to part 9."""
    told = {**TOLD, **{f"permission.{key}": value for key, value in answers.items()}}
    return story.report(told, received=AT).case


def test_not_asked_leaves_nothing(story: Story) -> None:
    case = opened(story, police="NOT_ASKED")
    assert not Talk.objects.exists()
    assert said_of_telling(case) == []


def test_a_yes_is_a_yes_to_what_happened_and_to_nothing_more(story: Story) -> None:
    case = opened(story, police="YES", support="NO")
    talks = {talk.agency.kind: talk for talk in Talk.objects.all()}
    police, support = talks["POLICE"], talks["VICTIM_SUPPORT"]
    assert dict(police.said.values_list("scope", "reply")) == {"FACTS": "GIVEN"}
    assert set(support.said.values_list("reply", flat=True)) == {"REFUSED"}
    assert support.said.count() == len(Scope.values)
    assert police.from_sheet
    assert police.about.gave_report
    assert police.until_on is not None
    part = police.about_id
    assert live_scopes([part], police.agency_id, AT)[part] == {"FACTS"}
    assert Event.objects.filter(verb="permission.asked", case_reference=case.reference).count() == 2
    assert case.clocks.get(kind="PERMISSION").state == "RUNNING", "they are still to be asked"


def test_it_is_not_guessed_which_agency_was_meant(story: Story) -> None:
    by, at = story.world.actor(story.world.user(Role.CASE_MANAGER)), story.world.now
    add_agency(by=by, at=at, name="Wellby Police", kind="POLICE", areas=["Wellby"])
    case = opened(story, police="YES", council="NO")
    assert not Talk.objects.exists()
    assert said_of_telling(case) == ["the police: yes. Ask which things.", "the council: no."]


def test_do_not_ask_again_is_kept(story: Story) -> None:
    opened(story, police="NO", police_self="NO")
    talk = Talk.objects.get()
    assert talk.not_again
    assert set(talk.said.values_list("reply", flat=True)) == {"REFUSED"}


def test_a_childs_yes_is_not_taken_from_the_sheet(story: Story) -> None:
    told = {"who.born_day": "1", "who.born_month": "3", "who.born_year": "2014"}
    story.report(
        {**TOLD, **told, "permission.police": "YES", "permission.support": "NO"}, received=AT
    )
    assert list(Talk.objects.values_list("agency__kind", flat=True)) == ["VICTIM_SUPPORT"]
    assert not Said.objects.filter(reply="GIVEN").exists()


def agency(name: str, kind: str, *areas: str) -> Agency:
    return Agency(name=name, kind=kind, areas=list(areas))


HERE = agency("Wellby Police", "POLICE", "Wellby Borough")
EVERYWHERE = agency("Police", "POLICE")
SAFETY = agency("Council safety", "LOCAL_AUTHORITY", "Wellby Borough")
HOMES = agency("Council homes", "LOCAL_AUTHORITY", "Wellby Borough")


@pytest.mark.parametrize(
    ("agencies", "kind", "area", "expected"),
    [
        ([HERE, EVERYWHERE], "POLICE", "Wellby Borough", HERE),
        ([HERE, EVERYWHERE], "POLICE", " wellby borough ", HERE),
        ([HERE, EVERYWHERE], "POLICE", "", None),
        ([HERE, EVERYWHERE], "POLICE", "Elsewhere", None),
        ([EVERYWHERE], "POLICE", "Elsewhere", EVERYWHERE),
        ([EVERYWHERE], "POLICE", "", EVERYWHERE),
        ([SAFETY, HOMES], "LOCAL_AUTHORITY", "Wellby Borough", None),
        ([SAFETY], "LOCAL_AUTHORITY", "", SAFETY),
        ([SAFETY], "POLICE", "Wellby Borough", None),
        ([], "POLICE", "Wellby Borough", None),
    ],
)
def test_the_one_agency(
    agencies: list[Agency], kind: str, area: str, expected: Agency | None
) -> None:
    assert the_one(agencies, kind, area) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"police": "YES"}, [("POLICE", "YES", False)]),
        ({"police": "YES", "police_self": "NO"}, [("POLICE", "YES", False)]),
        ({"police": "NO", "police_self": "NO"}, [("POLICE", "NO", True)]),
        ({"police_self": "NO"}, [("POLICE", "", True)]),
        ({"police_self": "WANTS"}, []),
        (
            {"council": "NO", "support": "YES"},
            [("LOCAL_AUTHORITY", "NO", False), ("VICTIM_SUPPORT", "YES", False)],
        ),
    ],
)
def test_what_the_sheet_says(said: dict[str, str], expected: list[Any]) -> None:
    answers = {f"permission.{key}": value for key, value in said.items()}
    read = read_permission({**answers, "permission.council": said.get("council", "NOT_ASKED")})
    found = [(one.kind, one.answer, one.not_again) for one in on_the_call(read, {}, AT)]
    assert found == expected


@pytest.mark.parametrize(
    ("channel", "how"),
    [("PHONE_OOH", "PHONE"), ("HOME_VISIT", "IN_PERSON"), ("LETTER", "IN_WRITING")],
)
def test_how_it_was_asked(channel: str, how: str) -> None:
    assert how_asked(channel) == how
