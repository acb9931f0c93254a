"""Made-up facts for property tests: a few people, close days, so that much is linked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from cases.people.ties import PERMANENT, Basis, Tie
from cases.repeats.facts import Account, Facts, Stay

PEOPLE = range(1, 7)
HOUSEHOLDS = (50, 51)
FAMILY = ("SPOUSE", "SIBLING", "CHILD", "STEP_CHILD", "GUARDIAN")
START = datetime(2024, 2, 27, tzinfo=UTC)
# Days close together, a year apart and around its end, so that edges are met often.
DAYS = st.one_of(
    st.integers(0, 3), st.integers(363, 368), st.integers(728, 735), st.integers(0, 800)
)
HOURS = st.sampled_from([0, 9, 12, 23])


@st.composite
def accounts(draw: st.DrawFn) -> tuple[Account, ...]:
    """One to seven accounts; some of an incident told before, some entered in error."""
    made: list[Account] = []
    for pk in range(100, 100 + draw(st.integers(1, 7))):
        reported = START + timedelta(days=draw(DAYS), hours=draw(HOURS))
        ago = draw(st.sampled_from([0, 0, 0, 1, 2, 30, 364, 365, 366]))
        known = draw(st.booleans()) or draw(st.booleans())
        firsts = [one.id for one in made if one.of == one.id]
        again = draw(st.integers(0, 5)) == 0 and firsts
        made.append(
            Account(
                id=pk,
                of=draw(st.sampled_from(firsts)) if again else pk,
                reported_at=reported,
                occurred_on=(reported - timedelta(days=ago)).date() if known else None,
                victims=draw(st.frozensets(st.sampled_from(list(PEOPLE)), min_size=1, max_size=2)),
                perceived=draw(st.integers(0, 7)) > 0,
                void=draw(st.integers(0, 9)) == 0,
                fabricated=draw(st.integers(0, 11)) == 0,
                going_on=draw(st.integers(0, 9)) == 0,
                occurred_time=draw(st.sampled_from([None, None, time(8), time(9), time(13)])),
            )
        )
    return tuple(made)


@st.composite
def period(draw: st.DrawFn) -> tuple[date | None, date | None]:
    """Some days, open at either end now and then."""
    first = START.date() + timedelta(days=draw(DAYS))
    length = draw(st.sampled_from([1, 10, 200, 365, 366]))
    since = None if draw(st.booleans()) else first
    return since, None if draw(st.booleans()) else first + timedelta(days=length)


@st.composite
def ties(draw: st.DrawFn) -> tuple[Tie, ...]:
    made = []
    for _ in range(draw(st.integers(0, 6))):
        one, other = draw(st.permutations(list(PEOPLE)))[:2]
        family = draw(st.booleans())
        kind = draw(st.sampled_from(FAMILY)) if family else "LODGER"
        since, until = draw(period())
        basis = Basis.FAMILY if family else Basis.HOUSEHOLD
        made.append(Tie(one, other, basis, kind, since, until, kind in PERMANENT))
    return tuple(made)


@st.composite
def stays(draw: st.DrawFn) -> tuple[Stay, ...]:
    return tuple(
        Stay(
            draw(st.sampled_from(HOUSEHOLDS)), draw(st.sampled_from(list(PEOPLE))), *draw(period())
        )
        for _ in range(draw(st.integers(0, 4)))
    )


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Everything the rules look at, a few pairs of accounts undecided."""
    told = draw(accounts())
    ids = [one.id for one in told]
    pairs = st.frozensets(
        st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda two: two[0] < two[1]),
        max_size=2,
    )
    undecided = draw(pairs) if len(ids) > 1 else frozenset()
    return Facts(told, draw(ties()), draw(stays()), undecided)
