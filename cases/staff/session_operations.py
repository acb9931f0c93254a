"""Sessions: what is recorded of signing in, and ending them."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.staff import rules
from cases.staff.models import User

VISITOR = Actor(id=None, name="a visitor")


@operation
def note_sign_in(*, by: Actor, at: datetime, verb: Verb) -> None:
    """Somebody signed in or out, or changed what they sign in with."""
    user = User.objects.filter(pk=by.id or 0).first()
    if user is not None and verb == Verb.SIGNED_IN:
        User.objects.filter(pk=user.pk).update(last_login=at)
    record(verb, by=by, at=at, subject=user)


@operation
def note_failed_sign_in(*, by: Actor, at: datetime, user: User | None, why: str) -> None:
    """Somebody could not sign in.  ``user`` is whose account it was, if there is one."""
    record(Verb.SIGN_IN_FAILED, by=by, at=at, subject=user, changes={"why": why})


@operation
def end_sessions(
    *, by: Actor, at: datetime, user: User, keep: str = "", only: int | None = None
) -> int:
    """End a user's sessions: all but the one with the key ``keep``, or ``only`` one.

    Returns how many ended.  Raises Refused for somebody else's without the right.
    """
    enforce(rules.end_sessions(by, user_id=user.pk))
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep)
    if only is not None:
        sessions = sessions.filter(pk=only)
    ended = 0
    for session in sessions:
        session.end()
        ended += 1
    if ended:
        record(Verb.SIGNED_OUT, by=by, at=at, subject=user, changes={"elsewhere": ended})
    else:
        unchanged()
    return ended


@operation
def remove_second_factor(*, by: Actor, at: datetime, user: User, reason: str) -> None:
    """Somebody lost what they sign in with: they are asked for a password alone once more.

    Every session of theirs ends.  Raises Refused, for one's own too.
    """
    enforce(rules.remove_second_factor(by, user_id=user.pk))
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if not removed:
        unchanged()
        return
    record(Verb.SECOND_FACTOR_CHANGED, by=by, at=at, subject=user, reason=reason.strip())
    end_sessions(by=by, at=at, user=user)
