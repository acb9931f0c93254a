"""What must happen on time, and nobody has to remember: one process, ``manage.py clockwork``.

Each job is a command that can also be run by hand, and may run twice without harm.  However many
clockworks run on a database, one of them works: it holds an advisory lock, and the others try for
it each time.  A job that fails says so in the log and runs again when it is next due.
"""

from __future__ import annotations

import io
import logging
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from cases.calendar import LONDON

log = logging.getLogger(__name__)

LOCK = 0x48_43_57  # the same number for every clockwork of a database
LATE = 3600  # seconds: a run delayed by a busy machine is still worth doing
FIRST = timedelta(seconds=5)


@dataclass(frozen=True)
class Job:
    """A command and when it is due; besides, each runs soon after the clockwork starts."""

    command: str
    due: BaseTrigger


JOBS = (
    Job("anchor_ledger", IntervalTrigger(minutes=15)),  # bar row 36
    Job("watch_reading", IntervalTrigger(minutes=2)),  # bar row 39: alerts within 5 minutes
    Job("watch_decisions", IntervalTrigger(minutes=1)),  # domain 7.5: lapses, alarms, lateness
    Job("make_reports", IntervalTrigger(seconds=10)),  # domain 5.2: the 3rd working day
    Job("resume_clocks", CronTrigger(hour=0, minute=5, timezone=LONDON)),
)


class Turn:
    """Whether it is this clockwork's turn: it is while it holds the lock, on its own connection."""

    def __init__(self) -> None:
        self._held: psycopg.Connection[Any] | None = None
        self._one_at_a_time = threading.Lock()

    def is_ours(self) -> bool:
        """Take the lock, or see that it is still held: a database that was restarted forgets it."""
        with self._one_at_a_time:
            try:
                if self._held is None:
                    self._held = self._take()
                else:
                    self._held.execute("SELECT 1")
            except (psycopg.Error, DatabaseError):
                log.warning("The database does not answer: another clockwork may take over.")
                self._let_go()
            return self._held is not None

    def _take(self) -> psycopg.Connection[Any] | None:
        asking = psycopg.connect(**connection.get_connection_params(), autocommit=True)
        (got,) = asking.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() or (False,)
        if got:
            log.info("This clockwork works now.")
            return asking
        asking.close()
        return None

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
        self._held = None

    def end(self) -> None:
        """Let another clockwork take over."""
        with self._one_at_a_time:
            self._let_go()


def run(command: str, turn: Turn) -> None:
    """Run one job if it is our turn; nothing it raises goes further than the log."""
    begun = time.monotonic()
    try:
        if not turn.is_ours():
            return
        call_command(command, stdout=io.StringIO(), stderr=io.StringIO())
        log.info("%s ran in %.1f s.", command, time.monotonic() - begun)
    except CommandError as problem:
        log.error("%s: %s", command, problem)
    except Exception:
        log.exception("%s failed.", command)
    finally:
        connections.close_all()


def started() -> tuple[BackgroundScheduler, Turn]:
    """Start doing every job when it is due; the caller shuts down what is returned."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    turn = Turn()
    scheduler = BackgroundScheduler(
        timezone=LONDON,
        executors={"default": ThreadPoolExecutor(len(JOBS))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": LATE},
    )
    for job in JOBS:
        scheduler.add_job(
            run,
            job.due,
            args=[job.command, turn],
            id=job.command,
            next_run_time=timezone.now() + FIRST,
        )
    scheduler.start()
    return scheduler, turn
