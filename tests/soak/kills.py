"""Killed in the middle of writing: what people were told is saved is there (bar rows 77 and 78).

A server and a PostgreSQL of its own, in a directory of its own.  Writers write all the time;
by turns the web server, one of its workers and PostgreSQL are killed with SIGKILL and started
again.  Afterwards everything acknowledged is looked for, every row for its event and its entry
in the ledger, every entry for its row; and the ledger is verified.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from hatecrime import postgres
from tests.launch.machine import ROOT, wait_until
from tests.soak import outages, remains
from tests.soak.visiting import Answer, Form, Typed, Visitor

CONFIGURED = ("--config", "hatecrime/gunicorn_conf.py", "hatecrime.wsgi")
WRITERS = ("joanne", "dawn", "sunita")
TURNS = ("a worker", "PostgreSQL's work", "PostgreSQL", "the web server", "all at once")


@dataclass
class Kept:
    """What the writers were told, and what came of it."""

    told: list[tuple[str, str]] = field(default_factory=list)
    """Table and text of everything acknowledged."""
    kills: dict[str, int] = field(default_factory=dict)
    outages: dict[str, float] = field(default_factory=dict)
    """The longest anybody waited while PostgreSQL hung or was stopped, in seconds."""
    links: int = 0
    entries: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    orphans: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def environment(var: Path, port: int) -> dict[str, str]:
    """What a process of the application is told: these data, this port, as in production."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DEBUG", "TESTING")}
    return {
        **kept,
        "HATECRIME_VAR": str(var),
        "DATABASE_URL": postgres.url(var / "postgres"),
        "SECRET_KEY": "kept-through-every-restart-of-this-soak-and-used-nowhere-else",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOCAL_HTTP": "1",
        "PORT": str(port),
        "GUNICORN_LOG_LEVEL": "critical",
    }


class Server:
    """gunicorn as `make run` starts it, on a database that is there already."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.var / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *CONFIGURED],
                cwd=ROOT,
                env=environment(self.var, self.port),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.until_ready()

    def until_ready(self) -> None:
        wait_until(lambda: Visitor(self.port).get("/readyz").status == 200, 120)

    def kill(self) -> None:
        """Every process of it, at once, with no chance to tidy up."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def kill_one_worker(self) -> None:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in random.sample(children.read_text().split(), 1):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


def kill_postgres(var: Path) -> None:
    """Kill it with no chance to tidy up, and wait for it to be dead: that takes a moment."""
    os.kill(outages.postmaster(var), signal.SIGKILL)
    wait_until(lambda: not postgres.is_running(var / "postgres"), 30)


class Writer(threading.Thread):
    """Adds people and notes and takes reports, and remembers what was acknowledged."""

    def __init__(self, port: int, email: str, password: str, case: str, kept: Kept) -> None:
        super().__init__()
        self.port, self.email, self.password, self.case = port, email, password, case
        self.kept, self.stopping = kept, threading.Event()
        self.visitor = Visitor(port)
        self.signed_out = 0

    def run(self) -> None:
        while not self.stopping.is_set():
            for write in (self.note, self.person, self.sheet, self.report):
                if not self.stopping.is_set():
                    write()

    def form(self, address: str, name: str) -> Form | None:
        """The form on that page that has such a field, signed in again if need be."""
        page = self.visitor.get(address).page()
        if page.address.startswith("/account/login"):
            self.signed_out += 1
            if self.stopping.wait(5):
                return None
            with contextlib.suppress(StopIteration):
                self.visitor.sign_in(self.email, self.password)
            page = self.visitor.get(address).page()
        found = next((form for form in page.forms if name in form.names), None)
        if found is None:
            time.sleep(0.2)
        return found

    def sent(self, form: Form, table: str, text: str, typed: Typed, to: str = "/") -> Answer:
        """Post it; a redirect that begins with ``to`` is the promise that it is kept."""
        answer = self.visitor.post(form.action, typed)
        with self.kept.lock:
            taken = answer.status == 302 and answer.to.startswith(to)
            if taken and not answer.to.startswith("/account/"):
                self.kept.told.append((table, text))
            else:
                self.kept.refused += 1
        return answer

    def note(self) -> None:
        if not self.case:
            return
        if form := self.form(f"/cases/{self.case}/notes/new/", "text"):
            text = f"killed {uuid.uuid4()}"
            self.sent(form, "casework_note", text, [*form.held, ("kind", "CASE"), ("text", text)])

    def person(self) -> None:
        if form := self.form("/people/add/", "full_name"):
            name = f"killed {uuid.uuid4()}"
            self.sent(form, "people_person", name, [*form.held, ("full_name", name)])

    def sheet(self) -> None:
        """One answer saved on a new call sheet."""
        if form := self.new_sheet():
            text = f"killed {uuid.uuid4()}"
            words = ("incident-1.words", text)
            self.sent(form, "intake_sheetanswer", text, [*form.held, words, ("do", "save")])

    def report(self) -> None:
        """A call sheet sent: a report, a case, people, clocks and more, in one transaction."""
        if form := self.new_sheet():
            text = f"killed {uuid.uuid4()}"
            said = [("incident-1.words", text), ("incident-1.types", "VERBAL")]
            why = [("why.caller", "YES"), ("why.own", "YES"), ("who.person", "new")]
            name = ("who.full_name", f"Ended {text[-8:]}")
            typed = [*form.held, *said, *why, name, ("do", "send")]
            self.sent(form, "casework_account", text, typed, to="/reports/R-")

    def new_sheet(self) -> Form | None:
        form = self.form("/reports/new/", "door")
        if not form:
            return None
        typed = [*form.held, ("door", "VICTIM"), ("channel", "PHONE_INBOUND")]
        typed += [(name, form.texts.get(name, "")) for name in form.boxes]
        started = self.visitor.post(form.action, typed)
        return self.form(started.to, "window") if "/reports/sheets/" in started.to else None


