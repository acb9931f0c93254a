"""Everybody's work: each number is the number of rows of its list, for whoever looks."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Grant, Role
from cases.casework import operations
from cases.casework.models import Case
from cases.reporting.work_queries import BY_MONTH, Heap, cases_of, read_work
from tests.audit.pages import ritual
from tests.casework.story import Story, make_case, tell
from tests.repeats.telling import Telling
from tests.repeats.test_restricted import restrict
from tests.reporting.pages import at, text_of
from tests.risk.asking import answers, assessed, train
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = re.compile(r'<a class="app-tile__link" href="([^"]+)"><span[^>]*>(\d+)</span>')
CELL = re.compile(r'href="([^"]+)" aria-label="(\d+): ')
ROW = re.compile(r'id="case-(HC-[0-9A-Z-]+)"')


@pytest.fixture
def story(world: World) -> Story:
    """A case of the manager's team, led by the officer, at High risk."""
    told = tell(world).allocated()
    train(world, told.officer, told.manager)
    assessed(told, answers(RF1="YES", RF6="YES"))
    return told


def test_only_who_sees_workloads(world: World, story: Story) -> None:
    for address in (at("work"), at("work-list", "repeat")):
        ritual(
            world,
            allowed=story.manager,
            refused=story.officer,
            address=address,
            sentence=Grant.SEE_WORKLOADS.value,
        )
    director = world.client(world.user(Role.DIRECTOR_CO))
    assert "Everybody’s work" in text_of(director.get(at("work")))


def test_a_list_there_is_not_is_not_found(world: World, story: Story) -> None:
    client = world.client(story.manager)
    for address in (
        at("work-list", "nothing"),
        at("work-list", "opened"),  # of which month?
        at("work-list", "opened", month="1999-01"),
        at("work-list", "open", officer="none"),
        at("work-list", "open", officer=10**12),
        at("work-list", "open", officer=world.user(Role.HOUSING_OFFICER).pk),
        at("work-list", "open", officer="%00"),
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.DIRECTOR_CO])
def test_every_number_is_that_of_its_list(world: World, story: Story, role: Role) -> None:
    more(world, story, 3)
    user = story.manager if role is Role.CASE_MANAGER else world.user(role)
    with time_machine.travel(story.at(hours=30), tick=False):
        client = world.client(user)
        shown = text_of(client.get(at("work")))
        numbers = [*LIST.findall(shown), *CELL.findall(shown)]
        assert len(numbers) > 20
        assert any(int(number) for _, number in numbers)
        for href, number in numbers:
            page = text_of(client.get(href.replace("&amp;", "&")))
            rows = ROW.findall(page) if "ask-after" not in href else []
            assert len(rows) == int(number), (href, number, rows)


def more(world: World, story: Story, count: int) -> list[Case]:
    """Other cases of the same team, which nobody leads."""
    return [
        make_case(world, story.boss, story.case.policy_version, team=story.case.team)
        for _ in range(count)
    ]


def test_the_numbers_are_the_readers_own(world: World, story: Story) -> None:
    other = world.user(Role.CASE_MANAGER, team=world.team("Elsewhere"))
    now = story.at(hours=30)
    theirs = read_work(world.actor(other), now)
    assert theirs.officers == []
    assert set(theirs.now.values()) == {0}
    assert all(set(month.numbers.values()) == {0} for month in theirs.months)
    own = read_work(story.boss, now)
    assert own.now[Heap.HIGH] == 1
    assert own.now[Heap.LATE] == 1
    assert [officer.name for officer in own.officers] == [story.officer.full_name]


def test_a_restricted_case_is_in_no_number(world: World, story: Story) -> None:
    now = story.at(hours=30)
    director = world.user(Role.DIRECTOR_CO)
    operations.restrict_case(
        by=story.boss,
        at=story.at(hours=1),
        case=story.case,
        reason="Somebody who could be recognised may be harmed.",
        named=[director],
    )
    assert read_work(story.boss, now).now[Heap.HIGH] == 0
    assert not cases_of(story.boss, Heap.HIGH, now).exists()
    assert read_work(world.actor(director), now).now[Heap.HIGH] == 1


def test_a_month_counts_what_fell_due_and_was_kept(world: World, story: Story) -> None:
    now = story.at(days=40)
    month = next(one for one in read_work(story.boss, now).months if one.numbers[Heap.OPENED])
    assert month.period.holds(story.case.opened_at)
    assert month.numbers == {Heap.OPENED: 1, Heap.DUE: 1, Heap.KEPT: 0}
    for heap in BY_MONTH:
        found = cases_of(story.boss, heap, now, month=month.period)
        assert found.count() == month.numbers[heap]


def test_as_many_queries_however_much_there_is(world: World, story: Story) -> None:
    now = story.at(hours=30)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            read_work(story.boss, now)
        return len(queries)

    few = asked()
    more(world, story, 12)
    assert asked() == few
    assert few <= 12


def test_the_whole_page_asks_no_more_for_more(world: World, story: Story) -> None:
    client = world.client(story.manager)
    client.get(at("work"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(client.get(at("work")))
        return len(queries)

    few = asked()
    more(world, story, 12)
    assert asked() == few


def test_the_list_says_whose_it_is(world: World, story: Story) -> None:
    with time_machine.travel(story.at(hours=2), tick=False):
        client = world.client(story.manager)
        page = text_of(client.get(at("work-list", "open", officer=story.officer.pk)))
    assert story.officer.full_name in page
    assert story.case.reference in page


def repeated(telling: Telling) -> None:
    """Somebody harmed three times; the second case is restricted."""
    kay = telling.person("Kay Lindqvist")
    cases = [telling.incident(kay, day).case for day in ("2026-10-05", "2026-10-19", "2026-11-02")]
    assert cases[1] is not None
    restrict(telling, cases[1], "2026-10-20")


@pytest.mark.parametrize("heap", [None, *Heap])
def test_a_page_asks_no_more_for_more(world: World, story: Story, heap: Heap | None) -> None:
    """However many rows, restricted cases and conflicts of interest there are."""
    telling = Telling(world, story.officer, story.manager)
    user = world.user(Role.CASE_MANAGER, team=story.case.team, name="Una Park")
    month = {"month": f"{story.case.opened_at:%Y-%m}"} if heap in BY_MONTH else {}
    address = at("work-list", heap.value, **month) if heap else at("work")

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            page = text_of(client.get(address))
        return len(queries), len(ROW.findall(page))

    with time_machine.travel(story.at(hours=30), tick=False):
        repeated(telling)
        client = world.client(user)
        asked()  # so that every query is put together
        few, rows = asked()
        for case in more(world, story, 4)[:2]:
            operations.declare(
                by=world.actor(user), at=story.at(hours=30), case=case, knows_somebody=True
            )
        for _ in range(4):
            repeated(telling)
        assert asked()[0] == few
        grown = (Heap.OPEN, Heap.UNALLOCATED, Heap.OPENED, Heap.REPEAT)
        assert heap not in grown or asked()[1] > rows
