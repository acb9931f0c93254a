"""What sealing costs: 32 writers for a minute, with and without it (issue 4.5; bar section 3).

Each transaction writes a row that keeps history and an event, waits 50 ms as for other work, and
commits, as the role the application serves as.  Afterwards the sealed chain is read from its
beginning, by a reader that shares nothing with the one that wrote it.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from hatecrime import postgres
from hatecrime.postgres_programs import binaries
from hatecrime.postgres_roles import APP, AUDITOR
from tests.launch.machine import ROOT

WRITERS = 32
OTHER_WORK = 50  # milliseconds in each transaction
FLAT_OUT = 10  # seconds without it
PROCESSES = 4

# One update of a row with history and one event, by as many people as there are writers.
WRITE = """
BEGIN;
SELECT set_config('app.actor', '1', true), set_config('app.request', 'soak', true),
    set_config('app.purpose', 'soak', true), set_config('app.session', 'soak', true),
    set_config('app.at', now()::text, true);
UPDATE people_person SET known_as = md5(random()::text) WHERE id =
    (SELECT id FROM people_person ORDER BY id OFFSET :client_id LIMIT 1);
INSERT INTO audit_event (at, actor_id, actor_name, verb, case_reference, subject_kind, subject_id,
    changes, reason, request_id)
VALUES (now(), 1, 'soak', 'person.changed', '', 'people.person', :client_id, '{}', '', 'soak');
OTHER WORK
COMMIT;
"""

# What is switched off: nothing, the seal at commit, or all capture (and with it history).
OFF = {"sealed": "-", "not sealed": "ledger.seal()", "not captured": "ledger.keep_%"}


@dataclass
class Cost:
    """Transactions a second, by what was switched off; and what the chain says."""

    held: dict[str, float] = field(default_factory=dict)
    """With other work in each transaction."""
    flat_out: dict[str, float] = field(default_factory=dict)
    by_operations: dict[str, float] = field(default_factory=dict)
    """The same with an operation of the application in the transaction."""
    links: int = 0
    verified: str = ""
    faults: list[str] = field(default_factory=list)

    def said(self) -> str:
        """The figures in a sentence or two."""
        rates = "; ".join(
            f"{what}: {', '.join(f'{rate:.0f} {how}' for how, rate in rates.items())}, ratio"
            f" {rates['sealed'] / (rates['not sealed'] or 1):.2f} of not sealed and"
            f" {rates['sealed'] / (rates['not captured'] or 1):.2f} of not captured"
            for what, rates in (
                (f"{WRITERS} writers with {OTHER_WORK} ms, a second", self.held),
                ("flat out", self.flat_out),
                ("by operations", self.by_operations),
            )
            if rates
        )
        return f"{rates}; {self.links} links, no fork: {not self.faults}; {self.verified}"


def campaign(home: Path, *, seconds: int) -> Cost:
    """Measure each way in a clone of its own of the database of the server at ``home``."""
    cost = Cost()
    for how, off in OFF.items():
        with cloned(home, off) as name:
            cost.held[how] = pgbench(home, name, seconds, OTHER_WORK)
            cost.flat_out[how] = pgbench(home, name, FLAT_OUT, 0)
            cost.by_operations[how] = operating(home, name, seconds)
            if how == "sealed":
                look(home, name, cost)
    return cost


def at(home: Path, name: str, role: str) -> str:
    """The address of a database of that server."""
    return postgres.address(role, home).replace(f"/{postgres.NAME}?", f"/{name}?")


@contextmanager
def cloned(home: Path, off: str) -> Iterator[str]:
    """A copy of the demo data for as long as the block lasts, with these triggers off."""
    copy = sql.Identifier("soak_sealing")
    admin = psycopg.connect(at(home, "postgres", postgres.SUPERUSER), autocommit=True)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy)
    with admin:
        admin.execute(drop)
        original = sql.Identifier(postgres.NAME)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, original))
        roles = sql.SQL(", ").join(map(sql.Identifier, (APP, AUDITOR)))
        admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(copy, roles))
        switch_off(at(home, "soak_sealing", postgres.SUPERUSER), off)
        admin.execute("CHECKPOINT")
        try:
            yield "soak_sealing"
        finally:
            admin.execute(drop)


def switch_off(address: str, off: str) -> None:
    """Disable every trigger that calls a function of such a name. Raises LookupError."""
    with psycopg.connect(address) as database:
        found = database.execute(
            "SELECT n.nspname, c.relname, t.tgname FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE t.tgfoid::regprocedure::text LIKE %s",
            [off],
        ).fetchall()
        if not found and off != OFF["sealed"]:
            raise LookupError(f"no trigger calls {off}")
        for schema, table, trigger in found:
            database.execute(
                sql.SQL("ALTER TABLE {} DISABLE TRIGGER {}").format(
                    sql.Identifier(schema, table), sql.Identifier(trigger)
                )
            )


def pgbench(home: Path, name: str, seconds: int, other_work: int) -> float:
    """Transactions a second of the write above by 32 clients of PostgreSQL's own benchmark."""
    script = home.with_name("sealing.pgbench")
    pause = f"\\sleep {other_work} ms" if other_work else ""
    script.write_text(re.sub(r"\n +", " ", WRITE).replace("OTHER WORK", pause))
    program = [str(binaries() / "pgbench"), "-n", "-M", "prepared", "-f", str(script)]
    ended = subprocess.run(
        [*program, "-c", str(WRITERS), "-j", "2", "-T", str(seconds), at(home, name, APP)],
        capture_output=True,
        text=True,
    )
    rate = re.search(r"^tps = ([\d.]+)", ended.stdout, re.M)
    if ended.returncode or rate is None or "failed transactions: 0 " not in ended.stdout:
        raise RuntimeError(f"pgbench: {ended.stdout[-1000:]}{ended.stderr[-2000:]}")
    return float(rate[1])


