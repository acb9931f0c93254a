"""HC-VRA: the questions, in words to be said, and the answers, least to most.

A set is data with a version.  An assessment keeps the version it was asked with, so a set is
never changed: a new one stands beside it.  What an answer counts is its place in the row, and
is shown to nobody (screens 7).  Pure.  Source: domain 3.2, 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

ANSWERS = ("A", "B", "C", "D")
"""The codes of the answers of a row, least to most."""
NOT_KNOWN = "NOT_KNOWN"
NOT_KNOWN_WORDS = "Not known, or rather not say"

REPEAT = 15
"""The number of the question that the system fills in."""
WORRY = 17
"""How worried the person is: unscored, and looked at by a manager if above the level."""


@dataclass(frozen=True)
class Question:
    """One scored question; ``answers`` are in words, least to most."""

    number: int
    say: str
    answers: tuple[str, str, str, str]

    @property
    def code(self) -> str:
        return f"Q{self.number}"

    def words(self, answer: str) -> str:
        """An answer's code in words; "" for one that was not given."""
        if answer == NOT_KNOWN:
            return NOT_KNOWN_WORDS
        return self.answers[ANSWERS.index(answer)] if answer in ANSWERS else ""


@dataclass(frozen=True)
class Unscored:
    """A question in the person's own words, or the officer's; it never changes the score."""

    number: int
    say: str
    choices: tuple[tuple[str, str], ...] = ()
    officer: bool = False
    hint: str = ""

    @property
    def code(self) -> str:
        return f"Q{self.number}"

    def words(self, answer: str) -> str:
        return dict(self.choices).get(answer, answer)


@dataclass(frozen=True)
class Flag:
    """A red flag: any one means High, whatever the score."""

    code: str
    words: str

    @property
    def in_a_sentence(self) -> str:
        """ "says not safe tonight"."""
        return self.words[0].lower() + self.words[1:]


@dataclass(frozen=True)
class Group:
    """Questions under one heading of the screen."""

    heading: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class QuestionSet:
    """One version of the questions."""

    version: str
    groups: tuple[Group, ...]
    unscored: tuple[Unscored, ...]
    flags: tuple[Flag, ...]
    witness: frozenset[int]

    @cached_property
    def by_code(self) -> Mapping[str, Question]:
        return {question.code: question for question in self.scored()}

    @cached_property
    def unscored_by_code(self) -> Mapping[str, Unscored]:
        return {each.code: each for each in self.unscored}

    @cached_property
    def flag_by_code(self) -> Mapping[str, Flag]:
        return {flag.code: flag for flag in self.flags}

    def scored(self) -> Iterator[Question]:
        """The sixteen in order, the system's own included."""
        for group in self.groups:
            yield from group.questions

    def asked_of(self, *, witness: bool) -> list[Question]:
        """The questions put to a victim, or to a third party who is a witness."""
        return [
            question
            for question in self.scored()
            if question.number != REPEAT and (not witness or question.number in self.witness)
        ]

    def takes(self, code: str, value: str, *, witness: bool) -> bool:
        """Whether an answer can be kept for this question of this person."""
        if code in self.flag_by_code:
            return value in ("", "YES")
        if code in self.unscored_by_code:
            choices = self.unscored_by_code[code].choices
            return not choices or value == "" or value in dict(choices)
        asked = {question.code for question in self.asked_of(witness=witness)}
        return code in asked and value in (*ANSWERS, NOT_KNOWN)


