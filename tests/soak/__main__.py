"""`make soak`: everything that needs a real server and a long time.

    SOAK=short make soak             about two minutes
    make soak                        about a quarter of an hour
    SOAK=full make soak              two hours: the counts the bar names (rows 40, 76 and 77)
    make soak ARGS="posts races"     only these of crowd, posts, races, seal (what it costs),
                                     kills, repeats (made-up families, by the engine and by
                                     hand), deciders (four at once decide one request),
                                     suppression (tables attacked) and reports (made-up worlds
                                     counted by hand; makers killed, and two at once)

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
from tests.soak import crowd, kills, makers, posts, races, sealing


@dataclass(frozen=True)
class Size:
    """How much each campaign does, and the seconds it may take."""

    told: int = 60
    """Reports of the demo data."""
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
    families: int = 4000
    sequences: int = 40
    deciding: int = 250  # rounds: the count bar row 28 names
    tables: int = 4_000  # sets of tables that are attacked
    worlds: int = 100  # counted by each half of the measures
    reports: int = 8  # asked for, of which some are killed
    making: int = 600  # seconds


SIZES = {
    "short": Size(
        *(15, 15, 16),
        posts=35,
        each=5,
        races=100,
        racing=20,
        sealing=5,
        kills=10,
        families=500,
        sequences=5,
        deciding=10,
        tables=500,
        worlds=4,
        reports=4,
        making=240,
    ),
    "long": Size(),
    "full": Size(
        posts=2700,
        each=130,
        racing=1800,
        sealing=60,
        kills=105,
        killing=2700,
        tables=20_000,
        worlds=500,
        reports=40,
        making=2700,
    ),
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
    with make_run(var, reports=size.told) as run:
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


def made(var: Path, size: Size, people: list[tuple[str, str]]) -> list[str]:
    """The month's report, its makers killed and racing, against the same data."""
    faults: list[str] = []
    postgres.start(var / "postgres")
    try:
        found = makers.campaign(var, free_port(), people, rounds=size.reports, seconds=size.making)
    finally:
        postgres.stop(var / "postgres")
    wrong = [*found.faults, *([] if found.whole else ["No report was made, so nothing was tried."])]
    say("reports", (found.said(), wrong), faults)
    return faults


def worked_out(size: Size) -> list[str]:
    """The repeat engine beside its independent reading, over thousands of made-up families."""
    wanted = {"REPEATS_EXAMPLES": str(size.families), "REPEATS_SEQUENCES": str(size.sequences)}
    tests = ["tests/repeats/test_brute.py", "tests/repeats/test_any_sequence.py"]
    return tried("repeats", tests, wanted)


def decided(size: Size) -> list[str]:
    """Four who may decide at once, so many rounds: one decision each (bar row 28)."""
    tests = ["tests/disclosures/test_deciding_at_once.py"]
    return tried("deciders", tests, {"DECIDING_ROUNDS": str(size.deciding)})


def attacked(size: Size) -> list[str]:
    """No number that is hidden can be worked out, of so many made-up sets of tables."""
    found = sorted(str(path) for path in Path("tests/rules").glob("test_suppression*.py"))
    return tried("suppression", found, {"SUPPRESSION_EXAMPLES": str(size.tables)})


def counted(size: Size) -> list[str]:
    """Every measure beside counting by hand, over so many made-up worlds, twice."""
    found = sorted(str(path) for path in Path("tests/reporting").glob("test_measures_*_any.py"))
    return tried("reports", found, {"REPORT_WORLDS": str(size.worlds)})


BY_TESTS: dict[str, Callable[[Size], list[str]]] = {
    "repeats": worked_out,
    "deciders": decided,
    "suppression": attacked,
    "reports": counted,
}
ON_A_SERVER = ("crowd", "posts", "races", "seal", "kills", "reports")
CAMPAIGNS = tuple(dict.fromkeys([*ON_A_SERVER, *BY_TESTS]))


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


def on_a_server(size: Size, wanted: list[str]) -> list[str]:
    """The campaigns that need a server, on data of their own; returns what is amiss."""
    with tempfile.TemporaryDirectory() as place:
        var = Path(place) / "var"
        faults, people = served(var, size, wanted)
        if "seal" in wanted:
            faults += sealed(var, size)
        if "kills" in wanted:
            faults += killed(var, size, people)
        if "reports" in wanted:
            faults += made(var, size, people)
    return faults


def main(wanted: list[str]) -> int:
    """Run the campaigns; return the exit code."""
    size = SIZES[os.environ.get("SOAK") or "long"]
    unknown = set(wanted) - set(CAMPAIGNS)
    if unknown:
        print(f"There is no campaign {', '.join(sorted(unknown))}: {', '.join(CAMPAIGNS)}.")
        return 2
    wanted, begun = wanted or list(CAMPAIGNS), time.monotonic()
    faults = on_a_server(size, wanted) if set(wanted).intersection(ON_A_SERVER) else []
    for name, campaign in BY_TESTS.items():
        if name in wanted:
            faults += campaign(size)
    print(f"{time.monotonic() - begun:.0f} s in all.")
    print(f"{len(faults)} amiss." if faults else "Nothing is amiss.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
