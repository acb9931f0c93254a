"""A question of the call sheet as its template draws it: value, choices, tag, what is wrong.

Templates decide nothing: whether a question arises, is needed or is covered is settled here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from cases.intake import sheet_rules
from cases.intake.models import CallSheet, NotepadLine
from cases.intake.script import Answers, Ask, Kind, Question
from cases.intake.sheet_people import People, age
from cases.words import say_time

Choices = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Item:
    """One choice.  ``strong`` stands before the text in bold, ``hint`` under it; ``live`` says
    that its words follow what somebody is called.
    """

    value: str
    text: str
    checked: bool = False
    hint: str = ""
    strong: str = ""
    live: bool = False


@dataclass(frozen=True)
class Quote:
    """A notepad line used as their words."""

    words: str
    at: str


@dataclass(frozen=True)
class Drawn:
    """A question with everything its template needs; see ``Question`` for the fixed parts."""

    asked: Question
    label: str
    value: str
    items: list[Item]
    more: list[Item]
    more_open: bool
    hidden: bool
    covered: bool
    needed: bool
    problem: str
    other: str
    quotes: list[Quote]
    notes: list[str]
    locked_note: str

    @property
    def when_key(self) -> str:
        return self.asked.when[0] if self.asked.when else ""

    @property
    def when_is(self) -> str:
        return " ".join(sorted(self.asked.when[1])) if self.asked.when else ""


@dataclass(frozen=True)
class DrawnAsk:
    """Words to say with their questions, in groups that stand side by side."""

    key: str
    words: str
    yes_no: bool
    officer: str
    hint: str
    hidden: bool
    groups: list[tuple[str, list[Drawn]]]


@dataclass(frozen=True)
class Drawing:
    """Everything a question is drawn from.

    ``others`` are sentences about answers given in another window, by question.
    """

    sheet: CallSheet
    answers: Answers
    people: People
    lines: list[NotepadLine]
    today: date
    needed: frozenset[str]
    problems: Mapping[str, str]
    others: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def counted(self) -> Answers:
        """The answers that count now: those to questions that still arise."""
        return sheet_rules.in_force(self.answers, self.sheet.door)

    def ask(self, ask: Ask) -> DrawnAsk:
        """One ask with its questions."""
        guarded = sheet_rules.text(self.answers, "safe.talk") == "YES_NO"
        words, yes_no = ask.words(self.sheet.door, guarded=guarded)
        drawn = [self.question(asked) for asked in ask.questions]
        return DrawnAsk(
            key=ask.key,
            words=words,
            yes_no=yes_no,
            officer=ask.officer,
            hint=self.people.fill(ask.hint),
            hidden=all(each.hidden for each in drawn),
            groups=[
                (name, list(each)) for name, each in groupby(drawn, lambda one: _group(one.asked))
            ],
        )

    def question(self, asked: Question) -> Drawn:
        """One question as it stands now."""
        chosen = sheet_rules.chosen(self.answers, asked.key) or frozenset({asked.default})
        covered = bool(asked.covered) and not sheet_rules.safe_contact_asked(
            self.answers, asked.covered
        )
        found = self.people.found.get(asked.key.partition(".")[0])
        searched = asked.kind == Kind.PERSON and found is not None
        more = self._items(asked.more, chosen)
        return Drawn(
            asked=asked,
            label=self._label(asked, len(found) if searched and found is not None else 0),
            value="" if covered else sheet_rules.text(self.answers, asked.key),
            items=self._choices(asked, chosen),
            more=more,
            more_open=any(item.checked for item in more),
            hidden=not sheet_rules.arises(asked, self.answers, self.sheet.door),
            covered=covered,
            needed=asked.key in self.needed,
            problem=self.problems.get(asked.key, ""),
            other=self.others.get(asked.key, ""),
            quotes=self._quotes(chosen) if asked.kind == Kind.LINES else [],
            notes=[NOTHING_FOUND] if searched and not found else [],
            locked_note=_hidden_note(found.hidden) if searched and found is not None else "",
        )

    def _label(self, asked: Question, matches: int) -> str:
        if asked.kind == Kind.PERSON and matches:
            return "1 near match" if matches == 1 else f"{matches} near matches"
        if asked.key.endswith(".words") and asked.key.startswith("incident-"):
            used = sheet_rules.chosen(self.answers, asked.key.replace(".words", ".lines"))
            return "Add to their words" if used else "Their words"
        return self.people.fill(asked.label)

    def _items(self, choices: Choices, chosen: frozenset[str]) -> list[Item]:
        return [
            Item(code, self.people.fill(text), code in chosen, live="{" in text)
            for code, text in choices
        ]

    def _choices(self, asked: Question, chosen: frozenset[str]) -> list[Item]:
        fixed = self._items(asked.choices, chosen)
        if asked.kind == Kind.PERSON:
            return [*self._matches(asked.key.partition(".")[0], chosen), *fixed]
        if asked.kind == Kind.PEOPLE:
            return [fixed[0], *self._household(chosen), *fixed[1:]]
        if asked.kind == Kind.LINES:
            return [
                Item(str(line.key), line.text, str(line.key) in chosen, strong=clock(line))
                for line in self.lines
                if not line.struck_at or str(line.key) in chosen
            ]
        return fixed

    def _matches(self, prefix: str, chosen: frozenset[str]) -> list[Item]:
        found = self.people.found.get(prefix)
        items = [
            Item(
                match.person.reference,
                f", {match.home_line}" if match.home_line else "",
                match.person.reference in chosen,
                hint=" ".join(f"{why.rstrip('.')}." for why in match.why),
                strong=match.person.name,
            )
            for match in (found or ())
        ]
        person = self.people.caller if prefix == "who" else self.people.victim
        if person and person.reference not in {item.value for item in items}:
            home = f", {person.home.line}" if person.home else ""
            items.insert(0, Item(person.reference, home, True, strong=person.name))
        return items

    def _household(self, chosen: frozenset[str]) -> list[Item]:
        items = []
        for person in self.people.household:
            years = age(person, self.today)
            text = f"{person.name}, {years}" if years else person.name
            items.append(Item(person.reference, text, person.reference in chosen))
        return items

    def _quotes(self, chosen: frozenset[str]) -> list[Quote]:
        return [
            Quote(line.text, say_time(line.at)) for line in self.lines if str(line.key) in chosen
        ]


NOTHING_FOUND = "Nobody found. Try fewer words, or add a new person."


def _hidden_note(count: int) -> str:
    if not count:
        return ""
    more = "There is 1 more record" if count == 1 else f"There are {count} more records"
    need = "it" if count == 1 else "them"
    return f"{more} that you may not see. If you need {need}, speak to your case manager."


def clock(line: NotepadLine) -> str:
    """A line's time as the notepad shows it: "10:42"."""
    return say_time(line.at).removesuffix("am").removesuffix("pm")


def _group(asked: Question) -> str:
    """Which questions stand side by side."""
    if asked.kind == Kind.ROW:
        return "rows"
    if asked.kind == Kind.DATE:
        return "dates"
    if asked.width == "pair":
        return "pair"
    return asked.key


def said_heading(drawing: Drawing, number: int) -> str:
    """An incident's heading: "Incident 1: yesterday, about 4pm", as far as it is known."""
    said = [
        sheet_rules.text(drawing.answers, f"incident-{number}.{part}").strip()
        for part in ("day", "month", "year", "time")
    ]
    found, _ = sheet_rules.read_date(drawing.answers, f"incident-{number}.")
    words = f"{found.day} {found:%B %Y}" if found else ""
    if found and 0 <= (drawing.today - found).days <= 1:
        words = "today" if found == drawing.today else "yesterday"
    about = sheet_rules.text(drawing.answers, f"incident-{number}.when_known") == "ABOUT"
    if said[3]:
        words = f"{words}, {'about ' if about else ''}{said[3]}".removeprefix(", ")
    return f"Incident {number}: {words}" if words else f"Incident {number}"
