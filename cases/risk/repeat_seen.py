"""What the repeat engine says of a case, as question 15 takes it."""

from __future__ import annotations

from datetime import datetime

from cases.casework.models import Case, Involvement
from cases.repeats.queries import NONE, repeat_of, repeat_of_somebody
from cases.risk.rules import NO_REPEAT, Repeat


def repeat_of_part(about: Involvement, case: Case, at: datetime) -> Repeat:
    """Whether this is a repeat for the person, and through whom; never asked of a respondent.

    Of somebody else harmed in the case it is what they are themselves: an incident that repeats
    repeats for everybody harmed in it.  The sentence is kept with the assessment, so it names
    no other case (``reader`` is nobody).
    """
    if about.part != "VICTIM":
        return NO_REPEAT
    if about.who == case.who:
        found = repeat_of(case, at=at)
    else:
        found = repeat_of_somebody(about.who, at=at) if about.who else NONE
    return Repeat(str(found.level), str(found.basis), found.sentence if found.flag else "")
