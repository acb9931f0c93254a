"""A role that may too much is refused at start: each fault one sentence (bar row 67)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from hatecrime.postgres_roles import APP, ERASER, LEDGER, OWNER
from hatecrime.privileges import privilege_faults
from tests import databases
from tests.launch.test_checks import SAFE, start


@dataclass
class Probe:
    """A role of this test's own that may do what the application may, and then too much."""

    admin: databases.Server
    role: str
    database: str

    def may(self, harm: str) -> None:
        self.admin.execute(sql.SQL(harm).format(role=sql.Identifier(self.role)))  # type: ignore[arg-type]

    def faults(self) -> list[str]:
        address = databases.address(self.database, {"USER": self.role, "PASSWORD": self.role})
        with psycopg.connect(address) as connection, connection.cursor() as cursor:
            return privilege_faults(cursor)  # type: ignore[arg-type]


@pytest.fixture
def probe(own_database: str) -> Iterator[Probe]:
    database = databases.name_in(own_database)
    role = f"probe_{uuid.uuid4().hex[:12]}"
    with databases.as_superuser(database) as admin:
        made = Probe(admin, role, database)
        made.may(f"CREATE ROLE {{role}} LOGIN PASSWORD '{role}' IN ROLE {APP}")
        try:
            yield made
        finally:
            made.may("REASSIGN OWNED BY {role} TO CURRENT_USER")
            made.may("DROP OWNED BY {role}")
            made.may("DROP ROLE {role}")


HARMS = {
    "ALTER ROLE {role} SUPERUSER": "is a superuser",
    "ALTER ROLE {role} BYPASSRLS": "may step over row security",
    "ALTER ROLE {role} CREATEROLE": "may make roles",
    "ALTER ROLE {role} CREATEDB": "may make databases",
    "ALTER ROLE {role} REPLICATION": "may copy the whole server",
    "ALTER TABLE casework_note OWNER TO {role}": "owns casework_note",
    "CREATE SCHEMA own_schema AUTHORIZATION {role}": "owns schema own_schema",
    f"GRANT {OWNER} TO {{role}}": "is a member of hatecrime_ledger, hatecrime_owner",
    f"GRANT {LEDGER} TO {{role}}": "is a member of hatecrime_ledger",
    f"GRANT {ERASER} TO {{role}}": "is a member of hatecrime_erase",
    "GRANT pg_write_server_files TO {role}": "is a member of pg_write_server_files",
    "GRANT UPDATE ON audit_event TO {role}": "may alter or delete rows that are only ever added",
    "GRANT UPDATE (reason) ON audit_event TO {role}": "may alter or delete rows",
    "GRANT DELETE ON audit_access TO {role}": "may alter or delete rows",
    "GRANT TRUNCATE ON casework_historicalcase TO {role}": "may alter or delete rows",
    "GRANT INSERT ON casework_historicalcase TO {role}": "may write history, which only",
    "GRANT INSERT (stage) ON casework_historicalcase TO {role}": "may write history, which only",
    "GRANT INSERT ON ledger.entry TO {role}": "may write the ledger itself (entry)",
    "GRANT UPDATE (seq) ON ledger.head TO {role}": "may write the ledger itself (head)",
    "GRANT CREATE ON SCHEMA ledger TO {role}": "may write the ledger itself (new tables)",
    "GRANT CREATE ON SCHEMA public TO {role}": "may make tables and functions in schema public",
    "GRANT SET ON PARAMETER session_replication_role TO {role}": "may switch all triggers off",
}


def test_each_fault_is_found_and_named(probe: Probe) -> None:
    assert probe.faults() == []
    missed = []
    for harm, words in HARMS.items():
        with probe.admin.transaction(force_rollback=True):
            probe.may(harm)
            # The probe's own connection sees only what is committed: ask in its name instead.
            probe.may("SET LOCAL SESSION AUTHORIZATION {role}")
            with probe.admin.cursor() as cursor:
                found = privilege_faults(cursor)  # type: ignore[arg-type]
        sentence = f"The database role {probe.role} {words}"
        if not any(fault.startswith(sentence) and fault.endswith(".") for fault in found):
            missed.append((harm, found))
    assert missed == []
    assert probe.faults() == []


def test_production_does_not_start_as_the_owner(own_database: str) -> None:
    database = databases.name_in(own_database)
    owner = databases.owner_address(database)
    safe = {"SECRET_KEY": SAFE["SECRET_KEY"], "ALLOWED_HOSTS": "casework.example.org"}
    result = start(DATABASE_URL=owner, **safe)
    assert result.returncode != 0
    assert f"The database role {OWNER} owns the database" in result.stderr
    assert "Traceback" not in result.stderr
