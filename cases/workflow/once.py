"""A form sent twice (a double press, a reload, a second tab) is done once (bar row 76)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from cases.workflow.models import Submission

CSRF = "csrfmiddlewaretoken"


def do_once(request: HttpRequest, do: Callable[[], object]) -> bool:
    """Run ``do`` unless this very form was already sent; whether it was run now.

    The claim and the work are one transaction: a press that fails leaves no claim, and one
    that comes while the first still works waits for its end.
    """
    key = _key(request.path, request.POST)
    with transaction.atomic():
        if not key:
            do()
            return True
        try:
            with transaction.atomic():
                actor_id = request.user.pk
                Submission.objects.create(key=key, actor_id=actor_id, at=timezone.now())
        except IntegrityError:
            return False
        do()
    return True


def was_sent(request: HttpRequest) -> bool:
    """Whether this very form has been taken already: a second press only needs the result."""
    key = _key(request.path, request.POST)
    return bool(key) and Submission.objects.filter(key=key).exists()


def _key(path: str, data: QueryDict) -> str:
    """A digest of the token and everything typed; "" for a form without a token."""
    if not data.get("token"):
        return ""
    typed = sorted((name, value) for name in data for value in data.getlist(name) if name != CSRF)
    return hashlib.sha256(repr((path, typed)).encode()).hexdigest()