def operating(home: Path, name: str, seconds: int) -> float:
    """Operations a second of as many threads, in a few processes (tests.soak.operating)."""
    env = {
        **os.environ,
        "DATABASE_URL": at(home, name, APP),
        "HATECRIME_VAR": str(home.parent),
        "DJANGO_SETTINGS_MODULE": "hatecrime.settings",
    }
    each = WRITERS // PROCESSES
    at_work = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.soak.operating", *map(str, (first, each, seconds))],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in range(0, WRITERS, each)
    ]
    return sum(float(process.communicate()[0].split()[-1]) for process in at_work)


def look(home: Path, name: str, cost: Cost) -> None:
    """Read the chain here, and have the application verify it."""
    with psycopg.connect(at(home, name, AUDITOR)) as database:
        cost.links, faults = read(database)
    cost.faults += faults
    begun = time.monotonic()
    verified = verify(at(home, name, AUDITOR))
    said = [line for line in verified.stdout.splitlines() if "a second" in line]
    cost.verified = said[0] if said else f"verified in {time.monotonic() - begun:.0f} s"
    if verified.returncode:
        cost.faults.append(f"verify_ledger: {(verified.stdout + verified.stderr)[-600:]}")


def verify(address: str) -> subprocess.CompletedProcess[str]:
    """What `manage.py verify_ledger` says as whoever signs in at that address."""
    return subprocess.run(
        [sys.executable, "manage.py", "verify_ledger", "--database-url", address],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
    )


def read(database: psycopg.Connection[Any]) -> tuple[int, list[str]]:
    """How many links the chain has, and what is wrong with it, each worked out from its rows."""
    before, links, at_us = bytes(32), 0, 0
    faults = []
    with database.cursor("links") as rows:
        rows.execute(
            "SELECT seq, at_us, actor, request, purpose, session, backend, entries, body, hash"
            " FROM ledger.link ORDER BY seq"
        )
        for *said, body, link in rows:
            links += 1
            framed = "".join(f"{len(s.encode())}:{s}" for s in [*map(str, said), body.hex()])
            if link != hashlib.sha256(before + framed.encode()).digest() or said[0] != links:
                faults.append(f"Link {said[0]} does not follow the one before it.")
            if said[1] <= at_us:
                faults.append(f"Link {said[0]} is not later than the one before it.")
            before, at_us = link, said[1]
    head = database.execute("SELECT seq, at_us, hash FROM ledger.head").fetchall()
    if head != [(links, at_us, before)]:
        faults.append("The head is not the last link.")
    return links, faults[:10]
