"""Who may do what to a case now, and why not.  Pure; the sentences are what people read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from cases.access import YES, Actor, Answer, Grant, Role, first_no, rule
from cases.casework.choices import OPEN_STAGES, STAGES, Part, Stage
from cases.casework.clocks import DUTIES, ClockKind, MetBy
from cases.casework.record_choices import PauseGround
from cases.lifecycle import may_become

ENOUGH_REASON = 20
SAFE_ATTEMPTS = 3


@rule("casework.work")
def work(actor: Actor, *, stage: str) -> Answer:
    """Whether the actor may add to a case they can see."""
    if not (allowed := actor.may(Grant.WORK_CASES)):
        return allowed
    return still_open(stage)


def still_open(stage: str) -> Answer:
    """A closed, merged or void case takes nothing more."""
    if stage in OPEN_STAGES:
        return YES
    return Answer(f"This case is {Stage(stage).label.lower()}, so nothing is added to it.")


@rule("casework.add_view")
def add_view(actor: Actor, *, stage: str) -> Answer:
    """A view may be added by anybody who takes reports, at any time while the case lives."""
    if not (allowed := actor.may(Grant.TAKE_REPORT)):
        return allowed
    if stage in (Stage.MERGED, Stage.VOID):
        return still_open(stage)
    return YES


@rule("casework.retract_view")
def retract_view(
    actor: Actor,
    *,
    colleague_id: int | None,
    already: bool,
    words: str = "",
    witness_id: int | None = None,
) -> Answer:
    """Only the person whose view it is takes it back, in their own words, witnessed (HC-23)."""
    if already:
        return Answer("This view has already been taken back.")
    if colleague_id is not None and colleague_id != actor.id:
        return Answer("Only the colleague whose view this is can take it back.")
    if colleague_id is None and not (allowed := actor.may(Grant.WORK_CASES)):
        return allowed
    if not words.strip():
        return Answer("Write what they said, in their own words.")
    if colleague_id is None and (witness_id is None or witness_id == actor.id):
        return Answer("Name another colleague who heard them take it back.")
    return YES


@rule("casework.open_identities")
def open_identities(actor: Actor, *, purpose: str | None = None) -> Answer:
    """Whether an auditor may be told who is who; asked of a page before a purpose is known."""
    if not actor.holds(Role.AUDITOR):
        return Answer("Names are kept back from auditors only.")
    if purpose is not None and len(purpose.strip()) < ENOUGH_REASON:
        return Answer(f"Say what you need it for (at least {ENOUGH_REASON} characters).")
    return YES


@rule("casework.allocate")
def allocate(actor: Actor, *, stage: str) -> Answer:
    """Whether the actor may name a lead officer."""
    if not (allowed := actor.may(Grant.ALLOCATE)):
        return allowed
    return still_open(stage)


def may_lead(
    *,
    name: str,
    conflicted: bool,
    works_cases: bool,
    same_line: bool,
    trained: bool,
    reason: str,
    in_scope: bool = True,
) -> Answer:
    """Whether somebody may lead this case: role, conflict, line, company, training
    (HC-20, HC-45, domain 7.1).

    Training out of date is a warning: a reason lets it through.
    """
    if not works_cases:
        return Answer(f"{name} does not work cases.")
    if conflicted:
        return Answer(f"{name} has a conflict of interest in this case.")
    if same_line:
        return Answer(f"{name} works in the same team as a colleague in this case.")
    if not in_scope:
        return Answer(f"{name} works for other companies than the one this case belongs to.")
    if not trained and len(reason.strip()) < ENOUGH_REASON:
        return Answer(
            f"{name}'s hate crime training is out of date. To name them anyway, say why "
            f"(at least {ENOUGH_REASON} characters)."
        )
    return YES


@rule("casework.move")
def move(
    actor: Actor,
    *,
    stage: str,
    to: str,
    running: Collection[ClockKind] = (),
    held_from: str = "",
) -> Answer:
    """Whether the case may move to a stage: the table, then the gate (domain 2.10)."""
    if not (allowed := actor.may(Grant.WORK_CASES)):
        return allowed
    if not (known := may_become(STAGES, stage, to, called="The case")):
        return known
    if to in _OWN_WAY:
        return Answer(_OWN_WAY[Stage(to)])
    if stage == Stage.MERGED:
        return still_open(stage)
    if to == Stage.VOID:
        return actor.may(Grant.APPROVE_EXCEPTION)
    if stage == Stage.ON_HOLD:
        if to == held_from:
            return YES
        return Answer(f"After a hold the case goes back to {Stage(held_from).label}.")
    return may_leave(stage, running) if to in onward(stage) else YES


# Stages that are reached by an operation of their own.
_CLOSING = "Closing a case has checks of its own, which come with closing."
_OWN_WAY = {
    Stage.ON_HOLD: "A case goes on hold with a reason and a day to look at it again.",
    Stage.MERGED: "A case is joined to another when both are about the same incident.",
    Stage.CLOSE_PROPOSED: _CLOSING,
    Stage.CLOSED: _CLOSING,
    Stage.AFTERCARE: _CLOSING,
    Stage.ARCHIVED: _CLOSING,
    Stage.REOPENED: _CLOSING,
}
_GATED = (
    Stage.RECEIVED,
    Stage.TRIAGE,
    Stage.CONTACT,
    Stage.ASSESS,
    Stage.PLAN,
    Stage.INVESTIGATE,
    Stage.MONITOR,
)


def onward(stage: str) -> Sequence[Stage]:
    """The stages after this one in the order of the work; going back needs no gate."""
    return _GATED[_GATED.index(Stage(stage)) + 1 :] if stage in _GATED else ()


@rule("casework.hold")
def hold(actor: Actor, *, stage: str, reason: str, review_on: date | None, today: date) -> Answer:
    """A case goes on hold when the police or a court ask, with a day to look again."""
    if not (allowed := actor.may(Grant.WORK_CASES)):
        return allowed
    if not (known := may_become_held(stage)):
        return known
    if not (explained_ := explained(reason, "Say who asked and why")):
        return explained_
    if review_on is None or review_on <= today:
        return Answer("Give a later day to look at it again.")
    return YES


@rule("casework.may_hold")
def may_hold(actor: Actor, *, stage: str) -> Answer:
    """Whether the actor may put a case in this stage on hold at all."""
    return first_no(work(actor, stage=stage), may_become_held(stage))


def may_become_held(stage: str) -> Answer:
    """Whether a case in this stage can go on hold at all."""
    return may_become(STAGES, stage, Stage.ON_HOLD, called="The case")


def reachable(stage: str) -> frozenset[str]:
    """The stages somebody may choose from this one: those without a way of their own."""
    if stage == Stage.MERGED:
        return frozenset()  # only taking the two accounts apart brings it back
    return STAGES.get(stage, frozenset()) - frozenset(_OWN_WAY)


def explained(reason: str, ask: str, *, least: int = ENOUGH_REASON) -> Answer:
    """Whether a reason says enough; ``ask`` begins the sentence for one that does not."""
    if len(reason.strip()) >= least:
        return YES
    return Answer(f"{ask} (at least {least} characters)." if least > 1 else f"{ask}.")


@rule("casework.open")
def open_case(actor: Actor) -> Answer:
    """Whoever takes reports opens the case a report becomes."""
    return actor.may(Grant.TAKE_REPORT)


def join(actor: Actor, *, stage: str, into: str, itself: bool) -> Answer:
    """Whether a case may be joined to another one that lives."""
    if not (allowed := add_view(actor, stage=into)):
        return allowed
    if itself:
        return Answer("A case cannot be joined to itself.")
    return may_become(STAGES, stage, Stage.MERGED, called="The case")


def may_leave(stage: str, running: Collection[ClockKind]) -> Answer:
    """Whether everything the stage needs is done; if not, what is missing."""
    missing = needed_to_leave(stage, running)
    if not missing:
        return YES
    words = "; ".join(kind.label for kind in missing)
    return Answer(f"To leave {Stage(stage).label}, still to do: {words}.")


def needed_to_leave(stage: str, running: Collection[ClockKind]) -> list[ClockKind]:
    """The duties that keep the case in its stage, earlier gates included."""
    upto = _GATED[: _GATED.index(Stage(stage)) + 1] if stage in _GATED else ()
    return [kind for kind in ClockKind if kind in running and DUTIES[kind].gate in upto]


_MANAGERS = {
    ClockKind.MANAGER_REVIEW: "Only a case manager reviews a new case.",
    ClockKind.RISK_WORRY: "Only a case manager looks at a worry above the level.",
}


@rule("casework.does")
def does(actor: Actor, *, stage: str, kind: str) -> Answer:
    """Whether a duty is the actor's to do: the manager's review is a manager's (domain 4.2)."""
    if not (allowed := work(actor, stage=stage)):
        return allowed
    if kind in _MANAGERS and not actor.may(Grant.APPROVE_EXCEPTION):
        return Answer(_MANAGERS[ClockKind(kind)])
    return YES


