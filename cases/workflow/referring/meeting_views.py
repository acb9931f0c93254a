"""Meetings of several agencies: recorded, who came, what was told, who does what by when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest
from cases.calendar import london_date
from cases.casework.clocks import ClockKind
from cases.casework.loading import get_child
from cases.casework.models import Case
from cases.referrals import meeting_operations as operations
from cases.referrals import queries, rules
from cases.referrals.choices import ActionState
from cases.referrals.models import Meeting, MeetingAction
from cases.words import say_date
from cases.workflow.case_gate import case_page, insist_fresh, seen_now, send, show_form
from cases.workflow.case_steps import duty_page
from cases.workflow.case_words import address
from cases.workflow.referring import meeting_drawing as drawing
from cases.workflow.referring import meeting_forms as forms

WORK = (Grant.WORK_CASES, Grant.OPEN_CASES)
BOTH = ("GET", "POST")
FORM = "workflow/referring/form.html"
MEETINGS = "Meetings"


@case_page(WORK)
def show_meetings(request: StaffRequest, case: Case) -> HttpResponse:
    """Every meeting about the case, with how many of its actions are open or late."""
    now = timezone.now()
    context = {
        "case": case,
        "heading": "Meetings with other agencies",
        "back": address("workflow:case", case.reference),
        "now": now,
        "rows": drawing.rows_of(case, now),
        "may": (may := rules.meet(request.actor, stage=case.stage)),
        "otherwise": duty_page(case, ClockKind.AGENCIES_MEET) if may else "",
    }
    return render(request, "workflow/referring/meetings.html", context)


def get_meeting(case: Case, pk: int) -> Meeting:
    """A meeting of this case.  Raises Http404 for another case's, exactly as for none."""
    meeting = get_child(case, queries.whole_meetings(), pk)
    meeting.case = case
    return meeting


