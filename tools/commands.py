"""The commands of the Makefile: install what they need, then hand over to .venv's Python."""

import errno
import os
import socket
import sys
from collections.abc import Callable, Sequence

from tools import install
from tools.say import PYTHON, ROOT, Problem, Stopped, stop_when_asked

SERVING = ("run", "dev")


def main(arguments: Sequence[str]) -> int:
    """Do one command; return the exit code. Every known failure is one sentence on stderr."""
    name, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if name not in COMMANDS:
        print(f"usage: python tools/launch.py {' | '.join(COMMANDS)}", file=sys.stderr)
        return 2
    stop_when_asked()
    try:
        return COMMANDS[name](name, rest)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        print("Stopped.", file=sys.stderr)
        return 130


def serve(name: str, rest: Sequence[str]) -> int:
    """Install for the application, then go on in .venv."""
    if name in SERVING:
        port_is_free(port())
    install.everything(tests=False)
    return go_on("tools.serve", name, *rest)


def verify(name: str, rest: Sequence[str]) -> int:
    """Install for the tests too, then go on in .venv."""
    install.everything(tests=True)
    os.environ.setdefault("CHROMIUM", install.find_chromium() or "")
    return go_on("tools.verify", name, *rest)


def go_on(module: str, *arguments: str) -> int:
    """Become .venv's Python, so that a signal meets the program and not a middleman."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])


def port() -> int:
    """Return the port of the PORT setting. Raises Problem."""
    words = os.environ.get("PORT") or "8000"
    if not words.isdigit() or not 1 <= int(words) <= 65535:
        raise Problem(f"PORT must be a number from 1 to 65535, and it is {words!r}.")
    return int(words)


def port_is_free(number: int) -> None:
    """Raise Problem unless we may listen on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Problem(
                    f"Port {number} is for root only: choose another, such as `PORT=8000 make run`."
                ) from error
            raise Problem(
                f"Port {number} is taken by another program: stop that one, or choose another "
                f"port, such as `PORT={number + 1 if number < 65535 else 8000} make run`."
            ) from error


COMMANDS: dict[str, Callable[[str, Sequence[str]], int]] = {
    **dict.fromkeys(("run", "dev", "demo"), serve),
    **dict.fromkeys(("test", "check", "fix", "coverage", "bench", "soak", "lock"), verify),
}
