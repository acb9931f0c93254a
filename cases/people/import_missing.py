"""What an earlier file named and a newer one does not: said, and left as it is.

Nothing is ended by silence: an export may be of some homes only, or cut short.  Somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.db.models import Q, QuerySet

from cases.people.choices import ImportKind
from cases.people.models import HouseholdMembership, SourceKey, Tenancy

LEFT = "An earlier file had it. It is left as it is: end it here if it is over."


def missing_keys(
    system: str, kind: str, named: Callable[[str], bool], today: date
) -> Iterator[str]:
    """The keys of this kind that the system gave before and did not name now, one at a time.

    What is over is not missed: many systems leave out what has ended.
    """
    keys = SourceKey.objects.filter(system=system, kind=kind)
    if kind == ImportKind.TENANCY:
        keys = keys.exclude(subject_id__in=_over(Tenancy.objects.all(), today))
    elif kind == ImportKind.MEMBER:
        keys = keys.exclude(subject_id__in=_over(HouseholdMembership.objects.all(), today))
    for key in keys.order_by("key").values_list("key", flat=True).iterator(chunk_size=5000):
        if not named(key):
            yield key


def _over[M: (Tenancy, HouseholdMembership)](rows: QuerySet[M], today: date) -> QuerySet[M, int]:
    over = rows.filter(Q(period__endswith__lte=today) | Q(period__isempty=True))
    return over.values_list("pk", flat=True)