@rule("casework.do_duty")
def do_duty(
    actor: Actor,
    *,
    stage: str,
    kind: str,
    outcome: str = "",
    words: str = "",
    running: Collection[str] = (),
) -> Answer:
    """Whether a clock may be met by hand with this outcome, while those others run."""
    if not (allowed := does(actor, stage=stage, kind=kind)):
        return allowed
    duty = DUTIES[ClockKind(kind)]
    if duty.met_by is MetBy.INTERACTION:
        return Answer("Only a two-way contact in a safe way meets this. Log the contact.")
    if duty.met_by is MetBy.SYSTEM:
        return Answer("This is met by doing it here, not by recording that it was done.")
    if duty.after in running:
        first = DUTIES[ClockKind(duty.after)].step
        return Answer(f"Do this first: {first[:1].lower()}{first[1:]}.")
    if outcome not in duty.outcomes:
        return Answer("Choose how it ended.")
    if not words.strip():
        return Answer("Say in a few words what was done and when.")
    return YES


@rule("casework.pause")
def pause(
    actor: Actor,
    *,
    stage: str,
    ground: str,
    attempts: int,
    why: str,
    until: date | None,
    today: date,
) -> Answer:
    """A clock pauses only for a later date the person asked for, or after three safe
    attempts (manager); domain 4.3.  ``attempts``: how many are logged."""
    if not (allowed := actor.may(Grant.APPROVE_EXCEPTION)):
        return allowed
    if not (living := still_open(stage)):
        return living
    if ground not in PauseGround.values:
        return Answer("A clock pauses because they asked, or after three safe attempts.")
    if ground == PauseGround.ATTEMPTS and attempts < SAFE_ATTEMPTS:
        logged = "1 safe attempt is" if attempts == 1 else f"{attempts} safe attempts are"
        return Answer(f"{logged} logged. A clock pauses after {SAFE_ATTEMPTS}.")
    if not (why_ := explained(why, "Say why the clock pauses")):
        return why_
    if until is None or until <= today:
        return Answer("Give a later day to look at it again.")
    return YES


