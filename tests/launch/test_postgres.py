"""The embedded server: started once however many ask, stopped by the last, clear when broken."""

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from hatecrime import postgres
from hatecrime.postgres_roles import APP, AUDITOR, ERASER, EVERY, LEDGER, OWNER
from tests.launch.machine import small_disk, told_to, wait_until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("server", numbered=True) / "postgres"
    yield home
    postgres.stop(home)


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatecrime.postgres", *arguments],
        cwd=ROOT,
        env={**os.environ, "HATECRIME_VAR": str(home.parent)},
        capture_output=True,
        text=True,
    )


def processes(home: Path) -> list[str]:
    """The command lines of every process that mentions this directory."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if f"-D {home}/data" in line:
            found.append(line)
    return found


def test_many_may_ask_at_once_and_one_server_starts(home):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: command(home, "url"), range(4)))
    assert [answer.returncode for answer in answers] == [0] * 4, answers
    assert len({answer.stdout for answer in answers}) == 1
    assert len(processes(home)) == 1
    with psycopg.connect(answers[0].stdout.strip()) as connection:
        asked = "select current_user::text, current_database()::text, current_setting(%s)"
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            found = connection.execute(asked, [setting]).fetchone()
            assert found == (APP, "hatecrime", "on")


def test_no_role_of_ours_is_a_superuser(home):
    postgres.start(home)
    with psycopg.connect(postgres.owner_url(home)) as connection:
        rows = connection.execute(
            "select rolname::text, rolcanlogin, rolcreatedb,"
            " rolsuper or rolbypassrls or rolcreaterole or rolreplication"
            " from pg_roles where rolname = any(%s) order by rolname",
            [list(EVERY)],
        ).fetchall()
    assert rows == [
        (APP, True, False, False),
        (AUDITOR, True, False, False),
        (ERASER, False, False, False),
        (LEDGER, False, False, False),
        (OWNER, True, True, False),
    ]


def test_an_earlier_installations_one_role_becomes_the_owner(tmp_path):
    home = tmp_path / "postgres"
    try:
        with psycopg.connect(postgres.address("postgres", home), autocommit=True) as admin:
            for role in (APP, AUDITOR, LEDGER, ERASER):
                admin.execute(f"drop role {role}")
            admin.execute(f"alter role {OWNER} rename to hatecrime")
        with psycopg.connect(postgres.address("hatecrime", home)) as earlier:
            earlier.execute("create table kept as select 1 as one")
        postgres.stop(home)
        with psycopg.connect(postgres.owner_url(home)) as owner:
            owner.execute("alter table kept add column two int")
            assert owner.execute(
                "select pg_get_userbyid(datdba)::text from pg_database where datname = 'hatecrime'"
            ).fetchone() == (OWNER,)
        with (
            psycopg.connect(postgres.url(home)) as application,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            application.execute("select * from kept")
    finally:
        postgres.stop(home)


def test_it_cannot_be_reached_over_the_network(home):
    with psycopg.connect(postgres.url(home)) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
    directory = Path(postgres.url(home).partition("host=")[2])
    assert (directory / postgres.SOCKET).stat().st_mode & 0o077 == 0


def test_a_refused_row_never_reaches_the_log(home):
    with psycopg.connect(postgres.owner_url(home)) as connection:
        connection.execute("create temporary table told (words text unique)")
        statement = "insert into told values (%s), (%s)"
        with pytest.raises(psycopg.errors.UniqueViolation, match="canary-8f2c"):
            connection.execute(statement, ["canary-8f2c", "canary-8f2c"])
    assert "canary-8f2c" not in (home / "log").read_text()


def test_commands_say_what_they_did(home):
    postgres.start(home)
    assert command(home, "status").stdout == "Running.\n"
    assert command(home, "start").stdout == "Already running.\n"
    assert command(home, "dance").returncode == 2


def test_a_shared_block_leaves_a_server_somebody_else_started(home):
    postgres.start(home)
    with postgres.shared(home):
        pass
    assert postgres.is_running(home)


def test_a_shared_block_stops_the_server_it_started(home):
    postgres.start(home)
    assert postgres.stop(home)
    with postgres.shared(home) as url, psycopg.connect(url):
        assert processes(home)
    assert not postgres.is_running(home)
    assert not processes(home)


def test_the_last_of_two_shared_blocks_stops_the_server(home):
    postgres.stop(home)
    script = (
        "import sys; from hatecrime import postgres\n"
        "with postgres.shared(): print('in', flush=True); sys.stdin.read()"
    )
    with postgres.shared(home):
        other = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "HATECRIME_VAR": str(home.parent)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
    assert postgres.is_running(home), "the other block still uses it"
    other.communicate()
    assert not processes(home)


def test_it_comes_back_after_being_killed(home):
    postgres.start(home)
    pid = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, 9)
    # A process has no command line before it has quite gone.
    wait_until(lambda: not processes(home) and not postgres.is_running(home))
    with psycopg.connect(postgres.url(home)) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize("long", [False, True])
def test_whoever_uses_it_finds_it_again_after_it_was_killed(tmp_path, long):
    """Somebody who was told the address once, such as a web server, is not told it again."""
    home = tmp_path.joinpath(*["a-long-name-of-a-directory"] * 4 * long, "postgres")
    try:
        address = postgres.url(home)
        for _ in range(2):
            pid = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, 9)
            wait_until(lambda: not processes(home))
            postgres.start(home)
            with psycopg.connect(address) as connection:
                assert connection.execute("select 1").fetchone() == (1,)
        assert postgres.url(home) == address
    finally:
        postgres.stop(home)
    assert not postgres._link(home).is_symlink()


def test_an_address_that_somebody_else_holds_is_not_used(tmp_path, monkeypatch):
    """In a directory all may write to, a link of another's could lead to a server of theirs."""
    monkeypatch.setattr(postgres.tempfile, "gettempdir", lambda: str(tmp_path))
    home = tmp_path.joinpath(*["a-long-name-of-a-directory"] * 4, "postgres")
    home.mkdir(parents=True)
    link = postgres._link(home)
    link.symlink_to(tmp_path)
    os.chown(link, 12345, 12345, follow_symlinks=False)
    with pytest.raises(postgres.PostgresProblem, match="belongs to somebody else"):
        postgres._kept_address(home, tmp_path / "run-1")


