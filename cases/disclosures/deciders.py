"""Who could decide to tell the police, at one moment: read for operations and pages alike.

Whoever decides need not be scoped to the company of the case: the policy names one Director for
all of Amplius (line 172).  Only a conflict of interest keeps it from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.access import Role
from cases.casework.models import Case, Conflict
from cases.disclosures.choices import Capacity
from cases.disclosures.deciding_rules import Asked, Decider
from cases.disclosures.models import Emergency, Request
from cases.staff.models import RoleHolding

CAPACITIES = {
    Role.DIRECTOR_CO: Capacity.DIRECTOR,
    Role.ACTING_DIRECTOR: Capacity.DELEGATE,
    Role.POLICY_SPONSOR: Capacity.SPONSOR,
}
_ORDER = list(CAPACITIES)


@dataclass(frozen=True)
class Deciders:
    """Everybody who holds a deciding role at a moment, and whom each case is kept from."""

    holdings: list[RoleHolding]
    kept_from: dict[int, set[int]]

    @classmethod
    def at(cls, at: datetime, cases: Iterable[int]) -> Deciders:
        """Those of a moment, for these cases (two queries)."""
        held = RoleHolding.objects.filter(
            role__in=CAPACITIES, period__contains=at, user__is_active=True
        )
        rows = sorted(
            held.select_related("user"), key=lambda row: (_ORDER.index(Role(row.role)), row.pk)
        )
        kept: dict[int, set[int]] = defaultdict(set)
        found = Conflict.objects.filter(case__in=list(cases), lifted_at__isnull=True)
        for case_id, user_id in found.values_list("case", "user"):
            kept[case_id].add(user_id)
        return cls(rows, kept)

    def asked(self, case: Case, asked_by_id: int) -> Asked:
        """What the question of who decides turns on, for something asked on this case."""
        barred = self.kept_from.get(case.pk, set())
        # A Director who has a conflict bars whoever acts for them, too: the rule sees to that.
        rows = [
            Decider(
                user_id=row.user_id,
                name=row.user.full_name,
                capacity=CAPACITIES[Role(row.role)],
                stands_aside=row.user_id in barred,
                named_by=row.granted_by_id if row.role == Role.ACTING_DIRECTOR else None,
                until=row.period.upper,
            )
            for row in self.holdings
        ]
        return Asked(asked_by_id=asked_by_id, lead_id=case.lead_id, deciders=rows)


def asked_of(request: Request, at: datetime) -> Asked:
    """Who could decide this request at that moment."""
    return Deciders.at(at, [request.case_id]).asked(request.case, request.begun_by_id)


def rung_of(emergency: Emergency, at: datetime) -> Asked:
    """Who could look back at this 999 call at that moment: never whoever wrote it down."""
    return Deciders.at(at, [emergency.case_id]).asked(emergency.case, emergency.recorded_by_id)
