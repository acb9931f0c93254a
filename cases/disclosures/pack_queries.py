"""What went, what waits and what was refused, for the pages that show it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet

from cases.access import Actor, Grant, enforce
from cases.casework.models import Case, Conflict, Involvement
from cases.disclosures.choices import Door, PackState
from cases.disclosures.models import Blocked, Pack, Send
from cases.disclosures.rules import APPROVED_BY
from cases.partners.models import Agency


def _whole(rows: QuerySet[Send]) -> QuerySet[Send]:
    """Sends with all that a row of them shows; the bytes are not read."""
    return (
        rows.select_related("pack__contact", "agency", "sent_by", "file", "case")
        .defer("file__content")
        .prefetch_related("outcomes__by")
    )


def already_gone(about: Involvement, agency: Agency | None = None) -> list[Send]:
    """What has gone about somebody, the newest first; to one agency, or to any."""
    theirs = Q(pack__about=about) | Q(pack__items__whose=about, pack__items__taken_out=False)
    rows = Send.objects.filter(theirs).distinct()
    return list(_whole(rows.filter(agency=agency) if agency else rows))


def waiting_for(about: Involvement, agency: Agency | None = None) -> list[Pack]:
    """The packs about somebody that wait to go: what a withdrawal would stop."""
    theirs = Q(about=about) | Q(items__whose=about, items__taken_out=False)
    rows = Pack.objects.filter(theirs, state=PackState.READY).distinct()
    rows = rows.filter(agency=agency) if agency else rows
    return list(rows.select_related("agency", "contact", "case"))


def packs_of(case: Case) -> list[Pack]:
    """Every pack of the case, the newest first."""
    rows = Pack.objects.filter(case=case).select_related(
        "agency", "contact", "about__person", "made_by", "ready_by", "send"
    )
    return list(rows.order_by("-made_at", "-pk"))


def sends_of(case: Case) -> list[Send]:
    """Everything that went about the case, the newest first."""
    return list(_whole(Send.objects.filter(case=case)))


def blocked_of(case: Case) -> list[Blocked]:
    """Every attempt the gate refused about the case, the newest first."""
    rows = Blocked.objects.filter(case=case).select_related("pack", "agency", "by")
    return list(rows)


def to_approve(actor: Actor) -> list[Pack]:
    """The packs that wait for this person's yes: by their role, not their own, no conflict.

    A lead approves packs of cases they do not otherwise see: of each they see the pack alone.
    """
    doors = [door for door, grant in APPROVED_BY.items() if actor.may(grant)]
    if not doors:
        return []
    conflicted = Conflict.objects.filter(user_id=actor.id or 0, lifted_at__isnull=True)
    rows = Pack.objects.filter(state=PackState.READY, door__in=doors)
    managers = [door for door in doors if APPROVED_BY[door] is Grant.APPROVE_SHARING]
    if managers:
        seen = Case.objects.visible_to(actor).values("pk")
        rows = rows.filter(~Q(door__in=managers) | Q(case__in=seen))
    rows = rows.exclude(case__in=conflicted.values("case")).exclude(
        Q(made_by=actor.id or 0) | Q(ready_by=actor.id or 0)
    )
    approved = Q(files__version=F("version"), files__approval__isnull=False)
    rows = rows.exclude(pk__in=Pack.objects.filter(approved).values("pk"))
    return list(rows.select_related("agency", "contact", "case", "made_by").order_by("ready_at"))


def register(
    actor: Actor,
    *,
    doors: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Send]:
    """The register of everything that went, by door, the newest first (domain 7.5).

    For the Director and the data protection officer.  ``until`` is the first moment no longer
    in it.  Raises Refused.
    """
    enforce(actor.may(Grant.SEE_REGISTER))
    conflicted = Conflict.objects.filter(user_id=actor.id or 0, lifted_at__isnull=True)
    rows = Send.objects.exclude(case__in=conflicted.values("case"))
    if doors:
        rows = rows.filter(door__in=[door for door in doors if door in ("", *Door.values)])
    if since is not None:
        rows = rows.filter(sent_at__gte=since)
    if until is not None:
        rows = rows.filter(sent_at__lt=until)
    return _whole(rows)
