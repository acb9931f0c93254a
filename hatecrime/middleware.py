"""What wraps every request: outages, private responses, request ids, who is acting."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from cases.access import Actor
from cases.audit import context
from cases.staff.models import User
from hatecrime import errors

Next = Callable[[HttpRequest], HttpResponseBase]
logger = logging.getLogger(__name__)

VISITOR = Actor(id=None, name="a visitor")


class Outage:
    """The database is gone or hangs: 503, the phone number, and what was typed given back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as fault:
            logger.error("database unavailable: %s", type(fault).__name__)
            return errors.outage(request)
        except (RequestDataTooBig, TooManyFieldsSent):
            return errors.too_much(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django would turn the exception into a 500 before ``__call__`` sees it."""
        if isinstance(exception, OperationalError | InterfaceError):
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
        response.headers["Permissions-Policy"] = (
            "camera=(), microphone=(), geolocation=(), browsing-topics=(), payment=(), usb=()"
        )
        return response


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
            logout(request)
            user = request.user
        now = timezone.now()
        request.actor = user.actor(now) if isinstance(user, User) else VISITOR  # type: ignore[attr-defined]
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
