"""A report is made once, whole or not at all, whoever is stopped half-way."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from hashlib import sha256
from threading import Event as Signal

import pytest
from django.db import OperationalError, connections

from cases.access import Role, job
from cases.audit.models import Event
from cases.reporting import catalogue, rules
from cases.reporting.collecting import Figures
from cases.reporting.making import Told, make_report, make_waiting, policy_words
from cases.reporting.measure import Asked, Line
from cases.reporting.models import ReportFile, Run, Snapshot, SnapshotItems
from cases.reporting.periods import month_of
from cases.reporting.run_operations import ask_for_report
from cases.reporting.suppression import Limits
from cases.reporting.values import Count
from tests import databases
from tests.casework.story import Story, tell
from tests.launch.machine import ROOT, wait_until
from tests.reporting.test_runs_collect import measure
from tests.world import World

JOB = job("make_reports")
NOVEMBER = month_of(date(2026, 11, 19))
DECEMBER = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)


def one_file(snapshot: Snapshot, limits: Limits, at: datetime, told: Told) -> Sequence[ReportFile]:
    """A small file of its own: what the real ones hold is asked elsewhere."""
    content = f"{snapshot.figures['entity']} {limits.under}".encode()
    told(50, "Writing a file")
    return [
        ReportFile(
            profile="published",
            kind="csv",
            content=content,
            sha256=sha256(content).hexdigest(),
            made_at=at,
        )
    ]


def asked_for(world: World) -> Run:
    manager = world.user(Role.CASE_MANAGER)
    return ask_for_report(by=world.actor(manager), at=DECEMBER, period=NOVEMBER)


@pytest.fixture
def committed(own_world: World) -> Story:
    return tell(own_world)


def test_a_report_that_was_made_is_kept_whole(committed: Story) -> None:
    run = make_report(by=JOB, at=DECEMBER, run=asked_for(committed.world), draw=one_file)
    assert (run.state, run.done, run.tries, run.why_failed) == ("DONE", 100, 1, "")
    snapshot = Snapshot.objects.get(run=run)
    figures = Figures.from_json(snapshot.figures)
    assert figures.line("M03", "opened").values["month"] == Count(1)
    assert (snapshot.as_at, snapshot.queries) == (DECEMBER, catalogue.VERSION)
    assert (snapshot.before, snapshot.restated) == (None, [])
    assert snapshot.policy == policy_words(DECEMBER)
    assert snapshot.items.get(measure="M03", line="opened").ids == [committed.case.pk]
    file = snapshot.files.get()
    assert bytes(file.content) == b" 5"
    event = Event.objects.get(verb="report.made")
    assert (event.actor_name, event.subject_id) == ("make_reports", run.pk)
    assert event.changes["files"] == [f"published.csv:{file.sha256}"]


def test_how_far_it_is_can_be_seen_while_it_is_made(committed: Story) -> None:
    run, seen = asked_for(committed.world), []

    def look(done: int, step: str) -> None:
        row = Run.objects.get(pk=run.pk)
        seen.append((row.state, row.done, row.step) == ("MAKING", done, step))

    def watched(*drawing: object) -> Sequence[ReportFile]:
        files = one_file(*drawing)  # type: ignore[arg-type]
        look(79, "Writing a file")  # outside the moment of the figures
        return files

    make_report(by=JOB, at=DECEMBER, run=run, draw=watched)
    assert seen == [True]


def test_how_far_it_is_is_no_history_and_in_no_ledger(committed: Story) -> None:
    run, told = asked_for(committed.world), []

    def entries() -> int:
        with databases.as_superuser(connections["default"].settings_dict["NAME"]) as server:
            row = server.execute("SELECT count(*) FROM ledger.entry").fetchone()
        return int(row[0]) if row else -1

    def watched(*drawing: object) -> Sequence[ReportFile]:
        before = entries()
        files = one_file(*drawing)  # type: ignore[arg-type]
        told.append(entries() - before)
        return files

    make_report(by=JOB, at=DECEMBER, run=run, draw=watched)
    past = list(run.history.order_by("history_id").values_list("state", flat=True))
    assert past == ["WAITING", "MAKING", "DONE"]
    assert told == [0]


def test_a_run_that_is_made_is_not_made_again(committed: Story) -> None:
    run = make_report(by=JOB, at=DECEMBER, run=asked_for(committed.world), draw=one_file)
    again = make_report(by=JOB, at=DECEMBER, run=run, draw=one_file)
    assert (again.state, again.tries) == ("DONE", 1)
    assert Snapshot.objects.count() == 1
    assert make_waiting(by=JOB, now=lambda: DECEMBER) == 0


def test_two_makers_at_once_make_one_report(committed: Story) -> None:
    run = asked_for(committed.world)
    begun, go_on = Signal(), Signal()

    def slow(*drawing: object) -> Sequence[ReportFile]:
        begun.set()
        assert go_on.wait(30)
        return one_file(*drawing)  # type: ignore[arg-type]

    def make(draw: object) -> Run:
        try:
            return make_report(by=JOB, at=DECEMBER, run=run, draw=draw)  # type: ignore[arg-type]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        first = both.submit(make, slow)
        assert begun.wait(30)
        assert both.submit(make, one_file).result().state == "MAKING"
        go_on.set()
        assert first.result().state == "DONE"
    assert (Run.objects.get().tries, Snapshot.objects.count()) == (1, 1)


KILLED = """
import django, signal, os
django.setup()
from datetime import datetime, UTC
from cases.access import job
from cases.reporting.making import make_report
from cases.reporting.models import Run

