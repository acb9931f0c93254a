"""What counts as a yes, and what a conversation needs: tables, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cases.access import Actor, Role
from cases.calendar import london_date
from cases.casework.choices import Part, Stage
from cases.consent import rules
from cases.consent.choices import Again, Reply, Scope, Standing, Until
from cases.consent.rules import Answered, Conversation

TODAY = date(2026, 11, 20)
OFFICER = Actor(1, "Dawn Mistry", frozenset({Role.HOUSING_OFFICER}))
VIEWER = Actor(2, "Reader", frozenset({Role.REPORT_VIEWER}))
IN_TIME = date(2027, 5, 20)


@pytest.mark.parametrize(
    ("answered", "today", "expected"),
    [
        (None, TODAY, Standing.NOT_ASKED),
        (Answered("GIVEN", "MONTHS", IN_TIME), TODAY, Standing.GIVEN),
        (Answered("GIVEN", "MONTHS", IN_TIME), IN_TIME, Standing.GIVEN),
        (Answered("GIVEN", "MONTHS", IN_TIME), date(2027, 5, 21), Standing.RAN_OUT),
        (Answered("GIVEN", "DATE", TODAY), date(2026, 11, 21), Standing.RAN_OUT),
        (Answered("GIVEN", "CLOSE"), TODAY, Standing.GIVEN),
        (Answered("GIVEN", "CLOSE", closed=True), TODAY, Standing.RAN_OUT),
        (Answered("GIVEN", "MONTHS", IN_TIME, closed=True), TODAY, Standing.GIVEN),
        (Answered("GIVEN", "MONTHS", None), TODAY, Standing.RAN_OUT),
        (Answered("REFUSED", "MONTHS", date(2026, 1, 1)), TODAY, Standing.REFUSED),
        (Answered("WITHDRAWN"), TODAY, Standing.WITHDRAWN),
        (Answered("LACKS_CAPACITY", "CLOSE"), TODAY, Standing.LACKS_CAPACITY),
    ],
)
def test_what_an_answer_amounts_to(
    answered: Answered | None, today: date, expected: Standing
) -> None:
    assert rules.standing(answered, today) == expected
    counts = rules.live({"FACTS": answered} if answered else {}, today)
    assert (counts == {"FACTS"}) == (expected == Standing.GIVEN)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 5, 20, 22, 59, 59, tzinfo=UTC), Standing.GIVEN),  # 11:59pm in London
        (datetime(2027, 5, 20, 23, 0, tzinfo=UTC), Standing.RAN_OUT),  # midnight there
    ],
)
def test_it_runs_out_at_midnight_in_london(moment: datetime, expected: Standing) -> None:
    assert rules.standing(Answered("GIVEN", "MONTHS", IN_TIME), london_date(moment)) == expected


@pytest.mark.parametrize(
    ("until", "chosen", "expected"),
    [
        (Until.MONTHS, None, date(2027, 5, 20)),
        (Until.MONTHS, date(2030, 1, 1), date(2027, 5, 20)),
        (Until.CLOSE, date(2030, 1, 1), None),
        (Until.DATE, date(2027, 1, 31), date(2027, 1, 31)),
    ],
)
def test_the_last_day(until: str, chosen: date | None, expected: date | None) -> None:
    assert rules.last_day(until, TODAY, months=6, chosen=chosen) == expected


@pytest.mark.parametrize(
    ("born", "today", "child"),
    [
        (None, TODAY, False),
        (date(2008, 11, 21), TODAY, True),
        (date(2008, 11, 20), TODAY, False),
        (date(2009, 2, 28), date(2027, 2, 27), True),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
    ],
)
def test_who_is_a_child(born: date | None, today: date, child: bool) -> None:
    assert rules.is_child(born, today) == child


ASKED = Conversation(
    replies={"FACTS": "GIVEN", "IDENTITY": "REFUSED"}, how="PHONE", until="MONTHS", today=TODAY
)
CHILD = replace(ASKED, child=True)
LACKS = replace(ASKED, replies=dict.fromkeys(Scope.values, Reply.LACKS_CAPACITY))
REFUSED = replace(ASKED, before={"FACTS": Standing.REFUSED})
SILENT = replace(ASKED, silent=True)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (ASKED, []),
        (replace(ASKED, replies={}), ["replies"]),
        (replace(ASKED, replies={}, not_again=True), []),
        (replace(ASKED, replies={"SECRETS": "GIVEN"}), ["replies"]),
        (replace(ASKED, replies={"FACTS": "MAYBE"}), ["replies"]),
        (replace(ASKED, how=""), ["how"]),
        (replace(ASKED, until=""), ["until"]),
        (replace(ASKED, until="DATE"), ["until_on"]),
        (replace(ASKED, until="DATE", until_on=TODAY), ["until_on"]),
        (replace(ASKED, until="DATE", until_on=date(2026, 11, 21)), []),
        (replace(ASKED, until="DATE", until_on=date(2028, 11, 21)), ["until_on"]),
        (replace(ASKED, aids=("INTERPRETER",)), ["interpreter"]),
        (replace(ASKED, aids=("INTERPRETER",), interpreter="Ms Rao, Language Line"), []),
        (CHILD, ["guardian", "guardian_basis", "childs_view"]),
        (replace(CHILD, guardian="Ama Osei", guardian_basis="Mother"), ["childs_view"]),
        (replace(CHILD, guardian="A", guardian_basis="B", childs_view="Not my school"), []),
        (replace(ASKED, guardian="Ama Osei"), ["guardian_basis"]),
        (LACKS, ["decided_by", "best_interests"]),
        (replace(LACKS, decided_by="Dr Hale", best_interests="The police are told."), []),
        (replace(ASKED, decided_by="Dr Hale"), ["capacity"]),
        (REFUSED, ["again"]),
        (replace(REFUSED, again=Again.REVIEW), []),
        (replace(REFUSED, again="BORED"), ["again"]),
        (replace(REFUSED, again=Again.MISTAKE), ["again_words"]),
        (replace(REFUSED, replies={"HEALTH": "GIVEN"}), []),
        (replace(ASKED, before={"FACTS": Standing.WITHDRAWN}), ["again"]),
        (replace(ASKED, before={"FACTS": Standing.RAN_OUT}), []),
        (replace(ASKED, before={"FACTS": Standing.LACKS_CAPACITY}), []),
        (SILENT, ["again"]),
        (replace(SILENT, again=Again.RAISED), ["again_words"]),
        (replace(SILENT, again=Again.RAISED, again_words="She rang us about it."), []),
        (replace(SILENT, replies={}, not_again=True), []),
    ],
)
def test_what_a_conversation_needs(said: Conversation, fields: list[str]) -> None:
    found = rules.missing(said)
    assert [name for name, _ in found] == fields
    assert all(sentence.endswith(".") for _, sentence in found)


@pytest.mark.parametrize(
    ("replies", "yes", "expected"),
    [
        ({"FACTS": "REFUSED"}, {"FACTS"}, {"FACTS"}),
        ({"FACTS": "REFUSED"}, set(), set()),
        ({"FACTS": "GIVEN"}, {"FACTS"}, set()),
        ({"FACTS": "LACKS_CAPACITY"}, {"FACTS"}, set()),
        ({}, {"FACTS"}, set()),
    ],
)
def test_a_no_to_a_yes_takes_it_back(replies: Any, yes: set[str], expected: set[str]) -> None:
    assert rules.taken_back(replies, yes) == expected


@pytest.mark.parametrize(
    ("actor", "stage", "part", "asks", "withdraws"),
    [
        (OFFICER, Stage.CONTACT, Part.VICTIM, True, True),
        (OFFICER, Stage.CONTACT, Part.WITNESS, True, True),
        (OFFICER, Stage.CONTACT, Part.THIRD_PARTY, True, True),
        (OFFICER, Stage.CONTACT, Part.RESPONDENT, False, False),
        (OFFICER, Stage.CLOSED, Part.VICTIM, False, True),
        (VIEWER, Stage.CONTACT, Part.VICTIM, False, False),
    ],
)
def test_who_asks_and_who_takes_back(
    actor: Actor, stage: str, part: str, asks: bool, withdraws: bool
) -> None:
    assert bool(rules.ask(actor, stage=stage, part=part)) == asks
    assert bool(rules.withdraw(actor, part=part)) == withdraws
