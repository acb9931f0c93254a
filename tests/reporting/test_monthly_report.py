"""``manage.py monthly_report``, as a shell or cron runs it, and the clockwork's own job."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.utils import timezone

from cases.audit.models import Event
from cases.calendar import london_date
from cases.people.company_operations import add_company
from cases.reporting.models import Run, Snapshot
from cases.reporting.periods import month_before, month_of
from tests import databases
from tests.casework.story import tell
from tests.launch.machine import ROOT
from tests.world import COMMAND, LONG_AGO, World

ENDINGS = {"pdf": b"%PDF", "xlsx": b"PK", "zip": b"PK"}


def run(
    address: str, *words: str, command: str = "monthly_report"
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", command, *words],
        cwd=ROOT,
        env=databases.environment(databases.name_in(address)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def last_month() -> str:
    return f"{month_before(london_date(timezone.now())).first:%Y-%m}"


def test_a_month_is_made_written_and_taken_again(
    own_database: str, own_world: World, tmp_path: Path
) -> None:
    tell(own_world)
    month, out = last_month(), tmp_path / "new" / "folder"
    made = run(own_database, month, "--out", str(out))
    assert made.returncode == 0, made.stderr
    files = {path.name for path in out.iterdir()}
    assert files == {f"monthly-report-{month}-published.{ending}" for ending in ENDINGS}
    for ending, begins in ENDINGS.items():
        path = out / f"monthly-report-{month}-published.{ending}"
        assert path.read_bytes().startswith(begins)
        assert path.stat().st_mode & 0o077 == 0, "others of the machine may not read it"
        assert f"{path} ({path.stat().st_size:,} bytes)" in made.stdout
    with ZipFile(out / f"monthly-report-{month}-published.zip") as tables:
        assert tables.testzip() is None
    assert "100%" in made.stderr
    assert "Report of" in made.stderr
    event = Event.objects.get(verb="report.made")
    assert (event.actor_id, event.actor_name) == (None, "monthly_report")

    # Taken again, nothing is made; in full numbers, the same making is written.
    again = run(own_database, month, "--profile", "internal", "--out", str(out))
    assert again.returncode == 0, again.stderr
    assert "is kept already" in again.stdout
    assert len(list(out.iterdir())) == 6
    assert Snapshot.objects.count() == 1
    assert Event.objects.filter(verb="report.downloaded").count() == 6

    anew = run(own_database, month, "--again", "--out", str(out))
    assert anew.returncode == 0, anew.stderr
    assert Snapshot.objects.count() == 2
    assert Snapshot.objects.latest("id").before is not None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["2026-13"], "There is no month 2026-13."),
        (["2026-1"], "Give the month as a year and a month: 2026-10."),
        (["October"], "Give the month as a year and a month: 2026-10."),
        (["0000-01"], "There is no month 0000-01."),
        (["9999-12"], "There is no month 9999-12."),
        (["2999-01"], "January 2999 is not over: ask from 1 February 2999."),
        (["1999-01"], "There is nothing to report before January 2010."),
        (["2025-01", "--entity", "NOBODY"], "There is no company with the code NOBODY."),
        (["2025-01", "--profile", "secret"], "invalid choice: 'secret'"),
        ([], "the following arguments are required: month"),
    ],
)
def test_what_cannot_be_asked_ends_with_two(
    own_database: str, words: list[str], sentence: str
) -> None:
    refused = run(own_database, *words)
    assert refused.returncode == 2
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not Run.objects.exists()


def test_what_cannot_be_written_ends_with_one(
    own_database: str, own_world: World, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("")
    failed = run(own_database, last_month(), "--out", str(tmp_path / "a file" / "below"))
    assert failed.returncode == 1
    assert "cannot be written: " in failed.stderr
    assert "Traceback" not in failed.stderr
    assert Snapshot.objects.count() == 1, "it was made, and is kept"


def test_a_company_by_its_code(own_database: str, own_world: World, tmp_path: Path) -> None:
    add_company(by=COMMAND, at=LONG_AGO, code="KHN", name="Khan Homes North")
    month = last_month()
    made = run(own_database, month, "--entity", "khn", "--out", str(tmp_path))
    assert made.returncode == 0, made.stderr
    assert f"monthly-report-{month}-khn-published.pdf" in os.listdir(tmp_path)


def test_the_clockworks_job_asks_and_makes(own_database: str, own_world: World) -> None:
    """Once, however often it runs; on the first days of a month there is nothing to ask for."""
    own_world.policy()
    for _ in range(2):
        done = run(own_database, command="make_reports")
        assert done.returncode == 0, done.stderr
    today = london_date(timezone.now())
    if today.day > 10:
        (made,) = Run.objects.all()
        assert (made.state, made.first) == ("DONE", month_before(today).first)
        assert made.asked_by is None
    assert Run.objects.filter(first=month_of(today).first).count() == 0
