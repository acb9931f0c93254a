"""A sheet as it stands now, read for submitting it or triaging it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.calendar import london_date
from cases.intake import sheet_rules
from cases.intake.models import CallSheet, SheetAnswer
from cases.intake.script import Answers
from cases.intake.told import Told, read_told


@dataclass(frozen=True)
class Read:
    """The answers in force, when each was given, and what they say."""

    answers: Answers
    said_at: Mapping[str, datetime]
    told: Told


def read_sheet(sheet: CallSheet) -> Read:
    """Read the newest answer to every question that arises, in two queries."""
    newest: dict[str, SheetAnswer] = {
        row.question: row for row in sheet.answers.order_by("question", "-id").distinct("question")
    }
    kept = {key: row.value for key, row in newest.items()}
    answers = {**sheet_rules.in_force(kept, sheet.door), "door": sheet.door}
    lines = [(str(line.key), line.text) for line in sheet.lines.order_by("at", "id")]
    words = {
        number: _words(answers, number, lines)
        for number in range(1, sheet_rules.incidents(answers) + 1)
    }
    told = read_told(
        answers, door=sheet.door, received_on=london_date(sheet.received_at), words=words
    )
    return Read(answers, {key: row.at for key, row in newest.items()}, told)


def _words(answers: Answers, number: int, lines: list[tuple[str, str]]) -> str:
    """The person's own words of an incident: the notepad lines used, then what was added."""
    used = sheet_rules.chosen(answers, f"incident-{number}.lines")
    said = [text for key, text in lines if key in used]
    added = sheet_rules.text(answers, f"incident-{number}.words").strip()
    return "\n".join([*said, added] if added else said)
