"""The register of disclosures: what left by which door, what was refused, and by whom.

For the Director and the data protection officer.  It names agencies and colleagues, never
anybody of a case.  A case that a conflict of interest closes to its reader is not there at all,
and is not counted; the Director reads the cases of the companies they are scoped to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Model, Prefetch, QuerySet

from cases.access import Actor, Grant
from cases.calendar import LONDON
from cases.casework.models import Case, Conflict
from cases.disclosures.models import (
    Blocked,
    Decision,
    Emergency,
    Pack,
    PackFile,
    PhoneApproval,
    Send,
    SendOutcome,
)
from cases.partners.models import Agency


class Show(StrEnum):
    """The parts of the register; the value stands in the address."""

    SENT = "sent"
    DECIDED = "decided"
    BLOCKED = "blocked"
    RUNG = "999"
    PHONED = "phoned"


@dataclass(frozen=True)
class Source:
    """One kind of row: its table, and where its door, agency, colleague and moment stand."""

    model: type[Model]
    at: str
    who: str
    case: str = "case"
    door: str = ""
    agency: str = ""
    with_: tuple[str, ...] = ()


SOURCES: dict[Show, Source] = {
    Show.SENT: Source(Send, "sent_at", "sent_by", door="door", agency="agency"),
    Show.DECIDED: Source(
        Decision,
        "decided_at",
        "decided_by",
        agency="request__pack__agency",
        with_=("asked_by", "request__pack__agency"),
    ),
    Show.BLOCKED: Source(Blocked, "at", "by", door="door", agency="agency"),
    Show.RUNG: Source(Emergency, "rung_at", "recorded_by", with_=("review__by",)),
    Show.PHONED: Source(
        PhoneApproval,
        "recorded_at",
        "recorded_by",
        case="request__case",
        agency="request__pack__agency",
        with_=("director", "answered_by", "request__pack__agency"),
    ),
}


@dataclass(frozen=True)
class AskedRegister:
    """Which rows somebody asked for."""

    show: Show = Show.SENT
    door: str = ""
    agency: int | None = None
    who: str = ""
    from_on: date | None = None
    to_on: date | None = None


def register_rows(actor: Actor, asked: AskedRegister) -> QuerySet[Any]:
    """The rows of one part, newest first, with all that a line of it says."""
    source = SOURCES[asked.show]
    rows = _asked(source, _readable(actor, source), asked)
    joined = {source.who, source.case, *source.with_, *filter(None, [source.agency])}
    rows = rows.select_related(*joined).order_by(f"-{source.at}", "-pk")
    if source.model is Send:
        fields = PackFile.objects.only("id", "fields", "recipient", "sha256", "pages")
        outcomes = SendOutcome.objects.order_by("at", "id")
        rows = rows.prefetch_related(Prefetch("file", fields), Prefetch("outcomes", outcomes))
    return rows


def _readable(actor: Actor, source: Source) -> QuerySet[Any]:
    """What the reader may know of: nothing of a case closed to them, not even that it is there."""
    rows: QuerySet[Any] = source.model._default_manager.all()
    if actor.may(Grant.SEE_ALL_CASES):
        return rows.filter(**{f"{source.case}__in": Case.objects.visible_to(actor).values("pk")})
    closed = Conflict.objects.filter(user_id=actor.id or 0, lifted_at__isnull=True)
    return rows.exclude(**{f"{source.case}__in": closed.values("case")})


def _asked(source: Source, rows: QuerySet[Any], asked: AskedRegister) -> QuerySet[Any]:
    if asked.door and source.door:
        rows = rows.filter(**{source.door: asked.door})
    if asked.agency and source.agency:
        rows = rows.filter(**{source.agency: asked.agency})
    if asked.who:
        rows = rows.filter(**{f"{source.who}__full_name__icontains": asked.who})
    if asked.from_on:
        rows = rows.filter(**{f"{source.at}__gte": _midnight(asked.from_on)})
    if asked.to_on and asked.to_on < date.max:
        rows = rows.filter(**{f"{source.at}__lt": _midnight(asked.to_on + timedelta(days=1))})
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)


def sent_by_door(actor: Actor, asked: AskedRegister) -> dict[str, int]:
    """How many were sent through each door, of what was asked for.  One query."""
    source = SOURCES[Show.SENT]
    rows = _asked(source, _readable(actor, source), asked)
    counted = rows.order_by().values("door").annotate(times=Count("pk"))
    return {row["door"]: row["times"] for row in counted}


def agencies_told() -> list[tuple[int, str]]:
    """Every agency anything was made for, by name, to choose from.  One query."""
    made = Pack.objects.order_by().values("agency")
    return list(Agency.objects.filter(pk__in=made).order_by("name").values_list("pk", "name"))


def openable(actor: Actor, cases: set[int]) -> set[int]:
    """Which of these cases the reader may open.  One query, none where they open no case."""
    if not actor.may(Grant.OPEN_CASES):
        return set()
    return set(Case.objects.visible_to(actor).filter(pk__in=cases).values_list("pk", flat=True))
