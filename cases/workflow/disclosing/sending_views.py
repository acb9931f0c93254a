"""Reading a page through, the second person's yes, the one download, and how it went."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Answer, Refused, enforce
from cases.audit.pages import StaffRequest
from cases.casework.models import Case
from cases.disclosures import gate, pack_operations
from cases.disclosures import pack_rules as rules
from cases.disclosures.choices import PackState
from cases.disclosures.models import Blocked, Pack, PackFile, Send
from cases.words import say_moment
from cases.workflow.case_gate import case_page, send, show_form
from cases.workflow.case_words import speaker
from cases.workflow.disclosing import forms
from cases.workflow.disclosing.choosing import home_of, pack_page
from cases.workflow.disclosing.drawing import draw_pack, recipient_of
from cases.workflow.disclosing.loading import (
    CHANGED,
    as_made,
    conditions_on,
    current_file,
    file_bytes,
    get_pack,
    insist_version,
    outcomes_of,
    seen,
)
from cases.workflow.disclosing.once_sent import press
from cases.workflow.disclosing.refusals import permission_page, refusal_words, said
from cases.workflow.disclosing.views import BOTH, WORK

FRESH = "This tells somebody outside Amplius about a case."
NOT_READY = "The page is not ready to go. Read it through first."


@case_page(WORK, methods=BOTH)
def preview(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """The page to be read to its end, and two ticks only a person can give."""
    enforce(rules.may_prepare(request.actor, stage=case.stage))
    pack = get_pack(case, pk)
    enforce(rules.being_written(pack.state))
    form = forms.ReadyForm(request.POST or None, initial={"seen": seen(pack)})

    def save() -> None:
        insist_version(pack, form)
        pack_operations.make_ready(
            by=request.actor,
            at=timezone.now(),
            pack=pack,
            reviewed=form.cleaned_data["reviewed"],
            redactions_confirmed=form.cleaned_data["redactions"],
        )

    done = "The page is made. These are the very bytes that will go."
    if form.is_valid() and send(request, form, save, done):
        return redirect(home_of(pack))
    now = timezone.now()
    return show_form(
        request,
        case,
        form,
        heading="Read it through",
        button="Make the page ready",
        template="workflow/disclosing/preview.html",
        back=home_of(pack),
        page=draw_pack(pack, now),
        conditions=conditions_on(pack),
        file=current_file(pack) if pack.state == PackState.READY else None,
        pack=pack,
    )


@case_page()
def show_file(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """The very bytes: as they would go, or as they went.  Opening them is recorded."""
    pack = get_pack(case, pk)
    return pdf_answer(pack, file_bytes(pack), "inline")


def pdf_answer(pack: Pack, content: bytes, how: str) -> HttpResponse:
    """The file under a name that says nothing: whoever gets it reads that too."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'{how}; filename="amplius-{pack.pk}.pdf"'
    return answer


def _ready_file(pack: Pack) -> PackFile:
    """The file that waits to go.  Raises Refused while there is none."""
    file = current_file(pack) if pack.state == PackState.READY else None
    if file is None:
        raise Refused(Answer(NOT_READY))
    return file


