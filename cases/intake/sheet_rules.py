"""What a call sheet still needs, what on it cannot be, and who may write on it.

Pure: takes answers, returns sentences.  A save never asks these rules for leave; only sending
to triage insists, on two things at most (screens section 4).
"""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases import references
from cases.access import YES, Actor, Answer, Grant, rule
from cases.intake import script
from cases.intake.choices import SheetState
from cases.intake.script import Answers, Question, Value

BEFORE_TRIAGE, BEFORE_HANGING_UP, LATER = "Before triage", "Before you hang up", "Later"
GROUPS = {"triage": BEFORE_TRIAGE, "hangup": BEFORE_HANGING_UP, "later": LATER}
EARLIEST_YEAR = 1900
MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}
_LINE_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Need:
    """Something not yet asked: the question's key, a short name, and when it is needed by."""

    question: str
    words: str
    group: str


@rule("intake.write_sheet")
def write_sheet(actor: Actor, *, taken_by_id: int, state: str) -> Answer:
    """Whether this person may still write on this sheet."""
    if not actor.may(Grant.TAKE_REPORT):
        return actor.may(Grant.TAKE_REPORT)
    if actor.id != taken_by_id:
        return Answer("Only the person who took the call writes on its sheet.")
    if state == SheetState.SENT:
        return Answer("This sheet has been sent to triage. Add to the case instead.")
    return YES


def text(answers: Answers, key: str) -> str:
    """A single answer, or ""."""
    value = answers.get(key, "")
    return value if isinstance(value, str) else ""


def chosen(answers: Answers, key: str) -> frozenset[str]:
    """The answers given as a set, whether one or several."""
    value = answers.get(key, "")
    return frozenset(value) if isinstance(value, list) else frozenset({value} if value else ())


def incidents(answers: Answers) -> int:
    """How many incidents the sheet shows: 1 to ``script.MOST_INCIDENTS``."""
    written = text(answers, script.INCIDENTS)
    number = int(written) if written.isascii() and written.isdigit() else 1
    return min(max(number, 1), script.MOST_INCIDENTS)


def arises(asked: Question, answers: Answers, door: str) -> bool:
    """Whether a question is asked at this door, after these answers."""
    if door not in asked.doors:
        return False
    return asked.when is None or bool(chosen(answers, asked.when[0]) & asked.when[1])


def is_given(asked: Question, value: Value | None) -> bool:
    """Whether an answer says something ("not asked" does not)."""
    if value is None or value == asked.default:
        return False
    return bool(value) if isinstance(value, list) else bool(value.strip())


def in_force(answers: Answers, door: str) -> dict[str, Value]:
    """The answers that count: those to questions that do not arise are kept, and left out.

    A friend's mate-crime answers do not follow the respondent who turns out to be a stranger.
    """
    kept: dict[str, Value] = {}
    for key, value in answers.items():
        asked = script.question(key)
        if asked is None or not arises(asked, answers, door) or not is_given(asked, value):
            continue
        kept[key] = value
    if script.INCIDENTS in answers:
        kept[script.INCIDENTS] = answers[script.INCIDENTS]
    return kept


def said_what_happened(answers: Answers) -> bool:
    """Whether any incident has words, lines or a kind."""
    return any(
        chosen(answers, f"incident-{number}.{part}")
        for number in range(1, incidents(answers) + 1)
        for part in ("words", "lines", "types")
    )


def safe_contact_asked(answers: Answers, prefix: str) -> bool:
    """Whether anybody has said how it is safe to reach them: details are covered until then."""
    return any(text(answers, f"{prefix}.{way}") in ("SAFE", "NOT_SAFE") for way in script.WAYS)


def in_danger(answers: Answers) -> bool:
    """q8 of domain 10: somebody is in danger now."""
    return bool(chosen(answers, script.RANG_999.key)) or "NO" in (
        text(answers, "safe.now"),
        text(answers, "harmed.safe_now"),
    )


def _answered(asked: Question, answers: Answers) -> bool:
    """Whether what a need stands for has been met, by this question or one that means the same."""
    match asked.key:
        case "incident-1.words":
            return said_what_happened(answers)
        case "contact.ring":
            return safe_contact_asked(answers, "contact")
        case "permission.police":
            return any(
                text(answers, f"permission.{who}") in ("YES", "NO")
                for who in ("police", "council", "support")
            )
        case "contact.adjustment_kinds":
            return bool(chosen(answers, asked.key) or chosen(answers, "contact.adjustments"))
        case "respondent.relation":
            return bool(chosen(answers, asked.key) or chosen(answers, "respondent.described"))
        case "harmed.person":
            return bool(chosen(answers, asked.key) or chosen(answers, "harmed.described"))
    return is_given(asked, answers.get(asked.key))


def begun(answers: Answers, door: str) -> bool:
    """Whether anything was answered: questions and parts are marked only then (screens 4)."""
    return bool(in_force({**answers, "door": ""}, door))


def still_needed(answers: Answers, door: str) -> list[Need]:
    """What is not yet asked, in the order of the sheet, from the moment the sheet is open."""
    return [
        Need(asked.key, asked.need, GROUPS[asked.needed])
        for asked in script.questions(incidents(answers))
        if asked.needed and arises(asked, answers, door) and not _answered(asked, answers)
    ]


