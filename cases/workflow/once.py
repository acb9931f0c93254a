"""A form sent twice (a double press, a reload, a second tab) is done once (bar row 76)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from cases.audit import context
from cases.people.form_parts import OperationForm
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
            now, by = timezone.now(), request.actor  # type: ignore[attr-defined]
            with transaction.atomic(), context.acting_as(by, at=now, purpose="once"):
                Submission.objects.create(key=key, actor_id=request.user.pk, at=now)
        except IntegrityError:
            return False
        do()
    return True


class _NothingSaved(Exception):
    """The form was refused, so its claim is given up with whatever was begun."""


def run_once(request: HttpRequest, form: OperationForm, work: Callable[[], object]) -> bool:
    """Run a form's work unless this very form was already sent; False, with the errors on the
    form, if it was refused.
    """

    def do() -> None:
        if form.run(work) is None:
            raise _NothingSaved

    try:
        do_once(request, do)
    except _NothingSaved:
        return False
    return True


def was_sent(request: HttpRequest) -> bool:
    """Whether this very form has been taken already: a second press only needs the result."""
    key = _key(request.path, request.POST)
    return bool(key) and Submission.objects.filter(key=key).exists()


def _key(path: str, data: QueryDict) -> str:
    """A digest of the form's token and everything typed; "" for a form without one.

    The token against forgery is drawn anew with every page, so it too tells forms apart.
    """
    if not data.get("token") and not data.get(CSRF):
        return ""
    left_out = {CSRF} if data.get("token") else set()
    typed = sorted(
        (name, value) for name in data for value in data.getlist(name) if name not in left_out
    )
    return hashlib.sha256(repr((path, typed)).encode()).hexdigest()
