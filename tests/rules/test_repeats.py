"""The worked examples of domain 6.3, one by one, and the rule set beside an independent reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

import pytest

from cases.people.ties import Basis, Tie
from cases.repeats.facts import Account, Facts, Level, Stay, clock_time, is_current
from cases.repeats.rules import work_out
from tests.world import LONDON

P, Q, OTHER, THIRD = 1, 2, 3, 4
A, B, C = 101, 102, 103
NONE, PATTERN, REPEAT = Level.NONE, Level.PATTERN, Level.REPEAT


def day(text: str) -> date:
    return date.fromisoformat(text)


def told(
    pk: int,
    reported: str,
    occurred: str | None = "",
    victims: tuple[int, ...] = (P,),
    at: time = time(12, 0),
    **more: object,
) -> Account:
    """An account reported at noon; it happened the same day unless said otherwise."""
    on = day(reported)
    happened = None if occurred is None else day(occurred) if occurred else on
    values = {"of": pk, **more}
    moment = datetime.combine(on, at, LONDON)
    return Account(
        id=pk, reported_at=moment, occurred_on=happened, victims=frozenset(victims), **values
    )  # type: ignore[arg-type]


def tie(
    one: int,
    other: int,
    kind: str,
    since: str = "2000-01-01",
    until: str = "",
    *,
    permanent: bool = False,
) -> Tie:
    family = kind in {"SIBLING", "SPOUSE", "CHILD", "PARENT"}
    basis = Basis.FAMILY if family else Basis.HOUSEHOLD
    return Tie(one, other, basis, kind, day(since), day(until) if until else None, permanent)


@dataclass(frozen=True)
class Example:
    """Facts, what the last incident is, and what P is; ``basis`` of the last incident."""

    name: str
    accounts: tuple[Account, ...]
    level: Level
    person: Level
    ties: tuple[Tie, ...] = ()
    undecided: frozenset[tuple[int, int]] = frozenset()
    basis: str = ""


SIBLINGS = tie(P, Q, "SIBLING", permanent=True)
LODGER = tie(P, Q, "LODGER", "2025-01-01")
EXAMPLES = [
    Example(
        "E01 the same person within the months",
        (told(A, "2025-03-10"), told(B, "2025-09-02", "2025-09-01")),
        REPEAT,
        REPEAT,
        basis="PERSON",
    ),
    Example(
        "E02 the anniversary of the report is inside",
        (told(A, "2025-03-10", "2025-03-08"), told(B, "2026-03-10")),
        REPEAT,
        REPEAT,
    ),
    Example(
        "E03 the day after is not", (told(A, "2025-03-10"), told(B, "2026-03-11")), PATTERN, PATTERN
    ),
    Example(
        "E04 counted from the report, not the incident",
        (told(A, "2025-03-10", "2025-01-02"), told(B, "2026-02-20")),
        REPEAT,
        REPEAT,
    ),
    Example(
        "E06 all disclosed in the first call",
        (
            told(A, "2025-05-06", "2025-04-03"),
            told(B, "2025-05-06", "2025-04-20"),
            told(C, "2025-05-06", "2025-05-01"),
        ),
        PATTERN,
        PATTERN,
    ),
    Example(
        "E08 the same day, time not known",
        (told(A, "2025-06-14"), told(B, "2025-06-15", "2025-06-14")),
        REPEAT,
        REPEAT,
    ),
    Example(
        "E09 one incident with two reports",
        (told(A, "2025-06-14"), told(B, "2025-06-16", "2025-06-14", of=A)),
        NONE,
        NONE,
    ),
    Example(
        "E10 from the third party's report, the earliest",
        (
            told(A, "2025-02-20", "2025-01-10"),
            told(C, "2025-01-11", "2025-01-10", of=A),
            told(B, "2026-01-30"),
        ),
        PATTERN,
        PATTERN,
    ),
    Example(
        "E11 not decided yet",
        (told(A, "2025-06-14"), told(B, "2025-06-16", "2025-06-14")),
        NONE,
        NONE,
        undecided=frozenset({(A, B)}),
    ),
    Example(
        "E12 brother or sister elsewhere",
        (told(A, "2025-06-01"), told(B, "2025-08-01", victims=(Q,))),
        REPEAT,
        REPEAT,
        (SIBLINGS,),
        basis="FAMILY",
    ),
    Example(
        "E13 a lodger of the same tenancy",
        (told(A, "2025-06-01"), told(B, "2025-08-01", victims=(Q,))),
        REPEAT,
        REPEAT,
        (LODGER,),
        basis="HOUSEHOLD",
    ),
    Example(
        "E14 the lodger had left",
        (told(A, "2025-06-01"), told(B, "2025-08-01", victims=(Q,))),
        NONE,
        NONE,
        (tie(P, Q, "LODGER", "2025-01-01", "2025-07-15"),),
    ),
    Example(
        "E16 no longer husband and wife",
        (told(A, "2025-06-01"), told(B, "2025-12-01", victims=(Q,))),
        NONE,
        NONE,
        (tie(P, Q, "SPOUSE", until="2025-10-01"),),
    ),
    Example("E17 mother and child in one", (told(A, "2025-06-01", victims=(P, Q)),), NONE, NONE),
    Example(
        "E19 a leap day ends on the 28th",
        (told(A, "2024-02-29"), told(B, "2025-02-28")),
        REPEAT,
        REPEAT,
    ),
    Example(
        "E19 and not on 1 March", (told(A, "2024-02-29"), told(B, "2025-03-01")), PATTERN, PATTERN
    ),
    Example(
        "E20 wanting nothing done changes nothing",
        (told(A, "2025-06-01"), told(B, "2025-09-01")),
        REPEAT,
        REPEAT,
    ),
    Example(
        "E21 the only view was taken back",
        (told(A, "2025-06-01", perceived=False), told(B, "2025-09-01")),
        NONE,
        NONE,
    ),
    Example(
        "E23 somebody not yet identified",
        (told(A, "2025-06-01", victims=(OTHER,)), told(B, "2025-09-01")),
        NONE,
        NONE,
    ),
    Example(
        "E24 two records, not yet joined",
        (told(A, "2025-06-01", victims=(OTHER,)), told(B, "2025-09-01")),
        NONE,
        NONE,
    ),
    Example(
        "E24 two records, joined: everybody is their survivor",
        (told(A, "2025-06-01", victims=(P,)), told(B, "2025-09-01")),
        REPEAT,
        REPEAT,
    ),
    Example(
        "E25 two licences in one scheme",
        (told(A, "2025-06-01"), told(B, "2025-06-20", victims=(Q,))),
        NONE,
        NONE,
    ),
    Example(
        "E26 one course of conduct, no dates",
        (told(A, "2025-06-01", None, going_on=True),),
        PATTERN,
        PATTERN,
    ),
    Example(
        "E26 and the next with a date",
        (told(A, "2025-06-01", None, going_on=True), told(B, "2025-06-20")),
        REPEAT,
        REPEAT,
    ),
    Example(
        "E28 a brother of the husband: not linked through him",
        (told(A, "2025-06-01"), told(B, "2025-08-01", victims=(THIRD,))),
        NONE,
        NONE,
        (tie(P, Q, "SPOUSE"), tie(Q, THIRD, "SIBLING", permanent=True)),
    ),
    Example(
        "E30 a visitor to the home",
        (told(A, "2025-06-01"), told(B, "2025-07-01", victims=(OTHER,))),
        NONE,
        NONE,
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name.split()[0] + one.name[-9:])
def test_worked_example(example: Example) -> None:
    result = work_out(Facts(example.accounts, example.ties, (), example.undecided))
    last = max(result.flags)
    if example.name.startswith(("E09", "E10")):
        last = A if example.name.startswith("E09") else B
    assert result.flags[last].level == example.level
    assert (
        result.people[P].level == example.person if P in result.people else example.person == NONE
    )
    if example.basis:
        assert result.flags[last].basis == example.basis
    earlier = [flag.level for pk, flag in result.flags.items() if pk != last]
    assert REPEAT not in earlier


def test_both_of_a_family_are_repeat_victims() -> None:
    """E12: both are REPEAT; and who is tied to neither is nothing."""
    accounts = (told(A, "2025-06-01"), told(B, "2025-08-01", victims=(Q,)))
    people = work_out(Facts(accounts, (SIBLINGS,))).people
    assert (people[P].level, people[P].basis) == (REPEAT, "FAMILY")
    assert (people[Q].level, people[Q].basis) == (REPEAT, "FAMILY")
    assert OTHER not in people


def test_the_explanation_has_its_dates() -> None:
    accounts = (told(A, "2025-03-10", "2025-03-08"), told(B, "2025-09-02", "2025-09-01"))
    flag = work_out(Facts(accounts)).flags[B]
    (evidence,) = flag.evidence
    assert (evidence.earlier, evidence.starts, evidence.ends) == (
        A,
        day("2025-03-10"),
        day("2026-03-10"),
    )
    assert flag.number == 2


def test_the_first_that_counts_explains_it_and_the_others_are_counted() -> None:
    accounts = tuple(told(pk, f"2025-0{month}-01") for pk, month in ((A, 1), (B, 3), (C, 5)))
    flag = work_out(Facts(accounts)).flags[C]
    assert [one.earlier for one in flag.evidence] == [A]
    assert flag.number == 3


def test_each_report_starts_months_of_its_own() -> None:
    """Windows chain: the third is a repeat of the second, outside the first's months."""
    accounts = (told(A, "2024-01-10"), told(B, "2024-12-01"), told(C, "2025-11-20"))
    flags = work_out(Facts(accounts)).flags
    assert [flags[pk].level for pk in (A, B, C)] == [NONE, REPEAT, REPEAT]
    assert [one.earlier for one in flags[C].evidence] == [B, A]


