"""What is kept on a call sheet, and what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from cases.access import Actor
from cases.audit.context import saw
from cases.casework.person_scope import hidden_among, hidden_people
from cases.intake import sheet_rules
from cases.intake.models import CallSheet, NotepadLine, SheetAnswer
from cases.intake.script import Answers, Value
from cases.people.models import Person
from cases.people.queries import Found, find_people
from cases.prepared import planned


def latest(sheet: CallSheet, among: Q | None = None) -> dict[str, SheetAnswer]:
    """The newest answer to each question (among some of them)."""
    if among is None:
        return {row.question: row for row in _latest(sheet=sheet.pk)}
    newest = sheet.answers.filter(among).order_by("question", "-id").distinct("question")
    return {row.question: row for row in newest}


@planned
def _latest(*, sheet: int) -> QuerySet[SheetAnswer]:
    rows = SheetAnswer.objects.filter(sheet=sheet).order_by("question", "-id")
    return rows.distinct("question")


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
    return _lines(sheet=sheet.pk)


@planned
def _lines(*, sheet: int) -> QuerySet[NotepadLine]:
    return NotepadLine.objects.filter(sheet=sheet).order_by("at", "id")


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


def load_sheet(actor: Actor, key: UUID) -> CallSheet:
    """The actor's own sheet.  Raises Http404 for anybody else's, as for one that is not there."""
    sheet = next(iter(_sheet(actor, key=key)), None)
    if sheet is None:
        raise Http404
    saw("intake.callsheet", sheet.pk)
    return sheet


@planned
def _sheet(actor: Actor, *, key: UUID) -> QuerySet[CallSheet]:
    return CallSheet.objects.visible_to(actor).filter(key=key)


def unfinished_sheets(actor: Actor) -> list[CallSheet]:
    """The actor's sheets that are not sent, the newest first."""
    return list(CallSheet.objects.visible_to(actor).unfinished().order_by("-started_at")[:20])


def search_people(text: str, actor: Actor, on: date) -> Found:
    """People found for a call sheet; those kept from the actor are counted, never named."""
    found = find_people(text, actor, hidden=hidden_people(actor), on=on)
    saw("people.person", *(match.person.pk for match in found), count=len(found.matches))
    return found


def chosen_person(reference: str, actor: Actor) -> Person | None:
    """Somebody chosen on a sheet, by reference; None if the actor may not see who it is."""
    person = Person.objects.filter(reference=reference).select_related("home").first()
    if person is not None and hidden_among(actor, [person.pk]):
        return None
    if person is not None:
        saw("people.person", person.pk)
    return person
