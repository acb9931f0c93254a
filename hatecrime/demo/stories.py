"""Which reports were made, when, by whom and of what: a plan, made before anything is done."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum

from cases.casework.choices import Stage
from cases.intake.choices import Channel, Door
from hatecrime.demo.desk import DAYS
from hatecrime.demo.happenings import NOT_HATE, OWN, SEEN, Happening

GENERATED = 112


class Turn(StrEnum):
    """What was particular about a case afterwards."""

    NONE = ""
    LATE_CONTACT = "first contact was late"
    NOT_REACHED = "attempts, and no contact yet"
    FORGOTTEN = "a lead was named and nothing done"
    UNALLOCATED = "nobody was named"
    HELD = "the police asked us to wait"
    RESTRICTED = "restricted"
    CONFLICT = "the lead knew somebody"
    DECLINED = "the route was declined"
    OFFERED = "the route waits for its answer"
    SAME = "the same incident as another report"
    HATE_LATER = "a view came later"
    SETTLED = "not sure at first, then sure"
    WAITING = "sent without the why"


@dataclass(frozen=True)
class Story:
    """One report: told by whom, of what, and how far its case was taken.

    ``ago`` is days before the end, ``hour`` the time of day; ``hours_ago`` takes their place for
    what is recent.  ``teller`` and ``harmed`` are keys of residents, ``answers`` go on the sheet
    besides what the happening says.
    """

    key: str
    happening: Happening
    ago: int = 0
    hour: int = 10
    minute: int = 0
    hours_ago: float = 0.0
    days_before: int | None = None  # from what happened to the report; else by chance
    door: Door = Door.VICTIM
    channel: Channel = Channel.PHONE_INBOUND
    teller: str = ""
    harmed: str = ""
    thinks: str = "YES"
    officer_thinks: str = "YES"
    reach: str = "text"
    times: str = ""
    say: str = ""
    adjustment: tuple[str, str] = ("NONE", "")
    upto: Stage = Stage.MONITOR
    turn: Turn = Turn.NONE
    risk: str = ""
    flag: str = ""  # a red flag they say yes to every time, so that High does not fall by chance
    lead: str = ""
    answers: dict[str, str | list[str]] = field(default_factory=dict)


REACHES = ("text", "text", "ring", "ring", "email", "visit")
NEEDS = (
    *((("NONE", ""),) * 12),
    ("INTERPRETER", "Interpreter: Urdu"),
    ("INTERPRETER", "Interpreter: Polish"),
    ("FORMAT", "Large print"),
    ("FORMAT", "Easy read letters"),
    ("HEARING", "Hearing loop. Speak slowly"),
    ("ADVOCATE", "Her daughter sits with her"),
)
HOURS = (8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 16, 16, 17, 19, 21, 23, 3)


def generated(chance: random.Random, residents: list[str]) -> list[Story]:
    """The ordinary work of fourteen months, more of it lately."""
    stories = []
    tellers = chance.sample(residents, len(residents))
    for number in range(GENERATED):
        ago = round(DAYS * (1 - (number + chance.random()) / GENERATED) ** 1.7)
        stories.append(_one(chance, number, ago, tellers[number % len(tellers)], residents))
    return stories


def _one(chance: random.Random, number: int, ago: int, who: str, residents: list[str]) -> Story:
    roll = chance.random()
    third_party = roll < 0.2
    no_hate = 0.2 <= roll < 0.29
    happening = chance.choice(SEEN if third_party else NOT_HATE if no_hate else OWN)
    sure = "NO" if no_hate else chance.choice(("YES",) * 9 + ("NOT_SURE",))
    return Story(
        key=f"report {number}",
        happening=happening,
        ago=ago,
        hour=chance.choice(HOURS),
        minute=chance.randrange(60),
        hours_ago=chance.uniform(2, 20) if ago == 0 else 0.0,
        door=chance.choice((Door.THIRD_PARTY, Door.THIRD_PARTY, Door.AGENCY))
        if third_party
        else Door.VICTIM,
        channel=chance.choice(
            (Channel.PHONE_INBOUND,) * 6
            + (Channel.EMAIL, Channel.HOME_VISIT, Channel.IN_PERSON_OFFICE, Channel.WEB_VICTIM)
        ),
        teller=chance.choice(residents) if third_party else who,
        harmed=who if third_party and chance.random() < 0.6 else "",
        thinks=sure,
        officer_thinks="NO" if no_hate else chance.choice(("YES", "YES", "NOT_SURE", "NO")),
        reach=chance.choice(REACHES),
        times=chance.choice(("", "", "after midday", "mornings", "7pm to 8pm", "school hours")),
        say=chance.choice(("", "", "", "Sam", "the surgery")),
        adjustment=NEEDS[sum(map(ord, who)) * 7 % len(NEEDS)],
        turn=_turn(chance, ago, sure),
        risk=chance.choice(("Standard",) * 5 + ("Medium",) * 4 + ("High",) * 2),
        upto=chance.choice((Stage.MONITOR,) * 6 + (Stage.INVESTIGATE,) * 2 + (Stage.PLAN,)),
    )


def _turn(chance: random.Random, ago: int, sure: str) -> Turn:
    if sure == "NO":
        return chance.choice((Turn.NONE, Turn.DECLINED))
    if sure == "NOT_SURE":
        return Turn.SETTLED if ago > 6 else Turn.NONE
    roll = chance.random()
    if ago <= 4 and roll < 0.4:
        return Turn.UNALLOCATED
    if ago <= 30 and roll < 0.3:
        return chance.choice((Turn.NOT_REACHED, Turn.FORGOTTEN))
    if roll < 0.1:
        return Turn.LATE_CONTACT
    if roll < 0.2 and ago <= 45:
        return Turn.HELD
    return Turn.NONE
