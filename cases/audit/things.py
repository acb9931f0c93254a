"""What the entries of a log are about: the few kinds of thing people filter by.  Pure."""

from __future__ import annotations

from cases.audit.verbs import Verb

ACCESS = frozenset(
    {
        *(Verb.ACCESS_GIVEN, Verb.ACCESS_ENDED, Verb.CASE_RESTRICTED),
        *(Verb.CONFLICT_FOUND, Verb.CONFLICT_DECLARED, Verb.CONFLICT_LIFTED),
        *(Verb.NO_CONFLICT_DECLARED, Verb.CASE_PRINTED, Verb.IDENTITIES_OPENED),
        *(Verb.PART_SHOWN, Verb.DETAILS_SHOWN, Verb.LOOKS_EXTRACTED),
    }
)
"""Who may see a case, and what they opened or took away of it."""

THINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "case": ("The case and its stages", ("case",)),
    "incidents": ("Incidents and what people think of them", ("incident", "view", "repeat")),
    "people": ("People and their part", ("part", "person", "household", "family", "tenancy")),
    "contacts": ("Contacts", ("contact",)),
    "notes": ("Notes", ("note",)),
    "clocks": ("What was promised", ("clock",)),
    "risk": ("Risk", ("risk",)),
    "reports": ("Reports and referrals", ("report", "sheet", "route")),
    "access": ("Who may see it, and what they took", ()),
}
"""Each kind: what it is called, and the first words of its verbs."""


def verbs_of(thing: str) -> frozenset[str]:
    """The verbs of one kind of thing; none for a kind there is not."""
    if thing == "access":
        return ACCESS
    first = THINGS[thing][1] if thing in THINGS else ()
    return frozenset(verb.value for verb in Verb if verb.value.split(".")[0] in first) - ACCESS


CHOICES = [(thing, words) for thing, (words, _) in THINGS.items()]
