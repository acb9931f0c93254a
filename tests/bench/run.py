"""Measure the real server beside its floors, at one size.

Run by ``manage.py bench`` (``make bench``), in a database of its own.  Absolute times mean
nothing on a shared machine: every figure is a ratio to a floor asked in the same round.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from tests.bench.browser import Answer
    from tests.bench.work import Task

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Figure:
    """One thing measured: the medians of its time and of its ratio to its floor, by round."""

    name: str
    floor: str
    budget: float
    took: float
    ratio: float
    queries: int
    most_queries: int

    @property
    def within(self) -> bool:
        few = not self.most_queries or self.queries <= self.most_queries
        return few and self.ratio <= self.budget


def main(arguments: list[str]) -> int:
    """Measure at one size; 1 if anything is not within its budget."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=int)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--port", type=int, default=8137)
    options = parser.parse_args(arguments)
    django.setup()
    prepare()
    call_command("bulk_cases", options.size)
    with serving(options.port):
        figures, floors = measure(options.port, options.rounds)
    show(options.size, figures, floors)
    kept = {"floors": floors, "figures": [asdict(figure) for figure in figures]}
    kept_figures(options.size).write_text(json.dumps(kept))
    # In a process of its own, whose memory is the report's.
    command = [sys.executable, "-m", "tests.bench.report", "--size", str(options.size)]
    report = subprocess.run(command, cwd=ROOT, check=False)
    return report.returncode or (0 if all(figure.within for figure in figures) else 1)


def kept_figures(size: int) -> Path:
    """Where what was measured at a size is kept until the page is written."""
    return Path(settings.STATIC_ROOT or "").parent / f"figures-{size}.json"


def prepare() -> None:
    """Tables, staff and the floor's own table."""
    from hatecrime.demo import population
    from hatecrime.demo.desk import at_the_desk
    from hatecrime.owner import as_owner
    from tests.bench.floors import TABLE

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(TABLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staff_user")
        if cursor.fetchone()[0]:
            return
    with at_the_desk(timezone.now() - timedelta(minutes=5)) as desk:
        population.make_organisation(desk)


@contextmanager
def serving(port: int) -> Iterator[None]:
    """The real server with production settings, one process, on this database."""
    connection.close()
    kept = {key: value for key, value in os.environ.items() if key != "STATEMENT_TIMEOUT_MS"}
    environment = {
        **kept,
        "DEBUG": "0",
        "LOCAL_HTTP": "1",
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "WEB_THREADS": "4",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "hatecrime/gunicorn_conf.py"]
    server = subprocess.Popen([*command, "hatecrime.wsgi"], cwd=ROOT, env=environment)
    try:
        for _ in range(300):
            if server.poll() is not None:
                raise RuntimeError("the server did not start")
            with suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(30)


def measure(port: int, rounds: int) -> tuple[list[Figure], dict[str, float]]:
    """Each task as often as there are rounds, its floor right before and after it each time."""
    from tests.bench.work import Bench

    bench = Bench(port)
    floors = bench.floors()
    tasks = bench.tasks()
    for task in tasks:  # a first time for templates, plans and caches, and to see that it works
        done(task)
    times: dict[str, list[float]] = {task.name: [] for task in tasks}
    ratios: dict[str, list[float]] = {task.name: [] for task in tasks}
    queries: dict[str, int] = {}
    under: dict[str, list[float]] = {name: [] for name in floors}
    for _ in range(rounds):
        under["a"].append(floors["a"]().took)
        for task in tasks:
            before = floors[task.floor]().took
            answer = done(task)
            after = floors[task.floor]().took
            under[task.floor] += [before, after]
            times[task.name].append(answer.took)
            ratios[task.name].append(answer.took / ((before + after) / 2))
            queries[task.name] = max(queries.get(task.name, 0), answer.queries)
    figures = [
        Figure(
            task.name,
            task.floor,
            task.budget,
            statistics.median(times[task.name]),
            statistics.median(ratios[task.name]),
            queries[task.name],
            task.most_queries,
        )
        for task in tasks
    ]
    return figures, {name: statistics.median(took) for name, took in under.items()}


def done(task: Task) -> Answer:
    """The task done once.  Raises RuntimeError if it was not."""
    answer = task.do()
    if answer.status != task.status:
        raise RuntimeError(f"{task.name}: {answer.status} {answer.body[:500]}")
    return answer


def show(size: int, figures: list[Figure], floors: dict[str, float]) -> None:
    """Print a table for the terminal."""
    print(f"\n{size:,} cases. Floors: " + ", ".join(f"{n} {t:.1f} ms" for n, t in floors.items()))
    for figure in figures:
        mark = " " if figure.within else "!"
        print(
            f"{mark} {figure.name:<30} {figure.ratio:5.1f} x {figure.floor} "
            f"(budget {figure.budget:g})  {figure.took:6.1f} ms  {figure.queries:3} queries"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