def test_a_pattern_is_explained_by_what_came_nearest() -> None:
    flag = work_out(Facts((told(A, "2025-04-10"), told(B, "2026-04-11")))).flags[B]
    (evidence,) = flag.evidence
    assert (evidence.ends, evidence.counts) == (day("2026-04-10"), False)


def test_on_the_day_of_the_report_only_what_may_have_happened_after_it_counts() -> None:
    first = told(A, "2025-06-14", "2025-06-13", at=time(10, 0))

    def second(reported: str, at: time, occurred_time: time | None = None) -> Level:
        later = told(B, reported, "2025-06-14", at=at, occurred_time=occurred_time)
        return work_out(Facts((first, later))).flags[B].level

    assert second("2025-06-15", time(9, 0)) == REPEAT  # the time is not known
    assert second("2025-06-15", time(9, 0), time(11, 0)) == REPEAT  # after the report
    assert second("2025-06-15", time(9, 0), time(10, 0)) == REPEAT  # at that very minute
    assert second("2025-06-15", time(9, 0), time(8, 0)) == PATTERN  # before it
    assert second("2025-06-14", time(10, 0)) == PATTERN  # told in the same call
    assert second("2025-06-14", time(10, 1)) == REPEAT  # told in the next


@pytest.mark.parametrize("since", ["", "2025-08-01"])
def test_a_tie_counts_on_the_day_of_the_later_one(since: str) -> None:
    accounts = (told(A, "2025-06-01"), told(B, "2025-08-01", victims=(Q,)))
    later = Tie(P, Q, Basis.HOUSEHOLD, "LODGER", day(since) if since else None, None)
    assert work_out(Facts(accounts, (later,))).flags[B].level == REPEAT


