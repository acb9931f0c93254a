"""Who looked at a case, each look of it, and the extract for somebody in it who asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, Refused
from cases.audit.context import saw
from cases.audit.log_links import BEFORE, filters_on, further, link, number
from cases.audit.pages import StaffRequest, page
from cases.casework.choices import Part
from cases.casework.models import Case
from cases.casework.queries import parts_of
from cases.people.queries import whole
from cases.workflow import looks_page, looks_queries
from cases.workflow.case_words import name_and_part
from cases.workflow.looks_forms import ExtractForm, WhoForm
from cases.workflow.looks_operations import make_extract

SAYS = {"by": "Colleague: {}", "from_on": "From {:%-d %B %Y}", "to_on": "To {:%-d %B %Y}"}
SHOWS = (("", "Who looked"), ("refused", "Who was refused"))


@page(Grant.SEE_LOOKS)
def looks(request: StaffRequest, reference: str) -> HttpResponse:
    """Who looked at a case, why they may, at what, and each look (bar row 38).

    Who was refused is the data protection officer's alone: it tells what a restriction hides.
    """
    case = looks_queries.load_case(request.actor, reference)
    officer = bool(request.actor.may(Grant.SEE_LEDGER))
    refused = officer and request.GET.get("show") == "refused"
    everybody = looks_queries.people_who_looked(case, looks_queries.AskedLooks(refused=refused))
    people = [(person.user, person.name) for person in everybody if person.user]
    form = WhoForm(request.GET, people=people)
    given = form.given
    asked = looks_queries.AskedLooks(
        by=given.get("by"),
        from_on=given.get("from_on"),
        to_on=given.get("to_on"),
        before=number(request.GET.get(BEFORE, "")),
        refused=refused,
    )
    narrowed = asked.by or asked.from_on or asked.to_on
    who = looks_queries.people_who_looked(case, asked) if narrowed else everybody
    found = looks_page.page_of(case, asked, who, timezone.now())
    looks_queries.declare_looks(case, len(found["looks"]))
    on = filters_on(request.GET, {**given, "by": form.people.get(given.get("by"))}, SAYS)  # type: ignore[arg-type]
    return render(
        request,
        "workflow/looks.html",
        {
            **found,
            "case": case,
            "now": timezone.now(),
            "filter": form,
            "on": on,
            "further": further(request.GET, found["older"]),
            "refused": refused,
            "officer": officer,
            "views": _views(request, refused=refused),
            "back": _back(request, case),
        },
    )


def _views(request: StaffRequest, *, refused: bool) -> list[dict[str, Any]]:
    """Who looked and who was refused, each keeping the other filters."""
    return [
        {"text": text, "href": link(request.GET, show=key), "active": bool(key) == refused}
        for key, text in SHOWS
    ]


def _back(request: StaffRequest, case: Case) -> dict[str, str]:
    """To the case, or for whoever does not open cases to the ledger."""
    if request.actor.may(Grant.OPEN_CASES):
        return {"href": reverse("workflow:case", args=[case.reference]), "text": case.reference}
    return {"href": reverse("audit:ledger"), "text": "Ledger"}


@page(
    Grant.SEE_LEDGER,
    methods=("GET", "POST"),
    fresh="This makes a copy of who read a case, to be given to somebody.",
)
def extract(request: StaffRequest, reference: str) -> HttpResponse:
    """An extract of who looked, for somebody in the case: a purpose first, then what is theirs."""
    case = looks_queries.load_case(request.actor, reference)
    parts = [part for part in parts_of(case) if part.part != Part.RESPONDENT]
    saw("audit.access", case=case.reference)
    saw(
        "people.person",
        *(part.person_id for part in parts if part.person_id and not part.kept_apart),
        case=case.reference,
        purpose="extract of who looked",
    )
    form = ExtractForm(request.POST or None, parts=parts)
    if request.method == "POST" and form.is_valid():
        try:
            return _extracted(request, case, form)
        except Refused as refusal:
            form.add_error("why_names" if form.cleaned_data["names"] else "purpose", str(refusal))
    return render(
        request,
        "workflow/looks_extract_form.html",
        {
            "case": case,
            "form": form,
            "now": timezone.now(),
            "back": {"href": reverse("workflow:case-looks", args=[case.reference])},
        },
    )


def _extracted(request: StaffRequest, case: Case, form: ExtractForm) -> HttpResponse:
    """The extract itself, on a page to print or as CSV, once it is on the ledger what for."""
    given: dict[str, Any] = form.cleaned_data
    about, names = form.parts[given["about"]], bool(given["names"])
    now = timezone.now()
    make_extract(
        by=request.actor,
        at=now,
        about=about,
        purpose=given["purpose"],
        names=names,
        why_names=given["why_names"],
    )
    asked = looks_queries.AskedLooks(from_on=given["from_on"], to_on=given["to_on"])
    records = list(whole(about.person).values_list("pk", flat=True)) if about.person else []
    shown = looks_queries.shown_of(case, about.pk, records, asked)
    lines = looks_page.extract_of(shown, names=names)
    saw("audit.access", case=case.reference, count=len(lines), purpose=given["purpose"])
    if request.POST.get("do") == "csv":
        answer = HttpResponse(looks_page.as_csv(lines), content_type="text/csv; charset=utf-8")
        name = f"{case.reference}-who-looked.csv"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    return render(
        request,
        "workflow/looks_extract.html",
        {
            "case": case,
            "whose": name_and_part(about),
            "lines": lines,
            "now": now,
            "names": names,
            "from_on": given["from_on"],
            "to_on": given["to_on"],
        },
    )
