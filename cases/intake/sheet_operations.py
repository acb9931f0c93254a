"""Everything that changes a call sheet.  Answers and lines are only ever added.

A save never refuses what was said; it refuses only somebody else's hand, or a sheet already
sent (:class:`~cases.access.Refused`).  The ledger gets the keys of the questions answered,
never the answers.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from cases.access import Actor, Grant, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.choices import VictimRole
from cases.intake import script, sheet_rules
from cases.intake.choices import Channel, Door, SheetState
from cases.intake.models import CallSheet, NotepadLine, SheetAnswer
from cases.intake.script import Value
from cases.prepared import planned
from cases.rows import keep
from cases.staff.models import User


@dataclass(frozen=True)
class Other:
    """The answer another window gave to a question this window has just answered as well."""

    question: str
    value: Value
    at: datetime


@dataclass(frozen=True)
class Saved:
    """What a save did: when, what was new, and what else was answered meanwhile."""

    at: datetime
    answered: tuple[str, ...] = ()
    others: tuple[Other, ...] = field(default=())


@operation
def start_sheet(
    *,
    by: Actor,
    at: datetime,
    key: uuid.UUID,
    door: Door,
    channel: Channel,
    received_at: datetime,
    no_name: bool = False,
    to_colleague: bool = False,
) -> CallSheet:
    """Start a sheet; the same ``key`` again gives the sheet it made (a second press).

    ``received_at`` is when Amplius first heard of it, at the latest ``at`` (HC-16).
    ``to_colleague``: it happened to the colleague who tells of it (S12).
    """
    enforce(by.may(Grant.TAKE_REPORT))
    assert by.id is not None  # a job holds no grant
    # One at a time for each person, so that two presses at once make one sheet.
    User.objects.select_for_update(of=("self",)).get(pk=by.id)
    made = CallSheet.objects.filter(key=key, taken_by_id=by.id).first()
    if made is not None:
        unchanged()
        return made
    sheet = CallSheet(
        key=key,
        taken_by_id=by.id,
        door=door,
        channel=channel,
        received_at=received_at,
        started_at=at,
        saved_at=at,
    )
    keep(sheet)
    _add(sheet, {"door": str(door)}, "", at)
    if no_name:
        _add(sheet, {"who.person": script.NO_NAME}, "", at)
    if to_colleague:
        _add(sheet, {"harmed.role": str(VictimRole.COLLEAGUE)}, "", at)
    record(
        Verb.SHEET_STARTED,
        by=by,
        at=at,
        subject=sheet,
        changes={"door": str(door), "channel": str(channel), "no_name": no_name},
    )
    return sheet


@operation
def save_answers(
    *,
    by: Actor,
    at: datetime,
    sheet: CallSheet,
    answers: Mapping[str, Value],
    window: str = "",
    seen: int = 0,
    line: str = "",
    line_key: uuid.UUID | None = None,
) -> Saved:
    """Keep what a window posted: each answer that it changed, and a line of the notepad.

    ``seen`` is the newest answer the window was drawn with.  A question it did not touch is
    left as another window answered it; one that both changed keeps both, newest first.
    """
    sheet = _locked(sheet, by)
    new, beside = _merge(sheet, answers, window, seen)
    _add(sheet, new, window, at)
    added = _add_line(sheet, line, line_key, at)
    if not new and not added:
        unchanged()
        return Saved(at)
    if door := new.get("door"):
        sheet.door = str(door)
    sheet.state = SheetState.OPEN
    _touch(sheet, at)
    record(
        Verb.DANGER_RECORDED if script.RANG_999.key in new else Verb.SHEET_SAVED,
        by=by,
        at=at,
        subject=sheet,
        changes=_told(new, added),
    )
    return Saved(at, tuple(new), beside)


@operation
def note_danger(*, by: Actor, at: datetime, sheet: CallSheet, rang: str, window: str = "") -> Saved:
    """Keep who rang 999, and when."""
    return save_answers(
        by=by, at=at, sheet=sheet, answers={script.RANG_999.key: rang}, window=window
    )


@operation
def add_incident(*, by: Actor, at: datetime, sheet: CallSheet, shown: int) -> int:
    """Show one block more than the window showed; a second press adds none.  Gives the number."""
    sheet = _locked(sheet, by)
    number = min(max(shown, 1) + 1, script.MOST_INCIDENTS)
    kept = sheet.answers.filter(question=script.INCIDENTS).order_by("-id").first()
    if kept is not None and int(kept.value) >= number:
        unchanged()
        return number
    _add(sheet, {script.INCIDENTS: str(number)}, "", at)
    record(Verb.SHEET_SAVED, by=by, at=at, subject=sheet, changes={"incidents": number})
    return number


@operation
def add_line(
    *, by: Actor, at: datetime, sheet: CallSheet, text: str, key: uuid.UUID | None = None
) -> Saved:
    """Keep one line of the notepad; the same key again adds none."""
    return save_answers(by=by, at=at, sheet=sheet, answers={}, line=text, line_key=key)


@operation
def strike_line(*, by: Actor, at: datetime, sheet: CallSheet, key: uuid.UUID) -> None:
    """Strike a line through, or let a struck one stand again.  It is never removed."""
    sheet = _locked(sheet, by)
    line = NotepadLine.objects.filter(sheet=sheet, key=key).first()
    if line is None:
        unchanged()
        return
    line.struck_at = None if line.struck_at else at
    line.save(update_fields=["struck_at"])
    _touch(sheet, at)
    record(Verb.SHEET_SAVED, by=by, at=at, subject=sheet, changes={"struck": bool(line.struck_at)})


@operation
def park_sheet(*, by: Actor, at: datetime, sheet: CallSheet) -> None:
    """Keep it to finish later."""
    _leave(by, at, sheet, SheetState.PARKED, Verb.SHEET_PARKED)


@operation
def cut_off(*, by: Actor, at: datetime, sheet: CallSheet) -> None:
    """The call ended before its end: the sheet waits, and may be sent without the why."""
    _leave(by, at, sheet, SheetState.CUT_OFF, Verb.SHEET_ENDED)


def _leave(by: Actor, at: datetime, sheet: CallSheet, state: SheetState, verb: Verb) -> None:
    sheet = _locked(sheet, by)
    if sheet.state == state:
        unchanged()
        return
    sheet.state = state
    _touch(sheet, at)
    record(verb, by=by, at=at, subject=sheet, changes={"state": str(state)})


def _locked(sheet: CallSheet, by: Actor) -> CallSheet:
    (sheet,) = _row(pk=sheet.pk)
    enforce(sheet_rules.write_sheet(by, taken_by_id=sheet.taken_by_id, state=sheet.state))
    return sheet


@planned
def _row(*, pk: int) -> QuerySet[CallSheet]:
    return CallSheet.objects.select_for_update().filter(pk=pk)


def _merge(
    sheet: CallSheet, answers: Mapping[str, Value], window: str, seen: int
) -> tuple[dict[str, Value], tuple[Other, ...]]:
    """What is new from this window, and what other windows answered beside it."""
    if not answers:
        return {}, ()
    asked = list(answers)
    newest = {row.question: row for row in _newest(sheet=sheet.pk, questions=asked)}
    known = _known(sheet=sheet.pk, questions=asked, window=window, seen=seen)
    new, beside = sheet_rules.changed(
        answers,
        {row.question: row.value for row in known},
        {key: row.value for key, row in newest.items()},
    )
    return new, tuple(Other(key, value, newest[key].at) for key, value in beside.items())


@planned
def _newest(*, sheet: int, questions: list[str]) -> QuerySet[SheetAnswer]:
    rows = SheetAnswer.objects.filter(sheet=sheet, question__any_of=questions)
    return rows.order_by("question", "-id").distinct("question")


@planned
def _known(*, sheet: int, questions: list[str], window: str, seen: int) -> QuerySet[SheetAnswer]:
    rows = SheetAnswer.objects.filter(sheet=sheet, question__any_of=questions)
    told = rows.filter(Q(pk__lte=seen) | Q(window=window))
    return told.order_by("question", "-id").distinct("question")


def _add(sheet: CallSheet, new: Mapping[str, Value], window: str, at: datetime) -> None:
    if new:
        SheetAnswer.objects.bulk_create(
            SheetAnswer(sheet=sheet, question=key, value=value, window=window, at=at)
            for key, value in new.items()
        )


def _add_line(sheet: CallSheet, text: str, key: uuid.UUID | None, at: datetime) -> bool:
    """One line for each line written; those after the first get keys made from the first's."""
    written = [row for row in sheet_rules.tidied(text).split("\n") if row.strip()]
    if not written or (key and NotepadLine.objects.filter(sheet=sheet, key=key).exists()):
        return False
    key = key or uuid.uuid4()
    keys = [key, *(uuid.uuid5(key, str(n)) for n in range(1, len(written)))]
    NotepadLine.objects.bulk_create(
        NotepadLine(sheet=sheet, key=one, text=row, at=at)
        for one, row in zip(keys, written, strict=True)
    )
    return True


def _told(new: Mapping[str, Value], added: bool) -> dict[str, object]:
    told: dict[str, object] = {"questions": sorted(new)}
    if added:
        told["lines"] = True
    if script.RANG_999.key in new:
        told["rang"] = new[script.RANG_999.key]
    return told


def _touch(sheet: CallSheet, at: datetime) -> None:
    # Only codes from our own lists are set: no full_clean() on what happens every two seconds.
    sheet.saved_at = max(at, sheet.saved_at)
    sheet.save(update_fields=["door", "state", "saved_at"])