@case_page(WORK, methods=BOTH)
def stop(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Stop a page before it goes; it stays on the list with why."""
    enforce(rules.may_prepare(request.actor, stage=case.stage))
    pack = get_pack(case, pk)
    enforce(rules.being_written(pack.state))
    form = forms.WhyForm(request.POST or None, ask="Why is it stopped?")

    def save() -> None:
        pack_operations.stop_pack(
            by=request.actor, at=timezone.now(), pack=pack, why=form.cleaned_data["words"].strip()
        )

    if form.is_valid() and send(request, form, save, "It is stopped. Nothing goes."):
        return redirect("workflow:sent", case.reference)
    return show_form(
        request,
        case,
        form,
        heading="Stop this page",
        button="Stop it",
        template="workflow/disclosing/form.html",
        back=home_of(pack),
        words="Nobody is told. It cannot be started again: begin another page instead.",
    )


# --- sending ---


@case_page(WORK, methods=BOTH, fresh=FRESH)
def send_it(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Once, to one unit: the recipient said aloud, then the one download."""
    enforce(rules.may_send(request.actor))
    pack = get_pack(case, pk)
    if pack.state == PackState.GONE:
        return _again(request, pack)
    file = _ready_file(pack)
    goes_to = recipient_of(pack, timezone.now()).name
    initial = {"seen": file.seal}
    form = forms.SendForm(request.POST or None, goes_to=goes_to, initial=initial)
    if form.is_valid():
        if form.cleaned_data["seen"] == file.seal:
            return _sent(request, pack)
        form.add_error(None, CHANGED)
    return _send_page(request, case, pack, form, file)


def _send_page(
    request: StaffRequest, case: Case, pack: Pack, form: forms.SendForm, file: PackFile
) -> HttpResponse:
    now = timezone.now()
    refusals = gate.judge(pack, request.actor, now)
    return show_form(
        request,
        case,
        form,
        heading=f"Send to {pack.agency.name}",
        page_name="send",
        button="Download it, once, to send it",
        template="workflow/disclosing/send.html",
        back=home_of(pack),
        pack=pack,
        file=file,
        to=recipient_of(pack, now),
        conditions=conditions_on(pack),
        refusals=said(refusals, pack, request.actor),
    )


def _sent(request: StaffRequest, pack: Pack) -> HttpResponse:
    """The bytes, or the page that says why not: the attempt is kept either way."""
    result = press(request, pack)
    if isinstance(result, Blocked):
        return redirect(pack_page(pack, "blocked", result.pk))
    return _download(pack, result) if result else redirect(pack_page(pack, "send"))


def _download(pack: Pack, sent: Send) -> HttpResponse:
    return pdf_answer(pack, as_made(lambda: gate.bytes_of(sent)), "attachment")


def _again(request: StaffRequest, pack: Pack) -> HttpResponse:
    """The same form gives the same bytes; anything later is refused, with the way on."""
    if request.method == "POST" and (result := press(request, pack, only_again=True)):
        return _download(pack, result) if isinstance(result, Send) else redirect(pack_page(pack))
    now = timezone.now()
    who = speaker(request.actor, pack.send.sent_by_id, pack.send.sent_by.full_name)
    return render(
        request,
        "workflow/disclosing/gone.html",
        {
            "case": pack.case,
            "heading": "This has been downloaded",
            "back": pack_page(pack),
            "back_text": pack.agency.name,
            "pack": pack,
            "when": say_moment(pack.send.sent_at, now),
            "who": who,
            "outcomes": outcomes_of(pack),
        },
        status=409 if request.method == "POST" else 200,
    )


@case_page(WORK)
def not_sent(request: StaffRequest, case: Case, pk: int, child: int) -> HttpResponse:
    """An attempt that the gate refused: what was missing, and what is possible instead."""
    pack = get_pack(case, pk)
    attempt = pack.blocked.select_related("by").filter(pk=child).first()
    if attempt is None:
        raise Http404
    now = timezone.now()
    refusals = gate.judge(pack, request.actor, now)
    return render(
        request,
        "workflow/disclosing/not_sent.html",
        {
            "case": case,
            "heading": "Not sent",
            "back": pack_page(pack),
            "back_text": pack.agency.name,
            "pack": pack,
            "refusals": said(refusals, pack, request.actor),
            "reasons": [refusal_words(code) for code in attempt.reasons],
            "when": say_moment(attempt.at, now),
            "who": speaker(request.actor, attempt.by_id, attempt.by.full_name),
            "permission": permission_page(pack, None),
        },
    )


@case_page(WORK, methods=BOTH)
def went(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """How it went, to whom and when; a correction is another record."""
    enforce(rules.may_send(request.actor))
    pack = get_pack(case, pk)
    if pack.state != PackState.GONE:
        raise Refused(Answer("It has not gone, so there is nothing to say of how it went."))
    now = timezone.now()
    form = forms.WentForm(request.POST or None, now=now, sent_at=pack.send.sent_at)

    def save() -> None:
        facts = form.cleaned_data
        gate.record_outcome(
            by=request.actor,
            at=now,
            send=pack.send,
            channel=facts["channel"],
            to_whom=facts["to_whom"].strip(),
            their_reference=facts["their_reference"].strip(),
            words=facts["words"].strip(),
            went_at=max(facts["went_at"], pack.send.sent_at),
        )

    if form.is_valid() and send(request, form, save, "How it went is kept."):
        return redirect(pack_page(pack))
    return show_form(
        request,
        case,
        form,
        heading=f"How it went to {pack.agency.name}",
        page_name="how it went",
        button="Keep this",
        template="workflow/disclosing/form.html",
        back=pack_page(pack),
        words="Delete the download when it has gone. The copy that was sent is kept here.",
    )
