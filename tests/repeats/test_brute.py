"""The engine beside an independent reading of domain 6.2, over made-up people and reports.

Hypothesis looks for the smallest facts on which the two differ.  `make test` tries a hundred
of worlds; `REPEATS_EXAMPLES=20000` (as `make soak` does) tries as many as it is told.
"""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.people.ties import kind_from_other_end
from cases.repeats.facts import Facts, Level
from cases.repeats.rules import Engine, work_out
from tests.repeats.brute import Brute
from tests.repeats.worlds import PEOPLE, facts

EXAMPLES = int(os.environ.get("REPEATS_EXAMPLES", "100"))
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(facts())
def test_the_engine_is_the_text(world: Facts) -> None:
    """Levels, bases, numbers; people and households with the day they are current until."""
    brute, result = Brute(world), work_out(world)
    for one in brute.all:
        flag = result.flags[one.id]
        assert flag.level == brute.level(one)
        assert flag.basis == brute.basis(one)
        assert flag.number == brute.number(one)
    for person in PEOPLE:
        status = result.people.get(person)
        found = (status.level, status.current_until) if status else (Level.NONE, None)
        assert found == brute.person(person)
    for household, status in result.households.items():
        assert (status.level, status.current_until) == brute.household(household)


@many
@given(facts())
def test_what_explains_a_flag_is_true(world: Facts) -> None:
    """Each earlier incident named is linked so, and within or outside the months as it says."""
    brute, result = Brute(world), work_out(world)
    read = {one.id: one for one in brute.all}
    for pk, flag in result.flags.items():
        for evidence in flag.evidence:
            earlier, later = read[evidence.earlier], read[pk]
            assert earlier.comes_before(later)
            assert evidence.starts == earlier.reported
            assert evidence.counts == brute.qualifies(earlier, later)
            assert str(evidence.link.basis) in brute.bases(earlier, later)
            assert evidence.link.person in later.victims
            assert evidence.link.through in earlier.victims


@many
@given(facts(), st.randoms(use_true_random=False))
def test_the_order_of_entry_changes_nothing(world: Facts, chance: object) -> None:
    """Facts in any order; a tie told from its other end; every account numbered as if it had
    been typed in another order, unless two are alike to the very moment (rule 3's last resort).
    """
    shuffled = list(world.accounts), list(world.ties), list(world.stays)
    for rows in shuffled:
        chance.shuffle(rows)  # type: ignore[attr-defined]
    turned = tuple(
        replace(
            tie,
            person=tie.relative,
            relative=tie.person,
            kind=kind_from_other_end(tie.kind) if tie.basis == "FAMILY" else tie.kind,
        )
        for tie in shuffled[1]
    )
    again = Facts(tuple(shuffled[0]), turned, tuple(shuffled[2]), world.undecided)
    mine, theirs = work_out(world), work_out(again)
    assert {pk: (f.level, f.basis, f.number) for pk, f in mine.flags.items()} == {
        pk: (f.level, f.basis, f.number) for pk, f in theirs.flags.items()
    }
    assert mine.people == theirs.people
    assert mine.households == theirs.households


@many
@given(facts())
def test_numbering_decides_nothing(world: Facts) -> None:
    incidents = Engine(world).incidents.values()
    places = [one.place[:3] for one in incidents]
    if len(set(places)) < len(places) or any(one.id != one.of for one in world.accounts):
        return
    other = {one.id: 1000 - one.id for one in world.accounts}
    again = Facts(
        tuple(replace(one, id=other[one.id], of=other[one.of]) for one in world.accounts),
        world.ties,
        world.stays,
        frozenset((other[one], other[two]) for one, two in world.undecided),
    )
    mine, theirs = work_out(world), work_out(again)
    for pk, flag in mine.flags.items():
        found = theirs.flags[other[pk]]
        assert (flag.level, flag.basis, flag.number) == (found.level, found.basis, found.number)
    levels = {person: (one.level, one.current_until) for person, one in mine.people.items()}
    assert levels == {
        person: (one.level, one.current_until) for person, one in theirs.people.items()
    }


@many
@given(facts(), st.sampled_from(list(PEOPLE)), st.sampled_from(list(PEOPLE)))
def test_joining_two_records_then_taking_them_apart(world: Facts, one: int, other: int) -> None:
    """Facts carry survivors, so that undoing gives back the facts and so the result; and what
    a merge brings is what the rules say of one person.
    """
    before = work_out(world)
    joined = _renamed(world, {other: one})
    brute = Brute(joined)
    for pk, level in brute.levels().items():
        assert work_out(joined).flags[pk].level == level
    assert work_out(_renamed(world, {})) == before


def _renamed(world: Facts, into: dict[int, int]) -> Facts:
    def who(person: int) -> int:
        return into.get(person, person)

    ties = (replace(tie, person=who(tie.person), relative=who(tie.relative)) for tie in world.ties)
    return Facts(
        tuple(
            replace(one, victims=frozenset(who(person) for person in one.victims))
            for one in world.accounts
        ),
        tuple(tie for tie in ties if tie.person != tie.relative),
        tuple(replace(stay, person=who(stay.person)) for stay in world.stays),
        world.undecided,
    )


@many
@given(facts(), st.data())
def test_only_who_is_near_is_touched(world: Facts, data: st.DataObject) -> None:
    """One more account changes nothing for incidents that no tie brings near it."""
    gone = data.draw(st.sampled_from(world.accounts))
    if gone.id != gone.of or any(one.of == gone.id != one.id for one in world.accounts):
        return
    without = replace(
        world,
        accounts=tuple(one for one in world.accounts if one.id != gone.id),
        undecided=frozenset(pair for pair in world.undecided if gone.id not in pair),
    )
    near = set(gone.victims)
    near |= {t.relative for t in world.ties if t.person in gone.victims}
    near |= {t.person for t in world.ties if t.relative in gone.victims}
    mine, theirs = work_out(world).flags, work_out(without).flags
    for account in without.accounts:
        group = {one for a in world.accounts if a.of == account.of for one in a.victims}
        if not group & near:
            assert mine[account.of] == theirs[account.of]
