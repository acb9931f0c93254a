"""What wraps every request: outages, private responses, request ids, who is acting."""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege

from cases.audit import context
from cases.staff.models import User
from cases.staff.session_operations import VISITOR
from hatecrime import errors

TAKEN_IN = 64_000_000
"""Bytes of a body nobody wanted that are read all the same."""

Next = Callable[[HttpRequest], HttpResponseBase]
logger = logging.getLogger(__name__)


class ReadToTheEnd:
    """What is still being sent is taken in before the answer goes out.

    Much is answered unread: a body far too long, a form sent to no page of ours.  The server
    closes such a connection while its other end is still sending, and the answer is lost with
    it: a browser shows only that the connection was reset.  A slow sender holds a thread no
    longer than with a body that is read; who sends more than a person could is cut off.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        left = TAKEN_IN
        with contextlib.suppress(UnreadablePostError):  # whoever sent it has gone away
            while left > 0 and (some := request.read(64 * 1024)):
                left -= len(some)
        return response


def _unavailable(fault: BaseException) -> bool:
    """Whether the database could not do what was asked: gone, hanging, or not letting the ledger
    be written, without which nothing is.
    """
    kept_out = isinstance(fault, DatabaseError) and isinstance(
        fault.__cause__, InsufficientPrivilege
    )
    return kept_out or isinstance(fault, OperationalError | InterfaceError)


class Outage:
    """The database is gone, hangs or cannot record: 503, the phone number, and what was typed
    given back.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        except DatabaseError as fault:
            if not _unavailable(fault):
                raise
            logger.error("database unavailable: %s", type(fault).__name__)
            return errors.outage(request)
        except (RequestDataTooBig, TooManyFieldsSent):
            return errors.too_much(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django would turn the exception into a 500 before ``__call__`` sees it."""
        if _unavailable(exception):
            logger.error("database unavailable: %s", type(exception).__name__)
            return errors.outage(request)
        if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
            return errors.too_much(request)
        return None


class PrivateResponses:
    """Nothing we answer is kept by a browser or proxy, except static files (bar row 13)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.method == "POST" and _route_of(request) == "account_logout":
            response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        response.headers["Permissions-Policy"] = (
            "camera=(), microphone=(), geolocation=(), browsing-topics=(), payment=(), usb=()"
        )
        return response


class PlainAddresses:
    """An address with a NUL in it names nothing; PostgreSQL cannot even be asked for it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path:
            return errors.not_found(request, Http404())
        return self.get_response(request)


class OriginOfOurForms:
    """Tell Django's check of a form's token that the form was ours.

    With ``Referrer-Policy: no-referrer`` (bar row 61) browsers post our own forms with
    ``Origin: null``, which Django refuses.  They still say in ``Sec-Fetch-Site``, which no page
    can set, that the form came from here.  The token itself is checked as always.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        from_here = request.META.get("HTTP_SEC_FETCH_SITE") == "same-origin"
        if from_here and request.META.get("HTTP_ORIGIN") == "null":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)


def _route_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


class RequestIdentity:
    """Every request has an id that its events, reads and log lines carry."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with context.in_request(uuid.uuid4().hex):
            return self.get_response(request)


class CurrentActor:
    """Who is asking, with the roles held now: a change counts from the next request.

    Ends a session whose user has been stopped or that is older than the absolute limit.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User) and (not user.is_active or self._too_old(request)):
            request.ended_for = user.pk if user.is_active else None  # type: ignore[attr-defined]
            logout(request)
            user = request.user
        now = timezone.now()
        request.actor = user.actor(now) if isinstance(user, User) else VISITOR  # type: ignore[attr-defined]
        context.name_session(request.session.session_key)
        return self.get_response(request)

    @staticmethod
    def _too_old(request: HttpRequest) -> bool:
        began = request.session.get("began")
        now = timezone.now()
        if began is None:
            request.session["began"] = now.timestamp()
            return False
        limit = timedelta(hours=settings.SESSION_ABSOLUTE_HOURS)
        return bool(now.timestamp() - began > limit.total_seconds())


class SecondFactor:
    """Where a second factor is required, a password alone reaches only the setting up of one.

    Whoever has one already is asked for it before there is a session at all.
    """

    OPEN = frozenset(
        {
            "account_logout",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "healthz",
            "readyz",
        }
    )

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        if not settings.MFA_REQUIRED or _route_of(request) in self.OPEN:
            return None
        user = request.user
        if not isinstance(user, User) or is_mfa_enabled(user):
            return None
        return redirect("mfa_activate_totp")
