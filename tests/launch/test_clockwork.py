"""What must happen on time happens, by one clockwork at a time, and stops when asked."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from django.db import connection

from hatecrime.clockwork import JOBS, Turn, run
from tests import databases
from tests.launch.machine import ROOT, wait_until


class Clockwork:
    """A `manage.py clockwork` of a database, and what it has logged."""

    def __init__(self, log: Path, **env: str) -> None:
        self.log = log
        with log.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "clockwork"],
                cwd=ROOT,
                env={**databases.environment(connection.settings_dict["NAME"]), **env},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    def said(self) -> list[str]:
        """The messages it has logged; every line is one."""
        return [json.loads(line)["message"] for line in self.log.read_text().splitlines()]

    def ran(self) -> set[str]:
        """The jobs that have run."""
        return {message.split()[0] for message in self.said() if " ran in " in message}


@contextlib.contextmanager
def clockwork(log: Path, **env: str) -> Iterator[Clockwork]:
    it = Clockwork(log, LOCAL_HTTP="1", **env)
    try:
        yield it
    finally:
        it.process.kill()
        it.process.wait()


def test_every_job_is_a_command_there_is() -> None:
    assert {job.command for job in JOBS} <= set(get_commands())


def test_it_does_every_job_alone_and_stops_when_asked(own_database: str, tmp_path: Path) -> None:
    anchors = tmp_path / "anchors.jsonl"
    places = {"LEDGER_ANCHORS": str(anchors), "LEDGER_KEY": str(tmp_path / "key.pem")}
    with clockwork(tmp_path / "log", **places) as it:
        wait_until(lambda: it.ran() == {job.command for job in JOBS}, 120)
        assert len(anchors.read_bytes().splitlines()) == 1
        assert it.said().count("This clockwork works now.") == 1
        assert not Turn().is_ours(), "another one has to wait"
        it.process.send_signal(signal.SIGTERM)
        assert it.process.wait(30) == 0
    other = Turn()
    assert other.is_ours()
    other.end()


def test_a_job_that_fails_stops_no_other(own_database: str, tmp_path: Path) -> None:
    with clockwork(tmp_path / "log", LEDGER_ANCHORS="/dev/null/none") as it:
        others = {job.command for job in JOBS} - {"anchor_ledger"}
        wait_until(lambda: it.ran() == others, 120)
        wait_until(lambda: any("anchor_ledger: " in message for message in it.said()))
        assert "Traceback" not in it.log.read_text()


def test_another_takes_over_from_one_that_lost_its_connection(own_database: str) -> None:
    first, second = Turn(), Turn()
    assert first.is_ours()
    assert not second.is_ours()
    with databases.as_superuser(connection.settings_dict["NAME"]) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    assert not first.is_ours(), "it cannot know who has it now"
    assert second.is_ours()
    assert not first.is_ours()
    second.end()
    assert first.is_ours()
    first.end()


@pytest.mark.parametrize("command", ["no_such_command", "anchor_ledger"])
def test_what_a_job_raises_goes_no_further_than_the_log(
    own_database: str, command: str, caplog: Any, settings: Any
) -> None:
    settings.LEDGER_ANCHORS = ""
    turn = Turn()
    run(command, turn)
    turn.end()
    assert f"{command}: " in caplog.text
