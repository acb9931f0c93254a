"""Who may do what to a case now, as tables; the sentences are what people read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.access import Actor, Role
from cases.casework import rules
from cases.casework.choices import OPEN_STAGES, STAGES, Stage
from cases.casework.clocks import DUTIES, ClockKind

OFFICER = Actor(id=1, name="Dawn", roles=frozenset({Role.HOUSING_OFFICER}), team_id=1)
MANAGER = Actor(id=2, name="Sunita", roles=frozenset({Role.CASE_MANAGER}), team_id=1)
HANDLER = Actor(id=3, name="Joanne", roles=frozenset({Role.CALL_HANDLER}), team_id=1)
DIRECTOR = Actor(id=4, name="Ruth", roles=frozenset({Role.DIRECTOR_CO}))
AUDITOR = Actor(id=5, name="Peter", roles=frozenset({Role.AUDITOR}))
EVERYBODY = [
    Actor(id=10 + place, name=role, roles=frozenset({role})) for place, role in enumerate(Role)
]
LONG = "The police asked us to wait for them."
SHORT = "Nineteen chars long"
TODAY = date(2026, 11, 19)
TOMORROW = TODAY + timedelta(days=1)

assert len(SHORT) == rules.ENOUGH_REASON - 1

WORKERS = {Role.HOUSING_OFFICER, Role.CASE_MANAGER}
TAKERS = {*WORKERS, Role.CALL_HANDLER}


def only_role(actor: Actor) -> Role:
    return next(iter(actor.roles))


@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.name)
@pytest.mark.parametrize("stage", Stage)
def test_only_those_who_work_cases_add_to_one_that_is_open(actor: Actor, stage: Stage) -> None:
    expected = only_role(actor) in WORKERS and stage in OPEN_STAGES
    assert bool(rules.work(actor, stage=stage)) is expected


@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.name)
@pytest.mark.parametrize("stage", Stage)
def test_a_view_may_be_added_for_as_long_as_the_case_lives(actor: Actor, stage: Stage) -> None:
    expected = only_role(actor) in TAKERS and stage not in (Stage.MERGED, Stage.VOID)
    assert bool(rules.add_view(actor, stage=stage)) is expected


@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.name)
def test_who_opens_allocates_and_restricts(actor: Actor) -> None:
    role = only_role(actor)
    assert bool(rules.open_case(actor)) is (role in TAKERS)
    assert bool(rules.allocate(actor, stage=Stage.CONTACT)) is (role is Role.CASE_MANAGER)
    assert bool(rules.restrict(actor, stage=Stage.CONTACT)) is (role is Role.CASE_MANAGER)


def test_a_closed_case_is_not_allocated() -> None:
    assert rules.allocate(MANAGER, stage=Stage.CLOSED).reason == (
        "This case is closed, so nothing is added to it."
    )


RETRACTIONS = [
    # whose view, already, words, witness, who writes, what they read
    (None, False, "I was wrong", 9, OFFICER, ""),
    (None, False, "I was wrong", 1, OFFICER, "Name another colleague who heard them take it back."),
    (None, False, "I was wrong", None, OFFICER, "Name another colleague"),
    (None, False, "  ", 9, OFFICER, "Write what they said, in their own words."),
    (None, True, "I was wrong", 9, OFFICER, "This view has already been taken back."),
    (None, False, "I was wrong", 9, HANDLER, "Only the people who work a case"),
    (None, False, "I was wrong", 9, DIRECTOR, "Only the people who work a case"),
    (3, False, "I was wrong", None, HANDLER, ""),
    (3, False, "", None, HANDLER, "Write what they said"),
    (3, False, "I was wrong", 9, MANAGER, "Only the colleague whose view this is"),
    (3, False, "I was wrong", 9, DIRECTOR, "Only the colleague whose view this is"),
]


@pytest.mark.parametrize(("whose", "already", "words", "witness", "actor", "reason"), RETRACTIONS)
def test_only_the_perceiver_takes_a_view_back(
    whose: int | None,
    already: bool,
    words: str,
    witness: int | None,
    actor: Actor,
    reason: str,
) -> None:
    answer = rules.retract_view(
        actor, colleague_id=whose, already=already, words=words, witness_id=witness
    )
    assert answer.reason.startswith(reason)
    assert bool(answer) is (reason == "")


FIT = {
    "name": "Dawn",
    "works_cases": True,
    "conflicted": False,
    "same_line": False,
    "trained": True,
    "reason": "",
}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, ""),
        ({"works_cases": False}, "Dawn does not work cases."),
        ({"conflicted": True}, "Dawn has a conflict of interest in this case."),
        ({"same_line": True}, "Dawn works in the same team as a colleague in this case."),
        ({"trained": False}, "Dawn's hate crime training is out of date."),
        ({"trained": False, "reason": SHORT}, "Dawn's hate crime training is out of date."),
        ({"trained": False, "reason": LONG}, ""),
        # A reason helps with training and with nothing else.
        ({"conflicted": True, "reason": LONG}, "Dawn has a conflict of interest"),
        ({"same_line": True, "reason": LONG}, "Dawn works in the same team"),
    ],
)
def test_who_may_lead(facts: dict[str, object], reason: str) -> None:
    answer = rules.may_lead(**{**FIT, **facts})  # type: ignore[arg-type]
    assert answer.reason.startswith(reason)
    assert bool(answer) is (reason == "")


CLOSING = {Stage.CLOSE_PROPOSED, Stage.CLOSED, Stage.AFTERCARE, Stage.ARCHIVED, Stage.REOPENED}


@pytest.mark.parametrize("before", Stage)
@pytest.mark.parametrize("after", Stage)
def test_every_move_is_the_tables_with_gates_met(before: Stage, after: Stage) -> None:
    own_way = {*CLOSING, Stage.ON_HOLD, Stage.MERGED}
    # Only taking the accounts apart brings a joined case back.
    expected = after in STAGES[before] and after not in own_way and before != Stage.MERGED
    answer = rules.move(MANAGER, stage=before, to=after, running=[], held_from=after)
    assert bool(answer) is expected
    if after not in STAGES[before]:
        assert answer.reason.startswith("The case cannot go from")


@pytest.mark.parametrize("stage", Stage)
def test_the_stages_offered_are_those_a_move_reaches(stage: Stage) -> None:
    reached = {
        to for to in Stage if rules.move(MANAGER, stage=stage, to=to, held_from=to, running=[])
    }
    assert rules.reachable(stage) == reached


@pytest.mark.parametrize(
    ("actor", "stage", "to", "reason"),
    [
        (HANDLER, Stage.CONTACT, Stage.ASSESS, "Only the people who work a case"),
        (OFFICER, Stage.CONTACT, Stage.VOID, "Only a case manager can approve an exception."),
        (MANAGER, Stage.CONTACT, Stage.ON_HOLD, "A case goes on hold with a reason"),
        (MANAGER, Stage.CONTACT, Stage.MERGED, "A case is joined to another"),
        (MANAGER, Stage.MONITOR, Stage.CLOSE_PROPOSED, "Closing a case has checks of its own"),
    ],
)
def test_a_move_that_is_refused_says_why(
    actor: Actor, stage: Stage, to: Stage, reason: str
) -> None:
    assert rules.move(actor, stage=stage, to=to).reason.startswith(reason)


@pytest.mark.parametrize("to", [Stage.CONTACT, Stage.ASSESS, Stage.PLAN, Stage.MONITOR])
def test_after_a_hold_a_case_goes_back_only_to_where_it_was(to: Stage) -> None:
    answer = rules.move(OFFICER, stage=Stage.ON_HOLD, to=to, held_from=Stage.ASSESS)
    assert bool(answer) is (to == Stage.ASSESS)
    if not answer:
        assert answer.reason == "After a hold the case goes back to Assess."


GATES = [Stage.TRIAGE, Stage.CONTACT, Stage.ASSESS, Stage.PLAN, Stage.INVESTIGATE, Stage.MONITOR]


@pytest.mark.parametrize("kind", ClockKind)
@pytest.mark.parametrize("stage", GATES)
def test_a_duty_keeps_the_case_from_its_gate_on(kind: ClockKind, stage: Stage) -> None:
    gate = DUTIES[kind].gate
    kept = gate != "" and GATES.index(stage) >= GATES.index(Stage(gate))
    assert rules.needed_to_leave(stage, [kind]) == ([kind] if kept else [])
    assert bool(rules.may_leave(stage, [kind])) is not kept


def test_a_gate_lists_what_is_missing_in_words() -> None:
    running = [ClockKind.RISK, ClockKind.FIRST_CONTACT]
    assert rules.move(OFFICER, stage=Stage.ASSESS, to=Stage.PLAN, running=running).reason == (
        "To leave Assess, still to do: First contact; Risk assessment."
    )


def test_going_back_needs_no_gate() -> None:
    running = [ClockKind.THIRD_PARTY_CONTACT]
    assert rules.move(OFFICER, stage=Stage.MONITOR, to=Stage.INVESTIGATE, running=running)
    assert not rules.move(OFFICER, stage=Stage.INVESTIGATE, to=Stage.MONITOR, running=running)


@pytest.mark.parametrize("stage", [Stage.ON_HOLD, Stage.CLOSED, Stage.MERGED])
def test_stages_aside_keep_nothing_back(stage: Stage) -> None:
    assert rules.needed_to_leave(stage, list(ClockKind)) == []
    assert rules.onward(stage) == ()


HOLDS = [
    (OFFICER, Stage.CONTACT, LONG, TOMORROW, ""),
    (HANDLER, Stage.CONTACT, LONG, TOMORROW, "Only the people who work a case"),
    (OFFICER, Stage.CLOSED, LONG, TOMORROW, "The case cannot go from closed to on hold."),
    (OFFICER, Stage.CONTACT, SHORT, TOMORROW, "Say who asked and why (at least 20 characters)."),
    (OFFICER, Stage.CONTACT, LONG, TODAY, "Give a later day to look at it again."),
    (OFFICER, Stage.CONTACT, LONG, None, "Give a later day to look at it again."),
]


@pytest.mark.parametrize(("actor", "stage", "reason", "on", "said"), HOLDS)
def test_a_hold_needs_a_reason_and_a_later_day(
    actor: Actor, stage: Stage, reason: str, on: date | None, said: str
) -> None:
    answer = rules.hold(actor, stage=stage, reason=reason, review_on=on, today=TODAY)
    assert answer.reason.startswith(said)
    assert bool(answer) is (said == "")
