"""Telling whoever must decide or look: a line on their desk, and an email that says nothing else.

The row is kept before the email leaves, so that nobody is told twice (bar row 29).  The email
holds the reference of the case and a link to the desk: no name, nothing of what happened (bar
row 56).  Where no email leaves this installation, the row and the desk remain.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse

from cases.access import Actor, Role
from cases.audit.ledger import record
from cases.audit.verbs import Verb
from cases.disclosures.choices import AlertKind
from cases.disclosures.deciding_rules import Asked
from cases.disclosures.models import Alert, Emergency, Request
from cases.staff.models import User

log = logging.getLogger(__name__)

SUBJECTS = {
    AlertKind.ASKED: "Decision needed",
    AlertKind.LATE: "Decision late",
    AlertKind.EMERGENCY: "999 was rung",
    AlertKind.REVIEW_LATE: "Look back at a 999 call: late",
    AlertKind.UNCONFIRMED: "Word on the phone not confirmed",
    AlertKind.REPUDIATED: "Word on the phone denied",
}


def alert(
    by: Actor,
    at: datetime,
    kind: AlertKind,
    about: Request | Emergency,
    users: Iterable[int],
) -> list[Alert]:
    """Alert these users, each once, inside the caller's operation; returns what is new."""
    of = {"request": about} if isinstance(about, Request) else {"emergency": about}
    wanted = list(dict.fromkeys(users))
    if not wanted:
        log.error("%s: there is nobody to tell", kind.label)
    made = []
    for user in User.objects.working().filter(pk__in=wanted).order_by("pk"):
        row, new = Alert.objects.get_or_create(kind=kind, user=user, **of, defaults={"at": at})
        if new:
            made.append(row)
    if not made:
        return []
    record(
        Verb.DISCLOSURE_WORD,
        by=by,
        at=at,
        subject=about,
        case=about.case.reference,
        changes={"why": str(kind), "to": [row.user_id for row in made]},
    )
    if settings.TELL_BY_MAIL:
        for row in made:
            leave = partial(_leave, row.user.email, kind, about.case.reference)
            transaction.on_commit(leave, robust=True)
    return made


def deciders_of(asked: Asked) -> list[int]:
    """Whoever may decide it, by id."""
    return [one.user_id for one in asked.free]


def holding(role: Role, at: datetime, *, but: Asked | None = None) -> list[int]:
    """Who holds the role then, without those who have a conflict of interest in the case."""
    aside = {one.user_id for one in but.deciders if one.stands_aside} if but else set()
    held = User.objects.holding(role, at).values_list("pk", flat=True)
    return [pk for pk in held if pk not in aside]


def _leave(email: str, kind: AlertKind, reference: str) -> None:
    # The data protection officer, told of what was denied, has no desk to decide at.
    where = "/" if kind == AlertKind.REPUDIATED else reverse("workflow:decisions")
    site = settings.SITE_ADDRESS.rstrip("/")
    send_mail(
        subject=f"{SUBJECTS[kind]}: {reference}",
        message=f"Sign in to look at it: {site}{where}\n\nDo not answer this message.",
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[email],
    )
