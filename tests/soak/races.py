"""Two officers save the same thing at the same moment, a thousand times; ten presses of one button.

Of two who saw the same, one is taken and the other is shown both texts (409): if both are taken,
one of them was lost (bar row 76).
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from tests.soak.visiting import Answer, Form, Typed, Visitor

PRESSES = 10
PEOPLE = "people_person"


@dataclass
class Raced:
    """How the races ended."""

    races: int = 0
    both_taken: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    pressed: int = 0
    """Forms pressed ten times at once."""
    made_twice: int = 0
    faults: list[str] = field(default_factory=list)


def together[T](*work: Callable[[], T]) -> list[T]:
    """What each returns, all begun at one moment."""
    gate, found = threading.Barrier(len(work)), dict[int, T]()

    def run(number: int) -> None:
        gate.wait()
        found[number] = work[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in sorted(found)]


def form_of(visitor: Visitor, address: str, name: str) -> Form:
    """The form of that page that has such a field. Raises LookupError."""
    page = visitor.get(address).page()
    for form in page.forms:
        if name in form.names:
            return form
    raise LookupError(f"no form with {name} at {address}")


def filled(form: Form, **said: str) -> Typed:
    """The form as drawn, with these boxes filled in."""
    return [*(pair for pair in form.as_drawn() if pair[0] not in said), *said.items()]


def race(one: Visitor, other: Visitor, address: str, box: str, raced: Raced) -> None:
    """Both have the page open; both save at once."""
    number = uuid.uuid4().hex[:6]
    forms = [form_of(visitor, address, box) for visitor in (one, other)]

    def save(visitor: Visitor, form: Form, who: str) -> Callable[[], Answer]:
        return lambda: visitor.post(form.action, filled(form, **{box: f"{who} {number}"}))

    answers = together(save(one, forms[0], "first"), save(other, forms[1], "second"))
    taken = sum(answer.status == 302 for answer in answers)
    raced.races += 1
    raced.both_taken += taken > 1
    raced.answers.update(answer.status for answer in answers)
    if taken != 1 or any(answer.status not in (302, 409) for answer in answers):
        raced.faults.append(f"{[answer.status for answer in answers]} to a race at {address}")


def press(
    visitor: Visitor, database: Any, address: str, table: str, said: dict[str, str], raced: Raced
) -> None:
    """One form pressed ten times at once makes one row."""
    form = form_of(visitor, address, next(iter(said)))
    typed = filled(form, **said)

    def count() -> int:
        asked = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
        return int(database.execute(asked).fetchone()[0])

    before = count()
    fingers = [Visitor(visitor.port, visitor.cookies) for _ in range(PRESSES)]
    answers = together(*[lambda f=f: f.post(form.action, typed) for f in fingers])
    for finger in fingers:
        finger.close()
    made, statuses = count() - before, sorted(answer.status for answer in answers)
    raced.pressed += 1
    raced.made_twice += made > 1
    if made != 1 or any(status >= 500 or status == 0 for status in statuses):
        raced.faults.append(f"Ten presses at {address} made {made} rows of {table}: {statuses}")


def presses(visitor: Visitor, admin: Visitor, database: Any, case: str, raced: Raced) -> None:
    """Every form that makes something anew."""
    name, at = uuid.uuid4().hex[:8], f"/cases/{case}"
    unknown_day = {"words": name, "when_known": "UNKNOWN"}
    for who, address, table, said in (
        (visitor, "/people/add/", PEOPLE, {"full_name": f"Zebedee {name}"}),
        (visitor, "/homes/add/", "people_property", {"address": f"{name} Row", "town": "Zed"}),
        (visitor, f"{at}/notes/new/", "casework_note", {"text": name}),
        (visitor, f"{at}/incidents/new/", "casework_incident", unknown_day),
        (visitor, f"{at}/views/new/", "casework_perception", {"words": name}),
        (
            visitor,
            f"{at}/people/new/",
            "casework_involvement",
            {"described_as": name, "who": "described", "part": "WITNESS", "do": "save"},
        ),
        (visitor, "/reports/new/", "intake_callsheet", {"door": "VICTIM"}),
        (admin, "/teams/new/", "staff_team", {"name": f"Team {name}"}),
        (
            admin,
            "/users/new/",
            "staff_user",
            {"full_name": f"New {name}", "email": f"{name}@demo.example"},
        ),
    ):
        press(who, database, address, table, said, raced)


def campaign(port: int, address: str, password: str, *, races: int, seconds: int) -> Raced:
    """Presses first, then as many races as asked for, or as the time allows."""
    raced, until = Raced(), time.monotonic() + seconds
    with psycopg.connect(address, autocommit=True) as database:
        case, lead, part, person = shared_case(database)
        visitors = []
        for email in (lead, "sunita@demo.example", "iain@demo.example"):
            visitors.append(Visitor(port))
            visitors[-1].sign_in(email, password)
        one, other, admin = visitors
        for visitor in (one, other):
            declare(visitor, case)
        presses(one, admin, database, case, raced)
        places = (
            (f"/people/{person}/safe-contact/", "safe_times"),
            (f"/cases/{case}/people/{part}/", "fears"),
            (f"/people/{person}/change/", "known_as"),
        )
        while raced.races < races and time.monotonic() < until:
            race(one, other, *places[raced.races % len(places)], raced)
    return raced


def shared_case(database: Any) -> tuple[str, str, int, str]:
    """A case that Dawn leads and Sunita may write on too: reference, lead, part, person."""
    row = database.execute(
        "select c.reference, u.email, i.id, p.reference from casework_case c"
        " join staff_user u on u.id = c.lead_id join casework_involvement i on i.case_id = c.id"
        " and i.part = 'VICTIM' and i.ended_at is null join people_person p on p.id = i.person_id"
        " where c.stage in ('CONTACT', 'ASSESS', 'PLAN', 'INVESTIGATE')"
        " and not c.restricted and c.team_id = (select team_id from"
        " staff_user where email = 'sunita@demo.example') and u.email = 'dawn@demo.example'"
        " and not exists (select 1 from casework_conflict f where f.case_id = c.id)"
        " order by c.id limit 1"
    ).fetchone()
    if row is None:
        raise LookupError("the demo data has no case that two people may work")
    return (str(row[0]), str(row[1]), int(row[2]), str(row[3]))


def declare(visitor: Visitor, case: str) -> None:
    """Say, if asked, that one knows nobody in the case."""
    page = visitor.get(f"/cases/{case}/").page()
    for form in page.forms:
        if form.action.endswith("/declare/") and "knows" in " ".join(form.names):
            visitor.post(form.action, form.as_drawn())
