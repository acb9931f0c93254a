"""The call sheet as data: what to ask, in which words, and which answers it takes.

The ten parts in order, the question of the danger panel, and lookups by key.  The questions of
an incident repeat: ``incident-1.words``, ``incident-2.words`` and so on, up to
``MOST_INCIDENTS``.  Sources: screens section 4, domain 2 and 10 (q1 to q12), policy line 105.

Where triage finds its twelve inputs: q1 ``incident-N.types`` and words; q2 ``why.caller``;
q3 ``why.harmed``, ``why.others``, ``why.own``; q4 ``why.strands`` with ``why.basis.<strand>``;
q5 ``respondent.relation``; q6 ``respondent.advantage`` and ``respondent.mate``; q7
``respondent.abuse``; q8 ``danger.rang``, ``safe.now``, ``harmed.safe_now``; q9
``harmed.at_risk``, ``harmed.children``; q10 ``contact.*``, ``harmed.<way>``; q11
``permission.*``; q12 ``before.any``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from cases.intake.asks import (
    EVERY_DOOR,
    NEW,
    NO_NAME,
    OTHER_DOORS,
    VICTIM_DOOR,
    Answers,
    Ask,
    Kind,
    Part,
    Question,
    Value,
)
from cases.intake.asks_event import WHAT_HAPPENED, WHY, incident_asks
from cases.intake.asks_first import SAFE_CONTACT, SAFE_NOW, WAYS, WHO_IS_CALLING
from cases.intake.asks_harmed import WHO_IS_HARMED
from cases.intake.asks_last import (
    ANYTHING_BEFORE,
    BEFORE_YOU_HANG_UP,
    PERMISSION,
    WHO_DID_IT,
)

__all__ = [
    "EVERY_DOOR",
    "HARD_MOMENT",
    "INCIDENTS",
    "MOST_INCIDENTS",
    "NEW",
    "NO_NAME",
    "OTHER_DOORS",
    "PARTS",
    "RANG_999",
    "VICTIM_DOOR",
    "WAYS",
    "Answers",
    "Ask",
    "Kind",
    "Part",
    "Question",
    "Value",
    "incident_asks",
    "question",
    "questions",
]

PARTS: tuple[Part, ...] = (
    SAFE_NOW,
    SAFE_CONTACT,
    WHO_IS_CALLING,
    WHAT_HAPPENED,
    WHY,
    WHO_IS_HARMED,
    WHO_DID_IT,
    ANYTHING_BEFORE,
    PERMISSION,
    BEFORE_YOU_HANG_UP,
)

RANG_999 = Question(
    "danger.rang",
    Kind.RADIOS,
    "Who rang 999?",
    (
        ("OFFICER", "I did"),
        ("COLLEAGUE", "A colleague did"),
        ("CALLER", "{name} is doing it"),
        ("NOBODY", "Nobody yet"),
    ),
    layout="across",
)

INCIDENTS = "incidents"
"""How many incident blocks the sheet shows, as a number in words: kept like any answer."""
MOST_INCIDENTS = 20

HARD_MOMENT = (
    "“Take all the time you need. I am not going anywhere.”",
    "“You have done nothing wrong by ringing.”",
    "“We can stop here. What you have told me is enough to start.”",
)

_INCIDENT_KEY = re.compile(r"incident-([1-9][0-9]?)\.[a-z_]+")


@cache
def _fixed() -> dict[str, Question]:
    found = {RANG_999.key: RANG_999}
    for part in PARTS:
        if not part.repeats:
            found.update({asked.key: asked for asked in part.questions})
    return found


@cache
def _incident(number: int) -> dict[str, Question]:
    return {asked.key: asked for ask in incident_asks(number) for asked in ask.questions}


def question(key: str) -> Question | None:
    """The question of a key, or None if there is none."""
    if match := _INCIDENT_KEY.fullmatch(key):
        number = int(match[1])
        return _incident(number).get(key) if number <= MOST_INCIDENTS else None
    return _fixed().get(key)


def questions(incidents: int = 1) -> Iterable[Question]:
    """Every question of a sheet with so many incidents, in the order of the page."""
    yield RANG_999
    for part in PARTS:
        if not part.repeats:
            yield from part.questions
            continue
        for number in range(1, incidents + 1):
            yield from _incident(number).values()