def test_a_server_whose_data_was_deleted_does_not_harm_the_next(tmp_path):
    home = tmp_path / "postgres"
    postgres.start(home)
    pid = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
    shutil.rmtree(home)
    try:
        with postgres.shared(home) as url:
            os.kill(pid, signal.SIGINT)  # as it does itself when it notices, within a minute
            wait_until(lambda: len(processes(home)) == 1)
            with psycopg.connect(url) as connection:
                assert connection.execute("select 1").fetchone() == (1,)
    finally:
        postgres.stop(home)


def test_a_server_that_does_not_answer_is_named_and_can_be_stopped(home, monkeypatch):
    monkeypatch.setattr(postgres, "PATIENCE", 0.5)
    postgres.start(home)
    socket = Path(postgres.url(home).partition("host=")[2]) / postgres.SOCKET
    socket.unlink()
    assert not postgres.is_running(home)
    with pytest.raises(postgres.PostgresProblem, match=r"\(process \d+\) and does not answer"):
        postgres.start(home)
    assert postgres.stop(home)
    assert not processes(home)


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path):
    home = tmp_path / ("long" * 20) / "postgres"
    try:
        with postgres.shared(home) as url, psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        directory = Path(url.partition("host=")[2])
        assert not directory.exists(), "the socket's own directory is removed"
    finally:
        postgres.stop(home)


@pytest.fixture
def stopped(home):
    """A copy of a data directory that was stopped in good order, to be broken."""
    postgres.start(home)
    postgres.stop(home)
    copy = home.with_name("broken")
    shutil.rmtree(copy, ignore_errors=True)
    told_to("cp", "-a", home, copy)
    yield copy
    postgres.stop(copy)


def test_a_directory_with_files_missing_is_called_damaged(stopped):
    (stopped / "data" / "global" / "pg_control").unlink()
    with pytest.raises(postgres.PostgresProblem, match="is damaged"):
        postgres.start(stopped)


def test_a_directory_of_another_version_is_named(stopped):
    (stopped / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(postgres.PostgresProblem, match="made by PostgreSQL 14"):
        postgres.start(stopped)


def test_a_directory_that_cannot_be_read_gives_the_servers_own_reason(stopped):
    (stopped / "data" / "global" / "pg_control").write_bytes(b"\0" * 8192)
    with pytest.raises(postgres.PostgresProblem, match=r"^PostgreSQL could not start: .+ log is"):
        postgres.start(stopped)
    assert not processes(stopped)


def test_a_file_where_the_directory_should_be_is_one_sentence(tmp_path):
    (tmp_path / "postgres").write_text("")
    with pytest.raises(postgres.PostgresProblem, match=r"cannot use .*postgres"):
        postgres.start(tmp_path / "postgres")


def test_a_full_disk_is_called_that_and_leaves_nothing_half_made():
    with small_disk(12) as run:
        result = run([sys.executable, "-m", "hatecrime.postgres", "start"])
    assert result.returncode == 1
    assert result.stderr == "The disk is full: free some space and run again.\n"
    assert "PG_VERSION" not in result.listing