def stuck(*drawing):
    print("half-way", flush=True)
    signal.pause()

make_report(by=job("make_reports"), at=datetime(2026, 12, 3, 9, tzinfo=UTC),
            run=Run.objects.get(), draw=stuck)
"""


def killed_half_way(name: str) -> None:
    """A process of its own begins to make the report and is killed in the middle."""
    env = {**databases.environment(name), "DJANGO_SETTINGS_MODULE": "hatecrime.settings"}
    maker = subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    assert maker.stdout is not None
    assert maker.stdout.readline() == "half-way\n"
    run = Run.objects.get()
    assert (run.state, run.done > 0) == ("MAKING", True)
    assert make_report(by=JOB, at=DECEMBER, run=run, draw=one_file).state == "MAKING"
    maker.send_signal(signal.SIGKILL)
    maker.wait()
    maker.stdout.close()
    with databases.as_owner(name) as server:
        held = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
        wait_until(lambda: server.execute(held).fetchone() is None)


def test_what_was_killed_half_way_is_made_again(committed: Story, own_database: str) -> None:
    run = asked_for(committed.world)
    killed_half_way(databases.name_in(own_database).split("?")[0])
    assert not Snapshot.objects.exists()
    made = make_report(by=JOB, at=DECEMBER, run=run, draw=one_file)
    assert (made.state, made.tries) == ("DONE", 2)
    past = list(run.history.order_by("history_id").values_list("state", "tries"))
    assert past.index(("MAKING", 1)) < past.index(("WAITING", 1)) < past.index(("MAKING", 2))


def test_three_that_were_stopped_are_enough(committed: Story) -> None:
    """The database goes away in the middle: tried again, and given up in plain words."""
    run = asked_for(committed.world)

    def gone(*drawing: object) -> Sequence[ReportFile]:
        raise OperationalError("the database does not answer")

    for tries in (1, 2, 3):
        with pytest.raises(OperationalError):
            make_report(by=JOB, at=DECEMBER, run=run, draw=gone)
        row = Run.objects.get()
        assert (row.state, row.tries) == ("MAKING", tries)
    given_up = make_report(by=JOB, at=DECEMBER, run=run, draw=one_file)
    assert (given_up.state, given_up.why_failed) == ("FAILED", rules.STOPPED)
    assert Event.objects.filter(verb="report.failed", subject_id=run.pk).count() == 1
    assert not Snapshot.objects.exists()


def test_a_measure_that_fails_fails_its_run_alone(
    committed: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(of: Asked) -> list[Line]:
        raise ValueError("Amara Osei")

    run = asked_for(committed.world)
    monkeypatch.setattr(catalogue, "ALL", (measure(broken),))
    assert make_waiting(by=JOB, now=lambda: DECEMBER) == 1
    run.refresh_from_db()
    assert run.state == "FAILED"
    assert run.why_failed == (
        "M99, A measure for tests, could not be counted. Nothing was kept of this report. "
        "Tell whoever runs the system, then ask again."
    )
    assert "Amara" not in caplog.text
    assert f"Report {run.pk} failed: ValueError at test_runs_make.py:" in caplog.text
    assert not SnapshotItems.objects.exists()


def test_a_failed_run_can_be_asked_for_again(committed: Story) -> None:
    run = asked_for(committed.world)

    def broken(*drawing: object) -> Sequence[ReportFile]:
        raise ValueError

    assert make_report(by=JOB, at=DECEMBER, run=run, draw=broken).why_failed == rules.BROKEN
    other = asked_for(committed.world)
    assert other.pk != run.pk
    assert make_report(by=JOB, at=DECEMBER, run=other, draw=one_file).state == "DONE"


def test_what_another_has_begun_again_is_not_kept_by_the_first(
    committed: Story, caplog: pytest.LogCaptureFixture
) -> None:
    """The first maker lost its lock with its connection, and did not know."""
    run = asked_for(committed.world)

    def overtaken(*drawing: object) -> Sequence[ReportFile]:
        with databases.as_superuser(connections["default"].settings_dict["NAME"]) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
                " WHERE locktype = 'advisory' AND objsubid = 2"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        make_report(by=JOB, at=DECEMBER, run=run, draw=one_file)
        return one_file(drawing[0], drawing[1], drawing[2], lambda _done, _step: None)  # type: ignore[arg-type]

    made = make_report(by=JOB, at=DECEMBER, run=run, draw=overtaken)
    assert (made.state, made.tries) == ("DONE", 2)
    assert Snapshot.objects.count() == 1
    assert "is made by another" in caplog.text
