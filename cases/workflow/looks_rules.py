"""Who may be given an extract of who looked at a case, and by whom.  Pure.

Source: domain 7.7: the record of reading is there for whoever it is about to ask for; what is
given to one person holds nothing of another, and colleagues by role unless it is decided otherwise.
"""

from __future__ import annotations

from cases.access import YES, Actor, Answer, Grant, first_no, rule

ENOUGH = 20
"""Characters of a purpose below which it says nothing."""


@rule("workflow.extract_looks")
def extract(
    actor: Actor,
    *,
    respondent: bool = False,
    purpose: str | None = None,
    names: bool = False,
    why_names: str = "",
) -> Answer:
    """Whether this extract may be made; asked of a page before a purpose is known."""
    return first_no(
        actor.may(Grant.SEE_LEDGER),
        Answer("A respondent is not told who looked: it would say that there is a report.")
        if respondent
        else YES,
        Answer(f"Say what the extract is for (at least {ENOUGH} characters).")
        if purpose is not None and len(purpose.strip()) < ENOUGH
        else YES,
        Answer(f"Say why colleagues are named (at least {ENOUGH} characters).")
        if names and len(why_names.strip()) < ENOUGH
        else YES,
    )
