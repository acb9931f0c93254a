"""What the repeat engine says of a case, as question 15 takes it."""

from __future__ import annotations

from datetime import datetime

from cases.casework.models import Case, Involvement
from cases.repeats.queries import repeat_of
from cases.risk.rules import NO_REPEAT, Repeat


def repeat_of_part(about: Involvement, case: Case, at: datetime) -> Repeat:
    """Whether this is a repeat for the person, and through whom; never asked of a respondent.

    The sentence is kept with the assessment, so it names no other case (``reader`` is nobody).
    """
    if about.part != "VICTIM":
        return NO_REPEAT
    found = repeat_of(case, at=at)
    return Repeat(str(found.level), str(found.basis), found.sentence if found.flag else "")
