"""Who may be told what about one person: the matrix, one conversation, taking it back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, Stale
from cases.casework.locking import lock
from cases.casework.models import Case, Involvement
from cases.consent import asking, operations, rules
from cases.consent.choices import Scope
from cases.consent.models import Talk
from cases.consent.queries import AgencyRow
from cases.partners.models import Agency
from cases.workflow.case_gate import case_page, send
from cases.workflow.permission import page as shown
from cases.workflow.permission.drawing import Drawn, asked_about, draw, read
from cases.workflow.permission.forms import ConversationForm, TellForm, WithdrawForm
from cases.workflow.permission.gone import waiting

WORK = (Grant.WORK_CASES, Grant.OPEN_CASES)
BOTH = ("GET", "POST")
WHO_MAY = "Who may we tell, and what?"


@case_page()
def show(request: StaffRequest, case: Case, pk: int = 0) -> HttpResponse:
    """The matrix of one person: of whoever the case is about, unless somebody else is chosen."""
    found = read(request, case, pk)
    may = rules.ask(request.actor, stage=case.stage, part=found.whose.part.part)
    if may and not any(row.talks for row in found.listed) and found.listed:
        return _asking(request, found, found.listed[0].agency, None)
    return draw(request, found)


@case_page()
def another(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """The other agencies of the directory that serve this case, to ask about one of them."""
    found = read(request, case, pk)
    context = {
        "case": case,
        "heading": "Ask about another agency",
        "back": found.whose.to("permission-of"),
        "back_text": WHO_MAY,
        "agencies": [
            {
                "name": each.name,
                "purpose": shown.purpose_of(found.whose, each),
                "helps": each.helps_with,
                "href": f"{found.whose.to('permission-ask', each.pk)}#asking",
            }
            for each in found.others
        ],
    }
    return render(request, "workflow/permission/another.html", context)


@case_page(methods=BOTH)
def ask(request: StaffRequest, case: Case, pk: int, agency: int) -> HttpResponse:
    """One agency's conversation.  A no to what was a yes is first shown what it stops."""
    found = read(request, case, pk)
    about = _agency(found, agency)
    if request.method == "POST":
        enforce(request.actor.may(Grant.WORK_CASES))
    return _asking(request, found, about, request.POST or None)


def _agency(found: Drawn, pk: int) -> Agency:
    """An agency asked about before, or one that may be: never a team of our own."""
    known = {row.agency.pk: row.agency for row in found.listed}
    kinds = asking.ASKED_ABOUT
    agency = known.get(pk) or Agency.objects.in_use().filter(pk=pk, kind__in=kinds).first()
    if agency is None:
        raise Http404
    saw("partners.agency", agency.pk)
    return agency


def _asking(request: StaffRequest, found: Drawn, agency: Agency, sent: Any) -> HttpResponse:
    row = found.row(agency)
    may = rules.ask(request.actor, stage=found.case.stage, part=found.whose.part.part)
    if not may:
        if sent is not None:
            enforce(may)
        return draw(request, found, row=row)
    asked = asked_about(found, row)
    form = ConversationForm(sent, asked=asked, initial={"seen": _seen(row)})
    if form.is_valid():
        gone = [one for one in found.whose.gone if one.agency_id == agency.pk]
        tell = TellForm(sent if form.asked("confirm") else None)
        confirmed = form.asked("confirm") and (not gone or tell.is_valid())
        if form.ends and not confirmed:
            return _confirm(request, found, agency, form, tell)
        if send(request, form, _keeping(request, found, agency, form, tell), _kept(found)):
            return redirect(found.whose.to("permission-of"))
    return draw(request, found, row=row, form=form)


def _seen(row: AgencyRow) -> str:
    """The newest conversation when the form was drawn: a later one makes this form stale."""
    return str(row.talks[0].pk if row.talks else 0)


def _kept(found: Drawn) -> str:
    name = found.whose.name
    return f"What {name} said is kept." if name != "them" else "What they said is kept."