@rule("casework.approve_exception")
def approve_exception(actor: Actor, *, stage: str, lead_id: int | None, reason: str = "") -> Answer:
    """An exception to a gate: a manager who does not lead the case, with a reason (HC-40)."""
    if not (allowed := actor.may(Grant.APPROVE_EXCEPTION)):
        return allowed
    if lead_id is not None and lead_id == actor.id:
        return Answer("Somebody who does not lead this case approves its exceptions.")
    return first_no(explained(reason, "Say why"), still_open(stage))


@rule("casework.restrict")
def restrict(actor: Actor, *, stage: str) -> Answer:
    """Whether the actor may restrict the case to named people."""
    return actor.may(Grant.RESTRICT_CASE)


@rule("casework.lift_conflict")
def lift_conflict(
    actor: Actor, *, user_id: int, proposed_by_id: int | None, second: bool
) -> Answer:
    """A conflict is cleared by two other people, never by its subject (bar row 18)."""
    if not (allowed := actor.may(Grant.LIFT_CONFLICT)):
        return allowed
    if actor.id == user_id:
        return Answer("Nobody clears their own conflict of interest.")
    if second and proposed_by_id is None:
        return Answer("Somebody else must propose clearing it first.")
    if second and proposed_by_id == actor.id:
        return Answer("A second person must agree.")
    return YES


@rule("casework.contact")
def contact(
    actor: Actor, *, stage: str, part: str, domestic_abuse: bool, incoming: bool = False
) -> Answer:
    """Whether the actor may contact somebody in this part.

    On a domestic abuse case nobody of the family is contacted (S06): the respondent is one.
    """
    if not (allowed := work(actor, stage=stage)):
        return allowed
    if domestic_abuse and part == Part.RESPONDENT and not incoming:
        return Answer(
            "This is a domestic abuse case: do not contact the respondent or the family. "
            "Speak to the Domestic Abuse lead."
        )
    return YES


def meets_contact_clock(*, interaction: bool, incoming: bool, channel_safe: bool) -> Answer:
    """Whether a contact meets a contact clock (domain 4.2: two-way, in a safe way)."""
    if not interaction:
        return Answer("An attempt does not meet the clock.")
    if not incoming and not channel_safe:
        return Answer("It was not made in a way they said is safe, so it does not meet the clock.")
    return YES


def contact_clocks(part: str, *, victim_identified: bool) -> Sequence[ClockKind]:
    """The contact clocks a contact with somebody in this part can meet."""
    if part == Part.VICTIM:
        return (ClockKind.FIRST_CONTACT,)
    if part in (Part.THIRD_PARTY, Part.WITNESS):
        if victim_identified:
            return (ClockKind.THIRD_PARTY_CONTACT,)
        return (ClockKind.THIRD_PARTY_CONTACT, ClockKind.FIRST_CONTACT)
    return ()


def keeps_in_touch(kinds: Sequence[ClockKind]) -> bool:
    """Whether a contact that can meet these clocks is with the person the case is about."""
    return ClockKind.FIRST_CONTACT in kinds


def next_clock(due: Mapping[int, tuple[str, datetime | None]]) -> int | None:
    """Which of the running clocks (id: kind, due) comes next: least time left, then order."""
    order = list(ClockKind.values)

    def place(item: tuple[int, tuple[str, datetime | None]]) -> tuple[bool, float, int]:
        kind, moment = item[1]
        return (moment is None, moment.timestamp() if moment else 0.0, order.index(kind))

    return min(due.items(), key=place)[0] if due else None
