"""The gate every page stands behind: may you, look without writing, record, then show.

``@page`` checks the grant, runs a GET (rendering included) in a read-only transaction,
commits what was read to the ledger, and only then lets the response out.  If the ledger
cannot be written nothing is shown.  Refusals are recorded after the request's own work has
been rolled back.  Source: architecture 6 and 7, bar rows 32, 33 and 44.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import wraps
from typing import Any, Protocol

from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from cases import references
from cases.access import YES, Actor, Answer, Grant, Refused
from cases.audit import context
from cases.audit.ledger import record_access
from cases.audit.masking import masking
from cases.audit.models import Outcome
from cases.words import say_moment


class Anyone(Enum):
    """Pages that need no grant."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"


PUBLIC = Anyone.PUBLIC
SIGNED_IN = Anyone.SIGNED_IN
Needs = Grant | tuple[Grant, ...] | Anyone

SAFE = frozenset({"GET", "HEAD"})
AGAIN = 3
"""How often a form is done again that PostgreSQL undid, to let another one go on."""


class Stale(Exception):
    """Somebody else saved first: shown as 409 with both texts.

    ``theirs`` and ``yours`` are label and text pairs; ``at`` is when they saved.
    """

    def __init__(self, *, theirs: dict[str, str], yours: dict[str, str], at: Any, who: str) -> None:
        super().__init__("changed by somebody else")
        self.theirs, self.yours, self.at, self.who = theirs, yours, at, who


class StaffRequest(HttpRequest):
    """A request behind the gate; the middleware sets ``actor`` afresh each time."""

    actor: Actor


class View(Protocol):
    def __call__(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def may_open(actor: Actor, needs: Needs) -> Answer:
    """Whether the actor holds one of the grants a page needs."""
    if isinstance(needs, Anyone):
        return YES
    wanted = needs if isinstance(needs, tuple) else (needs,)
    answers = [actor.may(grant) for grant in wanted]
    return YES if any(answers) else answers[0]


@contextmanager
def read_only() -> Iterator[None]:
    """A transaction in which PostgreSQL refuses every write."""
    if connection.in_atomic_block:  # as in a test: it has begun already
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            yield
        return
    connection.ensure_connection()
    own = connection.connection
    own.read_only = True  # it begins so: one round trip less for every page
    try:
        with transaction.atomic():
            yield
    finally:
        if not own.closed:
            own.read_only = None


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        response.render()
    return response


def _answer(view: View, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    if request.method in SAFE:
        with read_only():
            return _rendered(view(request, *args, **kwargs))
    return again_if_undone(lambda: _rendered(view(request, *args, **kwargs)))


def again_if_undone[R](do: Callable[[], R]) -> R:
    """Do it, and do it again if PostgreSQL undid it to let another one go on.

    Who writes a person's row and who works out what follows may each wait for the other; no
    order of locks suits both, since what follows is known only at the end.
    """
    for _ in range(AGAIN):
        context.begin_attempt()
        try:
            return do()
        except OperationalError as fault:
            if not _may_do_again(fault):
                raise
    return do()


def _may_do_again(fault: OperationalError) -> bool:
    """Whether a form can be done again as if it had never been sent: of two who wait for each
    other PostgreSQL undid this one whole, and nothing of it was kept before.
    """
    return (
        isinstance(fault.__cause__, DeadlockDetected)
        and not connection.in_atomic_block
        and not context.has_kept_work()
    )


def page(
    needs: Needs, *, methods: tuple[str, ...] = ("GET",), fresh: str = ""
) -> Callable[[View], View]:
    """Put a view behind the gate.  ``needs`` is a grant, several of which one will do,
    ``SIGNED_IN`` or ``PUBLIC``; ``methods`` are the verbs it answers (HEAD comes with GET);
    ``fresh`` asks whoever signed in a while ago to show again that it is still them, and is
    the sentence that tells them why (bar row 9).
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def gate(view: View) -> View:
        @wraps(view)
        def run(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            with context.collecting_reads() as reads, masking(request.actor) as mask:
                response = _guarded(view, needs, reads, request, *args, **kwargs)
                if mask is not None:
                    mask.cover(response)
                return response

        run.needs = needs  # type: ignore[attr-defined]
        run.methods = methods  # type: ignore[attr-defined]
        run.fresh = fresh  # type: ignore[attr-defined]
        if needs is PUBLIC:
            run.login_required = False  # type: ignore[attr-defined]
        return run

    return gate


def _guarded(
    view: View,
    needs: Needs,
    reads: list[context.Read],
    request: StaffRequest,
    *args: Any,
    **kwargs: Any,
) -> HttpResponseBase:
    what = request.resolver_match.view_name if request.resolver_match else view.__class__.__name__
    sought = [context.Read("sought", case_reference=_sought(kwargs))]

    def log(rows: list[context.Read], outcome: Outcome) -> None:
        record_access(
            rows,
            by=request.actor,
            at=timezone.now(),
            what=what,
            method=request.method or "GET",
            outcome=outcome,
        )

    try:
        answer = may_open(request.actor, needs)
        if not answer:
            raise Refused(answer)
        response = _answer(view, request, *args, **kwargs)
    except Refused as refusal:
        log(sought, Outcome.DENIED)
        return render(request, "403.html", {"reason": refusal.answer.reason}, status=403)
    except Http404:
        log(sought, Outcome.NOT_FOUND)
        return render(request, "404.html", status=404)
    except Stale as stale:
        log(reads, Outcome.SHOWN)
        return render(request, "409.html", _both(stale, request.path), status=409)
    if shows_content(response) and needs is not PUBLIC:
        try:
            log(reads, Outcome.SHOWN)
        except DatabaseError as fault:
            # As when the database is gone: nothing is shown, and what was typed is given back.
            raise OperationalError("what would be shown cannot be recorded") from fault
    return response


def _sought(parts: dict[str, Any]) -> str:
    """The reference an address asked for, as it is stored, so that attempts are found by it."""
    return references.tidy(str(parts.get("reference", ""))[:20])


def _both(stale: Stale, again: str) -> dict[str, Any]:
    """What somebody else saved and what was typed, side by side."""
    labels = dict.fromkeys([*stale.theirs, *stale.yours])
    rows = [
        {"label": label, "theirs": stale.theirs.get(label, ""), "yours": stale.yours.get(label, "")}
        for label in labels
    ]
    when = say_moment(stale.at, timezone.now())
    return {"by": stale.who, "when": when, "rows": rows, "again": again}


def shows_content(response: HttpResponseBase) -> bool:
    """Whether the response carries anything to read (redirects and empty answers do not)."""
    if isinstance(response, HttpResponse) and not response.streaming:
        return not 300 <= response.status_code < 400 and bool(response.content)
    return True
