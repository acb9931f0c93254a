"""A real `make run` with data of its own, driven from outside, and what it leaves behind."""

import os
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.launch.machine import ROOT, free_port, wait_until

PRODUCTION = {
    *("DEBUG", "TESTING", "SECRET_KEY", "ALLOWED_HOSTS", "LOCAL_HTTP"),
    *("DATABASE_URL", "DATABASE_OWNER_URL"),
}


def left_over(var: Path) -> list[str]:
    """Every living process that has to do with this var directory, however it was started."""
    mark, found = os.fsencode(f"HATECRIME_VAR={var}\0"), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            ours = mark in (process / "environ").read_bytes() or str(var) in line
            if ours or (process / "cwd").readlink().is_relative_to(var):
                found.append(line)
        except OSError:
            continue
    return found


class Run:
    """A `make run` in a session of its own, and what it has said."""

    def __init__(self, var: Path, reports: int) -> None:
        self.port = free_port()
        env = {k: v for k, v in os.environ.items() if k not in PRODUCTION and "MAKE" not in k}
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env={**env, "HATECRIME_VAR": str(var), "PORT": str(self.port)}
            | {"DEMO_REPORTS": str(reports)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
        self.said = ""
        self.reader = threading.Thread(target=self.listen)
        self.reader.start()

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def until_it_says(self, words: str) -> None:
        def said_or_ended() -> bool:
            return words in self.said or self.process.poll() is not None

        wait_until(said_or_ended, 300)
        assert words in self.said, self.said

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), dict(error.headers)

    def ended(self) -> int:
        code = self.process.wait(45)
        self.reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@contextmanager
def make_run(var: Path, reports: int = 1) -> Iterator[Run]:
    """Run for as long as the block lasts; `reports` is how much demo data it begins with."""
    run = Run(var, reports)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            os.killpg(run.process.pid, signal.SIGINT)
            run.ended()
