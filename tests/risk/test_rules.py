"""HC-VRA as tables: every worked example of domain 3.3, every rule of 3.3 and 3.4."""

from __future__ import annotations

from typing import Any

import pytest

from cases.access import Actor, Role
from cases.casework.choices import RiskLevel, Stage
from cases.risk import rules
from cases.risk.choices import Judged
from cases.risk.questions import CURRENT, NOT_KNOWN
from cases.risk.rules import (
    Bands,
    Floor,
    Heard,
    Judgement,
    Repeat,
    stands,
    weigh,
)
from tests.risk.asking import II, III, I
from tests.risk.hearing import BANDS, HIGH, MEDIUM, SAME_PERSON, STANDARD, WITNESS_QUESTIONS, heard


@pytest.mark.parametrize(
    ("said", "score", "level"),
    [
        pytest.param(heard(I), 6, STANDARD, id="i"),
        pytest.param(heard(II), 14, MEDIUM, id="ii"),
        pytest.param(heard(III), 22, HIGH, id="iii"),
        pytest.param(heard(flags=("RF3",)), 0, HIGH, id="iv"),
        pytest.param(heard({1: 2, 3: 2, 4: 1}, repeat=SAME_PERSON), 8, MEDIUM, id="v"),
        pytest.param(heard({**II, 6: 3, 11: 2, 12: 2}), 21, MEDIUM, id="vi: 21"),
        pytest.param(heard({**II, 6: 3, 11: 3, 12: 2}), 22, HIGH, id="vi: 22"),
        pytest.param(heard({**II, 1: 1}), 13, STANDARD, id="vi: 13"),
        pytest.param(heard(II), 14, MEDIUM, id="vi: 14"),
        pytest.param(heard({n: 3 for n in range(1, 17) if n != 15}, repeat=SAME_PERSON), 48, HIGH),
    ],
)
def test_the_worked_examples(said: Heard, score: int, level: RiskLevel) -> None:
    weighed = weigh(said, BANDS)
    assert (weighed.score, weighed.level) == (score, level)


@pytest.mark.parametrize(
    ("repeat", "score"),
    [
        (Repeat(), 0),
        (Repeat("PATTERN", "PERSON"), 1),
        (Repeat("PATTERN", "FAMILY"), 1),
        (Repeat("REPEAT", "FAMILY"), 2),
        (Repeat("REPEAT", "HOUSEHOLD"), 2),
        (Repeat("REPEAT", "PERSON"), 3),
    ],
)
def test_the_system_answers_question_fifteen(repeat: Repeat, score: int) -> None:
    assert weigh(heard(repeat=repeat), BANDS).score == score
    assert weigh(heard(repeat=repeat, witness=True), BANDS).score == 0


def test_not_known_counts_one_and_not_asked_counts_nothing() -> None:
    assert weigh(heard(rest=NOT_KNOWN), BANDS).score == 15
    assert weigh(Heard(CURRENT, {}), BANDS).score == 0


@pytest.mark.parametrize(("unknown", "provisional"), [(0, False), (4, False), (5, True)])
def test_more_than_four_unknown_is_provisional(unknown: int, provisional: bool) -> None:
    said = heard()
    answers = {**said.answers, **{f"Q{n}": NOT_KNOWN for n in range(1, unknown + 1)}}
    assert weigh(Heard(CURRENT, answers), BANDS).provisional is provisional


def test_which_questions_a_witness_is_asked() -> None:
    assert [each.number for each in CURRENT.asked_of(witness=True)] == WITNESS_QUESTIONS
    assert [each.number for each in CURRENT.asked_of(witness=False)] == [*range(1, 15), 16]
    assert not CURRENT.takes("Q1", "A", witness=True)
    assert CURRENT.takes("Q1", "A", witness=False)
    assert not CURRENT.takes("Q15", "D", witness=False), "nobody answers for the system"


@pytest.mark.parametrize(
    ("said", "floors", "level"),
    [
        (heard(repeat=SAME_PERSON), (Floor.REPEAT,), MEDIUM),
        (heard(repeat=Repeat("PATTERN")), (Floor.PATTERN,), MEDIUM),
        (heard({7: 1}, witness=True), (), STANDARD),
        (heard({7: 2}, witness=True), (Floor.WITNESS,), MEDIUM),
        (heard({7: 3}, witness=True), (Floor.WITNESS,), MEDIUM),
        (heard({7: 3}), (), STANDARD),
        (heard(witness=True, repeat=SAME_PERSON), (), STANDARD),
    ],
)
def test_floors(said: Heard, floors: tuple[Floor, ...], level: RiskLevel) -> None:
    weighed = weigh(said, BANDS)
    assert (weighed.floors, weighed.level) == (floors, level)


