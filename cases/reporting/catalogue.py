"""M01 to M40: every measure there is, in the order of domain 5.3.

The version goes up whenever a definition or a query changes, so that two reports that differ
can say whether the cases or the counting changed (domain 5.2).
"""

from __future__ import annotations

from cases.reporting.measure import Measure
from cases.reporting.measures import opening

VERSION = "1"

ALL: tuple[Measure, ...] = tuple(sorted((*opening.MEASURES,), key=lambda one: one.code))
BY_CODE: dict[str, Measure] = {one.code: one for one in ALL}
