"""All figures of a month at one moment: every measure reads the same rows, to the last case.

One repeatable-read, read-only transaction sees the database as it was when it began; whatever
is committed meanwhile is in no figure.  Source: domain 5.2; issue "monthly report".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max

from cases.casework.models import Perception
from cases.reporting import catalogue, keeping
from cases.reporting.measure import MONTH, Asked, Counted, Items, Line, Measure, tables
from cases.reporting.measures.improving import Log, log_of
from cases.reporting.periods import Period
from cases.reporting.values import as_json, from_json

Told = Callable[[int, str], None]
"""Told how far the counting is, of a hundred, and what is counted now."""
UNHURRIED = " -c statement_timeout=0 -c work_mem=128MB -c jit=off"


class NotCounted(RuntimeError):
    """A measure could not be counted; the message is a sentence and names no case."""

    def __init__(self, measure: Measure) -> None:
        super().__init__(f"{measure.code}, {measure.name}, could not be counted.")


@dataclass(frozen=True)
class Beside:
    """Cells that the version to share hides because of what is shared of the same days already,
    and hidden ones that are known from there (:mod:`cases.reporting.beside`).
    """

    hidden: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """Every measure's lines, what they are of, and how they were counted.

    ``items`` (by measure and line) and ``newest`` (the newest row's id by table) are for saying
    later what was restated; the first is kept beside the figures and not in their JSON.
    ``withheld`` says why the version to share is not made, "" if it is.
    """

    windows: Mapping[str, Period]
    months: tuple[Period, ...]
    entity: str
    at: datetime
    queries: str
    lines: Mapping[str, tuple[Line, ...]]
    newest: Mapping[str, int] = field(default_factory=dict)
    withheld: str = ""
    beside: Beside = Beside()
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    log: Log = field(default_factory=dict)
    items: Mapping[tuple[str, str], Counted] = field(default_factory=dict)

    def line(self, code: str, key: str = "") -> Line:
        """A line of a measure.  Raises KeyError if there is none."""
        for line in self.lines[code]:
            if line.key == key:
                return line
        raise KeyError(f"{code}/{key}")

    def as_json(self) -> dict[str, Any]:
        """As they are kept in a snapshot, the items left out: "windows" and "months" as pairs of
        days, and "measures", by code, each with its "lines".
        """
        return {
            "windows": {name: _days(period) for name, period in self.windows.items()},
            "months": [_days(period) for period in self.months],
            "entity": self.entity,
            "at": self.at.isoformat(),
            "queries": self.queries,
            "newest": dict(self.newest),
            "tables": {code: dict(lines) for code, lines in self.tables.items()},
            "withheld": self.withheld,
            "beside": asdict(self.beside),
            "log": {name: list(rows) for name, rows in self.log.items()},
            "measures": {
                code: {"lines": [_line_json(line) for line in lines]}
                for code, lines in self.lines.items()
            },
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Figures:
        """The figures that were kept, without items."""
        return cls(
            windows={name: _period(days) for name, days in kept["windows"].items()},
            months=tuple(map(_period, kept["months"])),
            entity=kept["entity"],
            at=datetime.fromisoformat(kept["at"]),
            queries=kept["queries"],
            lines={
                code: tuple(map(_line, measure["lines"]))
                for code, measure in sorted(kept["measures"].items())
            },
            newest=kept["newest"],
            tables=kept["tables"],
            log=kept.get("log", {}),  # none in a report that was kept before this was
            withheld=kept["withheld"],
            beside=_beside(kept.get("beside", {})),
        )


def collect(asked: Asked, told: Told = lambda _done, _words: None) -> Figures:
    """Every measure's lines at one moment.  Raises :class:`NotCounted`.

    Waits as long as the counting takes, on a connection of its own.  Raises RuntimeError inside
    a transaction, whose moment it would not be.
    """
    with _unhurried(), _one_moment():
        lines: dict[str, tuple[Line, ...]] = {}
        items: dict[tuple[str, str], Counted] = {}
        newest: dict[str, int] = {}
        with_rows = replace(asked, keeps_rows=True)
        for number, measure in enumerate(catalogue.ALL):
            told(100 * number // len(catalogue.ALL), f"Counting {measure.code}: {measure.name}")
            try:
                lines[measure.code] = tuple(measure.lines(with_rows))
                items |= _items(measure, lines[measure.code], asked, newest)
            except Exception as fault:
                raise NotCounted(measure) from fault
        for label in {Perception._meta.label_lower, *newest}:
            newest[label] = _newest(apps.get_model(label))
        log = log_of(asked)
    told(100, "Everything is counted")
    return Figures(
        windows=dict(asked.windows),
        months=asked.months,
        entity=asked.entity,
        at=asked.at,
        queries=catalogue.VERSION,
        lines=lines,
        newest=newest,
        tables=_tables(items),
        log=log,
        items=items,
    )


def _tables(items: Mapping[tuple[str, str], Counted]) -> dict[str, dict[str, str]]:
    """Which table the rows of a line are of, by measure and line."""
    found: dict[str, dict[str, str]] = {}
    for (code, line), counted in items.items():
        found.setdefault(code, {})[line] = counted.table
    return found


@contextmanager
def _one_moment() -> Iterator[None]:
    with transaction.atomic(durable=True):
        # Inside a test's own transaction, which only a test has around this, it is too late.
        if len(connection.atomic_blocks) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT")  # the moment is that of the first thing asked
        yield


@contextmanager
def _unhurried() -> Iterator[None]:
    """Connect for the block with no end to a statement's time: no page waits for this one.

    Only this thread's connection is another; what other threads do keeps its limits.
    """
    if connection.in_atomic_block:
        yield
        return
    hurried = connection.settings_dict
    options = hurried["OPTIONS"]
    connection.close()
    connection.settings_dict = {
        **hurried,
        "PATIENT": False,
        "OPTIONS": {**options, "options": options.get("options", "") + UNHURRIED},
    }
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = hurried


# --- the rows of the month ---


def _items(
    measure: Measure, lines: Sequence[Line], asked: Asked, newest: dict[str, int]
) -> dict[tuple[str, str], Counted]:
    # Of this one window: what is no sum of months is of the whole that is asked.
    month = measure.rows(asked, asked.windows[MONTH]) if MONTH in asked.windows else None
    if month is None:
        return {}
    for rows in tables(month):
        newest.setdefault(rows.model._meta.label_lower, 0)
    with_numbers = {line.key: line.rows for line in lines if line.rows is not None}
    found = with_numbers or _asked_for(month)
    # A line without any row has none to keep.
    return {(measure.code, key): rows for key, rows in found.items() if rows.ids}


def _asked_for(month: Items) -> dict[str, Counted]:
    """The rows of lines that are worked out from several, or in another way: asked for."""
    found: dict[str, Counted] = {}
    for rows in tables(month):
        # One row for each line: what lies behind a month may be a million rows.
        for line in rows.order_by().values("line").annotate(**keeping.all_of(rows)):
            found[line["line"]] = keeping.read(rows, line)
    return found


def _newest(model: Any) -> int:
    """The newest row's id: what is numbered higher was recorded since."""
    return model._base_manager.aggregate(newest=Max("pk"))["newest"] or 0


# --- as JSON ---


def _beside(kept: Mapping[str, list[str]]) -> Beside:
    """Nothing, in a report that was kept before this was."""
    return Beside(tuple(kept.get("hidden", ())), tuple(kept.get("known", ())))


def _days(period: Period) -> list[str]:
    return [period.first.isoformat(), period.last.isoformat()]


def _period(days: list[str]) -> Period:
    first, last = map(date.fromisoformat, days)
    return Period(first, last)


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": line.label,
        "values": {name: as_json(value) for name, value in line.values.items()},
        "months": [as_json(value) for value in line.months],
    }


def _line(kept: Mapping[str, Any]) -> Line:
    return Line(
        kept["key"],
        kept["label"],
        {name: from_json(value) for name, value in kept["values"].items()},
        [from_json(value) for value in kept["months"]],
    )
