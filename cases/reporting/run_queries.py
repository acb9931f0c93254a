"""Which reports are kept, being made or failed, as far as the actor may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from cases.access import Actor
from cases.people.models import Entity
from cases.reporting import rules
from cases.reporting.models import ReportFile, Run, Snapshot
from cases.reporting.periods import Period

MAKING = rules.MAKING


def visible_to(actor: Actor) -> QuerySet[Run, Run]:
    """The runs whose report the actor may read, newest first."""
    runs = Run.objects.select_related("entity", "asked_by")
    if not rules.may_see(actor, entity=next(iter(actor.entities), "")):
        return runs.none()
    return runs.filter(**_own(actor, "entity"))


def newest_run(actor: Actor, period: Period, entity: Entity | None) -> Run | None:
    """What was last asked for of a month, of a company or (None) of all together."""
    runs = visible_to(actor).filter(first=period.first, last=period.last, entity=entity)
    return runs.order_by("-asked_at", "-pk").first()


def kept_reports(actor: Actor) -> QuerySet[Snapshot, Snapshot]:
    """Every report that is kept, the newest month first and its newest making first.

    The figures and the files' bytes are left out: they are read by whoever shows them.
    """
    return _snapshots(actor).defer("figures", "restated").order_by("-run__first", "-as_at", "-id")


def newest(actor: Actor, entity: str = "") -> Snapshot | None:
    """The newest month's newest report of a company ("": of all together), with its figures.

    None if there is none, or it is not the actor's to see.
    """
    if not rules.may_see(actor, entity=entity):
        return None
    rows = _of(_snapshots(actor), entity).order_by("-run__first", "-as_at", "-id")
    return next(iter(rows[:1]), None)


def newest_of(period: Period, entity: Entity | None) -> Snapshot | None:
    """The newest report of a month that is kept, whoever asks: for operations and jobs only."""
    rows = Snapshot.objects.select_related("run__entity").defer("figures", "restated")
    same = rows.filter(run__first=period.first, run__last=period.last, run__entity=entity)
    return next(iter(same.order_by("-as_at", "-id")[:1]), None)


def files_of(actor: Actor, snapshot: Snapshot) -> list[ReportFile]:
    """The files of a report that the actor may download, without their bytes."""
    entity = snapshot.run.entity.code if snapshot.run.entity else ""
    return [
        file
        for file in snapshot.files.defer("content")
        if rules.may_see(actor, profile=file.profile, entity=entity)
    ]


def withheld(snapshot: Snapshot) -> str:
    """Why this report has no version to share, "" if it has one (domain 5.4, differencing)."""
    return str(snapshot.figures.get("withheld", ""))


def _snapshots(actor: Actor) -> QuerySet[Snapshot, Snapshot]:
    rows = Snapshot.objects.select_related("run__entity")
    if not rules.may_see(actor, entity=next(iter(actor.entities), "")):
        return rows.none()
    return rows.filter(**_own(actor, "run__entity"))


def _own(actor: Actor, path: str) -> dict[str, Any]:
    return {f"{path}__code__in": actor.entities} if actor.entities else {}


def _of(rows: QuerySet[Snapshot, Snapshot], entity: str) -> QuerySet[Snapshot, Snapshot]:
    return rows.filter(run__entity__code=entity) if entity else rows.filter(run__entity=None)