@case_page(WORK)
def show_meeting(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """One meeting: who was there, what was told, what is to be done."""
    now = timezone.now()
    meeting = get_meeting(case, pk)
    context = {
        "case": case,
        "heading": meeting.get_forum_display(),
        "back": address("workflow:case-meetings", case.reference),
        "back_text": MEETINGS,
        "now": now,
        **drawing.page_of(meeting, request.actor, now),
    }
    return render(request, "workflow/referring/meeting.html", context)


@case_page(WORK, methods=BOTH)
def add_meeting(request: StaffRequest, case: Case) -> HttpResponse:
    """Record a meeting that was held."""
    enforce(rules.meet(request.actor, stage=case.stage))
    now = timezone.now()
    form = forms.MeetingForm(request.POST or None, today=london_date(now))
    made: list[Meeting] = []

    def save() -> None:
        made.append(operations.add_meeting(by=request.actor, at=now, case=case, **form.facts()))

    done = "The meeting is recorded. Add who was there, and what was told."
    if form.is_valid() and send(request, form, save, done):
        if made:
            return redirect(drawing.to(made[0]))
        return redirect("workflow:case-meetings", case.reference)
    return show_form(
        request,
        case,
        form,
        heading="Record a meeting",
        button="Record the meeting",
        template=FORM,
        back=address("workflow:case-meetings", case.reference),
        back_text=MEETINGS,
    )


def _record(
    request: StaffRequest,
    meeting: Meeting,
    form: Any,
    save: Callable[[], object],
    *,
    heading: str,
    button: str,
    done: str,
    words: str = "",
) -> HttpResponse:
    """Show a form of a meeting, or save it and go back to its page."""
    if form.is_valid() and send(request, form, save, done):
        return redirect(drawing.to(meeting))
    return show_form(
        request,
        meeting.case,
        form,
        heading=heading,
        button=button,
        template=FORM,
        back=drawing.to(meeting),
        back_text=meeting.get_forum_display(),
        words=words,
    )


@case_page(WORK, methods=BOTH)
def change_meeting(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Correct the record of a meeting."""
    meeting, now = get_meeting(case, pk), timezone.now()
    enforce(rules.meet(request.actor, stage=case.stage))
    names = ("forum", "name", "terms", "held_on", "chaired_by", "joint_action", "notes")
    initial = {name: getattr(meeting, name) for name in names}
    initial["seen"] = seen_now(meeting)
    form = forms.MeetingForm(request.POST or None, initial=initial, today=london_date(now))

    def save() -> None:
        insist_fresh(case, meeting, form, _words)
        operations.change_meeting(by=request.actor, at=now, meeting=meeting, **form.facts())

    return _record(
        request,
        meeting,
        form,
        save,
        heading="Correct the record of the meeting",
        button="Save",
        done="The record is corrected. What stood before is kept.",
    )


def _words(said: Any) -> dict[str, str]:
    """The record in words, from a history row or from what was typed."""

    def value(name: str) -> Any:
        return said[name] if isinstance(said, dict) else getattr(said, name)

    return {
        "Held on": say_date(value("held_on")),
        "Called": value("name") or "Nothing",
        "Chaired by": value("chaired_by") or "Nobody written down",
        "What was agreed or decided": value("notes") or "Nothing",
    }


@case_page(WORK, methods=BOTH)
def add_attendee(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Somebody who was there."""
    meeting = get_meeting(case, pk)
    enforce(rules.meet(request.actor, stage=case.stage))
    agencies = queries.agencies_in_use()
    form = forms.AttendeeForm(request.POST or None, agencies=agencies, ours="Amplius, one of us")

    def save() -> None:
        operations.add_attendee(
            by=request.actor,
            at=timezone.now(),
            meeting=meeting,
            who=form.cleaned_data["who"],
            agency=form.chosen,
        )

    return _record(
        request,
        meeting,
        form,
        save,
        heading="Who was there",
        button="Add them",
        done="They are on the record of the meeting.",
    )


@case_page(WORK, methods=BOTH)
def tell_meeting(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Which page of ours was read there: only what left through the gate."""
    meeting = get_meeting(case, pk)
    enforce(rules.meet(request.actor, stage=case.stage))
    enforce(drawing.may_tell(meeting))
    sends = queries.untold_sends(case)
    form = forms.ToldForm(request.POST or None, sends=sends)
    if not sends and request.method == "GET":
        return show_form(
            request,
            case,
            form,
            heading="What we told them",
            button="",
            template="workflow/referring/nothing_read.html",
            back=drawing.to(meeting),
            back_text=meeting.get_forum_display(),
            words=drawing.NOTHING_READ,
            sent=reverse("workflow:sent", args=[case.reference]),
        )

    def save() -> None:
        operations.tell_meeting(
            by=request.actor,
            at=timezone.now(),
            meeting=meeting,
            send=form.sends[form.cleaned_data["send"]],
        )

    return _record(
        request,
        meeting,
        form,
        save,
        heading="What we told them",
        button="It was read there",
        done="What we told them is on the record of the meeting.",
        words="" if sends else drawing.NOTHING_READ,
    )


@case_page(WORK, methods=BOTH)
def hear_meeting(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """What an agency told us there, and on what ground."""
    meeting = get_meeting(case, pk)
    enforce(rules.meet(request.actor, stage=case.stage))
    form = forms.HeardForm(request.POST or None, agencies=queries.agencies_in_use())

    def save() -> None:
        said = form.cleaned_data
        agency = form.chosen
        if agency is None:
            raise Http404
        operations.hear_meeting(
            by=request.actor,
            at=timezone.now(),
            meeting=meeting,
            agency=agency,
            words=said["words"],
            basis=said["basis"],
        )

    return _record(
        request,
        meeting,
        form,
        save,
        heading="What they told us",
        button="Keep it",
        done="What they told us is on the record of the meeting.",
        words="Write only what this case needs. What is said of anybody is what they say.",
    )


@case_page(WORK, methods=BOTH)
def add_action(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """What somebody promised, and by when."""
    meeting = get_meeting(case, pk)
    enforce(rules.meet(request.actor, stage=case.stage))
    form = forms.ActionForm(
        request.POST or None, agencies=queries.agencies_in_use(), held_on=meeting.held_on
    )

    def save() -> None:
        said = form.cleaned_data
        operations.add_action(
            by=request.actor,
            at=timezone.now(),
            meeting=meeting,
            what=said["what"],
            due_on=said["due_on"],
            owner=said["owner"],
            agency=form.chosen,
        )

    return _record(
        request,
        meeting,
        form,
        save,
        heading="An action that was agreed",
        button="Add the action",
        done="The action is on the record of the meeting.",
    )


@case_page(WORK, methods=BOTH)
def end_action(request: StaffRequest, case: Case, pk: int, child: int) -> HttpResponse:
    """It was done, or it was not, and how."""
    meeting = get_meeting(case, pk)
    enforce(rules.meet(request.actor, stage=case.stage))
    found = meeting.actions.filter(pk=child).first()
    if found is None:
        raise Http404
    saw("referrals.meetingaction", found.pk, case=case.reference)
    found.meeting = meeting
    enforce(rules.end_action(state=found.state, to=ActionState.DONE, outcome="x"))
    form = forms.EndActionForm(request.POST or None)

    def save() -> None:
        said = form.cleaned_data
        _end(request, found, said["to"], said["outcome"])

    return _record(
        request,
        meeting,
        form,
        save,
        heading="How the action ended",
        button="Save",
        done="How it ended is kept.",
        words=found.what,
    )


def _end(request: StaffRequest, action: MeetingAction, to: str, outcome: str) -> None:
    operations.end_action(
        by=request.actor, at=timezone.now(), action=action, to=to, outcome=outcome
    )
