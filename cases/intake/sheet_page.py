"""The whole call sheet as its template draws it, and what a save tells the open page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases.access import Actor
from cases.intake import script, sheet_rules
from cases.intake.choices import SheetState
from cases.intake.models import CallSheet
from cases.intake.queries import kept_answers, lines_of, newest_answer_id
from cases.intake.script import Answers, Part
from cases.intake.sheet_drawing import Drawing, Item, clock, said_heading
from cases.intake.sheet_operations import Other, Saved
from cases.intake.sheet_people import (
    People,
    facts_for_999,
    heading,
    people_of,
    places,
    safe_line,
)
from cases.intake.sheet_rules import GROUPS, LATER, Need
from cases.policy.defaults import SILENT_999
from cases.policy.queries import said_at
from cases.words import say_date, say_moment, say_time

REDRAW = frozenset(
    {
        "door",
        "safe.talk",
        "safe.call_them",
        "harmed.call_them",
        "who.person",
        "harmed.person",
        "who.full_name",
        "harmed.full_name",
        # What the danger panel tells 999:
        "contact.address",
        "contact.phone",
        "harmed.address",
        "harmed.others",
        "respondent.described",
    }
)
"""Answers that change words elsewhere on the page: the page fetches those anew."""


def draw(
    sheet: CallSheet,
    actor: Actor,
    *,
    now: datetime,
    others: Iterable[Other] = (),
    errors: Iterable[Need] = (),
) -> dict[str, Any]:
    """Everything ``intake/sheet.html`` shows."""
    answers = kept_answers(sheet)
    today = timezone.localdate(now)
    people = people_of(sheet, answers, actor, today)
    drawing, needs = _drawing(sheet, answers, people, others, today)
    before, name = heading(sheet, answers, people)
    return {
        "sheet": sheet,
        "seen": newest_answer_id(sheet),
        "now": now,
        "bar": {
            "heading_before": before,
            "name": name,
            "received": _received(sheet, now),
            "line": safe_line(answers),
            "saved_state": "saved" if answers.keys() - {"door"} or drawing.lines else "none",
            "saved_at": say_time(sheet.saved_at),
            "danger": danger(sheet, answers, people),
        },
        "people": people,
        "parts": [part_of(drawing, part, needs) for part in script.PARTS],
        "needed": needed_of(needs),
        "lines": _lines(drawing),
        "incidents": sheet_rules.incidents(answers),
        "most_incidents": script.MOST_INCIDENTS,
        "errors": [{"text": need.words, "href": href(need.question)} for need in errors],
        "can_send_waiting": any(need.question.startswith("why.") for need in errors),
        "cut_off": sheet.state == SheetState.CUT_OFF,
        "cut_off_words": cut_off_words(answers, people),
    }


def told(sheet: CallSheet, saved: Saved) -> dict[str, Any]:
    """What a page that saved by itself needs to know; it looks nobody up."""
    answers = kept_answers(sheet)
    nobody = People("the caller", "the person harmed")
    today = timezone.localdate(saved.at)
    drawing, needs = _drawing(sheet, answers, nobody, saved.others, today)
    redraw = REDRAW & set(saved.answered) or any(key.endswith(".lines") for key in saved.answered)
    return {
        "saved_at": say_time(saved.at),
        "others": drawing.others,
        "problems": drawing.problems,
        "needed": sorted(drawing.needed),
        "still_needed": needed_of(needs),
        "total": needed_of(needs)["total"],
        "line": safe_line(answers),
        "parts": [part_state(drawing, part, needs) for part in script.PARTS],
        "uncovered": uncovered(answers),
        "rang_at": rang_at(sheet) if script.RANG_999.key in answers else "",
        "lines": _lines(drawing),
        "redraw": bool(redraw),
    }


def _drawing(
    sheet: CallSheet, answers: Answers, people: People, others: Iterable[Other], today: date
) -> tuple[Drawing, list[Need]]:
    needs = sheet_rules.still_needed(answers, sheet.door)
    begun = sheet_rules.begun(answers, sheet.door)
    drawing = Drawing(
        sheet=sheet,
        answers=answers,
        people=people,
        lines=lines_of(sheet),
        today=today,
        needed=frozenset(need.question for need in needs if begun and need.group != LATER),
        problems=sheet_rules.problems(answers, timezone.localdate(sheet.received_at)),
        others=other_sentences(others),
    )
    return drawing, needs


def _lines(drawing: Drawing) -> list[dict[str, Any]]:
    return [
        {"key": str(line.key), "at": clock(line), "text": line.text, "struck": bool(line.struck_at)}
        for line in drawing.lines
    ]


def _received(sheet: CallSheet, now: datetime) -> str:
    same_day = timezone.localdate(sheet.received_at) == timezone.localdate(now)
    return say_time(sheet.received_at) if same_day else say_moment(sheet.received_at, now)


def href(key: str) -> str:
    """Where a question is on the page."""
    return f"#ask-{key}"


def cut_off_words(answers: Answers, people: People) -> str:
    """What the person said about being cut off."""
    said = {
        "RING": "You may ring straight back.",
        "TEXT": "Text first. Do not ring.",
        "DO_NOT": "Do not ring or write: they will ring us.",
    }.get(sheet_rules.text(answers, "safe.cut_off"))
    if said is None:
        return "Nobody asked how to reach them. Do not ring, write or leave a message yet."
    return f"{people.fill('{name}')} said before: {said[:1].lower()}{said[1:]}"


def danger(sheet: CallSheet, answers: Answers, people: People) -> dict[str, Any]:
    """The 999 panel, filled from what the sheet has."""
    rang = sheet_rules.text(answers, script.RANG_999.key)
    return {
        "places": places(sheet, answers, people),
        "facts": facts_for_999(answers, people),
        **silent(people, timezone.now()),
        "rang": [
            Item(code, people.fill(text), code == rang) for code, text in script.RANG_999.choices
        ],
        "rang_at": rang_at(sheet) if rang else "",
    }


def silent(people: People, now: datetime) -> dict[str, str]:
    """What to do when they cannot speak, and when that was last checked outside."""
    said = said_at(SILENT_999, now)
    day = say_date(said.checked_on)
    warning = "Nobody has checked these words for a long time. " if said.stale else ""
    return {
        "silent": people.fill(said.words),
        "silent_checked": f"{warning}Last checked {day}. {said.source}.",
    }


def rang_at(sheet: CallSheet) -> str:
    """When it was last said who rang 999."""
    kept = sheet.answers.filter(question=script.RANG_999.key).order_by("-id").first()
    return say_time(kept.at) if kept else ""


def part_of(drawing: Drawing, part: Part, needs: list[Need]) -> dict[str, Any]:
    """A part with its blocks: one, or one for each incident."""
    blocks: list[dict[str, Any]] = []
    if part.repeats:
        for number in range(1, sheet_rules.incidents(drawing.answers) + 1):
            asks = [drawing.ask(ask) for ask in script.incident_asks(number)]
            blocks.append(
                {"number": number, "heading": said_heading(drawing, number), "asks": asks}
            )
    else:
        blocks.append({"number": 0, "heading": "", "asks": [drawing.ask(a) for a in part.asks]})
    return {**part_state(drawing, part, needs), "intro": part.intro, "blocks": blocks}


def part_state(drawing: Drawing, part: Part, needs: list[Need]) -> dict[str, Any]:
    """How far a part has come: the rail's mark and the strip's words are made from it."""
    answers = drawing.counted
    mine = [need for need in needs if part_of_key(need.question) == part.slug]
    needed = sum(1 for need in mine if need.question in drawing.needed)
    # The door was chosen before the sheet began: it starts nothing.
    started = any(part_of_key(key) == part.slug for key in answers if key != "door")
    done = started and not mine
    words = "Done" if done else "Started" if started else "Not started"
    count = sheet_rules.incidents(answers)
    if part.repeats and done:
        words = "1 incident" if count == 1 else f"{count} incidents"
    return {
        "number": part.number,
        "slug": part.slug,
        "name": part.name,
        "needed": needed,
        "done": done,
        "started": started,
        "state": words,
    }


def _slugs() -> dict[str, str]:
    return {asked.key: part.slug for part in script.PARTS for asked in part.questions}


_SLUG = _slugs()


def part_of_key(key: str) -> str:
    """The slug of the part a question stands in; "" for the danger panel's."""
    if key.startswith("incident"):
        return "what-happened"
    return _SLUG.get(key, "")


def needed_of(needs: list[Need]) -> dict[str, Any]:
    """The "Still needed" box: its two groups, and how many more can wait."""
    groups = [
        {
            "name": name,
            "items": [
                {"text": need.words, "href": href(need.question)}
                for need in needs
                if need.group == name
            ],
        }
        for name in GROUPS.values()
        if name != LATER and any(need.group == name for need in needs)
    ]
    later = sum(1 for need in needs if need.group == LATER)
    return {"total": len(needs) - later, "groups": groups, "later": later}


def uncovered(answers: Answers) -> dict[str, str]:
    """Contact details that may be shown: of those whose safe contact has been asked."""
    return {
        asked.key: sheet_rules.text(answers, asked.key)
        for asked in script.questions()
        if asked.covered and sheet_rules.safe_contact_asked(answers, asked.covered)
    }


def other_sentences(others: Iterable[Other]) -> dict[str, str]:
    """What is said beside a question that two windows answered; both are kept."""
    said = {}
    for other in others:
        asked = script.question(other.question)
        words = asked.words_of(other.value) if asked else ""
        after = f": {words}" if words else ""
        said[other.question] = f"Also answered in another window at {say_time(other.at)}{after}"
    return said
