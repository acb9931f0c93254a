"""The launcher before anything is installed: which Python, which port, how much room."""

import os
import socket
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.launch.machine import ROOT, free_port, small_disk, wait_until
from tools import commands, install, say
from tools.say import Problem

TOOLS = ("sh", "head", "sort", "tail", "tr", "dirname", "sed")


def launch(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "tools/launch.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def bare_machine(tmp_path):
    """A clone on a machine with a shell and, if a test adds them, some Pythons."""
    (tmp_path / "clone" / "tools").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "clone" / ".python-version").write_text("3.13\n")
    script = (ROOT / "tools" / "find_python.sh").read_text()
    # Nothing outside this machine: the fixed places, too, are looked for below its own root.
    script = script.replace(" /usr/local/", f" {tmp_path}/usr/local/")
    script = script.replace(" /opt/", f" {tmp_path}/opt/")
    (tmp_path / "clone" / "tools" / "find_python.sh").write_text(script)
    for tool in TOOLS:
        found = next(p for p in ("/bin", "/usr/bin") if (Path(p) / tool).exists())
        (tmp_path / "bin" / tool).symlink_to(Path(found) / tool)
    return tmp_path


def python(place: Path, version: str, *, venv: bool = True, works: bool = True) -> Path:
    """A program that answers as a Python of this version would, or fails as a shim does."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(
        textwrap.dedent(f"""\
            #!/bin/sh
            {"" if works else "exit 127"}
            case $2 in
                *version_info*3]*) echo {version} ;;
                *version_info*) echo {version.rpartition(".")[0]} ;;
                *ensurepip*) exit {0 if venv else 1} ;;
                *executable*) echo "{place}" ;;
            esac
            """)
    )
    place.chmod(0o755)
    return place


def find(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "tools/find_python.sh"],
        cwd=machine / "clone",
        env={"PATH": str(machine / "bin"), "HOME": str(machine / "home")},
        capture_output=True,
        text=True,
    )


def test_no_python_at_all_names_what_to_install(bare_machine):
    result = find(bare_machine)
    assert result.returncode == 1
    assert result.stderr.startswith("Python 3.12 or newer is needed and none was found: install it")
    assert "apt-get install python3 python3-venv" in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_an_old_python_is_named(bare_machine):
    python(bare_machine / "bin" / "python3", "3.9.18")
    python(bare_machine / "bin" / "python", "3.11.2")
    result = find(bare_machine)
    assert result.returncode == 1
    assert result.stderr.startswith("Python 3.12 or newer is needed and the newest here is 3.11.2:")


def test_a_shim_that_fails_is_passed_over_for_pyenvs_own(bare_machine):
    python(bare_machine / "bin" / "python3.13", "3.13.0", works=False)
    python(bare_machine / "bin" / "python3", "3.11.2")
    real = python(bare_machine / "home/.pyenv/versions/3.13.0/bin/python", "3.13.0")
    assert find(bare_machine).stdout == f"{real}\n"


def test_the_version_the_project_names_comes_before_a_newer_one(bare_machine):
    python(bare_machine / "bin" / "python3", "3.14.1")
    named = python(bare_machine / "bin" / "python3.13", "3.13.5")
    assert find(bare_machine).stdout == f"{named}\n"


def test_a_newer_one_will_do(bare_machine):
    newer = python(bare_machine / "bin" / "python3", "3.14.1")
    assert find(bare_machine).stdout == f"{newer}\n"


def test_a_python_without_venv_names_the_package(bare_machine):
    python(bare_machine / "bin" / "python3", "3.13.5", venv=False)
    result = find(bare_machine)
    assert result.returncode == 1
    assert "apt-get install python3.13-venv" in result.stderr


def test_an_old_python_that_starts_the_launcher_says_one_sentence():
    older = "import runpy, sys; sys.version_info = (3, 8, 1); runpy.run_path('tools/launch.py')"
    result = subprocess.run([sys.executable, "-c", older], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr == (
        "Python 3.12 or newer is needed and this is 3.8: use `make`, which looks for one.\n"
    )


def test_the_launcher_reads_on_pythons_that_are_too_old():
    found = [
        path
        for folder, pattern in (
            (Path("/usr/bin"), "python[23]*"),
            (Path.home() / ".pyenv" / "versions", "*/bin/python"),
        )
        for path in folder.glob(pattern)
        if path.name.removeprefix("python").replace(".", "").isdigit() or path.name == "python"
    ]
    for old in [*found, Path(sys.executable)]:
        result = subprocess.run(
            [str(old), str(ROOT / "tools" / "launch.py")], capture_output=True, text=True
        )
        assert "SyntaxError" not in result.stderr, old
        assert result.stderr.startswith(("Python 3.12 or newer is needed", "usage:")), old


def test_a_taken_port_is_one_sentence_before_anything_is_done():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = launch("run", PORT=str(port))
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"Port {port} is taken by another program: stop that one, or choose another port, "
        f"such as `PORT={port + 1} make run`.\n"
    )


@pytest.mark.parametrize("words", ["eighty", "0", "65536", "-1", "8000x"])
def test_a_port_that_is_none_is_one_sentence(words):
    result = launch("run", PORT=words)
    assert result.returncode == 1
    assert result.stderr == f"PORT must be a number from 1 to 65535, and it is '{words}'.\n"


def test_a_free_port_is_not_refused():
    commands.port_is_free(free_port())


def test_too_little_room_is_said_before_anything_is_installed():
    with pytest.raises(Problem, match=r"^The disk is full: \d+ MB are free at .* and 999999999 MB"):
        install.room(999_999_999)
    install.room(1)


def test_a_full_disk_ends_in_one_sentence():
    with small_disk(1) as run:
        result = run([sys.executable, "tools/launch.py", "demo"])
    assert result.returncode == 1
    assert result.stderr.startswith("The disk is full: ")
    assert result.stderr.count("\n") == 1


def test_an_unwritable_var_is_one_sentence(tmp_path):
    (tmp_path / "var").write_text("a file, not a directory")
    result = launch("demo", HATECRIME_VAR=str(tmp_path / "var"))
    assert result.returncode == 1
    assert result.stderr == f"{tmp_path}/var cannot be used: File exists.\n"


def test_a_failing_program_shows_its_last_words_and_where_the_rest_is(capfd, monkeypatch, tmp_path):
    monkeypatch.setattr(say, "VAR", tmp_path)
    with pytest.raises(Problem, match=r"^Baking failed \(exit code 3\)"):
        say.run(["sh", "-c", "echo the oven is cold; exit 3"], doing="Baking")
    assert "the oven is cold" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("tar: write error: No space left on device", "^The disk is full: "),
        ("npm error code ENOTFOUND", "^Baking failed because the network cannot be reached"),
    ],
)
def test_usual_causes_are_named(words, sentence, monkeypatch, tmp_path):
    monkeypatch.setattr(say, "VAR", tmp_path)
    with pytest.raises(Problem, match=sentence):
        say.run(["sh", "-c", f"echo '{words}'; exit 1"], doing="Baking")


def test_a_program_and_its_children_end_with_the_block(tmp_path):
    with say.started(["sh", "-c", "sleep 600 & echo $! > $0; wait", tmp_path / "pid"], patience=1):
        wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        child = int((tmp_path / "pid").read_text())
        os.kill(child, 0)
    state = Path(f"/proc/{child}/stat")
    wait_until(lambda: not state.exists() or state.read_text().split()[2] == "Z")


def test_the_secret_is_made_once_and_readable_to_its_owner_alone(tmp_path):
    from tools.serve import secret_key

    made = secret_key(tmp_path / "secret_key")
    assert len(made) >= 50
    assert secret_key(tmp_path / "secret_key") == made
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    (tmp_path / "secret_key").write_text("short")
    assert secret_key(tmp_path / "secret_key") not in ("short", made)


def test_every_make_target_explains_itself():
    targets = {
        line.partition(":")[0]
        for line in (ROOT / "Makefile").read_text().splitlines()
        if line[:1].islower() and "##" in line
    }
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    assert targets >= {"run", "test", "check", "fix", "dev", "help", "bench", "lock"}
    assert all(f"make {target} " in said for target in targets)
    plain = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True).stdout
    assert plain == said
