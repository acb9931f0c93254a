"""Many people at work at once, wandering: links the pages offer, forms filled in well or badly.

Afterwards (bar rows 32, 76 and 80): no answer was a server error, no page was shown without its
row in the ledger, and no transaction was left open.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import psycopg

from tests.soak.visiting import Form, Page, Visitor

WORDS = (
    "O'Brien & sons",
    "",
    "12",
    "They shouted at us again.",
    "á é ü",
    "2026-11-02",
    "on " * 300,
)


def in_a_hurry(form: Form, chance: random.Random) -> list[tuple[str, str]]:
    """What somebody in a hurry might send."""
    chosen = [(name, chance.choice(of)) for name, of in form.choices.items() if of]
    return [*form.held, *chosen, *((name, chance.choice(WORDS)) for name in form.boxes)]


@dataclass
class Tally:
    """What everybody together saw."""

    answers: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    shown: int = 0

    def within(self, percent: int) -> int:
        """Milliseconds that so many of a hundred answers took at most."""
        ordered = sorted(self.seconds) or [0.0]
        return int(ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] * 1000)


class Person(threading.Thread):
    """Somebody signed in, wandering until it is time to stop."""

    def __init__(self, port: int, who: tuple[str, str], until: float, tally: Tally) -> None:
        super().__init__()
        self.visitor, self.who, self.until, self.tally = Visitor(port), who, until, tally
        self.chance = random.Random(self.name)

    def run(self) -> None:
        page = self.sign_in()
        while time.monotonic() < self.until:
            form = self.chance.choice(page.forms) if page.forms else None
            if form and self.chance.random() < 0.35 and not self.who[0].startswith("iain"):
                page = self.ask(form.action, in_a_hurry(form, self.chance))
            else:
                page = self.ask(self.chance.choice(page.links or ["/"]))
            if page.address.startswith("/account/login"):
                page = self.sign_in()

    def sign_in(self) -> Page:
        self.visitor.sign_in(*self.who)
        return self.ask("/")

    def ask(self, path: str, sent: list[tuple[str, str]] | None = None) -> Page:
        begun, method = time.monotonic(), "GET" if sent is None else "POST"
        answer = self.visitor.get(path) if sent is None else self.visitor.post(path, sent)
        if sent is not None and answer.to:
            answer = self.visitor.get(answer.to)
        self.tally.seconds.append(time.monotonic() - begun)
        self.tally.answers[f"{method} {answer.status}"] += 1
        offered_badly = sent is None and answer.status == 400  # a page offered that link
        if answer.status >= 500 or answer.status == 0 or offered_badly:
            self.tally.broken.append(f"{answer.status} {method} {path}")
        private = not answer.address.startswith("/account/")
        self.tally.shown += answer.status == 200 and bool(answer.text) and private
        return answer.page()


def faults_afterwards(address: str, before: int, tally: Tally) -> list[str]:
    """Return what is not as it should be, a sentence each."""
    faults = [f"A request failed: {what}." for what in sorted(set(tally.broken))]
    with psycopg.connect(address) as database:
        recorded = shown_so_far(database) - before
        row = database.execute(
            "select count(*) from pg_stat_activity where state like 'idle in transaction%'"
        ).fetchone()
        hanging = row[0] if row else 0
    if recorded < tally.shown:
        faults.append(f"{tally.shown} pages were shown and {recorded} recorded.")
    if hanging:
        faults.append(f"{hanging} transactions were left open.")
    return faults


def shown_so_far(database: psycopg.Connection) -> int:
    """How many requests the ledger says were shown something."""
    row = database.execute(
        "select count(distinct request_id) from audit_access where outcome = 'SHOWN'"
    ).fetchone()
    return int(row[0]) if row else 0


def campaign(
    port: int, address: str, people: list[tuple[str, str]], *, seconds: int, crowd: int
) -> tuple[Tally, list[str]]:
    """Let so many people work for so long; returns what they saw and what is wrong."""
    tally, until = Tally(), time.monotonic() + seconds
    with psycopg.connect(address) as database:
        before = shown_so_far(database)
    everybody = [Person(port, people[n % len(people)], until, tally) for n in range(crowd)]
    for person in everybody:
        person.start()
    for person in everybody:
        person.join()
    return tally, faults_afterwards(address, before, tally)
