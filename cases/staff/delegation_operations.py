"""The Director names somebody to act for the Director, and ends it.  The only writers of it."""

from __future__ import annotations

from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from cases.access import Actor, Answer, Refused, Role, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.staff import delegation_rules
from cases.staff.models import RoleHolding, User
from cases.staff.rules import Held


@operation
def name_delegate(
    *,
    by: Actor,
    at: datetime,
    user: User,
    ends_at: datetime,
    reason: str,
    most_days: int,
    begins_at: datetime | None = None,
) -> RoleHolding:
    """Somebody acts for the Director from a moment (now) until another, and for a reason.

    ``most_days`` is the setting DELEGATION_DAYS: settings lie above this app.  Raises Refused.
    """
    rows = User.objects.select_for_update(of=("self",))
    user = rows.get(pk=user.pk)
    begins = max(begins_at or at, at)
    wanted = Held(Role.ACTING_DIRECTOR, begins, ends_at)
    held = [
        Held(Role(holding.role), holding.period.lower, holding.period.upper)
        for holding in user.holdings.filter(period__isempty=False)
    ]
    enforce(
        delegation_rules.name_delegate(
            by,
            user_id=user.pk,
            active=user.is_active,
            wanted=wanted,
            held=held,
            most_days=most_days,
            reason=reason,
        )
    )
    holding = RoleHolding(
        user=user,
        role=Role.ACTING_DIRECTOR,
        period=DateTimeTZRange(begins, ends_at),
        granted_by_id=by.user_id,
        reason=reason.strip(),
    )
    holding.full_clean()
    holding.save()
    record(
        Verb.DELEGATE_NAMED,
        by=by,
        at=at,
        subject=user,
        changes={"from": begins.isoformat(), "until": ends_at.isoformat()},
        reason=holding.reason,
    )
    return holding


@operation
def end_delegation(*, by: Actor, at: datetime, holding: RoleHolding, reason: str) -> RoleHolding:
    """It stops counting now, earlier than was named.  Raises Refused."""
    holding = RoleHolding.objects.select_for_update(of=("self",)).get(pk=holding.pk)
    enforce(delegation_rules.may_name(by))
    if holding.role != Role.ACTING_DIRECTOR:
        raise Refused(Answer("Only acting for the Director is ended here."))
    if not reason.strip():
        raise Refused(Answer("Say why it ends."))
    period = holding.period
    if period.isempty or period.upper <= at:
        unchanged()
        return holding
    begun = period.lower < at
    holding.period = DateTimeTZRange(period.lower, at) if begun else DateTimeTZRange(empty=True)
    holding.full_clean()
    holding.save()
    record(
        Verb.DELEGATE_ENDED,
        by=by,
        at=at,
        subject=holding.user,
        changes={"begun": begun},
        reason=reason.strip(),
    )
    return holding
