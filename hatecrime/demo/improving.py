"""What the demo's managers do better: recommendations, actions, and reasons to review the policy.

What was recommended is told in our own words, from the public reports it names (HC-47).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from cases.access import job
from cases.calendar import LONDON, london_date
from cases.improving.choices import Because, Decision, Source, State, Trigger
from cases.improving.operations import add_improvement, end_improvement
from cases.improving.recommendation_operations import add_recommendation, end_recommendation
from cases.improving.review_operations import decide_reason, record_reason, suggest_review_date
from hatecrime.demo.desk import Desk

KEEPER, OWNER, OFFICER = "Sunita Bhatt", "Anna Weir", "Dawn Mistry"
JOB = job("make_reports")


@dataclass(frozen=True)
class Recommended:
    """A line of the register; ``done`` is what was made of it, "" if it is open."""

    title: str
    said_in: date
    words: str
    due: int
    done: str = ""


LEARNING_2025 = ("Learning from severe maladministration, July 2025", date(2025, 7, 1))
LEARNING_2024 = ("Learning from severe maladministration, November 2024", date(2024, 11, 1))
SPOTLIGHT = ("Spotlight on knowledge and information management", date(2023, 5, 1))
"""Public reports of the Housing Ombudsman: what each is called, and its month (domain 12)."""

REGISTER = (
    Recommended(
        *LEARNING_2025,
        "Record hate by itself, and watch it across all our homes.",
        -60,
        "Every report is triaged for hate first. M03 and M25 count it in all companies.",
    ),
    Recommended(*LEARNING_2025, "See who is reported again and again.", 20),
    Recommended(
        *LEARNING_2024,
        "Assess risk early and write an action plan that is agreed.",
        -20,
        "Both are promises with a clock. M12 and M13 count what was late.",
    ),
    Recommended(*LEARNING_2024, "Work with other agencies, and keep people informed.", 45),
    Recommended(*SPOTLIGHT, "Say how vulnerability is recorded, and train people in it.", -12),
    Recommended(*SPOTLIGHT, "Be able to take out of the system what it holds.", 70),
)
"""Due so many days from the demo's present."""


@dataclass(frozen=True)
class Action:
    """Something to do better; ``began`` and ``due`` in days from the demo's present."""

    what: str
    because: Because
    finding: str
    owner: str
    began: int
    due: int
    measure: str = ""
    to: State = State.OPEN
    evidence: str = ""
    from_line: int | None = None


ACTIONS = (
    Action(
        "Agree action plans by phone where a visit cannot be made in time.",
        Because.PROMISE,
        "Plans were agreed late more often than anything else.",
        OWNER,
        -75,
        -9,
        "M13",
    ),
    Action(
        "Ask each team once a month which plans are due.",
        Because.PROMISE,
        "Managers learned of late plans after they were late.",
        KEEPER,
        -75,
        -30,
        "M13",
        State.DONE,
        "It stands on the agenda of the team meeting.",
    ),
    Action(
        "Ask older residents how they would like to be rung.",
        Because.GAP,
        "First contact took longer for people over 65.",
        OFFICER,
        -40,
        25,
        "M33",
    ),
    Action(
        "Look at respondents who are reported again with the other teams.",
        Because.RECOMMENDATION,
        "It is recommended, and each team saw only its own.",
        OWNER,
        -30,
        35,
        "M25",
        from_line=1,
    ),
    Action(
        "Write down when a wish not to be asked again ends.",
        Because.COMPLAINT,
        "It was not clear whether it ever ends.",
        OFFICER,
        -20,
        60,
        "",
        State.NOT_NEEDED,
        "The permission page shows an end for each answer.",
    ),
)


def improve(desk: Desk) -> None:
    """What stands on the lists when the demo begins."""
    lines = [_recommend(desk, one) for one in REGISTER]
    for action in ACTIONS:
        _act(desk, action, lines)
    _review(desk)


def _recommend(desk: Desk, one: Recommended) -> Any:
    day = -110
    row = _do(
        desk,
        add_recommendation,
        day,
        source=Source.OMBUDSMAN,
        title=one.title,
        said_in=one.said_in,
        words=one.words,
        owner=desk.users[OWNER],
        due_on=_day(desk, one.due),
    )
    if one.done:
        ended = {"recommendation": row, "to": State.DONE, "evidence": one.done}
        _do(desk, end_recommendation, one.due - 5, **ended)
    return row


def _act(desk: Desk, action: Action, lines: list[Any]) -> None:
    row = _do(
        desk,
        add_improvement,
        action.began,
        what=action.what,
        because=action.because,
        finding=action.finding,
        measure=action.measure,
        owner=desk.users[action.owner],
        due_on=_day(desk, action.due),
        recommendation=None if action.from_line is None else lines[action.from_line],
    )
    if action.to != State.OPEN:
        ended = {"improvement": row, "to": action.to, "evidence": action.evidence}
        _do(desk, end_improvement, min(action.due, -2) - 1, **ended)


def _review(desk: Desk) -> None:
    """The day of the review, and two reasons of which one is decided."""
    at = _at(desk, -18)
    desk.do(suggest_review_date, by=JOB, at=at)
    law = _do(
        desk,
        record_reason,
        -50,
        kind=Trigger.LEGISLATION,
        words="The Renters’ Rights Act 2025 changes notices and ends demotion.",
        noticed_on=_day(desk, -52),
    )
    _do(
        desk,
        decide_reason,
        -45,
        reason=law,
        decision=Decision.FORWARD,
        why="The legal tools of the policy have to be named again.",
        review_by=_day(desk, 65),
    )
    _do(
        desk,
        record_reason,
        -6,
        kind=Trigger.ENHANCEMENT,
        words="Colleagues of every team can now take a report by phone.",
        noticed_on=_day(desk, -6),
    )


def _do(desk: Desk, act: Callable[..., Any], day: int, **values: Any) -> Any:
    at = _at(desk, day)
    return desk.do(act, by=desk.actor(KEEPER, at), at=at, **values)


def _day(desk: Desk, days: int) -> date:
    return london_date(desk.end) + timedelta(days=days)


def _at(desk: Desk, days: int) -> datetime:
    """At eleven of that day."""
    return min(datetime.combine(_day(desk, days), time(11, 0), LONDON), desk.end)
