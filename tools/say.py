"""How the launcher speaks, runs other programs, and stops. Standard library only."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("HATECRIME_VAR") or ROOT / "var").absolute()
VENV = ROOT / ".venv"
PYTHON: Path = VENV / "bin" / "python"

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FULL_DISK = "The disk is full: free some space and run this again."
NO_NETWORK = (
    "Temporary failure in name resolution",
    "ENOTFOUND",
    "EAI_AGAIN",
    "NewConnectionError",
)


class Problem(Exception):
    """The command cannot go on; the message is one sentence for a person."""


class Stopped(BaseException):
    """Somebody asked us to stop: Ctrl-C, SIGTERM, or a closed terminal."""


def heading(words: str) -> None:
    """Say what is being done, before it is done."""
    print(f"- {words}", flush=True)


def stop_when_asked() -> None:
    """Turn the three ways of being asked to stop into Stopped, so that `finally` is reached."""

    def raise_stopped(number: int, frame: FrameType | None) -> NoReturn:
        raise Stopped

    for number in STOPS:
        signal.signal(number, raise_stopped)


def run(command: Sequence[str | Path], *, doing: str, env: Mapping[str, str] | None = None) -> None:
    """Run a program quietly; its words are shown only if it fails.

    Raises Problem, which names what was being done and the likely cause.
    """
    log = VAR / "log" / "install.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w+", errors="replace") as output:
        with started(command, env=env, stdout=output, stderr=output) as process:
            code = process.wait()
        output.seek(0)
        text = output.read()
    if code == 0:
        return
    if "No space left on device" in text or "ENOSPC" in text:
        raise Problem(FULL_DISK)
    sys.stderr.write("\n".join(text.splitlines()[-15:]) + "\n")
    if any(sign in text for sign in NO_NETWORK):
        raise Problem(f"{doing} failed because the network cannot be reached.")
    raise Problem(f"{doing} failed (exit code {code}); everything it said is in {log}.")


@contextlib.contextmanager
def started(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    stdout: object = None,
    stderr: object = None,
    patience: float = 35,
    ended_by: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for as long as the block lasts; nothing of it is left afterwards.

    It has a process group of its own: a Ctrl-C reaches only us, and we end it in good order,
    giving it `patience` seconds to finish what it is doing.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # not between starting and `try`
    try:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=stdout,  # type: ignore[call-overload]
            stderr=stderr,
            process_group=0,
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, before),
        )
    except BaseException:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(ended_by)
            # Asked a second time to stop, we wait no longer.
            with contextlib.suppress(subprocess.TimeoutExpired, Stopped):
                process.wait(patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
