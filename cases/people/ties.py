"""Family and household in words and in codes.  Pure (domain 2.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FAMILY_KINDS: Mapping[str, str] = {
    "SPOUSE": "SPOUSE",
    "CIVIL_PARTNER": "CIVIL_PARTNER",
    "COHABITING_PARTNER": "COHABITING_PARTNER",
    "PARENT": "CHILD",
    "CHILD": "PARENT",
    "STEP_PARENT": "STEP_CHILD",
    "STEP_CHILD": "STEP_PARENT",
    "FOSTER_PARENT": "FOSTER_CHILD",
    "FOSTER_CHILD": "FOSTER_PARENT",
    "ADOPTIVE_PARENT": "ADOPTIVE_CHILD",
    "ADOPTIVE_CHILD": "ADOPTIVE_PARENT",
    "SIBLING": "SIBLING",
    "HALF_STEP_SIBLING": "HALF_STEP_SIBLING",
    "GRANDPARENT": "GRANDCHILD",
    "GRANDCHILD": "GRANDPARENT",
    "GUARDIAN": "WARD",
    "WARD": "GUARDIAN",
}
"""Each kind and what it is seen from the other end."""

PERMANENT = frozenset(
    {
        "PARENT",
        "CHILD",
        "ADOPTIVE_PARENT",
        "ADOPTIVE_CHILD",
        "SIBLING",
        "GRANDPARENT",
        "GRANDCHILD",
    }
)
"""Kinds that an end date does not end: parent, child, sibling, grandparent (domain 2.9)."""

BONDS: Mapping[str, str] = {
    kind: min(kind, other) for kind, other in FAMILY_KINDS.items() if kind != other
}
"""The name of a bond whose two ends have different kinds."""

_WORDS: Mapping[str, tuple[str, str, str]] = {
    "SPOUSE": ("wife", "husband", "husband or wife"),
    "CIVIL_PARTNER": ("civil partner",) * 3,
    "COHABITING_PARTNER": ("partner",) * 3,
    "PARENT": ("mother", "father", "parent"),
    "CHILD": ("daughter", "son", "child"),
    "STEP_PARENT": ("stepmother", "stepfather", "step-parent"),
    "STEP_CHILD": ("stepdaughter", "stepson", "stepchild"),
    "FOSTER_PARENT": ("foster mother", "foster father", "foster parent"),
    "FOSTER_CHILD": ("foster daughter", "foster son", "foster child"),
    "ADOPTIVE_PARENT": ("adoptive mother", "adoptive father", "adoptive parent"),
    "ADOPTIVE_CHILD": ("adopted daughter", "adopted son", "adopted child"),
    "SIBLING": ("sister", "brother", "brother or sister"),
    "HALF_STEP_SIBLING": ("half or step sister", "half or step brother", "half or step sibling"),
    "GRANDPARENT": ("grandmother", "grandfather", "grandparent"),
    "GRANDCHILD": ("granddaughter", "grandson", "grandchild"),
    "GUARDIAN": ("guardian",) * 3,
    "WARD": ("ward",) * 3,
}


class Basis(StrEnum):
    """Why two people count as one unit."""

    FAMILY = "FAMILY"
    HOUSEHOLD = "HOUSEHOLD"


@dataclass(frozen=True, slots=True)
class Tie:
    """``relative`` is the ``kind`` of ``person``; both are ids of survivors (domain 2.9).

    From ``since`` until the day before ``until``; None is open.  ``permanent`` kinds hold
    whatever ``until`` says.  The kind of a household tie is how the relative belongs to it.
    """

    person: int
    relative: int
    basis: Basis
    kind: str
    since: date | None
    until: date | None
    permanent: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the tie holds on that day; a permanent one holds on every day."""
        if self.permanent:
            return True
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


def kind_from_other_end(kind: str) -> str:
    """A parent's child, a child's parent; the same for a brother or sister."""
    return FAMILY_KINDS[kind]


def say_kind(kind: str, pronouns: str = "") -> str:
    """What somebody is to another: "daughter", or "child" if we do not know to say more."""
    she, he, neither = _WORDS[kind]
    first = pronouns.strip().lower().partition("/")[0].strip()
    return {"she": she, "her": she, "he": he, "him": he, "his": he}.get(first, neither)


def possessive(name: str, pronouns: str = "") -> str:
    """ "her", "his", "their" if they told us; else the name: "Amara’s"."""
    first = pronouns.strip().lower().partition("/")[0].strip()
    said = {"she": "her", "her": "her", "he": "his", "him": "his", "his": "his"}
    if first in said:
        return said[first]
    if first in ("they", "them"):
        return "their"
    return f"{name}’" if name.endswith("s") else f"{name}’s"
