# ruff: noqa: S608 (statements made of our own models' names: no input)
"""Putting capture in place: run as the owner at the end of every ``migrate``.

Tables seen for the first time have their rows adopted: each is sealed as it stands, marked as
having been there before the ledger was.  Nothing is done, and quickly, where nothing changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.audit.capture import AS_TEXT, Kept, captured, function_sql, leave_sql, triggers_sql

ADOPTED_AT_ONCE = 5_000
IN_FORCE = """
    SELECT c.relname, t.tgname, p.prosrc FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace s ON s.oid = p.pronamespace
    WHERE n.nspname = 'public' AND s.nspname = 'ledger' AND t.tgenabled IN ('O', 'A')
"""


@dataclass(frozen=True)
class _Form:
    id: int
    kept: Kept


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every table captured as it now is, and adopt the rows of those that were not."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        wanted = list(captured())
        mark = _mark(wanted)
        cursor.execute("SELECT obj_description('ledger'::regnamespace, 'pg_namespace')")
        if cursor.fetchone()[0] == mark and not missing(cursor):
            return
        known = _forms(cursor)
        forms = [_form(cursor, kept, known.get(kept.table)) for kept in wanted]
        cursor.execute("SET LOCAL ROLE hatecrime_ledger")
        functions = "".join(function_sql(form.kept, form.id) for form in forms)
        cursor.execute(f"{functions}REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC")
        cursor.execute(f"COMMENT ON SCHEMA ledger IS '{mark}'")
        cursor.execute("RESET ROLE")
        cursor.execute("".join(triggers_sql(form.kept) for form in forms))
        _adopt(cursor, [form for form in forms if form.kept.table not in known])


def missing(cursor: Any) -> list[tuple[str, str]]:
    """The table and trigger of every part of capture that is not in force as it should be."""
    cursor.execute(IN_FORCE)
    in_force = {(table, name): source for table, name, source in cursor.fetchall()}
    cursor.execute("SELECT to_regclass('ledger.form') IS NOT NULL")
    forms = _forms(cursor) if cursor.fetchone()[0] else {}
    faults = []
    for kept in captured():
        form = forms.get(kept.table)
        body = function_sql(kept, form.id).split("$keep$")[1] if form else ""
        for name in ("ledger_insert", "ledger_update", "ledger_delete"):
            if in_force.get((kept.table, name)) != body:
                faults.append((kept.table, name))
        if (kept.table, "ledger_whole") not in in_force:
            faults.append((kept.table, "ledger_whole"))
    return faults


def _mark(wanted: list[Kept]) -> str:
    """What the installed functions and triggers were made from."""
    text = "".join(function_sql(kept, 0) + triggers_sql(kept) for kept in wanted)
    return hashlib.sha256(text.encode()).hexdigest()


def _forms(cursor: Any) -> dict[str, _Form]:
    """The newest form of each table."""
    cursor.execute(
        "SELECT DISTINCT ON (table_name) id, table_name, history_table, columns"
        " FROM ledger.form ORDER BY table_name, id DESC"
    )
    return {
        table: _Form(number, Kept(table, history, tuple(columns)))
        for number, table, history, columns in cursor.fetchall()
    }


def _form(cursor: Any, kept: Kept, known: _Form | None) -> _Form:
    if known is not None and known.kept == replace(kept, passing=()):
        return _Form(known.id, kept)
    cursor.execute(
        "INSERT INTO ledger.form (table_name, history_table, columns)"
        " VALUES (%s, %s, %s) RETURNING id",
        [kept.table, kept.history, list(kept.columns)],
    )
    return _Form(cursor.fetchone()[0], kept)


def _adopt(cursor: Any, forms: list[_Form]) -> None:
    cursor.execute("SELECT set_config('app.actor', 'migrate', true)")
    cursor.execute("SELECT set_config('app.purpose', 'adopted', true)")
    for name, value in AS_TEXT:
        cursor.execute(f'SET LOCAL "{name}" = {value}')
    for form in forms:
        if form.kept.history is not None:
            cursor.execute(_history_sql(form.kept))
        cursor.execute(_adoption_sql(form))


def _history_sql(kept: Kept) -> str:
    """Bring a history up to what the rows are: once, bulk changes went by without it."""
    names, past, present = (
        ", ".join(f'{alias}"{name}"' for name in kept.own) for alias in ("", "h.", "t.")
    )
    return (
        f'INSERT INTO public."{kept.history}"'
        f" ({names}, history_date, history_type, history_change_reason)\n"
        f'WITH h AS (SELECT DISTINCT ON (id) * FROM public."{kept.history}"'
        " ORDER BY id, history_id DESC)\n"
        f"SELECT {present}, clock_timestamp(), CASE WHEN h.id IS NULL THEN '+' ELSE '~' END,"
        f" 'adopted' FROM public.\"{kept.table}\" t LEFT JOIN h USING (id)\n"
        f"WHERE h.id IS NULL OR h.history_type = '-'"
        f" OR ROW({past})::text <> ROW({present})::text\n"
        f"UNION ALL SELECT {past}, clock_timestamp(), '-', 'adopted' FROM h\n"
        f"WHERE h.history_type <> '-' AND NOT EXISTS ("
        f'SELECT FROM public."{kept.table}" t WHERE t.id = h.id)'
    )


def _adoption_sql(form: _Form) -> str:
    """Leave all that was there to be sealed, some thousands of rows at a time."""
    key = "id" if form.kept.history is None else "history_id"
    rows = (
        f"SELECT old.*, (row_number() OVER (ORDER BY old.{key}) - 1) / {ADOPTED_AT_ONCE}"
        f' AS ledger_part FROM public."{form.kept.history or form.kept.table}" old'
    )
    return f"{leave_sql(form.kept, form.id, 'A', rows)} GROUP BY ledger_part ORDER BY ledger_part"
