"""The report of a month as files, from a shell or cron."""

from __future__ import annotations

import os
import re
import tempfile
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from tqdm import tqdm

from cases.access import Answer, job
from cases.calendar import london_date
from cases.people.models import Entity
from cases.reporting import rules
from cases.reporting.choices import Profile, RunState
from cases.reporting.files import name_of
from cases.reporting.making import make_report
from cases.reporting.models import Run, Snapshot
from cases.reporting.periods import Period, month_of
from cases.reporting.run_operations import ask_for_report, download
from cases.reporting.run_queries import newest_of, withheld

JOB = job("monthly_report")
MONTH = re.compile(r"(\d{4})-(\d{2})")
WRONG = 2
"""The exit code for what cannot be asked for; 1 is for what could not be done."""
LOOK_AGAIN = 0.5  # seconds, while another process makes the report
UNANSWERED = "The database did not answer. Nothing was kept; what was begun is begun again."
NO_MONTH = "Give the month as a year and a month: 2026-10."


class Command(BaseCommand):
    """``manage.py monthly_report 2026-10 [--profile published] [--out DIR] [--entity CODE]``."""

    help = (
        "Write the monthly report as PDF, spreadsheet and CSV. It is made if none is kept, or "
        "anew with --again. Ends with 0, or 1 if it could not be done, or 2 if it cannot be asked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which month, for whom, where to."""
        parser.add_argument("month", help="the month, such as 2026-10")
        parser.add_argument(
            "--profile",
            choices=Profile.values,
            default=Profile.PUBLISHED,
            help="published hides small numbers (this is the default); internal hides nothing",
        )
        parser.add_argument("--out", type=Path, default=Path(), metavar="DIR")
        parser.add_argument("--entity", default="", metavar="CODE", help="one company only")
        parser.add_argument("--again", action="store_true", help="make it anew")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was written, a line for each file."""
        period, entity = _period(options["month"]), _entity(options["entity"])
        snapshot = None if options["again"] else newest_of(period, entity)
        if snapshot is None:
            snapshot = self._made(period, entity)
        else:
            self.stdout.write(f"The report of {period.words} is kept already.")
        self._write(snapshot, options["profile"], options["out"])

    def _made(self, period: Period, entity: Entity | None) -> Snapshot:
        """Have it made, here or by whoever makes it already, and see it through."""
        try:
            return _kept(self._seen_through(period, entity))
        except DatabaseError as fault:
            raise CommandError(UNANSWERED) from fault

    def _seen_through(self, period: Period, entity: Entity | None) -> Run:
        run = ask_for_report(by=JOB, at=timezone.now(), period=period, entity=entity)
        with tqdm(total=100, desc=f"Report of {period.words}", unit="%") as bar:

            def told(done: int, step: str) -> None:
                bar.set_postfix_str(step, refresh=False)
                bar.update(max(0, done - bar.n))

            while run.state in rules.MAKING:
                run = make_report(by=JOB, at=timezone.now(), run=run, told=told)
                if run.state in rules.MAKING:
                    told(run.done, run.step)
                    time.sleep(LOOK_AGAIN)
            told(run.done, "")
        return run

    def _write(self, snapshot: Snapshot, profile: str, out: Path) -> None:
        files = list(snapshot.files.filter(profile=profile))
        if not files:
            raise CommandError(withheld(snapshot) or "This report has no such version.")
        for file in files:
            content = download(by=JOB, at=timezone.now(), file=file)
            path = out / name_of(file)
            try:
                _put(path, content)
            except OSError as fault:
                raise CommandError(f"{path} cannot be written: {fault.strerror}.") from fault
            self.stdout.write(f"{path} ({len(content):,} bytes)")


def _period(month: str) -> Period:
    found = MONTH.fullmatch(month)
    try:
        period = month_of(date(int(found[1]), int(found[2]), 1)) if found else _refuse(NO_MONTH)
        answer = rules.is_reported(period, london_date(timezone.now()))
    except (ValueError, OverflowError):
        answer = Answer(f"There is no month {month}. {NO_MONTH}")
    return period if answer else _refuse(answer.reason)


def _entity(code: str) -> Entity | None:
    if not code:
        return None
    entity = Entity.objects.filter(code=code.strip().upper()).first()
    return entity or _refuse(f"There is no company with the code {code}.")


def _refuse(sentence: str) -> NoReturn:
    raise CommandError(sentence, returncode=WRONG)


def _kept(run: Run) -> Snapshot:
    if run.state == RunState.FAILED:
        raise CommandError(run.why_failed)
    return Snapshot.objects.select_related("run__entity").get(run=run)


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, for its owner to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file, name = tempfile.mkstemp(dir=path.parent, prefix=".report-")
    try:
        with os.fdopen(file, "wb") as half:
            half.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
