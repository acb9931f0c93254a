"""A whole import: each file read once, a batch at a time, with the same memory for any size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import batched
from pathlib import Path

from django.db import reset_queries, transaction
from django.utils import timezone

from cases.access import Actor
from cases.calendar import london_date
from cases.people.import_columns import KINDS, Refusal, Row
from cases.people.import_missing import LEFT, missing_keys
from cases.people.import_operations import MOST_NOTES, import_batch, record_import
from cases.people.import_reading import SourceFile, UnreadableFile
from cases.people.models import ImportRun

ROWS_AT_A_TIME = 2000
TWICE = "Another row of this file has the same key."


@dataclass
class Tally:
    """What became of one file so far."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    held: list[Refusal] = field(default_factory=list)
    missing: list[Refusal] = field(default_factory=list)

    def note(self, kept: list[Refusal], called: str, new: Sequence[Refusal]) -> None:
        """Count these, and keep them while there are not too many."""
        self.counts[called] += len(new)
        kept.extend(new[: max(0, MOST_NOTES - len(kept))])


def import_files(
    paths: Sequence[Path],
    *,
    by: Actor,
    system: str,
    dry_run: bool = False,
    progress: Callable[[SourceFile], None] = lambda file: None,
) -> list[ImportRun]:
    """Bring in the files, homes first whatever their order; a run for each, in that order.

    A dry run does everything and takes it back, but for the runs.  A file that cannot be read
    at all is a run that was stopped.
    """
    runs: list[ImportRun] = []
    opened: list[SourceFile] = []
    for path in paths:
        try:
            opened.append(SourceFile(path))
        except UnreadableFile as why:
            now = timezone.now()
            runs.append(_keep(by, system, path, "", now, dry_run, Tally(), str(why)))
    order = [kind.code for kind in KINDS]
    opened.sort(key=lambda file: order.index(file.kind.code))
    done: list[tuple[SourceFile, datetime, Tally]] = []
    with _taken_back_if(dry_run):
        for file in opened:
            started = timezone.now()
            done.append((file, started, _import(file, by, system, progress)))
            if not dry_run:
                runs.append(_keep_done(by, system, dry_run, *done[-1]))
    if dry_run:
        runs += [_keep_done(by, system, dry_run, *each) for each in done]
    return runs


@contextmanager
def _taken_back_if(dry_run: bool) -> Iterator[None]:
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _import(
    file: SourceFile, by: Actor, system: str, progress: Callable[[SourceFile], None]
) -> Tally:
    tally = Tally()
    seen: set[bytes] = set()
    for several in batched(file.rows(), ROWS_AT_A_TIME):
        rows = []
        for row in several:
            if isinstance(row, Refusal):
                seen.add(_mark(row.key))
                tally.note(tally.refused, "refused", [row])
            elif _seen_before(row, seen):
                twice = Refusal(row.line, file.kind.key, TWICE, row.key)
                tally.note(tally.refused, "refused", [twice])
            else:
                rows.append(row)
        found = import_batch(
            by=by, at=timezone.now(), system=system, kind=file.kind.code, rows=rows
        )
        tally.counts.update(added=found.added, changed=found.changed, unchanged=found.unchanged)
        tally.note(tally.refused, "refused", found.refused)
        tally.note(tally.held, "held", found.held)
        reset_queries()  # With DEBUG on, Django keeps what it asked.
        progress(file)
    tally.refused.sort(key=lambda refusal: refusal.line)
    today = london_date(timezone.now())
    for key in missing_keys(system, file.kind.code, lambda key: _mark(key) in seen, today):
        tally.note(tally.missing, "missing", [Refusal(0, "", LEFT, key)])
    return tally


def _mark(key: str) -> bytes:
    # Eight bytes a key, not the key: a million rows are some tens of megabytes.
    return blake2b(key.encode(), digest_size=8).digest()


def _seen_before(row: Row, seen: set[bytes]) -> bool:
    mark = _mark(row.key)
    if mark in seen:
        return True
    seen.add(mark)
    return False


def _keep_done(
    by: Actor, system: str, dry_run: bool, file: SourceFile, started: datetime, tally: Tally
) -> ImportRun:
    return _keep(by, system, file.path, file.kind.code, started, dry_run, tally, "")


def _keep(
    by: Actor,
    system: str,
    path: Path,
    kind: str,
    started: datetime,
    dry_run: bool,
    tally: Tally,
    stopped: str,
) -> ImportRun:
    return record_import(
        by=by,
        at=timezone.now(),
        system=system,
        kind=kind,
        file_name=path.name,
        started_at=started,
        dry_run=dry_run,
        counts={name: tally.counts[name] for name in COUNTS},
        refused=tally.refused,
        held=tally.held,
        missing=tally.missing,
        stopped=stopped,
    )


COUNTS = ("added", "changed", "unchanged", "refused", "held", "missing")
