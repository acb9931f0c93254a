"""What the repeat engine says of somebody on a case, as question 15 takes it."""

from __future__ import annotations

from datetime import datetime

from cases.casework.models import Case, Involvement
from cases.repeats.queries import repeat_of, repeat_of_somebody
from cases.risk.rules import Repeat


def repeat_of_part(about: Involvement, case: Case, at: datetime) -> Repeat:
    """Whether this is a repeat for the person, and through whom.

    Without a reader the sentence names no other case, so that it can be kept.
    """
    if about.person is None:
        return Repeat()
    if about.person_id == case.victim_id:
        found = repeat_of(case, at=at)
    else:
        found = repeat_of_somebody(about.person, at=at)
    return Repeat(str(found.level), found.basis, found.sentence)
