"""Why a level is what it is, and what to tell the person: every sentence of the screens.

Pure.  Source: screens section 7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.casework.choices import Part, RiskLevel
from cases.casework.clocks import DUTIES, ClockKind
from cases.casework.models import Involvement
from cases.risk.choices import Judged
from cases.risk.questions import QuestionSet
from cases.risk.rules import Bands, Repeat, Stands, Weighed, rank


@dataclass(frozen=True)
class Why:
    """One reason in three pieces: what counts (strong), the rest of it, and what else is true."""

    because: str
    rest: str
    also: str = ""
    flags: int = 0


def why(
    weighed: Weighed, stood: Stands, bands: Bands, questions: QuestionSet, *, who: str = ""
) -> Why:
    """Why the level is what it is; ``who`` made the judgement that counts, if one does."""
    if stood.judged is not None:
        up = stood.judged.kind is Judged.RAISED
        done = f"Because {who} set it {'higher' if up else 'lower'}."
        return Why(done, _least_words(weighed), _alone(weighed, bands))
    if weighed.flags:
        named = [questions.flag_by_code[code].in_a_sentence for code in weighed.flags]
        listed = f"{_listed(named)}. Any red flag means High, whatever the score."
        also = "" if weighed.by_score == RiskLevel.HIGH else _alone(weighed, bands)
        return Why(f"Because of {red_flags(len(named))}:", listed, also, flags=len(named))
    if rank(weighed.least) > rank(weighed.by_score):
        floor = weighed.floors[0]
        return Why(
            f"Because {floor}:",
            f"it cannot be lower than {weighed.least.label}.",
            _alone(weighed, bands),
        )
    level = weighed.by_score
    span = f"{level.label} is {bands.span(level)}."
    return Why(f"Because the score is {weighed.score}.", f"{span} {_floor_words(weighed)}".strip())


def red_flags(count: int) -> str:
    """ "1 red flag"."""
    return "1 red flag" if count == 1 else f"{count} red flags"


def _alone(weighed: Weighed, bands: Bands) -> str:
    level = weighed.by_score
    return f"Score {weighed.score}: on its own, {level.label} ({bands.span(level)})."


def _floor_words(weighed: Weighed) -> str:
    if not weighed.floors or weighed.by_score == RiskLevel.HIGH:
        return ""
    return f"It also cannot be lower: {weighed.floors[0]}."


def _least_words(weighed: Weighed) -> str:
    if weighed.flags:
        return "It cannot be lower while a red flag stands."
    return f"It cannot be lower than Medium: {weighed.floors[0]}." if weighed.floors else ""


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def not_below(weighed: Weighed) -> str:
    """What the sentence about setting it lower ends with."""
    return f" Not below Medium: {weighed.floors[0]}." if weighed.floors else ""


def provisional_words(*, unknown: int, over: int, from_report: bool, name: str) -> str:
    """Why a level is provisional, "" if it is not."""
    again = "Do it again within 2 working days."
    if from_report:
        whom = "The person" if name == "them" else name
        return f"Provisional: from the report. {whom} was not asked. {again}"
    if unknown > over:
        return f"Provisional: {unknown} answers are not known. {again}"
    return ""


OFTEN = {
    RiskLevel.STANDARD: "every four weeks",
    RiskLevel.MEDIUM: "every two weeks",
    RiskLevel.HIGH: "every week",
}
TELLS = {
    RiskLevel.STANDARD: "From what you have told me, we take this seriously and we stay with you.",
    RiskLevel.MEDIUM: "From what you have told me, this is serious.",
    RiskLevel.HIGH: "From what you have told me, you may be in danger, and we act on it today.",
}


def to_say(level: str) -> str:
    """What to tell the person about the level, in plain words, to read out (domain 3.4)."""
    known = RiskLevel(level)
    return (
        f"“{TELLS[known]} We will make a plan with you, and I will be in touch at least "
        f"{OFTEN[known]}. If it changes, ring me.”"
    )


def at_high(kinds: Sequence[ClockKind], name: str) -> Iterator[str]:
    """What happens today at High, before it is finished, a line each."""
    said = {
        ClockKind.SAFETY_TONIGHT: "Safety plan, by tonight",
        ClockKind.POLICE_DECISION: "Police: permission, or ask the Director",
        ClockKind.SECURITY_VISIT: "Security visit within 24 hours",
        ClockKind.MANAGER_TOLD: "Your manager is told now. The Director is told today.",
        ClockKind.AGENCIES_MEET: "Agencies meet within 3 working days",
    }
    for kind, words in said.items():
        if kind in kinds:
            yield words
    for kind in (ClockKind.SAFEGUARDING_TOLD, ClockKind.DA_TOLD, ClockKind.FIRE_SERVICE):
        if kind in kinds:
            yield DUTIES[kind].step.format(name=name)


def repeat_words(repeat: Repeat) -> str:
    """What question 15 is filled with: "repeat, through family"."""
    if repeat.level == "REPEAT":
        through = {"FAMILY": ", through family", "HOUSEHOLD": ", through the household"}
        return f"repeat{through.get(repeat.basis, ', the same person')}"
    return "pattern" if repeat.level == "PATTERN" else "not a repeat"


@dataclass(frozen=True)
class Called:
    """What to call whoever is assessed on a page: "Amara", "Amara’s"; else "them", "their"."""

    full: str
    name: str
    whose: str
    sees: str


APART = {
    Part.THIRD_PARTY: "a third party",
    Part.WITNESS: "a witness",
    Part.VICTIM: "somebody harmed",
}


def called(about: Involvement) -> Called:
    """Somebody kept apart from the page has no name on it."""
    who = about.who
    if who is not None and who.identified and not about.kept_apart:
        name = who.call_them
        if name != "them":
            return Called(who.name, name, f"{name}’s", f"as {name} sees it")
    part = APART.get(Part(about.part), "somebody")
    full = part.capitalize() if about.kept_apart else about.name
    return Called(full, "them", "their", f"as {part} sees it")