_HAPPENING = Group(
    "What has been happening",
    (
        Question(
            1,
            "How often has something like this happened?",
            ("First time", "2 or 3 times ever", "At least monthly", "Weekly or more"),
        ),
        Question(
            2,
            "Is it happening more, or getting worse?",
            (
                "No, or first time",
                "About the same",
                "More often, or worse",
                "Both, or a sharp change in 14 days",
            ),
        ),
        Question(
            3,
            "What is the most serious thing so far?",
            (
                "A comment not aimed at anyone",
                "Direct or online abuse",
                "Threat, spitting, damage, targeted graffiti",
                "Assault, weapon, fire, threat to kill",
            ),
        ),
        Question(
            4,
            "Do you think you or your home were picked out?",
            (
                "Not sure",
                "Someone like me",
                "Me or my household",
                "At home, and knows my routine",
            ),
        ),
    ),
)
_DOING_IT = Group(
    "The person doing it",
    (
        Question(
            5,
            "How near to you are they?",
            (
                "Elsewhere, or unknown",
                "In the area",
                "Same block or street",
                "Next door, shared entrance, same home, or has a key",
            ),
        ),
        Question(
            6,
            "Do you know of any violence, threats, weapons or broken court orders?",
            (
                "None known",
                "Has a reputation",
                "Known history",
                "Order broken now, or can get a weapon",
            ),
        ),
        Question(
            7,
            "Are you afraid of what they would do if they knew you told us?",
            ("No", "Worried", "They have hinted", "They have threatened"),
        ),
        Question(
            8,
            "Is anybody else doing it with them?",
            ("No", "One other", "A group", "Organised or extremist"),
        ),
    ),
)
_DONE_TO_YOU = Group(
    "What it has done to you",
    (
        Question(
            9,
            "How has it affected your health, body or mind?",
            (
                "Not at all",
                "Upset, poor sleep",
                "GP, work or school",
                "Self-harm, suicidal thoughts, hospital",
            ),
        ),
        Question(
            10,
            "Has it changed how you live?",
            (
                "No",
                "Uneasy",
                "Avoids places, routine changed",
                "Afraid to stay in or go out, wants to move now",
            ),
        ),
        Question(
            11,
            "Is there anything that makes it harder to stay safe or get help?",
            (
                "None",
                "Some, managed",
                "Significant",
                "Relies on others, cannot protect self",
            ),
        ),
        Question(
            12,
            "Who can you turn to?",
            ("Good support", "Some", "Little", "Nobody, or only them"),
        ),
    ),
)
_HOME = Group(
    "Home, family and neighbours",
    (
        Question(
            13,
            "Has it affected children, or anybody who depends on you?",
            ("None", "They live here", "Saw or heard it, upset", "Targeted, or missing school"),
        ),
        Question(
            14,
            "Does your home feel secure?",
            (
                "Yes",
                "Small worries",
                "Weak door, lock or shared entry",
                "Cannot be secured, or attacked through door",
            ),
        ),
        Question(
            REPEAT,
            "Repeat",
            (
                "Not a repeat",
                "Pattern",
                "Repeat, through family or household",
                "Repeat, same person",
            ),
        ),
        Question(
            16,
            "Has it affected others who live near you?",
            ("No", "One", "Several", "Tension or disorder in the area"),
        ),
    ),
)

V1 = QuestionSet(
    version="HC-VRA v1",
    groups=(_HAPPENING, _DOING_IT, _DONE_TO_YOU, _HOME),
    unscored=(
        Unscored(
            WORRY,
            "How worried are you about what may happen next?",
            choices=(("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High")),
            hint="If {name} says High and the level is lower, your manager looks at it within "
            "{days}.",
        ),
        Unscored(18, "What would make you feel safer tonight?"),
        Unscored(20, "What is helping already?"),
        Unscored(19, "Your own view, for the record", officer=True),
    ),
    flags=(
        Flag("RF1", "Threat to kill, serious violence"),
        Flag("RF2", "Weapon or corrosive"),
        Flag("RF3", "Fire, or through the letterbox"),
        Flag("RF4", "Assault with injury"),
        Flag("RF5", "Suicide or self-harm thoughts"),
        Flag("RF6", "Stalking or tracking"),
        Flag("RF7", "Child or adult at risk harmed"),
        Flag("RF8", "Sexual assault or strangulation"),
        Flag("RF9", "Broke injunction, bail or order"),
        Flag("RF10", "Says not safe tonight"),
    ),
    witness=frozenset({5, 6, 7, 8, 9, 10, 11, 12, 14}),
)

SETS: Mapping[str, QuestionSet] = {V1.version: V1}
CURRENT = V1
