"""Reading the ledger: what was done, who saw what, and who looked at a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, QuerySet

from cases.audit.models import Access, Event, Outcome
from cases.audit.naming import names_of
from cases.audit.presenters import Entry, entry_of_access, entry_of_event
from cases.calendar import LONDON
from cases.prepared import prepared

PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """Which part of the ledger somebody asked for; empty means all of it.

    ``show`` is "done", "opened" or "refused"; ``by`` an actor's id; ``who`` words of a name;
    ``before`` and ``after`` ids to page from, the newest entry having the highest.
    """

    show: str = "done"
    by: int | None = None
    who: str = ""
    case_reference: str = ""
    verb: str = ""
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class LedgerPage:
    """Some entries, newest first, and the id to go on from (None at the end)."""

    entries: list[Entry]
    older: int | None


def ledger_page(asked: Asked, now: datetime, *, per_page: int = PER_PAGE) -> LedgerPage:
    """One page of the ledger.  Pages by id and not by number, so it costs the same at any depth."""
    if asked.show == "done":
        events = _narrowed(Event.objects.all(), asked)
        if asked.verb:
            events = events.filter(verb=asked.verb)
        entries = _entries(list(events[: per_page + 1]), now)
    else:
        reads = _narrowed(Access.objects.all(), asked)
        shown = reads.filter(outcome=Outcome.SHOWN)
        reads = shown if asked.show == "opened" else reads.exclude(outcome=Outcome.SHOWN)
        rows = list(reads[: per_page + 1])
        alone = [(row.subject_kind, row.subject_ids[0]) for row in rows if row.subject_ids]
        names = names_of((), alone)
        entries = [entry_of_access(row, names) for row in rows]
    more = len(entries) > per_page
    entries = entries[:per_page]
    return LedgerPage(entries, entries[-1].id if more else None)


def _entries(events: list[Event], now: datetime) -> list[Entry]:
    names = names_of(events)
    return [entry_of_event(event, now, names) for event in events]


def _narrowed[M: (Event, Access)](rows: QuerySet[M], asked: Asked) -> QuerySet[M]:
    if asked.by is not None:
        rows = rows.filter(actor_id=asked.by)
    if asked.who:
        rows = rows.filter(actor_name__icontains=asked.who)
    if asked.case_reference:
        rows = rows.filter(case_reference=asked.case_reference)
    if asked.from_on:
        rows = rows.filter(at__gte=_start_of(asked.from_on))
    if asked.to_on:
        rows = rows.filter(at__lt=_start_of(asked.to_on + timedelta(days=1)))
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    return rows.order_by("-pk")


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(0, 0), LONDON)


def events_of(case_reference: str, now: datetime, *, limit: int = 200) -> list[Entry]:
    """What was done to a case, newest first, for its timeline."""
    rows = Event.objects.filter(case_reference=case_reference).order_by("-pk")[:limit]
    return _entries(list(rows), now)


def events_about(kind: str, pk: int, now: datetime, *, limit: int = 50) -> list[Entry]:
    """What was done to one row, such as a user's account, newest first."""
    rows = Event.objects.filter(subject_kind=kind, subject_id=pk).order_by("-pk")[:limit]
    return _entries(list(rows), now)


@dataclass(frozen=True)
class Looked:
    """Somebody who opened a case: how often, and when last (bar row 38)."""

    actor_id: int | None
    actor_name: str
    last_at: datetime
    times: int


def who_looked(case_reference: str) -> list[Looked]:
    """Everybody to whom anything of the case was shown, the last to look first.

    Several reads of one request are one look.
    """
    return [Looked(*row) for row in _looked(case=case_reference)]


@prepared
def _looked(*, case: str) -> QuerySet[Access, tuple[int | None, str, datetime, int]]:
    return (
        Access.objects.filter(case_reference=case, outcome=Outcome.SHOWN)
        .values("actor_id")
        .annotate(name=Max("actor_name"), last=Max("at"), times=Count("request_id", distinct=True))
        .order_by("-last", "actor_id")
        .values_list("actor_id", "name", "last", "times")
    )
