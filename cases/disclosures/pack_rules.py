"""Who writes, approves and sends a pack, and what it takes to make one ready.  Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cases.access import YES, Actor, Answer, Grant, first_no, rule
from cases.casework.rules import still_open
from cases.disclosures.choices import Channel, PackState
from cases.disclosures.rules import APPROVED_BY


@rule("disclosures.prepare")
def may_prepare(actor: Actor, *, stage: str) -> Answer:
    """Whether the actor may write a page for another agency about a case they can see."""
    return first_no(actor.may(Grant.WORK_CASES), still_open(stage))


@rule("disclosures.send")
def may_send(actor: Actor) -> Answer:
    """Whether the actor sends packs at all; whether this one goes, the gate says."""
    return actor.may(Grant.WORK_CASES)


@rule("disclosures.approve_pack")
def may_approve(actor: Actor, *, door: str, made_by: Collection[int | None]) -> Answer:
    """Whether the actor gives the second person's yes for this door (domain 7.4)."""
    if door not in APPROVED_BY:
        return Answer("Nobody has to approve this.")
    if not (allowed := actor.may(APPROVED_BY[door])):
        return allowed
    if actor.id in made_by:
        return Answer("You wrote this, so somebody else approves it.")
    return YES


def ready(*, reviewed: bool, redactions_confirmed: bool, holds_anything: bool) -> Answer:
    """Whether whoever made it has looked at it as it will go (domain 7.4)."""
    return first_no(
        YES if holds_anything else Answer("Choose at least one thing to tell them."),
        YES if reviewed else Answer("Look at the page as it will go, and tick that you have."),
        YES
        if redactions_confirmed
        else Answer("Look at what is blacked out, and tick that it is right."),
    )


def said(*, title: str, purpose: str) -> Answer:
    """Whether a page says what it is and what it is for."""
    return first_no(
        YES if title.strip() else Answer("Enter what the page is called."),
        YES if purpose.strip() else Answer("Say what they are to do with it."),
    )


def being_written(state: str) -> Answer:
    """Whether a page can still be changed."""
    if state in (PackState.DRAFT, PackState.READY):
        return YES
    return Answer(
        "This has gone, so it stays as it is."
        if state == PackState.GONE
        else "This was stopped, so it stays as it is."
    )


def outcome(
    *, channel: str, to_whom: str, sent_at: datetime, went_at: datetime, now: datetime
) -> Answer:
    """Whether this is how a page can have gone."""
    if channel not in Channel.values:
        return Answer("Say how it went.")
    if went_at > now:
        return Answer("It cannot have gone in the future.")
    if channel == Channel.NOT_SENT:
        return YES
    return first_no(
        YES if to_whom.strip() else Answer("Say who took it."),
        YES if went_at >= sent_at else Answer("It cannot have gone before you took it from here."),
    )
