"""Word of High risk: a reference and a link, by email, and never a name (domain 3.4).

Where no email leaves this installation nothing is sent: the clocks "told" stay for a person.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse

from cases.access import Actor, Role
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.clock_operations import meet_clocks
from cases.casework.clocks import ClockKind
from cases.casework.models import Case
from cases.risk.choices import Told
from cases.risk.models import Assessment, Message
from cases.staff.models import RoleHolding, User

log = logging.getLogger(__name__)

MET_BY_WORD = {
    Told.MANAGER: ClockKind.MANAGER_TOLD,
    Told.DIRECTOR: ClockKind.DIRECTOR_TOLD,
    Told.SAFEGUARDING: ClockKind.SAFEGUARDING_TOLD,
    Told.DA_LEAD: ClockKind.DA_TOLD,
}
BY_ROLE = {
    Told.DIRECTOR: Role.DIRECTOR_CO,
    Told.SAFEGUARDING: Role.SAFEGUARDING_LEAD,
    Told.DA_LEAD: Role.DA_LEAD,
}


@operation
def send_word(*, by: Actor, at: datetime, assessment: Assessment) -> list[Message]:
    """Send word that a case is High to whoever must know, each once.

    The row is kept before the email leaves, so that none is sent twice; the clock is met only
    when it has left.  Nothing is sent where no email leaves (``TELL_BY_MAIL``).
    """
    if not settings.TELL_BY_MAIL:
        unchanged()
        return []
    sent = []
    for role, user in _whom(assessment, at):
        if user.pk == by.id:
            continue
        message, new = Message.objects.get_or_create(
            assessment=assessment, role=role, user=user, defaults={"at": at}
        )
        if new:
            sent.append(message)
            transaction.on_commit(partial(_leave, by, at, message), robust=True)
    if not sent:
        unchanged()
        return []
    record(
        Verb.RISK_TOLD,
        by=by,
        at=at,
        subject=assessment,
        case=assessment.case.reference,
        changes={"roles": sorted({message.role for message in sent})},
    )
    return sent


def _whom(assessment: Assessment, at: datetime) -> Iterator[tuple[Told, User]]:
    case = assessment.case
    if case.lead:
        yield Told.LEAD, case.lead
    for manager in _managers(case, at):
        yield Told.MANAGER, manager
    clocks = set(case.clocks.filter(state="RUNNING").values_list("kind", flat=True))
    for told, role in BY_ROLE.items():
        if MET_BY_WORD[told] in clocks:
            for user in _holding(role, at):
                if not _conflicted(case, user):
                    yield told, user


def _managers(case: Case, at: datetime) -> list[User]:
    """The lead's line manager, else the managers of the team; only those who may see the case."""
    line = case.lead.line_manager if case.lead else None
    known = [line] if line else [user for user in _holding(Role.CASE_MANAGER, at, case.team_id)]
    may = [user for user in known if user.is_active]
    return [
        user for user in may if Case.objects.visible_to(user.actor(at)).filter(pk=case.pk).exists()
    ]


def _holding(role: Role, at: datetime, team_id: int | None = None) -> list[User]:
    held = RoleHolding.objects.filter(role=role, period__contains=at)
    users = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(users.filter(team_id=team_id) if team_id else users)


def _conflicted(case: Case, user: User) -> bool:
    return case.conflicts.filter(user=user, lifted_at__isnull=True).exists()


def _leave(by: Actor, at: datetime, message: Message) -> None:
    """Send one email; a failure leaves the clock running for a person, and is logged."""
    case = message.assessment.case
    path = reverse("workflow:case", args=[case.reference])
    send_mail(
        subject=f"High risk: {case.reference}",
        message=f"Risk on {case.reference} is High.\n\nSign in to read it: "
        f"{settings.SITE_ADDRESS.rstrip('/')}{path}\n\nDo not answer this message.",
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[message.user.email],
    )
    if kind := MET_BY_WORD.get(Told(message.role)):
        word_left(by=by, at=at, case=case, kind=kind)


@operation
def word_left(*, by: Actor, at: datetime, case: Case, kind: ClockKind) -> None:
    """The email has left: the promise to tell is met."""
    meet_clocks(by=by, at=at, case=case, kinds=[kind], outcome="Told: by email, reference only")
