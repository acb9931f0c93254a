"""Who may record that an account was made up.  Pure (domain 6.2, rule 4)."""

from __future__ import annotations

from cases.access import YES, Actor, Answer, Grant, rule


@rule("repeats.made_up")
def may_record_made_up(actor: Actor, *, already: bool = False, words: str = "x") -> Answer:
    """Only a manager, and only in the words of whoever gave the account."""
    if not (allowed := actor.may(Grant.APPROVE_EXCEPTION)):
        return allowed
    if already:
        return Answer("This was recorded before.")
    if not words.strip():
        return Answer("Give what they said themselves, in their own words.")
    return YES
