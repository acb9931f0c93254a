"""Bring in people, homes, tenancies and household members from another system's CSV files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.access import Actor, job
from cases.people.import_reading import SourceFile
from cases.people.importing import COUNTS, import_files
from cases.people.models import ImportRun
from cases.staff.models import User

SHOWN = 20
SAID = {"missing": "not in this file"}


class Command(BaseCommand):
    """``manage.py import_people FILE… [--source NAME] [--by EMAIL] [--dry-run]``."""

    help = (
        "Bring in people, homes, tenancies and household members. "
        "The columns are in docs/reference/import.md. A second run changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, where they come from, who brings them in."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--source", default="housing", help="the system they come from; its keys are its own"
        )
        parser.add_argument("--by", default="", help="the email address of whoever does this")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what became of the rows.  Fails if a file cannot be read at all."""
        for path in options["files"]:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        source = options["source"].strip().lower()
        if not source:
            raise CommandError("Name the source.")
        runs = import_files(
            options["files"],
            by=_actor(options["by"]),
            system=source,
            dry_run=options["dry_run"],
            progress=self._progress,
        )
        for run in runs:
            self._tell(run)
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing is changed.")
        if any(run.stopped for run in runs):
            raise CommandError("Not every file could be read.")

    def _progress(self, file: SourceFile) -> None:
        share = min(1.0, file.read / max(1, file.size))
        bar = "#" * round(30 * share)
        ending = "\n" if share > 0.995 else ""
        self.stderr.write(f"\r{file.path.name} [{bar:<30}] {share:4.0%}", ending=ending)
        self.stderr.flush()

    def _tell(self, run: ImportRun) -> None:
        if run.stopped:
            self.stdout.write(f"{run.file_name}: not read. {run.stopped}")
            return
        counts = ", ".join(f"{getattr(run, name)} {SAID.get(name, name)}" for name in COUNTS)
        seconds = (run.finished_at - run.started_at).total_seconds()
        self.stdout.write(f"{run.file_name}: {counts}, in {seconds:.1f} seconds.")
        for note in run.notes.all()[:SHOWN]:
            place = f"line {note.line}" if note.line else f"key {note.key}"
            place += f", {note.column}" if note.column else ""
            self.stdout.write(f"  {note.get_what_display()}: {place}: {note.reason}")
        if (more := run.notes.count() - SHOWN) > 0:
            self.stdout.write(f"  and {more} more: see Imports on the site.")


def _actor(email: str) -> Actor:
    if not email:
        return job("import_people")
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody who works here signs in as {email}.")
    return user.actor(timezone.now())
