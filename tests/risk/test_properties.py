"""The rules of risk over whatever may be said (domain 3.3, 3.4)."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from cases.casework.choices import RiskLevel
from cases.risk.choices import Judged
from cases.risk.questions import ANSWERS, CURRENT, NOT_KNOWN
from cases.risk.rules import (
    Heard,
    Judgement,
    Repeat,
    rank,
    stands,
    weigh,
)
from tests.risk.hearing import BANDS, HIGH

REPEATS = st.sampled_from(
    [Repeat(), Repeat("PATTERN"), Repeat("REPEAT", "FAMILY"), Repeat("REPEAT", "PERSON")]
)
CODES = [each.code for each in CURRENT.asked_of(witness=False)]
FLAGS = [flag.code for flag in CURRENT.flags]
SAID = st.builds(
    lambda answers, flags, repeat, witness: Heard(
        CURRENT, {**answers, **dict.fromkeys(flags, "YES")}, witness=witness, repeat=repeat
    ),
    st.dictionaries(st.sampled_from(CODES), st.sampled_from([*ANSWERS, NOT_KNOWN])),
    st.sets(st.sampled_from(FLAGS), max_size=3),
    REPEATS,
    st.booleans(),
)


@given(SAID, st.sampled_from(CODES), st.sampled_from(ANSWERS), st.sampled_from(ANSWERS))
def test_a_graver_answer_never_lowers_score_or_level(
    said: Heard, code: str, one: str, other: str
) -> None:
    mild, grave = sorted((one, other))
    before = weigh(Heard(CURRENT, {**said.answers, code: mild}, said.witness, said.repeat), BANDS)
    after = weigh(Heard(CURRENT, {**said.answers, code: grave}, said.witness, said.repeat), BANDS)
    assert after.score >= before.score
    assert rank(after.level) >= rank(before.level)


@given(SAID, st.sampled_from(FLAGS))
def test_the_level_is_never_lower_with_a_flag(said: Heard, flag: str) -> None:
    flagged = Heard(CURRENT, {**said.answers, flag: "YES"}, said.witness, said.repeat)
    assert weigh(flagged, BANDS).level == HIGH
    assert weigh(flagged, BANDS).score == weigh(said, BANDS).score


@given(SAID, st.randoms())
def test_the_order_of_answers_never_matters(said: Heard, chance: random.Random) -> None:
    shuffled = list(said.answers.items())
    chance.shuffle(shuffled)
    assert weigh(Heard(CURRENT, dict(shuffled), said.witness, said.repeat), BANDS) == weigh(
        said, BANDS
    )


@given(
    SAID,
    st.lists(
        st.builds(
            Judgement,
            st.sampled_from(Judged),
            st.sampled_from([str(level) for level in RiskLevel]),
            st.sampled_from([str(level) for level in RiskLevel]),
        )
    ),
)
def test_no_judgement_goes_below_a_flag_or_a_floor(
    said: Heard, judgements: list[Judgement]
) -> None:
    weighed = weigh(said, BANDS)
    assert rank(stands(weighed, judgements).level) >= rank(weighed.least)


@given(SAID)
def test_a_score_is_from_nothing_to_forty_eight(said: Heard) -> None:
    weighed = weigh(said, BANDS)
    assert 0 <= weighed.score <= (27 if said.witness else 48)
    assert weighed.level == HIGH or not weighed.flags
