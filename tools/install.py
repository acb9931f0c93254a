"""Installs what a command needs and is not there yet. Standard library only.

Each step leaves a stamp, the hash of what it was made from, beside what it made: a second run
compares stamps and does nothing else, and whatever is deleted is made again.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.say import FULL_DISK, PYTHON, ROOT, VAR, VENV, Problem, heading, run

# WeasyPrint's libraries: what the loader calls them, and the Debian packages they are in.
PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NODE = 20  # the oldest Node.js that will do
FIRST_RUN_MB, LATER_RUN_MB = 1500, 100


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two commands started together install one after the other."""
    with (VAR / "install.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def room(megabytes: int, place: Path = ROOT) -> None:
    """Raise Problem unless this much space is free."""
    free = shutil.disk_usage(place).free // 1_000_000
    if free < megabytes:
        raise Problem(
            f"The disk is full: {free} MB are free at {place} and {megabytes} MB are needed, so "
            f"free some space and run this again."
        )


def digest(paths: Iterable[Path]) -> str:
    """Return a hash of these files' names and contents."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def stamped(stamp: Path, value: str) -> bool:
    """Say whether the stamp carries this value."""
    try:
        return stamp.read_text() == value
    except OSError:
        return False


def everything(*, tests: bool) -> None:
    """Install all that the application (or the tests too) needs. Raises Problem."""
    try:
        first = not (VENV / "stamp-base").exists()
        room(FIRST_RUN_MB if first else LATER_RUN_MB)
        VAR.mkdir(parents=True, exist_ok=True)
        room(LATER_RUN_MB, VAR)
        with one_at_a_time():
            virtual_environment()
            requirements("base", "Installing the Python packages")
            if tests:
                requirements("dev", "Installing the Python packages for the tests")
            styles()
            pango()
            if tests:
                chromium()
    except OSError as error:
        if error.errno == 28:  # ENOSPC
            raise Problem(FULL_DISK) from error
        raise Problem(f"{error.filename or VAR} cannot be used: {error.strerror}.") from error


def virtual_environment() -> None:
    """Make .venv with this Python, unless there is one that works."""
    works = "import sys, pip; sys.exit(sys.version_info < (3, 12))"
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-c", works], capture_output=True).returncode == 0
    ):
        return
    heading(f"Making .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", VENV], doing="Making .venv")


def requirements(name: str, doing: str) -> None:
    """Install requirements/<name>.txt into .venv; every package must match its hash."""
    source = ROOT / "requirements" / f"{name}.txt"
    stamp, value = VENV / f"stamp-{name}", digest([source])
    if stamped(stamp, value):
        return
    heading(f"{doing} (once, about a minute)")
    install = ["install", "--quiet", "--no-input", "--disable-pip-version-check"]
    run([PYTHON, "-m", "pip", *install, "--require-hashes", "-r", source], doing=doing)
    stamp.write_text(value)


def styles() -> None:
    """Install the npm packages and compile the styles and scripts into static/build/."""
    packages = [ROOT / "package.json", ROOT / "package-lock.json"]
    stamp, value = ROOT / "node_modules" / "stamp", digest(packages)
    if not stamped(stamp, value):
        path = node_path()
        heading("Installing the npm packages (once)")
        run(["npm", "ci", "--no-fund", "--no-audit"], doing="Installing the npm packages", env=path)
        stamp.write_text(value)
    build = ROOT / "static" / "build"
    sources = [
        path
        for path in (ROOT / "static").rglob("*")
        if path.is_file() and build not in path.parents
    ]
    stamp, value = build / ".stamp", digest([*packages, *sources])
    if not stamped(stamp, value):
        heading("Compiling the styles")
        run(["npm", "run", "build"], doing="Compiling the styles", env=node_path())
        stamp.write_text(value)


def node_path() -> dict[str, str]:
    """Return a PATH on which Node.js is new enough, installing it into .venv if need be."""
    own = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if not (VENV / "bin" / "node").exists():
        if node_version() >= NODE and shutil.which("npm"):
            return {}
        requirements("node", "Installing Node.js")
    return {"PATH": own}


def node_version() -> int:
    """Return the major version of the machine's own Node.js; 0 if it has none."""
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        return int(said.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def missing_pango() -> list[str]:
    """Return the libraries of WeasyPrint's that this machine lacks."""
    missing = []
    for library in PANGO:
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(library)
    return missing


def pango() -> None:
    """Install Pango, which makes PDF letters; without it everything else still works."""
    if sys.platform != "linux" or not missing_pango():
        return
    if may_install() and system_packages(PANGO_PACKAGES, "Installing Pango, for PDF letters"):
        return
    print(
        f"  PDF letters will not work until Pango is installed: {' '.join(PANGO_PACKAGES)} on "
        f"Debian and Ubuntu, pango elsewhere.",
        flush=True,
    )


def find_chromium() -> str | None:
    """Return the browser the tests drive: CHROMIUM if it is set, or what is installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def chromium() -> None:
    """Install Chromium from the distribution. Raises Problem."""
    if find_chromium():
        return
    if may_install() and system_packages(("chromium",), "Installing Chromium, for the tests"):
        return
    raise Problem(
        "The tests drive Chromium and it is not installed: install your system's package "
        "(Debian: apt-get install chromium), or set CHROMIUM to the path of one."
    )


def may_install() -> bool:
    """Say whether we can install the distribution's packages: root, on Debian or a relative."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def system_packages(names: Iterable[str], doing: str) -> bool:
    """Install packages of the distribution; False if that did not work."""
    heading(doing)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(["apt-get", "update", "-qq"], doing=doing, env=quiet)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names]
        run(install, doing=doing, env=quiet)
    except Problem as problem:
        print(f"  {problem}", flush=True)
        return False
    return True
