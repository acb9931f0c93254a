"""Reading the ledger: what was done, who saw what, and who looked at a case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    When,
)
from django.db.models.functions import Cast

from cases.audit.models import Access, Event, Outcome
from cases.audit.naming import PERSON, USER, Names, names_of
from cases.audit.presenters import Entry, entry_of_access, entry_of_event
from cases.calendar import LONDON
from cases.prepared import planned

PER_PAGE = 50
MOST_NAMED = 200


@dataclass(frozen=True)
class Asked:
    """Which part of the ledger somebody asked for; empty means all of it.

    ``show`` is "done", "opened" or "refused"; ``by`` an actor's id; ``who`` words of a name;
    ``verbs`` the only ones to list, if any is named; ``before`` the id to page from, the newest
    entry having the highest.
    """

    show: str = "done"
    by: int | None = None
    who: str = ""
    case_reference: str = ""
    verbs: frozenset[str] = frozenset()
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class LedgerPage:
    """Some entries, newest first, and the id to go on from (None at the end)."""

    entries: list[Entry]
    older: int | None


def ledger_page(
    asked: Asked, now: datetime, *, per_page: int = PER_PAGE, unnamed: Collection[int] = ()
) -> LedgerPage:
    """One page of the ledger.  Pages by id and not by number, so it costs the same at any depth.

    Nobody is skipped or shown twice when entries arrive meanwhile: those are newer than every
    page after the first.  ``unnamed`` are people whose very reference is kept back.
    """
    if asked.show == "done":
        events = _narrowed(Event.objects.all(), asked)
        if asked.verbs:
            events = events.filter(verb__in=asked.verbs)
        entries = _entries(list(events[: per_page + 1]), now, unnamed)
    else:
        reads = _narrowed(Access.objects.all(), asked)
        shown = reads.filter(outcome=Outcome.SHOWN)
        reads = shown if asked.show == "opened" else reads.exclude(outcome=Outcome.SHOWN)
        entries = _looks(list(_firsts(reads, asked)[: per_page + 1]))
    more = len(entries) > per_page
    entries = entries[:per_page]
    return LedgerPage(entries, entries[-1].id if more else None)


BESIDE = 20
"""How far apart the numbers of one request's rows may lie: they are written in one statement."""


def _firsts(reads: QuerySet[Access], asked: Asked) -> QuerySet[Access]:
    """The first row of each request, by which a page shown is one line and not several."""
    if asked.case_reference:
        return Access.objects.filter(pk__in=heads_of(reads)).order_by("-pk")
    before = Access.objects.filter(
        request_id=OuterRef("request_id"),
        case_reference=OuterRef("case_reference"),
        pk__lt=OuterRef("pk"),
        pk__gte=OuterRef("pk") - BESIDE,
    ).exclude(request_id="")
    return reads.exclude(Exists(before))


def heads_of(reads: QuerySet[Access]) -> QuerySet[Access, int]:
    """The first row of each request among the rows of one case, all of which it looks at.

    A row of no request is one by itself.
    """
    alone = When(request_id="", then=Cast("pk", TextField()))
    grouped = reads.order_by().annotate(one=Case(alone, default=F("request_id"))).values("one")
    return grouped.annotate(head=Min("pk")).values("head")  # type: ignore[return-value]


def _looks(rows: list[Access]) -> list[Entry]:
    """One line for each of these requests, with what its other rows say besides."""
    beside: dict[tuple[str, str], list[Access]] = defaultdict(list)
    if rows:
        ids = {pk for row in rows for pk in range(row.pk, row.pk + BESIDE)}
        requests = {row.request_id for row in rows if row.request_id}
        near = Access.objects.filter(pk__any_of=list(ids), request_id__in=requests)
        for row in near.order_by("pk"):
            beside[row.request_id, row.case_reference].append(row)
    whole = [beside.get((row.request_id, row.case_reference)) or [row] for row in rows]
    alone = [
        (one.subject_kind, one.subject_ids[0])
        for group in whole
        for one in group
        if len(one.subject_ids) == 1
    ]
    names = names_of((), alone)
    return [_look(row, group, names) for row, group in zip(rows, whole, strict=True)]


