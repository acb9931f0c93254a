"""Comparing rows with what was sealed: every kept row still has the digest it had.

A table that keeps history has a row of history for each entry; of any other the row itself must
be as its last entry says.  Rows are fetched some thousands at a time by their keys, in the order
of the chain, so memory stays flat however long the ledger is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg import sql

from cases.audit.chain import Entry, Link, digest

if TYPE_CHECKING:
    from cases.audit.verifying import Findings

AT_ONCE = 20_000  # entries held before their rows are fetched
ADOPTED, REMOVED = "A", "-"
HISTORY = "history_"  # how the columns begin that only history has


@dataclass(frozen=True)
class Form:
    """Which columns of which table a digest covers."""

    id: int
    table: str
    history: str | None
    columns: tuple[str, ...]

    @property
    def kept_in(self) -> str:
        """The table whose rows the digests are of."""
        return self.history or self.table

    @property
    def key(self) -> str:
        """The column that names one of those rows."""
        return "history_id" if self.history else "id"

    def record(self, alias: LiteralString, *, own: bool = False) -> sql.Composed:
        """A row as text; ``own`` leaves out what only its history has."""
        names = [name for name in self.columns if not (own and name.startswith(HISTORY))]
        row = sql.SQL(", ").join(sql.Identifier(alias, name) for name in names)
        return sql.SQL("ROW({})::text").format(row)


class Forms:
    """Every form there is, and how many rows of each table the ledger knows."""

    def __init__(self, connection: psycopg.Connection, *, since: int) -> None:
        said = connection.execute(
            "SELECT id, table_name, history_table, columns FROM ledger.form ORDER BY id"
        )
        self.known = {
            number: Form(number, table, history, tuple(columns))
            for number, table, history, columns in said
        }
        self.newest = {form.table: form for form in self.known.values()}
        self.rows: Counter[str] = Counter()
        counted = connection.execute(
            "SELECT form, op, count(*) FROM ledger.entry WHERE seq <= %s GROUP BY form, op",
            [since],
        )
        for number, op, count in counted if since else ():
            if number in self.known:
                self.count(self.known[number], op, count)
        self.columns: dict[str, set[str]] = defaultdict(set)
        for table, column in connection.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND a.attnum > 0 AND NOT a.attisdropped"
        ):
            self.columns[table].add(column)

    def count(self, form: Form, op: str, number: int) -> None:
        """Count entries: each of a table with history is a row, of others what was not removed."""
        if form.history or op in ("+", ADOPTED):
            self.rows[form.kept_in] += number
        elif op == REMOVED:
            self.rows[form.kept_in] -= number

    def comparable(self, form: Form) -> bool:
        """Whether every column the form names is still there."""
        return set(form.columns) <= self.columns[form.kept_in]


Sealed = tuple[Entry, str]  # an entry and its link's actor


class Rows:
    """Takes entries as they are walked past and compares the rows they sealed."""

    def __init__(self, connection: psycopg.Connection, forms: Forms, found: Findings) -> None:
        self._connection = connection
        self._forms = forms
        self._found = found
        self._held: dict[int, list[Sealed]] = defaultdict(list)
        self._holds = 0
        self._doubts: dict[tuple[str, int], str] = {}
        self._gone: Counter[int] = Counter()

    def take(self, link: Link, entries: list[Entry]) -> None:
        """Hold the entries of a link until there are enough to ask for."""
        for entry in entries:
            self._held[entry.form].append((entry, link.actor))
            if entry.op == ADOPTED:
                self._found.adopted[entry.seq] += 1
        self._holds += len(entries)
        if self._holds >= AT_ONCE:
            self._compare()

    def finish(self) -> None:
        """Compare what is held still; then what was doubtful and stayed so is a fault."""
        self._compare()
        for sentence in self._doubts.values():
            self._found.fault("row", sentence)
        for number, count in sorted(self._gone.items()):
            self._found.note(
                f"{count} entries of {self._forms.known[number].table} are from before a column"
                " was taken away from it: their rows cannot be compared."
            )
        for table in sorted({form.kept_in for form in self._forms.newest.values()}):
            self._check_number(table)

    def _compare(self) -> None:
        for number, sealed in sorted(self._held.items()):
            form = self._forms.known.get(number)
            if form is None:
                self._found.fault("form", f"{len(sealed)} entries are of an unknown form {number}.")
                continue
            for entry, _ in sealed:
                self._forms.count(form, entry.op, 1)
            if not self._forms.comparable(form):
                self._gone[number] += len(sealed)
                continue
            for some in _parts(sealed):
                self._compare_kept(form, some) if form.history else self._compare_own(form, some)
        self._held.clear()
        self._holds = 0

    def _compare_kept(self, form: Form, sealed: list[Sealed]) -> None:
        """Every entry's row of history is there and as it was sealed."""
        rows = self._fetch(
            form,
            [entry.kept_id for entry, _ in sealed],
            sql.SQL(", k.history_type, k.history_user_id"),
        )
        for entry, actor in sealed:
            row = rows.get(entry.kept_id)
            fault = "is gone" if row is None else _altered(entry, row[0])
            if not fault and row is not None and entry.op != ADOPTED:
                who = int(actor) if actor.isdecimal() else None
                if (row[1], row[2]) != (entry.op, who):
                    fault = "no longer says what was done, or by whom"
            self._doubts.pop((form.table, entry.row_id), None)  # kept no history then, and now does
            if fault:
                which = f"History row {entry.kept_id} of {form.table} row {entry.row_id}"
                self._found.fault("history", f"{which} {fault} (link {entry.seq}).")

    def _compare_own(self, form: Form, sealed: list[Sealed]) -> None:
        """The row is as the last entry about it says; an earlier one may differ from it."""
        rows = self._fetch(form, [entry.row_id for entry, _ in sealed], sql.SQL(""))
        for entry, _ in sealed:
            row = rows.get(entry.row_id)
            if entry.op == REMOVED:
                fault = "was removed and is there" if row is not None else ""
            else:
                fault = "is gone" if row is None else _altered(entry, row[0])
            which = form.table, entry.row_id
            if fault:
                self._doubts[which] = f"{form.table} row {entry.row_id} {fault} (link {entry.seq})."
            else:
                self._doubts.pop(which, None)

    def _fetch(
        self, form: Form, keys: list[int | None], more: sql.SQL
    ) -> dict[int | None, tuple[str, str, int | None]]:
        self._found.rows += len(keys)
        query = sql.SQL("SELECT k.{key}, {row}{more} FROM {table} k WHERE k.{key} = ANY(%s)")
        rows = self._connection.execute(
            query.format(
                key=sql.Identifier(form.key),
                row=form.record("k"),
                more=more,
                table=sql.Identifier("public", form.kept_in),
            ),
            [keys],
        )
        return {row[0]: row[1:] for row in rows}

    def _check_number(self, table: str) -> None:
        """There are no rows that the ledger does not know, and none of those it knows are gone."""
        if table not in self._forms.columns:
            self._found.fault("table", f"The table {table} is gone.")
            return
        (there,) = self._connection.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))
        ).fetchone() or (0,)
        known = self._forms.rows[table]
        if there < known:
            self._found.fault(
                "number", f"{table} has {there} rows, and the ledger knows of {known}."
            )
        elif there > known:
            self._name_unknown(table, there - known)

    def _name_unknown(self, table: str, number: int) -> None:
        """Say which rows no entry knows: they were written around the ledger."""
        forms = [form for form in self._forms.known.values() if form.kept_in == table]
        query = sql.SQL(
            "SELECT k.{key} FROM {table} k WHERE NOT EXISTS (SELECT FROM ledger.entry e"
            " WHERE e.form = ANY(%s) AND e.{column} = k.{key}) ORDER BY 1"
        ).format(
            key=sql.Identifier(forms[-1].key),
            table=sql.Identifier("public", table),
            column=sql.Identifier("kept_id" if forms[-1].history else "row_id"),
        )
        with self._connection.cursor("unknown", withhold=False) as cursor:
            cursor.execute(query, [[form.id for form in forms]])
            said = 0
            for (key,) in cursor:
                said += 1
                self._found.fault(
                    "unknown", f"{table} row {key} was written around the ledger: no link seals it."
                )
        if said < number:
            self._found.fault(
                "number", f"{table} has {number - said} rows more than the ledger knows of."
            )