def _keeping(
    request: StaffRequest, found: Drawn, agency: Agency, form: ConversationForm, tell: TellForm
) -> Any:
    """What the button does: nothing of it if somebody else kept a conversation meanwhile."""
    part = found.whose.part

    def save() -> None:
        _insist_newest(found.case, part, agency, form)
        said = form.cleaned_data
        operations.ask_permission(
            by=request.actor,
            at=timezone.now(),
            about=part,
            agency=agency,
            purpose=shown.purpose_of(found.whose, agency),
            replies=form.replies,
            how=said["how"],
            informed_by=asking.VERSION,
            words=said["words"],
            conditions=said["conditions"],
            until=said["until"],
            until_on=said["until_on"],
            tell_recipients=bool(form.ends) and tell.is_valid() and _told(tell),
            **form.details,
        )

    return save


def _told(form: Any) -> bool:
    return bool(form.cleaned_data.get("tell") == "YES")


def _insist_newest(case: Case, part: Involvement, agency: Agency, form: ConversationForm) -> None:
    """Raise Stale, with both, if they were asked or took something back since."""
    lock(case)
    newest = Talk.objects.filter(about=part, agency=agency).order_by("-id")
    talk = newest.select_related("asked_by").first()
    if talk is None or str(talk.pk) == form.cleaned_data["seen"]:
        return
    yours = {scope: form.replies.get(scope, "") for scope in Scope.values}
    raise Stale(
        theirs=_both({one.scope: one.reply for one in talk.said.all()}, talk.words),
        yours=_both(yours, form.cleaned_data["words"]),
        at=talk.recorded_at,
        who=talk.asked_by.full_name,
    )


def _both(said: dict[str, str], spoken: str) -> dict[str, str]:
    return {
        "The answers": " ".join(shown.answers(said)) or "None",
        "In their words": spoken or "None",
    }


def _confirm(
    request: StaffRequest, found: Drawn, agency: Agency, form: ConversationForm, tell: TellForm
) -> HttpResponse:
    """What a no would stop, and what had gone: nothing is saved until it is confirmed."""
    left_out = {"csrfmiddlewaretoken", "do", "tell"}
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out
        for value in values
    ]
    back = f"{found.whose.to('permission-ask', agency.pk)}#asking"
    ends = [Scope(scope).label for scope in form.ends]
    return _stops(request, found, agency, tell, back=back, typed=typed, ends=ends, refused=False)


def _stops(
    request: StaffRequest, found: Drawn, agency: Agency, form: Any, **context: Any
) -> HttpResponse:
    whose = found.whose
    packs = waiting(whose.part, agency)
    saw("disclosures.pack", *(pack.pk for pack in packs), case=found.case.reference)
    gone = [one for one in whose.gone if one.agency_id == agency.pk]
    return render(
        request,
        "workflow/permission/withdraw.html",
        {
            "case": found.case,
            "heading": f"Take back a yes: {agency.name}",
            "back_text": WHO_MAY,
            "page_name": "take back permission",
            "whose": whose,
            "agency": agency,
            "form": form,
            "waiting": packs,
            "gone": gone,
            "gone_words": shown.already(len(gone)),
            "now": whose.now,
            **context,
        },
    )


@case_page(WORK, methods=BOTH)
def withdraw(request: StaffRequest, case: Case, pk: int, agency: int) -> HttpResponse:
    """Somebody takes a yes back: what waits stops at once, what had gone is named."""
    found = read(request, case, pk)
    enforce(rules.withdraw(request.actor, part=found.whose.part.part))
    about = _agency(found, agency)
    row = found.row(about)
    gone = any(one.agency_id == about.pk for one in found.whose.gone)
    form = WithdrawForm(request.POST or None, name=found.whose.name, yes=row.yes, gone=gone)

    def save() -> None:
        said = form.cleaned_data
        operations.withdraw_permission(
            by=request.actor,
            at=timezone.now(),
            about=found.whose.part,
            agency=about,
            scopes=said["scopes"],
            how=said["how"],
            words=said["words"],
            tell_recipients=_told(form),
        )

    done = "It is taken back. What waited to go is stopped."
    if row.yes and form.is_valid() and send(request, form, save, done):
        return redirect(found.whose.to("permission-of"))
    back = f"{found.whose.to('permission-ask', about.pk)}#asking"
    return _stops(request, found, about, form, back=back, row=row, nothing=not row.yes)