def _look(first: Access, group: list[Access], names: Names) -> Entry:
    entries = [entry_of_access(row, names) for row in group]
    said = [
        list(dict.fromkeys(filter(None, texts)))
        for texts in zip(
            *((entry.details, entry.reason, entry.about) for entry in entries), strict=True
        )
    ]
    details, reasons, about = ("; ".join(texts) for texts in said)
    return replace(entry_of_access(first, names), details=details, reason=reasons, about=about)


def _entries(events: list[Event], now: datetime, unnamed: Collection[int] = ()) -> list[Entry]:
    names: Names = names_of(events)
    if unnamed:
        apart = {(PERSON, pk) for pk in unnamed}
        names = {row: name for row, name in names.items() if row not in apart}
    return [entry_of_event(event, now, names) for event in events]


def _narrowed[M: (Event, Access)](rows: QuerySet[M], asked: Asked) -> QuerySet[M]:
    if asked.by is not None:
        rows = rows.filter(actor_id=asked.by)
    if asked.who:
        rows = rows.filter(_by_name(asked.who))
    if asked.case_reference:
        rows = rows.filter(case_reference=asked.case_reference)
    if asked.from_on:
        rows = rows.filter(at__gte=start_of(asked.from_on))
    if asked.to_on:
        rows = rows.filter(at__lt=start_of(asked.to_on + timedelta(days=1)))
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    return rows.order_by("-pk")


def _by_name(words: str) -> Q:
    """Entries of colleagues so called, by their ids, which are indexed; else of jobs so called."""
    users = apps.get_model(USER)._default_manager.filter(full_name__icontains=words)
    found = list(users.order_by().values_list("pk", flat=True)[:MOST_NAMED])
    if found:
        return Q(actor_id__in=found)
    return Q(actor_id__isnull=True, actor_name__icontains=words)


def start_of(day: date) -> datetime:
    """Midnight in London at the beginning of the day."""
    return datetime.combine(day, time(0, 0), LONDON)


def events_of(case_reference: str, now: datetime, *, limit: int = 200) -> list[Entry]:
    """What was done to a case, newest first, for its timeline."""
    rows = Event.objects.filter(case_reference=case_reference).order_by("-pk")[:limit]
    return _entries(list(rows), now)


def events_about(kind: str, pk: int, now: datetime, *, limit: int = 50) -> list[Entry]:
    """What was done to one row, such as a user's account, newest first."""
    rows = Event.objects.filter(subject_kind=kind, subject_id=pk).order_by("-pk")[:limit]
    return _entries(list(rows), now)


def actors_of(case_reference: str) -> list[tuple[int, str]]:
    """Every colleague who did something to a case, by name, to filter its history by."""
    rows = Event.objects.filter(case_reference=case_reference, actor_id__isnull=False)
    named = rows.order_by().values_list("actor_id").annotate(name=Max("actor_name"))
    return sorted(((pk, name) for pk, name in named if pk), key=lambda row: row[1])


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


OF_THE_LOG = "audit."
"""What begins the kind of a read that showed the log of a case, and nothing of the case."""


@planned
def _looked(*, case: str) -> QuerySet[Access, tuple[int | None, str, datetime, int]]:
    return (
        Access.objects.filter(case_reference=case, outcome=Outcome.SHOWN)
        .exclude(subject_kind__startswith=OF_THE_LOG)
        .values("actor_id")
        .annotate(name=Max("actor_name"), last=Max("at"), times=Count("request_id", distinct=True))
        .order_by("-last", "actor_id")
        .values_list("actor_id", "name", "last", "times")
    )
