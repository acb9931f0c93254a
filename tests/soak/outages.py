"""PostgreSQL hangs, and PostgreSQL is stopped, under somebody's hands (bar row 78).

Either way there is a page within five seconds, with the number to ring and everything typed; and
what is on that page, sent again when PostgreSQL is back, is kept whole and once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from hatecrime import postgres
from tests.soak.visiting import Form

if TYPE_CHECKING:
    from tests.soak.kills import Kept, Writer

PHONE = "01900 555 0100"
WITHIN = 5.0  # seconds
TYPED = "<i>O'Brien</i> & “Llŷr” أمارة\r\n\r\n  twice  as  much"


def postmaster(var: Path) -> int:
    """The number of PostgreSQL's first process."""
    return int((var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def backends(var: Path) -> list[int]:
    """The numbers of all the others."""
    parent = postmaster(var)
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@contextmanager
def hung(var: Path) -> Iterator[None]:
    """Every process of it is there and does nothing."""
    everyone = [postmaster(var), *backends(var)]

    def all_get(number: signal.Signals) -> None:
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    all_get(signal.SIGSTOP)
    try:
        yield
    finally:
        all_get(signal.SIGCONT)


@contextmanager
def stopped(var: Path) -> Iterator[None]:
    """It was told to stop, and did."""
    postgres.stop(var / "postgres")
    try:
        yield
    finally:
        postgres.start(var / "postgres")


def campaign(var: Path, writer: Writer, kept: Kept) -> None:
    """Both, each a few times; what is not as it should be is a fault of ``kept``."""
    for _ in range(3):
        for what, out_of_work in (("hung", hung), ("stopped", stopped)):
            form = writer.form(f"/cases/{writer.case}/notes/new/", "text")
            if form is None:
                kept.faults.append("There was no form to try an outage with.")
                continue
            text = f"{what} {uuid.uuid4()} {TYPED}"
            begun = time.monotonic()
            with out_of_work(var):
                begun = time.monotonic()
                answer = writer.visitor.post(
                    form.action, [*form.held, ("kind", "CASE"), ("text", text)]
                )
                took = time.monotonic() - begun
            kept.outages[what] = max(took, kept.outages.get(what, 0.0))
            wrong = [*([f"answered after {took:.1f} s"] if took > WITHIN else [])]
            if answer.status != 503 or PHONE not in answer.text:
                wrong.append(f"gave {answer.status}, or not the number to ring")
            else:
                wrong += sent_again(var, writer, answer.page().forms, text)
            kept.faults += [f"A database that was {what} {fault}." for fault in wrong]


def sent_again(var: Path, writer: Writer, forms: list[Form], text: str) -> list[str]:
    """Press the page's button until the database is back; the note is there once, as typed."""
    if len(forms) != 1 or ("text", text) not in forms[0].held:
        return ["did not give back what was typed"]
    statuses = []
    for _ in range(20):
        answer = writer.visitor.post(forms[0].action, forms[0].as_drawn())
        statuses.append(answer.status)
        if answer.status != 503:
            break
        forms = answer.page().forms
        time.sleep(0.5)
    with psycopg.connect(postgres.url(var / "postgres")) as database:
        row = database.execute(
            "select count(*) from casework_note where text = %s", [text]
        ).fetchone()
    return [] if row == (1,) else [f"kept {row} of a note sent again ({statuses})"]
