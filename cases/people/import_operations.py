"""Bringing in people, homes, tenancies and households from another system, a batch at a time.

What the source does not change is left alone; what one of us changed stays and is listed.  Each
batch is one transaction with its history and its events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.access import Actor
from cases.audit import context
from cases.audit.ledger import operation, record, unchanged
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.people.choices import ImportNoteKind
from cases.people.import_batches import Batch
from cases.people.import_columns import Refusal, Row
from cases.people.import_keepers import Homes, Keeper, People, Tenancies, known_keys
from cases.people.import_members import Members
from cases.people.models import ImportNote, ImportRun

KEEPERS: Mapping[str, type[Keeper]] = {
    keeper.kind: keeper for keeper in (Homes, People, Tenancies, Members)
}
MOST_NOTES = 10_000
"""Refused rows, held values and missing rows listed of one file; all are counted."""


@dataclass
class Outcome:
    """What became of some rows."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    held: list[Refusal] = field(default_factory=list)


@operation
def import_batch(
    *, by: Actor, at: datetime, system: str, kind: str, rows: Sequence[Row]
) -> Outcome:
    """Bring in some rows of one kind, each key once.  Nothing is raised for a bad row."""
    known = known_keys(system, kind, [row.key for row in rows])
    fresh = [row for row in rows if row.key not in known]
    again = [row for row in rows if row.key in known and known[row.key].values != row.values]
    batch = Batch(KEEPERS[kind](system, at), by)
    # Only what changed is looked up: a second run of the same file is one query a batch.
    if fresh or again:
        with context.because("import"):
            batch.bring_in(fresh, again, known)
        changed(Fact.PERSON, *batch.keeper.ties([*batch.added, *batch.changed]))
    if not batch.added and not batch.changed:
        unchanged()
    return Outcome(
        added=len(batch.added),
        changed=len(batch.changed),
        unchanged=len(rows) - len(fresh) - len(again) + batch.left,
        refused=batch.keeper.refused,
        held=batch.held,
    )


@operation
def record_import(
    *,
    by: Actor,
    at: datetime,
    system: str,
    kind: str,
    file_name: str,
    started_at: datetime,
    dry_run: bool,
    counts: Mapping[str, int],
    refused: Sequence[Refusal] = (),
    held: Sequence[Refusal] = (),
    missing: Sequence[Refusal] = (),
    stopped: str = "",
) -> ImportRun:
    """Keep what became of one file, for the page of imports."""
    run = ImportRun.objects.create(
        system=system,
        kind=kind,
        file_name=file_name,
        started_at=started_at,
        finished_at=at,
        by_id=by.id,
        by_name=by.name,
        dry_run=dry_run,
        stopped=stopped,
        **counts,
    )
    notes = [
        ImportNote(
            run=run,
            what=what,
            line=note.line,
            column=note.column,
            key=note.key.replace("\x00", ""),
            reason=note.reason,
        )
        for what, several in (
            (ImportNoteKind.REFUSED, refused),
            (ImportNoteKind.HELD, held),
            (ImportNoteKind.MISSING, missing),
        )
        for note in several[:MOST_NOTES]
    ]
    ImportNote.objects.bulk_create(notes, batch_size=1000)
    codes = {"kind": kind, "dry_run": dry_run, **counts}
    record(Verb.PEOPLE_IMPORTED, by=by, at=at, subject=run, changes=codes)
    return run
