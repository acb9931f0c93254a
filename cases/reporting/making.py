"""Making a report: counted at one moment, written in every form, kept whole or not at all.

However many makers there are, one makes the reports of a month, each beside those that are shared
by then: it holds an advisory lock for as long as it lives, on a connection of its own, on which it
also says how far it is.  When it dies, PostgreSQL lets the lock go, and whoever comes next begins
again.  Source: issue "monthly report"; domain 5.2.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from traceback import extract_tb
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from cases import words
from cases.access import Actor
from cases.audit.anchors import stamp
from cases.calendar import london_date
from cases.policy.models import PolicyVersion
from cases.policy.queries import policy_version_at, settings_at
from cases.reporting import rules
from cases.reporting.beside import beside_the_shared
from cases.reporting.choices import RunState
from cases.reporting.collecting import Beside, Figures, NotCounted, collect
from cases.reporting.files import draw_files
from cases.reporting.measure import Asked
from cases.reporting.models import ReportFile, Run, Snapshot, SnapshotItems
from cases.reporting.periods import Period
from cases.reporting.restating import restated
from cases.reporting.run_operations import Made, Superseded, begin_run, fail_run, keep_report
from cases.reporting.run_queries import newest_of
from cases.reporting.suggesting import suggest_reviews
from cases.reporting.suppression import Limits
from cases.reporting.withholding import withheld_because

log = logging.getLogger(__name__)

LOCK = 0x48_43_52  # the first half of the lock's number; the second is the month's
COUNTED = 60
"""Of a hundred: how far a report is when everything is counted."""
SAY = (
    "UPDATE reporting_run SET done = %s, step = %s"
    " WHERE id = %s AND state = 'MAKING' AND tries = %s AND done <= %s"
)

Told = Callable[[int, str], None]
Draw = Callable[[Snapshot, Limits, datetime, Told], Sequence[ReportFile]]
"""Writes a snapshot in every form and version it may have, and tells how far it is."""


def make_waiting(*, by: Actor, now: Callable[[], datetime]) -> int:
    """Make every report that waits, or was left half-way; how many were made or given up."""
    waiting = Run.objects.filter(state__in=rules.MAKING).order_by("asked_at", "pk")
    runs = [make_report(by=by, at=now(), run=run) for run in waiting]
    return sum(run.state not in rules.MAKING for run in runs)


def make_report(
    *, by: Actor, at: datetime, run: Run, draw: Draw = draw_files, told: Told | None = None
) -> Run:
    """Make a report and keep it; returns the run as it is then.

    Nothing happens if it is made already, or another makes it now.  What goes wrong with the
    figures fails the run, in a sentence; what goes wrong with the database is raised, and the
    run is begun again by whoever comes next, three times in all.
    """
    with _alone(run) as own:
        begun = begin_run(by=by, at=at, run=run) if own else None
        if begun is not None:
            _make(by, at, begun, draw, _teller(own, by, begun, told))
    run.refresh_from_db()
    if begun is not None and run.state == RunState.DONE:
        figures = Figures.from_json(run.snapshot.figures)
        suggest_reviews(by=by, at=at, figures=figures)
    return run


def _make(by: Actor, at: datetime, run: Run, draw: Draw, told: Told) -> None:
    begun = monotonic()
    try:
        made = _made(at, run, draw, told)
        keep_report(by=by, at=_later(at, begun), made=made)
    except Superseded:
        log.warning("Report %s is made by another, and this one is not kept.", run.pk)
    except Exception as fault:
        cause = fault.__cause__ if isinstance(fault, NotCounted) else fault
        if isinstance(cause, OperationalError | InterfaceError):
            raise
        # Its kind and its place alone: what a fault says may quote a case.
        log.error("Report %s failed: %s at %s.", run.pk, type(cause).__name__, _place(cause))
        why = f"{fault} {rules.BROKEN}" if isinstance(fault, NotCounted) else rules.BROKEN
        fail_run(by=by, at=_later(at, begun), run=run, why=why)


def _later(at: datetime, begun: float) -> datetime:
    """The moment of asking, and as much later as the work took."""
    return at + timedelta(seconds=monotonic() - begun)


def _place(fault: BaseException | None) -> str:
    """Where in the code something went wrong: "measures.py:34"."""
    frames = extract_tb(fault.__traceback__) if fault else []
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"


def _made(at: datetime, run: Run, draw: Draw, told: Told) -> Made:
    """Everything of a report, not kept yet."""
    entity = run.entity.code if run.entity else ""
    asked = Asked.of_month(Period(run.first, run.last), at, entity)
    figures = collect(asked, lambda done, step: told(done * COUNTED // 100, step))
    limits = limits_at(at)
    withheld = withheld_because(run, figures, limits)
    beside = Beside() if withheld else beside_the_shared(run, figures, limits)
    figures = replace(figures, withheld=withheld, beside=beside)
    snapshot = _snapshot(run, figures)
    files = draw(snapshot, limits, at, lambda done, step: told(_after_counting(done), step))
    return Made(run, snapshot, _items(figures), files)


def _after_counting(done: int) -> int:
    return COUNTED + done * (99 - COUNTED) // 100


def limits_at(at: datetime) -> Limits:
    """What is hidden in a version to share, as the settings say (domain 5.4)."""
    settings = settings_at(at)
    return Limits(
        under=settings["REPORT_HIDE_UNDER_CASES"], round_to=settings["REPORT_ROUND_TO_CASES"]
    )


def _snapshot(run: Run, figures: Figures) -> Snapshot:
    before = newest_of(Period(run.first, run.last), run.entity)
    return Snapshot(
        run=run,
        as_at=figures.at,
        queries=figures.queries,
        policy=policy_words(figures.at),
        figures=figures.as_json(),
        restated=[one.as_json() for one in restated(before, figures)] if before else [],
        stamp=stamp(),
        before=before,
    )


def _items(figures: Figures) -> list[SnapshotItems]:
    return [
        SnapshotItems(measure=code, line=line, ids=sorted(rows.ids), counting=sorted(rows.counting))
        for (code, line), rows in figures.items.items()
    ]


def policy_words(at: datetime) -> str:
    """The version of the policy at that moment, and how its review stands (HC-01)."""
    try:
        version = policy_version_at(at)
    except PolicyVersion.DoesNotExist:
        return "No version of the policy has been recorded."
    late = version.review_overdue_days(london_date(at))
    day = words.say_date(version.review_on)
    if late:
        return (
            f"Policy version {version.version}. Its review was due on {day} and is "
            f"{late} {'day' if late == 1 else 'days'} late."
        )
    return f"Policy version {version.version}. Its review is due on {day}."


# --- one maker of a run ---


@contextmanager
def _alone(run: Run) -> Iterator[Any]:
    """A connection that holds the lock of the run's month, or None if another maker does.

    Two reports of one month made at once would each not know of the other's version to share.
    """
    own, lock = connections.create_connection(DEFAULT_DB_ALIAS), [LOCK, run.first.toordinal()]
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
            (got,) = cursor.fetchone()
        yield own if got else None
        if got:  # closing gives it back too, but a moment later: the next run may ask before
            with suppress(OperationalError, InterfaceError), own.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)
    finally:
        own.close()


def _teller(own: Any, by: Actor, run: Run, told: Told | None) -> Told:
    """Says how far the run is, at once for everybody to see, on the maker's own connection."""
    name = str(by.id if by.id is not None else by.name)

    def say(done: int, step: str) -> None:
        with own.cursor() as cursor:
            cursor.execute("SELECT set_config('app.actor', %s, false)", [name])
            cursor.execute(SAY, [done, step, run.pk, run.tries, done])
        if told is not None:
            told(done, step)

    return say