@pytest.mark.parametrize("flag", [f"RF{n}" for n in range(1, 11)])
def test_any_red_flag_is_high_whatever_the_score(flag: str) -> None:
    assert weigh(heard(flags=(flag,)), BANDS).level == HIGH
    assert weigh(heard(flags=(flag,), witness=True), BANDS).level == HIGH
    assert weigh(heard(flags=(flag,)), BANDS, errors=[flag]).level == STANDARD


@pytest.mark.parametrize(
    ("level", "worried", "looks"),
    [
        (STANDARD, "HIGH", True),
        (MEDIUM, "HIGH", True),
        (HIGH, "HIGH", False),
        (STANDARD, "MEDIUM", False),
        (STANDARD, "", False),
    ],
)
def test_a_manager_looks_at_a_worry_above_the_level(level: str, worried: str, looks: bool) -> None:
    assert rules.worried_above(heard(worried=worried), level) is looks


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (heard(), False),
        (heard(flags=("RF5",)), True),
        (heard(flags=("RF7",)), True),
        (heard(flags=("RF1",)), False),
        (heard({11: 3}), True),
        (heard({13: 3}), True),
        (heard({11: 2, 13: 2}), False),
    ],
)
def test_when_the_safeguarding_lead_is_told(said: Heard, told: bool) -> None:
    assert rules.tells_safeguarding(said, weigh(said, BANDS)) is told


def test_bands_are_settings() -> None:
    moved = Bands.of(
        {
            "RISK_MEDIUM_FROM_SCORE": 10,
            "RISK_HIGH_FROM_SCORE": 20,
            "RISK_PROVISIONAL_OVER_ANSWERS": 2,
        }
    )
    assert weigh(heard(II), moved).level == MEDIUM
    assert [moved.span(level) for level in RiskLevel] == ["0 to 9", "10 to 19", "20 to 48"]
    assert [BANDS.span(level) for level in RiskLevel] == ["0 to 13", "14 to 21", "22 to 48"]


# ------------------------------------------------------------------------------- judgement

UP = Judgement(Judged.RAISED, HIGH, STANDARD)


@pytest.mark.parametrize(
    ("said", "judgements", "level", "judged"),
    [
        (heard(), [], STANDARD, False),
        (heard(), [UP], HIGH, True),
        (heard(III), [UP], HIGH, False),  # the rule says so too
        (heard(III), [Judgement(Judged.LOWERED, STANDARD, HIGH)], STANDARD, True),
        # A lowering does not outlive what it was made against.
        (heard(II), [Judgement(Judged.LOWERED, STANDARD, MEDIUM)], STANDARD, True),
        (heard(III), [Judgement(Judged.LOWERED, STANDARD, MEDIUM)], HIGH, False),
        # Nor does it go below a red flag or a floor that came after it.
        (heard(flags=("RF1",)), [Judgement(Judged.LOWERED, MEDIUM, HIGH)], HIGH, False),
        (heard(III, repeat=SAME_PERSON), [Judgement(Judged.LOWERED, STANDARD, HIGH)], MEDIUM, True),
        (heard(), [UP, Judgement(Judged.LOWERED, STANDARD, STANDARD)], STANDARD, False),
        (heard(), [Judgement(Judged.LOWERED, STANDARD, HIGH), UP], HIGH, True),
    ],
)
def test_what_stands_after_judgement(
    said: Heard, judgements: list[Judgement], level: RiskLevel, judged: bool
) -> None:
    found = stands(weigh(said, BANDS), judgements)
    assert (found.level, found.judged is not None) == (level, judged)


def actor(*roles: Role, id: int = 1) -> Actor:
    return Actor(id=id, name="Tess", roles=frozenset(roles))


HANDLER = actor(Role.CALL_HANDLER)
OFFICER = actor(Role.HOUSING_OFFICER)
MANAGER = actor(Role.CASE_MANAGER)
DIRECTOR = actor(Role.DIRECTOR_CO)
WHY = "She saw him with a knife today."


