"""M01 to M40: every measure there is, in the order of domain 5.3.

The version goes up whenever a definition or a query changes, so that two reports that differ
can say whether the cases or the counting changed (domain 5.2).
"""

from __future__ import annotations

from cases.reporting.measure import Measure
from cases.reporting.measures import (
    breakdown,
    disclosure,
    equality,
    governance,
    intake,
    later,
    opening,
    permission,
    police,
    quality,
    rates,
    regulator,
    repeats,
    respondents,
    risk,
    support,
    thirdparty,
    timeliness,
    waiting,
)

VERSION = "1"

_EVERY = (
    *opening.MEASURES,
    *intake.MEASURES,
    *regulator.MEASURES,
    *rates.MEASURES,
    *thirdparty.MEASURES,
    *police.MEASURES,
    *support.MEASURES,
    *permission.MEASURES,
    *timeliness.MEASURES,
    *disclosure.MEASURES,
    *risk.MEASURES,
    *repeats.MEASURES,
    *waiting.MEASURES,
    *respondents.MEASURES,
    *breakdown.MEASURES,
    *equality.MEASURES,
    *quality.MEASURES,
    *governance.MEASURES,
    *later.MEASURES,
)
ALL: tuple[Measure, ...] = tuple(sorted(_EVERY, key=lambda one: one.code))
BY_CODE: dict[str, Measure] = {one.code: one for one in ALL}
