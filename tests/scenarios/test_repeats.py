"""What the scenarios say of repeats: S07 to S10, S15 and S18 of domain section 9."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, IncidentPair
from cases.casework.operations import change_involvement, do_duty
from cases.intake.choices import Door
from cases.intake.models import Report
from cases.intake.operations import decide_pair
from cases.people.models import Person
from cases.repeats.checking import differences
from cases.repeats.models import RepeatEvidence, RepeatFlag
from cases.repeats.queries import repeat_of
from tests.scenarios.story import Story, clock, hate_case, keys, kinds, london
from tests.scenarios.test_s06_s12 import graffiti, neighbour


@pytest.fixture(autouse=True)
def _as_from_scratch(story: Story) -> Any:
    yield
    assert list(differences()) == []


def flag_of(case: Case) -> RepeatFlag | None:
    return RepeatFlag.objects.filter(incident__case=case).exclude(level="NONE").first()


def told(story: Story, person: Person, on: date, at: int = 9, **more: Any) -> Report:
    """Somebody rings on that day about that day."""
    return story.report(
        {
            **keys("who", person=person.reference),
            "incident-1.words": "It has started again.",
            **keys("incident-1", types=["VERBAL"], place="ESTATE_STREET"),
            **keys("incident-1", day=str(on.day), month=str(on.month), year=str(on.year)),
            "incident-1.when_known": "EXACT",
            **keys("why", caller="YES", own="YES", strands=["RELIGION"]),
            **more,
        },
        received=london(on.year, on.month, on.day, at, 0),
    )


def test_s07_and_s08_one_incident_and_no_repeat(story: Story) -> None:
    """Graffiti on the home of three is one incident to each; told again by Jo it stays one."""
    first = graffiti(story)
    second = neighbour(story, first)
    assert not RepeatFlag.objects.exists()
    at = london(2026, 4, 7, 11, 0)
    decide_pair(
        by=story.actor(story.manager),
        at=at,
        pair=IncidentPair.objects.get(),
        same=True,
        reason="The same night, the same door and the same paint.",
    )
    assert not RepeatFlag.objects.exclude(level="NONE").exists()
    case = hate_case(first)
    assert str(repeat_of(case, at=at).level) == "NONE"
    assert hate_case(second) == case


def test_until_it_is_decided_nobody_says_that_nothing_came_before(story: Story) -> None:
    """Rule 11: the pair counts as neither; the case says so, and where to decide."""
    first = graffiti(story)
    second = neighbour(story, first)
    case = Case.objects.get(reports=second)
    client = story.world.client(story.manager)
    client.post(f"/cases/{case.reference}/declare/", {"knows": "no"})
    for address in (f"/cases/{case.reference}/", f"/cases/{case.reference}/repeat/"):
        page = client.get(address).content.decode()
        assert "Not decided yet" in page, address
        assert "Nothing that counts is known" not in page, address
    assert f"/same-incident/{IncidentPair.objects.get().pk}/" in page


def test_s09_on_the_anniversary(story: Story) -> None:
    k = story.tenant("Kim Solaris", story.home("2 Elm Rise"))
    earlier = hate_case(told(story, k, date(2025, 4, 10)))
    case = hate_case(told(story, k, date(2026, 4, 10)))
    flag = flag_of(case)
    assert flag is not None
    assert (flag.level, flag.basis) == ("REPEAT", "PERSON")
    evidence = RepeatEvidence.objects.get(flag=flag, ended_at=None)
    assert (evidence.earlier.case, evidence.ends) == (earlier, date(2026, 4, 10))
    said = repeat_of(case, at=london(2026, 4, 10, 12, 0), reader=story.actor(story.manager))
    assert said.heading == "Second incident"
    assert said.sentence == (
        f"First reported 10 April 2025 ({earlier.reference}), so until 10 April 2026 counts."
    )
    manager = clock(case, ClockKind.REPEAT_TOLD)
    assert (manager.state, manager.due_at) == (ClockState.RUNNING, london(2026, 4, 13, 17, 0))
    assert {ClockKind.REPEAT_HISTORY, ClockKind.REPEAT_ASB_REVIEW} <= kinds(case)
    # The plan, the police and specialist support are owed anyway: once, not twice.
    assert case.clocks.filter(kind=ClockKind.ACTION_PLAN).count() == 1
    assert case.clocks.filter(kind=ClockKind.POLICE).count() == 1


def test_s10_one_day_outside(story: Story) -> None:
    lee = story.tenant("Lee Park", story.home("2 Elm Rise"))
    earlier = hate_case(told(story, lee, date(2025, 4, 10)))
    case = hate_case(told(story, lee, date(2026, 4, 11)))
    flag = flag_of(case)
    assert flag is not None
    assert flag.level == "PATTERN"
    said = repeat_of(case, at=london(2026, 4, 11, 12, 0), reader=story.actor(story.manager))
    assert said.sentence == (
        f"The 12 months ended on 10 April 2026 ({earlier.reference}), one day before. "
        "It is not a repeat, and it is handled in the same way."
    )
    assert ClockKind.REPEAT_TOLD in kinds(case)
    person = RepeatFlag.objects.get(person=lee)
    assert (person.level, person.current_until) == ("PATTERN", date(2027, 4, 11))


def test_s15_recorded_only_still_counts_and_nobody_presses(story: Story) -> None:
    """He wants it counted and nothing done: the next is a repeat, and the police were offered
    on each case once.
    """
    r = story.tenant("Rory Vance", story.home("5 Elm Rise"))
    first = hate_case(told(story, r, date(2026, 3, 2)))
    at = london(2026, 3, 2, 15, 0)
    do_duty(
        by=story.actor(story.manager),
        at=at,
        case=first,
        clock=clock(first, ClockKind.POLICE),
        outcome="Asked not to be asked again",
        words="He wants it counted and nothing done.",
    )
    second = hate_case(told(story, r, date(2026, 5, 4)))
    flag = flag_of(second)
    assert flag is not None
    assert flag.level == "REPEAT"
    assert first.clocks.filter(kind=ClockKind.POLICE).count() == 1


def test_s18_no_repeat_until_the_household_is_identified(story: Story) -> None:
    home = story.home("9 Elm Rise")
    ola = story.tenant("Ola Nowak", home)
    hate_case(told(story, ola, date(2026, 2, 2)))
    report = story.report(
        {
            "incident-1.words": "They keep calling the Polish family names.",
            **keys("incident-1", types=["VERBAL"], place="COMMUNAL_OUTSIDE"),
            **keys("harmed", described="The Polish family in the corner flat"),
            **keys("why", caller="YES", own="YES", strands=["RACE"]),
        },
        received=london(2026, 3, 2, 18, 0),
        door=Door.THIRD_PARTY,
        no_name=True,
    )
    case = hate_case(report)
    assert flag_of(case) is None
    part = case.involvements.get(part="VICTIM")
    change_involvement(
        by=story.actor(story.manager), at=london(2026, 3, 4, 9, 0), involvement=part, person=ola
    )
    flag = flag_of(case)
    assert flag is not None
    assert flag.level == "REPEAT"
