"""The officer's request that the Director let the police be told (domain 7.5, screens 9)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest
from cases.casework.choices import Part
from cases.casework.loading import get_child
from cases.casework.models import Case, Involvement
from cases.casework.queries import parts_of
from cases.disclosures import request_operations as ops
from cases.disclosures.choices import RequestState
from cases.disclosures.models import Message, Request
from cases.disclosures.pack_operations import change_pack
from cases.disclosures.request_facts import lacking
from cases.disclosures.request_rules import SUGGESTED, Missing, still_written, write
from cases.partners.choices import AgencyKind
from cases.partners.models import AgencyContact
from cases.workflow.asking import forms, groups
from cases.workflow.asking.drawing import list_of, state_of
from cases.workflow.case_gate import case_page, send, show_form
from cases.workflow.desk.dossier import dossier
from cases.workflow.disclosing.choosing import field_rows, parts_for
from cases.workflow.disclosing.drawing import draw_pack

WORK = (Grant.WORK_CASES,)
BOTH = ("GET", "POST")


def get_request(case: Case, pk: int) -> Request:
    """A request of this case with all that its pages show.  Raises Http404."""
    rows = Request.objects.select_related(
        "case__policy_version",
        "pack__agency",
        "pack__contact",
        "pack__about__person__merged_into",
        "file",
        "begun_by",
        "not_high_by",
        "previous",
    )
    asked = get_child(case, rows, pk)
    asked.pack.case = asked.case = case
    return asked


def to(asked: Request, name: str = "request", *args: Any) -> str:
    """The address of one of its pages."""
    return reverse(f"workflow:police-{name}", args=[asked.case.reference, asked.pk, *args])


@case_page()
def show_requests(request: StaffRequest, case: Case) -> HttpResponse:
    """Every request and every 999 call of the case, and the ways to begin one."""
    context = {
        "case": case,
        "heading": "Telling the police without permission",
        "back": reverse("workflow:case", args=[case.reference]),
        "works": request.actor.may(Grant.WORK_CASES),
        **list_of(case, timezone.now()),
    }
    return render(request, "workflow/asking/requests.html", context)


def _police() -> list[AgencyContact]:
    rows = AgencyContact.objects.select_related("agency").filter(
        agency__kind=AgencyKind.POLICE, agency__ended_at__isnull=True, ended_at__isnull=True
    )
    return list(rows.order_by("agency__name", "unit", "pk"))


def _shown_parts(case: Case, *, respondents: bool) -> list[Involvement]:
    parts = [p for p in parts_of(case) if respondents or p.part != Part.RESPONDENT]
    saw("people.person", *(p.person_id for p in parts if p.person_id), case=case.reference)
    return parts


@case_page(WORK, methods=BOTH)
def begin(request: StaffRequest, case: Case) -> HttpResponse:
    """Whom it is about and which unit: then the questions, one page for each group."""
    parts = _shown_parts(case, respondents=False)
    form = forms.BeginForm(request.POST or None, parts=parts, contacts=_police())
    started: list[Request] = []

    def save() -> None:
        said = form.cleaned_data
        started.append(
            ops.start_request(
                by=request.actor,
                at=timezone.now(),
                case=case,
                about=said["about"],
                contact=said["contact"],
                urgent=said["urgent"],
            )
        )

    if form.is_valid() and send(request, form, save, "The request is begun. Nobody is told yet."):
        if started:
            return redirect(groups.link(started[0], next(iter(groups.GROUPS))))
        return redirect("workflow:police", case.reference)
    return show_form(
        request,
        case,
        form,
        heading="Ask the Director to let the police be told",
        page_name="ask the Director",
        button="Begin",
        template="workflow/asking/begin.html",
        none=not form.contacts,
    )


@case_page()
def show_request(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """A request as it stands: what is still to say, or what became of it."""
    asked = get_request(case, pk)
    context: dict[str, Any] = {
        "case": case,
        "asked": asked,
        "heading": "Tell the police, without permission",
        "back": reverse("workflow:police", args=[case.reference]),
        "back_text": "Telling the police",
        "works": write(request.actor, state=asked.state, asked_by_id=asked.begun_by_id),
        **state_of(asked, request.actor, timezone.now()),
    }
    if asked.state == RequestState.DRAFT:
        missing = lacking(asked, timezone.now())
        context |= {
            "tasks": groups.tasks(asked, missing),
            "missing": missing_links(asked, missing),
        }
        return render(request, "workflow/asking/draft.html", context)
    context |= dossier(asked, request.actor, timezone.now())
    return render(request, "workflow/asking/request.html", context)


def missing_links(asked: Request, missing: list[Missing]) -> list[dict[str, str]]:
    """What is missing, each with where it is mended."""
    return [{"text": each.sentence, "href": groups.where(asked, each.field)} for each in missing]


@case_page(WORK, methods=BOTH)
def ask_group(request: StaffRequest, case: Case, pk: int, group: str) -> HttpResponse:
    """One group of questions; kept as far as it is answered, then the next."""
    asked = get_request(case, pk)
    found = groups.GROUPS.get(group)
    if found is None or found.form is None:
        raise Http404
    enforce(still_written(asked.state))
    form = _group_form(request, case, asked, found.form)

    def save() -> None:
        facts, now = form.facts(), timezone.now()
        unit = facts.pop("contact", None)
        if unit is not None and unit.pk != asked.pack.contact_id:
            change_pack(by=request.actor, at=now, pack=asked.pack, **_same_page(asked, unit))
        ops.change_request(by=request.actor, at=now, request=asked, **facts)

    if form.is_valid() and send(request, form, save, "It is kept."):
        return redirect(groups.link(asked, groups.after(group)))
    keys = list(groups.GROUPS)
    return show_form(
        request,
        case,
        form,
        heading=found.heading,
        page_name=f"request, {found.heading.lower()}",
        button="Save and go on",
        template="workflow/asking/group.html",
        words=found.form.intro,
        asked=asked,
        back=to(asked),
        back_text="The request",
        place=f"Part {keys.index(group) + 1} of {len(keys)}",
    )


def _same_page(asked: Request, unit: AgencyContact) -> dict[str, Any]:
    """The page as it is, for another unit."""
    names = ("door", "title", "purpose", "citation", "about")
    same = {name: getattr(asked.pack, name) for name in names}
    return {"agency": unit.agency, "contact": unit, **same}


def _group_form(
    request: StaffRequest, case: Case, asked: Request, kind: type[forms.GroupForm]
) -> forms.GroupForm:
    typed = request.POST or None
    if kind is forms.AffectedForm:
        chosen = [str(pk) for pk in asked.affected.values_list("pk", flat=True)]
        others = [p for p in _shown_parts(case, respondents=True) if p.pk != asked.pack.about_id]
        initial = {"affected": chosen, "third_party_why": asked.third_party_why}
        return forms.AffectedForm(typed, initial=initial, parts=others, about=asked.pack.about)
    if kind is forms.RecipientForm:
        initial = {
            "contact": str(asked.pack.contact_id or ""),
            "urgent": "yes" if asked.urgent else "no",
        }
        return forms.RecipientForm(typed, initial=initial, contacts=_police())
    names = [name for name in kind.base_fields if name not in ("token", "seen")]
    return kind(typed, initial={name: getattr(asked, name) for name in names})


@case_page()
def choose_page(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """What the police would read, chosen one thing at a time, from none (domain 7.5)."""
    asked = get_request(case, pk)
    if asked.state != RequestState.DRAFT:
        return redirect(to(asked))
    drawn = draw_pack(asked.pack, timezone.now())
    works = request.actor.may(Grant.WORK_CASES)
    return render(
        request,
        "workflow/asking/page.html",
        {
            "case": case,
            "asked": asked,
            "heading": "Exactly what would be sent",
            "page_name": "request, what would be sent",
            "back": to(asked),
            "back_text": "The request",
            "page": drawn,
            "rows": field_rows(
                asked.pack, [line.item for line in drawn.lines], parts_for(asked.pack)
            ),
            "works": works,
            "least": ", ".join(field.label.lower() for field in SUGGESTED),
            "onward": groups.link(asked, groups.after(groups.PAGE)),
        },
    )


@case_page(WORK, methods=BOTH)
def check(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Everything as the Director will read it, what is missing, and the button that asks."""
    asked = get_request(case, pk)
    enforce(still_written(asked.state))
    now = timezone.now()
    form = forms.CheckForm(request.POST or None, redacted=bool(asked.pack.redactions))
    missing = [m for m in lacking(asked, now) if m.field != "reviewed"]

    def save() -> None:
        ops.ask_director(
            by=request.actor, at=now, request=asked, reviewed=True, redactions_confirmed=True
        )

    if form.is_valid() and send(request, form, save, "The Director is asked. The clock runs."):
        return redirect(to(asked))
    context = {
        "case": case,
        "form": form,
        "heading": "Check, then ask the Director",
        "page_name": "check a request",
        "back": to(asked),
        "back_text": "The request",
        "missing": missing_links(asked, missing),
        "groups": groups.tasks(asked, missing),
        **dossier(asked, request.actor, now),
    }
    return render(request, "workflow/asking/check.html", context)


