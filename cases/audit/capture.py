# ruff: noqa: S608 (statements made of our own models' names: no input)
"""Every write of a case table is kept, whichever way it comes: the database sees to it.

Installed at the end of every ``migrate``, as the owner, on every table of the ``cases`` apps, so
that no model can forget it.  After each statement a trigger writes the history of the rows it
wrote (for models that keep history: django-simple-history then only reads) and leaves their
digests to be sealed at commit (``sql/ledger.sql``).  A write that names no actor is refused.
Source: issue "ledger", bar section 3; docs/decisions/0020-sealed-at-commit.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from simple_history.models import HistoricalChanges

OPERATIONS = ("insert", "update", "delete")

# The settings a record's text depends on, fixed so that it is the same whoever asks.
AS_TEXT = (
    ("TimeZone", "'UTC'"),
    ("DateStyle", "'ISO, YMD'"),
    ("IntervalStyle", "'postgres'"),
    ("bytea_output", "'hex'"),
    ("extra_float_digits", "'1'"),
)

# What a row of history says beside the row: when, how, who and why.
HISTORY_SAYS = ("history_date", "history_type", "history_user_id", "history_change_reason")


@dataclass(frozen=True)
class Kept:
    """A table whose rows are kept: the columns a digest covers, and its history if it has one."""

    table: str
    history: str | None
    columns: tuple[str, ...]
    passing: tuple[str, ...] = ()
    """The columns whose change alone is none (``keep_history``)."""

    @property
    def own(self) -> tuple[str, ...]:
        """The columns that are the table's own, not only its history's."""
        return tuple(name for name in self.columns if name not in HISTORY_SAYS)

    @property
    def function(self) -> str:
        """The trigger function that keeps this table's rows."""
        return f"keep_{self.table}"


def captured() -> Iterator[Kept]:
    """Every captured table: all those of the ``cases`` apps, many-to-many tables included."""
    for config in apps.get_app_configs():
        if not config.name.startswith("cases."):
            continue
        for model in config.get_models(include_auto_created=True):
            if not is_history(model):
                yield _kept(model)


def is_history(model: type[models.Model]) -> bool:
    """Whether a model is the history of another."""
    return issubclass(model, HistoricalChanges)


def _kept(model: type[models.Model]) -> Kept:
    fields = [one for one in model._meta.concrete_fields if not one.generated]
    own = [str(one.column) for one in fields]
    manager: Any = getattr(model, "history", None)
    if manager is None:
        return Kept(model._meta.db_table, None, tuple(own))
    past = manager.model._meta
    known = {one.column for one in past.concrete_fields}
    both = tuple(one for one in own if one in known)
    passing = tuple(str(one.column) for one in fields if one.name in manager.model.passing)
    return Kept(model._meta.db_table, past.db_table, (*both, *HISTORY_SAYS), passing)


@lru_cache(256)
def function_sql(kept: Kept, form: int) -> str:
    """The trigger function that keeps the rows of one table."""
    settings = " ".join(f'SET "{name}" = {value}' for name, value in AS_TEXT)
    branches = "\n".join(
        f"    {word} TG_OP = '{operation.upper()}' THEN\n{_statement(kept, form, operation)}"
        for word, operation in zip(("IF", "ELSIF", "ELSIF"), OPERATIONS, strict=True)
    )
    return (
        f'CREATE OR REPLACE FUNCTION ledger."{kept.function}"() RETURNS trigger\n'
        "LANGUAGE plpgsql SECURITY DEFINER\n"
        # Many rows of one statement are told from what they were by a hash, never one by one.
        f"SET search_path = pg_catalog, pg_temp SET enable_nestloop = off {settings} AS $keep$\n"
        "DECLARE\n"
        "    actor text := coalesce(current_setting('app.actor', true), '');\n"
        "BEGIN\n"
        "    IF actor = '' THEN\n"
        "        RAISE EXCEPTION 'a write to % names no actor', TG_TABLE_NAME\n"
        "            USING ERRCODE = 'insufficient_privilege';\n"
        "    END IF;\n"
        f"{branches}\n"
        "    END IF;\n"
        "    RETURN NULL;\n"
        "END\n"
        "$keep$;\n"
    )


