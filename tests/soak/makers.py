"""Makers of the month's report: killed half-way, and several at once (issue "monthly report").

A server and a PostgreSQL of its own.  Each round somebody presses the button, twice at once; so
many makers are killed with SIGKILL wherever they are just then, and two more begin together.
Afterwards there is one report, whole, or after three kills none and a sentence that says so.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from hatecrime import postgres
from hatecrime.postgres_roles import AUDITOR
from tests.launch.machine import ROOT, wait_until
from tests.soak import sealing
from tests.soak.kills import Server, environment
from tests.soak.races import filled, form_of, together
from tests.soak.visiting import Answer, Visitor

ASKER = "sunita"
ASK = "/monitoring/reports/new/"
GIVEN_UP = 3
"""So many makers killed, and the run is given up."""
FILES = {3, 6}  # those with full numbers, and unless they are withheld those to share
MINUTES = 5
"""So long any one maker may take."""


@dataclass
class Made:
    """What became of the reports."""

    rounds: int = 0
    kills: int = 0
    at: list[int] = field(default_factory=list)
    """How far each maker was when it was killed, of a hundred."""
    raced: int = 0
    whole: int = 0
    given_up: int = 0
    faults: list[str] = field(default_factory=list)

    def said(self) -> str:
        where = f", between {min(self.at)}% and {max(self.at)}%" if self.at else ""
        return (
            f"{self.rounds} reports asked for twice at once, {self.kills} makers killed{where}, "
            f"{self.raced} raced by two; {self.whole} made whole, {self.given_up} given up"
        )


class Maker:
    """A process that makes every report that waits, as the clockwork starts it."""

    def __init__(self, var: Path, port: int) -> None:
        with (var / "makers.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "make_reports"],
                cwd=ROOT,
                env=environment(var, port),
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """With no chance to tidy up."""
        self.process.kill()
        self.process.wait()

    def ended(self) -> int:
        """Its exit code, once it has one."""
        try:
            return self.process.wait(MINUTES * 60)
        finally:
            with suppress(ProcessLookupError):
                self.process.kill()


def campaign(
    var: Path, port: int, people: list[tuple[str, str]], *, rounds: int, seconds: int
) -> Made:
    """Ask, kill, race, look: so often, or until the time is up."""
    made, server, chance = Made(), Server(var, port), random.Random(6)
    until = time.monotonic() + seconds
    server.start()
    try:
        who = next(each for each in people if each[0].startswith(f"{ASKER}@"))
        both = [Visitor(port), Visitor(port)]
        for visitor in both:
            visitor.sign_in(*who)
        with psycopg.connect(postgres.url(var / "postgres"), autocommit=True) as database:
            Maker(var, port).ended()  # whatever waited before
            for number in range(rounds):
                if time.monotonic() > until:
                    break
                one_round(var, both, database, made, chance, kills=number % (GIVEN_UP + 1))
    finally:
        server.kill()
    address = postgres.address(AUDITOR, var / "postgres")
    verified = sealing.verify(address)
    if verified.returncode:
        made.faults.append(f"verify_ledger: {(verified.stdout + verified.stderr)[-1000:]}")
    return made


def one_round(
    var: Path,
    both: list[Visitor],
    database: psycopg.Connection[Any],
    made: Made,
    chance: random.Random,
    *,
    kills: int,
) -> None:
    """A report asked for, its first makers killed, and what came of it."""
    run = asked(both, database, made)
    if run is None:
        return
    made.rounds += 1
    for _ in range(kills):
        kill_one(var, both[0].port, database, made, run, chance.randint(1, 95))
    makers = [Maker(var, both[0].port), Maker(var, both[0].port)]
    codes = [maker.ended() for maker in makers]
    made.raced += 1
    if any(codes):
        made.faults.append(f"Of two makers at once one ended with {max(codes)}.")
    look(both[0], database, made, run, kills)


def asked(both: list[Visitor], database: psycopg.Connection[Any], made: Made) -> int | None:
    """The run of a button pressed twice at once: there is one."""
    forms = [form_of(visitor, ASK, "month") for visitor in both]
    month = next(filter(None, forms[0].choices["month"]))

    def press(visitor: Visitor, number: int) -> Answer:
        return visitor.post(forms[number].action, filled(forms[number], month=month, company="all"))

    answers = together(lambda: press(both[0], 0), lambda: press(both[1], 1))
    runs = database.execute(
        "select id from reporting_run where state in ('WAITING', 'MAKING')"
    ).fetchall()
    places = {answer.to for answer in answers}
    if len(runs) != 1 or places != {f"/monitoring/reports/{runs[0][0]}/"}:
        made.faults.append(f"Pressed twice: {len(runs)} runs, led to {sorted(places)}.")
        return None
    return int(runs[0][0])


def kill_one(
    var: Path, port: int, database: psycopg.Connection[Any], made: Made, run: int, at: int
) -> None:
    """Begin to make it, and kill the maker when it is so far, of a hundred."""
    tries, maker = state_of(database, run)[1], Maker(var, port)

    def far_enough() -> bool:
        _, now, done = state_of(database, run)
        return (now > tries and done >= at) or maker.process.poll() is not None

    wait_until(far_enough, MINUTES * 60)
    maker.kill()
    state, _, done = state_of(database, run)
    if state != "MAKING":
        made.faults.append(f"A maker was through before it could be killed: {state}.")
        return
    made.kills += 1
    made.at.append(done)
    held = (
        "select from pg_locks l join pg_database d on d.oid = l.database"
        " where locktype = 'advisory' and objsubid = 2 and datname = current_database()"
    )
    wait_until(lambda: database.execute(held).fetchone() is None, 30)


def state_of(database: psycopg.Connection[Any], run: int) -> tuple[str, int, int]:
    """How a run stands: its state, how often it was begun, how far it is."""
    asked = "select state, tries, done from reporting_run where id = %s"
    row = database.execute(asked, [run]).fetchone()
    assert row is not None
    state, tries, done = row
    return state, tries, done


def look(
    visitor: Visitor, database: psycopg.Connection[Any], made: Made, run: int, kills: int
) -> None:
    """Whether it is whole, once and by one maker; or nothing, and said so."""
    state, tries, _ = state_of(database, run)
    files = database.execute(
        "select f.id, f.content, f.sha256 from reporting_reportfile f"
        " join reporting_snapshot s on s.id = f.snapshot_id where s.run_id = %s",
        [run],
    ).fetchall()
    (snapshots,) = counted(database, "reporting_snapshot", "run_id", run)
    (lines,) = counted(database, "reporting_historicalrun", "id", run)
    (told,) = counted(database, "audit_event", "subject_kind = 'reporting.run' and subject_id", run)
    wrong = []
    if kills >= GIVEN_UP:
        made.given_up += 1
        wanted = ("FAILED", GIVEN_UP, 0, 2)
        wrong += ["has files"] if files else []
    else:
        made.whole += 1
        wanted = ("DONE", kills + 1, 1, 2)
        wrong += [] if len(files) in FILES else [f"has {len(files)} files"]
        wrong += [f"gave {s} for a file" for s in statuses(visitor, run, files) if s != 200]
    found = (state, tries, snapshots, told)
    wrong += [] if found == wanted else [f"is {found}, not {wanted}"]
    wrong += ["has a file that is not what was made"] * any(
        sha256(content).hexdigest() != digest for _, content, digest in files
    )
    # Asked for, begun, begun again, ended: how far it was each second is no history.
    wrong += [f"has {lines} rows of history"] if lines > 2 + 2 * (kills + 1) else []
    made.faults += [f"A report of which {kills} makers were killed {what}." for what in wrong]


def counted(database: psycopg.Connection[Any], table: str, column: str, run: int) -> Any:
    """How many rows of a table are of a run."""
    return database.execute(
        f"select count(*) from {table} where {column} = %s",
        [run],
    ).fetchone()


def statuses(visitor: Visitor, run: int, files: list[Any]) -> list[int]:
    """What the server says to whoever downloads each file from the report's page."""
    page = visitor.get(f"/monitoring/reports/{run}/").page()
    forms = {form.action: form for form in page.forms}
    found = []
    for number, *_ in files:
        form = forms.get(f"/monitoring/files/{number}/")
        found.append(visitor.post(form.action, form.as_drawn()).status if form else 0)
    return found
