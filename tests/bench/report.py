"""Measure the month's report beside one plain pass over the tables it is counted from.

    python -m tests.bench.report --size 100000     # the database of DATABASE_URL, as large as that

A process of its own, so that its memory is that of the report.  The floor is one statement for
each table that any measure reads, which reads every row and counts them by month; it is asked
right before and after each report, on the same machine (bar section 6).
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from cases.access import job
from cases.calendar import london_date
from cases.reporting.choices import FileKind, RunState
from cases.reporting.collecting import collect
from cases.reporting.making import make_report
from cases.reporting.measure import Asked
from cases.reporting.models import Snapshot
from cases.reporting.periods import Period, month_before
from cases.reporting.run_operations import ask_for_report
from tests.bench.page import kept_report

JOB = job("monthly_report")
NAMED = re.compile(r'"([a-z_]+)"')
PLAIN = "SELECT {month}, count(*) FROM {table} t GROUP BY 1"
BUDGET, PDF_BUDGET = 3.0, 10.0
"""Times the floor, the PDFs apart; seconds of CPU of both PDFs."""


@dataclass(frozen=True)
class Figure:
    """What reports cost: seconds, the ratio to the floor, seconds of CPU, megabytes."""

    floor: float
    counting: float
    writing: float
    ratio: float
    pdf: float
    memory: float
    memory_with_pdf: float
    tables: int

    @property
    def within(self) -> bool:
        return self.ratio <= BUDGET and self.pdf <= PDF_BUDGET


@dataclass
class Watch:
    """Told how far a report is, and so how long each part of it took."""

    counting: float = 0.0
    writing: float = 0.0
    pdf: float = 0.0
    memory: float = 0.0
    _at: tuple[float, float] = field(default_factory=lambda: (time.perf_counter(), _cpu()))
    _doing: str = "Counting"

    def told(self, _done: int, step: str) -> None:
        took, cpu = time.perf_counter() - self._at[0], _cpu() - self._at[1]
        if self._doing.endswith(f", {FileKind.PDF.label}"):
            self.pdf += cpu
        elif self._doing.startswith("Counting"):
            self.counting += took
        else:
            self.writing += took
        if not self.pdf:
            self.memory = peak()
        self._at, self._doing = (time.perf_counter(), _cpu()), step


def _cpu() -> float:
    return time.process_time()


def peak() -> float:
    """The most memory this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def tables_read(asked: Asked) -> list[type[models.Model]]:
    """Every table that counting all the measures names in a statement."""
    known = {model._meta.db_table: model for model in apps.get_models()}
    found: set[str] = set()

    def noting(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        found.update(NAMED.findall(str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noting):
        collect(asked)
    return [known[name] for name in sorted(found & known.keys())]


def plain(model: type[models.Model]) -> str:
    """The statement that reads every row of a table, and counts them by month."""
    dates = [one for one in model._meta.concrete_fields if isinstance(one, models.DateField)]
    moments = [one for one in dates if isinstance(one, models.DateTimeField)]
    by = next(iter([*moments, *dates]), None)
    column = f't."{by.column}"' if by else "NULL::date"
    zone = " AT TIME ZONE 'Europe/London'" if by in moments else ""
    month = f"date_trunc('month', {column}{zone})"
    return PLAIN.format(month=month, table=f'"{model._meta.db_table}"')


def floor(statements: list[str]) -> float:
    """Seconds of one pass: the rows themselves are read, not an index alone."""
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL enable_indexonlyscan = off")
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
    return time.perf_counter() - begun


def months() -> Iterator[Period]:
    """Months that are over and have no report yet, newest first: nothing is restated."""
    month = month_before(london_date(timezone.now()))
    while True:
        if not Snapshot.objects.filter(run__first=month.first, run__entity=None).exists():
            yield month
        month = month_before(month.first)


def report(period: Period) -> Watch:
    """Make a month's report as the clockwork would.  Raises RuntimeError if it was not made."""
    now = timezone.now()
    run = ask_for_report(by=JOB, at=now, period=period)
    watch = Watch()
    run = make_report(by=JOB, at=now, run=run, told=watch.told)
    watch.told(100, "")
    if run.state != RunState.DONE:
        raise RuntimeError(f"the report of {period.words}: {run.state} {run.why_failed}")
    return watch


@contextmanager
def saying(words: str) -> Iterator[None]:
    print(f"{words} ...", end="", flush=True)
    begun = time.perf_counter()
    yield
    print(f" {time.perf_counter() - begun:.1f} s", flush=True)


def measure(rounds: int) -> Figure:
    """So many reports, each between two passes of the floor."""
    free = months()
    first = next(free)
    with saying("Which tables are read"):
        read = tables_read(Asked.of_month(first, timezone.now()))
    statements = [plain(model) for model in read]
    floor(statements)  # so that neither is the first to read them from the disk
    took: list[tuple[float, Watch]] = []
    for _ in range(rounds):
        with saying(f"The report of {first.words}"):
            before = floor(statements)
            watch = report(first)
            took.append(((before + floor(statements)) / 2, watch))
        first = next(free)

    def middle(of: Callable[[float, Watch], float]) -> float:
        return statistics.median(of(*one) for one in took)

    return Figure(
        floor=middle(lambda under, _: under),
        counting=middle(lambda _, watch: watch.counting),
        writing=middle(lambda _, watch: watch.writing),
        ratio=middle(lambda under, watch: (watch.counting + watch.writing) / under),
        pdf=middle(lambda _, watch: watch.pdf),
        memory=took[0][1].memory,
        memory_with_pdf=peak(),
        tables=len(read),
    )


def main(arguments: list[str]) -> int:
    """Measure, say and keep it; 1 if it is not within its budget."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, required=True, help="how many cases there are")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    figure = measure(options.rounds)
    print(
        f"{' ' if figure.within else '!'} month's report over {options.size:,} cases: "
        f"{figure.ratio:.1f} x a pass over {figure.tables} tables of {figure.floor:.2f} s "
        f"(budget {BUDGET:g}): {figure.counting:.1f} s counting, {figure.writing:.1f} s writing; "
        f"PDFs {figure.pdf:.1f} s of CPU (budget {PDF_BUDGET:g}); "
        f"{figure.memory:.0f} MB, {figure.memory_with_pdf:.0f} MB with PDFs"
    )
    kept = {**asdict(figure), "budget": BUDGET, "pdf_budget": PDF_BUDGET}
    kept_report(options.size).write_text(json.dumps(kept))
    return 0 if figure.within else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
