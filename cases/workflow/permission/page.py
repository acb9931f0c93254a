"""The matrix of one person in words: each agency, what it may be told, and the last said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases import words
from cases.audit import masking
from cases.calendar import london_date
from cases.casework.choices import Part
from cases.casework.models import Case, Involvement
from cases.consent import asking
from cases.consent.choices import Aid, How, Scope, Standing, Until
from cases.consent.models import Talk
from cases.consent.queries import AgencyRow
from cases.consent.rules import Answered
from cases.partners.models import Agency
from cases.workflow.case_words import address, name_on_page
from cases.workflow.permission.gone import Went

MARKS = {
    Standing.GIVEN: "yes",
    Standing.REFUSED: "no",
    Standing.WITHDRAWN: "no",
}
LONG = 140
"""A row of the matrix shows so much of what was said; the conversation shows all of it."""

KNOWN = (
    "The interpreter was a relative or from the same community. Ask again with somebody from "
    "outside."
)


@dataclass(frozen=True)
class Whose:
    """One person's page: the case, their part, the moment, and what had gone about them."""

    case: Case
    part: Involvement
    now: datetime
    gone: Sequence[Went]

    @property
    def name(self) -> str:
        """What to call them here; a part kept apart has no name."""
        who = self.part.who
        known = who is not None and who.identified and not self.part.kept_apart
        return who.call_them if known and who else "them"

    @property
    def they(self) -> str:
        """Whoever says or takes back something, at the beginning of a verb."""
        return self.name if self.name != "them" else "they"

    @property
    def today(self) -> date:
        return london_date(self.now)

    def to(self, name: str, *more: object) -> str:
        """The address of a page of theirs."""
        return address(f"workflow:{name}", self.case.reference, self.part.pk, *more)


def asked_of(parts: Iterable[Involvement]) -> list[Involvement]:
    """Whoever may be asked: never a respondent."""
    return [part for part in parts if part.part != Part.RESPONDENT]


def people(case: Case, parts: Sequence[Involvement], chosen: Involvement) -> list[dict[str, Any]]:
    """The sub-navigation: each person their own; two of one name are numbered."""
    names = [_called(part) for part in parts]
    twice = {name for name, count in Counter(names).items() if count > 1}
    seen: Counter[str] = Counter()
    found = []
    for part, name in zip(parts, names, strict=True):
        seen[name] += 1
        text = f"{name} ({seen[name]})" if name in twice else name
        href = address("workflow:permission-of", case.reference, part.pk)
        found.append({"text": text, "href": href, "active": part.pk == chosen.pk, "count": None})
    return found


def _called(part: Involvement) -> str:
    """A name, with the part of whoever is not the one harmed: they may have two."""
    if part.kept_apart or part.part == Part.VICTIM:
        return name_on_page(part)
    return f"{part.name}, {part.get_part_display().lower()}"


def rows(
    whose: Whose, listed: Sequence[AgencyRow], open_at: int | None, *, may_ask: bool
) -> list[dict[str, Any]]:
    """The matrix, as its template takes it; ``open_at`` is the agency being asked about."""
    return [_row(whose, row, chosen=row.agency.pk == open_at, may_ask=may_ask) for row in listed]


def _row(whose: Whose, row: AgencyRow, *, chosen: bool, may_ask: bool) -> dict[str, Any]:
    agency = row.agency
    return {
        "name": agency.name,
        "purpose": purpose_of(whose, agency),
        "said": list(_said(whose, row)),
        "warning": KNOWN if row.talks and row.talks[0].interpreter_known else "",
        "cells": [_cell(whose, row, scope) for scope in Scope.values],
        "link": {
            "text": _link(whose, row) if may_ask else _read_only(row),
            "href": f"{whose.to('permission-ask', agency.pk)}#asking",
        },
        "chosen": chosen,
    }


def purpose_of(whose: Whose, agency: Agency) -> str:
    """What the agency would do with it, for this person."""
    return asking.purpose(agency.kind, agency.service, whose.name)


def _link(whose: Whose, row: AgencyRow) -> str:
    if not row.talks:
        return "Ask"
    over = row.talks[0].withdrawal and not row.yes
    gone = any(one.agency_id == row.agency.pk for one in whose.gone)
    return "See what went" if over and gone else "Change"


def _read_only(row: AgencyRow) -> str:
    """For whoever may read it and not ask: the conversations, where there were any."""
    return "See what was said" if row.talks else ""


def _cell(whose: Whose, row: AgencyRow, scope: str) -> dict[str, str]:
    now = row.standing[scope]
    text = now.label
    if now == Standing.RAN_OUT:
        text = ran_out(row.answered[scope], whose.today)
    return {"scope": Scope(scope).label, "mark": MARKS.get(now, "none"), "text": text}


def ran_out(answered: Answered, today: date) -> str:
    """A yes that counts no more, and since when: it reads as not asked."""
    if answered.until == Until.CLOSE or answered.until_on is None:
        return "Ran out when the case closed"
    return f"Ran out {short(answered.until_on, today)}"


