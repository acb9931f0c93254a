"""Verifying the ledger: is every link, every row and every anchor as it was?

Made to be run from another machine by somebody who may only read (``hatecrime_audit``): one
REPEATABLE READ READ ONLY transaction, cursors that stay at the server, hashes made here.  It says
numbers and names of tables, never what a row holds.  No Django.  Source: bar row 35, section 3.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg

from cases.audit.chain import ZERO, Tip
from cases.audit.verifying_anchors import check_anchors
from cases.audit.verifying_chain import Walk
from cases.audit.verifying_rows import Forms, Rows, check_present

# So that a record reads the same whoever asks (the capturing functions fix the same).
SETTINGS = (
    "SET search_path = pg_catalog, pg_temp; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD';"
    "SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1;"
    "SET client_encoding = 'UTF8'; SET statement_timeout = 0; SET lock_timeout = 0;"
    "SET idle_in_transaction_session_timeout = 0"
)
MOST_OF_A_KIND = 100

Advance = Callable[[int], object]


class CannotLook(RuntimeError):
    """There is no saying whether the ledger is sound; the message is a sentence why."""


@dataclass
class Findings:
    """What was found: faults are said as they are found, notes and counts at the end."""

    say: Callable[[str], object]
    faults: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    links: int = 0
    entries: int = 0
    rows: int = 0
    anchors: int = 0
    adopted: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    def fault(self, kind: str, sentence: str) -> None:
        """Say one fault; of very many of one kind only the first, and then how many."""
        self.faults[kind] += 1
        if self.faults[kind] <= MOST_OF_A_KIND:
            self.say(sentence)

    def note(self, sentence: str) -> None:
        """Keep something that whoever reads the result must know, and that is no fault."""
        self.notes.append(sentence)

    def end(self) -> None:
        """Say how many faults of a kind were not said one by one."""
        for kind, number in self.faults.items():
            if number > MOST_OF_A_KIND:
                self.say(f"… and {number - MOST_OF_A_KIND} more such ({kind}).")

    @property
    def sound(self) -> bool:
        """Whether nothing was wrong."""
        return not self.faults


@dataclass(frozen=True)
class Asked:
    """What to verify: whose anchors, signed by which keys, and from which link on."""

    address: str
    anchors: Path | None = None
    keys: frozenset[str] = frozenset()
    since: int = 0


def verify(
    asked: Asked,
    now: datetime,
    say: Callable[[str], object],
    progress: Callable[[int], Advance] = lambda total: lambda done: None,
) -> Findings:
    """Look at everything once and say each fault.  Raises :class:`CannotLook`.

    ``progress`` is told how many links there are and gives what to tell of each few.
    """
    found = Findings(say)
    begun = time.monotonic()
    try:
        with reading(asked.address) as connection:
            _check(connection, asked, now, found, progress)
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        raise CannotLook(f"The ledger cannot be read: {said}") from error
    except OSError as error:
        raise CannotLook(f"{error.filename} cannot be read: {error.strerror}.") from error
    found.seconds = time.monotonic() - begun
    found.end()
    return found


@contextmanager
def reading(address: str) -> Iterator[psycopg.Connection]:
    """One snapshot of the database, in which nothing can be written."""
    with psycopg.connect(address, connect_timeout=10) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute(SETTINGS)
        yield connection
        connection.rollback()


def _check(
    connection: psycopg.Connection,
    asked: Asked,
    now: datetime,
    found: Findings,
    progress: Callable[[int], Advance],
) -> None:
    head = _head(connection, found)
    start = _start(connection, asked.since)
    forms = Forms(connection, since=asked.since)
    rows = Rows(connection, forms, found)
    advance = progress(max(0, head.seq - start.seq))
    end = Walk(connection, found, rows.take, advance).walk(start)
    rows.finish()
    _check_head(head, end, found)
    check_present(connection, forms, found)
    _check_pending(connection, found)
    if asked.anchors is not None:
        check_anchors(connection, asked.anchors, asked.keys, end, now, found)


def _head(connection: psycopg.Connection, found: Findings) -> Tip:
    rows = connection.execute("SELECT seq, at_us, hash FROM ledger.head").fetchall()
    if len(rows) != 1:
        found.fault("head", f"The ledger has {len(rows)} heads instead of one.")
        return Tip(0, 0, ZERO)
    seq, at_us, last = rows[0]
    return Tip(seq, at_us, last)


def _start(connection: psycopg.Connection, since: int) -> Tip:
    """The link to begin behind.  Raises :class:`CannotLook` if it is not there."""
    if since == 0:
        return Tip()
    row = connection.execute(
        "SELECT seq, at_us, hash FROM ledger.link WHERE seq = %s", [since]
    ).fetchone()
    if row is None:
        raise CannotLook(f"There is no link {since} to begin from: verify the whole ledger.")
    return Tip(*row)


def _check_head(head: Tip, end: Tip, found: Findings) -> None:
    if head == end:
        return
    if head.seq > end.seq:
        found.fault(
            "cut",
            f"The ledger has been cut: its last link is {end.seq}, and its head says {head.seq}.",
        )
    else:
        found.fault("head", f"The head says {head.seq} and is not what link {end.seq} ends with.")


def _check_pending(connection: psycopg.Connection, found: Findings) -> None:
    """Nothing that was committed waits to be sealed, as far as this role can see it."""
    (may,) = connection.execute(
        "SELECT has_table_privilege('ledger.pending', 'SELECT')"
    ).fetchone() or (False,)
    if not may:
        return
    (left,) = connection.execute("SELECT count(*) FROM ledger.pending").fetchone() or (0,)
    if left:
        found.fault("pending", f"{left} committed writes were never sealed (ledger.pending).")
