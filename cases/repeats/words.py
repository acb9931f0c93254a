"""Why it is a repeat, as somebody would say it aloud.  Pure (screens section 11).

Never on a letter or a public page: these words are for the people who work the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.repeats.facts import Basis, Level, is_current

ORDINALS = (
    "",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
)
SAME_HANDLING = "It is not a repeat, and it is handled in the same way."
NOTHING = "Nothing that counts is known of them, their family or their household before it."
UNDECIDED = (
    "It may be the same incident as another. Until somebody has decided, it counts as neither."
)
IN = {Basis.PERSON: "", Basis.FAMILY: " in the family", Basis.HOUSEHOLD: " in the household"}
TENS = 10
TEENS = range(11, 14)


@dataclass(frozen=True)
class Told:
    """What is said of one incident's flag, for one reader.

    ``reference`` is the earlier case's, empty if the reader may not open it.  ``through`` is in
    words, "her daughter".  Dates are those of the earlier incident that explains it best.
    """

    level: Level
    basis: str = ""
    number: int = 1
    happened_on: date | None = None
    reported_on: date | None = None
    last_day: date | None = None
    reference: str = ""
    through: str = ""
    going_on: bool = False


def day(on: date) -> str:
    """A date as it is written in a sentence: "10 March 2025"."""
    return f"{on.day} {on:%B %Y}"


def ordinal(number: int) -> str:
    """ "Second", "Twelfth" as "12th"."""
    if number < len(ORDINALS):
        return ORDINALS[number]
    last = "th" if number % 100 in TEENS else {1: "st", 2: "nd", 3: "rd"}.get(number % TENS, "th")
    return f"{number}{last}"


def heading(told: Told) -> str:
    """ "Second incident in the family", "Pattern", "Not a repeat"."""
    if told.level == Level.NONE:
        return "Not a repeat"
    if told.level == Level.PATTERN:
        return "Pattern"
    return f"{ordinal(told.number)} incident{_where(told.basis)}"


def _where(basis: str) -> str:
    return IN[Basis(basis)] if basis else ""


def sentence(told: Told) -> str:
    """Why, with its dates: "First reported 10 March 2025 (HC-2025-0113), so until …"."""
    if told.level == Level.NONE:
        return NOTHING
    if told.reported_on is None or told.last_day is None:
        return f"It goes on: it is recorded as more than one time. {SAME_HANDLING}"
    which = f" ({told.reference})" if told.reference else ""
    if told.level == Level.REPEAT:
        first = f"First reported {day(told.reported_on)}{which}"
        said = f"{first}, so until {day(told.last_day)} counts."
    else:
        said = f"{_outside(told, told.reported_on, told.last_day, which)} {SAME_HANDLING}"
    through = f" Through {told.through}." if told.through else ""
    withheld = "" if told.reference else " The earlier case is not yours to open."
    return f"{said}{through}{withheld}"


def _outside(told: Told, reported_on: date, last_day: date, which: str) -> str:
    """Why an earlier incident does not make this one a repeat."""
    if told.happened_on is None or told.happened_on <= last_day:
        return f"It happened before the first was reported on {day(reported_on)}{which}."
    after = (told.happened_on - last_day).days
    how_long = "one day" if after == 1 else f"{after} days"
    return f"The 12 months ended on {day(last_day)}{which}, {how_long} before."


def queue_words(said: str) -> tuple[str, str]:
    """The cell of the queue: ("Yes,", "through family").  ``said`` is "REPEAT FAMILY 2", without
    the number when it is not the case's own incident, empty when it is nothing.
    """
    if not said:
        return "", "None known"
    level, basis, *number = said.split()
    through = {"PERSON": "same person", "FAMILY": "through family", "HOUSEHOLD": "same household"}
    name = "Yes," if level == Level.REPEAT else "Pattern,"
    return name, through[basis] if number else f"{through[basis]}, another case"


def status_heading(level: Level, current_until: date | None, today: date) -> str:
    """What a person or household is, and whether it still is: "Repeat, until 2 May 2026"."""
    if level == Level.NONE or current_until is None:
        return "Not a repeat"
    name = "Repeat" if level == Level.REPEAT else "Pattern"
    if is_current(current_until, today):
        return f"{name}, current until {day(current_until)}"
    return f"{name} until {day(current_until)}, now past"


def later_sentence(reported_on: date, whom: str) -> str:
    """Of another incident: "Another one was first reported 1 August 2025, of their family."."""
    of = f", of {whom}," if whom else ""
    return f"Another one{of} was first reported {day(reported_on)}."


def changed_sentence(before: str, after: str, fact: str) -> str:
    """One line of how it has changed: "Became a repeat. A date, a view … was put right."."""
    names = {"NONE": "not a repeat", "PATTERN": "a pattern", "REPEAT": "a repeat"}
    if before == after:
        return f"Still {names[after]}, for another reason. {FACTS[fact]}"
    first = "Became" if before == "NONE" else f"Was {names[before]}, became"
    return f"{first} {names[after]}. {FACTS[fact]}"


FACTS = {
    "INCIDENT": "An incident was recorded, or its date, people, views or sameness changed.",
    "PERSON": "A person’s family, household or identity changed.",
    "": "",
}
