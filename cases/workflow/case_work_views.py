"""Working a case: contacts, notes, duties, clocks and stages, each a page of its own."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone

from cases.access import Answer, Grant, enforce
from cases.audit.pages import StaffRequest
from cases.casework import operations, queries, rules
from cases.casework.choices import ClockState, Stage
from cases.casework.clocks import DUTIES, ClockKind, MetBy
from cases.casework.loading import get_child
from cases.casework.models import Case, Clock, Involvement
from cases.workflow import forms
from cases.workflow.case_gate import (
    back_to,
    case_page,
    insist_fresh,
    seen_now,
    send,
    show_form,
)
from cases.workflow.case_read import ALIVE, read
from cases.workflow.case_steps import needs
from cases.workflow.case_words import name_on_page, stage_name, to

WORK = (Grant.WORK_CASES, Grant.OPEN_CASES)


@case_page(WORK, methods=("GET", "POST"))
def log_contact(request: StaffRequest, case: Case) -> HttpResponse:
    """Log a contact or an attempt with one person; what is safe stands beside each way."""
    enforce(rules.work(request.actor, stage=case.stage))
    now = timezone.now()
    parts = queries.parts_of(case)
    part = _chosen(parts, case, request.GET.get("with", ""))
    form = forms.ContactForm(request.POST or None, part=part, now=now)

    def save() -> None:
        said = form.cleaned_data
        operations.log_contact(
            by=request.actor,
            at=now,
            case=case,
            involvement=part,
            kind=said["kind"],
            channel=said["channel"],
            summary=said["summary"],
            incoming=said["direction"] == "IN",
            happened_at=said["at"],
        )

    if form.is_valid() and send(request, form, save, "The contact is in the timeline."):
        return back_to(case)
    others = [
        {"text": name_on_page(each), "href": f"{to(case, 'contact')}?with={each.pk}"}
        for each in parts
        if each.pk != part.pk
    ]
    return show_form(
        request,
        case,
        form,
        heading=f"Log a contact or an attempt with {name_on_page(part)}",
        page_name="log a contact",
        button="Save the contact",
        template="workflow/case_contact.html",
        about=part,
        others=others,
    )


def _chosen(parts: list[Involvement], case: Case, asked: str) -> Involvement:
    """The person asked for, else the one the case is about.  Raises Http404 for no such part."""
    if asked:
        found = [each for each in parts if str(each.pk) == asked]
    else:
        about = [each for each in parts if each.person_id == case.victim_id]
        found = about or parts
    if not found:
        raise Http404
    return found[0]


@case_page(WORK, methods=("GET", "POST"))
def add_note(request: StaffRequest, case: Case) -> HttpResponse:
    """A note among colleagues."""
    enforce(rules.work(request.actor, stage=case.stage))
    form = forms.NoteForm(request.POST or None)

    def save() -> None:
        said = form.cleaned_data
        operations.add_note(
            by=request.actor, at=timezone.now(), case=case, kind=said["kind"], text=said["text"]
        )

    if form.is_valid() and send(request, form, save, "The note is in the timeline."):
        return back_to(case)
    return show_form(request, case, form, heading="Add a note", button="Save the note")


@case_page(WORK, methods=("GET", "POST"))
def do_duty(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Record by hand that a duty was done, and how it ended."""
    enforce(rules.work(request.actor, stage=case.stage))
    clock = get_child(case, Clock.objects.all(), pk)
    enforce(rules.does(request.actor, stage=case.stage, kind=clock.kind))
    duty = DUTIES[ClockKind(clock.kind)]
    if duty.met_by is not MetBy.HAND or clock.state not in ALIVE:
        enforce(_why_not(clock, duty.met_by))
    form = forms.DutyForm(request.POST or None, clock=clock)

    def save() -> None:
        said = form.cleaned_data
        operations.do_duty(
            by=request.actor,
            at=timezone.now(),
            case=case,
            clock=clock,
            outcome=said["outcome"],
            words=said["words"],
        )

    label = clock.get_kind_display()
    if form.is_valid() and send(request, form, save, f"{label}: recorded."):
        return back_to(case)
    name = case.who.call_them
    return show_form(
        request,
        case,
        form,
        heading=duty.step.format(name=name),
        page_name=label.lower(),
        button="Record it",
        about=read(case, request.actor, timezone.now()).victim,
        words=duty.note.format(name=name),
    )


def _why_not(clock: Clock, met_by: MetBy) -> Answer:
    if clock.state == ClockState.MET:
        return Answer("This has been done already.")
    if clock.state == ClockState.NOT_APPLICABLE:
        return Answer(f"This does not apply here: {clock.why}")
    if met_by is MetBy.INTERACTION:
        return Answer("Only a two-way contact in a safe way meets this. Log the contact.")
    return Answer("This is met by doing it here, not by recording that it was done.")


