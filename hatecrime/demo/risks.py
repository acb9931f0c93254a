"""Risk as people answer it: assessments of each level, made by the operations."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime

from cases.access import Actor
from cases.casework.models import Case, Involvement
from cases.risk.models import Assessment
from cases.risk.operations import finish, save_answers, start
from cases.risk.questions import ANSWERS, CURRENT, NOT_KNOWN

# How grave the answers of a level tend to be: places in the row, each with its weight.
PLACES = {
    "Standard": ((0, 6), (1, 4)),
    "Medium": ((0, 2), (1, 5), (2, 2)),
    "High": ((1, 3), (2, 5), (3, 2)),
}
FLAGS = ("RF1", "RF4", "RF9", "RF10")
SAFER = ("A light on the stairs.", "A lock on the post box.", "Somebody to ring at night.")
HELPS = ("My sister comes at weekends.", "The school is kind.", "My neighbour looks in.")


def said(chance: random.Random, level: str, flag: str = "") -> Iterator[tuple[str, str]]:
    """Answers of somebody at this level, before what the rule makes of them."""
    places, weights = zip(*PLACES[level], strict=True)
    for question in CURRENT.asked_of(witness=False):
        place = chance.choices(places, weights)[0]
        known = chance.random() > 0.06
        yield question.code, ANSWERS[place] if known else NOT_KNOWN
    if flag:
        yield flag, "YES"
    elif level == "High" and chance.random() < 0.4:
        yield chance.choice(FLAGS), "YES"
    yield "Q17", chance.choice(("LOW", "MEDIUM", "MEDIUM", "HIGH"))
    yield "Q18", chance.choice(SAFER)
    yield "Q20", chance.choice(HELPS)


def assess(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    about: Involvement,
    level: str,
    chance: random.Random,
    flag: str = "",
) -> Assessment:
    """Ask somebody everything and finish; from the report while nobody has reached them."""
    draft = start(by=by, at=at, case=case, about=about)
    save_answers(by=by, at=at, assessment=draft, answers=dict(said(chance, level, flag)))
    return finish(by=by, at=at, assessment=draft)
