"""`make soak`: everything that needs a real server and a long time.

    SOAK=short make soak             about two minutes
    make soak                        about a quarter of an hour
    SOAK=full make soak              two hours: the counts the bar names (rows 40, 76 and 77)
    make soak ARGS="posts races"     only these of crowd, posts, races, seal (what it costs),
                                     kills, repeats (made-up families, by the engine and by
                                     hand) and deciders (four at once decide one request)

Each campaign is bounded in count and in time and says what it did; the exit code is 1 if
anything is amiss.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hatecrime import postgres
from tests.launch.machine import free_port
from tests.launch.running import left_over, make_run
from tests.soak import crowd, kills, posts, races, sealing

CAMPAIGNS = ("crowd", "posts", "races", "seal", "kills", "repeats", "deciders")


@dataclass(frozen=True)
class Size:
    """How much each campaign does, and the seconds it may take."""

    reports: int = 60
    crowd: int = 60  # seconds
    people: int = 32
    posts: int = 330  # seconds
    each: int = 150
    """Posts of nonsense to each form."""
    races: int = 1000
    racing: int = 180  # seconds
    sealing: int = 20  # seconds each way
    kills: int = 50
    killing: int = 300  # seconds
    deciding: int = 250  # rounds: the count bar row 28 names


SIZES = {
    "short": Size(
        15, 15, 16, posts=35, each=5, races=100, racing=20, sealing=5, kills=10, deciding=10
    ),
    "long": Size(),
    "full": Size(posts=2700, each=130, racing=1800, sealing=60, kills=105, killing=2700),
}
Found = tuple[str, list[str]]


def crowd_said(port: int, address: str, people: list[tuple[str, str]], size: Size) -> Found:
    tally, faults = crowd.campaign(port, address, people, seconds=size.crowd, crowd=size.people)
    return (
        f"{size.people} people, {len(tally.seconds)} requests, {tally.shown} pages shown; "
        f"half within {tally.within(50)} ms, 95% within {tally.within(95)} ms",
        faults,
    )


def posts_said(port: int, address: str, people: list[tuple[str, str]], size: Size) -> Found:
    heard, faults = posts.campaign(port, address, people, seconds=size.posts, each=size.each)
    said = ", ".join(f"{count} x {status}" for status, count in sorted(heard.answers.items()))
    done = f"{heard.posts} posts to {heard.forms} forms, {heard.errors} x 5xx ({said})"
    return done, [posts.plain(fault) for fault in faults]


def races_said(port: int, address: str, people: list[tuple[str, str]], size: Size) -> Found:
    raced = races.campaign(port, address, people[0][1], races=size.races, seconds=size.racing)
    done = (
        f"{raced.races} races, {raced.both_taken} lost updates; {raced.pressed} forms pressed "
        f"{races.PRESSES} times at once, {raced.made_twice} made twice"
    )
    return done, raced.faults


SERVED: dict[str, Callable[[int, str, list[tuple[str, str]], Size], Found]] = {
    "crowd": crowd_said,
    "posts": posts_said,
    "races": races_said,
}


def served(var: Path, size: Size, wanted: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The campaigns against one `make run`; returns what is amiss, and who can sign in."""
    faults: list[str] = []
    with make_run(var, reports=size.reports) as run:
        run.until_it_says("Serving at http://127.0.0.1:")
        password = re.findall(r"Password for all of them: (\S+)", run.said)[0]
        people = [(email, password) for email in re.findall(r"\S+@demo\.example", run.said)]
        address = postgres.address(postgres.SUPERUSER, var / "postgres")
        for name, campaign in SERVED.items():
            if name in wanted:
                say(name, campaign(run.port, address, people, size), faults)
        if run.get("/readyz")[0] != 200:
            faults.append("The server is no longer ready.")
    faults += [f"A process was left behind: {line[:100]}" for line in left_over(var)]
    if "Traceback" in run.said:
        faults.append("The server said:\n" + run.said[run.said.index("Traceback") :][:3000])
    return faults, people


