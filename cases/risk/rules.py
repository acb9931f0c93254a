"""HC-VRA: what the answers add up to, what no score may undercut, and who may judge otherwise.

Pure.  Source: domain 3.2 to 3.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cases.access import YES, Actor, Answer, Grant, first_no, rule
from cases.casework.choices import RiskLevel
from cases.casework.rules import ENOUGH_REASON, explained, still_open
from cases.risk.choices import Judged
from cases.risk.questions import ANSWERS, NOT_KNOWN, WORRY, QuestionSet

LEVELS: tuple[RiskLevel, ...] = tuple(RiskLevel)
"""Least first."""


def rank(level: str) -> int:
    """The place of a level, 0 for Standard; below all of them when there is none."""
    return LEVELS.index(RiskLevel(level)) if level else -1


def highest(levels: Iterable[str]) -> str:
    """The highest of some levels, "" if there is none."""
    return max(levels, key=rank, default="")


@dataclass(frozen=True)
class Bands:
    """Where a level begins: settings (domain 3.3), kept with each finished assessment."""

    medium_from: int = 14
    high_from: int = 22
    most: int = 48
    unknown_over: int = 4

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Bands:
        return cls(
            medium_from=settings["RISK_MEDIUM_FROM_SCORE"],
            high_from=settings["RISK_HIGH_FROM_SCORE"],
            unknown_over=settings["RISK_PROVISIONAL_OVER_ANSWERS"],
        )

    def level(self, score: int) -> RiskLevel:
        """The level of a score alone."""
        if score >= self.high_from:
            return RiskLevel.HIGH
        return RiskLevel.MEDIUM if score >= self.medium_from else RiskLevel.STANDARD

    def span(self, level: str) -> str:
        """ "14 to 21"."""
        first = {RiskLevel.STANDARD: 0, RiskLevel.MEDIUM: self.medium_from}
        last = {RiskLevel.STANDARD: self.medium_from - 1, RiskLevel.MEDIUM: self.high_from - 1}
        known = RiskLevel(level)
        return f"{first.get(known, self.high_from)} to {last.get(known, self.most)}"


@dataclass(frozen=True)
class Repeat:
    """What the repeat engine says: level NONE, PATTERN or REPEAT, and through whom."""

    level: str = "NONE"
    basis: str = ""
    sentence: str = ""

    @property
    def answer(self) -> str:
        """The answer it gives to question 15."""
        if self.level == "REPEAT":
            return "D" if self.basis == "PERSON" else "C"
        return "B" if self.level == "PATTERN" else "A"


NO_REPEAT = Repeat()


class Floor(StrEnum):
    """What a level cannot be lower than Medium for; the value ends "It cannot be lower: "."""

    REPEAT = "this is a repeat"
    PATTERN = "this is a pattern"
    WITNESS = "they are threatened for speaking to us"


@dataclass(frozen=True)
class Heard:
    """What was answered (newest answer of each question by code), by whom, and the repeat."""

    questions: QuestionSet
    answers: Mapping[str, str]
    witness: bool = False
    repeat: Repeat = NO_REPEAT

    @property
    def flags(self) -> tuple[str, ...]:
        """The red flags that are ticked, in their order."""
        return tuple(flag.code for flag in self.questions.flags if self.answers.get(flag.code))

    @property
    def not_asked(self) -> tuple[int, ...]:
        asked = self.questions.asked_of(witness=self.witness)
        return tuple(each.number for each in asked if not self.answers.get(each.code))

    @property
    def unknown(self) -> int:
        """How many were answered "not known, or rather not say"."""
        asked = self.questions.asked_of(witness=self.witness)
        return sum(self.answers.get(each.code) == NOT_KNOWN for each in asked)

    @property
    def worried(self) -> str:
        return self.answers.get(f"Q{WORRY}", "")


def points(answer: str) -> int:
    """What one answer counts; not known counts one, a question not asked yet nothing."""
    if answer == NOT_KNOWN:
        return 1
    return ANSWERS.index(answer) if answer in ANSWERS else 0


@dataclass(frozen=True)
class Weighed:
    """What the answers come to, and by which way."""

    score: int
    by_score: RiskLevel
    floors: tuple[Floor, ...]
    flags: tuple[str, ...]
    provisional: bool

    @property
    def least(self) -> RiskLevel:
        """The level nobody's judgement goes below."""
        if self.flags:
            return RiskLevel.HIGH
        return RiskLevel.MEDIUM if self.floors else RiskLevel.STANDARD

    @property
    def level(self) -> RiskLevel:
        """The level by rule, before anybody's judgement."""
        return RiskLevel(highest((self.by_score, self.least)))


def weigh(heard: Heard, bands: Bands, *, errors: Iterable[str] = ()) -> Weighed:
    """Score, floors and red flags.  ``errors`` are flags recorded as entered in error."""
    wrong = frozenset(errors)
    asked = heard.questions.asked_of(witness=heard.witness)
    score = sum(points(heard.answers.get(each.code, "")) for each in asked)
    if not heard.witness:
        score += points(heard.repeat.answer)
    by_score = bands.level(score)
    flags = tuple(flag for flag in heard.flags if flag not in wrong)
    provisional = heard.unknown > bands.unknown_over
    return Weighed(score, by_score, tuple(_floors(heard)), flags, provisional)


