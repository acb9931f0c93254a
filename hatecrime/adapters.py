"""What django-allauth asks us: nobody signs up, and accounts are made by operations."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils import timezone

from cases.access import Actor
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb


@operation
def note_failed_sign_in(*, by: Actor, at: Any) -> None:
    """Keep that somebody could not sign in; the address they typed is not kept."""
    record(Verb.SIGN_IN_FAILED, by=by, at=at)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts: no sign-up from the web."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        note_failed_sign_in(by=Actor(id=None, name="a visitor"), at=timezone.now())


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """OpenID Connect: only for people we already know, linked by issuer and subject."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
