"""`make run` itself: a real server with data of its own, and nothing left of it afterwards."""

import http.client
import os
import re
import signal
import socketserver
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hatecrime import postgres
from tests.launch.machine import ROOT, free_port, wait_until
from tests.launch.running import PRODUCTION, left_over, make_run


def under_load(port: int, stop: Callable[[], None]) -> tuple[int, list[str]]:
    """Ask from 50 clients at once, stop the server meanwhile; return answers and broken promises.

    Being refused a connection is no broken promise: nothing was under way.
    """
    answered: list[int] = []
    dropped: list[str] = []

    def client() -> None:
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                connection.request("GET", "/healthz")
                answered.append(connection.getresponse().status)
            except ConnectionRefusedError:
                return
            except (OSError, http.client.HTTPException) as error:
                dropped.append(repr(error))
            finally:
                connection.close()

    clients = [threading.Thread(target=client) for _ in range(50)]
    for each in clients:
        each.start()
    wait_until(lambda: len(answered) > 1000)
    stop()
    for each in clients:
        each.join(40)
    assert set(answered) == {200}
    return len(answered), dropped


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    return tmp_path_factory.mktemp("run") / "var"


def test_it_serves_as_in_production_and_a_sigterm_leaves_nothing(var):
    with make_run(var) as run:
        run.until_it_says("Serving at http://127.0.0.1:")
        assert run.get("/healthz")[:2] == (200, "ok")
        assert run.get("/readyz")[:2] == (200, "ok")
        status, page, headers = run.get("/")
        assert status == 200
        assert "Sign in" in page
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        status, page, _ = run.get("/nowhere-at-all/")
        assert "DEBUG" not in page
        assert "Traceback" not in page
        style = re.search(r'href="(/static/[^"]+\.css)"', run.get("/")[1])
        assert style, "the page has no styles"
        assert run.get(style[1])[0] == 200
        assert len(set(re.findall(r"\S+@\S+", run.said))) >= 10, "a sign-in for each of ten roles"
        wait_until(lambda: "anchor_ledger ran" in (var / "log" / "clockwork.log").read_text())
        assert (var / "anchors" / "anchors.jsonl").read_bytes().count(b"\n") == 1
        answered, dropped = under_load(run.port, lambda: run.process.send_signal(signal.SIGTERM))
        run.ended()
    assert answered > 1000
    assert dropped == [], "a request was under way and not answered (bar row 80)"
    assert "Stopped." in run.said
    assert "Traceback" not in run.said
    assert left_over(var) == []


def test_the_secret_is_kept_and_a_ctrl_c_leaves_nothing(var):
    secret = (var / "secret_key").read_text()
    with make_run(var) as run:
        run.until_it_says("Serving at http://127.0.0.1:")
        assert run.get("/readyz")[:2] == (200, "ok")
        os.killpg(run.process.pid, signal.SIGINT)
        run.ended()
    assert "Traceback" not in run.said
    assert left_over(var) == []
    assert (var / "secret_key").read_text() == secret


@pytest.mark.parametrize("moment", [0.0, 0.3, 0.9])
def test_a_sigterm_while_it_starts_leaves_nothing(var, moment):
    with make_run(var) as run:
        run.until_it_says("Starting PostgreSQL")
        time.sleep(moment)
        run.process.send_signal(signal.SIGTERM)
        run.ended()
    assert "Traceback" not in run.said
    wait_until(lambda: left_over(var) == [], 10)


def test_a_damaged_data_directory_is_one_sentence(var):
    (var / "postgres" / "data" / "global" / "pg_control").rename(var / "pg_control")
    try:
        with make_run(var) as run:
            code = run.ended()
    finally:
        (var / "pg_control").rename(var / "postgres" / "data" / "global" / "pg_control")
    assert code != 0
    assert re.search(r"^The data directory .* is damaged \(files are missing\): ", run.said, re.M)
    assert "Traceback" not in run.said
    assert left_over(var) == []


def refused(var: Path, address: str) -> str:
    """Run with this DATABASE_URL, which must not do; return what was said on stderr."""
    env = {k: v for k, v in os.environ.items() if k not in PRODUCTION and "MAKE" not in k}
    result = subprocess.run(
        ["make", "run"],
        cwd=ROOT,
        env={**env, "HATECRIME_VAR": str(var), "DATABASE_URL": address, "PORT": str(free_port())},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    assert "hush" not in result.stderr
    return result.stderr


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("postgres://x:hush@127.0.0.1:9/none", "The database of DATABASE_URL cannot be used: "),
        ("mysql://127.0.0.1/none", "DATABASE_URL is not the address of a PostgreSQL database"),
        ("nonsense", "DATABASE_URL is not the address of a PostgreSQL database"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path, address, sentence):
    assert re.search(f"^{sentence}", refused(tmp_path / "var", address), re.M)


def test_an_address_without_the_owners_is_one_sentence(tmp_path):
    said = refused(tmp_path / "var", postgres.url())
    assert "DATABASE_OWNER_URL is not set: set it to the address that `manage.py data" in said


def test_an_old_server_is_one_sentence(tmp_path):
    with server_that_says_it_is("14.9") as port:
        said = refused(tmp_path / "var", f"postgres://x:hush@127.0.0.1:{port}/none?sslmode=disable")
    assert "The database of DATABASE_URL is too old: PostgreSQL 15 or later is required" in said


@contextmanager
def server_that_says_it_is(version: str) -> Iterator[int]:
    """Speak just enough of PostgreSQL's protocol to be asked for a version; yield the port."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!i", len(body) + 4) + body

    welcome = (
        message(b"R", struct.pack("!i", 0))  # you are who you say
        + message(b"S", b"server_version\0" + version.encode() + b"\0")
        + message(b"S", b"client_encoding\0UTF8\0")
        + message(b"Z", b"I")  # ready
    )

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(4096)
            self.request.sendall(welcome)
            self.request.recv(4096)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_address[1]
        server.shutdown()
