"""`manage.py database_roles`: on any server, from nothing, again, and over what stood there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hatecrime import postgres
from hatecrime.management.commands.database_roles import address_of
from hatecrime.postgres_roles import APP, AUDITOR, ERASER, EVERY, LEDGER, OWNER
from tests.launch.machine import ROOT


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[str]:
    """A server that has never heard of us: its administrator's address."""
    home = tmp_path / "postgres"
    try:
        address = postgres.address("postgres", home).replace("/hatecrime?", "/postgres?")
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute("drop database hatecrime")
            for role in EVERY:
                admin.execute(f"drop role {role}")
        yield address
    finally:
        postgres.stop(home)


def told(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it where there is no database of ours, and none can be started."""
    nowhere = tmp_path / "a-file"
    nowhere.touch()
    env = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_")}
    return subprocess.run(
        [sys.executable, "manage.py", "database_roles", *arguments],
        cwd=ROOT,
        env={**env, "HATECRIME_VAR": str(nowhere)},
        capture_output=True,
        text=True,
    )


def addresses(said: str) -> dict[str, str]:
    found = re.findall(r"postgres://(hatecrime_\w+)(\S*)", said)
    return {role: f"postgres://{role}{rest}" for role, rest in found}


def test_from_nothing_then_again(bare: str, tmp_path: Path) -> None:
    first = told(tmp_path, bare, "--database", "casework")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("The database casework is made.\n")
    assert re.search(rf"^DATABASE_URL=postgres://{APP}:", first.stdout, re.M)
    assert re.search(rf"^DATABASE_OWNER_URL=postgres://{OWNER}:", first.stdout, re.M)
    given = addresses(first.stdout)
    assert set(given) == {APP, OWNER, AUDITOR}
    with psycopg.connect(given[OWNER]) as owner:
        owner.execute("create table made (id int)")
        owner.execute(f"set role {LEDGER}")
    with psycopg.connect(bare) as admin:
        rows = dict(
            admin.execute(
                "select rolname::text, (rolcanlogin, rolpassword like 'SCRAM-SHA-256%%',"
                " rolsuper or rolcreatedb or rolcreaterole)::text"
                " from pg_authid where rolname like 'hatecrime_%%'"
            ).fetchall()
        )
    assert rows == {role: "(t,t,f)" for role in (APP, OWNER, AUDITOR)} | {
        role: "(f,,f)" for role in (LEDGER, ERASER)
    }

    again = told(tmp_path, bare, "--database", "casework", "--for-tests")
    assert (again.returncode, again.stderr) == (0, "")
    assert "is there.\nRoles that were there keep their passwords" in again.stdout
    assert f"DATABASE_URL=postgres://{APP}@/casework?" in again.stdout
    with psycopg.connect(given[OWNER], autocommit=True) as owner:
        owner.execute("create database a_test")

    other = told(tmp_path, bare, "--database", "casework", "--new-passwords")
    assert set(addresses(other.stdout).values()).isdisjoint(given.values())


def test_what_stood_there_becomes_the_owners(bare: str, tmp_path: Path) -> None:
    with psycopg.connect(bare, autocommit=True) as admin:
        admin.execute("create role one_for_all login createdb")
        admin.execute("create database casework owner one_for_all")
    with psycopg.connect(address_of(bare, "one_for_all", "", "casework")) as earlier:
        earlier.execute("create table kept (id serial, n int generated always as identity)")
        earlier.execute("create view seen as select id from kept")
        earlier.execute("create function one() returns int language sql return 1")
        earlier.execute("create sequence numbers")
    assert told(tmp_path, bare, "--database", "casework").returncode == 0
    with psycopg.connect(address_of(bare, OWNER, "", "casework")) as owner:
        owner.execute("alter table kept add column more int")
        owners = owner.execute(
            "select distinct pg_get_userbyid(relowner)::text from pg_class"
            " where relnamespace = 'public'::regnamespace union"
            " select pg_get_userbyid(proowner)::text from pg_proc where proname = 'one'"
            " union select pg_get_userbyid(datdba)::text from pg_database"
            " where datname = 'casework'"
        ).fetchall()
    assert owners == [(OWNER,)]


def test_an_administrator_short_of_superuser_can_do_it(bare: str, tmp_path: Path) -> None:
    """As on a server somebody else looks after."""
    with psycopg.connect(bare, autocommit=True) as admin:
        admin.execute("create role rented login createdb createrole")
    result = told(tmp_path, address_of(bare, "rented", "", "postgres"))
    assert (result.returncode, result.stderr) == (0, "")
    with psycopg.connect(bare) as admin:
        inherits = "select pg_has_role('rented', %s, 'USAGE')"
        assert admin.execute(inherits, [OWNER]).fetchone() == (False,)
    with psycopg.connect(addresses(result.stdout)[OWNER]) as owner:
        owner.execute("create table made (id int)")


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    result = told(tmp_path, "postgres://x:hush@127.0.0.1:9/none")
    assert result.returncode == 1
    assert "Connection refused" in result.stderr
    assert "hush" not in result.stderr
    assert result.stderr.count("\n") == 1
