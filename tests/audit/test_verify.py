"""`manage.py verify_ledger`: from elsewhere, as somebody who may only read."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from psycopg.errors import ReadOnlySqlTransaction

from cases.audit.anchors import signing_key
from cases.audit.capturing import install
from cases.audit.chain import Tip
from cases.audit.signing import public_key
from cases.audit.verifying import Asked, CannotLook, Findings, reading, verify
from cases.audit.verifying_chain import AT_ONCE, Walk
from cases.staff.models import User
from hatecrime.owner import as_owner
from tests import databases
from tests.audit.tampering import Sealed

ROOT = Path(__file__).resolve().parents[2]


def command(
    *arguments: object, address: str | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run it as on another machine: it knows no address but what it is given."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = {"DATABASE_URL": address} if address else {}
    return subprocess.run(
        [sys.executable, "manage.py", "verify_ledger", *map(str, arguments)],
        cwd=ROOT,
        env={**kept, "HATECRIME_VAR": "/nowhere", **given, **env},
        capture_output=True,
        text=True,
    )


def look(sealed: Sealed, **asked: object) -> Findings:
    return verify(Asked(sealed.auditor, **asked), timezone.now(), print)  # type: ignore[arg-type]


def test_it_runs_from_elsewhere_with_the_auditors_address_alone(sealed: Sealed) -> None:
    key = public_key(signing_key())
    for how in ({"address": sealed.auditor}, {}):
        named = () if how else ("--database-url", sealed.auditor)
        done = command("--anchors", sealed.anchors, "--key", key, *named, **how)
        assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
        assert done.stdout.endswith("Sound.\n")
        assert f"{sealed.end()} links, " in done.stdout
        assert ", 1 anchors, " in done.stdout
        assert "Links: 100%" in done.stderr


def test_it_says_each_fault_in_a_line_and_exits_with_1(sealed: Sealed) -> None:
    sealed.tamper("UPDATE ledger.link SET actor = 'X' WHERE seq = 2")
    done = command("--anchors", sealed.anchors, address=sealed.auditor)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "Link 2 does not follow from link 1: one was altered."
    assert done.stderr.endswith("Not sound: 1 faults.\n")
    assert "Sound." not in done.stdout


def test_what_cannot_be_looked_at_is_a_sentence_and_exits_with_2(sealed: Sealed) -> None:
    for arguments, address, why in (
        ((), "postgres://nobody@127.0.0.1:9/none", "The ledger cannot be read: "),
        ((), databases.address(sealed.name), "permission denied"),
        (("--anchors", "/nowhere/at/all"), sealed.auditor, "/nowhere/at/all cannot be read: "),
        (("--since", 10**9), sealed.auditor, "There is no link 1000000000 to begin from"),
    ):
        done = command(*arguments, address=address)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
        assert why in done.stderr


def test_everything_that_was_written_is_compared(sealed: Sealed) -> None:
    ((entries, links),) = sealed.tamper("SELECT count(*), count(DISTINCT seq) FROM ledger.entry")
    found = look(sealed)
    assert (found.links, found.entries, found.rows) == (links, entries, entries)
    assert entries > 50


def test_it_begins_behind_an_anchor(sealed: Sealed) -> None:
    end, begin = sealed.end(), sealed.end() - 5
    found = look(sealed, since=begin, anchors=sealed.anchors)
    assert (found.sound, found.links) == (True, 5)
    sealed.tamper("UPDATE ledger.link SET purpose = 'other' WHERE seq = %s", begin - 1)
    assert sealed.faults(since=begin) == []
    sealed.tamper("UPDATE ledger.link SET purpose = 'other' WHERE seq = %s", end)
    assert sealed.faults(since=begin) == [
        f"Link {end} does not follow from link {end - 1}: one was altered."
    ]


def test_rows_put_in_before_where_it_begins_are_found_still(sealed: Sealed) -> None:
    sealed.tamper(
        "INSERT INTO staff_team (name) SELECT name || ' of another ledger' FROM staff_team LIMIT 1"
    )
    (said,) = sealed.faults(since=sealed.end() - 1)
    assert "has no history" in said


def test_it_can_write_nothing(own_database: str) -> None:
    """Even asked by somebody who could."""
    owner = databases.owner_address(connection.settings_dict["NAME"])
    with reading(owner) as looking, pytest.raises(ReadOnlySqlTransaction):
        looking.execute("CREATE TABLE public.nothing ()")


def test_a_job_that_stopped_anchoring_is_a_fault(sealed: Sealed) -> None:
    later = timezone.now() + timedelta(hours=25, minutes=59)
    assert sealed.faults(anchored=True, now=later) == []
    later += timedelta(minutes=2)
    assert sealed.faults(anchored=True, now=later) == [
        "The newest anchor is 26 hours old: anchoring has stopped."
    ]


def test_what_was_never_sealed_is_a_fault_to_whoever_can_see_it(sealed: Sealed) -> None:
    sealed.tamper(
        "INSERT INTO ledger.pending (actor, form, op, row_ids, kept_ids, digests, salts)"
        " VALUES ('x', 1, '+', '{}', '{}', '{}', '{}')"
    )
    assert sealed.faults() == [], "the auditor cannot see it"
    said: list[str] = []
    verify(Asked(databases.superuser_address(sealed.name)), timezone.now(), said.append)
    assert said == ["1 committed writes were never sealed (ledger.pending)."]


def test_rows_that_were_there_before_the_ledger_are_counted(own_database: str) -> None:
    ledger = Sealed(connection.settings_dict["NAME"], Path("/none"))
    # The partner directory begins with entries of its own, put in before capture was.
    begun = sum(look(ledger).adopted.values())
    ledger.tamper("DELETE FROM ledger.form WHERE table_name = 'policy_bankholiday'")
    ledger.tamper(
        "INSERT INTO policy_bankholiday (day, name)"
        " VALUES ('2026-12-25', 'Christmas Day'), ('2026-12-28', 'Boxing Day (in lieu)')"
    )
    ledger.tamper("COMMENT ON SCHEMA ledger IS 'of another day'")
    with as_owner():
        install(connection)
    found = look(ledger)
    assert (found.sound, sum(found.adopted.values())) == (True, begun + 2)
    done = command(address=ledger.auditor)
    told = f"{begun + 2} rows were there before the ledger was: adopted at link "
    assert told in done.stdout


def test_of_very_many_faults_of_a_kind_a_hundred_are_said() -> None:
    said: list[str] = []
    found = Findings(said.append)
    for number in range(103):
        found.fault("row", f"Row {number}.")
    found.fault("hash", "A link.")
    found.end()
    assert (len(said), said[100:]) == (102, ["A link.", "… and 3 more such (row)."])
    assert sum(found.faults.values()) == 104


def test_what_one_link_sealed_may_be_more_than_is_held(own_database: str) -> None:
    """A link of very many entries is looked at part by part."""
    ledger = Sealed(connection.settings_dict["NAME"], Path("/none"))
    number = 2 * AT_ONCE + 7
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', 'a test', false)")
        cursor.execute(
            "INSERT INTO policy_bankholiday (day, name)"
            " SELECT '2100-01-01'::date + n, 'Day ' || n FROM generate_series(1, %s) n",
            [number],
        )
    parts: list[int] = []
    found = Findings(print)
    with databases.as_superuser(ledger.name) as server, server.transaction():
        walk = Walk(server, found, lambda link, some: parts.append(len(some)), lambda done: None)
        walk.walk(Tip())
    assert found.sound
    assert max(parts) == AT_ONCE
    assert look(ledger).sound


def test_nothing_a_row_holds_is_ever_said(sealed: Sealed) -> None:
    names = list(User.objects.values_list("full_name", flat=True))
    sealed.tamper("UPDATE staff_historicaluser SET full_name = full_name || '!'")
    said = " ".join(sealed.faults())
    assert "was altered" in said
    assert [name for name in names if name in said] == []


def test_no_ledger_at_all_cannot_be_looked_at(own_database: str) -> None:
    with pytest.raises(CannotLook, match="The ledger cannot be read: "):
        verify(
            Asked(databases.auditor_address("postgres")),
            timezone.now(),
            print,
        )
