"""The watch on reading: findings are raised from the ledger, and the right people told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import Max, Q
from django.urls import reverse

from cases.access import Actor, Role, job
from cases.audit.finding_models import Finding, Watched
from cases.audit.finding_operations import note_watched, raise_findings
from cases.audit.ledger import operation, record, unchanged
from cases.audit.models import Access, Event
from cases.audit.unusual import Found, Limits, find, unknown
from cases.audit.verbs import Verb
from cases.policy.queries import holidays, settings_at
from cases.staff.models import User
from cases.workflow.reading_facts import deeds_between, looks_between, read_before_conflicts

WATCH = job("the watch on reading")
AT_ONCE = 20_000
"""Rows of the ledger read in one go."""

OVERLAP = timedelta(minutes=10)
"""How far back is read again: a row may be committed after one with a higher number."""

NOTED_EVERY = timedelta(minutes=5)
LOCK = 7_303_911
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watch:
    """What one watch did: what it raised, and whether there is more of the ledger to read."""

    raised: Sequence[Finding] = ()
    more: bool = False


@operation
def watch_reading(*, by: Actor, at: datetime) -> Watch:
    """Read what was added to the ledger, raise what is unusual and new, and tell.

    Watching again finds nothing twice; of two watches at once the second does nothing.
    """
    unchanged()
    if not _alone():
        return Watch()
    begin = Watched.objects.filter(at__lte=at - OVERLAP).first() or Watched(access_id=0, event_id=0)
    accesses = _upto(Access.objects.aggregate(pk=Max("pk"))["pk"], begin.access_id)
    events = _upto(Event.objects.aggregate(pk=Max("pk"))["pk"], begin.event_id)
    looks = looks_between(begin.access_id, accesses.upto)
    found = find(
        looks,
        deeds_between(begin.event_id, events.upto),
        Limits.of(settings_at(at)),
        holidays(),
    )
    found += read_before_conflicts(begin.event_id, events.upto)
    raised = raise_findings(by=by, at=at, found=unknown(found, _known(found)))
    more = accesses.more or events.more
    _note(by, at, begin, accesses.upto, events.upto, more=more)
    if raised:
        _tell(by, at, raised)
    return Watch(raised, more)


def _alone() -> bool:
    """Whether no other watch is under way; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True)
class _Stretch:
    upto: int
    more: bool


def _upto(newest: int | None, begin: int) -> _Stretch:
    upto = min(newest or 0, begin + AT_ONCE)
    return _Stretch(max(upto, begin), upto < (newest or 0))


def _known(found: Sequence[Found]) -> list[Found]:
    """What stands of these people and cases already."""
    users = {one.user for one in found if one.user is not None}
    cases = {one.case for one in found if one.case}
    rows = Finding.objects.filter(Q(actor_id__in=users) | Q(case_reference__in=cases))
    return [row.found for row in rows] if found else []


def _note(
    by: Actor, at: datetime, begin: Watched, access_id: int, event_id: int, *, more: bool
) -> None:
    """Keep how far it read: every few minutes, and at once while there is much to catch up."""
    newest = Watched.objects.first()
    moved = (access_id, event_id) != ((newest.access_id, newest.event_id) if newest else (0, 0))
    if more:
        # The moment lies before the overlap, so that the next watch goes on from here.
        note_watched(by=by, at=at - OVERLAP, access_id=access_id, event_id=event_id)
    elif moved and (newest is None or newest.at <= at - NOTED_EVERY):
        note_watched(by=by, at=at, access_id=access_id, event_id=event_id)


def _tell(by: Actor, at: datetime, raised: Sequence[Finding]) -> None:
    """Word to every data protection officer whose own reading it is not, each by themselves.

    Where there is none such, to the Director, who can name one.
    """
    if not settings.TELL_BY_MAIL:
        return
    officers = [
        user
        for user in User.objects.holding(Role.DPO, at)
        if any(user.pk not in finding.people for finding in raised)
    ]
    others = [] if officers else list(User.objects.holding(Role.DIRECTOR_CO, at))
    if not (officers or others):
        log.error("unusual reading: there is nobody to tell")
        return
    record(
        Verb.READING_TOLD,
        by=by,
        at=at,
        changes={"roles": [Role.DPO if officers else Role.DIRECTOR_CO]},
    )
    for user in [*officers, *others]:
        transaction.on_commit(partial(_leave, user.email, may_look=bool(officers)), robust=True)


def _leave(email: str, *, may_look: bool) -> None:
    """One email: that there is something, and where; nothing of what it is."""
    site = settings.SITE_ADDRESS.rstrip("/")
    words = (
        f"Sign in to look into it: {site}{reverse('audit:unusual')}"
        if may_look
        else "It is about the data protection officer's own reading, and another one must look "
        f"into it. Ask the system administrator to name one: {site}/"
    )
    send_mail(
        subject="Unusual reading",
        message=f"Unusual reading was noticed.\n\n{words}\n\nDo not answer this message.",
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[email],
    )
