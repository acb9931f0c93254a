"""What is unusual in reading: every rule on both sides of its limit, and nothing twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.audit.unusual import (
    LABELS,
    SAYS,
    Deed,
    Found,
    Limits,
    Look,
    Pattern,
    Tie,
    before_conflict,
    find,
    sentence,
    unknown,
    usual,
)
from cases.calendar import LONDON

NOW = datetime(2026, 11, 19, 10, 41, tzinfo=LONDON)
CASE = "HC-2026-7K4R"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHRISTMAS = frozenset({date(2026, 12, 25)})


def look(user: int = 1, *, at: datetime = NOW, case: str = CASE, **facts: object) -> Look:
    return Look(at=at, user=user, name=f"Colleague {user}", case=case, **facts)  # type: ignore[arg-type]


def found(*looks: Look, deeds: tuple[Deed, ...] = (), limits: Limits | None = None) -> list[Found]:
    return find(looks, deeds, limits or Limits(), CHRISTMAS)


def patterns(*looks: Look, **more: object) -> list[Pattern]:
    return [one.pattern for one in found(*looks, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"on_it": False}, [Pattern.NOT_ON_IT]),
        ({"on_it": False, "refused": True}, []),
        ({"same_name": True}, [Pattern.OWN_NAME]),
        ({"same_name": True, "refused": True}, []),
        ({"tie": Tie.HOME}, [Pattern.OWN_HOME]),
        ({"tie": Tie.POSTCODE}, [Pattern.OWN_HOME]),
        ({"closed": True, "refused": True}, [Pattern.CONFLICT_TRIED]),
        ({"closed": True}, []),
        ({"restricted": True, "refused": True}, []),
    ],
)
def test_one_look(facts: dict[str, object], expected: list[Pattern]) -> None:
    assert patterns(look(**facts)) == expected


def test_a_day_of_looks_is_one_finding_and_the_next_day_another() -> None:
    one, same, next_day = (look(at=NOW + more, on_it=False) for more in (HOUR * 0, HOUR, DAY))
    first, second = found(one, same, next_day)
    assert (first.times, first.window) == (2, "2026-11-19")
    assert (second.times, second.window) == (1, "2026-11-20")
    assert first.people == (1,)


def test_a_day_is_one_of_london() -> None:
    before = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)  # one minute to midnight in London
    kept = found(*(look(at=before + MINUTE * n, on_it=False) for n in (0, 1)))
    assert [one.window for one in kept] == ["2026-06-30", "2026-07-01"]


def test_the_same_name_is_said_once_for_ever() -> None:
    assert len(found(*(look(at=NOW + DAY * n, same_name=True) for n in range(9)))) == 1


@pytest.mark.parametrize(("people", "expected"), [(9, 0), (10, 1), (11, 1)])
def test_many_who_are_not_on_one_case(people: int, expected: int) -> None:
    looks = [look(n, at=NOW + HOUR * 2 * n, on_it=False) for n in range(people)]
    raised = [one for one in found(*looks) if one.pattern == Pattern.MANY_VIEWERS]
    assert len(raised) == expected
    if raised:
        assert (raised[0].case, raised[0].user, raised[0].times) == (CASE, None, 10)
        assert raised[0].people == tuple(range(10))


def test_the_tenth_a_day_after_the_first_does_not_count_with_it() -> None:
    looks = [look(n, at=NOW + HOUR * n, on_it=False) for n in range(9)]
    inside = look(9, at=NOW + DAY - timedelta(microseconds=1), on_it=False)
    outside = look(9, at=NOW + DAY, on_it=False)
    assert Pattern.MANY_VIEWERS in patterns(*looks, inside)
    assert Pattern.MANY_VIEWERS not in patterns(*looks, outside)


def test_people_on_the_case_never_make_many() -> None:
    assert patterns(*(look(n) for n in range(40))) == []


@pytest.mark.parametrize(("cases", "expected"), [(29, 0), (30, 1), (59, 1)])
def test_many_cases_in_an_hour(cases: int, expected: int) -> None:
    looks = [look(at=NOW + MINUTE * n, case=f"HC-2026-{n}") for n in range(cases)]
    raised = found(*looks)
    assert [one.pattern for one in raised] == [Pattern.MANY_CASES] * expected
    if raised:
        assert (raised[0].user, raised[0].case, raised[0].times) == (1, "", 30)


def test_one_case_thirty_times_is_not_thirty_cases() -> None:
    assert found(*(look(at=NOW + MINUTE * n) for n in range(40))) == []


@pytest.mark.parametrize(("times", "expected"), [(2, 0), (3, 1), (4, 1)])
def test_refusals_of_restricted_cases(times: int, expected: int) -> None:
    looks = [look(at=NOW + HOUR * n, refused=True, restricted=True) for n in range(times)]
    assert patterns(*looks) == [Pattern.REFUSALS] * expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 19, 6, 59, tzinfo=LONDON), False),
        (datetime(2026, 11, 19, 7, 0, tzinfo=LONDON), True),
        (datetime(2026, 11, 19, 19, 59, tzinfo=LONDON), True),
        (datetime(2026, 11, 19, 20, 0, tzinfo=LONDON), False),
        (datetime(2026, 11, 21, 12, 0, tzinfo=LONDON), False),  # a Saturday
        (datetime(2026, 12, 25, 12, 0, tzinfo=LONDON), False),  # a bank holiday
        (datetime(2026, 7, 1, 6, 30, tzinfo=UTC), True),  # half past seven in London
    ],
)
def test_the_usual_hours(at: datetime, expected: bool) -> None:
    assert usual(at, Limits(), CHRISTMAS) is expected
    taken = found(deeds=(Deed(at, 1, "Colleague 1", CASE),))
    assert [one.pattern for one in taken] == [Pattern.OUT_OF_HOURS] * (not expected)


def test_the_limits_are_those_given() -> None:
    looks = [look(n, on_it=False, at=NOW + MINUTE * n) for n in range(3)]
    assert Pattern.MANY_VIEWERS in patterns(*looks, limits=Limits(viewers=3))
    assert Pattern.MANY_VIEWERS not in patterns(*looks, limits=Limits(viewers=4))


@pytest.mark.parametrize("pattern", list(Pattern))
def test_every_pattern_speaks_and_has_a_name(pattern: Pattern) -> None:
    assert LABELS[pattern]
    assert SAYS[pattern]
    one = Found(pattern, 1, "Dawn Mistry", CASE, "", NOW, NOW, times=2, detail=Tie.HOME)
    said = sentence(one)
    assert said.endswith(".")
    assert "{" not in said


def test_what_was_read_before_a_conflict() -> None:
    one = before_conflict(look(4), 2, NOW + HOUR)
    assert sentence(one) == (
        "Colleague 4 had opened HC-2026-7K4R twice before it was known that they have a conflict "
        "of interest."
    )


WORLDS = st.lists(
    st.builds(
        lambda user, case, minutes, flags: look(
            user,
            at=NOW + MINUTE * minutes,
            case=f"HC-{case}",
            refused=flags[0],
            on_it=flags[1],
            restricted=flags[2],
            same_name=flags[3],
            closed=flags[4],
        ),
        st.integers(1, 4),
        st.integers(1, 4),
        st.integers(0, 5000),
        st.tuples(*[st.booleans()] * 5),
    ),
    max_size=40,
)
SMALL = Limits(viewers=3, cases=3, refusals=2)


@given(WORLDS)
@settings(max_examples=300, deadline=None)
def test_finding_again_finds_nothing_new(looks: list[Look]) -> None:
    once = unknown(find(looks, (), SMALL, CHRISTMAS), ())
    assert unknown(find(looks, (), SMALL, CHRISTMAS), once) == []
    assert len({(*one.key, one.window) for one in once}) == len(once)


@given(WORLDS, st.integers(0, 40))
@settings(max_examples=300, deadline=None)
def test_watching_in_two_parts_doubles_nothing(looks: list[Look], cut: int) -> None:
    """The second watch sees the day before it too, as the real one does."""
    ordered = sorted(looks, key=lambda one: one.at)
    first, later = ordered[:cut], ordered[cut:]
    known = unknown(find(first, (), SMALL, CHRISTMAS), ())
    since = later[0].at - DAY if later else NOW
    second = [one for one in first if one.at > since] + later
    known += unknown(find(second, (), SMALL, CHRISTMAS), known)
    assert len({(*one.key, one.window) for one in known}) == len(known)
    whole = {one.key for one in find(ordered, (), SMALL, CHRISTMAS)}
    assert {one.key for one in known} == whole
