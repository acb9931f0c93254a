"""Who records what beside an incident or a part, and what may be said of it.  Pure."""

from __future__ import annotations

from datetime import date

from cases.access import YES, Actor, Answer, Grant, first_no, rule
from cases.casework.choices import Part, Relationship
from cases.casework.record_choices import CrimeStatus, RecordKind
from cases.casework.rules import explained, still_open, work

GOES_ON = (
    "Whatever the police decide, we go on helping and the case counts just the same. "
    "A hate incident need not be a crime."
)
"""Beside every crime status: it moves nothing (HC-24, policy line 105)."""


@rule("casework.place")
def place(actor: Actor, *, stage: str) -> Answer:
    """Whether the actor may say which company a case belongs to (HC-20)."""
    return first_no(actor.may(Grant.PLACE_CASE), still_open(stage))


def placed(reason: str) -> Answer:
    """A company is changed with a reason."""
    return explained(reason, "Say why it belongs to another company", least=1)


def crime_status(*, status: str, decided_by: str, reference: str, on: date, today: date) -> Answer:
    """Whether a decision about crime says who made it, when, and its reference."""
    if not decided_by.strip():
        return Answer("Say who decided.")
    if on > today:
        return Answer("The day it was decided cannot be in the future.")
    if status == CrimeStatus.POLICE_CRIME and not reference.strip():
        return Answer("Give the reference of the crime the police recorded.")
    return YES


def kinds_of(part: str, *, colleague: bool) -> tuple[RecordKind, ...]:
    """What can be recorded about somebody in this part.

    A respondent gives no witness statement to us; HR is for colleagues only.
    """
    if part == Part.RESPONDENT:
        return (RecordKind.HR_REFERRED,) if colleague else ()
    both = (RecordKind.STATEMENT, RecordKind.SPECIAL_MEASURES)
    if part != Part.VICTIM:
        return both
    told = (RecordKind.HR_TOLD,) if colleague else ()
    return (*both, RecordKind.SELF_DESCRIBED, *told)


def is_colleague(*, marked: bool, relationship: str) -> bool:
    """Whether somebody in a case works for us: by their record, or by what was said."""
    return marked or relationship == Relationship.LANDLORD_COLLEAGUE


def record_part(
    actor: Actor,
    *,
    stage: str,
    part: str,
    colleague: bool,
    kind: str,
    on: date,
    today: date,
    agreed: bool,
) -> Answer:
    """Whether this may be recorded about somebody's part (HC-22, HC-39, S12)."""
    if not (allowed := work(actor, stage=stage)):
        return allowed
    if kind not in kinds_of(part, colleague=colleague):
        return Answer("This cannot be recorded for their part in the case.")
    if on > today:
        return Answer("The day cannot be in the future.")
    if kind == RecordKind.HR_TOLD and not agreed:
        return Answer("HR is told of a colleague who was harmed only with their permission.")
    return YES
