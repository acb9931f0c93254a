"""What the words of a report mean, for whoever reads one without working here.

Pure.  Source: domain 5.6 (definitions); screens 10 ("every figure explains itself").
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.reporting.composing_words import capital

OUR_OWN = "What this report was specified to measure"
"""Of a measure that no line of the policy and no regulator asks for by itself."""

TERMS: tuple[tuple[str, str], ...] = (
    (
        "Hate incident",
        "something that the person harmed, or anybody else, thinks was done out of hostility or "
        "prejudice. Nobody has to prove it.",
    ),
    (
        "Hate crime case",
        "our work for the people of one household about one respondent, or about somebody nobody "
        "can name. A further report of the same while it is open joins it.",
    ),
    (
        "Strand",
        "what an incident was about, actual or thought to be. The policy has eight: age, gender, "
        "disability, race, religion, sexual orientation, gender identity and appearance. The "
        "regulator counts five of them: not age, gender and appearance.",
    ),
    (
        "Respondent",
        "somebody who is said to have done it. That is alleged: no figure says that they did.",
    ),
    ("Third party", "somebody who tells us of what happened to somebody else."),
    (
        "Repeat",
        "a further hate incident within 12 months to the same person, their immediate family or "
        "their household. Pattern: incidents that are linked, but not so.",
    ),
    (
        "In time",
        "by the moment we promised. What nobody can do yet, because the person asked us to wait or "
        "cannot be reached, is on hold and counted on a line of its own.",
    ),
    (
        "Permission",
        "what the person harmed agreed that other agencies are told. Without it, nothing is told "
        "unless another lawful way is open: these are the doors, counted one by one. A no is "
        "never held against anybody.",
    ),
    (
        "NM01",
        "the measure by which every social landlord tells the Regulator of Social Housing of "
        "antisocial behaviour cases: part 1 is all of them, part 2 those that involve hate. Both "
        "are given for each 1,000 homes.",
    ),
    (
        "Times as likely (between two numbers)",
        "how much likelier one group is than all others, and the range it would be in 19 times "
        "in 20 if it were counted again and again (the 95% interval). Where 1 lies in that range, "
        "chance can explain the difference.",
    ),
    (
        "Restated",
        "given differently by an earlier report of the same month; why is said beside it.",
    ),
    (
        "Ledger",
        "the list of everything done here, which nobody can change. The code and line on each page "
        "say how far it had come when this report was made.",
    ),
)
"""A term, and what it means."""


def terms_of(words: Iterable[str]) -> list[dict[str, str]]:
    """The terms among the words of a chapter ("Strand: what …"), each with its meaning."""
    parts = (one.partition(": ") for one in words)
    return [{"term": term, "said": capital(said)} for term, _, said in parts]


_BUILDERS = ("domain", "hc-")
"""What those who build this know their sources by, and no reader does."""


def said_source(source: str) -> str:
    """Where a measure is from, in words of its readers: the policy's line, the regulator."""
    parts = (part.strip() for part in source.split(";"))
    known = [part for part in parts if not part.lower().startswith(_BUILDERS)]
    return "; ".join(_said(part) for part in known) or OUR_OWN


def _said(part: str) -> str:
    kind, _, rest = part.partition(" ")
    if kind == "TSM":
        number = rest.replace("(", "part ").replace(")", "")
        return f"Regulator of Social Housing, tenant satisfaction measure {number}"
    return f"Hate Crime Policy, {rest}"
