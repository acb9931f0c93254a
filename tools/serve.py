"""`make run`, `make dev` and `make demo`, once everything is installed (runs in .venv)."""

import io
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django
import environ
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from hatecrime import postgres
from hatecrime.owner import OwnerUnknown, as_owner
from tools import install
from tools.commands import port, port_is_free
from tools.say import PYTHON, ROOT, VAR, Problem, Stopped, heading, run, started, stop_when_asked

# Who serves has no business knowing how to be the owner.
NOT_THE_OWNER = {"DATABASE_OWNER_URL": ""}


def main(arguments: Sequence[str]) -> int:
    """Do one command; return the exit code. Every known failure is one sentence on stderr."""
    stop_when_asked()
    try:
        return COMMANDS[arguments[0]]()
    except (Problem, postgres.PostgresProblem, CommandError, OwnerUnknown) as problem:
        print(problem, file=sys.stderr)
    except Stopped:
        print("Stopped.", flush=True)
        return 0
    except OSError as error:
        print(f"{error.filename or VAR} cannot be used: {error.strerror}.", file=sys.stderr)
    return 1


def run_application() -> int:
    """Serve as in production, on this machine only."""
    production_settings()
    with database():
        prepare()
        collect_static()
        port_is_free(port())
        command = [str(PYTHON), "-m", "gunicorn", "--config", "hatecrime/gunicorn_conf.py"]
        command += ["hatecrime.wsgi"]
        with clockwork(), started(command, env=NOT_THE_OWNER) as server:
            wait_until_it_answers(server.poll)
            print(flush=True)
            call_command("demo_data", sign_ins=True)
            connection.close()
            print(f"\nServing at http://127.0.0.1:{port()} - Ctrl-C stops it.", flush=True)
            code = server.wait()
    raise Problem(f"The server ended by itself (exit code {code}).")


@contextmanager
def clockwork() -> Iterator[None]:
    """Do what must happen on time (anchors, alerts) for as long as the block lasts."""
    log = VAR / "log" / "clockwork.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    works = [str(PYTHON), "manage.py", "clockwork"]
    with log.open("w") as said, started(works, env=NOT_THE_OWNER, stdout=said, stderr=said):
        yield


def develop() -> int:
    """Serve with debug pages; code, templates and styles are taken up as they change."""
    os.environ.update(DEBUG="1", LOCAL_HTTP="1")
    with database():
        prepare()
        django_server = [str(PYTHON), "-Wd", "manage.py", "runserver", f"127.0.0.1:{port()}"]
        watch = ["npm", "run", "--silent", "watch"]
        with started(watch, env=install.node_path()) as styles, started(django_server) as server:
            while styles.poll() is None and server.poll() is None:
                time.sleep(0.5)
    raise Problem("One of the two programs ended by itself; what it said is above.")


def demonstrate() -> int:
    """Load demo data if the database is empty and print who can sign in."""
    production_settings()
    with database():
        prepare()
        call_command("demo_data", sign_ins=True)
    return 0


def production_settings() -> None:
    """Set what production needs and a fresh clone has not; whatever is set already stays."""
    os.environ.setdefault("SECRET_KEY", secret_key(VAR / "secret_key"))
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost")
    os.environ.setdefault("LOCAL_HTTP", "1")
    os.environ.update(PORT=str(port()), WEB_HOST="127.0.0.1")


def secret_key(path: Path) -> str:
    """Return this installation's own secret, made the first time and readable to its owner."""
    if path.exists() and len(kept := path.read_text().strip()) >= 50:
        return kept
    made = secrets.token_urlsafe(64)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(made)
    fresh.replace(path)
    return made


@contextmanager
def database() -> Iterator[None]:
    """Have a database that answers for as long as the block lasts. Raises Problem."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatecrime.settings")
    if os.environ.get("DATABASE_URL"):
        heading("Using the database of DATABASE_URL")
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            check_address(name)
        django.setup()
        check_connection("DATABASE_URL")
        with as_owner():
            check_connection("DATABASE_OWNER_URL")
        yield
        return
    heading("Starting PostgreSQL" if not postgres.is_running() else "PostgreSQL is running")
    with postgres.shared():
        django.setup()
        yield


def check_address(name: str) -> None:
    """Raise Problem unless this variable reads as the address of a PostgreSQL database."""
    address = os.environ.get(name, "")
    try:
        engine = environ.Env.db_url_config(address).get("ENGINE", "")
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        engine = ""
    if address and not engine.endswith("postgresql"):
        raise Problem(
            f"{name} is not the address of a PostgreSQL database: it should read like "
            "postgres://user:password@host:5432/name."
        )


def check_connection(name: str) -> None:
    """Raise Problem unless the database answers and is new enough (PostgreSQL 15)."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        said = " ".join(str(error).split())
        if "or later is required" in said:
            raise Problem(f"The database of {name} is too old: {said}") from error
        raise Problem(f"The database of {name} cannot be used: {said}") from error


def prepare() -> None:
    """Bring the tables up to date and, in an empty database, load demo data."""
    with install.one_at_a_time():
        heading("Bringing the database up to date")
        try:
            call_command("migrate", verbosity=0, interactive=False)
            few = os.environ.get("DEMO_REPORTS", "")
            only = int(few) if few.isdigit() else None
            # It names the sign-ins too, but we do that last, where they can still be seen.
            call_command("demo_data", if_empty=True, only=only, stdout=io.StringIO())
        except DatabaseError as error:
            said = str(error).strip().splitlines()[0]
            if "No space left on device" in said:
                raise Problem("The disk is full: free some space and run this again.") from error
            raise Problem(f"The database could not be brought up to date: {said}") from error


def collect_static() -> None:
    """Collect styles and scripts under the names a browser may keep, if they have changed."""
    sources = [path for path in (ROOT / "static" / "build").rglob("*") if path.is_file()]
    requirements = ROOT / "requirements" / "base.txt"
    stamp, value = VAR / "static" / ".stamp", install.digest([*sources, requirements])
    if install.stamped(stamp, value):
        return
    heading("Collecting styles and scripts")
    run(
        [str(PYTHON), "manage.py", "collectstatic", "--no-input", "--clear"],
        doing="Collecting styles",
    )
    stamp.write_text(value)


def wait_until_it_answers(ended: Callable[[], int | None]) -> None:
    """Return when /healthz answers. Raises Problem if the server ends before, or takes too long."""
    for _ in range(600):
        code = ended()
        if code is not None:
            raise Problem(f"The server did not start (exit code {code}); its reasons are above.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port()}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Problem("The server did not answer within a minute.")


COMMANDS = {"run": run_application, "dev": develop, "demo": demonstrate}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
