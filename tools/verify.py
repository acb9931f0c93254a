"""`make test`, `make check`, `make fix` and the rest, once all is installed (runs in .venv)."""

import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from hatecrime import postgres
from tools.say import PYTHON, VAR, Problem, Stopped, run, started, stop_when_asked

BIN = PYTHON.parent
MEMORY = Path("/dev/shm")  # noqa: S108 (a directory of our own is made in it)
ROOM = 5 * 2**30
COMPILE = (
    *("--quiet", "--upgrade", "--generate-hashes", "--python-version", "3.12"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links"),
)
# Nothing a rule, an operation or a permission does may be left untried.
COMPLETE = "*/*rules.py,*/*operations.py,cases/access.py,cases/lifecycle.py"


def main(arguments: Sequence[str]) -> int:
    """Do one command; return the exit code."""
    stop_when_asked()
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except (Problem, postgres.PostgresProblem) as problem:
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        print("Stopped.", file=sys.stderr)
        return 130


def checks() -> list[tuple[str, list[str], dict[str, str]]]:
    """Return every static check: its name, its command and the settings it runs under."""
    manage, concise = [str(PYTHON), "manage.py"], ["--quiet", "--output-format", "concise"]
    # As a production start would be configured; without LOCAL_HTTP, so cookies must be Secure.
    deploy = {"SECRET_KEY": secrets.token_urlsafe(64), "ALLOWED_HOSTS": "casework.example.org"}
    deploy |= {"MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}
    deploy |= {"DEBUG": "0", "TESTING": "0", "LOCAL_HTTP": "0"}
    return [
        ("format", [f"{BIN}/ruff", "format", "--check", *concise, "."], {}),
        ("lint", [f"{BIN}/ruff", "check", *concise, "."], {}),
        ("types", [f"{BIN}/mypy", "--no-error-summary"], {}),
        ("imports", [f"{BIN}/lint-imports", "--no-logo"], {}),
        ("templates", [f"{BIN}/djlint", "templates", "--lint", "--quiet"], {}),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], {}),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], deploy),
    ]


def check(_: Sequence[str]) -> int:
    """Run every static check, whatever the others found; 1 if any found something."""
    failed = []
    with database():
        for name, command, env in checks():
            begun = time.monotonic()
            with started(command, env=env) as process:
                code = process.wait()
            verdict = "ok" if code == 0 else "FAILED"
            print(f"- {name}: {verdict} ({time.monotonic() - begun:.0f} s)", flush=True)
            if code != 0:
                failed.append(name)
    if failed:
        print(f"Not as it should be: {', '.join(failed)}.", flush=True)
    return 1 if failed else 0


def test(arguments: Sequence[str]) -> int:
    """Run every check, then every test; pytest's summary is the last line."""
    with database():
        found = check(())
        return pytest(arguments) or found


def pytest(arguments: Sequence[str]) -> int:
    """Run the tests, one more at once than there are processors: some of them only wait."""
    workers = str((os.cpu_count() or 1) + 1)
    command = [f"{BIN}/pytest", "-n", workers, "--dist", "worksteal", *arguments]
    # What a Ctrl-C does to pytest: browsers are closed and databases dropped.
    with in_memory() as env, started(command, env=env, ended_by=signal.SIGINT) as process:
        return process.wait()


@contextmanager
def in_memory() -> Iterator[dict[str, str]]:
    """A var/ of the tests' own in memory, where there is room; theirs is thrown away anyway.

    The server there is as durable as any (its settings are the same, and tests look at them),
    but nobody waits for a disk: a third of the time of the tests was that.
    """
    if os.environ.get("DATABASE_URL") or not _has_room(MEMORY):
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="hatecrime-tests-", dir=MEMORY) as made:
        var = Path(made)
        var.chmod(0o755)  # the server's own account passes through it
        with postgres.shared(var / "postgres"):
            yield {"HATECRIME_VAR": made}


def _has_room(memory: Path) -> bool:
    """Whether files may be kept in memory: enough of it is free, and it is ours to write to."""
    if not os.access(memory, os.W_OK):
        return False
    free = shutil.disk_usage(memory).free
    pages = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return free > ROOM and pages > 2 * ROOM


def coverage(arguments: Sequence[str]) -> int:
    """Run the tests counting branches; what must be complete is checked to be complete."""
    shutil.rmtree(VAR / "coverage", ignore_errors=True)
    (VAR / "coverage").mkdir(parents=True)
    with database():
        code = pytest(["--cov", "--cov-report=term:skip-covered", *arguments])
    report = [f"{BIN}/coverage", "report", f"--include={COMPLETE}", "--fail-under=100"]
    with started(report) as process:
        return process.wait() or code


def fix(_: Sequence[str]) -> int:
    """Mend what can be mended without a decision."""
    for arguments in (["check", "--fix", "."], ["format", "."]):
        with started([f"{BIN}/ruff", *arguments]) as process:
            code = process.wait()
    return code


def lock(_: Sequence[str]) -> int:
    """Resolve requirements/*.in into pinned and hashed files."""
    for name in ("base", "dev", "node"):
        source = f"requirements/{name}.in"
        output = ["--output-file", f"requirements/{name}.txt", source]
        run([f"{BIN}/uv", "pip", "compile", *COMPILE, *output], doing=f"Resolving {source}")
    print("requirements/*.txt are resolved again: read the difference, run the tests, commit.")
    return 0


def manage(name: str, arguments: Sequence[str]) -> int:
    """Run one of the project's own commands against the development database."""
    with database(), started([str(PYTHON), "manage.py", name, *arguments]) as process:
        return process.wait()


def soak(arguments: Sequence[str]) -> int:
    """Let many people work at once on a real server with data of its own."""
    with started([PYTHON, "-m", "tests.soak", *arguments]) as process:
        return process.wait()


def database() -> AbstractContextManager[object]:
    """Have a database for as long as the block lasts: DATABASE_URL's, or our own."""
    return nullcontext() if os.environ.get("DATABASE_URL") else postgres.shared()


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "check": check,
    "test": test,
    "coverage": coverage,
    "fix": fix,
    "lock": lock,
    "bench": lambda arguments: manage("bench", arguments),
    "soak": soak,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