def _floors(heard: Heard) -> Iterable[Floor]:
    if heard.repeat.level == "REPEAT" and not heard.witness:
        yield Floor.REPEAT
    if heard.repeat.level == "PATTERN" and not heard.witness:
        yield Floor.PATTERN
    # A witness who is threatened, or has been hinted at, for having told us.
    if heard.witness and heard.answers.get("Q7") in ANSWERS[2:]:
        yield Floor.WITNESS


@dataclass(frozen=True)
class Judgement:
    """A person's word against the rule's: to which level, and what the rule said then."""

    kind: Judged
    to: str
    rule_said: str


@dataclass(frozen=True)
class Stands:
    """The level that stands, and whether a judgement made it so."""

    level: RiskLevel
    judged: Judgement | None = None


def stands(weighed: Weighed, judgements: Sequence[Judgement]) -> Stands:
    """The level after the newest judgement (they come oldest first).

    One that raises holds until the rule says as much.  One that lowers holds while the rule
    says no more than it did when it was made, and never below the floor.
    """
    ruled = weighed.level
    if not judgements:
        return Stands(ruled)
    newest = judgements[-1]
    to = RiskLevel(newest.to)
    if newest.kind is Judged.RAISED:
        return Stands(to, newest) if rank(to) > rank(ruled) else Stands(ruled)
    if rank(ruled) > rank(newest.rule_said):
        return Stands(ruled)
    level = RiskLevel(highest((to, weighed.least)))
    return Stands(level, newest) if level != ruled else Stands(ruled)


# ------------------------------------------------------------------ who may do what, and when


@rule("risk.assess")
def assess(actor: Actor, *, stage: str) -> Answer:
    """Whoever takes reports and works cases asks about risk, in an open case."""
    return first_no(actor.may(Grant.TAKE_REPORT), still_open(stage))


def from_report(*, spoken: bool) -> Answer:
    """Answers are taken from the report only until somebody has spoken with the person."""
    if spoken:
        return Answer("You have spoken with them, so ask them. Do not answer from the report.")
    return YES


def finish(heard: Heard) -> Answer:
    """An assessment is finished when each question has an answer, even "not known"."""
    if not heard.not_asked:
        return YES
    return Answer("Answer every question, or mark it as not known.")


TRAINED = "Your hate crime training is out of date, so you cannot change the level."


@rule("risk.raise")
def raise_level(
    actor: Actor, *, stage: str, trained: bool, level: str, to: str = "", reason: str = ""
) -> Answer:
    """Up: any trained officer, at once, with a reason (domain 3.4)."""
    return first_no(
        assess(actor, stage=stage),
        actor.may(Grant.WORK_CASES),
        YES if trained else Answer(TRAINED),
        YES if level != RiskLevel.HIGH else Answer("It is High already."),
        YES if rank(to) > rank(level) else Answer("Choose a higher level."),
        explained(reason, "Say why it is higher", least=ENOUGH_REASON),
    )


@rule("risk.judge_down")
def judge_down(actor: Actor, *, stage: str, lead_id: int | None, trained: bool) -> Answer:
    """Who may set a level lower at all: a trained manager who does not lead the case."""
    return first_no(
        still_open(stage),
        actor.may(Grant.LOWER_RISK),
        YES
        if lead_id != actor.id
        else Answer("Somebody who does not lead this case sets it lower."),
        YES if trained else Answer(TRAINED),
    )


def lower_level(*, level: str, to: str, weighed: Weighed, reason: str, evidence: str) -> Answer:
    """Down: with a reason and evidence, never below a standing red flag or a floor."""
    if weighed.flags and rank(to) < rank(RiskLevel.HIGH):
        return Answer("Nobody can set this below High while a red flag stands.")
    if weighed.floors and rank(to) < rank(RiskLevel.MEDIUM):
        return Answer(f"Not below Medium: {weighed.floors[0]}.")
    return first_no(
        YES if to and rank(to) < rank(level) else Answer("Choose a lower level."),
        explained(reason, "Say why it is lower", least=ENOUGH_REASON),
        explained(evidence, "Say what shows it", least=1),
    )


def flag_in_error(*, flag: str, weighed: Weighed, reason: str, evidence: str) -> Answer:
    """A flag ticked by mistake and already frozen is recorded as such, never taken out."""
    return first_no(
        YES if flag in weighed.flags else Answer("Choose a red flag that stands."),
        explained(reason, "Say how it came to be ticked", least=ENOUGH_REASON),
        explained(evidence, "Say what shows it", least=1),
    )


def worried_above(heard: Heard, level: str) -> bool:
    """Whether the person is more worried than the level shows: a manager looks (domain 3.3)."""
    return heard.worried == "HIGH" and level != RiskLevel.HIGH


def tells_safeguarding(heard: Heard, weighed: Weighed) -> bool:
    """RF5, RF7, somebody who cannot protect themselves, or a child targeted (domain 3.4)."""
    most = ANSWERS[-1]
    return bool(
        {"RF5", "RF7"} & set(weighed.flags)
        or heard.answers.get("Q11") == most
        or heard.answers.get("Q13") == most
    )
