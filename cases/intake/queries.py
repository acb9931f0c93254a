"""What is kept on a call sheet, and what it says."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from cases.intake import sheet_rules
from cases.intake.models import CallSheet, NotepadLine, SheetAnswer
from cases.intake.script import Answers, Value


def latest(sheet: CallSheet, among: Q | None = None) -> dict[str, SheetAnswer]:
    """The newest answer to each question (among some of them)."""
    rows = sheet.answers.filter(among) if among is not None else sheet.answers.all()
    newest = rows.order_by("question", "-id").distinct("question")
    return {row.question: row for row in newest}


def kept_answers(sheet: CallSheet) -> dict[str, Value]:
    """The newest value of every question ever answered, whether or not it still arises."""
    return {key: row.value for key, row in latest(sheet).items()}


def answers_of(sheet: CallSheet) -> dict[str, Value]:
    """The answers that count now, by question: text, a code, or a list of codes.

    Answers to questions that no longer arise (another door, another relation) are left out.
    ``door`` is always there.
    """
    counted = sheet_rules.in_force(kept_answers(sheet), sheet.door)
    return {**counted, "door": sheet.door}


def lines_of(sheet: CallSheet) -> list[NotepadLine]:
    """The notepad in the order written, struck lines included."""
    return list(sheet.lines.order_by("at", "id"))


def words_of_incident(answers: Answers, number: int, lines: Iterable[NotepadLine]) -> str:
    """The person's own words about an incident: the notepad lines used, then what was added."""
    used = sheet_rules.chosen(answers, f"incident-{number}.lines")
    said = [line.text for line in lines if str(line.key) in used]
    added = sheet_rules.text(answers, f"incident-{number}.words").strip()
    return "\n".join([*said, added] if added else said)


def newest_answer_id(sheet: CallSheet) -> int:
    """How far this sheet's answers go: what a window has seen when it is drawn."""
    row = SheetAnswer.objects.filter(sheet=sheet).order_by("-id").values_list("id").first()
    return row[0] if row else 0
