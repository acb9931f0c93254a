"""Error pages in the house style: what happened, that nothing was lost, what to do."""

from __future__ import annotations

import sys

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

# Never given back: passwords (whatever their form calls them), codes and the token.
SECRET_FIELDS = frozenset({"csrfmiddlewaretoken", "code", "otp"})


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything posted, as it was typed, but for secrets."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in SECRET_FIELDS and "password" not in name
        for value in values
    ]


def _page(template: str, status: int, **context: object) -> HttpResponse:
    """Rendered without the request: no context processor may touch the database."""
    body = render_to_string(
        template,
        {"phone": settings.DUTY_MANAGER_PHONE, "navigation": [], "actor": None, **context},
    )
    return HttpResponse(body, status=status)


def outage(request: HttpRequest) -> HttpResponse:
    """503 with everything typed, so that it can be sent again (bar row 78)."""
    typed = typed_in(request) if request.method == "POST" else []
    response = _page(
        "503.html", 503, typed=typed, address=request.path, csrf_token=get_token(request)
    )
    response.headers["Retry-After"] = "30"
    return response


def too_much(request: HttpRequest) -> HttpResponse:
    """413: more was sent than a page accepts."""
    return _page("413.html", 413)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the form's token does not match: usually an old page."""
    return _page(
        "403.html",
        403,
        reason="This page was open for too long, or in another window. Nothing you typed is lost.",
        typed=typed_in(request),
        address=request.path,
        csrf_token=get_token(request),
    )


def signed_out(request: HttpRequest) -> HttpResponse:
    """403 for a form sent without a session, when nobody can tell whose it was."""
    return _page(
        "403.html",
        403,
        reason="You are signed out. Sign in again in another window, then send this from here.",
        typed=typed_in(request),
        address=request.path,
        csrf_token=get_token(request),
    )


def interrupted(request: HttpRequest) -> HttpResponseBase:
    """The session was ended elsewhere while the request was being answered.

    What was posted may have been done already or not, so it is given back; sent again, a form
    that was taken is not taken twice (``cases.workflow.once``).
    """
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"signed_out": True}, status=401)
    return signed_out(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """What no browser of ours sends, or too much of it.

    The check of a form's token reads the form first, outside ``Outage``'s sight.
    """
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return too_much(request)
    if isinstance(exception, SessionInterrupted):
        return interrupted(request)
    return _page("400.html", 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("404.html", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("403.html", 403, reason="You may not open this page.")


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours; an outage that was met before the view, in reading the session, is one.

    Django turns what a middleware raises into this answer before ``Outage`` can see it.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return outage(request)
    return _page("500.html", 500)


def closed(request: HttpRequest) -> HttpResponse:
    """An address a library offers and we do not: people's emails are kept by operations."""
    return _page("404.html", 404)
