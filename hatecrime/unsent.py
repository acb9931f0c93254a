"""What somebody typed when their session had already ended, kept until they sign in again.

A form posted after fifteen idle minutes would be lost on the way to the sign-in page (bar row
11).  It is kept on the server, in a row of the session table that no cookie names, under the
user the ended session belonged to; nobody else is ever shown it.  With script the page keeps
its own words and is only told that it is signed out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cases.audit.pages import SIGNED_IN, StaffRequest, page
from hatecrime import errors

KEPT_FOR = timedelta(days=1)
AGAIN = "typed_again"
"""Posted with what is sent again, so that it is then forgotten."""

Typed = list[tuple[str, str]]


class KeepTyped:
    """Before the sign-in page is shown instead of a view, put aside what was posted to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and AGAIN in request.POST and response.status_code < 400:
            user_id = getattr(request.user, "pk", None)
            if user_id is not None:
                _forget(user_id)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The answer to a post without a session; None for everything else."""
        signed_in = request.user.is_authenticated
        if request.method == "GET" and signed_in and fills_in(request):
            kept = _kept(request.user.pk or 0)
            same = kept.get("address") == request.path
            request.typed_before = kept["typed"] if same else []  # type: ignore[attr-defined]
        if request.method != "POST" or signed_in or not getattr(view, "login_required", True):
            return None
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"signed_out": True}, status=401)
        owner = _owner(request)
        if owner is None:
            return errors.signed_out(request)
        keep_typed(request, owner)
        return redirect_to_login(reverse("typed"))


@page(SIGNED_IN, methods=("GET", "POST"))
def typed(request: StaffRequest) -> HttpResponse:
    """What was typed before signing in again: to send it now, or not."""
    user_id = request.actor.id or 0
    if request.method == "POST":
        _forget(user_id)
        return redirect("/")
    kept = _kept(user_id)
    if not kept:
        return redirect("/")
    fields = [(name, value) for name, value in kept["typed"] if name != AGAIN]
    return render(
        request,
        "typed.html",
        {"typed": [*fields, (AGAIN, "1")], "address": kept["address"]},
    )


def is_waiting(user_id: int) -> bool:
    """Whether something typed waits for this user."""
    return bool(_kept(user_id))


def fills_in(request: HttpRequest) -> bool:
    """Whether the page asked for shows, in its own form, what was typed there before.

    Such a view says so (``view.fills_in = True``) and reads ``request.typed_before``, a list of
    names and values: whoever had to show that it is still them finds their form as they left it.
    """
    match = request.resolver_match
    return bool(match and getattr(match.func, "fills_in", False))


def keep_typed(request: HttpRequest, user_id: int) -> None:
    """Put aside what was posted, for the page ``typed`` to offer that user again."""
    fields: Typed = errors.typed_in(request)
    data = SessionStore().encode({"address": request.path, "typed": fields})
    ends = timezone.now() + KEPT_FOR
    Session.objects.update_or_create(
        session_key=_key(user_id), defaults={"session_data": data, "expire_date": ends}
    )


def _kept(user_id: int) -> dict[str, Any]:
    row = Session.objects.filter(session_key=_key(user_id), expire_date__gt=timezone.now()).first()
    return dict(row.get_decoded()) if row else {}


def _forget(user_id: int) -> None:
    Session.objects.filter(session_key=_key(user_id)).delete()


def _key(user_id: int) -> str:
    """One row a user; its key cannot be guessed, and is never anybody's cookie."""
    return salted_hmac("hatecrime.unsent", str(user_id), algorithm="sha256").hexdigest()[:40]


def _owner(request: HttpRequest) -> int | None:
    """Whose session it was that has ended: only to know whose words these are."""
    ended: int | None = getattr(request, "ended_for", None)
    if ended is not None:
        return ended
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    row = Session.objects.filter(session_key=key).first() if key else None
    user_id = row.get_decoded().get("_auth_user_id") if row else None
    return int(user_id) if user_id else None
