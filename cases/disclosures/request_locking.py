"""The lock that every operation on a request takes first."""

from __future__ import annotations

from cases.casework.locking import lock
from cases.disclosures.models import Request


def locked(request: Request) -> Request:
    """The request read again and locked, on its locked case, until the operation ends."""
    case = lock(request.case)
    rows = Request.objects.select_for_update(of=("self",), no_key=True)
    found: Request = rows.select_related("pack__agency", "pack__contact", "file").get(pk=request.pk)
    found.case = found.pack.case = case
    return found