@pytest.mark.parametrize(
    ("who", "stage", "yes"),
    [
        (HANDLER, Stage.CONTACT, True),
        (OFFICER, Stage.CONTACT, True),
        (MANAGER, Stage.MONITOR, True),
        (DIRECTOR, Stage.CONTACT, False),
        (actor(Role.AUDITOR), Stage.CONTACT, False),
        (OFFICER, Stage.CLOSED, False),
    ],
)
def test_who_asks_about_risk(who: Actor, stage: Stage, yes: bool) -> None:
    assert bool(rules.assess(who, stage=stage)) is yes


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"actor": HANDLER}, "Only the people who work a case can change it."),
        ({"trained": False}, rules.TRAINED),
        ({"level": HIGH}, "It is High already."),
        ({"to": STANDARD}, "Choose a higher level."),
        ({"reason": "x" * 19}, "Say why it is higher (at least 20 characters)."),
        ({"reason": "x" * 20}, ""),
        ({"stage": Stage.CLOSED}, "This case is closed, so nothing is added to it."),
    ],
)
def test_raising(change: dict[str, Any], reason: str) -> None:
    given = {
        "actor": OFFICER,
        "stage": Stage.CONTACT,
        "trained": True,
        "level": STANDARD,
        "to": HIGH,
        "reason": WHY,
        **change,
    }
    who = given.pop("actor")
    assert rules.raise_level(who, **given).reason == reason


@pytest.mark.parametrize(
    ("who", "lead_id", "trained", "reason"),
    [
        (MANAGER, 2, True, ""),
        (MANAGER, None, True, ""),
        (MANAGER, 1, True, "Somebody who does not lead this case sets it lower."),
        (MANAGER, 2, False, rules.TRAINED),
        (OFFICER, 2, True, "Only a case manager sets the level of risk lower."),
        (DIRECTOR, 2, True, "Only a case manager sets the level of risk lower."),
    ],
)
def test_who_lowers(who: Actor, lead_id: int | None, trained: bool, reason: str) -> None:
    answer = rules.judge_down(who, stage=Stage.PLAN, lead_id=lead_id, trained=trained)
    assert answer.reason == reason


@pytest.mark.parametrize(
    ("said", "change", "reason"),
    [
        (heard(III), {}, ""),
        (heard(III), {"to": STANDARD}, ""),
        (heard(III), {"to": HIGH}, "Choose a lower level."),
        (heard(III), {"to": ""}, "Choose a lower level."),
        (heard(III), {"reason": "x" * 19}, "Say why it is lower (at least 20 characters)."),
        (heard(III), {"evidence": " "}, "Say what shows it."),
        (
            heard(III, flags=("RF2",)),
            {},
            "Nobody can set this below High while a red flag stands.",
        ),
        (heard(III, repeat=SAME_PERSON), {}, ""),
        (
            heard(III, repeat=SAME_PERSON),
            {"to": STANDARD},
            "Not below Medium: this is a repeat.",
        ),
        (
            heard({7: 3, 5: 3}, witness=True, flags=()),
            {"level": MEDIUM, "to": STANDARD},
            "Not below Medium: they are threatened for speaking to us.",
        ),
    ],
)
def test_lowering(said: Heard, change: dict[str, str], reason: str) -> None:
    given = {"level": HIGH, "to": MEDIUM, "reason": WHY, "evidence": "Police log", **change}
    assert rules.lower_level(weighed=weigh(said, BANDS), **given).reason == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"flag": "RF2"}, "Choose a red flag that stands."),
        ({"reason": "short"}, "Say how it came to be ticked (at least 20 characters)."),
        ({"evidence": ""}, "Say what shows it."),
    ],
)
def test_a_flag_in_error(change: dict[str, str], reason: str) -> None:
    given = {"flag": "RF1", "reason": WHY, "evidence": "The call", **change}
    weighed = weigh(heard(flags=("RF1",)), BANDS)
    assert rules.flag_in_error(weighed=weighed, **given).reason == reason


def test_finishing_needs_an_answer_to_every_question() -> None:
    assert rules.finish(heard())
    assert rules.finish(heard(rest=NOT_KNOWN))
    assert not rules.finish(Heard(CURRENT, {}))
    assert Heard(CURRENT, {}, witness=True).not_asked == tuple(WITNESS_QUESTIONS)


def test_answers_come_from_the_report_only_until_somebody_was_spoken_with() -> None:
    assert rules.from_report(spoken=False)
    assert not rules.from_report(spoken=True)
