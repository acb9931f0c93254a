"""The only writers of the ledger, and the frame every operation runs in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import connection, models, transaction

from cases.access import Actor
from cases.audit import context
from cases.audit.memory import remembering
from cases.audit.models import Event, Outcome
from cases.audit.settling import settling
from cases.audit.trail import leave, leaving_a_trail, write_now
from cases.audit.verbs import Verb

NOTHING_CHANGED = object()


class UnrecordedOperation(RuntimeError):
    """An operation ended without an event: a mistake of ours, so its work is undone."""


def operation[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Run in one transaction, as the actor, and insist on at least one event.

    What follows from the facts it changed is settled before the transaction ends
    (:mod:`cases.audit.settling`).

    The function takes ``by`` (an :class:`~cases.access.Actor`) and ``at`` by keyword.
    Raises :class:`UnrecordedOperation` if it recorded nothing and did not say
    :func:`unchanged`.
    """

    purpose = f"{function.__module__.removeprefix('cases.')}.{function.__name__}"

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        by: Any = kwargs["by"]
        at: Any = kwargs["at"]
        if context.actor() == by:
            # Part of a larger operation of the same actor: its transaction is this one's too.
            return _recorded(function, args, kwargs)
        write_now()
        with (
            transaction.atomic(),
            context.acting_as(by, at=at, purpose=purpose),
            leaving_a_trail(),
            remembering(),
            settling(by, at),
        ):
            result = _recorded(function, args, kwargs)
        context.work_kept()
        return result

    run.is_operation = True  # type: ignore[attr-defined]
    return run


def _recorded[R](function: Callable[..., R], args: Any, kwargs: Any) -> R:
    with context.collecting_events() as events:
        result = function(*args, **kwargs)
    if not events:
        raise UnrecordedOperation(function.__qualname__)
    return result


def unchanged() -> None:
    """Say that the operation rightly changed nothing (a second press, the same answer)."""
    context.wrote(NOTHING_CHANGED)


def record(
    verb: Verb,
    *,
    by: Actor,
    at: datetime,
    subject: models.Model | None = None,
    case: str = "",
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Add one event.  ``changes`` holds codes, dates and ids only, never narrative.

    Inside an operation it is written, and has its id, at the operation's end.
    """
    event = Event(
        at=at,
        actor_id=by.id,
        actor_name=by.name,
        verb=verb,
        case_reference=case,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        changes=dict(changes or {}),
        reason=reason,
        request_id=context.request_id(),
    )
    if not leave(event):
        event.save()
    context.wrote(event)
    return event


def record_many(
    verb: Verb,
    *,
    by: Actor,
    at: datetime,
    subjects: Mapping[int, Mapping[str, Any]],
    kind: type[models.Model],
) -> None:
    """Add one event for each row of ``kind`` by id, with its changes: for work done in bulk."""
    events = [
        Event(
            at=at,
            actor_id=by.id,
            actor_name=by.name,
            verb=verb,
            subject_kind=kind._meta.label_lower,
            subject_id=pk,
            changes=dict(changes),
            request_id=context.request_id(),
        )
        for pk, changes in subjects.items()
    ]
    if events:
        write_now()  # what was left before stands before
        Event.objects.bulk_create(events, batch_size=1000)
        context.wrote(events[0])


ACCESS_COLUMNS = (
    "at, actor_id, actor_name, what, method, case_reference, subject_kind,"
    " subject_ids, count, purpose, outcome, request_id"
)
ACCESS_ROW = "(%s::timestamptz, %s::bigint, %s, %s, %s, %s, %s, %s::jsonb, %s::integer, %s, %s, %s)"


def record_access(
    reads: list[context.Read],
    *,
    by: Actor,
    at: datetime,
    what: str,
    method: str = "GET",
    outcome: Outcome = Outcome.SHOWN,
) -> None:
    """Commit what is about to be shown (or was refused).  Raises if it cannot be written.

    Written by hand, because every page waits for it.
    """
    said: list[Any] = []
    for read in reads or [context.Read("page")]:
        said += (at, by.id, by.name, what, method, read.case_reference, read.kind)
        said += (json.dumps(read.ids[:50]), read.count, read.purpose, outcome, context.request_id())
    rows = ", ".join([ACCESS_ROW] * len(reads or "-"))
    writing = context.Writing(by, at, f"page {what}")
    named = ", ".join(["set_config(%s, %s, true)"] * len(writing.said))
    statement = (  # the actor is named in the same statement: one round trip less for every page
        f"INSERT INTO audit_access ({ACCESS_COLUMNS}) SELECT said.*"  # noqa: S608 (no input)
        f" FROM (SELECT {named}) named, (VALUES {rows}) said"
    )
    names = [one for pair in writing.said for one in pair]
    # A transaction of its own without being told to begin and end one: two round trips less.
    with connection.cursor() as cursor:
        cursor.execute(statement, [*names, *said])
