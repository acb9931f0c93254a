"""A database of before the ledger is adopted as it stands, and is sound from then on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection

from cases.audit import capturing
from hatecrime.owner import as_owner
from tests import databases
from tests.audit.tampering import Sealed
from tests.casework.story import Story

ROOT = Path(__file__).resolve().parents[2]
SQL = ROOT / "cases" / "audit" / "sql" / "ledger.sql"


def test_rows_that_history_did_not_follow_are_adopted_as_they_are(
    told: Story, anchors: Path
) -> None:
    ledger = Sealed(connection.settings_dict["NAME"], anchors)
    with databases.as_superuser(ledger.name) as server:
        server.execute("DROP SCHEMA ledger CASCADE")
    # What bulk updates left behind: a row changed, one with no history, one that is gone.
    ledger.tamper("UPDATE casework_case SET next_due_at = now() WHERE id = %s", told.case.pk)
    ledger.tamper("DELETE FROM people_historicalperson WHERE id = %s", told.amara.pk)
    ledger.tamper("DELETE FROM casework_clock WHERE id = (SELECT max(id) FROM casework_clock)")
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute(SQL.read_text())
        capturing.install(connection)
    assert ledger.faults() == []
    newest: Any = told.case.history.latest()
    assert newest.next_due_at == type(told.case).objects.get(pk=told.case.pk).next_due_at
