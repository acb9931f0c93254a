"""The sentences of a report: what it is, what it says in plain words, what is hidden.

No sentence holds a figure that was not shown by suppression.  Pure.  Source: domain 5.4, 5.6;
screens 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.reporting.choices import Profile
from cases.reporting.composing_figures import cell_id
from cases.reporting.measure import BEFORE, MONTH, YEAR
from cases.reporting.showing import Shown, Why
from cases.reporting.suppression import Limits

NOTHING = Shown("not given", "not given", None, Why.ABSENT)
NO_TARGET = "More reports can mean that people trust us more: this is not a target."
NOTHING_CHANGED = "No figure of an earlier report has changed."

CLASSIFICATIONS: dict[str, str] = {
    Profile.PUBLISHED: "Version to share",
    Profile.INTERNAL: "Contains small numbers: do not forward",
}
"""What stands on every page of a report, by whom it is for."""

DID = {
    "M10": ("We made first contact in time", "First contact", "made"),
    "M12": ("We assessed the risk in time", "Risk assessments", "done"),
    "M13": ("We agreed an action plan in time", "Action plans", "agreed"),
}
"""The three promises of the first page: how they are said of us, and as the weak point."""


@dataclass(frozen=True)
class Told:
    """What may be read of any cell, by its id."""

    cells: Mapping[str, Shown]

    def of(self, code: str, key: str, window: str) -> Shown:
        """What is shown; words that there is nothing, if nobody counted it."""
        return self.cells.get(cell_id(code, key, window), NOTHING)


def capital(words: str) -> str:
    """With a capital in front, and the rest as it is."""
    return words[:1].upper() + words[1:]


def plain_words(told: Told, heads: Mapping[str, str], month: str) -> tuple[str, ...]:
    """The report in some sentences; ``heads`` gives the headline of each measure."""
    return tuple(part for part in (_opened(told, month), _kept(told, heads)) if part)


def _opened(told: Told, month: str) -> str:
    now, year, earlier = (told.of("M03", "opened", name) for name in (MONTH, YEAR, BEFORE))
    if Why.ABSENT in (now.why, year.why):
        return ""
    said = _hidden_or(now, f"{capital(now.text)} hate crime {_cases(now)} opened in {month}")
    said = said or f"How many hate crime cases opened in {month} is not shown"
    said += _hidden_or(year, f", and {year.text} in the last 12 months")
    words = [f"{said}."]
    if earlier.why != Why.ABSENT:
        words.append(_hidden_or(earlier, f"The 12 months before had {earlier.text}."))
    return " ".join([*(one for one in words if one), NO_TARGET])


def _hidden_or(shown: Shown, words: str) -> str:
    """The words, unless the figure in them is hidden without so much as "fewer than"."""
    return "" if shown.why in (Why.BESIDE, Why.TOO_FEW) else words


def _cases(shown: Shown) -> str:
    return "case" if shown.number == 1 else "cases"


def _kept(told: Told, heads: Mapping[str, str]) -> str:
    """How many promises of every hundred were kept, and which is the weak point."""
    rates = {
        code: shown.number
        for code in DID
        if code in heads
        and (shown := told.of(code, heads[code], YEAR)).number is not None
        and not shown.hidden
    }
    if not rates:
        return "There were too few cases in the last 12 months to say how often we were in time."
    first = next(iter(rates))
    said = f"{DID[first][0]} in {_of_hundred(rates[first])}."
    weakest = min(rates, key=lambda code: rates[code] or 0)
    if weakest == first or rates[weakest] == rates[first]:
        return said
    _, what, done = DID[weakest]
    return f"{said} {what} are the weak point: {rates[weakest]:f} in 100 were {done} in time."


def _of_hundred(rate: Any) -> str:
    return "every case" if rate == 100 else f"{rate:f} cases of every 100"


def hidden_words(profile: Profile, limits: Limits) -> tuple[str, ...]:
    """What is hidden, and why."""
    if profile == Profile.INTERNAL:
        return (
            "Nothing is hidden. This version holds numbers so small that people could be "
            "recognised by them: do not forward it.",
        )
    under, most = limits.under, limits.under - 1
    return (
        f"A number from 1 to {most} is shown as “fewer than {under}”, so that nobody can be "
        "recognised. None is shown as 0.",
        "“Hidden”: a second number is hidden where it would give the first away. The total of "
        f"such numbers is given to the nearest {limits.round_to}, with “about”.",
        f"A percentage needs at least {limits.percent_from} cases. A rate needs at least "
        f"{limits.rate_from} cases, and an area at least {limits.area_homes} homes.",
        "What people are hated for, and where, is only given for 12 months.",
    )


def cell_words(text: str) -> Shown:
    """A cell that is words, and stands for no number."""
    return Shown(text or "None", text or "None")
