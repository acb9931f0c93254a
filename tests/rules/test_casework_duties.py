"""Duties, clocks and exceptions as pure rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.access import Actor, Role
from cases.casework import rules
from cases.casework.choices import Part, Stage
from cases.casework.clocks import DUTIES, ClockKind, MetBy

OFFICER = Actor(id=1, name="Dawn", roles=frozenset({Role.HOUSING_OFFICER}), team_id=1)


MANAGER = Actor(id=2, name="Sunita", roles=frozenset({Role.CASE_MANAGER}), team_id=1)


HANDLER = Actor(id=3, name="Joanne", roles=frozenset({Role.CALL_HANDLER}), team_id=1)


DIRECTOR = Actor(id=4, name="Ruth", roles=frozenset({Role.DIRECTOR_CO}))


AUDITOR = Actor(id=5, name="Peter", roles=frozenset({Role.AUDITOR}))


LONG = "The police asked us to wait for them."


SHORT = "Nineteen chars long"


TODAY = date(2026, 11, 19)


TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize("kind", ClockKind)
@pytest.mark.parametrize("actor", [OFFICER, MANAGER, HANDLER], ids=lambda actor: actor.name)
def test_what_can_be_done_by_hand(kind: ClockKind, actor: Actor) -> None:
    duty = DUTIES[kind]
    outcome = duty.outcomes[0] if duty.outcomes else "Done"
    answer = rules.do_duty(
        actor, stage=Stage.CONTACT, kind=kind, outcome=outcome, words="Rang at 4pm."
    )
    managers = (ClockKind.MANAGER_REVIEW, ClockKind.RISK_WORRY)
    theirs = actor is MANAGER or (actor is OFFICER and kind not in managers)
    assert bool(answer) is (theirs and duty.met_by is MetBy.HAND)


def test_the_managers_review_is_a_managers() -> None:
    facts = {"stage": Stage.CONTACT, "kind": ClockKind.MANAGER_REVIEW}
    assert rules.does(OFFICER, **facts).reason == "Only a case manager reviews a new case."
    assert rules.does(MANAGER, **facts)
    assert not rules.does(MANAGER, **{**facts, "stage": Stage.CLOSED})


def test_a_duty_by_hand_says_how_it_ended_and_what_was_done() -> None:
    def ask(**said: str) -> str:
        facts = {"stage": Stage.CONTACT, "kind": ClockKind.SUPPORT_OWN, **said}
        return rules.do_duty(OFFICER, **facts).reason

    assert ask() == "Choose how it ended."
    assert ask(outcome="Low") == "Choose how it ended."
    assert ask(outcome="Accepted") == "Say in a few words what was done and when."
    assert ask(outcome="Accepted", words="Asked Amara.") == ""
    assert ask(stage=Stage.CLOSED) == "This case is closed, so nothing is added to it."
    contact = ask(kind=ClockKind.FIRST_CONTACT)
    assert contact == "Only a two-way contact in a safe way meets this. Log the contact."


PAUSES = [
    (MANAGER, Stage.CONTACT, LONG, TOMORROW, ""),
    (OFFICER, Stage.CONTACT, LONG, TOMORROW, "Only a case manager can approve an exception."),
    (MANAGER, Stage.CLOSED, LONG, TOMORROW, "This case is closed"),
    (MANAGER, Stage.CONTACT, SHORT, TOMORROW, "Say why the clock pauses"),
    (MANAGER, Stage.CONTACT, LONG, TODAY, "Give a later day"),
    (MANAGER, Stage.CONTACT, LONG, None, "Give a later day"),
]


@pytest.mark.parametrize(("actor", "stage", "why", "until", "said"), PAUSES)
def test_a_clock_pauses_only_for_a_reason_and_until_later(
    actor: Actor, stage: Stage, why: str, until: date | None, said: str
) -> None:
    answer = rules.pause(
        actor, stage=stage, ground="ASKED", attempts=0, why=why, until=until, today=TODAY
    )
    assert answer.reason.startswith(said)
    assert bool(answer) is (said == "")


EXCEPTIONS = [
    (MANAGER, Stage.CONTACT, 1, LONG, ""),
    (MANAGER, Stage.CONTACT, None, LONG, ""),
    (MANAGER, Stage.CONTACT, 2, LONG, "Somebody who does not lead this case"),
    (OFFICER, Stage.CONTACT, None, LONG, "Only a case manager"),
    (MANAGER, Stage.CONTACT, 1, SHORT, "Say why (at least 20 characters)."),
    (MANAGER, Stage.CLOSED, 1, LONG, "This case is closed"),
]


@pytest.mark.parametrize(("actor", "stage", "lead", "reason", "said"), EXCEPTIONS)
def test_an_exception_is_agreed_by_a_manager_who_does_not_lead(
    actor: Actor, stage: Stage, lead: int | None, reason: str, said: str
) -> None:
    answer = rules.approve_exception(actor, stage=stage, lead_id=lead, reason=reason)
    assert answer.reason.startswith(said)
    assert bool(answer) is (said == "")


LIFTS = [
    # whose conflict, who proposed, second step, who acts
    (1, None, False, MANAGER, ""),
    (2, None, False, MANAGER, "Nobody clears their own conflict of interest."),
    (1, None, False, OFFICER, "Only a case manager can clear a conflict"),
    (1, None, False, DIRECTOR, "Only a case manager can clear a conflict"),
    (1, None, True, MANAGER, "Somebody else must propose clearing it first."),
    (1, 2, True, MANAGER, "A second person must agree."),
    (1, 9, True, MANAGER, ""),
    (2, 9, True, MANAGER, "Nobody clears their own conflict of interest."),
]


@pytest.mark.parametrize(("user", "proposed", "second", "actor", "said"), LIFTS)
def test_two_others_clear_a_conflict(
    user: int, proposed: int | None, second: bool, actor: Actor, said: str
) -> None:
    answer = rules.lift_conflict(actor, user_id=user, proposed_by_id=proposed, second=second)
    assert answer.reason.startswith(said)
    assert bool(answer) is (said == "")


@pytest.mark.parametrize(
    ("interaction", "incoming", "safe", "meets"),
    [
        (True, False, True, True),
        (True, False, False, False),
        (True, True, False, True),
        (True, True, True, True),
        (False, False, True, False),
        (False, True, True, False),
    ],
)
def test_only_a_two_way_contact_in_a_safe_way_meets_the_clock(
    interaction: bool, incoming: bool, safe: bool, meets: bool
) -> None:
    answer = rules.meets_contact_clock(
        interaction=interaction, incoming=incoming, channel_safe=safe
    )
    assert bool(answer) is meets


@pytest.mark.parametrize(
    ("part", "identified", "kinds"),
    [
        (Part.VICTIM, True, {ClockKind.FIRST_CONTACT}),
        (Part.VICTIM, False, {ClockKind.FIRST_CONTACT}),
        (Part.THIRD_PARTY, True, {ClockKind.THIRD_PARTY_CONTACT}),
        (Part.WITNESS, True, {ClockKind.THIRD_PARTY_CONTACT}),
        (Part.THIRD_PARTY, False, {ClockKind.THIRD_PARTY_CONTACT, ClockKind.FIRST_CONTACT}),
        (Part.RESPONDENT, True, set()),
        (Part.RESPONDENT, False, set()),
    ],
)
def test_which_contact_clocks_somebody_meets(
    part: Part, identified: bool, kinds: set[ClockKind]
) -> None:
    assert set(rules.contact_clocks(part, victim_identified=identified)) == kinds


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("identified", [True, False])
def test_whoever_meets_first_contact_keeps_in_touch(part: Part, identified: bool) -> None:
    kinds = rules.contact_clocks(part, victim_identified=identified)
    expected = part == Part.VICTIM or (not identified and part in (Part.THIRD_PARTY, Part.WITNESS))
    assert rules.keeps_in_touch(kinds) is expected


@pytest.mark.parametrize(
    ("stage", "into", "itself", "said"),
    [
        (Stage.CONTACT, Stage.CONTACT, False, ""),
        (Stage.CONTACT, Stage.CONTACT, True, "A case cannot be joined to itself."),
        (Stage.CLOSED, Stage.CONTACT, False, "The case cannot go from closed to merged."),
        (Stage.CONTACT, Stage.MERGED, False, "This case is joined to another"),
    ],
)
def test_joining_two_cases(stage: Stage, into: Stage, itself: bool, said: str) -> None:
    answer = rules.join(OFFICER, stage=stage, into=into, itself=itself)
    assert answer.reason.startswith(said)
    assert bool(answer) is (said == "")


def test_joining_needs_somebody_who_takes_reports() -> None:
    assert not rules.join(AUDITOR, stage=Stage.CONTACT, into=Stage.CONTACT, itself=False)


@pytest.mark.parametrize(
    ("reason", "least", "enough"),
    [(SHORT, 20, False), (SHORT + "!", 20, True), (" " * 30, 20, False), ("x", 1, True)],
)
def test_a_reason_says_enough(reason: str, least: int, enough: bool) -> None:
    assert bool(rules.explained(reason, "Say why", least=least)) is enough


def test_a_reason_that_is_missing_is_asked_for() -> None:
    assert rules.explained("", "Say why", least=1).reason == "Say why."


SOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clocks", "first"),
    [
        ({}, None),
        ({1: ("RISK", SOON + timedelta(seconds=1)), 2: ("ACTION_PLAN", SOON)}, 2),
        # Due at the same moment: the order of the work decides.
        ({1: ("RISK", SOON), 2: ("FIRST_CONTACT", SOON)}, 2),
        # A duty without a moment comes after every promise.
        ({1: ("SUPPORT_OWN", None), 2: ("ACTION_PLAN", SOON + timedelta(days=9))}, 2),
        ({1: ("PERMISSION", None), 2: ("SUPPORT_OWN", None)}, 2),
    ],
)
def test_the_next_clock_has_the_least_time_left(
    clocks: dict[int, tuple[str, datetime | None]], first: int | None
) -> None:
    assert rules.next_clock(clocks) == first
