"""What the repeat engine says of somebody on a case, as question 15 takes it."""

from __future__ import annotations

from datetime import datetime

from cases.casework.models import Case, Involvement
from cases.risk.rules import NO_REPEAT, Repeat


def repeat_of_part(about: Involvement, case: Case, at: datetime) -> Repeat:
    """Whether this is a repeat for the person, and through whom."""
    return NO_REPEAT
