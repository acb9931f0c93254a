"""Telling somebody their level of risk and what it means, in plain words (domain 3.4)."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.locking import lock
from cases.casework.models import Involvement
from cases.people.choices import Channel
from cases.risk import rules
from cases.risk.models import Level


@operation
def tell_level(*, by: Actor, at: datetime, about: Involvement, how: str, on: date) -> Level:
    """Record that somebody was told the level that stands for them, on a day and how.

    The ledger keeps it beside the level itself.  Raises ValidationError for a day that has not
    come or on which the level did not stand yet, and if there is no level to tell.
    """
    case = lock(about.case)
    enforce(rules.assess(by, stage=case.stage))
    level = Level.objects.filter(about=about).order_by("-pk").first()
    if level is None:
        raise ValidationError("There is no level to tell them yet.")
    if on > london_date(at):
        raise ValidationError({"on": "The day must be today or in the past."})
    if on < london_date(level.at):
        raise ValidationError({"on": "The level they have now did not stand on that day yet."})
    record(
        Verb.RISK_EXPLAINED,
        by=by,
        at=at,
        subject=level,
        case=case.reference,
        changes={"level": level.level, "how": Channel(how).value, "on": on.isoformat()},
    )
    return level