@case_page(WORK, methods=("GET", "POST"))
def pause_clock(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Pause a clock because the person asked for later, or after three safe attempts."""
    enforce(request.actor.may(Grant.APPROVE_EXCEPTION))
    enforce(rules.still_open(case.stage))
    clock = get_child(case, Clock.objects.all(), pk)
    now = timezone.now()
    form = forms.PauseForm(
        request.POST or None,
        now=now,
        ask="What was said or tried?",
        hint="At least 20 characters.",
    )

    def save() -> None:
        said = form.cleaned_data
        operations.pause_clock(
            by=request.actor,
            at=now,
            case=case,
            clock=clock,
            ground=said["ground"],
            why=said["reason"],
            until=said["until"],
        )

    label = clock.get_kind_display()
    if form.is_valid() and send(request, form, save, f"{label} is on hold."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading=f"Pause: {label.lower()}",
        page_name="pause a clock",
        button="Pause the clock",
        words="The moment it is due stays as promised.",
    )


@case_page(WORK, methods=("POST",))
def resume_clock(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Let a paused clock run again."""
    clock = get_child(case, Clock.objects.all(), pk)
    operations.resume_clock(by=request.actor, at=timezone.now(), case=case, clock=clock)
    return back_to(case)


@case_page(WORK, methods=("GET", "POST"))
def approve_exception(request: StaffRequest, case: Case) -> HttpResponse:
    """A manager who does not lead the case agrees that a duty does not apply (HC-40)."""
    long_enough = "x" * rules.ENOUGH_REASON
    enforce(
        rules.approve_exception(
            request.actor, stage=case.stage, lead_id=case.lead_id, reason=long_enough
        )
    )
    alive = case.clocks.filter(state__in=ALIVE)
    clocks = [clock for clock in alive if DUTIES[ClockKind(clock.kind)].gate]
    form = forms.ExceptionForm(request.POST or None, clocks=clocks)

    def save() -> None:
        said = form.cleaned_data
        clock = get_child(case, Clock.objects.all(), int(said["clock"]))
        operations.approve_exception(
            by=request.actor, at=timezone.now(), case=case, clock=clock, reason=said["reason"]
        )

    if form.is_valid() and send(request, form, save, "The exception is recorded."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading="Approve an exception",
        button="Approve the exception",
        words="Only for what keeps the case in its stage and does not apply here: nobody can be "
        "reached, it is not safe to ask, they declined.",
    )


def _moves(case: Case, request: StaffRequest) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The stages the case may come to next, with what keeps it from each."""
    running = operations.running_kinds(case)
    choices, hints = [], {}
    for stage in Stage:
        known = stage in rules.reachable(case.stage)
        void = stage == Stage.VOID and not request.actor.may(Grant.APPROVE_EXCEPTION)
        if not known or void:
            continue
        answer = rules.move(
            request.actor, stage=case.stage, to=stage, running=running, held_from=case.held_from
        )
        choices.append((str(stage), stage.label))
        hints[str(stage)] = answer.reason
    return choices, hints


@case_page(WORK, methods=("GET", "POST"))
def move_stage(request: StaffRequest, case: Case) -> HttpResponse:
    """Move the case on; a refusal lists what is missing, each a link to where it is done."""
    enforce(rules.work(request.actor, stage=case.stage))
    now = timezone.now()
    stages, hints = _moves(case, request)
    form = forms.StageForm(
        request.POST or None,
        initial={"seen": seen_now(case)},
        stages=stages,
        hints=hints,
        void=str(Stage.VOID) in dict(stages),
    )

    def save() -> None:
        said = form.cleaned_data
        insist_fresh(case, case, form, _stage_words)
        operations.move_stage(
            by=request.actor, at=now, case=case, to=said["to"], reason=said.get("reason", "")
        )

    if form.is_valid() and send(request, form, save, "The case has moved on."):
        return back_to(case)
    case.refresh_from_db()
    found = read(case, request.actor, now)
    return show_form(
        request,
        case,
        form,
        heading="Move to another stage",
        button="Move the case",
        template="workflow/case_stage.html",
        stage=stage_name(case.stage),
        needs=needs(found)[:1],
    )


def _stage_words(said: object) -> dict[str, str]:
    stage = said.get("to", "") if isinstance(said, dict) else getattr(said, "stage", "")
    return {"Stage": stage_name(stage)}


@case_page(WORK, methods=("GET", "POST"))
def hold_case(request: StaffRequest, case: Case) -> HttpResponse:
    """Put the case on hold because the police or a court asked."""
    now = timezone.now()
    enforce(rules.may_hold(request.actor, stage=case.stage))
    form = forms.ReviewedForm(
        request.POST or None,
        now=now,
        ask="Who asked, and why?",
        hint="The police or a court. At least 20 characters.",
    )

    def save() -> None:
        said = form.cleaned_data
        operations.hold(
            by=request.actor, at=now, case=case, reason=said["reason"], review_on=said["until"]
        )

    if form.is_valid() and send(request, form, save, "The case is on hold."):
        return back_to(case)
    return show_form(
        request,
        case,
        form,
        heading="Put the case on hold",
        page_name="hold",
        button="Put on hold",
        words="The clocks keep running. Keep in touch with the person all the same.",
    )