SIGNS = {"insert": "+", "update": "~", "delete": "-"}


def _source(kept: Kept, operation: str) -> str:
    """The rows of a statement that are kept."""
    if operation != "update":
        return "old_rows r" if operation == "delete" else "new_rows r"
    # What a statement left as it was is no change.
    same = "o OPERATOR(pg_catalog.*=) r"
    if kept.passing:
        old, new = (", ".join(f'{alias}."{name}"' for name in kept.own) for alias in ("o", "r"))
        same = f"ROW({old}) IS NOT DISTINCT FROM ROW({new})"
    return f"new_rows r WHERE NOT EXISTS (SELECT FROM old_rows o WHERE o.id = r.id AND {same})"


def _statement(kept: Kept, form: int, operation: str) -> str:
    sign = SIGNS[operation]
    rows = f"SELECT r.* FROM {_source(kept, operation)}"
    if kept.history is None:
        return f"        {leave_sql(kept, form, sign, rows)} HAVING count(*) > 0;"
    names = ", ".join(f'"{name}"' for name in kept.own)
    return (
        f'        WITH past AS (\n            INSERT INTO public."{kept.history}" ({names},\n'
        f"                {', '.join(HISTORY_SAYS)})\n"
        f"            SELECT {names},\n"
        "                coalesce(nullif(current_setting('app.at', true), '')::timestamptz,\n"
        "                    clock_timestamp()),\n"
        f"                '{sign}', CASE WHEN actor ~ '^[0-9]+$' THEN actor::bigint END,\n"
        "                left(nullif(current_setting('app.reason', true), ''), 100)\n"
        f"            FROM ({rows}) r ORDER BY r.id RETURNING *\n"
        f"        ) {leave_sql(kept, form, sign, 'SELECT * FROM past')}\n"
        "            HAVING count(*) > 0;"
    )


def leave_sql(kept: Kept, form: int, sign: str, rows: str) -> str:
    """Leave the digests of ``rows`` to be sealed, with a salt for each.

    ``rows`` is a query of the table itself or, if it keeps history, of rows of its history.
    """
    order = "id" if kept.history is None else "history_id"
    kept_id = "NULL::bigint" if kept.history is None else "k.history_id::bigint"
    said = ",\n            ".join(
        f"array_agg({one} ORDER BY k.{order})"
        for one in (
            "k.id",
            kept_id,
            f"sha256(k.ledger_salt || convert_to({record(kept, 'k')}, 'UTF8'))",
            "k.ledger_salt",
        )
    )
    return (
        "INSERT INTO ledger.pending (form, op, row_ids, kept_ids, digests, salts)\n"
        f"        SELECT {form}, '{sign}', {said}\n"
        "        FROM (SELECT one.*, uuid_send(gen_random_uuid()) AS ledger_salt\n"
        f"            FROM ({rows}) one) k"
    )


def record(kept: Kept, alias: str) -> str:
    """The SQL of a row's text, as a digest covers it: the same of a row and of its history."""
    return "ROW(" + ", ".join(f'{alias}."{name}"' for name in kept.columns) + ")::text"


def triggers_sql(kept: Kept) -> str:
    """The triggers of one table: after each kind of statement, and never TRUNCATE."""
    rows = {
        "insert": "NEW TABLE AS new_rows",
        "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "delete": "OLD TABLE AS old_rows",
    }
    after = "".join(
        f"CREATE OR REPLACE TRIGGER ledger_{operation} AFTER {operation.upper()}"
        f' ON public."{kept.table}" REFERENCING {rows[operation]}'
        f' FOR EACH STATEMENT EXECUTE FUNCTION ledger."{kept.function}"();\n'
        for operation in OPERATIONS
    )
    return (
        f"{after}CREATE OR REPLACE TRIGGER ledger_whole BEFORE TRUNCATE"
        f' ON public."{kept.table}" FOR EACH STATEMENT EXECUTE FUNCTION ledger.kept();\n'
    )