def sealed(var: Path, size: Size) -> list[str]:
    """What sealing costs, in copies of the same data."""
    faults: list[str] = []
    postgres.start(var / "postgres")
    try:
        cost = sealing.campaign(var / "postgres", seconds=size.sealing)
    finally:
        postgres.stop(var / "postgres")
    say("seal", (cost.said(), cost.faults), faults)
    return faults


def killed(var: Path, size: Size, people: list[tuple[str, str]]) -> list[str]:
    """The killing, against the same data and a server that may be killed."""
    faults: list[str] = []
    postgres.start(var / "postgres")
    try:
        kept = kills.campaign(var, free_port(), people, seconds=size.killing, kills=size.kills)
    finally:
        postgres.stop(var / "postgres")
    each = ", ".join(f"{count} x {what}" for what, count in kept.kills.items())
    done = (
        f"{sum(kept.kills.values())} kills ({each}), {len(kept.told)} writes acknowledged, "
        f"{kept.refused} not, {kept.lost} lost, {len(kept.orphans)} kinds orphaned; "
        f"{kept.links} links and {kept.entries} entries; answered within "
        + ", ".join(f"{took:.1f} s when {what}" for what, took in kept.outages.items())
    )
    wrong = [*kept.faults, *kept.orphans]
    if kept.lost:
        wrong.append(f"{kept.lost} acknowledged writes are lost.")
    if kept.doubled:
        wrong.append(f"{kept.doubled} writes are there twice.")
    if not kept.told:
        wrong.append("Nothing was written, so nothing was tried.")
    say("kills", (done, wrong), faults)
    return faults


def worked_out(*, short: bool) -> list[str]:
    """The repeat engine beside its independent reading, over thousands of made-up families."""
    wanted = {"REPEATS_EXAMPLES": "500", "REPEATS_SEQUENCES": "5"}
    if not short:
        wanted = {"REPEATS_EXAMPLES": "4000", "REPEATS_SEQUENCES": "40"}
    tests = ["tests/repeats/test_brute.py", "tests/repeats/test_any_sequence.py"]
    return tried("repeats", tests, wanted)


def decided(rounds: int) -> list[str]:
    """Four who may decide at once, so many rounds: one decision each (bar row 28)."""
    tests = ["tests/disclosures/test_deciding_at_once.py"]
    return tried("deciders", tests, {"DECIDING_ROUNDS": str(rounds)})


def tried(name: str, tests: list[str], wanted: dict[str, str]) -> list[str]:
    """Tests that do as much as they are told to, with a database of their own."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "-rP", *tests],
        env={**os.environ, **wanted, "TEST_DB_SUFFIX": "soak"},
        capture_output=True,
        text=True,
        check=False,
    )
    faults: list[str] = []
    said = [
        line for line in run.stdout.splitlines() if re.match(r"\d+ (rounds|passed|failed)", line)
    ]
    done = "; ".join(said) or "nothing was said"
    say(name, (done, [run.stdout[-3000:]] if run.returncode else []), faults)
    return faults


def say(name: str, found: Found, faults: list[str]) -> None:
    """Print what a campaign did, and keep what is wrong."""
    print(f"{name}: {found[0]}", flush=True)
    for fault in found[1]:
        print(f"  {fault[:1000]}", flush=True)
    faults += found[1]


def main(wanted: list[str]) -> int:
    """Run the campaigns; return the exit code."""
    size = SIZES[os.environ.get("SOAK") or "long"]
    unknown = set(wanted) - set(CAMPAIGNS)
    if unknown:
        print(f"There is no campaign {', '.join(sorted(unknown))}: {', '.join(CAMPAIGNS)}.")
        return 2
    wanted, begun = wanted or list(CAMPAIGNS), time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        var, faults, people = Path(place) / "var", list[str](), list[tuple[str, str]]()
        if set(wanted) - {"repeats", "deciders"}:
            faults, people = served(var, size, wanted)
        if "seal" in wanted:
            faults += sealed(var, size)
        if "kills" in wanted:
            faults += killed(var, size, people)
    if "repeats" in wanted:
        faults += worked_out(short=os.environ.get("SOAK") == "short")
    if "deciders" in wanted:
        faults += decided(size.deciding)
    print(f"{time.monotonic() - begun:.0f} s in all.")
    print(f"{len(faults)} amiss." if faults else "Nothing is amiss.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