def test_blood_does_not_end() -> None:
    accounts = (told(A, "2025-06-01"), told(B, "2025-08-01", victims=(Q,)))
    ended = tie(P, Q, "SIBLING", until="2020-01-01", permanent=True)
    assert work_out(Facts(accounts, (ended,))).flags[B].level == REPEAT


@pytest.mark.parametrize("what", ["void", "fabricated"])
def test_what_was_entered_in_error_or_made_up_does_not_count(what: str) -> None:
    accounts = (told(A, "2025-06-01", **{what: True}), told(B, "2025-08-01"))
    assert work_out(Facts(accounts)).flags[B].level == NONE


def test_made_up_by_one_it_still_counts_when_told_by_another() -> None:
    accounts = (
        told(A, "2025-06-01", fabricated=True),
        told(C, "2025-06-02", "2025-06-01", of=A),
        told(B, "2025-08-01"),
    )
    assert work_out(Facts(accounts)).flags[B].level == REPEAT


def test_a_household_is_what_its_people_suffered_while_they_lived_there() -> None:
    accounts = (told(A, "2025-06-01"), told(B, "2025-08-01", victims=(Q,)))
    here = Stay(7, P, day("2025-01-01"), None)
    stays = (here, Stay(7, Q, day("2025-01-01"), None), Stay(8, Q, None, day("2025-01-01")))
    result = work_out(Facts(accounts, (LODGER,), stays))
    assert result.households[7].level == REPEAT
    assert result.households[8].level == NONE
    gone = (here, Stay(7, Q, day("2025-01-01"), day("2025-07-15")))
    left = work_out(Facts(accounts, (tie(P, Q, "LODGER", until="2025-07-15"),), gone))
    assert left.households[7].level == NONE


def test_current_until_a_year_after_the_latest_report() -> None:
    accounts = (told(A, "2025-03-10"), told(B, "2025-09-02", "2025-09-01"))
    status = work_out(Facts(accounts)).people[P]
    assert status.current_until == day("2026-09-02")
    assert is_current(status.current_until, day("2026-09-02"))
    assert not is_current(status.current_until, day("2026-09-03"))
    assert not is_current(None, day("2026-09-03"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("14:30", time(14, 30)),
        ("9.10am", time(9, 10)),
        ("12:05 am", time(0, 5)),
        ("12:05pm", time(12, 5)),
        ("about 2pm", None),
        ("evening", None),
        ("25:00", None),
        ("14:75", None),
        ("14:30pm", None),
        ("", None),
    ],
)
def test_only_a_time_of_day_is_one(words: str, found: time | None) -> None:
    assert clock_time(words) == found
