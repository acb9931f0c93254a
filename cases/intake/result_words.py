"""The words of the triage result: what it is, because whom, and how each promise stands.

Pure.  Source: screens section 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases import words
from cases.intake.triage import ASB, DA, HATE, MATE_CRIME, SAFEGUARDING, SIGNPOST, View

ROUTE_NAMES = {
    HATE: "Hate crime",
    SAFEGUARDING: "Safeguarding",
    DA: "Domestic abuse",
    MATE_CRIME: "Mate crime",
    ASB: "Antisocial behaviour",
    SIGNPOST: "Signpost",
}
HEADINGS = {
    HATE: "This is a hate crime case",
    SAFEGUARDING: "This goes to Safeguarding",
    DA: "This goes to Domestic Abuse first",
    ASB: "This is antisocial behaviour",
    SIGNPOST: "This is recorded and signposted",
}
PROVISIONAL = "Treated as hate for now"
WAITING = {1: "One thing is still to be asked", 2: "Two things are still to be asked"}
WAS_HATE = "This was treated as hate"
NOBODY_NOW = (
    "Nobody who was asked thinks so now: whoever did took it back themselves. The case and its "
    "record stay. A view can be added at any time."
)
NO_PROOF = "That is enough. Nobody has to prove it."
STILL_OPEN = "A view can still be added, and it becomes a hate case in one step."
GENERAL = ("A ", "An ", "The ", "Somebody ", "Children ", "By ")


@dataclass(frozen=True)
class Band:
    """The result band: see ``components/result_band.html``."""

    heading: str
    who: str = ""
    enough: str = ""
    waiting: bool = False


def band(
    *,
    primary: str,
    views: Sequence[View],
    reasons: Sequence[str],
    waiting_for: Sequence[str] = (),
) -> Band:
    """What it is and because whom."""
    if not primary:
        left = WAITING.get(len(waiting_for), WAITING[1])
        return Band(left, enough=_to_ask(waiting_for), waiting=True)
    sure = [view.who for view in views if view.holds == "YES"]
    unsure = [view.who for view in views if view.holds == "NOT_SURE"]
    if primary == HATE and unsure and not sure:
        return Band(PROVISIONAL, enough=f"{_are(unsure)} not sure. Settled at first contact.")
    if primary == HATE and not sure:
        return Band(WAS_HATE, enough=NOBODY_NOW)
    if primary == HATE:
        who = because(
            f"{_and(sure)} {'thinks' if len(set(sure)) == 1 else 'think'} hate was part of it"
        )
        return Band(HEADINGS[HATE], who=who, enough=NO_PROOF)
    if primary == ASB:
        return Band(HEADINGS[ASB], enough=f"{' '.join(reasons)} {STILL_OPEN}")
    return Band(HEADINGS[primary], who=because(reasons[0]) if reasons else "")


def _to_ask(waiting_for: Sequence[str]) -> str:
    asks = {
        "caller": "Ask whether they think hate was part of it.",
        "officer": "Give your own view.",
    }
    return " ".join([*(asks[who] for who in waiting_for), "Until then it waits here."])


def _are(names: Sequence[str]) -> str:
    return f"{_and(names)} {'is' if len(set(names)) == 1 else 'are'}"


def _and(names: Sequence[str]) -> str:
    once = list(dict.fromkeys(names))
    if len(once) < 2:
        return "".join(once)
    rest = [name[:1].lower() + name[1:] if name.startswith(GENERAL) else name for name in once[1:]]
    named = [once[0], *rest]
    return f"{', '.join(named[:-1])} and {named[-1]}"


def because(reason: str) -> str:
    """A reason as it follows "because": no full stop, and no capital unless it is a name."""
    text = reason.rstrip(".")
    return text[:1].lower() + text[1:] if text.startswith(GENERAL) else text


@dataclass(frozen=True)
class PromiseWords:
    """One promise as ``components/time_left.html`` shows it."""

    state: str
    words: str
    what: str
    due_words: str = ""
    fraction: str = ""


def promise(
    what: str,
    due_at: datetime,
    now: datetime,
    *,
    met_at: datetime | None = None,
    hold: bool = False,
) -> PromiseWords:
    """How a promise stands: "3 hours 43 minutes left", "Name a lead officer, by 2:41pm today"."""
    left = words.time_left(due_at, now, met_at, hold)
    return PromiseWords(left.state, left.words, f"{what},", _by(due_at, now, met_at is not None))


def _by(due_at: datetime, now: datetime, met: bool) -> str:
    today = now.astimezone(words.LONDON).date()
    day = words.say_day(due_at, today)
    exact = abs(due_at - now) <= timedelta(hours=48)
    spoken = f"{words.say_time(due_at)} {day}" if exact else day
    return f"due {spoken}" if met or due_at < now else f"by {spoken}"


def on_time(due_at: datetime, triaged_at: datetime) -> tuple[str, bool]:
    """Whether triage kept its own promise, in words, and whether it was late."""
    late = triaged_at > due_at
    if late:
        return f"Late by {words.say_duration(triaged_at - due_at)}.", True
    return f"On time: due by {words.say_time(due_at)}.", False
