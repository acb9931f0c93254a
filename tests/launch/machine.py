"""What these tests need of the machine itself: small disks, free ports, processes."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A mount seen by one process only: as root, or as root of a user namespace of our own.
NAMESPACES = (
    ("unshare", "--mount"),
    ("unshare", "--user", "--map-current-user", "--keep-caps", "--mount"),
)


def told_to(*words: object) -> None:
    """Run a program that must succeed."""
    subprocess.run([str(word) for word in words], check=True)


def wait_until(true: Callable[[], object], seconds: float = 30) -> None:
    """Return when it is true; fail if it does not become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Outcome:
    """How a program on the small disk ended, and which files were left there."""

    returncode: int
    stderr: str
    listing: str


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Callable[[Sequence[str]], Outcome]]:
    """Give a way to run a program with HATECRIME_VAR on a real disk of this size."""
    place = Path(tempfile.mkdtemp(prefix="disk-"))
    try:
        for namespace in NAMESPACES:
            mount = [*namespace, "mount", "-t", "tmpfs", "tmpfs", str(place)]
            if subprocess.run(mount, capture_output=True).returncode == 0:
                yield lambda command, n=namespace: _mounted(n, place, megabytes, command)  # type: ignore[misc]
                return
        with _shared_memory_but_for(megabytes) as place_in_memory:
            yield lambda command: _run(command, place_in_memory)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _mounted(
    namespace: Sequence[str], place: Path, megabytes: int, command: Sequence[str]
) -> Outcome:
    script = 'mount -t tmpfs -o mode=755,size="$2"m tmpfs "$1" && shift 2 && exec "$@"'
    list_afterwards = 'place=$1; shift; "$@"; code=$?; ls -R "$place"; exit $code'
    mount = [*namespace, "sh", "-c", script, "sh", str(place), str(megabytes)]
    return _run([*mount, "sh", "-c", list_afterwards, "sh", str(place), *command], place)


@contextlib.contextmanager
def _shared_memory_but_for(megabytes: int) -> Iterator[Path]:
    """Fill /dev/shm, which containers that may not mount have small, but for so much."""
    free = shutil.disk_usage("/dev/shm").free // 1_000_000
    assert free < 1000, "no way to make a small disk: not by mounting, not in /dev/shm"
    place = Path(tempfile.mkdtemp(prefix="disk-", dir="/dev/shm"))
    try:
        with (place / "filler").open("wb") as filler:
            for _ in range(max(0, free - megabytes)):
                filler.write(bytes(1_000_000))
        yield place
    finally:
        shutil.rmtree(place)


def _run(command: Sequence[str], place: Path) -> Outcome:
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "HATECRIME_VAR": str(place / "var")},
        capture_output=True,
        text=True,
    )
    left = "".join(str(path) for path in place.rglob("*"))
    return Outcome(result.returncode, result.stderr, result.stdout + left)
