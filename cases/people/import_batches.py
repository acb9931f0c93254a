"""What is done with one batch of imported rows: added, changed, held back or refused.

A batch is written with a few statements.  If the database refuses it, its rows are written one
by one, so that only the bad ones are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from cases.access import Actor
from cases.audit.ledger import record_many
from cases.people.import_columns import Refusal, Row, take_or_hold
from cases.people.import_keepers import Keeper
from cases.people.models import SourceKey
from cases.rows import spoken

"""The reason on history rows: brought in from another system."""
ABOUT_ANOTHER = "This key was of something else before. Give it a new key."
OURS_STAYS = "Somebody here has changed this. Ours stays: look which is right."
GUARDED = "How they are reached is not changed by an import. Ask them."


@dataclass
class Change:
    """A row we have, what the source says of it now, and what it said before."""

    row: Row
    known: SourceKey
    ours: Any
    is_new: bool = False
    columns: list[str] = field(default_factory=list)


class Batch:
    """Rows of one kind, each key once, on their way in."""

    def __init__(self, keeper: Keeper, by: Actor) -> None:
        self.keeper, self.by = keeper, by
        self.held: list[Refusal] = []
        self.added: list[Any] = []
        self.changed: list[Any] = []
        self.left = 0
        """Rows that needed no change of ours."""

    def bring_in(
        self, fresh: Sequence[Row], again: Sequence[Row], known: Mapping[str, SourceKey]
    ) -> None:
        """Write what is new and what the source has changed."""
        keeper = self.keeper
        keeper.look_up([*fresh, *again], {row.key: known[row.key] for row in again})
        standing = [row for row in fresh if keeper.stands(row)]
        adopted = keeper.adopt(standing)
        refused = {refusal.line for refusal in keeper.refused}
        made = [
            (row, new)
            for row in standing
            if row.key not in adopted and row.line not in refused and (new := keeper.new(row))
        ]
        self._each(made, self._add)
        self._each(self._changes(again, known, adopted, standing), self._change)
        self._record()

    def _changes(
        self,
        again: Sequence[Row],
        known: Mapping[str, SourceKey],
        adopted: Mapping[str, Any],
        standing: Sequence[Row],
    ) -> list[Change]:
        keeper, changes = self.keeper, []
        rows = [row for row in again if keeper.stands(row)]
        ids = [known[row.key].subject_id for row in rows]
        locked = keeper.model.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(ids)
        for row in rows:
            changes.append(Change(row, known[row.key], locked[known[row.key].subject_id]))
        for row in standing:
            if row.key in adopted:
                ours = adopted[row.key]
                source = SourceKey(
                    system=keeper.system, kind=keeper.kind, key=row.key, subject_id=ours.pk
                )
                changes.append(Change(row, source, ours, is_new=True))
        return [change for change in changes if self._about_the_same(change)]

    def _about_the_same(self, change: Change) -> bool:
        if change.is_new:
            return True
        was = self.keeper.facts(change.known.values)
        now = self.keeper.facts(change.row.values)
        for column in self.keeper.fixed:
            if was.get(column) != now[column]:
                self.keeper.refuse(change.row, column, ABOUT_ANOTHER)
                return False
        return True

    def _add(self, made: Sequence[tuple[Row, Any]]) -> None:
        keeper = self.keeper
        rows = [new for _, new in made]
        keeper.fill(rows)
        keeper.model.objects.bulk_create(rows, batch_size=1000)
        SourceKey.objects.bulk_create(
            [
                SourceKey(
                    system=keeper.system,
                    kind=keeper.kind,
                    key=row.key,
                    subject_id=new.pk,
                    values=dict(row.values),
                )
                for row, new in made
            ],
            batch_size=1000,
        )
        self.added += rows

    def _change(self, changes: Sequence[Change]) -> None:
        keeper = self.keeper
        notes = [note for change in changes for note in self._decide(change)]
        touched = [change.ours for change in changes if change.columns]
        keeper.fill(touched)
        if touched:
            names = [f.name for f in keeper.model._meta.concrete_fields if not f.primary_key]
            keeper.model.objects.bulk_update(touched, names, batch_size=500)
        for change in changes:
            change.known.values = dict(change.row.values)
        SourceKey.objects.bulk_create([c.known for c in changes if c.is_new])
        SourceKey.objects.bulk_update(
            [c.known for c in changes if not c.is_new], ["values"], batch_size=500
        )
        self.held += notes
        self.changed += touched
        self.left += len(changes) - len(touched)

    def _decide(self, change: Change) -> list[Refusal]:
        keeper, row = self.keeper, change.row
        was = None if change.is_new else keeper.facts(change.known.values)
        now, ours = keeper.facts(row.values), keeper.said(change.ours)
        guarded = keeper.guarded(change.ours, now)
        notes = []
        for column in ours:
            if column in keeper.fixed:
                continue
            before = None if was is None else was.get(column, "")
            what = take_or_hold(before, now[column], ours[column], guarded=column in guarded)
            if what == "TAKE":
                change.columns.append(column)
            elif what and now[column]:
                why = GUARDED if column in guarded else OURS_STAYS
                notes.append(Refusal(row.line, column, why, row.key))
        keeper.put(change.ours, row, change.columns)
        return notes

    def _each[T](self, things: Sequence[T], write: Callable[[Sequence[T]], None]) -> None:
        """Write all at once, or one by one if the database refuses one of them."""
        if not things:
            return
        try:
            with transaction.atomic():
                write(things)
        except (IntegrityError, DataError):
            for thing in things:
                row, ours = _parts(thing)
                try:
                    with transaction.atomic():
                        _forget(thing)
                        write([thing])
                except (IntegrityError, DataError) as fault:
                    self.keeper.refuse(row, self.keeper.blamed, _why(ours, fault))

    def _record(self) -> None:
        keeper = self.keeper
        for verb, rows in ((keeper.added, self.added), (keeper.changed, self.changed)):
            subjects = {keeper.subject(row): {"import": keeper.system} for row in rows}
            record_many(verb, by=self.by, at=keeper.at, subjects=subjects, kind=keeper.about)


def _parts(thing: Any) -> tuple[Row, models.Model]:
    return (thing.row, thing.ours) if isinstance(thing, Change) else thing


def _forget(thing: Any) -> None:
    """Undo what a failed attempt left on the objects."""
    if isinstance(thing, Change):
        thing.columns = []
        thing.ours.refresh_from_db()
    else:
        thing[1].pk = None


def _why(ours: models.Model, fault: Exception) -> str:
    said = spoken(ours, fault) if isinstance(fault, IntegrityError) else fault
    if isinstance(said, ValidationError):
        return " ".join(said.messages)
    return "The database does not take this row."