def short(day: date, today: date) -> str:
    """A day for a narrow place: "20 May", with the year unless it is this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


def _said(whose: Whose, row: AgencyRow) -> Iterable[str]:
    """The last that was said about an agency, shortened."""
    if not row.talks:
        return
    talk = row.talks[0]
    yield _when(whose, talk, row.yes)
    gone = [one for one in whose.gone if one.agency_id == row.agency.pk]
    if talk.withdrawal:
        yield already(len(gone))
    if talk.words:
        yield f"“{_shortened(talk.words)}”"
    if talk.conditions:
        yield f"Condition: {_shortened(talk.conditions)}"
    if talk.decided_by:
        yield f"Decided by {hidden(whose, talk.decided_by)}."
    if talk.not_again:
        yield "They asked not to be asked again."


def _when(whose: Whose, talk: Talk, yes: Iterable[str]) -> str:
    moment = words.say_moment(talk.asked_at, whose.now)
    if talk.from_sheet:
        return f"Said on the first call, {moment}."
    verb = "Withdrawn" if talk.withdrawal else "Asked"
    said = f"{verb} {moment}, {How(talk.how).label.lower()}."
    return f"{said} {until_words(talk, whose.today)}" if yes and not talk.withdrawal else said


def until_words(talk: Talk, today: date) -> str:
    """How long a conversation counts: "Until 20 May 2027."."""
    if talk.until == Until.CLOSE or talk.until_on is None:
        return "Until the case closes."
    ended = "Ran out" if today > talk.until_on else "Until"
    return f"{ended} {talk.until_on.day} {talk.until_on:%B %Y}."


def already(count: int) -> str:
    """How much had gone before: nothing that has gone can be called back."""
    if not count:
        return "Nothing had gone."
    return f"{count} {'thing' if count == 1 else 'things'} had already gone."


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONG else f"{text[:LONG].rsplit(' ', 1)[0]} …"


def hidden(whose: Whose, name: str) -> str:
    """Somebody else's name, unless it would say who a person kept apart is, or who is who."""
    return "somebody whose name is kept" if whose.part.kept_apart or masking.on() else name


def conversations(whose: Whose, talks: Sequence[Talk]) -> list[dict[str, Any]]:
    """Every conversation about one agency, newest first, whole."""
    return [_conversation(whose, talk) for talk in talks]


def _conversation(whose: Whose, talk: Talk) -> dict[str, Any]:
    moment = words.say_moment(talk.asked_at, whose.now)
    return {
        "when": f"{moment[:1].upper()}{moment[1:]}",
        "how": How(talk.how).label.lower(),
        "by": talk.asked_by.full_name,
        "sheet": talk.from_sheet,
        "answers": answers({one.scope: one.reply for one in talk.said.all()}),
        "words": talk.words,
        "lines": list(_lines(whose, talk)),
    }


HEADS = (
    ("GIVEN", "Yes"),
    ("REFUSED", "No"),
    ("WITHDRAWN", "Taken back"),
    ("LACKS_CAPACITY", "Cannot decide"),
)


def answers(said: Mapping[str, str]) -> list[str]:
    """The answers of one conversation: "Yes: what happened, name."."""
    found = []
    for reply, head in HEADS:
        scopes = [Scope(scope).label for scope in Scope.values if said.get(scope) == reply]
        if scopes:
            listed = ", ".join(scopes)
            found.append(f"{head}: {listed[:1].lower()}{listed[1:].lower()}.")
    return found


def _lines(whose: Whose, talk: Talk) -> Iterable[str]:
    """What else was kept of a conversation, a sentence each."""
    if not talk.withdrawal and not talk.from_sheet:
        yield until_words(talk, whose.today)
    if talk.conditions:
        yield f"Condition: {talk.conditions}"
    yield from _helped(whose, talk)
    yield from _for_them(whose, talk)
    if talk.again:
        because = f"{talk.get_again_display()}. {talk.again_words}".strip()
        yield f"Asked again because: {because[:1].lower()}{because[1:]}"
    if talk.not_again:
        yield "They asked not to be asked again."
    if talk.withdrawal:
        tell = "They want whoever was told to know." if talk.tell_recipients else ""
        yield tell or "They did not ask that anybody is told."


def _helped(whose: Whose, talk: Talk) -> Iterable[str]:
    """What helped them to understand the question."""
    if talk.aids:
        yield f"What helped: {_aids(talk)}."
    if talk.interpreter:
        yield f"Interpreter: {hidden(whose, talk.interpreter)}."
    if talk.interpreter_known:
        yield KNOWN


def _for_them(whose: Whose, talk: Talk) -> Iterable[str]:
    """Who answered or decided for them, and what a child wants."""
    if talk.guardian:
        yield f"{hidden(whose, talk.guardian)} answered for them: {talk.guardian_basis}"
    if talk.childs_view:
        yield f"The child’s own view: “{talk.childs_view}”"
    if talk.decided_by:
        yield f"Decided by {hidden(whose, talk.decided_by)}: {talk.best_interests}"


def _aids(talk: Talk) -> str:
    """What helped, in the middle of a sentence; British Sign Language keeps its capitals."""
    labels = [Aid(aid).label for aid in talk.aids]
    return ", ".join(text if text.istitle() else text.lower() for text in labels)
