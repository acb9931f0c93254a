"""All figures are of one moment, and come back from JSON as they went."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from cases.casework.operations import add_incident, add_perception
from cases.people.operations import add_person
from cases.reporting import catalogue
from cases.reporting.collecting import Figures, NotCounted, collect
from cases.reporting.measure import Asked, Chapter, Counter, Line, Measure
from cases.reporting.measures.base import cases_opened
from cases.reporting.periods import month_of
from cases.reporting.tally import counts
from cases.reporting.values import Count
from tests.casework.story import make_case, tell
from tests.world import World

LATER = datetime(2027, 1, 1, tzinfo=UTC)


def asked(world: World) -> Asked:
    return Asked.of_month(month_of(world.now.date()), LATER)


def test_every_measure_has_its_lines_in_every_window(world: World) -> None:
    tell(world)
    figures = collect(asked(world))
    assert figures.line("M03", "opened").values["month"] == Count(1)
    assert set(figures.lines) == set(catalogue.BY_CODE)
    assert figures.queries == catalogue.VERSION
    for code, lines in figures.lines.items():
        assert lines, code
        for line in lines:
            assert set(line.values) == {"month", "year", "before", "to_date"}, code
            assert len(line.months) in (0, 24), code


def test_the_rows_behind_a_line_are_those_it_counts(world: World) -> None:
    story = tell(world)
    figures = collect(asked(world))
    assert figures.items["M03", "opened"].ids == {story.case.pk}
    assert figures.newest["casework.case"] == story.case.pk


def test_figures_come_back_from_json_as_they_went(world: World) -> None:
    tell(world)
    figures = collect(asked(world))
    kept = json.loads(json.dumps(figures.as_json()))
    again = Figures.from_json(kept)
    assert again.as_json() == figures.as_json()
    assert again.line("M03", "opened") == figures.line("M03", "opened")
    assert again.windows == figures.windows
    assert again.months == figures.months
    with pytest.raises(KeyError):
        again.line("M03", "no such line")


def test_progress_is_told_from_nothing_to_all(world: World) -> None:
    tell(world)
    told: list[tuple[int, str]] = []
    collect(asked(world), lambda done, words: told.append((done, words)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[0][0] == 0
    assert told[-1] == (100, "Everything is counted")
    assert any("M03" in words for _, words in told)


def test_a_case_committed_while_counting_is_in_no_figure(own_world: World) -> None:
    """Somebody opens a case between the first measure and the last."""
    story = tell(own_world)

    def open_another() -> None:
        by, at = own_world.actor(story.handler), own_world.now
        victim = add_person(by=by, at=at, full_name="Somebody else")
        case = make_case(own_world, by, story.case.policy_version, victim=victim)
        incident = add_incident(by=by, at=at, case=case, when_known="UNKNOWN", types=["VERBAL"])
        add_perception(
            by=by, at=at, incident=incident, holds="YES", capacity="VICTIM", person=victim
        )
        connections.close_all()

    opened: list[int] = []

    def told(done: int, words: str) -> None:
        if not opened:
            opened.append(1)
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(open_another).result()

    figures = collect(asked(own_world), told)
    assert opened
    assert figures.line("M03", "opened").values["month"] == Count(1)
    assert figures.items["M03", "opened"].ids == {story.case.pk}
    assert collect(asked(own_world)).line("M03", "opened").values["month"] == Count(2)


def test_no_figures_of_a_moment_that_began_before(own_world: World) -> None:
    tell(own_world)
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        collect(asked(own_world))


def test_counting_takes_as_long_as_it_takes(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere a statement ends after some seconds; where figures are counted none does."""

    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    limits: list[str] = []

    def slow(of: Asked) -> list[Line]:
        limits.append(limit())
        return counts(of, cases_opened(of))

    monkeypatch.setattr(catalogue, "ALL", (measure(slow),))
    collect(asked(own_world))
    assert limits == ["0"]
    assert limit() != "0"


def test_a_measure_that_fails_is_named_and_nothing_else(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(of: Asked) -> list[Line]:
        raise ValueError("Amara Osei")

    monkeypatch.setattr(catalogue, "ALL", (measure(broken),))
    with pytest.raises(NotCounted) as raised:
        collect(asked(own_world))
    assert str(raised.value) == "M99, A measure for tests, could not be counted."


def measure(count: Counter) -> Measure:
    return Measure(
        code="M99",
        name="A measure for tests",
        chapter=Chapter.INTAKE,
        definition="-",
        numerator="-",
        denominator="-",
        cohort="-",
        exclusions="-",
        source="-",
        count=count,
    )
