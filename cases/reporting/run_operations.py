"""Asking for a report, keeping it, giving it up, downloading it: the only writers of a run.

The making itself takes a while and is no operation: :mod:`cases.reporting.making`.
Source: domain 5.2, 5.4; issue "monthly report".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import connection

from cases.access import Actor, Answer, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import LONDON, london_date
from cases.people.models import Entity
from cases.policy.queries import holidays, settings_at
from cases.reporting import rules
from cases.reporting.choices import RunState
from cases.reporting.models import ReportFile, Run, Snapshot, SnapshotItems
from cases.reporting.periods import Period
from cases.rows import keep, keep_all

BEGUN_AGAIN = "Begun again: its making was stopped half-way"


class Superseded(RuntimeError):
    """Somebody else makes this report now, or has made it: what was made here is not kept."""


@operation
def ask_for_report(*, by: Actor, at: datetime, period: Period, entity: Entity | None = None) -> Run:
    """Have a report made of a month, of one company or of all together.

    Asked twice, it is made once: the run that waits or is under way is returned.  Raises Refused
    for whoever may not, for what is no month, and for a month that is not over.
    """
    enforce(rules.may_ask(by, entity=entity.code if entity else ""))
    enforce(rules.is_reported(period, london_date(at)))
    _one_at_a_time()
    run = _under_way(period, entity)
    if run is not None:
        unchanged()
        return run
    return _ask(by, at, period, entity)


@operation
def ask_when_due(*, by: Actor, at: datetime) -> Run | None:
    """Ask for last month's report of all companies once its day has come and none is kept.

    One that could not be made is asked for again on another day; somebody may do so sooner.
    """
    today = london_date(at)
    period = rules.due_month(today, settings_at(at)["REPORT_AFTER_DAYS"], holidays())
    if period is None:
        unchanged()
        return None
    _one_at_a_time()
    runs = Run.objects.filter(first=period.first, last=period.last, entity=None)
    midnight = at.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    standing = runs.exclude(state=RunState.FAILED) | runs.filter(asked_at__gte=midnight)
    if standing.exists():
        unchanged()
        return None
    return _ask(by, at, period, None)


def _ask(by: Actor, at: datetime, period: Period, entity: Entity | None) -> Run:
    run = Run(first=period.first, last=period.last, entity=entity, asked_by_id=by.id, asked_at=at)
    keep(run)
    changes = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    if entity:
        changes["company"] = entity.code
    record(Verb.REPORT_ASKED_FOR, by=by, at=at, subject=run, changes=changes)
    return run


def _under_way(period: Period, entity: Entity | None) -> Run | None:
    return Run.objects.filter(
        first=period.first, last=period.last, entity=entity, state__in=rules.MAKING
    ).first()


def _one_at_a_time() -> None:
    """Who asks waits for whoever asks just now, and then finds what was asked for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.reporting.ask'))")


@operation
def begin_run(*, by: Actor, at: datetime, run: Run) -> Run | None:
    """Take a run that waits, or that whoever made it left half-way; its ``tries`` is our number.

    Call it as the only maker (:mod:`cases.reporting.making`).  None if there is nothing to make:
    it is made already, or was left half-way three times and has now failed.
    """
    rows = Run.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = rows.filter(pk=run.pk, state__in=rules.MAKING).first()
    unchanged()  # for the ledger: what is made, or given up, is what it tells
    if found is None:
        return None
    if found.state == RunState.MAKING:
        if found.tries >= rules.MOST_TRIES:
            _fail(by, at, found, rules.STOPPED)
            return None
        found.state, found.step, found.done = RunState.WAITING, BEGUN_AGAIN, 0
        keep(found)
    found.state, found.tries = RunState.MAKING, found.tries + 1
    found.begun_at, found.done = at, 0
    keep(found)
    return found


@dataclass(frozen=True)
class Made:
    """A report that was made and is not kept yet; ``run`` is as it was begun."""

    run: Run
    snapshot: Snapshot
    items: Sequence[SnapshotItems]
    files: Sequence[ReportFile]


@operation
def keep_report(*, by: Actor, at: datetime, made: Made) -> Snapshot:
    """Keep all of a report or nothing.  Raises :class:`Superseded` if another makes it now."""
    run = Run.objects.select_for_update(of=("self",), no_key=True).get(pk=made.run.pk)
    if run.state != RunState.MAKING or run.tries != made.run.tries:
        raise Superseded
    snapshot = made.snapshot
    snapshot.run = run
    keep(snapshot)
    for item in made.items:
        item.snapshot = snapshot
    for file in made.files:
        file.snapshot = snapshot
    keep_all(made.items)
    keep_all(made.files)
    run.state, run.done, run.step, run.ended_at = RunState.DONE, 100, "Made", at
    keep(run)
    record(
        Verb.REPORT_MADE,
        by=by,
        at=at,
        subject=run,
        changes={
            "snapshot": snapshot.pk,
            "queries": snapshot.queries,
            "restated": len(snapshot.restated),
            "files": [f"{file.profile}.{file.kind}:{file.sha256}" for file in made.files],
        },
    )
    return snapshot


@operation
def fail_run(*, by: Actor, at: datetime, run: Run, why: str) -> Run:
    """Say that a run failed, and why, in a plain sentence that names nobody.

    ``run`` is as it was begun.  Raises :class:`Superseded` if another makes it now.
    """
    found = Run.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    if found.state != RunState.MAKING or found.tries != run.tries:
        raise Superseded
    return _fail(by, at, found, why)


def _fail(by: Actor, at: datetime, run: Run, why: str) -> Run:
    run.state, run.why_failed, run.ended_at = RunState.FAILED, why, at
    keep(run)
    record(Verb.REPORT_FAILED, by=by, at=at, subject=run, changes={"tries": run.tries})
    return run


@operation
def download(*, by: Actor, at: datetime, file: ReportFile) -> bytes:
    """The bytes of a report's file, for whoever may read that version now.

    Raises Refused, also if the file is not what was once made.
    """
    entity = file.snapshot.run.entity
    enforce(rules.may_see(by, profile=file.profile, entity=entity.code if entity else ""))
    content = bytes(file.content)
    if sha256(content).hexdigest() != file.sha256:
        enforce(Answer("This file is not what was made, so it is not given out. Tell us."))
    record(
        Verb.REPORT_DOWNLOADED,
        by=by,
        at=at,
        subject=file,
        changes={"profile": file.profile, "kind": file.kind, "run": file.snapshot.run_id},
    )
    return content