def _parts(sealed: list[Sealed]) -> Iterator[list[Sealed]]:
    for begin in range(0, len(sealed), AT_ONCE):
        yield sealed[begin : begin + AT_ONCE]


def _altered(entry: Entry, record: str) -> str:
    if entry.salt is None:
        return "cannot be compared: its salt was taken away and no erasure is known"
    return "" if digest(entry.salt, record) == entry.digest else "was altered"


NEWEST = sql.SQL(
    "WITH newest AS (SELECT max(history_id) AS history_id FROM {history} GROUP BY id),"
    " past AS (SELECT h.id, h.history_type, {past} AS said"
    " FROM newest JOIN {history} h USING (history_id)),"
    " present AS (SELECT t.id, {present} AS said FROM {table} t)"
    " SELECT id, past.id IS NULL, present.id IS NULL, past.history_type"
    " FROM past FULL JOIN present USING (id)"
    " WHERE past.said IS DISTINCT FROM present.said"
    " OR (past.history_type = '-') <> (present.id IS NULL) ORDER BY id"
)


def check_present(connection: psycopg.Connection, forms: Forms, found: Findings) -> None:
    """Every row that keeps history is as its newest row of history says, or as gone."""
    for form in forms.newest.values():
        if form.history is None or not forms.comparable(form):
            continue
        if form.table not in forms.columns:
            continue  # said already
        query = NEWEST.format(
            history=sql.Identifier("public", form.history),
            table=sql.Identifier("public", form.table),
            past=form.record("h", own=True),
            present=form.record("t", own=True),
        )
        with connection.cursor("present", withhold=False) as cursor:
            cursor.execute(query)
            for key, no_past, no_present, last in cursor:
                sentence = _how_they_differ(no_past, no_present, last)
                if sentence:
                    found.fault("present", f"{form.table} row {key} {sentence}.")


def _how_they_differ(no_past: bool, no_present: bool, last: str | None) -> str:
    if no_past:
        return "has no history"
    if no_present:
        return "" if last == REMOVED else "is gone, and its history does not say so"
    return (
        "was removed by its history, and is there"
        if last == REMOVED
        else ("is not what its history says")
    )
