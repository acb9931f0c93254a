"""The lists of what is to be done better, as a report shows them in every version.

Kinds, numbers and days alone: what people wrote stays in the application (domain 5.4).  Pure.
Source: domain 5.6 ("improvements and policy-review log").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cases.improving.choices import Because, Decision, Source, State, Trigger
from cases.improving.rules import is_late
from cases.reporting.composing_words import cell_words
from cases.reporting.showing import Table
from cases.words import say_date

Kept = Sequence[Mapping[str, Any]]


def improving_tables(log: Mapping[str, Kept], last: date) -> tuple[Table, ...]:
    """A table for each list that has lines; ``last`` is the last day of the report's month."""
    actions, register = log.get("actions", ()), log.get("recommendations", ())
    found = (
        _owned("actions", "Things to do better", "Action", Because, actions, last),
        _owned("register", "Recommendations to us", "Recommendation", Source, register, last),
        _reasons(log.get("reasons", ())),
    )
    return tuple(table for table in found if table.rows)


def _owned(key: str, title: str, first: str, kinds: Any, rows: Kept, last: date) -> Table:
    why = "Why" if key == "actions" else "By whom"
    said = tuple(
        (
            f"{first} {row['number']}",
            tuple(
                map(cell_words, (_label(kinds, row["kind"]), _said(row["due"]), _state(row, last)))
            ),
            False,
        )
        for row in rows
    )
    return Table(key, title, (why, "Due", "How it stands"), said, first=first)


def _reasons(rows: Kept) -> Table:
    said = tuple(
        (
            f"Reason {row['number']}",
            tuple(map(cell_words, (_reason(row), _said(row["noticed"]), _decision(row)))),
            False,
        )
        for row in rows
    )
    columns = ("What kind", "Noticed", "Decided")
    return Table("reviewing", "Reasons to review the policy", columns, said, first="Reason")


def _reason(row: Mapping[str, Any]) -> str:
    label = _label(Trigger, row["kind"])
    return f"{label} ({row['measure']})" if row["measure"] else label


def _decision(row: Mapping[str, Any]) -> str:
    if not row["decision"]:
        return "Waits for a decision"
    label = _label(Decision, row["decision"])
    return f"{label}, by {_said(row['by'])}" if row["by"] else label


def _state(row: Mapping[str, Any], last: date) -> str:
    late = is_late(row["state"], date.fromisoformat(row["due"]), last)
    return "Late" if late else _label(State, row["state"])


def _said(day: str) -> str:
    return say_date(date.fromisoformat(day))


def _label(kinds: Any, code: str) -> str:
    """What a code of a kept report is called; one that is on the list no more, as it is."""
    return str(kinds(code).label) if code in kinds.values else code
