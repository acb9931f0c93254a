"""What is left after the killing: what was acknowledged, and every row with all that belongs to it.

Looked at as somebody who sees everything, what waits to be sealed included.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from hatecrime import postgres
from hatecrime.postgres_roles import AUDITOR
from tests.soak import sealing

if TYPE_CHECKING:
    from tests.soak.kills import Kept

# Everything a write leaves must have its event in the same request, or the write was torn.
ORPHANS = {
    "a note without an event": """select count(*) from casework_note n where n.text like %(mark)s
        and not exists (select 1 from audit_event e where e.subject_kind = 'casework.note'
        and e.subject_id = n.id)""",
    "a person without an event": """select count(*) from people_person p
        where p.full_name like %(mark)s and not exists (select 1 from audit_event e
        where e.subject_kind = 'people.person' and e.subject_id = p.id)""",
    "a sheet without an event": """select count(*) from intake_callsheet s where not exists
        (select 1 from audit_event e where e.subject_kind = 'intake.callsheet'
        and e.subject_id = s.id)""",
    "a case without an event": """select count(*) from casework_case c where not exists
        (select 1 from audit_event e where e.case_reference = c.reference
        and e.verb = 'case.opened')""",
    "a case without history": """select count(*) from casework_case c where not exists
        (select 1 from casework_historicalcase h where h.id = c.id)""",
    "a case without a clock": """select count(*) from casework_case c where not exists
        (select 1 from casework_clock k where k.case_id = c.id)""",
    "a sent sheet without its report": """select count(*) from intake_callsheet s
        where s.state = 'SENT' and not exists
        (select 1 from intake_report r where r.sheet_id = s.id)""",
    "a report without an event": """select count(*) from intake_report r where not exists
        (select 1 from audit_event e where e.subject_kind = 'intake.report'
        and e.subject_id = r.id and e.verb = 'report.submitted')""",
    "a report without an incident": """select count(*) from intake_report r where not exists
        (select 1 from intake_reportincident t where t.report_id = r.id)""",
    "a triaged report without a route": """select count(*) from intake_report r
        where r.triaged_at is not null and not exists
        (select 1 from intake_routerecord t where t.report_id = r.id)""",
    "a hate report without a case": """select count(*) from intake_report r
        join intake_routerecord t on t.report_id = r.id and t.route = 'HATE'
        where r.case_id is null""",
    "an account without an event": """select count(*) from casework_account a
        where a.words like %(mark)s and not exists (select 1 from audit_event e
        where e.subject_kind = 'casework.account' and e.subject_id = a.id)""",
    "an event of a note that is not there": """select count(*) from audit_event e
        where e.subject_kind = 'casework.note' and not exists
        (select 1 from casework_note n where n.id = e.subject_id)""",
}


COLUMNS = {
    "casework_note": "text",
    "people_person": "full_name",
    "intake_sheetanswer": "value #>> '{}'",
    "casework_account": "words",
}


def look(var: Path, kept: Kept) -> None:
    """Count what was acknowledged and is not there, and what is there without its event."""
    address = postgres.address(postgres.SUPERUSER, var / "postgres")
    with psycopg.connect(address) as database:
        for table, column in COLUMNS.items():
            asked = f"select {column} from {table} where {column} like 'killed %'"
            there = [text for (text,) in database.execute(asked)]
            told = [text for name, text in kept.told if name == table]
            kept.lost += len(set(told) - set(there))
            kept.doubled += len(there) - len(set(there))
        for what, asked in ORPHANS.items():
            row = database.execute(asked, {"mark": "killed %"}).fetchone()
            if row and row[0]:
                kept.orphans.append(f"{what}: {row[0]}")
        kept.entries, orphans = unsealed(database)
        kept.links, faults = sealing.read(database)
    kept.orphans += orphans
    kept.faults += faults
    verified = sealing.verify(postgres.address(AUDITOR, var / "postgres"))
    if verified.returncode:
        kept.faults.append(f"verify_ledger: {(verified.stdout + verified.stderr)[-1000:]}")


def unsealed(database: psycopg.Connection[Any]) -> tuple[int, list[str]]:
    """How many entries there are, and what has a row and no entry, an entry and no row."""
    orphans, entries = [], 0
    forms = database.execute(
        "select table_name, max(history_table), array_agg(id) from ledger.form group by 1"
    ).fetchall()
    for table, history, ids in forms:
        names = {
            "table": sql.Identifier(history or table),
            "key": sql.Identifier("history_id" if history else "id"),
            "entry": sql.Identifier("kept_id" if history else "row_id"),
        }
        for what, asked in (("a row", ROWS), ("an entry", ENTRIES)):
            row = database.execute(sql.SQL(asked).format(**names), [ids]).fetchone()
            if row and row[0]:
                orphans.append(f"{what} of {table} without its other: {row[0]}")
    for asked, what in (
        ("select count(*) from ledger.pending", "a write that waits to be sealed"),
        (
            "select count(*) from ledger.link l where l.entries <>"
            " (select count(*) from ledger.entry e where e.seq = l.seq)",
            "a link without its entries",
        ),
        (
            "select count(*) from ledger.entry e where not exists"
            " (select 1 from ledger.link l where l.seq = e.seq)",
            "an entry without its link",
        ),
    ):
        row = database.execute(asked).fetchone()
        if row and row[0]:
            orphans.append(f"{what}: {row[0]}")
    row = database.execute("select count(*) from ledger.entry").fetchone()
    entries = int(row[0]) if row else 0
    return entries, orphans


ROWS = """select count(*) from {table} t where not exists
    (select 1 from ledger.entry e where e.form = any(%s) and e.{entry} = t.{key})"""
# Of a row without history that was deleted, only the entry that says so is left.
ENTRIES = """select count(*) from ledger.entry e where e.form = any(%s) and not exists
    (select 1 from {table} t where t.{key} = e.{entry}) and (e.kept_id is not null or not exists
    (select 1 from ledger.entry d where d.form = e.form and d.row_id = e.row_id and d.op = '-'))"""
