"""Risk on the screen: asking, saving as it is said, finishing, judging."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cases.access import Answer, Grant, Refused, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.casework.choices import RiskLevel
from cases.casework.loading import get_case, get_child
from cases.casework.models import Case, Involvement
from cases.risk import history_page, operations, rules, sheet_page
from cases.risk.choices import Trigger
from cases.risk.forms import ChangeForm, FlagForm, LevelForm, LowerForm, TellForm
from cases.risk.hearing import Hearing, hear
from cases.risk.judgement_operations import lower_level, raise_level, record_flag_in_error
from cases.risk.models import Assessment
from cases.risk.operations import Saved
from cases.risk.review_operations import call_review
from cases.risk.sheet_page import Errors
from cases.risk.telling_operations import tell_level
from cases.words import say_time

PIECES = ("level", "why", "repeat", "high", "judgement", "rest", "say")
"""What a save draws afresh; each is templates/risk/_<piece>.html."""


class CaseView(Protocol):
    def __call__(
        self, request: StaffRequest, case: Case, *args: Any, **kwargs: Any
    ) -> HttpResponseBase: ...


def risk_page(
    *, methods: tuple[str, ...] = ("GET", "POST")
) -> Callable[[CaseView], Callable[..., HttpResponseBase]]:
    """A page of one case's risk, for whoever may see the case and has said who they know."""

    def gate(view: CaseView) -> Callable[..., HttpResponseBase]:
        @page(Grant.OPEN_CASES, methods=methods)
        @wraps(view)
        def run(
            request: StaffRequest, reference: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            case = get_case(request.actor, reference)
            if not getattr(case, "declared", False):
                return redirect("workflow:case-declare", case.reference)
            return view(request, case, *args, **kwargs)

        return run

    return gate


@risk_page()
def show_history(request: StaffRequest, case: Case) -> HttpResponse:
    """Everybody's level on the case, every assessment, and beginning the next."""
    change, tell = ChangeForm(None), None
    do = request.POST.get("do", "")
    if request.method == "POST" and do == "review":
        change = ChangeForm(request.POST)
        if change.is_valid():
            return _call(request, case, Trigger(change.cleaned_data["why"]))
    elif request.method == "POST" and do == "tell":
        tell = TellForm(request.POST, about=_about(request, case))
        if tell.is_valid() and _tell(request, tell):
            return redirect("risk:history", case.reference)
    elif request.method == "POST":
        return _start(request, case)
    drawn = history_page.draw(case, request.actor, timezone.now(), tell=tell)
    return render(request, "risk/history.html", {**drawn, "form": tell or change, "change": change})


def _tell(request: StaffRequest, form: TellForm) -> bool:
    """Keep that they were told; a refusal is shown on the form."""
    try:
        tell_level(by=request.actor, at=timezone.now(), about=form.about, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    messages.success(request, "Recorded: they were told the level and what it means.")
    return True


def _call(request: StaffRequest, case: Case, why: Trigger) -> HttpResponse:
    call = call_review(by=request.actor, at=timezone.now(), case=case, why=why)
    said = "Risk is asked about again within 1 working day."
    messages.success(request, said if call else "Nobody has been assessed yet: begin now.")
    return redirect("risk:history", case.reference)


def _about(request: StaffRequest, case: Case) -> Involvement:
    """The part of the case that was pressed for."""
    pk = request.POST.get("about", "")
    return get_child(
        case, Involvement.objects.all(), int(pk) if pk.isdecimal() and len(pk) < 19 else 0
    )


def _start(request: StaffRequest, case: Case) -> HttpResponse:
    about = _about(request, case)
    draft = operations.start(
        by=request.actor,
        at=timezone.now(),
        case=case,
        about=about,
        from_report=request.POST.get("do") == "from-report",
    )
    return redirect("risk:sheet", case.reference, draft.pk)


def _load(case: Case, pk: int) -> Assessment:
    rows = Assessment.objects.select_related(
        "about__person__safe_contact",
        "about__person__merged_into",
        "started_by",
        "finished_by",
    )
    found = get_child(case, rows, pk)
    found.case = case
    if found.about.person_id and not found.about.kept_apart:
        saw("people.person", found.about.person_id, case=case.reference)
    return found


@risk_page()
def show_assessment(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """An assessment: while it is asked, the sheet; once finished, its frozen answers."""
    assessment = _load(case, pk)
    here = reverse("risk:sheet", args=[case.reference, pk])
    if assessment.is_finished:
        if request.method == "POST":
            return _wants(request, JsonResponse({"sent": here}), redirect(here))
        drawn = history_page.frozen(assessment, request.actor, timezone.now())
        return render(request, "risk/finished.html", drawn)
    enforce(rules.assess(request.actor, stage=case.stage))
    if request.method != "POST":
        return _show(request, assessment)
    try:
        saved = _save(request, assessment)
    except Refused:
        if not Assessment.objects.filter(pk=pk, finished_at__isnull=False).exists():
            raise
        return _wants(request, JsonResponse({"sent": here}), redirect(here))
    if request.headers.get("Accept", "") == "application/json":
        return _told(request, assessment, saved)
    return _go_on(request, assessment, saved)


def _wants(request: StaffRequest, json: HttpResponse, other: HttpResponse) -> HttpResponse:
    return json if request.headers.get("Accept", "") == "application/json" else other


def _answers(posted: QueryDict) -> dict[str, str]:
    """The last value of each field: a box that is not ticked posts its empty one."""
    return {
        key: values[-1].replace("\r\n", "\n").replace("\0", "")
        for key, values in posted.lists()
        if values and key[:1] in "QR"
    }


def _save(request: StaffRequest, assessment: Assessment) -> Saved:
    posted = request.POST
    seen = posted.get("seen", "")
    return operations.save_answers(
        by=request.actor,
        at=timezone.now(),
        assessment=assessment,
        answers=_answers(posted),
        window=posted.get("window", "")[:40],
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= 18 else 0,
    )


def _go_on(request: StaffRequest, assessment: Assessment, saved: Saved) -> HttpResponse:
    """What the pressed button asks for, everything having been kept."""
    do = request.POST.get("do", "save")
    case = assessment.case
    here = reverse("risk:sheet", args=[case.reference, assessment.pk])
    if do == "finish":
        return _finish(request, assessment)
    if do == "raise":
        return _raise(request, assessment)
    if do == "keep":
        messages.success(request, "The answers so far are kept. Go on whenever you can.")
        return redirect("workflow:case", case.reference)
    if do == "rest":
        operations.rest_not_known(by=request.actor, at=timezone.now(), assessment=assessment)
    if saved.others:
        return _show(request, assessment, others=saved.others)
    return redirect(here + (f"#ask-{saved.answered[-1]}" if saved.answered else ""))


def _finish(request: StaffRequest, assessment: Assessment) -> HttpResponse:
    try:
        done = operations.finish(by=request.actor, at=timezone.now(), assessment=assessment)
    except Refused:
        missing = hear(assessment, timezone.now()).heard.not_asked
        if not missing:
            raise
        return _show(request, assessment, errors=Errors(tuple(f"Q{n}" for n in missing)))
    messages.success(request, "The assessment is finished. Its answers are frozen.")
    return redirect("risk:sheet", done.case.reference, done.pk)


def _raise(request: StaffRequest, assessment: Assessment) -> HttpResponse:
    try:
        raise_level(
            by=request.actor,
            at=timezone.now(),
            assessment=assessment,
            to=request.POST.get("raise_to", ""),
            reason=request.POST.get("raise_reason", ""),
        )
    except Refused as refusal:
        return _show(request, assessment, errors=Errors(raising=refusal.answer.reason))
    return redirect("risk:sheet", assessment.case.reference, assessment.pk)


def _show(request: StaffRequest, assessment: Assessment, **shown: Any) -> HttpResponse:
    now = timezone.now()
    drawn = sheet_page.draw(hear(assessment, now), request.actor, now, **shown)
    posted = {name: request.POST.get(name, "") for name in ("raise_to", "raise_reason")}
    window = request.POST.get("window", "") or uuid.uuid4().hex
    return render(request, "risk/sheet.html", {**drawn, "posted": posted, "window": window})


def _told(request: StaffRequest, assessment: Assessment, saved: Saved) -> HttpResponse:
    """What the page that saved by itself needs to know, its moving pieces drawn."""
    now = timezone.now()
    hearing = hear(assessment, now)
    context = {
        **sheet_page.pieces(hearing, request.actor, now),
        "case": assessment.case,
        "problem": Errors(),
        "posted": {"raise_to": "", "raise_reason": ""},
    }
    return JsonResponse(
        {
            "saved_at": say_time(saved.at),
            "not_asked": [f"Q{number}" for number in hearing.heard.not_asked],
            "others": sheet_page.other_words(hearing, saved.others, now),
            "pieces": {
                name: render_to_string(f"risk/_{name}.html", context, request) for name in PIECES
            },
        }
    )


# ------------------------------------------------------------------------------- judging


def _judge(
    request: StaffRequest,
    hearing: Hearing,
    form: forms.Form,
    do: Callable[[dict[str, Any]], object],
    **words: str,
) -> HttpResponse:
    """A form beside a finished assessment; a refusal is shown on it."""
    assessment = hearing.assessment
    back = reverse("risk:sheet", args=[assessment.case.reference, assessment.pk])
    if form.is_bound and form.is_valid():
        try:
            do(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.answer.reason)
        else:
            messages.success(request, words["done"])
            return redirect(back)
    shown = history_page.judging(hearing, timezone.now())
    return render(request, "risk/judge.html", {**shown, **words, "form": form, "back": back})


def _finished(case: Case, pk: int) -> Hearing:
    assessment = _load(case, pk)
    if not assessment.is_finished:
        enforce(Answer("Finish the assessment first: only a level that stands is judged here."))
    return hear(assessment, timezone.now())


@risk_page()
def set_higher(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Set a finished level higher, with a reason; it counts at once."""
    hearing = _finished(case, pk)
    enforce(rules.assess(request.actor, stage=case.stage))
    enforce(request.actor.may(Grant.WORK_CASES))
    level = history_page.stands_now(hearing)
    form = LevelForm(
        request.POST or None,
        levels=[each for each in RiskLevel if rules.rank(each) > rules.rank(level)],
    )

    def do(said: dict[str, Any]) -> object:
        return raise_level(
            by=request.actor, at=timezone.now(), assessment=hearing.assessment, **said
        )

    return _judge(
        request,
        hearing,
        form,
        do,
        heading="Set the level higher",
        button="Set it higher",
        done="The level is higher from now on.",
    )


@risk_page()
def set_lower(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Set a finished level lower: a manager who does not lead the case, with evidence."""
    hearing = _finished(case, pk)
    enforce(rules.judge_down(request.actor, stage=case.stage, lead_id=case.lead_id, trained=True))
    level = history_page.stands_now(hearing)
    form = LowerForm(
        request.POST or None,
        levels=[each for each in RiskLevel if rules.rank(each) < rules.rank(level)],
    )

    def do(said: dict[str, Any]) -> object:
        return lower_level(
            by=request.actor, at=timezone.now(), assessment=hearing.assessment, **said
        )

    return _judge(
        request,
        hearing,
        form,
        do,
        heading="Set the level lower",
        button="Set it lower",
        done="The level is lower from now on. What the answers said stays beside it.",
    )


@risk_page()
def flag_in_error(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Record that a red flag of a finished assessment was ticked in error."""
    hearing = _finished(case, pk)
    enforce(rules.judge_down(request.actor, stage=case.stage, lead_id=case.lead_id, trained=True))
    by_code = hearing.heard.questions.flag_by_code
    form = FlagForm(request.POST or None, flags=[by_code[code] for code in hearing.weighed().flags])

    def do(said: dict[str, Any]) -> object:
        return record_flag_in_error(
            by=request.actor, at=timezone.now(), assessment=hearing.assessment, **said
        )

    return _judge(
        request,
        hearing,
        form,
        do,
        heading="A red flag was ticked in error",
        button="Record the error",
        done="Recorded. The tick stays on the assessment, and no longer counts.",
    )