def campaign(
    var: Path, port: int, people: list[tuple[str, str]], *, seconds: int, kills: int
) -> Kept:
    """Write, kill, start again, so often or until the time is up; then look what is left."""
    kept, server = Kept(), Server(var, port)
    server.start()
    try:
        cases = _cases(var)
        who = [(email, word) for email, word in people if email.partition("@")[0] in WRITERS]
        crowd = [Writer(port, *each, cases.get(each[0], ""), kept) for each in who * 2]
        for writer in crowd:  # before the first kill: attempts cut short count as wrong ones
            answer = writer.visitor.sign_in(writer.email, writer.password)
            if answer.status != 302:
                kept.faults.append(f"{writer.email} could not sign in: {answer.status}.")
        for writer in crowd:
            writer.start()
        try:
            _kill_by_turns(var, server, kept, kills, time.monotonic() + seconds)
        finally:
            for writer in crowd:
                writer.stopping.set()
            for writer in crowd:
                writer.join()
        outages.campaign(var, next(writer for writer in crowd if writer.case), kept)
    finally:
        server.kill()
    remains.look(var, kept)
    return kept


def _kill_by_turns(var: Path, server: Server, kept: Kept, kills: int, until: float) -> None:
    chance = random.Random(77)
    for turn in range(kills):
        if time.monotonic() > until:
            return
        time.sleep(chance.uniform(0.5, 2.5))
        what = TURNS[turn % len(TURNS)]
        if what == "a worker":
            server.kill_one_worker()
        elif what == "PostgreSQL's work":  # it starts itself again, and nothing else is told
            with contextlib.suppress(ProcessLookupError):
                os.kill(max(outages.backends(var)), signal.SIGKILL)
            server.until_ready()
        elif what == "PostgreSQL":  # the web server is not told and must find it again
            kill_postgres(var)
            postgres.start(var / "postgres")
            server.until_ready()
        elif what == "the web server":
            server.kill()
            server.start()
        else:
            kill_postgres(var)
            server.kill()
            postgres.start(var / "postgres")
            server.start()
        kept.kills[what] = kept.kills.get(what, 0) + 1


def _cases(var: Path) -> dict[str, str]:
    """A case each lead officer may write on, by email."""
    with psycopg.connect(postgres.url(var / "postgres")) as database:
        rows: list[Any] = database.execute(
            "select distinct on (u.email) u.email, c.reference from casework_case c"
            " join staff_user u on u.id = c.lead_id join casework_declaration d"
            " on d.case_id = c.id and d.user_id = u.id and not d.knows_somebody"
            " where c.stage in ('CONTACT', 'ASSESS', 'PLAN', 'INVESTIGATE') order by 1, 2"
        ).fetchall()
    return dict(rows)
