"""Whether two records may be of one person, and why.  Pure (pitfalls: duplicates).

The index-backed look-up of candidates is in ``cases.people.duplicates``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.people.matching import ALIKE, Candidate, Query, weigh

ENOUGH = 8.0
"""A name that is alike and one more thing that tells people apart."""
SAME_EMAIL = ("Email address is the same.", 6.0)
SAME_HOME = ("Address is the same.", 4.0)
DIFFERENT_BIRTH = ("Date of birth is different.", -4.0)


@dataclass(frozen=True)
class Known:
    """What is compared of a record."""

    name_key: str
    sound_key: str
    phone_key: str
    email: str = ""
    date_of_birth: date | None = None
    home: int | None = None


@dataclass(frozen=True)
class Likeness:
    """How alike two records are, and the sentences that say why."""

    score: float
    why: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.score >= ENOUGH


def compare(one: Known, other: Known) -> Likeness:
    """How alike two records are; the same whichever is named first.

    A name must be alike: people who share a home, a telephone or a birthday are many.
    """
    name = max(_name(one, other), _name(other, one), key=lambda found: found.score)
    if name.score < ALIKE:
        return Likeness(0.0, ())
    score, why = name.score, list(name.why)
    told = [
        ("Date of birth is the same.", 5.0)
        if one.date_of_birth and one.date_of_birth == other.date_of_birth
        else DIFFERENT_BIRTH
        if one.date_of_birth and other.date_of_birth
        else None,
        ("Phone number is the same.", 5.0)
        if len(one.phone_key) > 6 and one.phone_key == other.phone_key
        else None,
        SAME_EMAIL if one.email and one.email.lower() == other.email.lower() else None,
        SAME_HOME if one.home and one.home == other.home else None,
    ]
    for each in told:
        if each:
            why.append(each[0])
            score += each[1]
    return Likeness(score, tuple(why))


def _name(one: Known, other: Known) -> Likeness:
    words = tuple(one.name_key.split())
    theirs = Candidate(name_key=other.name_key, sound_key=other.sound_key)
    # Two single words that are alike say little: "Ali" and "Ali".
    found = weigh(Query(words=words), theirs)
    few = min(len(words), len(other.name_key.split())) < 2
    return Likeness(found.score - (2.0 if few else 0.0), found.why)
