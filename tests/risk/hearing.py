"""What was heard, for tests of the rules of risk."""

from __future__ import annotations

from cases.casework.choices import RiskLevel
from cases.risk import rules
from cases.risk.questions import CURRENT
from cases.risk.rules import (
    Bands,
    Heard,
    Repeat,
)
from tests.risk.asking import answers as given_answers

STANDARD, MEDIUM, HIGH = RiskLevel.STANDARD, RiskLevel.MEDIUM, RiskLevel.HIGH
BANDS = Bands()
SAME_PERSON = Repeat("REPEAT", "PERSON", "Second incident.")
WITNESS_QUESTIONS = [5, 6, 7, 8, 9, 10, 11, 12, 14]


def heard(
    places: dict[int, int] | None = None,
    *,
    rest: str = "A",
    flags: tuple[str, ...] = (),
    repeat: Repeat = rules.NO_REPEAT,
    witness: bool = False,
    worried: str = "",
) -> Heard:
    """Answers by question number and place (0 to 3); every other question has ``rest``."""
    said = given_answers(places, rest=rest, witness=witness, Q17=worried)
    said |= dict.fromkeys(flags, "YES")
    return Heard(CURRENT, said, witness=witness, repeat=repeat)