@case_page(WORK, methods=BOTH)
def take_back(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Take a request back that nobody has decided."""
    asked = get_request(case, pk)
    form = forms.WhyForm(request.POST or None, ask="Why is it taken back?")

    def save() -> None:
        why = form.cleaned_data["words"]
        ops.take_back(by=request.actor, at=timezone.now(), request=asked, why=why)

    if form.is_valid() and send(request, form, save, "The request is taken back."):
        return redirect(to(asked))
    return _small(request, case, asked, form, "Take the request back", "Take it back")


@case_page(WORK, methods=BOTH)
def answer(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Answer a question of the Director's."""
    rows = Message.objects.select_related("by", "request").filter(answers__isnull=True)
    question = rows.filter(request__case=case, pk=pk).first()
    if question is None:
        raise Http404
    asked = get_request(case, question.request_id)
    form = forms.WhyForm(request.POST or None, ask="Your answer")

    def save() -> None:
        words = form.cleaned_data["words"]
        ops.answer_question(by=request.actor, at=timezone.now(), question=question, words=words)

    if form.is_valid() and send(request, form, save, "Your answer is with the Director."):
        return redirect(to(asked))
    return _small(
        request,
        case,
        asked,
        form,
        "Answer the Director",
        "Answer",
        page_name="answer the Director",
        quoted=question.words,
        quoted_by=question.by.full_name,
    )


@case_page(WORK, methods=BOTH)
def explain_not_high(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """A manager says why the Director is asked although risk is not High."""
    asked = get_request(case, pk)
    form = forms.WhyForm(
        request.POST or None,
        initial={"words": asked.not_high_why},
        ask="Why is the Director asked, although risk is not High?",
        hint="At least 50 characters. The Director reads it with your name.",
    )

    def save() -> None:
        why = form.cleaned_data["words"]
        ops.explain_not_high(by=request.actor, at=timezone.now(), request=asked, why=why)

    if form.is_valid() and send(request, form, save, "Your reason is on the request."):
        return redirect(to(asked))
    return _small(request, case, asked, form, "Asked although risk is not High", "Keep the reason")


@case_page(WORK, methods=BOTH)
def say_new_facts(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """What is new since the Director declined."""
    asked = get_request(case, pk)
    form = forms.NewFactsForm(request.POST or None, initial={"new_facts": asked.new_facts})

    def save() -> None:
        facts = form.cleaned_data["new_facts"]
        ops.change_request(by=request.actor, at=timezone.now(), request=asked, new_facts=facts)

    if form.is_valid() and send(request, form, save, "It is kept."):
        return redirect(to(asked))
    return _small(request, case, asked, form, "What is new since it was declined", "Save")


def _small(
    request: StaffRequest,
    case: Case,
    asked: Request,
    form: Any,
    heading: str,
    button: str,
    **context: Any,
) -> HttpResponse:
    return show_form(
        request,
        case,
        form,
        heading=heading,
        button=button,
        template="workflow/asking/small.html",
        **{"back": to(asked), "back_text": "The request", **context},
    )
