"""What a call sheet is made of: parts, asks and questions (screens section 4).

A part holds asks; an ask is one thing to say aloud with the questions it answers.  Keys are
stable: answers are stored under them for ever.  Values are kept raw, as given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from cases.intake.choices import Door

Value = str | list[str]
Answers = Mapping[str, Value]
Choices = tuple[tuple[str, str], ...]
Needed = Literal["triage", "hangup", "later", ""]

EVERY_DOOR: frozenset[str] = frozenset(Door)
VICTIM_DOOR: frozenset[str] = frozenset({Door.VICTIM})
OTHER_DOORS: frozenset[str] = EVERY_DOOR - VICTIM_DOOR

YES_NO_NOT_SURE: Choices = (("YES", "Yes"), ("NO", "No"), ("NOT_SURE", "Not sure"))
NEW, NO_NAME = "new", "no-name"
"""Answers of a person question besides a person's reference."""


class Kind(StrEnum):
    """How a question is answered."""

    RADIOS = "radios"
    CHECKBOXES = "checkboxes"
    ROW = "row"  # one line of a grid of radios, with "not asked" beforehand
    TEXT = "text"
    WORDS = "words"  # several lines
    DATE = "date"  # a small box of a day, month or year, shown side by side
    SEARCH = "search"
    PERSON = "person"  # one of those found, new, or no name
    PEOPLE = "people"  # the caller, those who live with them, others
    LINES = "lines"  # notepad lines used as the person's words


LISTS = frozenset({Kind.CHECKBOXES, Kind.PEOPLE, Kind.LINES})


@dataclass(frozen=True)
class Question:
    """One answer on the sheet.

    ``label`` may hold ``{name}`` (the caller) and ``{harmed}`` (the person harmed).
    ``need`` is the short name in "Still needed"; ``needed`` its group.  ``when`` names another
    question and the answers that make this one arise.  ``more`` are further choices, folded.
    """

    key: str
    kind: Kind
    label: str
    choices: Choices = ()
    more: Choices = ()
    more_label: str = ""
    needed: Needed = ""
    need: str = ""
    doors: frozenset[str] = EVERY_DOOR
    when: tuple[str, frozenset[str]] | None = None
    default: str = ""
    hint: str = ""
    layout: str = ""
    hide_legend: bool = False
    mode: str = ""  # an input's inputmode
    width: str = ""  # "pair": half the width
    covered: str = ""  # prefix of the safe contact that must be asked first

    @property
    def many(self) -> bool:
        """Whether the value is a list."""
        return self.kind in LISTS

    @property
    def style(self) -> str:
        """Which of GOV.UK's components its choices are drawn with."""
        return "checkboxes" if self.many else "radios"

    @property
    def input(self) -> str:
        """The type of its inputs."""
        return "checkbox" if self.many else "radio"

    @property
    def values(self) -> frozenset[str]:
        """The codes it takes; empty when anything may be written."""
        return frozenset(code for code, _ in (*self.choices, *self.more))

    def words_of(self, value: Value) -> str:
        """An answer as a person reads it."""
        known = dict((*self.choices, *self.more))
        codes = value if isinstance(value, list) else [value]
        return ", ".join(known.get(code, code) for code in codes if code)


@dataclass(frozen=True)
class Ask:
    """One thing to say, and what it answers.

    ``say`` is said to the person it happened to, ``say_other`` when the caller tells of
    somebody else; ``yes_no`` is said instead when somebody may be listening.  ``officer``
    stands in place of words to say: it is for the officer alone.
    """

    key: str
    questions: tuple[Question, ...]
    say: str = ""
    say_other: str = ""
    yes_no: str = ""
    yes_no_other: str = ""
    officer: str = ""
    hint: str = ""
    doors: frozenset[str] = EVERY_DOOR

    def words(self, door: str, *, guarded: bool) -> tuple[str, bool]:
        """What to say, and whether it is the yes-or-no wording."""
        other = door != Door.VICTIM
        plain = (self.say_other if other else "") or self.say
        short = (self.yes_no_other if other else "") or self.yes_no
        return (short, True) if guarded and short else (plain, False)


@dataclass(frozen=True)
class Part:
    """One of the ten numbered parts.  ``intro`` is for the officer."""

    number: int
    slug: str
    name: str
    asks: tuple[Ask, ...]
    intro: str = ""
    repeats: bool = field(default=False)

    @property
    def questions(self) -> Iterable[Question]:
        for ask in self.asks:
            yield from ask.questions
