"""What django-allauth asks us: nobody signs up, and guessing has a limit and leaves a trace."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from cases.audit import context
from cases.staff.models import User
from cases.staff.session_operations import VISITOR, note_failed_sign_in
from hatecrime.unsent import is_waiting


def _meant(credentials: dict[str, Any]) -> User | None:
    """Whose address was typed, if anybody's; the address itself is not kept."""
    email = str(credentials.get("email") or "")
    return User.objects.filter(email__iexact=email).first()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts: no sign-up from the web, five guesses per account and place."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is stopped. Ask a system administrator.",
        "email_password_mismatch": (
            "That email and password do not go together. Check both and try again."
        ),
        "enter_current_password": "Give the password you have now.",
        "incorrect_code": "That code is not right. Use the newest one.",
        "incorrect_password": "That password is not right.",
        "invalid_or_expired_key": "That link no longer works. Ask for a new one.",
        "invalid_login": "That did not work. Try again.",
        "invalid_password_reset": "That link no longer works. Ask for a new one.",
        "too_many_login_attempts": "Too many tries. Wait 15 minutes, then try again.",
        "same_as_current": "The new one must be different from the one you have now.",
        "rate_limited": "Too many tries. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Their work; what they typed before they were signed out, if it still waits."""
        user_id = getattr(request.user, "pk", None)
        if user_id is not None and is_waiting(user_id):
            return reverse("typed")
        return str(super().get_login_redirect_url(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Guesses from one place do not lock somebody out of their account everywhere."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{self.get_client_ip(request)}:{key}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ImmediateHttpResponse (429) when there were too many guesses."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_failed_sign_in(
                by=VISITOR, at=timezone.now(), user=_meant(credentials), why="too many tries"
            )
            raise ImmediateHttpResponse(respond_429(request)) from None

    def set_password(self, user: User, password: str) -> None:
        """Somebody's own new password, which the library writes for them."""
        now = timezone.now()
        with transaction.atomic(), context.acting_as(user.actor(now), at=now, purpose="password"):
            super().set_password(user, password)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        note_failed_sign_in(
            by=VISITOR, at=timezone.now(), user=_meant(credentials), why="wrong password"
        )


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """OpenID Connect: only for people we already know, linked by issuer and subject."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
