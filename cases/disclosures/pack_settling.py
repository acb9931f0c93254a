"""A pack whose permission is gone does not wait any longer: it is stopped with the withdrawal."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from cases.access import Actor
from cases.casework.locking import lock
from cases.consent.answers import live_scopes
from cases.disclosures.choices import Door, PackState
from cases.disclosures.gate_facts import items_of, wanted
from cases.disclosures.models import Pack
from cases.disclosures.pack_making import reread, stop

WHY = "Permission was taken back, or no longer holds."


def permissions(by: Actor, at: datetime, ids: frozenset[int]) -> None:
    """Stop every ready pack (D1) that these parts no longer let go (domain 7.3).

    What is still being written is left: the gate refuses it, and says why, when it is sent.
    """
    theirs = Q(about__in=ids) | Q(items__whose__in=ids, items__taken_out=False)
    found = Pack.objects.filter(theirs, state=PackState.READY, door=Door.PERMISSION)
    for pk in sorted(set(found.values_list("pk", flat=True))):
        pack = Pack.objects.select_related("case", "agency").get(pk=pk)
        lock(pack.case)
        reread(pack)
        if pack.state == PackState.READY and not _holds(pack, at):
            stop(by, at, pack, WHY)


def _holds(pack: Pack, at: datetime) -> bool:
    needed = wanted(pack, items_of(pack))
    live = live_scopes([part for part, _ in needed if part is not None], pack.agency_id, at)
    return all(part is not None and scope in live[part] for part, scope in needed)
