"""The Director's desk: what waits, and one decision, whole, on one screen (domain 7.5)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Actor, Grant, Refused, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, Stale, page
from cases.disclosures import deciding
from cases.disclosures.choices import PhoneState, RequestState, Verdict
from cases.disclosures.deciders import asked_of
from cases.disclosures.deciding_rules import YOU_MAY, may_decide
from cases.disclosures.gate import preview_of
from cases.disclosures.models import Decision, PackFile, Request
from cases.disclosures.request_queries import requests_for
from cases.workflow.case_gate import send
from cases.workflow.desk.dossier import dossier, lines_of
from cases.workflow.desk.forms import ASK, DecideForm
from cases.workflow.desk.outcome import outcome, phone_of, phoned
from cases.workflow.desk.queues import desk_of
from cases.workflow.disclosing.loading import as_made

DECIDES = Grant.DECIDE_DISCLOSURE
DONE = {
    Verdict.APPROVE: "approved, as shown",
    Verdict.APPROVE_REDUCED: "approved, with less",
    Verdict.DECLINE: "declined",
}
FRESH = "This lets the police be told what somebody told us, or keeps it from them."


@page(DECIDES)
def show_decisions(request: StaffRequest) -> HttpResponse:
    """Everything that waits for whoever decides, the urgent first."""
    now = timezone.now()
    return render(request, "workflow/desk/decisions.html", desk_of(request.actor, now))


def get_asked(request: StaffRequest, pk: int) -> Request:
    """A request the actor may read on the desk.  Raises Http404 as for one that is not there."""
    rows = requests_for(request.actor, timezone.now()).select_related(
        *("case__victim", "case__policy_version", "pack__agency", "pack__contact"),
        *("pack__about__person__merged_into", "begun_by", "not_high_by", "previous"),
        *(
            "file",
            "decision__decided_by",
            "phone__director",
            "phone__recorded_by",
            "phone__answered_by",
        ),
    )
    rows = rows.defer("file__content")
    asked: Request | None = rows.filter(pk=pk).first()
    if asked is None:
        raise Http404
    asked.pack.case = asked.case
    return asked


@page(DECIDES)
def show_decision(request: StaffRequest, pk: int) -> HttpResponse:
    """One request, as the Director reads it; the case is not opened by this."""
    return _show(request, get_asked(request, pk))


@page(DECIDES, methods=("GET", "POST"), fresh=FRESH)
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Decide, or ask: by somebody who has just shown again that it is them.

    Coming back from that, the form stands as it was left, the reason still typed.
    """
    asked = get_asked(request, pk)
    if request.method == "GET":
        return _show(request, asked, typed=_typed_before(request))
    enforce(may_decide(request.actor, asked=asked_of(asked, timezone.now())))
    form = DecideForm(request.POST, lines=lines_of(asked.pack), asker=_first_name(asked))
    if not form.is_valid():
        return _show(request, asked, form=form)

    def save() -> None:
        _decide(request, asked, form)

    if send(request, form, save, _done(form.cleaned_data["verdict"])):
        return redirect("workflow:decision", asked.pk)
    return _show(request, get_asked(request, pk), form=form)


decide.fills_in = True  # type: ignore[attr-defined]


@page(DECIDES)
def show_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The page itself, as the bytes that would go.  Raises Refused if they were altered."""
    asked = get_asked(request, pk)
    enforce(may_decide(request.actor, asked=asked_of(asked, timezone.now())))
    found = PackFile.objects.filter(pack=asked.pack_id, version=asked.pack.version).first()
    if found is None:
        raise Http404
    saw("disclosures.packfile", found.pk, case=asked.case.reference)
    content = as_made(lambda: preview_of(found))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="decision-{asked.pk}.pdf"'
    return response


def _show(
    request: StaffRequest,
    asked: Request,
    *,
    form: DecideForm | None = None,
    typed: QueryDict | None = None,
) -> HttpResponse:
    now = timezone.now()
    story = dossier(asked, request.actor, now)
    answer = may_decide(request.actor, asked=asked_of(asked, now))
    waits = asked.state == RequestState.WAITING
    if form is None:
        form = DecideForm(
            lines=story["page"].lines,
            asker=_first_name(asked),
            initial={**_initial(typed), "seal": asked.file.seal if asked.file else ""},
        )
    elif form.non_field_errors() and asked.file:
        # Told that the page was changed, they now read the new one: it is what they decide on.
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["seal"] = asked.file.seal  # type: ignore[index]
    context = {
        **story,
        "form": form if waits and answer else None,
        "answer": answer,
        "you_may": YOU_MAY,
        "file_href": reverse("workflow:decision-page", args=[asked.pk]) if answer else "",
        "notice": " ".join(map(str, form.non_field_errors())) if not waits else "",
        "decided": None if waits else outcome(asked, now),
        "typed_again": typed is not None,
        "phoned": phoned(asked, now) if waits else [],
        "phone_href": _to_confirm(asked, request.actor),
    }
    return render(request, "workflow/desk/decision.html", context)


def _to_confirm(asked: Request, actor: Actor) -> str:
    """Where whoever was rung says if that is what they said; nothing is decided before."""
    phone = phone_of(asked)
    if phone is None or phone.state != PhoneState.WAITING or phone.director_id != actor.id:
        return ""
    return reverse("workflow:decision-phone", args=[phone.pk])


def _first_name(asked: Request) -> str:
    return asked.begun_by.full_name.split()[0]


def _initial(typed: QueryDict | None) -> dict[str, Any]:
    if typed is None:
        return {}
    said = {name: typed.get(name, "") for name in ("verdict", "reason")}
    return {**said, "take_out": typed.getlist("take_out")}


def _done(verdict: str) -> str:
    if verdict == ASK:
        return "Your question is with them. The clock keeps running."
    return f"Decided: {DONE[Verdict(verdict)]}."


def _decide(request: StaffRequest, asked: Request, form: DecideForm) -> None:
    said, now = form.cleaned_data, timezone.now()
    if said["verdict"] == ASK:
        deciding.ask_question(by=request.actor, at=now, request=asked, words=said["reason"])
        return
    try:
        deciding.decide(
            by=request.actor,
            at=now,
            request=asked,
            verdict=said["verdict"],
            reason=said["reason"],
            take_out=said["take_out"],
            seal=said["seal"],
        )
    except Refused:
        _tell_if_decided(asked, said)
        raise


def _tell_if_decided(asked: Request, said: dict[str, Any]) -> None:
    """Raise Stale, with both decisions, if somebody else decided at the same moment."""
    first = Decision.objects.select_related("decided_by").filter(request=asked).first()
    if first is None:
        return
    raise Stale(
        theirs={
            "The decision": first.get_verdict_display(),
            "The reason": first.reason,
        },
        yours={
            "The decision": Verdict(said["verdict"]).label,
            "The reason": said["reason"],
        },
        at=first.decided_at,
        who=first.decided_by.full_name,
    )


def _typed_before(request: StaffRequest) -> QueryDict | None:
    """What was typed before they had to show that it is still them."""
    typed = getattr(request, "typed_before", None)
    if not typed:
        return None
    data = QueryDict(mutable=True)
    for name, value in typed:
        data.appendlist(name, value)
    return data
