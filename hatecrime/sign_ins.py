"""What the libraries tell of signing in, written to the ledger (bar row 33).

These are Django's and allauth's signals: they are the only word the libraries give.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from cases.audit.verbs import Verb
from cases.staff.models import User
from cases.staff.session_operations import (
    VISITOR,
    end_sessions,
    note_failed_sign_in,
    note_sign_in,
)


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    now = timezone.now()
    note_sign_in(by=user.actor(now), at=now, verb=Verb.SIGNED_IN)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        now = timezone.now()
        note_sign_in(by=user.actor(now), at=now, verb=Verb.SIGNED_OUT)


@receiver([password_changed, password_reset, password_set])
def changed_password(request: HttpRequest, user: User, **_: Any) -> None:
    """Every other session ends by itself: sessions are tied to the password they began with."""
    now = timezone.now()
    note_sign_in(by=user.actor(now), at=now, verb=Verb.PASSWORD_CHANGED)


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def changed_second_factor(request: HttpRequest, user: User, **_: Any) -> None:
    """Every other session ends: it may belong to whom the second factor is to keep out."""
    now = timezone.now()
    actor = user.actor(now)
    note_sign_in(by=actor, at=now, verb=Verb.SECOND_FACTOR_CHANGED)
    end_sessions(by=actor, at=now, user=user, keep=request.session.session_key or "")


@receiver(authentication_failed)
def failed_second_factor(user: User, **_: Any) -> None:
    note_failed_sign_in(by=VISITOR, at=timezone.now(), user=user, why="wrong second factor")