def cannot_send_without(answers: Answers, *, call_ended: bool = False) -> list[Need]:
    """What sending to triage insists on: what happened, and whether anyone thinks it was hate.

    A caller's "no" is not enough for antisocial behaviour until the officer has answered too
    (domain 10, rule 2).  If the call ended first the why may wait, never what happened.
    """
    needs: list[Need] = []
    if not said_what_happened(answers):
        needs.append(Need("incident-1.words", "Say what happened", BEFORE_TRIAGE))
    if call_ended:
        return needs
    views = [text(answers, key) for key in ("why.caller", "why.harmed", "why.others", "why.own")]
    if set(views) & {"YES", "NOT_SURE"}:
        return needs
    if not text(answers, "why.caller"):
        needs.append(
            Need("why.caller", "Ask whether they think hate was part of it", BEFORE_TRIAGE)
        )
    elif not text(answers, "why.own"):
        needs.append(Need("why.own", "Give your own view", BEFORE_TRIAGE))
    return needs


def read_date(answers: Answers, prefix: str) -> tuple[date | None, str]:
    """A date from its boxes ``<prefix>day``, ``month`` and ``year``, or why it cannot be one.

    Nothing written is neither.  A month may be its name; a year of two digits is this century's.
    """
    boxes = [text(answers, f"{prefix}{part}").strip() for part in ("day", "month", "year")]
    if not any(boxes):
        return None, ""
    boxes[1] = str(MONTHS.get(boxes[1][:3].lower(), boxes[1]))
    if not all(box.isascii() and box.isdigit() and len(box) <= 4 for box in boxes):
        return None, "Write the day, month and year, or leave all three empty."
    day, month, year = (int(box) for box in boxes)
    try:
        return date(year + 2000 if len(boxes[2]) <= 2 else year, month, day), ""
    except ValueError:
        return None, "There is no such date. It is kept as you wrote it."


def _when_problem(answers: Answers, number: int, received: date) -> str:
    found, why = read_date(answers, f"incident-{number}.")
    if found and found > received:
        return "This date is after the report was received. It is kept as you wrote it."
    if found and found.year < EARLIEST_YEAR:
        return "This date is too long ago. It is kept as you wrote it."
    return why


def _born_problem(answers: Answers, prefix: str, received: date) -> str:
    found, why = read_date(answers, f"{prefix}.born_")
    if found and not date(EARLIEST_YEAR, 1, 1) <= found <= received:
        return "This cannot be a date of birth. It is kept as you wrote it."
    return why


def problems(answers: Answers, received: date | datetime) -> dict[str, str]:
    """What cannot be, by question; kept as written all the same."""
    day = received.date() if isinstance(received, datetime) else received
    found = {
        f"incident-{number}.day": _when_problem(answers, number, day)
        for number in range(1, incidents(answers) + 1)
    }
    for prefix in ("who", "harmed"):
        if script.NEW in chosen(answers, f"{prefix}.person"):
            found[f"{prefix}.born_day"] = _born_problem(answers, prefix, day)
    for prefix in ("contact", "harmed"):
        address = text(answers, f"{prefix}.email_address")
        if address and not _looks_like_email(address):
            found[f"{prefix}.email_address"] = "This does not look like an email address."
    return {key: why for key, why in found.items() if why}


def _looks_like_email(address: str) -> bool:
    local, at, host = address.strip().rpartition("@")
    return bool(local and at and "." in host and " " not in address.strip())


def changed(
    posted: Mapping[str, Value], base: Mapping[str, Value], now: Mapping[str, Value]
) -> tuple[dict[str, Value], dict[str, Value]]:
    """What a window changed, and which other answers to the same questions stand beside it.

    ``base`` is what the window was shown or sent itself, ``now`` what is kept at present.
    Whatever the window did not touch is left alone, so two windows cannot overwrite each other.
    """
    ours: dict[str, Value] = {}
    theirs: dict[str, Value] = {}
    for key, value in posted.items():
        asked = script.question(key)
        empty: Value = [] if asked and asked.many else (asked.default if asked else "")
        if value == base.get(key, empty) or value == now.get(key, empty):
            continue
        ours[key] = value
        if now.get(key, empty) != base.get(key, empty):
            theirs[key] = now.get(key, empty)
    return ours, theirs


MOST_LETTERS = 20_000
"""More than this in one answer is cut: a request's own limit comes first in practice."""


def tidied(value: str) -> str:
    """Text as it is kept: one kind of line end, without the one letter a database refuses."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")[:MOST_LETTERS]


def clean(posted: Mapping[str, Sequence[str]]) -> dict[str, Value]:
    """What was posted, as answers.  Nothing is refused: what no question takes is passed over.

    A question with several answers posts an empty one besides, so that taking the last one
    away is seen.
    """
    answers: dict[str, Value] = {}
    for key, raw in posted.items():
        asked = script.question(key)
        if asked is None or not raw:
            continue
        values = [value for value in map(tidied, raw) if _taken(asked, value)]
        if asked.many:
            answers[key] = list(dict.fromkeys(values))
        elif values:
            answers[key] = values[-1]
        elif "" in raw and not asked.values:
            answers[key] = ""
    return answers


def _taken(asked: Question, value: str) -> bool:
    if not value:
        return False
    if asked.kind in (script.Kind.PERSON, script.Kind.PEOPLE):
        return value in asked.values or bool(references.PERSON.fullmatch(value))
    if asked.kind == script.Kind.LINES:
        return bool(_LINE_KEY.fullmatch(value))
    return not asked.values or value in asked.values
