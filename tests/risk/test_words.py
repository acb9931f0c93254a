"""The sentences of screens 7, word for word."""

from __future__ import annotations

import pytest

from cases.casework.choices import RiskLevel
from cases.casework.clocks import ClockKind as K
from cases.risk.choices import Judged
from cases.risk.questions import CURRENT
from cases.risk.risk_words import at_high, provisional_words, repeat_words, to_say, why
from cases.risk.rules import Bands, Heard, Judgement, Repeat, stands, weigh
from tests.risk.asking import II, III, I, answers

BANDS = Bands()
REPEAT = Repeat("REPEAT", "FAMILY", "Second incident.")


def said(heard: Heard, *judgements: Judgement, who: str = "") -> tuple[str, str, str]:
    weighed = weigh(heard, BANDS)
    found = why(weighed, stands(weighed, judgements), BANDS, CURRENT, who=who)
    return found.because, found.rest, found.also


TWENTY = Heard(CURRENT, answers({**II, 9: 2, 10: 2, 13: 2}), repeat=REPEAT)


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (
            TWENTY,
            (
                "Because the score is 20.",
                "Medium is 14 to 21. It also cannot be lower: this is a repeat.",
                "",
            ),
        ),
        (
            Heard(CURRENT, {**TWENTY.answers, "RF10": "YES"}, repeat=REPEAT),
            (
                "Because of 1 red flag:",
                "says not safe tonight. Any red flag means High, whatever the score.",
                "Score 20: on its own, Medium (14 to 21).",
            ),
        ),
        (
            Heard(CURRENT, {**answers(III), "RF1": "YES", "RF4": "YES", "RF9": "YES"}),
            (
                "Because of 3 red flags:",
                "threat to kill, serious violence, assault with injury and broke injunction, bail "
                "or order. Any red flag means High, whatever the score.",
                "",
            ),
        ),
        (
            Heard(CURRENT, answers(I), repeat=REPEAT),
            (
                "Because this is a repeat:",
                "it cannot be lower than Medium.",
                "Score 8: on its own, Standard (0 to 13).",
            ),
        ),
        (
            Heard(CURRENT, answers({7: 3}, witness=True), witness=True),
            (
                "Because they are threatened for speaking to us:",
                "it cannot be lower than Medium.",
                "Score 3: on its own, Standard (0 to 13).",
            ),
        ),
        (Heard(CURRENT, answers(III)), ("Because the score is 22.", "High is 22 to 48.", "")),
    ],
)
def test_why(heard: Heard, words: tuple[str, str, str]) -> None:
    assert said(heard) == words


def test_why_after_judgement() -> None:
    up = Judgement(Judged.RAISED, "HIGH", "STANDARD")
    assert said(Heard(CURRENT, answers(I)), up, who="Dawn Mistry") == (
        "Because Dawn Mistry set it higher.",
        "",
        "Score 6: on its own, Standard (0 to 13).",
    )
    down = Judgement(Judged.LOWERED, "MEDIUM", "HIGH")
    heard = Heard(CURRENT, answers(III), repeat=REPEAT)
    assert said(heard, down, who="Sunita Bhatt") == (
        "Because Sunita Bhatt set it lower.",
        "It cannot be lower than Medium: this is a repeat.",
        "Score 24: on its own, High (22 to 48).",
    )


@pytest.mark.parametrize(
    ("level", "often"),
    [("STANDARD", "every four weeks"), ("MEDIUM", "every two weeks"), ("HIGH", "every week")],
)
def test_what_to_tell_the_person(level: str, often: str) -> None:
    words = to_say(level)
    assert words.startswith("“")
    assert words.endswith("If it changes, ring me.”")
    assert f"I will be in touch at least {often}." in words
    assert RiskLevel(level).label not in words, "plain words, no band"
    assert not any(letter.isdigit() for letter in words)


def test_provisional() -> None:
    facts = {"over": 4, "from_report": False, "name": "Amara"}
    assert provisional_words(unknown=4, **facts) == ""  # type: ignore[arg-type]
    assert provisional_words(unknown=5, **facts) == (  # type: ignore[arg-type]
        "Provisional: 5 answers are not known. Do it again within 2 working days."
    )


def test_question_fifteen() -> None:
    assert repeat_words(REPEAT) == "repeat, through family"
    assert repeat_words(Repeat("REPEAT", "HOUSEHOLD")) == "repeat, through the household"
    assert repeat_words(Repeat("REPEAT", "PERSON")) == "repeat, the same person"
    assert repeat_words(Repeat("PATTERN", "PERSON")) == "pattern"
    assert repeat_words(Repeat()) == "not a repeat"


def test_what_must_happen_at_high() -> None:
    kinds = [K.SAFETY_TONIGHT, K.POLICE_DECISION, K.SECURITY_VISIT, K.MANAGER_TOLD, K.AGENCIES_MEET]
    assert list(at_high(kinds, "Amara")) == [
        "Safety plan, by tonight",
        "Police: permission, or ask the Director",
        "Security visit within 24 hours",
        "Your manager is told now. The Director is told today.",
        "Agencies meet within 3 working days",
    ]
    more = list(at_high([K.FIRE_SERVICE, K.SAFEGUARDING_TOLD], "Amara"))
    assert more == ["Tell the Safeguarding lead", "Offer Amara a visit by the fire service"]


def test_every_question_can_be_said_and_read() -> None:
    for question in CURRENT.scored():
        assert len(question.answers) == 4
        assert all(len(answer) < 60 for answer in question.answers)
    assert [each.number for each in CURRENT.scored()] == list(range(1, 17))
    assert [each.number for each in CURRENT.unscored] == [17, 18, 20, 19]
    assert len(CURRENT.flags) == 10
