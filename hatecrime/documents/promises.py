"""docs/reference/clocks.md: every promise, by when, and what meets it."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.calendar import LONDON
from cases.casework.choices import Stage
from cases.casework.clocks import DUTIES, ClockKind
from cases.casework.promises import CaseFacts, promises
from cases.policy.defaults import DEFAULTS
from cases.words import say_date, say_time
from hatecrime.documents.tables import Pages, page, table

INTRO = """\
Every promise is a clock with a moment, stored when it is promised. Nothing can give it another
one: a setting that changes later counts for promises made after it, and late is recorded as
late."""
WORKED = """\
Below, a case that carries every promise there is, told at two moments and triaged 20 minutes
later, with the settings as they come. Elapsed hours count nights, weekends, bank holidays and
both clock changes as they pass; working hours are Monday to Friday, 9am to 5pm."""
NO_TIME = "No moment: it keeps the case in its stage"
LATER = "From what happens later"

MONDAY = datetime(2026, 3, 2, 9, 10, tzinfo=LONDON)
SATURDAY = datetime(2026, 3, 7, 23, 0, tzinfo=LONDON)


def clock_pages() -> Pages:
    heads = ("Promise", f"Told {_said(MONDAY)}", f"Told {_said(SATURDAY)}")
    text = page(
        "The promises on a case",
        INTRO,
        "## What each asks, and what meets it",
        table(("Promise", "What to do", "Met by", "Needed to leave", "How it can end"), _duties()),
        "## By when",
        WORKED,
        table(heads, _moments()),
        "## The settings",
        table(("Setting", "Meaning", "As it comes"), _settings()),
        "How to change one: [change a setting](../how-to/change-a-setting.md).",
        command="reference_pages",
        source="`cases/casework/clocks.py`, `cases/casework/promises.py` and "
        "`cases/policy/defaults.py`",
    )
    return {"reference/clocks.md": text}


def _duties() -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for kind in ClockKind:
        duty = DUTIES[kind]
        step = f"{duty.step.replace('{name}', 'the victim')}. {duty.note}"
        step = step.replace("{name}", "the victim")
        gate = str(Stage(duty.gate).label) if duty.gate else ""
        rows.append((str(kind.label), step, duty.met_by.value, gate, ", ".join(duty.outcomes)))
    return rows


def _facts(received: datetime) -> CaseFacts:
    """A report of which everything is true that brings a promise."""
    return CaseFacts(
        received_at=received,
        triaged_at=received + timedelta(minutes=20),
        third_party=True,
        victim_identified=False,
        children=True,
        safe_tonight=False,
        graffiti=True,
        home_insecure=True,
        domestic_abuse=True,
        colleague_victim=True,
        care_and_support=True,
        provisional=True,
    )


def _due(received: datetime) -> dict[ClockKind, str]:
    settings = {key: value for key, (value, _) in DEFAULTS.items()}
    made = promises(_facts(received), settings, frozenset())
    return {each.kind: _said(each.due_at) if each.due_at else NO_TIME for each in made}


def _said(moment: datetime) -> str:
    return f"{say_date(moment)} at {say_time(moment)}"


def _moments() -> list[tuple[str, str, str]]:
    on_monday, on_saturday = _due(MONDAY), _due(SATURDAY)
    rows = []
    for kind in ClockKind:
        other = LATER if kind not in on_saturday else "Not promised: the office is open"
        rows.append((str(kind.label), on_monday.get(kind, other), on_saturday.get(kind, LATER)))
    return rows


def _settings() -> list[tuple[str, str, str]]:
    return [(f"`{key}`", meaning, str(value)) for key, (value, meaning) in DEFAULTS.items()]
