"""Before the few things that change what people may see: is it still you?

A view put behind ``@page(..., fresh="why")`` is reached only by somebody who gave a password or
a second factor in the last ten minutes, signing in included (bar row 9).  Whoever did so longer
ago does it once more, reading why, and goes on where they were; what they had typed is kept as
it is for somebody signed out (``hatecrime.unsent``).  Somebody who has neither here, because
they come by single sign-on, signs in again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cases.audit.pages import may_open
from cases.staff.models import User
from hatecrime import unsent

WHY = "asked_again"
"""In the session: what asks again (``next``, as the page that asks is given it) and ``why``."""

PROOFS = frozenset({"password", "mfa", "socialaccount"})


class StepUp:
    """Sends somebody who has not lately shown who they are to do so first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """The way to the page that asks; None where nothing is to be asked."""
        why, user = getattr(view, "fresh", ""), request.user
        if not why or not isinstance(user, User) or is_fresh(request, user):
            return None
        if not may_open(request.actor, view.needs):  # type: ignore[attr-defined]
            return None  # refused by the view, which says why and records it
        return _ask(request, user, why)


def is_fresh(request: HttpRequest, user: User) -> bool:
    """Whether this session was given a proof of who it is within the last ten minutes."""
    since = timezone.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, user)
    return any(each["method"] in PROOFS and each["at"] > since for each in records)


def _ask(request: HttpRequest, user: User, why: str) -> HttpResponse:
    then = request.get_full_path()
    if request.method == "POST":
        unsent.keep_typed(request, user.pk)
        then = then if unsent.fills_in(request) else reverse("typed")
    ways = get_adapter().get_reauthentication_methods(user)
    if not ways:
        logout(request)
        return redirect_to_login(then)
    request.session[WHY] = {"next": then, "why": why}
    return redirect(f"{ways[0]['url']}?{urlencode({'next': then})}")
