"""Who may look into unusual reading.  Pure."""

from __future__ import annotations

from collections.abc import Collection

from cases.access import YES, Actor, Answer, Grant, first_no, rule


@rule("audit.decide_finding")
def decide(actor: Actor, *, people: Collection[int]) -> Answer:
    """The data protection officer, and never one whose own reading it is."""
    return first_no(
        actor.may(Grant.SEE_LEDGER),
        Answer("This is about your own reading: another data protection officer decides it.")
        if actor.id in people
        else YES,
    )
