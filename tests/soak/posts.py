"""Every form there is, filled in as nobody should: never a server error, never another field.

Forms are found by walking the pages as each role (bar rows 21, 40, 41 and 44).
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg import sql

from tests.soak.visiting import Answer, Form, Typed, Visitor, crawl, shape

MARK = "zq7mark"
MARK_DAY = "1987-06-05"
LOOKING = 180  # seconds for walking to every form
NASTY = (
    "",
    " ",
    "\0",
    "before\0after",
    "\ud800",
    "x\udfff\ud800",
    "\u202eedisni",
    "\ufeff\u200b\u2066",
    "O'Brien; DROP TABLE casework_case; --",
    "Llŷr ap Gwên \u0623\u0645\u0644 👨‍👩‍👧",
    "<script>alert(1)</script>{{ 7*7 }}{% debug %}",
    "%s %(a)s {0} \\x00 \\u0000",
    "-1",
    "0",
    "9223372036854775808",
    "99999999999999999999999999",
    "1e400",
    "NaN",
    "-0",
    "٣١",
    "²",
    "31/02/2026",
    "29/2/2025",
    "00/00/0000",
    "31 12 99999",
    "2026-11-22T25:61",
    "9999-12-31",
    "0001-01-01",
    "true",
    "[]",
    '{"a": 1}',
    "HC-2026-\0",
    "00000000-0000-0000-0000-000000000000",
    "a" * 5000,
    "\U0010ffff" * 300,
    "on\r\nSet-Cookie: a=b",
)


@dataclass
class Heard:
    """What all the posts together came to."""

    answers: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    forms: int = 0

    def hear(self, what: str, form: Form, answer: Answer, typed: Typed) -> None:
        with self.lock:
            self.answers[answer.status] += 1
            if answer.status >= 500 or answer.status == 0:
                said = repr([(n, v[:40]) for n, v in typed])[:700]
                status = answer.status or f"No answer ({answer.text})"
                self.faults.append(f"{status} to {what}: POST {form.action} {said}")

    @property
    def posts(self) -> int:
        return sum(self.answers.values())

    @property
    def errors(self) -> int:
        return sum(count for status, count in self.answers.items() if status >= 500)


def fillings(form: Form) -> st.SearchStrategy[Typed]:
    """Ways of filling the form in: choices it offers, choices it does not, and anything."""
    anything = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))
    lists = []
    for name in form.names:
        if name == "csrfmiddlewaretoken":
            continue
        held = [value for key, value in form.held if key == name]
        usual = [*held, *form.choices.get(name, []), *filter(None, [form.texts.get(name, "")])]
        one = st.one_of(st.sampled_from(usual), anything) if usual else anything
        lists.append(st.lists(one.map(lambda v, n=name: (n, v)), max_size=2, min_size=0))  # type: ignore[misc]
    token = [pair for pair in form.held if pair[0] == "csrfmiddlewaretoken"]
    return st.tuples(*lists).map(lambda parts: [*token, *(pair for part in parts for pair in part)])


def nasty_posts(visitor: Visitor, form: Form, heard: Heard, *, count: int, until: float) -> None:
    """Send the form ``count`` times, filled in by chance; a fault is kept, not raised."""

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(fillings(form))
    def run(typed: Typed) -> None:
        if time.monotonic() < until:
            heard.hear("nonsense", form, visitor.post(form.action, typed), typed)

    run()


def rude_posts(visitor: Visitor, form: Form, heard: Heard) -> None:
    """Far too much, in three ways, and bodies that are no form at all."""
    token = [pair for pair in form.held if pair[0] == "csrfmiddlewaretoken"]
    for what, typed in (
        ("a megabyte", [*token, ((form.boxes or ["text"])[0], "é" * 600_000)]),
        ("10,000 fields", [*token, *((f"f{number}", "1") for number in range(10_000))]),
        ("one field 1,900 times", [*token, *[((form.names or ["x"])[0], "1")] * 1900]),
    ):
        heard.hear(what, form, visitor.post(form.action, typed), typed)
    csrf = {"X-CSRFToken": token[0][1] if token else ""}
    for kind, body in (
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\0"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"a=+AD4-"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"a=b"),
        ("application/json", b'{"a": "\\ud800"}'),
        ("", b"\xff\xfe\0"),
    ):
        answer = visitor.send("POST", form.action, body, {"Content-Type": kind, **csrf})
        heard.hear(f"a body of {kind or 'no kind'}", form, answer, [])


def marked_post(visitor: Visitor, form: Form, heard: Heard, names: list[str]) -> None:
    """The form as drawn, and beside it every field any of our tables has."""
    offered = set(form.names)
    extra: Typed = []
    for number, name in enumerate(n for n in names if n not in offered):
        value = MARK_DAY if name.endswith(("_at", "_on")) else f"{MARK}{number}"
        extra += [(name, value), *([(f"{name}_id", "1")] if number % 3 == 0 else [])]
    typed = [*form.as_drawn(), *extra]
    heard.hear("every field there is", form, visitor.post(form.action, typed), typed)


def forms_of(
    port: int,
    people: list[tuple[str, str]],
    until: float,
    pages: int,
    signed_in: dict[str, dict[str, str]],
) -> list[tuple[str, Form]]:
    """Every form of every role, once for each shape of address and set of fields."""
    found: dict[tuple[str, tuple[str, ...]], tuple[str, Form]] = {}
    lock = threading.Lock()

    def look(email: str, password: str) -> None:
        visitor = Visitor(port)
        visitor.sign_in(email, password)
        signed_in[email] = visitor.cookies
        for drawn in crawl(visitor, each=3, pages=pages, until=until).values():
            for form in (form for page in drawn for form in page.forms):
                with lock:
                    key = (shape(form.action), tuple(sorted(set(form.names))))
                    found.setdefault(key, (email, form))

    at_once([(look, person) for person in people])
    return list(found.values())


def at_once(work: list[tuple[Any, tuple[Any, ...]]], width: int = 6) -> None:
    """Run all of it, ``width`` at a time."""
    queue = list(work)
    lock = threading.Lock()

    def take() -> None:
        while True:
            with lock:
                if not queue:
                    return
                do, given_ = queue.pop(0)
            do(*given_)

    threads = [threading.Thread(target=take) for _ in range(min(width, len(queue)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def field_names(database: psycopg.Connection[Any]) -> list[str]:
    """Every column of every table of ours."""
    rows = database.execute(
        "select distinct column_name from information_schema.columns where table_schema = 'public'"
        " and table_name !~ '^(django|auth)_' order by 1"
    )
    return [name for (name,) in rows]


def marks_kept(database: psycopg.Connection[Any]) -> Iterator[str]:
    """Every table that holds something no form offered to keep."""
    tables = database.execute(
        "select table_name from information_schema.tables where table_schema = 'public'"
        " and table_type = 'BASE TABLE' and table_name !~ '^django_session'"
    ).fetchall()
    for (table,) in tables:
        asked = sql.SQL(
            "select to_jsonb(t)::text from {} t where to_jsonb(t)::text like any (%s) limit 1"
        ).format(sql.Identifier(table))
        if row := database.execute(asked, [[f"%{MARK}%", f"%{MARK_DAY}%"]]).fetchone():
            yield f"{table} keeps a field no form offered: {row[0][:300]}"


def campaign(
    port: int, address: str, people: list[tuple[str, str]], *, seconds: int, each: int
) -> tuple[Heard, list[str]]:
    """All of it; returns what was heard and what is wrong, a sentence each."""
    heard, until = Heard(), time.monotonic() + seconds
    signed_in: dict[str, dict[str, str]] = {}
    looking = time.monotonic() + min(seconds / 3, LOOKING)
    forms = forms_of(port, people, looking, 200, signed_in)
    heard.forms = len(forms)
    with psycopg.connect(address, autocommit=True) as database:
        names = field_names(database)

    def attack(email: str, form: Form) -> None:
        if time.monotonic() > until:
            return
        visitor = Visitor(port, signed_in[email])
        fresh = [pair for first in visitor.get("/").page().forms[:1] for pair in first.held]
        token = [pair for pair in fresh if pair[0] == "csrfmiddlewaretoken"]
        token = token or [("csrfmiddlewaretoken", visitor.cookies.get("csrf", ""))]
        form.held = [*(p for p in form.held if p[0] != "csrfmiddlewaretoken"), *token[:1]]
        marked_post(visitor, form, heard, names)
        rude_posts(visitor, form, heard)
        nasty_posts(visitor, form, heard, count=each, until=until)
        visitor.close()

    random.Random(5).shuffle(forms)
    at_once([(attack, pair) for pair in forms])
    with psycopg.connect(address, autocommit=True) as database:
        faults = [*sorted(set(heard.faults)), *marks_kept(database)]
    return heard, faults


def plain(text: str) -> str:
    """A fault without its token."""
    return re.sub(r"\('csrfmiddlewaretoken', '[^']*'\), ", "", text)
