"""Taking a report: the doors, and the call sheet."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, Refused
from cases.audit.pages import StaffRequest, page
from cases.intake import sheet_operations, sheet_rules
from cases.intake.choices import Door, SheetState
from cases.intake.models import CallSheet
from cases.intake.queries import answers_of, load_sheet, unfinished_sheets
from cases.intake.sheet_forms import StartForm
from cases.intake.sheet_operations import Saved
from cases.intake.sheet_page import draw, part_of_key, told
from cases.intake.submit import submit

KEPT = "The sheet is kept. Finish it from your work whenever you can."


@page(Grant.TAKE_REPORT, methods=("GET", "POST"))
def take_report(request: StaffRequest) -> HttpResponse:
    """Whose story it is.  One press starts the sheet."""
    now = timezone.now()
    form = StartForm(request.POST if request.method == "POST" else None, now=now)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            sheet = sheet_operations.start_sheet(
                by=request.actor,
                at=now,
                key=values["key"],
                door=form.sheet_door,
                channel=values["channel"],
                received_at=values["received_at"],
                no_name=values["no_name"],
                to_colleague=form.to_colleague,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("intake:sheet", key=sheet.key)
    return render(
        request,
        "intake/take_report.html",
        {"form": form, "doors": Door, "unfinished": unfinished_sheets(request.actor), "now": now},
    )


@page(Grant.TAKE_REPORT, methods=("GET", "POST"))
def call_sheet(request: StaffRequest, key: uuid.UUID) -> HttpResponse:
    """The call sheet.  Every button of its one form posts here."""
    sheet = load_sheet(request.actor, key)
    if sheet.state == SheetState.SENT:
        return _already_sent(request, sheet)
    if request.method != "POST":
        return _show(request, sheet)
    try:
        saved = _save(request, sheet)
    except Refused:
        sheet.refresh_from_db()
        if sheet.state != SheetState.SENT:
            raise
        return _already_sent(request, sheet)
    if _wants_json(request):
        return _told(load_sheet(request.actor, key), saved)
    return _go_on(request, sheet, saved)


def _already_sent(request: StaffRequest, sheet: CallSheet) -> HttpResponse:
    """Sent, perhaps in another window: the result, never a second report."""
    address = _result(sheet.report.reference)
    return JsonResponse({"sent": address}) if _wants_json(request) else redirect(address)


def _result(reference: str) -> str:
    """The result's address; its heading takes the focus, so that it is read out at once."""
    return reverse("intake:report", args=[reference]) + "#result"


def _wants_json(request: StaffRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _save(request: StaffRequest, sheet: CallSheet) -> Saved:
    """Keep everything posted, whichever button was pressed."""
    posted = request.POST
    return sheet_operations.save_answers(
        by=request.actor,
        at=timezone.now(),
        sheet=sheet,
        answers=sheet_rules.clean(dict(posted.lists())),
        window=posted.get("window", "")[:40],
        seen=_number(posted.get("seen", "")),
        line=posted.get("note", ""),
        line_key=_uuid(posted.get("note_key", "")),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _go_on(request: StaffRequest, sheet: CallSheet, saved: Saved) -> HttpResponse:
    """What the pressed button asks for, everything having been kept."""
    do, _, about = request.POST.get("do", "save").partition(":")
    if do in ("send", "send-waiting"):
        return _send(request, sheet, ended=do == "send-waiting")
    if do == "keep":
        sheet_operations.park_sheet(by=request.actor, at=timezone.now(), sheet=sheet)
        messages.success(request, KEPT)
        return redirect("/")
    if saved.others:
        return _show(request, load_sheet(request.actor, sheet.key), others=saved.others)
    place = _act(request, sheet, do, about) or _last_part(saved)
    return redirect(reverse("intake:sheet", args=[sheet.key]) + place)


def _act(request: StaffRequest, sheet: CallSheet, do: str, about: str) -> str:
    """The buttons that stay on the sheet: where on it to go next."""
    by, at = request.actor, timezone.now()
    if do == "cut-off":
        sheet_operations.cut_off(by=by, at=at, sheet=sheet)
        return "#cut-off"
    if do == "add-incident":
        shown = _number(request.POST.get("incidents_shown", ""))
        number = sheet_operations.add_incident(by=by, at=at, sheet=sheet, shown=shown)
        return f"#incident-{number}"
    if do == "strike" and (line := _uuid(about)):
        sheet_operations.strike_line(by=by, at=at, sheet=sheet, key=line)
        return "#notepad"
    if do == "search":
        return f"#ask-{'harmed' if about == 'harmed' else 'who'}.person"
    return ""


def _last_part(saved: Saved) -> str:
    """Back to the last part that changed; to what was found, if anything was looked for."""
    for prefix in ("who", "harmed"):
        if f"{prefix}.search" in saved.answered:
            return f"#ask-{prefix}.person"
    for key in reversed(saved.answered):
        if slug := part_of_key(key):
            return f"#part-{slug}"
    return ""


def _send(request: StaffRequest, sheet: CallSheet, *, ended: bool) -> HttpResponse:
    """To triage, once; it insists on two things at most, and shows where they are asked."""
    ended = ended or sheet.state == SheetState.CUT_OFF
    needs = sheet_rules.cannot_send_without(answers_of(sheet), call_ended=ended)
    if needs:
        return _show(request, load_sheet(request.actor, sheet.key), errors=needs)
    report = submit(by=request.actor, at=timezone.now(), sheet=sheet)
    return redirect(_result(report.reference))


def _show(request: StaffRequest, sheet: CallSheet, **shown: Any) -> HttpResponse:
    drawn = draw(sheet, request.actor, now=timezone.now(), **shown)
    return render(
        request,
        "intake/sheet.html",
        {**drawn, "window": uuid.uuid4().hex, "note_key": uuid.uuid4()},
    )


def _told(sheet: CallSheet, saved: Saved) -> HttpResponse:
    """What the page that saved by itself needs to know, its moving pieces drawn."""
    facts = told(sheet, saved)
    pieces = {
        "needed": render_to_string(
            "components/sheet/needed.html", {"needed": facts.pop("still_needed")}
        ),
        "line": render_to_string(
            "components/safe_contact_line.html", {"line": facts.pop("line"), "aside": False}
        ),
        "marks": {
            part["slug"]: _mark(part["needed"], done=part["done"], started=part["started"])
            for part in facts["parts"]
        },
    }
    return JsonResponse({**facts, "pieces": pieces})


@cache
def _mark(needed: int, *, done: bool, started: bool) -> str:
    """A part's mark, drawn once for each way it can stand."""
    part = {"needed": needed, "done": done, "started": started}
    return render_to_string("components/sheet/part_mark.html", {"part": part})
